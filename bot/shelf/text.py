"""The small markup that sample articles are written in: paragraphs, lists, quotations, links and dates in words.

Pure. A body is blocks separated by blank lines: `## heading`, `> quotation`, `- item` lines, else a paragraph.
Inline there is one form, `[words](target)`. Dates are written relative to the day of publication, so that an article
reads right whenever the shelf is first started:

    {{date -3}}     19 November       {{weekday -3}}  Thursday
    {{mdy -3}}      November 19       {{month +4}}    March 2027
    {{date.fr -3}}  19 novembre       {{month.name -8}}  March
    {{weekday.fr -3}}  jeudi          {{year +2}}     2028
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS_FR = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z.]+)\s*([+-]\d+)?\s*\}\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")

BlockKind = Literal["paragraph", "heading", "quotation", "list"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article. `lines` has one entry, but for a list, where it has one for each item."""

    kind: BlockKind
    lines: tuple[str, ...]


def _month(day: date, steps: int) -> str:
    years, month = divmod(day.month - 1 + steps, 12)
    return f"{MONTHS[month]} {day.year + years}"


def _month_name(day: date, steps: int) -> str:
    return MONTHS[(day.month - 1 + steps) % 12]


def _date(day: date, steps: int) -> str:
    then = day + timedelta(days=steps)
    return f"{then.day} {MONTHS[then.month - 1]}"


def _mdy(day: date, steps: int) -> str:
    then = day + timedelta(days=steps)
    return f"{MONTHS[then.month - 1]} {then.day}"


def _date_fr(day: date, steps: int) -> str:
    then = day + timedelta(days=steps)
    ordinal = "1er" if then.day == 1 else str(then.day)
    return f"{ordinal} {MONTHS_FR[then.month - 1]}"


def _weekday(day: date, steps: int) -> str:
    return WEEKDAYS[(day + timedelta(days=steps)).weekday()]


def _weekday_fr(day: date, steps: int) -> str:
    return WEEKDAYS_FR[(day + timedelta(days=steps)).weekday()]


def _year(day: date, steps: int) -> str:
    return str(day.year + steps)


_WORDS: dict[str, Callable[[date, int], str]] = {
    "date": _date,
    "mdy": _mdy,
    "date.fr": _date_fr,
    "weekday": _weekday,
    "weekday.fr": _weekday_fr,
    "month": _month,
    "month.name": _month_name,
    "year": _year,
}


def has_dates(text: str) -> bool:
    """Whether the text holds a date that depends on the day of publication."""
    return "{{" in text


def with_dates(text: str, published: date) -> str:
    """Put dates in words in the place of their placeholders.

    Raises:
        ValueError: a placeholder is not one of those that the module's docstring lists.
    """

    def words(match: re.Match[str]) -> str:
        name, steps = match.group(1), int(match.group(2) or 0)
        if name not in _WORDS:
            raise ValueError(f"{match.group(0)} is not a date; write one of {', '.join(_WORDS)}")
        return _WORDS[name](published, steps)

    filled = _PLACEHOLDER.sub(words, text)
    if "{{" in filled:
        raise ValueError(f"there is a malformed date near {filled[filled.index('{{') :][:30]!r}")
    return filled


def blocks(body: str) -> tuple[Block, ...]:
    """Split a body into its blocks."""
    return tuple(_block(chunk) for chunk in re.split(r"\n\s*\n", body.strip()) if chunk.strip())


def _block(chunk: str) -> Block:
    lines = [line.strip() for line in chunk.strip().splitlines()]
    if lines[0].startswith("- "):
        return Block("list", _items(lines))
    joined = " ".join(lines)
    if joined.startswith("## "):
        return Block("heading", (joined.removeprefix("## "),))
    if joined.startswith("> "):
        return Block("quotation", (joined.removeprefix("> "),))
    return Block("paragraph", (joined,))


def _items(lines: list[str]) -> tuple[str, ...]:
    """A line that doesn't begin with a hyphen goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line.removeprefix("- "))
        else:
            items[-1] += f" {line}"
    return tuple(items)


def plain(text: str) -> str:
    """The words alone: links lose their targets."""
    return _LINK.sub(r"\1", text)


def links(text: str) -> tuple[str, ...]:
    """Every link target in the text."""
    return tuple(match.group(2) for match in _LINK.finditer(text))


def _inline(text: str, resolve: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        parts.append(html.escape(text[end : match.start()], quote=False))
        target = html.escape(resolve(match.group(2)))
        parts.append(f'<a href="{target}">{html.escape(match.group(1), quote=False)}</a>')
        end = match.end()
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def as_html(body: tuple[Block, ...], resolve: Callable[[str], str]) -> str:
    """Render blocks as HTML; `resolve` turns a link's target into an address."""
    return "\n".join(_block_html(block, resolve) for block in body)


def _block_html(block: Block, resolve: Callable[[str], str]) -> str:
    inner = [_inline(line, resolve) for line in block.lines]
    match block.kind:
        case "heading":
            return f"<h2>{inner[0]}</h2>"
        case "quotation":
            return f"<blockquote><p>{inner[0]}</p></blockquote>"
        case "list":
            return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in inner) + "\n</ul>"
        case "paragraph":
            return f"<p>{inner[0]}</p>"
