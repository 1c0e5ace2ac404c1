"""Shortcuts: add a feed from anywhere, ask about any message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import blocks
from bot.slack.blocks import View
from handlers.errors import guarded
from handlers.parsing import link_in
from handlers.tools import Tools
from handlers.within import show_when_made


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the shortcuts that the manifest declares."""
    shortcuts = Shortcuts(tools)
    app.global_shortcut("add_feed")(guarded(shortcuts.add_feed))
    app.message_shortcut("ask_about_story")(guarded(shortcuts.ask))


class Shortcuts:
    """Both open a form."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def add_feed(
        self, ack: AsyncAck, shortcut: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Open the form for a new feed."""
        await ack()

        async def making() -> View:
            await self._tools.admin(client, context)
            return blocks.add_modal()

        await show_when_made(client, shortcut, context, "Add a feed", making())

    async def ask(self, ack: AsyncAck, shortcut: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Open the form for a question in the thread of the message it was used on."""
        await ack()
        message = shortcut["message"]
        view = blocks.ask_modal(
            channel_id=str(shortcut["channel"]["id"]),
            root_ts=str(message.get("thread_ts") or message["ts"]),
            click_ts=str(shortcut["action_ts"]),
            link=link_in(message),
        )
        await client.views_open(trigger_id=str(shortcut["trigger_id"]), view=view)
