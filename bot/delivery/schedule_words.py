"""A rhythm as people type it: `weekdays 8:30 17:00 Europe/Berlin`, `quiet 22-7`, `limit 3/h`. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import time
from functools import cache
from importlib.resources import files

from bot.errors import UserError
from bot.models import Rhythm
from bot.models.digests import EVERY_DAY

VERBS = ("daily", "weekdays", "now", "off", "posts", "quiet", "limit", "weekend", "zone", "empty")
"""What may follow `digest`; names of days may, too."""
HOURS_MOST = 6
"""More digests a day than that are no digests."""
LIMIT_MOST = 500
NEAR = 0.6
"""How alike (difflib's ratio) a mistyped word must be to one of ours to be offered."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST_DAY = 2
_GROUPS: Mapping[str, tuple[int, ...]] = {
    "daily": EVERY_DAY,
    "weekdays": EVERY_DAY[:5],
    "weekends": EVERY_DAY[5:],
}
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
_SPAN = re.compile(r"\s*(?:-|–|to|until)\s*")
_LIMIT = re.compile(r"(?P<most>\d{1,4})\s*(?:/|per|an?)\s*(?P<span>hours?|h|days?|d)\b")
_FILLERS = frozenset({"at", "and", "on", "in", "every", "from", "&"})
_ON = frozenset({"on", "yes"})
_OFF = frozenset({"off", "no", "none", "never"})


def changed(rhythm: Rhythm, typed: str) -> Rhythm:
    """The rhythm after what was typed.

    Raises:
        UserError: it is not understood, with what to type.
    """
    word, _, rest = " ".join(typed.replace(",", " ").split()).partition(" ")
    verb = _verb(word)
    if verb in {"daily", "weekdays", ""}:
        return checked(_hours(rhythm, f"{verb or word} {rest}"))
    how: Mapping[str, Callable[[Rhythm, str], Rhythm]] = {
        "off": _off,
        "posts": lambda was, said: replace(was, posts=_switch(said, "posts")),
        "quiet": _quiet,
        "limit": _limit,
        "weekend": _weekend,
        "zone": lambda was, said: replace(was, zone=zone_named(said)),
        "empty": lambda was, said: replace(was, tells_empty=_switch(said, "empty")),
    }
    if verb not in how:
        raise UserError("`digest now` shows the next digest; nothing follows it.")
    return checked(how[verb](rhythm, rest))


def checked(rhythm: Rhythm) -> Rhythm:
    """A rhythm that makes sense.

    Raises:
        UserError: it would never say anything, or has too many hours.
    """
    if len(rhythm.at) > HOURS_MOST:
        raise UserError(f"{HOURS_MOST} digests a day are the most.")
    if rhythm.at and not rhythm.days:
        raise UserError("On which days? For example: `digest weekdays 8:30`.")
    if not rhythm.posts and not rhythm.at:
        raise UserError("When does the digest come, then? For example: `digest daily 8:30`.")
    if rhythm.rests_weekends and rhythm.at and not set(rhythm.days) & set(_GROUPS["weekdays"]):
        raise UserError("The digest would come on weekends alone, and weekends rest. Change one of them.")
    if rhythm.quiet is not None and rhythm.quiet[0] == rhythm.quiet[1]:
        raise UserError("Quiet hours that end when they begin would never end. For example: `digest quiet 22-7`.")
    return rhythm


def _verb(word: str) -> str:
    """The verb that a word is or begins; "" for a day or an hour."""
    word = word.lower()
    if word in VERBS:
        return word
    if word == "weekends" or _TIME.fullmatch(word) or _day_words(word) is not None:
        return ""
    begun = [verb for verb in VERBS if word and verb.startswith(word)]
    if len(begun) == 1:
        return begun[0]
    near = difflib.get_close_matches(word, [*VERBS, *DAYS], n=1, cutoff=NEAR)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    known = ", ".join(f"`{verb}`" for verb in VERBS)
    raise UserError(f"After `digest` comes one of {known}, or days and hours such as `mon thu 9:00`.{meant}")


def _hours(rhythm: Rhythm, typed: str) -> Rhythm:
    """Days, times and a zone in any order; what is not named stays, the days become every day."""
    days: list[int] = []
    times: list[time] = []
    zone, posts = rhythm.zone, False
    words = re.sub(r"(?i)(?:\b(?:plus|with)|\+)\s*posts\b", "+posts", typed).split()
    for word in (word.strip(",;") for word in words):
        if word == "+posts":
            posts = True
        elif word.lower() in _FILLERS or not word:
            continue
        elif (found := _day_words(word.lower())) is not None:
            days += found
        elif _TIME.fullmatch(word):
            times.append(time_named(word))
        else:
            zone = zone_named(word)
    if not times and not rhythm.at:
        raise UserError("At what time? For example: `digest daily 8:30`, or `digest weekdays 9:00 17:00`.")
    return replace(
        rhythm,
        at=tuple(sorted(set(times))) or rhythm.at,
        days=tuple(sorted(set(days))) or EVERY_DAY,
        zone=zone,
        posts=posts,
    )


def _day_words(word: str) -> tuple[int, ...] | None:
    """The days of `daily`, `weekdays`, `mon`, `mon-fri`; None: it names no day."""
    for name, days in _GROUPS.items():
        if len(word) > len("week") and name.startswith(word.rstrip("s")) and word.rstrip("s") != "weekend":
            return days
    if word in {"weekend", "weekends"}:
        return _GROUPS["weekends"]
    ends = [_day(part) for part in re.split(r"[-–]", word)]
    if any(end is None for end in ends) or len(ends) > 2:  # noqa: PLR2004  # from and to
        return None
    first, last = ends[0], ends[-1]
    assert first is not None
    assert last is not None
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _day(word: str) -> int | None:
    word = word.rstrip("s") if word not in DAYS else word
    found = [number for number, day in enumerate(DAYS) if len(word) >= SHORTEST_DAY and day.startswith(word)]
    return found[0] if len(found) == 1 else None


def time_named(text: str) -> time:
    """`8:30`, `8.30`, `17`, `9am` as a time of day.

    Raises:
        UserError: it is none.
    """
    found = _TIME.fullmatch(text.strip())
    if found is not None:
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
        if half and 1 <= hour <= 12:  # noqa: PLR2004  # a half day's hours
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 99
        if hour == 24 and minute == 0:  # noqa: PLR2004  # midnight, as some write it
            hour = 0
        if hour < 24 and minute < 60:  # noqa: PLR2004  # a day's hours, an hour's minutes
            return time(hour, minute)
    raise UserError(f"“{text.strip()}” is no time of day, such as 8:30 or 17:00.")


def _off(rhythm: Rhythm, _rest: str) -> Rhythm:
    """Each story as it happens again; quiet hours, limits and the zone stay."""
    return replace(rhythm, at=(), days=EVERY_DAY, posts=True)


def _quiet(rhythm: Rhythm, rest: str) -> Rhythm:
    if rest.lower() in _OFF:
        return replace(rhythm, quiet=None)
    parts = _SPAN.split(rest.strip())
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004  # from and until
        raise UserError("From when until when? For example: `digest quiet 22-7`, or `digest quiet off`.")
    return replace(rhythm, quiet=(time_named(parts[0]), time_named(parts[1])))


def _limit(rhythm: Rhythm, rest: str) -> Rhythm:
    said = rest.lower()
    if said in _OFF:
        return replace(rhythm, hourly=None, daily=None)
    found = list(_LIMIT.finditer(said))
    if not found or _LIMIT.sub("", said).replace("and", "").strip():
        raise UserError("How many? For example: `digest limit 3/h`, `digest limit 10/d`, or `digest limit off`.")
    for one in found:
        most = int(one["most"])
        if not 1 <= most <= LIMIT_MOST:
            raise UserError(f"A limit is a number from 1 to {LIMIT_MOST}. For none at all: `digest daily 8:30`.")
        rhythm = replace(rhythm, hourly=most) if one["span"].startswith("h") else replace(rhythm, daily=most)
    return rhythm


def _weekend(rhythm: Rhythm, rest: str) -> Rhythm:
    said = rest.lower()
    if said in {"rest", "rests", "quiet"}:
        return replace(rhythm, rests_weekends=True)
    if said in {"open", "normal", "post", "posts"}:
        return replace(rhythm, rests_weekends=False)
    if _TIME.match(said):
        return _hours(rhythm, f"weekends {rest}")
    raise UserError("`digest weekend rest` keeps Saturdays and Sundays free, `digest weekend open` does not.")


def _switch(said: str, verb: str) -> bool:
    if said.lower() in _ON:
        return True
    if said.lower() in _OFF:
        return False
    raise UserError(f"On or off? `digest {verb} on`, or `digest {verb} off`.")


@cache
def zones() -> Mapping[str, str]:
    """Every zone by its name in small letters."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8")  # `available_timezones` opens 600 files
    return {name.casefold(): name for name in listed.split()}


def zone_named(text: str) -> str:
    """The IANA name of a zone, from that or from its city.

    Raises:
        UserError: there is none, or there are several, with the nearest.
    """
    wanted = "_".join(text.casefold().split())
    known = zones()
    if wanted in known:
        return known[wanted]
    cities = [name for key, name in known.items() if key.rpartition("/")[2] == wanted and "/" in key]
    if len(cities) == 1:
        return cities[0]
    near = cities or [known[key] for key in _near(wanted, known)]
    meant = f" Did you mean {' or '.join(sorted(near)[:3])}?" if near else ""
    raise UserError(f"I know no time zone “{text.strip()[:60]}”. A zone is written like Europe/Berlin.{meant}")


def _near(wanted: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(wanted, known, n=1, cutoff=NEAR)
