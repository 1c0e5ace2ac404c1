"""A channel's topics: `/tapeout topics …`, the list's buttons, the form for a new one, and Mute under a post."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.models import Actor
from bot.slack import blocks
from bot.slack.blocks import Message, View
from bot.slack.blocks.topics import ADD_TOPIC
from bot.slack.sender import Sender
from handlers.calls import Call
from handlers.errors import guarded
from handlers.forms import FORM, Form, patiently, show
from handlers.presses import Press, pressed
from handlers.subcommands import TopicsCommand, parse_topics
from handlers.tools import Tools


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons and the form."""
    topics = Topics(tools)
    app.action("topic_menu")(pressed(topics.menu))
    app.action("topic_add")(pressed(topics.open_form))
    app.action("topics_reset")(pressed(topics.reset))
    app.action("story_mute")(pressed(topics.mute))
    app.action("topic_unmute")(pressed(topics.unmute))
    app.view(ADD_TOPIC)(guarded(topics.add))


class Topics:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def command(self, call: Call) -> Message:
        """`/tapeout topics`, and what may follow it."""
        call.require_channel("topics")
        wanted = parse_topics(call.parsed.rest)
        if not wanted.verb:
            return await self._list(call.actor, call.channel_id, command=call.name)
        if wanted.verb in {"threshold", "substance"}:
            return await self._bar(call, wanted)
        if wanted.verb == "reset":
            await self._newsroom.reset_taste(call.actor, call.channel_id)
            return await self._list(call.actor, call.channel_id, command=call.name)
        return await self._change(call, wanted)

    async def _list(self, actor: Actor, channel_id: str, *, command: str = "/tapeout") -> Message:
        chosen = await self._newsroom.topics(actor, channel_id)
        return blocks.topics(chosen, is_admin=actor.may(channel_id), command=command)

    async def _bar(self, call: Call, wanted: TopicsCommand) -> Message:
        if wanted.number is None:
            raise UserError(f"How much? A number between 0 and 1: `{call.name} topics {wanted.verb} 0.4`.")
        change = self._newsroom.set_threshold if wanted.verb == "threshold" else self._newsroom.set_substance
        changed = blocks.bars(await change(call.actor, call.channel_id, wanted.number))
        return await self._with_told(changed, call.actor, call.channel_id)

    async def _with_told(self, message: Message, actor: Actor, channel_id: str) -> Message:
        """An answer to a change that may let more through, with what is told because of it."""
        return blocks.with_told(message, await self._newsroom.judge_again(actor, channel_id))

    async def _change(self, call: Call, wanted: TopicsCommand) -> Message:
        actor, channel_id = call.actor, call.channel_id
        if not wanted.which and wanted.verb == "add":
            raise UserError(f"What should be posted? `{call.name} topics add inference latency on custom chips`.")
        if not wanted.which:
            raise UserError(f"Which topic? `{call.name} topics` shows them with their numbers.")
        match wanted.verb:
            case "add":
                added = await self._newsroom.add_topic(actor, channel_id, wanted.which)
                said = blocks.topic_added(added, channel_id, command=call.name)
                return await self._with_told(said, actor, channel_id)
            case "remove":
                removed = await self._newsroom.remove_topic(actor, channel_id, wanted.which)
                change = await self._newsroom.last_change(actor, channel_id)
                return blocks.with_undo(blocks.topic_removed(removed, channel_id, command=call.name), change)
            case "mute":
                days = {"days": wanted.days} if wanted.days is not None else {}
                return blocks.topic_muted(
                    await self._newsroom.mute_topic(actor, channel_id, wanted.which, **days), channel_id
                )
            case _:
                unmuted = await self._newsroom.unmute_topic(actor, channel_id, wanted.which)
                return await self._with_told(blocks.topic_unmuted(unmuted, channel_id), actor, channel_id)

    async def menu(self, press: Press) -> None:
        """Follow, mute or remove one topic from its menu, and show the list anew."""
        verb, channel_id, name = press.value.split(":", 2)
        actor = await self._tools.actor(press.client, press.context)
        changes: Mapping[str, Callable[[Actor, str, str], Awaitable[object]]] = {
            "add": self._newsroom.add_topic,
            "mute": self._newsroom.mute_topic,
            "unmute": self._newsroom.unmute_topic,
            "remove": self._newsroom.remove_topic,
        }
        await changes[verb](actor, channel_id, name)
        shown = await self._list(actor, channel_id)
        if verb in {"add", "unmute"}:
            shown = await self._with_told(shown, actor, channel_id)
        await press.answer(shown)

    async def reset(self, press: Press) -> None:
        """Forget what votes have taught, and show the list anew."""
        channel_id = press.value
        actor = await self._tools.actor(press.client, press.context)
        await self._newsroom.reset_taste(actor, channel_id)
        await press.answer(await self._list(actor, channel_id))

    async def mute(self, press: Press) -> None:
        """Mute the main topic of the post whose button it was; said, with a way back, where only they see it."""
        channel_id = str(press.body["channel"]["id"])
        actor = await self._tools.actor(press.client, press.context)
        muted = await self._newsroom.mute_topic_of(actor, channel_id, int(press.value))
        await Sender(press.client).ephemeral(channel_id, actor.user_id, blocks.topic_muted(muted, channel_id))

    async def unmute(self, press: Press) -> None:
        """Take a mute back."""
        channel_id, name = press.value.split(":", 1)
        actor = await self._tools.actor(press.client, press.context)
        unmuted = await self._newsroom.unmute_topic(actor, channel_id, name)
        said = await self._with_told(blocks.topic_unmuted(unmuted, channel_id), actor, channel_id)
        await press.answer(said)

    async def open_form(self, press: Press) -> None:
        """Open the form for a topic of the channel's own."""

        async def making() -> View:
            await self._tools.admin(press.client, press.context, press.value)
            return blocks.add_topic_modal(channel_id=press.value)

        await press.show("Topics", making())

    async def add(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Follow what was typed; what cannot be understood is said at the field."""
        text = str(view["state"]["values"]["topic"]["topic"].get("value") or "").strip()
        channel_id = str(json.loads(view["private_metadata"])["channel"])
        if not text:
            await ack(response_action="errors", errors={"topic": "Type a sentence or keywords."})
            return
        context[FORM] = Form(
            view_id=str(view["id"]),
            field="topic",
            again=lambda problem: blocks.add_topic_modal(channel_id=channel_id, text=text, problem=problem),
        )
        actor = await self._tools.actor(client, context)
        added = await self._newsroom.add_topic(actor, channel_id, text)
        begun = blocks.topic_added_view(added, channel_id)
        told = await patiently(self._newsroom.judge_again(actor, channel_id), context, meanwhile=begun)
        shown = blocks.topic_added_view(added, channel_id, told)
        await show(shown, view, client, context)
