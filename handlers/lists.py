"""Feeds in packs, lists that go out, and looking before adding: `preview`, `add pack`, `export`, and their buttons."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.errors import DeliveryError
from bot.models import Added
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.channels import refuse_shared
from bot.slack.sender import Document, Sender
from handlers.calls import Call
from handlers.presses import Press, pressed
from handlers.tools import Tools

PACK = "pack"
"""The word after `add` for many feeds at once."""


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the buttons."""
    lists = Lists(tools)
    app.action("preview_add")(pressed(lists.add_previewed))
    app.action("preview_cancel")(pressed(lists.cancel))
    app.action(re.compile(r"^choose_feed:\d+$"))(pressed(lists.look_at))
    app.action(re.compile(r"^pack_add:\d+$"))(pressed(lists.add_pack))


class Lists:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def preview(self, call: Call) -> Message:
        """`/tapeout preview ADDRESS`, and `/tapeout add ADDRESS`: look, then confirm."""
        call.require_channel("preview example.com", word="For")
        await refuse_shared(call.client, call.channel_id)
        seen = await self._newsroom.preview(call.actor, call.channel_id, call.channel_name, call.parsed.rest)
        if seen.choices:
            return blocks.added_message(Added(None, choices=seen.choices), call.channel_id, call.channel_name)
        return blocks.preview(seen, call.channel_id, call.channel_name)

    async def pack(self, call: Call) -> Message:
        """`/tapeout add pack [NAME]`."""
        call.require_channel("add pack chips", word="For")
        await refuse_shared(call.client, call.channel_id)
        _, _, name = call.parsed.rest.partition(" ")
        if not name:
            known = [(pack.name, len(pack.entries)) for pack in await self._newsroom.packs()]
            return blocks.packs(known, call.channel_id, call.channel_name)
        pack, done = await self._newsroom.add_pack(call.actor, call.channel_id, call.channel_name, name)
        change = await self._newsroom.last_change(call.actor, call.channel_id)
        return blocks.with_undo(blocks.pack_added(pack.name, done, call.channel_id), change)

    async def export(self, call: Call) -> Message:
        """`/tapeout export`: the channel's feeds and settings as files; in a direct message, those of all channels."""
        where = None if call.in_direct else call.channel_id
        listed = await self._newsroom.list_feeds(call.actor, where)
        many = sum(len(each.subscriptions) for each in listed)
        opml = await self._newsroom.export_feeds(call.actor, where)
        settings = await self._newsroom.export_settings(call.actor, where)
        name = file_name("tapeout" if where is None else call.channel_name)
        files = (Document(f"{name}.opml", opml), Document(f"{name}.toml", settings))
        try:
            await Sender(call.client).hand_over(
                call.actor.user_id, files, f"{many:,} feeds, as of `{call.name} export`."
            )
        except DeliveryError as error:
            if error.state != "held":
                raise
            return blocks.exported_text(opml.decode(), many, str(error))
        return blocks.exported(many, [each.name for each in files])

    async def add_previewed(self, press: Press) -> None:
        """Add the feed that was looked at."""
        wanted = press.wanted
        actor = await self._tools.actor(press.client, press.context)
        added = await self._newsroom.add_feed(actor, wanted["channel"], wanted["name"], wanted["address"])
        await press.answer(blocks.added_message(added, wanted["channel"], wanted["name"]))

    async def look_at(self, press: Press) -> None:
        """Show what the feed that was chosen of several would have brought."""
        chosen = press.wanted
        actor = await self._tools.actor(press.client, press.context)
        seen = await self._newsroom.preview(actor, chosen["channel"], chosen["name"], chosen["address"])
        await press.answer(blocks.preview(seen, chosen["channel"], chosen["name"]))

    async def cancel(self, press: Press) -> None:
        """Leave it."""
        await press.answer(blocks.said("Nothing was added."))

    async def add_pack(self, press: Press) -> None:
        """Add the pack whose button was pressed."""
        wanted = press.wanted
        actor = await self._tools.actor(press.client, press.context)
        pack, done = await self._newsroom.add_pack(actor, wanted["channel"], wanted["name"], wanted["pack"])
        change = await self._newsroom.last_change(actor, wanted["channel"])
        message = blocks.with_undo(blocks.pack_added(pack.name, done, wanted["channel"]), change)
        await press.answer(message)


def file_name(channel_name: str) -> str:
    """A channel's name as a file's: letters, digits and hyphens."""
    return re.sub(r"[^\w-]+", "-", channel_name).strip("-") or "tapeout"
