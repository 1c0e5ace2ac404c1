"""Dates as feeds write them: RFC 822, ISO 8601, and what people make of them in several languages. Pure.

Written down explicitly rather than guessed: a date that can't be read is None, and the item counts from when it was
first seen. A wrong date is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    1: "jan january janvier janv januar jänner januari enero ene gennaio gen janeiro styczen stycznia января янв ocak",
    2: "feb february fevrier fevr fev februar februari febrero febbraio fevereiro luty lutego февраля фев subat",
    3: "mar march mars mär märz mrz maart marzo março marzec marca марта мар mart",
    4: "apr april avril avr abril abr aprile kwiecien kwietnia апреля апр nisan",
    5: "may mai mayo maggio mag maio maj maja mei мая mayis",
    6: "jun june juin juni junio giugno giu junho czerwiec czerwca июня июн haziran",
    7: "jul july juillet juil juli julio luglio lug julho lipiec lipca июля июл temmuz",
    8: "aug august aout augusti augustus agosto ago sierpien sierpnia августа авг agustos",
    9: "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia сентября сен eylul",
    10: "oct october octobre okt oktober octubre ottobre ott outubro out pazdziernik pazdziernika октября окт ekim",
    11: "nov november novembre noviembre novembro listopad listopada ноября ноя kasim",
    12: "dec december decembre dez dezember diciembre dic dicembre dezembro grudzien grudnia декабря дек aralik",
}


def _bare(word: str) -> str:
    """Lower case without accents."""
    text = unicodedata.normalize("NFKD", word.lower().replace("ł", "l"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


_MONTH = {_bare(word): number for number, words in _MONTHS.items() for word in words.split()}
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9,
    "akdt": -8, "hst": -10, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "awst": 8, "nzst": 12, "nzdt": 13, "sgt": 8,
    "hkt": 8,
}  # fmt: skip
_ISO = re.compile(
    r"^([+-]?\d{4})-?(\d{1,2})-?(\d{1,2})(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*([A-Za-z]{1,5}|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_WORDS = re.compile(
    r"^(?:[^\W\d]+[.,]*\s+)?(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s.-]+(?:de\s+)?([^\W\d]+)[.,]?[\s-]+(?:de\s+)?(\d{2,4})"
)
_MONTH_FIRST = re.compile(r"^(?:[^\W\d]+[.,]*\s+)??([^\W\d]+)[.,]?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NUMBERS = re.compile(r"^(?:[^\W\d]+[.,]*\s+)?(\d{1,4})[/.](\d{1,2})[/.](\d{2,4})")
_CJK = re.compile(r"^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?(?:[Mm]\b\.?)?\s*\(?([A-Za-z]{1,4}\b)?\s*([+-]\d{2}:?\d{2})?"
)
_MAX = 100  # a longer text isn't a date


def parse_date(text: str | None, language: str | None = None) -> datetime | None:
    """Read a date as an aware UTC time; None when it can't be read or isn't between 1990 and 2200.

    A date without a zone is taken for UTC, one without a time for midnight. In `1/2/2026` the month comes first in
    English and where no language is given, otherwise the day; a number over 12 settles it.
    """
    if not text or len(text) > _MAX:
        return None
    clean = re.sub(r"\s+", " ", text).strip().strip('"')
    for read in (_iso, _worded, _numeric):
        try:
            moment = read(clean, (language or "en").lower())
        except (ValueError, OverflowError):
            continue
        if moment is not None:
            return moment if 1990 <= moment.year <= 2200 else None  # noqa: PLR2004 - before feeds there were no feeds
    return None


def _iso(text: str, _: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    return _moment(int(year), int(month), int(day), (int(hour or 0), int(minute or 0), int(second or 0)), _zone(zone))


def _worded(text: str, _: str) -> datetime | None:
    match = _WORDS.match(text)
    if match is not None:
        day, word, year = match.groups()
    else:
        match = _MONTH_FIRST.match(text)
        if match is None:
            return None
        word, day, year = match.groups()
    month = _MONTH.get(_bare(word))
    if month is None:
        return None
    return _moment(_year(year), month, int(day), *_time(text[match.end() :]))


def _numeric(text: str, language: str) -> datetime | None:
    match = _CJK.match(text)
    if match is not None:
        year, month, day = (int(part) for part in match.groups())
        return _moment(year, month, day, *_time(text[match.end() :]))
    match = _NUMBERS.match(text)
    if match is None:
        return None
    first, second, third = match.groups()
    if len(first) == 4:  # noqa: PLR2004 - a year
        year, month, day = int(first), int(second), int(third)
    else:
        one, two, year = int(first), int(second), _year(third)
        day_first = one > 12 or (two <= 12 and (not language.startswith("en") or "." in match.group()))  # noqa: PLR2004
        day, month = (one, two) if day_first else (two, one)
    return _moment(year, month, day, *_time(text[match.end() :]))


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:  # noqa: PLR2004 - in full
        return number
    return 2000 + number if number < 70 else 1900 + number  # noqa: PLR2004 - the usual pivot


def _time(rest: str) -> tuple[tuple[int, int, int], timezone]:
    match = _TIME.search(rest)
    if match is None:
        return (0, 0, 0), UTC
    hour, minute, second, half, name, offset = match.groups()
    number = int(hour)
    if half and number <= 12:  # noqa: PLR2004 - a.m. and p.m.
        number = number % 12 + (12 if half in "Pp" else 0)
    return (number, int(minute), int(second or 0)), _zone(offset or name)


def _zone(text: str | None) -> timezone:
    if not text:
        return UTC
    match = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", text)
    if match:
        minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
        if minutes >= 24 * 60:
            return UTC
        return timezone(timedelta(minutes=-minutes if match.group(1) == "-" else minutes))
    return timezone(timedelta(hours=_ZONES.get(text.lower(), 0)))


def _moment(year: int, month: int, day: int, clock: tuple[int, int, int], zone: timezone) -> datetime:
    hour, minute, second = clock
    extra = timedelta()
    if hour == 24:  # noqa: PLR2004 - the end of the day
        hour, extra = 0, timedelta(days=1)
    return (datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone) + extra).astimezone(UTC)
