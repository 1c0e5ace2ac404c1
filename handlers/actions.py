"""Buttons under briefs and answers."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.slack import blocks
from bot.slack.blocks import View
from bot.slack.sender import Sender
from handlers.presses import Press, pressed
from handlers.tools import Tools, team_of

THANKS = {
    "up": "Thanks, noted as useful.",
    "down": "Thanks, noted as not useful. A reply in the thread can say what was wrong.",
}


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    actions = Actions(tools)
    app.action("story_ask")(pressed(actions.ask))
    app.action("story_sources")(pressed(actions.sources))
    app.action("answer_sources")(pressed(actions.answer_sources))
    app.action("answer_watch")(pressed(actions.watch))
    app.action("answer_unwatch")(pressed(actions.watch))
    app.action("feedback_up")(pressed(actions.feedback))
    app.action("feedback_down")(pressed(actions.feedback))


class Actions:
    """What the buttons do."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def ask(self, press: Press) -> None:
        """Open the form for a question about the story of this post."""
        message = press.body.get("message") or {}
        view = blocks.ask_modal(
            channel_id=str(press.body["channel"]["id"]),
            root_ts=str(message.get("thread_ts") or press.body["container"]["message_ts"]),
            click_ts=str(press.action["action_ts"]),
            story_id=int(press.value),
        )
        await press.client.views_open(trigger_id=str(press.body["trigger_id"]), view=view)

    async def sources(self, press: Press) -> None:
        """Show the quotes behind each sentence."""

        async def making() -> View:
            team_id, story_id = team_of(press.context), int(press.value)
            return blocks.sources_modal(await self._newsroom.evidence_of(team_id, story_id, press.channel_id))

        await press.show("Sources", making())

    async def answer_sources(self, press: Press) -> None:
        """Show the quotes behind each sentence of an answer."""

        async def making() -> View:
            replied = await self._newsroom.reply_of(team_of(press.context), int(press.value))
            return blocks.answer_sources_modal(replied.answer)

        await press.show("Sources", making())

    async def watch(self, press: Press) -> None:
        """Look for an answer to a question that had none, or look no more; its message shows which."""
        actor = await self._tools.actor(press.client, press.context)
        on = press.action["action_id"] == "answer_watch"
        replied = await self._newsroom.watch_answer(actor, int(press.value), on=on)
        await Sender(press.client).update(
            str(press.body["channel"]["id"]),
            str(press.body["container"]["message_ts"]),
            blocks.reply(replied),
            delivery_key=f"question:{replied.id}",
        )

    async def feedback(self, press: Press) -> None:
        """Keep a thumb, and thank for it where only they see it."""
        verdict = str(press.action["action_id"]).removeprefix("feedback_")
        channel_id = str(press.body["channel"]["id"])
        actor = await self._tools.actor(press.client, press.context)
        await self._newsroom.feedback(actor, channel_id, press.value, verdict)
        thread_ts = (press.body.get("message") or {}).get("thread_ts")
        await Sender(press.client).ephemeral(
            channel_id, actor.user_id, blocks.said(THANKS[verdict]), thread_ts=thread_ts
        )
