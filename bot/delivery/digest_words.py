"""A digest for e-mail (HTML) and for other chats (plain lines), from the same checked lines as in Slack. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.models import Digest, DigestFigure, DigestItem, Standing
from bot.slack.blocks.brief import SIGNS
from bot.slack.blocks.compared import HEAD, LEGEND, compared
from bot.slack.blocks.message import count, sentence_list
from bot.slack.escape import address, fit, line, without_addresses

#: Some chats take less; a digest that is longer than this is read in Slack.
TEXT_MOST = 3_500
LINES_MOST = 20
NAMES_MOST = 3
_CELL = "text-align:left;vertical-align:top;padding:2px 1em 2px 0"
_STYLE = "font-family:sans-serif;max-width:42em;line-height:1.45"


def subject(told: Digest, channel: str) -> str:
    """`Digest of #news · Monday 23 November · 5 stories`."""
    day = told.slot.day
    what = count(len(told.items), "story", "stories")
    return f"Digest of #{line(channel)} · {day:%A} {day.day} {day:%B} · {what}"


def as_html(told: Digest, channel: str) -> str:
    """The body of an e-mail; all that we did not write ourselves is escaped, only sources are linked."""
    parts = [f'<div style="{_STYLE}"><h2>{_safe(subject(told, channel))}</h2>']
    parts += _html_compared(told)
    numbered = list(enumerate(told.items[:LINES_MOST], start=1))
    for topic, group in groupby(numbered, key=lambda entry: entry[1].topic):
        entries = list(group)
        parts.append(f'<h3>{_safe(topic or "Other news")}</h3><ol start="{entries[0][0]}">')
        parts += [f"<li>{_html_line(item)}</li>" for _, item in entries]
        parts.append("</ol>")
    if told.changes:
        parts.append("<h3>What changed in stories you know</h3><ul>")
        parts += [
            f"<li>{_html_link(one.url, one.headline)}: {_safe(' '.join(one.lines[-2:]))}</li>" for one in told.changes
        ]
        parts.append("</ul>")
    parts += [f'<p style="color:#666">{_safe(note)}</p>' for note in _notes(told)]
    return "\n".join([*parts, "</div>"])


def _html_compared(told: Digest) -> Iterator[str]:
    if rows := compared(told):
        yield f"<table>{_html_row('th', HEAD)}"
        yield from (_html_row("td", (row.figure, row.story)) for row in rows)
        yield "</table>"


def _html_row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag} style={_CELL!r}>{_safe(cell)}</{tag}>' for cell in cells)}</tr>"


def _html_line(item: DigestItem) -> str:
    head = f"{_html_link(item.url, item.headline)} — <em>{_safe(_names(item))}</em>"
    return "<br>".join([head, *(_safe(_figure(figure)) for figure in item.figures)])


def _html_link(url: str, label: str) -> str:
    target = address(url)
    words = _safe(label) or "Untitled story"
    return f'<a href="{target.replace(chr(39), "&#39;")}">{words}</a>' if target else words


def _safe(text: str) -> str:
    return html.escape(line(without_addresses(text)))


def as_text(told: Digest, channel: str, most: int = TEXT_MOST) -> str:
    """Plain lines for a chat, whole ones, of at most `most` characters; its addresses are those of sources alone."""
    return fit(_lines(told, channel), min(most, TEXT_MOST))


def _lines(told: Digest, channel: str) -> Iterator[str]:
    yield _plain(subject(told, channel))
    numbered = list(enumerate(told.items[:LINES_MOST], start=1))
    for topic, group in groupby(numbered, key=lambda entry: entry[1].topic):
        yield f"\n{_plain(topic or 'Other news')}"
        for number, item in group:
            target = address(item.url)
            link = f"\n   {target.replace('&amp;', '&')}" if target else ""
            figures = "".join(f"\n   {_plain(_figure(figure))}" for figure in item.figures)
            yield f"{number}. {_plain(item.headline) or 'Untitled story'} — {_plain(_names(item))}{figures}{link}"
    if told.changes:
        yield "\nWhat changed in stories you know"
        yield from (f"• {_plain(one.headline)}: {_plain(' '.join(one.lines[-2:]))}" for one in told.changes)
    yield from (f"\n{_plain(note)}" for note in _notes(told))


def _plain(text: str) -> str:
    """Foreign words that no chat takes for a mention, a link or a tag: what would make one is broken or replaced."""
    words = line(without_addresses(text)).replace("<", "‹").replace(">", "›")
    return words.replace("@", "@\u200b").replace("](", "]\u200b(").replace("`", "'")


def _figure(figure: DigestFigure) -> str:
    sign = f"{SIGNS[figure.standing]} " if figure.standing is not None else ""
    told = f"{sign}{figure.said or figure.shown}"
    if figure.standing is Standing.DISPUTED and figure.others:
        told += f" (others say {sentence_list(figure.others[:2])})"
    return f"{told} (was {figure.was[0]})" if figure.was else told


def _names(item: DigestItem) -> str:
    names = list(item.publishers[:NAMES_MOST])
    more = len(item.publishers) - len(names)
    return sentence_list([*names, *([f"{more} more"] if more else [])]) or "one publisher"


def _notes(told: Digest) -> Iterator[str]:
    if told.is_empty:
        yield "Nothing new came that this channel should hear of."
    if len(told.items) > LINES_MOST:
        yield f"{count(len(told.items) - LINES_MOST, 'more story', 'more stories')} in Slack."
    if told.below or told.unfit:
        yield f"Held back: {told.below + told.unfit:,}."
    yield LEGEND
