"""Lists of feeds that come in: behind an address, in a form, or as a file that somebody shares with us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.models import Imported, IncomingQuestion
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.blocks.importing import IMPORT_FEEDS, IMPORT_INTO, PROBLEMS_SHOWN
from bot.slack.channels import name_of, refuse_shared
from bot.slack.files import read_file
from bot.slack.refusals import error_code
from bot.slack.sender import Document, Sender
from handlers.calls import Call
from handlers.errors import guarded
from handlers.forms import ACK_WITHIN_S, FORM, SETTLE_S, Form, patiently, show
from handlers.parsing import SharedList
from handlers.presses import Press, pressed
from handlers.progress import Note, in_sight
from handlers.tools import Tools, whisper

log = structlog.get_logger(__name__)

_NO_FILES = frozenset({"invalid_arguments", "missing_scope"})
"""How Slack refuses a form with a file field, where the app was installed without `files:read`."""


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the form, the button and the menu."""
    imports = Imports(tools)
    app.view(IMPORT_FEEDS)(guarded(imports.take_in))
    app.action("import_file")(pressed(imports.here))
    app.action(re.compile(rf"^{IMPORT_INTO}$"))(pressed(imports.into))


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
        await self._name_all(done, call.actor.user_id, call.client)
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

    async def here(self, press: Press) -> None:
        """Take the file in whose button was pressed."""
        await self._file(press, press.wanted["file"], press.wanted["channel"])

    async def into(self, press: Press) -> None:
        """Take the file in, into the channel that was chosen."""
        file_id = str(press.action["block_id"]).removeprefix(f"{IMPORT_INTO}:")
        await self._file(press, file_id, str(press.action["selected_conversation"]))

    async def _file(self, press: Press, file_id: str, channel_id: str) -> None:
        done = await in_sight(
            lambda note: self._take(_File(file_id), channel_id, press.client, press.context, note),
            lambda done, whole: press.answer(blocks.importing(done, whole)),
        )
        actor = await self._tools.actor(press.client, press.context)
        change = await self._newsroom.last_change(actor, channel_id)
        await press.answer(blocks.with_undo(blocks.imported(done, channel_id), change))
        await self._name_all(done, actor.user_id, press.client)

    @staticmethod
    async def _name_all(done: Imported, user_id: str, client: AsyncWebClient) -> None:
        """The lines that could not be used, as a file, where they are more than a message shows."""
        if len(done.problems) <= PROBLEMS_SHOWN:
            return
        lines = "".join(f"line {number}: {text}\n" for number, text in done.problems)
        document = Document("lines-not-used.txt", lines.encode())
        try:
            await Sender(client).hand_over(user_id, (document,), f"{len(done.problems):,} lines could not be used.")
        except DeliveryError as error:
            log.info("the unused lines of a list could not be sent", reason=str(error))

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
            lambda done, whole: client.views_update(view_id=str(view["id"]), view=blocks.importing_view(done, whole)),
            after_s=ACK_WITHIN_S + 2 * SETTLE_S,
        )
        done = await patiently(work, context, meanwhile=blocks.importing_view(0, 0))
        await show(blocks.imported_view(done, channel_id), view, client, context)
        await self._name_all(done, str(context.user_id), client)


async def _open(call: Call) -> None:
    """Open the form; without its field for a file where the app may not read files."""
    try:
        await call.client.views_open(trigger_id=call.trigger_id, view=blocks.import_modal(channel_id=call.channel_id))
    except SlackApiError as error:
        if error_code(error) not in _NO_FILES:
            raise
        view = blocks.import_modal(channel_id=call.channel_id, takes_files=False)
        await call.client.views_open(trigger_id=call.trigger_id, view=view)
