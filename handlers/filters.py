"""Which of a feed's articles count in a channel: `/tapeout filter …`, the list's buttons, the form for a new one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.models import Actor
from bot.slack import blocks
from bot.slack.blocks import Message, View
from bot.slack.blocks.filters import ADD_FILTER, ALL
from handlers.calls import Call
from handlers.errors import guarded
from handlers.forms import FORM, Form
from handlers.presses import Press, pressed
from handlers.subcommands import parse_filter
from handlers.tools import Tools


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons and the form."""
    filters = Filters(tools)
    app.action("filter_add")(pressed(filters.open_form))
    app.action("filter_remove")(pressed(filters.take_back))
    app.view(ADD_FILTER)(guarded(filters.add))


class Filters:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def command(self, call: Call) -> Message:
        """`/tapeout filter`, and what may follow it."""
        call.require_channel("filter")
        wanted = parse_filter(call.parsed.rest)
        if not wanted.verb:
            return await self._list(call.actor, call.channel_id, command=call.name)
        if wanted.verb == "remove":
            if not wanted.text:
                raise UserError(f"Which filter? `{call.name} filter` shows them with their numbers.")
            known = await self._newsroom.filters(call.actor, call.channel_id)
            gone = await self._newsroom.remove_filter(call.actor, call.channel_id, wanted.text)
            change = await self._newsroom.last_change(call.actor, call.channel_id)
            told = await self._newsroom.judge_again(call.actor, call.channel_id)
            said = blocks.with_told(blocks.filter_removed(gone, known.channel, command=call.name), told)
            return blocks.with_undo(said, change)
        if not wanted.feed or not wanted.text:
            raise UserError(
                f"Whose articles, and which? `{call.name} filter add 2 about inference cost` for feed 2 of the list, "
                f"`{call.name} filter add all not gaming` for every feed."
            )
        feed_id = None
        if wanted.feed.lower() != ALL:
            feed_id = (await self._newsroom.find_feed(call.actor, call.channel_id, wanted.feed)).id
        added = await self._newsroom.add_filter(call.actor, call.channel_id, feed_id, wanted.text)
        return blocks.filter_added(added, command=call.name)

    async def _list(self, actor: Actor, channel_id: str, *, command: str = "/tapeout") -> Message:
        known = await self._newsroom.filters(actor, channel_id)
        return blocks.filters(known, is_admin=actor.may(channel_id), command=command)

    async def take_back(self, press: Press) -> None:
        """Remove the filter whose button was pressed, and show the list anew."""
        channel_id, number = press.value.split(":", 1)
        actor = await self._tools.actor(press.client, press.context)
        await self._newsroom.remove_filter(actor, channel_id, f"#{number}")
        told = await self._newsroom.judge_again(actor, channel_id)
        await press.answer(blocks.with_told(await self._list(actor, channel_id), told))

    async def open_form(self, press: Press) -> None:
        """Open the form for a new filter."""

        async def making() -> View:
            actor = await self._tools.admin(press.client, press.context, press.value)
            return blocks.add_filter_modal(await self._newsroom.filters(actor, press.value))

        await press.show("Filters", making())

    async def add(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Keep what was typed; what cannot be understood is said at the field."""
        values = view["state"]["values"]
        text = str(values["rule"]["rule"].get("value") or "").strip()
        chosen = str((values["feed"]["feed"].get("selected_option") or {}).get("value") or ALL)
        channel_id = str(json.loads(view["private_metadata"])["channel"])
        if not text:
            await ack(response_action="errors", errors={"rule": "Type which articles count."})
            return
        actor = await self._tools.actor(client, context)
        known = await self._newsroom.filters(actor, channel_id)
        context[FORM] = Form(
            view_id=str(view["id"]),
            field="rule",
            again=lambda problem: blocks.add_filter_modal(known, feed=chosen, text=text, problem=problem),
        )
        feed_id = None if chosen == ALL else int(chosen)
        added = await self._newsroom.add_filter(actor, channel_id, feed_id, text)
        await ack(response_action="update", view=blocks.filter_added_view(added))
