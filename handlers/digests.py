"""When a channel hears its news: `/tapeout digest …`, its form, its preview, and the briefs behind a digest's lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import blocks
from bot.slack.blocks import Message, View
from bot.slack.blocks.digest import OPEN_BRIEF
from bot.slack.blocks.rhythm import RHYTHM
from handlers.calls import Call
from handlers.errors import guarded
from handlers.forms import FORM, Form
from handlers.presses import Press, pressed
from handlers.rhythm import is_now, read_rhythm, rhythm_problems
from handlers.tools import Tools, team_of


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons, the menu and the form."""
    digests = Digests(tools)
    app.action(OPEN_BRIEF)(pressed(digests.open_brief))
    app.action("digest_preview")(pressed(digests.preview))
    app.action("rhythm_change")(pressed(digests.open_form))
    app.view(RHYTHM)(guarded(digests.save))


class Digests:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def command(self, call: Call) -> Message:
        """`/tapeout digest`, and what may follow it."""
        call.require_channel("digest")
        typed = call.parsed.rest
        if is_now(typed):
            return blocks.digest(
                await self._newsroom.preview_digest(call.actor, call.channel_id), command=call.name, is_preview=True
            )
        zone = await self._tools.people.zone(call.client, call.actor.user_id)
        if not typed:
            shown = await self._newsroom.rhythm(call.actor, call.channel_id, zone=zone)
            return blocks.rhythm(shown, is_admin=call.may, command=call.name)
        changed = await self._newsroom.change_rhythm(call.actor, call.channel_id, typed, zone=zone)
        return blocks.rhythm(changed, is_admin=call.may, changed=True, command=call.name)

    async def preview(self, press: Press) -> None:
        """Show the digest as it would be now, to who pressed alone."""
        actor = await self._tools.actor(press.client, press.context)
        await press.answer(
            blocks.digest(await self._newsroom.preview_digest(actor, press.value), is_preview=True), replace=False
        )

    async def open_brief(self, press: Press) -> None:
        """Show the whole brief of a digest's line."""
        team_id, story_id = team_of(press.context), int(press.value)

        async def making() -> View:
            return blocks.brief_modal(await self._newsroom.brief_of(team_id, story_id, press.channel_id), story_id)

        await press.show("The story", making())

    async def open_form(self, press: Press) -> None:
        """Open the form, filled with what is so now."""

        async def making() -> View:
            actor = await self._tools.admin(press.client, press.context, press.value)
            zone = await self._tools.people.zone(press.client, actor.user_id)
            return blocks.rhythm_modal(await self._newsroom.rhythm(actor, press.value, zone=zone))

        await press.show("Rhythm", making())

    async def save(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Keep what the form says; what cannot be is said at its field."""
        values = view["state"]["values"]
        channel_id = str(json.loads(view["private_metadata"])["channel"])
        if problems := rhythm_problems(values):
            await ack(response_action="errors", errors=problems)
            return
        actor = await self._tools.actor(client, context)
        before = await self._newsroom.rhythm(actor, channel_id)
        context[FORM] = Form(
            view_id=str(view["id"]),
            field="zone",
            again=lambda problem: blocks.rhythm_modal(before, problem=problem),
        )
        changed = await self._newsroom.set_rhythm(actor, channel_id, read_rhythm(values, before.rhythm))
        await ack(response_action="update", view=blocks.rhythm_saved(changed))
