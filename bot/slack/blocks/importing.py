"""Lists of feeds in and out: the form, a file that was shared, how far it is, and what has become of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.models import Imported
from bot.slack.blocks.lists import channel_name_of
from bot.slack.blocks.message import (
    SECTION_MOST,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    count,
    modal,
    plain,
    section,
    text_input,
    when,
)
from bot.slack.blocks.notices import said
from bot.slack.escape import bold, clip, fit, length, prose

IMPORT_FEEDS = "import_feeds"
IMPORT_INTO = "import_into"
"""The menu of channels under a list that was shared in a direct message; its block's id goes on with the file's."""
LIST_MOST = 3_000
EXPORT_MOST = 10_500
"""Characters of a list that one message takes, with room for what is said around it."""
PROBLEMS_SHOWN = 20
_TITLE = "Import feeds"


def import_modal(*, channel_id: str, text: str = "", problem: str | None = None, takes_files: bool = True) -> View:
    """The form for a list of feeds.

    Args:
        channel_id: where they go.
        text: what was typed before, where the form comes back.
        problem: why it comes back, a sentence.
        takes_files: ask for a file too; Slack refuses that of an app without `files:read`.
    """
    blocks = [section(f"⚠ {prose(problem, 600)}")] if problem else []
    if takes_files:
        field: Block = {"type": "file_input", "action_id": "file", "filetypes": ["opml", "xml", "txt"], "max_files": 1}
        blocks.append(
            {
                "type": "input",
                "block_id": "file",
                "optional": True,
                "label": plain("A file"),
                "hint": plain(
                    "OPML as any reader exports it, thousands of feeds too. Old articles are not posted.", 150
                ),
                "element": field,
            }
        )
    blocks.append(
        text_input(
            "list",
            "Or the list itself" if takes_files else "The list",
            placeholder="OPML, or an address a line",
            hint="A list on the web: /tapeout import and its address.",
            initial=text,
            multiline=True,
            optional=takes_files,
            most=LIST_MOST,
        )
    )
    metadata = {"channel": channel_id}
    return modal(_TITLE, blocks, callback_id=IMPORT_FEEDS, submit="Import", close="Cancel", metadata=metadata)


def import_here(file_id: str, name: str, channel_id: str) -> Message:
    """What a list that was shared with a mention is answered with: one button takes it in."""
    asked = f"{bold(name, 150)}: shall I add its feeds to {channel_name_of(channel_id)}?"
    value = json.dumps({"file": file_id, "channel": channel_id})
    row = actions(
        button("Import", "import_file", value, style="primary", label=f"Import {name}"[:75]),
        button("Cancel", "preview_cancel", "cancel"),
        block_id=f"import_file:{file_id}"[:255],
    )
    return Message(text=asked, blocks=(section(asked), row))


def import_where(file_id: str, name: str) -> Message:
    """What a list that was shared in a direct message is answered with: a menu of channels."""
    asked = f"Into which channel shall the feeds of {bold(name, 150)} go?"
    select: Block = {
        "type": "conversations_select",
        "action_id": IMPORT_INTO,
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    row: Block = {"type": "actions", "block_id": f"{IMPORT_INTO}:{file_id}"[:255], "elements": [select]}
    return Message(text=asked, blocks=(section(asked), row))


def importing(done: int, whole: int) -> Message:
    """How far a long list is."""
    return said(_so_far(done, whole))


def importing_view(done: int, whole: int) -> View:
    """The same, in the form's place."""
    return modal(_TITLE, [section(_so_far(done, whole))], close="Close")


def _so_far(done: int, whole: int) -> str:
    return f"Importing: {done:,} of {whole:,} feeds are written down …" if whole else "Reading the list …"


def imported(done: Imported, channel_id: str) -> Message:
    """What a list of feeds has become: its bad lines are named."""
    lines = [f"In {channel_name_of(channel_id)}: {counted(done)}"]
    lines += [f"• Line {number}: {prose(text, 110)}" for number, text in done.problems[:PROBLEMS_SHOWN]]
    if len(done.problems) > PROBLEMS_SHOWN:
        more = len(done.problems) - PROBLEMS_SHOWN
        lines.append(f"… and {more:,} more lines that could not be used: all are in a file in our direct messages.")
    return said(fit(lines, SECTION_MOST))


def imported_view(done: Imported, channel_id: str) -> View:
    """The form's answer, in its place."""
    return modal(_TITLE, list(imported(done, channel_id).blocks), close="Done")


def counted(done: Imported) -> str:
    """`12 feeds added, 3 were there already. They are read …`."""
    there = f", {done.existed:,} were there already" if done.existed else ""
    until = f" They are read one after the other until {when(done.done_by)}." if done.done_by else ""
    return f"{count(done.added, 'feed')} added{there}.{until}"


def exported(many: int, names: Sequence[str]) -> Message:
    """Where the files of an export are.

    Args:
        many: how many feeds are in them.
        names: the OPML's name, and the settings'.
    """
    opml, settings = (f"`{name.replace('`', '')}`" for name in names)
    lines = [
        f"*{count(many, 'feed')}*: two files are in our direct messages.",
        f"• {opml}: the feeds as OPML, for any reader and for `/tapeout import`",
        f"• {settings}: all settings, for `tapeout apply` on the command line",
    ]
    return said("\n".join(lines))


def exported_text(body: str, many: int, why: str) -> Message:
    """A list to copy, where no file can be sent; a long one is cut off between lines, and says so.

    Args:
        body: the OPML.
        many: how many feeds are in it.
        why: why there is no file, a sentence of ours.
    """
    lines, kept, used = body.replace("```", "'''").splitlines(), [], 0
    for entry in lines:
        used += length(entry) + 1
        if used > EXPORT_MOST:
            break
        kept.append(clip(entry, SECTION_MOST - 20))
    blocks = [section(f"*{count(many, 'feed')}*, as OPML for `/tapeout import` or any feed reader.")]
    part: list[str] = []
    size = 0
    for entry in kept:
        if part and size + length(entry) + 1 > SECTION_MOST - 20:
            blocks.append(section("```" + "\n".join(part) + "```"))
            part, size = [], 0
        part.append(entry)
        size += length(entry) + 1
    if part:
        blocks.append(section("```" + "\n".join(part) + "```"))
    note = f"I could not send it as a file: {why}"
    if len(kept) < len(lines):
        note = f"The rest did not fit. {note} `tapeout feeds export` on the command line writes all of it."
    return Message(text=f"{count(many, 'feed')} as OPML.", blocks=(*blocks, context(note)))
