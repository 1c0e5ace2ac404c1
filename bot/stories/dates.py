"""Dates in a text, each as the days it may mean: 5 November 2026, Nov 5, Q3 2027, second half of 2027, 2028."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_FOREIGN = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
for _line in _FOREIGN:
    _MONTHS |= {name: number for number, name in enumerate(_line.split(), start=1)}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}

_M = "|".join(sorted((re.escape(name) for name in _MONTHS), key=len, reverse=True))
_Y = r"(?:19[89]\d|20\d\d)"
_D = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|\.)?"
_O = "|".join(_ORDINALS)
_LINK = r"(?:,? of|,| in)?[ -]?(?:the )?"
_PART = "|".join(["early|mid|middle of|late|end of|beginning of|start of", *_SEASONS])
_FISCAL = r"(?:(?:fiscal(?: year)?|FY|calendar(?: year)?) ?)?"
_PATTERNS = (
    rf"(?P<d1>{_D})(?: of)?(?:[ -])(?:de )?(?P<m1>{_M})\.?(?:,?[ -](?:de )?(?P<y1>{_Y}))?",
    rf"(?P<m2>{_M})\.? (?P<d2>{_D})(?!\d|[.,]\d)(?:,? (?P<y2>{_Y}))?",
    rf"(?P<m3>{_M})\.?,?(?: of)? (?P<y3>{_Y})",
    rf"(?P<y4>{_Y})-(?P<m4>0[1-9]|1[0-2])-(?P<d4>0[1-9]|[12]\d|3[01])",
    rf"(?:Q(?P<q5>[1-4])|(?P<o5>{_O})[ -]quarter){_LINK}{_FISCAL}(?P<y5>{_Y}|['’]\d\d)?",
    rf"(?:H(?P<h6>[12])|(?P<o6>first|second|1st|2nd|latter|last)[ -]half){_LINK}{_FISCAL}(?P<y6>{_Y}|['’]\d\d)",
    rf"(?P<part7>{_PART})(?: of)?[ -]?(?:the )?(?P<y7>{_Y})",
    rf"(?:FY|fiscal(?: year)?|calendar(?: year)?) ?['’]?(?P<y8>{_Y}|\d\d(?!\d))",
    rf"(?P<y9>{_Y})s?",
)
_DATE = re.compile(r"(?<![\w$€£¥.,-])(?:" + "|".join(_PATTERNS) + r")(?![\w%]|[.,]\d|-\d)", re.IGNORECASE)
_YEAR_CUES = re.compile(
    r"(?:in|since|by|of|from|until|till|through|during|for|before|after|and|to|early|late|[-–(/])\s?$", re.IGNORECASE
)
# A bare four-digit number in this span is a year unless a unit or a counted noun says otherwise.
_YEARS = range(2005, 2061)
_PARTS = {
    "early": (1, 4), "beginning of": (1, 3), "start of": (1, 3), "mid": (5, 8), "middle of": (5, 8), "late": (9, 12),
    "end of": (10, 12),
}  # fmt: skip
_CENTURY = 2000
_MAY = "may"


@dataclass(frozen=True, slots=True)
class When:
    """A date or period in a text.

    Attributes:
        first, last: ordinals (`date.toordinal`) of its first and last day; with `yearless`, in the leap year 2000.
        yearless: the text names no year.
    """

    start: int
    end: int
    first: int
    last: int
    yearless: bool = False


def scan(text: str) -> Iterator[When]:
    """Every date in the text, left to right, without overlaps."""
    for match in _DATE.finditer(text):
        found = _read(match, text)
        if found is not None:
            yield found


def _read(match: re.Match[str], text: str) -> When | None:  # noqa: PLR0911 - one return per way to write a date
    part = {name: value for name, value in match.groupdict().items() if value is not None}
    kind = next(iter(part))[-1] if part else ""
    year = _year(part.get(f"y{kind}"))
    if kind in "124":
        return _day(match, part, kind, year)
    if kind == "3":
        month = _MONTHS[part["m3"].lower()]
        return _span(match, year, month, month)
    if kind == "5":
        quarter = int(part.get("q5") or _ORDINALS[part["o5"].lower()])
        return _span(match, year, 3 * quarter - 2, 3 * quarter)
    if kind == "6":
        late = part.get("h6") == "2" or part.get("o6", "").lower() in {"second", "2nd", "latter", "last"}
        return _span(match, year, 7 if late else 1, 12 if late else 6)
    if kind == "7":
        word = part["part7"].lower()
        first, last = _PARTS.get(word) or _SEASONS[word]
        return _span(match, year, first, last)
    if kind == "9":
        return _bare_year(match, year, text)
    return _span(match, year, 1, 12)


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    bare = int(written.strip("'’"))
    return bare if bare > _CENTURY // 2 else _CENTURY + bare


def _day(match: re.Match[str], part: dict[str, str], kind: str, year: int | None) -> When | None:
    written = part[f"m{kind}"]
    month = int(written) if written.isdigit() else _MONTHS[written.lower()]
    if written.lower() == _MAY and written != "May":
        return None  # "10 may be enough"
    day = int(re.sub(r"\D", "", part[f"d{kind}"]))
    try:
        ordinal = date(year or _CENTURY, month, day).toordinal()
    except ValueError:
        return None
    return When(match.start(), match.end(), ordinal, ordinal, yearless=year is None)


def _span(match: re.Match[str], year: int | None, first: int, last: int) -> When:
    anchor = year or _CENTURY
    end = date(anchor, last, calendar.monthrange(anchor, last)[1])
    return When(match.start(), match.end(), date(anchor, first, 1).toordinal(), end.toordinal(), yearless=year is None)


def _bare_year(match: re.Match[str], year: int | None, text: str) -> When | None:
    if year is None or match[0].endswith("s"):
        return None
    if year not in _YEARS and not _YEAR_CUES.search(text, max(0, match.start() - 10), match.start()):
        return None
    return _span(match, year, 1, 12)
