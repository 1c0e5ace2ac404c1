"""Who may change what, and who changed what: `/tapeout admins`, `/tapeout audit`, and every Undo button."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.errors import UserError
from bot.slack import blocks
from bot.slack.blocks import Message
from handlers.calls import Call
from handlers.presses import Press, pressed
from handlers.subcommands import parse_admins
from handlers.tools import Tools


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    app.action("audit_undo")(pressed(Audits(tools).undo))


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

    async def undo(self, press: Press) -> None:
        """Take a change back, and say so in its place."""
        actor = await self._tools.actor(press.client, press.context)
        number = re.sub(r"\D", "", press.value)
        change = await self._newsroom.undo(actor, int(number))
        told = await self._newsroom.judge_again(actor, change.channel_id) if change.channel_id else 0
        await press.answer(blocks.with_told(blocks.taken_back(change), told))
