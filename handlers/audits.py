"""Who may change what, and who changed what: `/tapeout admins`, `/tapeout audit`, and every Undo button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.slack import blocks
from bot.slack.blocks import Message
from handlers.calls import Call
from handlers.errors import guarded
from handlers.subcommands import parse_admins
from handlers.tools import Tools, whisper


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    app.action("audit_undo")(guarded(Audits(tools).undo))


class Audits:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def admins(self, call: Call) -> Message:
        """`/tapeout admins`, and what may follow it."""
        wanted = parse_admins(call.parsed.rest)
        actor = call.actor
        if not wanted.verb:
            named = await self._newsroom.managers(actor.team_id)
            seen = [one for one in named if one.channel_id is None or await self._may_see(call, one.channel_id)]
            return blocks.admins(seen, may_name=actor.may(call.channel_id), command=call.name)
        if not wanted.subject:
            raise UserError(f"Whom? A person or a user group: `{call.name} admins {wanted.verb} @ana [#channel]`.")
        where = call.channel_id if call.is_named else None
        if wanted.verb == "remove":
            await self._newsroom.dismiss(actor, where, wanted.subject)
            return blocks.dismissed(wanted.subject, where)
        added = await self._newsroom.appoint(actor, where, wanted.subject)
        return blocks.named(wanted.subject, where, added=added)

    async def _may_see(self, call: Call, channel_id: str) -> bool:
        try:
            await self._newsroom.require_visible(call.actor, channel_id)
        except UserError:
            return False
        return True

    async def audit(self, call: Call) -> Message:
        """`/tapeout audit`: a channel's last changes; in a direct message, the workspace's."""
        where = None if call.in_direct else call.channel_id
        changes = await self._newsroom.changes(call.actor, where)
        return blocks.audit(changes, may_undo=call.actor.may(where), in_channel=where is not None)

    async def undo(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        """Take a change back, and say so in its place."""
        await ack()
        actor = await self._tools.actor(client, context)
        number = re.sub(r"\D", "", str(action["value"]))
        change = await self._newsroom.undo(actor, int(number))
        told = await self._newsroom.judge_again(actor, change.channel_id) if change.channel_id else 0
        await whisper(respond, blocks.with_told(blocks.taken_back(change), told), replace=True)
