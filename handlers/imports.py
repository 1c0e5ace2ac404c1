"""Lists of feeds that come in: behind an address, in a form, or as a file that somebody shares with us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import Imported, IncomingQuestion
from bot.slack import blocks
from bot.slack.blocks import Message, View
from bot.slack.blocks.importing import IMPORT_FEEDS, IMPORT_INTO
from bot.slack.channels import name_of, refuse_shared
from bot.slack.files import read_file
from bot.slack.refusals import error_code
from bot.slack.sender import Sender
from handlers.calls import Call
from handlers.errors import guarded
from handlers.forms import ACK_WITHIN_S, FORM, SETTLE_S, Form, patiently
from handlers.parsing import SharedList
from handlers.progress import Note, in_sight
from handlers.tools import Tools, whisper

_NO_FILES = frozenset({"invalid_arguments", "missing_scope"})
"""How Slack refuses a form with a file field, where the app was installed without `files:read`."""


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the form, the button and the menu."""
    imports = Imports(tools)
    app.view(IMPORT_FEEDS)(guarded(imports.take_in))
    app.action("import_file")(guarded(imports.here))
    app.action(re.compile(rf"^{IMPORT_INTO}$"))(guarded(imports.into))


@dataclass(frozen=True, slots=True)
class _File:
    """A file in Slack, by its id."""

    id: str


class Imports:
    """What becomes of each."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom

    async def command(self, call: Call) -> Message | None:
        """`/tapeout import [ADDRESS]`: a list behind an address, or a form for a file or a pasted list."""
        call.require_channel("import example.com/feeds.opml", word="For")
        call.require_admin()
        await refuse_shared(call.client, call.channel_id)
        if not call.parsed.rest:
            await _open(call)
            return None
        done = await in_sight(
            lambda note: self._newsroom.import_from(
                call.actor, call.channel_id, call.channel_name, call.parsed.rest, progress=note
            ),
            lambda done, whole: whisper(call.respond, blocks.importing(done, whole)),
        )
        change = await self._newsroom.last_change(call.actor, call.channel_id)
        return blocks.with_undo(blocks.imported(done, call.channel_id), change)

    async def offer(
        self, shared: SharedList, question: IncomingQuestion, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Somebody shared a list in a direct message, or with a mention: ask before it is taken in."""
        direct = question.surface == "dm"
        await self._tools.admin(client, context, None if direct else question.channel_id)
        sender = Sender(client)
        if direct:
            message = blocks.import_where(shared.file_id, shared.name)
            key = f"import:{question.ts}"
            await sender.post(question.channel_id, message, delivery_key=key, thread_ts=question.root_ts)
            return
        message = blocks.import_here(shared.file_id, shared.name, question.channel_id)
        in_thread = question.root_ts if question.root_ts != question.ts else None
        await sender.ephemeral(question.channel_id, question.user_id, message, thread_ts=in_thread)

    async def here(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        """Take the file in whose button was pressed."""
        await ack()
        wanted = json.loads(str(action["value"]))
        await self._file(wanted["file"], wanted["channel"], client, context, respond)

    async def into(
        self,
        ack: AsyncAck,
        action: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        """Take the file in, into the channel that was chosen."""
        await ack()
        file_id = str(action["block_id"]).removeprefix(f"{IMPORT_INTO}:")
        await self._file(file_id, str(action["selected_conversation"]), client, context, respond)

    async def _file(
        self, file_id: str, channel_id: str, client: AsyncWebClient, context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        done = await in_sight(
            lambda note: self._take(_File(file_id), channel_id, client, context, note),
            lambda done, whole: whisper(respond, blocks.importing(done, whole), replace=True),
        )
        actor = await self._tools.actor(client, context)
        change = await self._newsroom.last_change(actor, channel_id)
        await whisper(respond, blocks.with_undo(blocks.imported(done, channel_id), change), replace=True)

    async def _take(
        self,
        source: _File | str,
        channel_id: str,
        client: AsyncWebClient,
        context: AsyncBoltContext,
        note: Note,
    ) -> Imported:
        """Read the file, or take the text, and put what is in it into the channel."""
        actor = await self._tools.admin(client, context, channel_id)
        await refuse_shared(client, channel_id)
        name = await name_of(client, channel_id)
        body = source.encode() if isinstance(source, str) else (await read_file(client, source.id)).content
        return await self._newsroom.import_list(actor, channel_id, name, body, progress=note)

    async def take_in(
        self, ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Take in what was chosen or pasted; a list without a single feed is said at its field."""
        values = view["state"]["values"]
        text = str(values["list"]["list"].get("value") or "").strip()
        files = (values.get("file") or {}).get("file", {}).get("files") or []
        channel_id = str(json.loads(view["private_metadata"])["channel"])
        if not text and not files:
            await ack(response_action="errors", errors={"list": "Choose a file, or paste OPML or an address a line."})
            return
        takes_files = "file" in values
        context[FORM] = Form(
            view_id=str(view["id"]),
            field="file" if files else "list",
            again=lambda problem: blocks.import_modal(
                channel_id=channel_id, text=text, problem=problem, takes_files=takes_files
            ),
        )
        source = _File(str(files[0]["id"])) if files else text
        work = in_sight(
            lambda note: self._take(source, channel_id, client, context, note),
            lambda done, whole: _redraw(blocks.importing_view(done, whole), view, client),
            after_s=ACK_WITHIN_S + 2 * SETTLE_S,
        )
        done = await patiently(work, context, meanwhile=blocks.importing_view(0, 0))
        result = blocks.imported_view(done, channel_id)
        if context.ack.response is None:
            await ack(response_action="update", view=result)
        else:
            await _redraw(result, view, client)


async def _redraw(shown: View, view: Mapping[str, Any], client: AsyncWebClient) -> None:
    await client.views_update(view_id=str(view["id"]), view=shown)


async def _open(call: Call) -> None:
    """Open the form; without its field for a file where the app may not read files."""
    try:
        await call.client.views_open(trigger_id=call.trigger_id, view=blocks.import_modal(channel_id=call.channel_id))
    except SlackApiError as error:
        if error_code(error) not in _NO_FILES:
            raise
        view = blocks.import_modal(channel_id=call.channel_id, takes_files=False)
        await call.client.views_open(trigger_id=call.trigger_id, view=view)
