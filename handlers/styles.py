"""How a channel's briefs are written: `/tapeout style …` and its buttons."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.errors import UserError
from bot.slack import blocks
from bot.slack.blocks import Message
from handlers.calls import Call
from handlers.presses import Press, pressed
from handlers.subcommands import parse_style
from handlers.tools import Tools


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    app.action(re.compile(r"^style_set:\d+$"))(pressed(Styles(tools).choose))


class Styles:
    """Shows and changes a channel's style."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def command(self, call: Call) -> Message:
        """`/tapeout style`, and what may follow it."""
        if call.in_direct:
            raise UserError(f"Of which channel? For example: `{call.name} style #general`")
        what, wanted = parse_style(call.parsed.rest)
        if what == "language" and not wanted:
            raise UserError(f"Which language? For example: `{call.name} style language de`.")
        if not what:
            channel = await self._newsroom.style(call.actor, call.channel_id)
            return blocks.style(channel, is_admin=call.may, command=call.name)
        change = self._newsroom.set_language if what == "language" else self._newsroom.set_style
        channel = await change(call.actor, call.channel_id, wanted)
        return blocks.style(channel, is_admin=call.may, changed=True, command=call.name)

    async def choose(self, press: Press) -> None:
        """Take the style whose button was pressed, and show what is so now."""
        channel_id, style = press.value.split(":", 1)
        actor = await self._tools.actor(press.client, press.context)
        channel = await self._newsroom.set_style(actor, channel_id, style)
        await press.answer(blocks.style(channel, is_admin=actor.may(channel_id), changed=True))
