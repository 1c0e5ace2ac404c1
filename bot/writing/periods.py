"""Time phrases of a question as the span of publication dates they mean; pure. All in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {name[:3]: number for number, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_BY_NAME = {name: number for number, name in enumerate(_MONTHS, 1)} | _SHORT
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "couple of": 2, "few": 3}
_UNIT_DAYS = {"hour": 1, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MONTH = "|".join(sorted(_BY_NAME, key=len, reverse=True))
_OVER = "(?:in |over |during |within |for )?"
_UNIT = "(?P<unit>hour|day|week|month|quarter|year)"
_COUNT = r"\d{1,3}|" + "|".join(_NUMBERS)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (inclusive) to `until` (exclusive); None is open. `shown` is the phrase it was read from."""

    since: datetime | None = None
    until: datetime | None = None
    shown: str = ""

    def precedes(self, oldest: datetime | None) -> bool:
        """Whether it names a year and ends before anything was read: then it is a fact of texts, no date of theirs."""
        named = self.until is not None and _A_YEAR.search(self.shown) is not None
        return named and oldest is not None and self.until is not None and self.until <= oldest


_A_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """The days from `first` to before `last`."""
    return _start(first), _start(last)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _quarter(year: int, number: int) -> tuple[datetime, datetime]:
    first = date(year, 3 * number - 2, 1)
    return _span(first, _month_after(_month_after(_month_after(first))))


def _named(word: str, today: date) -> tuple[datetime, datetime] | None:  # noqa: PLR0911 - one for each phrase
    """`today`, `this week`, `last month` and their like."""
    which, _, unit = word.partition(" ")
    back = 1 if which in {"last", "previous", "past"} else 0
    if word in {"today", "yesterday"}:
        day = today - timedelta(days=word == "yesterday")
        return _span(day, day + timedelta(days=1))
    if unit == "week":
        first = _monday(today) - timedelta(days=7 * back)
        return _span(first, first + timedelta(days=7))
    if unit == "weekend":
        first = _monday(today) - timedelta(days=2)
        return _span(first, first + timedelta(days=2))
    if unit == "month":
        first = (today.replace(day=1) - timedelta(days=back)).replace(day=1)
        return _span(first, _month_after(first))
    if unit == "quarter":
        count = today.year * 4 + (today.month - 1) // 3 - back
        return _quarter(count // 4, count % 4 + 1)
    if unit == "year":
        return _span(date(today.year - back, 1, 1), date(today.year - back + 1, 1, 1))
    return None


def _past_month(name: str, year: str | None, today: date) -> date:
    """The first of the latest such month that has begun."""
    month = _BY_NAME[name]
    if year:
        return date(int(year), month, 1)
    return date(today.year - (month > today.month), month, 1)


def _past_weekday(name: str, today: date) -> date:
    """The latest such day that is over or today."""
    return today - timedelta(days=(today.weekday() - _DAYS.index(name)) % 7)


def _recent(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    word = match["n"] or "1"
    count = int(word) if word.isdigit() else _NUMBERS[word]
    return _start(today - timedelta(days=count * _UNIT_DAYS[match["unit"]])), None


def _since_day(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    if match["weekday"]:
        return _start(_past_weekday(match["weekday"], today)), None
    if match["year"] and not match["month"]:
        return _start(date(int(match["year"]), 1, 1)), None
    first = _past_month(match["month"], match["year"], today)
    day = int(match["day"] or match["day2"] or 1)
    try:
        first = first.replace(day=day)
    except ValueError:
        return None, None
    if first > today:
        first = first.replace(year=first.year - 1)
    return _start(first), None


def _before_day(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    return None, _since_day(match, today)[0]


def _in_month(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    first = _past_month(match["month"], match["year"], today)
    return _span(first, _month_after(first)) if first <= today else (None, None)


def _in_quarter(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    number = int(match["q"])
    year = int(match["year"]) if match["year"] else today.year - (date(today.year, 3 * number - 2, 1) > today)
    since, until = _quarter(year, number)
    return (since, until) if since <= _start(today) else (None, None)


def _by_name(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    return _named(re.sub(r"\s+", " ", match["name"].lower()), today) or (None, None)


def _on_weekday(match: re.Match[str], today: date) -> tuple[datetime | None, datetime | None]:
    day = _past_weekday(match["weekday"], today)
    return _span(day, day + timedelta(days=1))


_DATE = (
    rf"(?:(?P<weekday>{'|'.join(_DAYS)})|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{_MONTH})\b\.?"
    r"(?: (?P<day2>\d{1,2})(?!\d)(?:st|nd|rd|th)?)?,?(?: ?(?P<year>(?:1\d|20)\d\d))?)"
)
_SINCE = _DATE.replace("(?P<weekday>", "(?:the )?(?P<weekday>", 1)
_Reader = Callable[[re.Match[str], date], tuple[datetime | None, datetime | None]]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), reader)
    for pattern, reader in (
        (rf"{_OVER}(?:the )?(?:last|past|previous) (?P<n>{_COUNT}) {_UNIT}s", _recent),
        (r"(?:in |over |during )?the (?:last|past) (?P<n>)?(?P<unit>week|month|quarter|year)", _recent),
        (rf"since (?:early |mid |late )?{_SINCE}", _since_day),
        (rf"(?:before|until|up to) {_DATE}", _before_day),
        (r"(?:in |of |during )?Q(?P<q>[1-4])(?: (?:of )?(?P<year>20\d\d))?", _in_quarter),
        (rf"(?:in|during) (?P<month>{_MONTH})\b(?: (?:of )?(?P<year>(?:1\d|20)\d\d))?", _in_month),
        ((
r"(?P<name>today|yesterday|this week|last week|this month|last month|this quarter|last quarter"
r"|this year|last year|last weekend)"
), _by_name),
        (rf"on (?P<weekday>{'|'.join(_DAYS)})", _on_weekday),
    )
)  # fmt: skip


def read(question: str, now: datetime) -> Period:
    """The first time phrase of a question as a span of publication dates; open on both ends without one.

    Months and quarters without a year are the latest that have begun; a future one names no publication date.
    """
    today = now.astimezone(UTC).date()
    lowered = question.lower()
    for pattern, reader in _READERS:
        match = pattern.search(lowered)
        if match is None or (match.groupdict().get("month") == "may" and "may" not in lowered.split("in ")[-1][:4]):
            continue
        since, until = reader(match, today)
        if since or until:
            return Period(since, until, match[0])
    return Period()
