"""Buttons under briefs and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import blocks
from bot.slack.blocks import View
from bot.slack.sender import Sender
from handlers.errors import guarded
from handlers.tools import Tools, team_of
from handlers.within import show_when_made

THANKS = {
    "up": "Thanks, noted as useful.",
    "down": "Thanks, noted as not useful. A reply in the thread can say what was wrong.",
}


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    actions = Actions(tools)
    app.action("story_ask")(guarded(actions.ask))
    app.action("story_sources")(guarded(actions.sources))
    app.action("answer_sources")(guarded(actions.answer_sources))
    app.action("answer_watch")(guarded(actions.watch))
    app.action("answer_unwatch")(guarded(actions.watch))
    app.action("feedback_up")(guarded(actions.feedback))
    app.action("feedback_down")(guarded(actions.feedback))


class Actions:
    """What the buttons do."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def ask(
        self, ack: AsyncAck, action: Mapping[str, Any], body: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        """Open the form for a question about the story of this post."""
        await ack()
        message = body.get("message") or {}
        view = blocks.ask_modal(
            channel_id=str(body["channel"]["id"]),
            root_ts=str(message.get("thread_ts") or body["container"]["message_ts"]),
            click_ts=str(action["action_ts"]),
            story_id=int(action["value"]),
        )
        await client.views_open(trigger_id=str(body["trigger_id"]), view=view)

    async def sources(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """Show the quotes behind each sentence."""
        await ack()

        async def making() -> View:
            return blocks.sources_modal(await self._newsroom.brief_of(team_of(context), int(action["value"])))

        await show_when_made(client, body, context, "Sources", making())

    async def answer_sources(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """Show the quotes behind each sentence of an answer."""
        await ack()

        async def making() -> View:
            replied = await self._newsroom.reply_of(team_of(context), int(action["value"]))
            return blocks.answer_sources_modal(replied.answer)

        await show_when_made(client, body, context, "Sources", making())

    async def watch(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """Look for an answer to a question that had none, or look no more; its message shows which."""
        await ack()
        actor = await self._tools.actor(client, context)
        on = action["action_id"] == "answer_watch"
        replied = await self._newsroom.watch_answer(actor, int(action["value"]), on=on)
        await Sender(client).update(
            str(body["channel"]["id"]),
            str(body["container"]["message_ts"]),
            blocks.reply(replied),
            delivery_key=f"question:{replied.id}",
        )

    async def feedback(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
    ) -> None:
        """Keep a thumb, and thank for it where only they see it."""
        await ack()
        verdict = str(action["action_id"]).removeprefix("feedback_")
        channel_id = str(body["channel"]["id"])
        actor = await self._tools.actor(client, context)
        await self._newsroom.feedback(actor, channel_id, str(action["value"]), verdict)
        thread_ts = (body.get("message") or {}).get("thread_ts")
        await Sender(client).ephemeral(channel_id, actor.user_id, blocks.said(THANKS[verdict]), thread_ts=thread_ts)
