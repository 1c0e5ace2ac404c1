"""How a channel's briefs are written: `/tapeout style …` and its buttons."""

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
from handlers.subcommands import parse_style
from handlers.tools import Tools, whisper


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    app.action(re.compile(r"^style_set:\d+$"))(guarded(Styles(tools).choose))


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

    async def choose(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        """Take the style whose button was pressed, and show what is so now."""
        await ack()
        channel_id, style = str(action["value"]).split(":", 1)
        actor = await self._tools.actor(client, context)
        channel = await self._newsroom.set_style(actor, channel_id, style)
        await whisper(respond, blocks.style(channel, is_admin=actor.may(channel_id), changed=True), replace=True)
