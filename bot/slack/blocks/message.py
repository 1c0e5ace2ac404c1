"""What every message and view is made of: Slack's blocks as small functions. Pure.

Plain sections, contexts and actions only: each client, screen reader and e-mail notification shows them. Cards and
tables were weighed for the figures of a brief: a card cuts its body at 200 characters, and a table of sources and
figures must be scrolled sideways on a phone, so both lose to five lines of text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.slack.escape import ELLIPSIS, clip, length, line

Block = dict[str, Any]
"""One Block Kit block or element, as Slack's JSON has it."""
View = dict[str, Any]
"""A modal or an App Home tab, as Slack's JSON has it."""

SECTION_MOST = 3_000
HEADER_MOST = 150
TEXT_MOST = 4_000
TITLE_MOST = 24
LABEL_MOST = 75
METADATA_MOST = 3_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
ALL_TEXT_MOST = 12_000
"""All text of a message's blocks together; Slack refuses about 13,200."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is posted.

    Attributes:
        text: the whole message in words, for screen readers, notifications and clients that show no blocks.
        blocks: what is shown.
        markdown: where the message may be streamed, its body as Markdown …
        below: … and the blocks that belong under the streamed body.
    """

    text: str
    blocks: tuple[Block, ...]
    markdown: str = ""
    below: tuple[Block, ...] = field(default=())


def mrkdwn(text: str) -> Block:
    """A text object of ready-made mrkdwn; `verbatim` keeps Slack from making links and mentions of plain words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, most: int = LABEL_MOST) -> Block:
    """A plain text object of foreign or own words; `:smile:` in it is a picture only where we wrote it."""
    return {"type": "plain_text", "text": clip(text, most) or "…", "emoji": True}


def header(text: str) -> Block:
    """A headline of at most 150 characters."""
    return {"type": "header", "text": {"type": "plain_text", "text": clip(text, HEADER_MOST) or "…", "emoji": False}}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of ready-made mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Small print: up to ten pieces of ready-made mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def paragraphs(lines: Iterable[str]) -> Iterator[Block]:
    """Ready-made lines, as many to a section as it takes; one that is longer than a section is left out."""
    kept: list[str] = []
    used = 0
    for entry in lines:
        size = length(entry) + 1
        if kept and used + size > SECTION_MOST:
            yield section("\n".join(kept))
            kept, used = [], 0
        kept.append(entry if size <= SECTION_MOST else ELLIPSIS)
        used += min(size, SECTION_MOST)
    if kept:
        yield section("\n".join(kept))


def room(blocks: Iterable[Block], *, more: str, tail: Sequence[Block] = ()) -> tuple[Block, ...]:
    """The blocks, without those at the end for which a message has no room; says so with `more`, then comes the tail.

    Args:
        blocks: in the order of their weight.
        more: ready-made mrkdwn, such as `There is more.`
        tail: blocks that must be there.
    """
    kept: list[Block] = []
    left = ALL_TEXT_MOST - sum(_text(block) for block in tail) - length(more)
    for block in blocks:
        left -= _text(block)
        if left < 0 or len(kept) + len(tail) + 2 > MESSAGE_BLOCKS:
            return (*kept, context(more), *tail)
        kept.append(block)
    return (*kept, *tail)


def _text(part: Any) -> int:  # noqa: ANN401  # any piece of a block
    """How much text a block has, its buttons and menus included."""
    if isinstance(part, dict):
        own = length(part["text"]) if isinstance(part.get("text"), str) else 0
        return own + sum(_text(inner) for inner in part.values())
    return sum(_text(inner) for inner in part) if isinstance(part, list | tuple) else 0


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, columns: Sequence[Block] = ()) -> Block:
    """A table of plain words; a message may have one.

    Args:
        head: the columns' names.
        rows: as many cells each.
        columns: Slack's settings of the first columns, such as `{"is_wrapped": True}`.
    """
    cells = [[{"type": "raw_text", "text": line(cell) or "–"} for cell in row] for row in (head, *rows)]
    block: Block = {"type": "table", "rows": cells}
    return block | {"column_settings": list(columns)} if columns else block


def image(file_id: str, alt: str) -> Block:
    """A picture that was uploaded to Slack before, with its words for who can't see it."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | {"block_id": block_id} if block_id else block


def button(text: str, action_id: str, value: str, *, label: str | None = None, style: str | None = None) -> Block:
    """A button; `label` is what a screen reader says where the text is a picture."""
    element: Block = {"type": "button", "text": plain(text), "action_id": action_id, "value": value}
    if label:
        element["accessibility_label"] = label
    if style:
        element["style"] = style
    return element


def option(text: str, value: str, description: str | None = None) -> Block:
    """One entry of a menu; `value` has at most 150 characters."""
    entry: Block = {"text": plain(text), "value": value}
    return entry | {"description": plain(description)} if description else entry


def text_input(
    block_id: str,
    label: str,
    *,
    placeholder: str = "",
    initial: str = "",
    hint: str = "",
    multiline: bool = False,
    optional: bool = False,
    most: int = 3_000,
) -> Block:
    """A field to type in; its action id is its block id."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": block_id,
        "multiline": multiline,
        "max_length": most,
        "focus_on_load": not initial,
    }
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    if initial:
        element["initial_value"] = initial[:most]
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    if optional:
        block["optional"] = True
    return block | {"hint": plain(hint, 150)} if hint else block


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str | None = None,
    submit: str | None = None,
    close: str = "Close",
    metadata: dict[str, str] | None = None,
) -> View:
    """A modal of at most 100 blocks; `metadata` comes back with what is submitted."""
    view: View = {
        "type": "modal",
        "title": plain(title, TITLE_MOST),
        "close": plain(close, TITLE_MOST),
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }
    if callback_id:
        view["callback_id"] = callback_id
    if submit:
        view["submit"] = plain(submit, TITLE_MOST)
    if metadata:
        view["private_metadata"] = json.dumps(metadata, separators=(",", ":"))
    return view


def when(moment: datetime) -> str:
    """A moment in each reader's own time zone and words, with UTC where the client cannot."""
    utc = moment.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} at {{time}}|{utc:%Y-%m-%d %H:%M} UTC>"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 feed`, `2 feeds`, `1,200 stories`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def sentence_list(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(parts)
    return " and ".join(words) if len(words) <= 2 else f"{', '.join(words[:-1])} and {words[-1]}"  # noqa: PLR2004 grammar
