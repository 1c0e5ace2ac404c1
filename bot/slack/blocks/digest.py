"""A digest as a channel sees it: a line for each story, what changed, what was held back. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.models import Brief, Digest, DigestChange, DigestFigure, DigestItem, Relevance, Standing
from bot.slack.blocks.brief import SIGNS, brief, with_figure, written_by
from bot.slack.blocks.compared import LEGEND, compared, compared_table
from bot.slack.blocks.message import (
    TEXT_MOST,
    Block,
    Message,
    View,
    actions,
    context,
    count,
    header,
    modal,
    option,
    paragraphs,
    plain,
    room,
    section,
    sentence_list,
)
from bot.slack.escape import bold, fit, line, link, prose

OPEN_BRIEF = "digest_open"
LINES_MOST = 20
"""Stories that are told in lines; more are in the menu."""
HEADLINE_MOST = 220
NAMES_MOST = 2
MENU_MOST = 100


def digest(told: Digest, *, command: str = "/tapeout", is_preview: bool = False) -> Message:
    """The message of one digest.

    Args:
        told: what it tells.
        command: as it is called here.
        is_preview: seen by one person, before its time.
    """
    blocks: list[Block] = [header(_title(told.slot.day, is_preview=is_preview)), context(_span(told))]
    if rows := compared(told):
        blocks.append(compared_table(rows))
    shown = told.items[:LINES_MOST]
    numbered = list(enumerate(shown, start=1))
    for topic, group in groupby(numbered, key=lambda entry: entry[1].topic):
        heading = bold(topic or "Other news", 100)
        blocks += paragraphs([heading, *(_line(number, item) for number, item in group)])
    if told.changes:
        blocks += paragraphs(["*What changed in stories you know*", *(_change(change) for change in told.changes)])
    if told.is_empty:
        blocks.append(section("Nothing new came that this channel should hear of."))
    more = "There is more than fits here: open the briefs below."
    message = room(blocks, more=more, tail=tuple(_tail(told, command, is_preview=is_preview)))
    return Message(text=fit(_words(told, is_preview=is_preview), TEXT_MOST), blocks=message)


def _title(day: date, *, is_preview: bool) -> str:
    return f"{'Preview of the digest' if is_preview else 'Digest'} · {day:%A} {day.day} {day:%B}"


def _span(told: Digest) -> str:
    """`5 stories since Saturday 08:30, Europe/Berlin`."""
    parts = [count(len(told.items), "story", "stories")]
    if told.changes:
        parts.append(f"{count(len(told.changes), 'change')} in others")
    return f"{' and '.join(parts)} since {_local(told.since, told.zone)} ({prose(told.zone, 60)})"


def _local(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A %H:%M}"


def _line(number: int, item: DigestItem) -> str:
    """`1. Headline — Wire and 2 more`, and below it a line for each figure: `✓ The first phase costs $8 billion.`."""
    headline = link(item.url, line(item.headline), HEADLINE_MOST) or "Untitled story"
    return "\n".join([f"{number}. {headline} — _{_names(item)}_", *(_figure(figure) for figure in item.figures)])


def _figure(figure: DigestFigure) -> str:
    sign = SIGNS[figure.standing] if figure.standing is not None else "·"
    said = with_figure(prose(figure.said, 300), figure.shown) if figure.said else bold(figure.shown, 80)
    told = f"\u2003{sign} {said}"
    if figure.standing is Standing.DISPUTED and figure.others:
        told += f" (others say {sentence_list(prose(other, 60) for other in figure.others[:2])})"
    if figure.was:
        told += f" (was {prose(figure.was[0], 60)})"
    return told


def _names(item: DigestItem) -> str:
    """`Meridian Wire`, `Meridian Wire and 2 more`: publishers, not copies of one text."""
    names = [prose(name, 60).replace("_", "ˍ") for name in item.publishers[:NAMES_MOST]]
    more = len(item.publishers) - len(names)
    return sentence_list([*names, *([f"{more} more"] if more else [])]) or "one publisher"


def _change(change: DigestChange) -> str:
    told = " ".join(prose(entry, 400) for entry in change.lines[-2:])
    return f"• {link(change.url, line(change.headline), HEADLINE_MOST) or 'A story'}: {told}"


def _tail(told: Digest, command: str, *, is_preview: bool) -> Iterator[Block]:
    if len(told.items) > LINES_MOST:
        yield context(f"{count(len(told.items) - LINES_MOST, 'more story', 'more stories')} in the menu below.")
    if told.items or told.changes:
        yield actions(_menu(told), block_id="digest")
    if held := _held(told):
        yield context(f"{held} `{command} why ADDRESS` says why.")
    if any(item.figures for item in told.items):
        yield context(LEGEND)
    note = "" if is_preview else " Reply in the thread to ask."
    yield context(f"{written_by(told.writer)}{note} `{command} digest` changes when this comes.")


def _held(told: Digest) -> str:
    parts = []
    if told.below:
        parts.append(f"{told.below:,} below this channel's bars")
    if told.unfit:
        parts.append(f"{told.unfit:,} for what they are (adverts, lists, other subjects, muted topics)")
    return f"Held back: {sentence_list(parts)}." if parts else ""


def _menu(told: Digest) -> Block:
    """Every story's brief, also of those for which there was no line."""
    entries = [(f"{number}. {item.headline}", item.story_id) for number, item in enumerate(told.items, start=1)]
    entries += [(f"Changed: {change.headline}", change.story_id) for change in told.changes]
    options = [option(line(text), str(story_id)) for text, story_id in entries[:MENU_MOST]]
    return {
        "type": "static_select",
        "action_id": OPEN_BRIEF,
        "placeholder": plain("Open a brief …"),
        "options": options,
    }


def brief_modal(written: Brief, story_id: int, relevance: Relevance | None = None) -> View:
    """A story's whole brief, over the digest that had a line of it."""
    *told, _buttons = brief(written, relevance, story_id=story_id, ask_hint=False).blocks
    return modal("Brief", told)


def _words(told: Digest, *, is_preview: bool) -> Iterator[str]:
    """The whole digest in words."""
    yield f"{_title(told.slot.day, is_preview=is_preview)}. {_span(told)}."
    for number, item in enumerate(told.items[:LINES_MOST], start=1):
        figures = [_figure_words(figure) for figure in item.figures]
        yield f"{number}. {prose(item.headline, 300)}. {' '.join([*figures, f'Source: {_names(item)}.'])}"
    if len(told.items) > LINES_MOST:
        yield f"{count(len(told.items) - LINES_MOST, 'more story', 'more stories')}."
    for change in told.changes:
        yield f"Changed: {prose(change.headline, 300)}: {' '.join(prose(entry, 400) for entry in change.lines[-2:])}"
    if told.is_empty:
        yield "Nothing new came that this channel should hear of."
    if held := _held(told):
        yield held


def _figure_words(figure: DigestFigure) -> str:
    shown = prose(figure.said, 300) or prose(figure.shown, 80)
    if figure.standing is Standing.DISPUTED:
        others = sentence_list(prose(other, 60) for other in figure.others[:2])
        return f"Disputed: {shown}{f', others say {others}' if others else ''}."
    if figure.standing is Standing.CONFIRMED:
        return f"Confirmed by {figure.publishers}: {shown}."
    return f"Single source: {shown}." if figure.standing is Standing.SINGLE else f"{shown}."
