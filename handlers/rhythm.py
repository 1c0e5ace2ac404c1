"""What the form of a channel's rhythm says, and the word that asks for a preview, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from bot.models import Rhythm
from bot.models.digests import EVERY_DAY

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A view's `state.values`, as Slack's JSON has it: by block, then by element."""


def is_now(rest: str) -> bool:
    """Whether what follows `digest` asks for a preview: `now`, or the beginning of it."""
    word = rest.strip().lower()
    return bool(word) and "now".startswith(word)


def rhythm_problems(values: Values) -> dict[str, str]:
    """What is wrong in the form of a channel's rhythm, at which field; nothing: it can be read."""
    problems = {}
    if _of(values, "mode", "selected_option") is not None and _mode(values) != "posts":
        if not _times(values):
            problems["first"] = "At what time does the digest come?"
        if not _ticked(values, "days"):
            problems["days"] = "Choose at least one day."
    begin, end = (_of(values, name, "selected_time") for name in ("quiet_from", "quiet_until"))
    if bool(begin) != bool(end):
        problems["quiet_until" if begin else "quiet_from"] = "Quiet hours have a beginning and an end."
    elif begin and begin == end:
        problems["quiet_until"] = "Quiet hours that end when they begin would never end."
    if not str(_of(values, "zone", "value") or "").strip():
        problems["zone"] = "In which time zone? For example Europe/Berlin."
    return problems


def read_rhythm(values: Values, before: Rhythm) -> Rhythm:
    """The rhythm that the form asks for; the zone as typed. Further hours than the form shows are kept."""
    mode = _mode(values)
    begin, end = (_of(values, name, "selected_time") for name in ("quiet_from", "quiet_until"))
    further = before.at[2:]
    hourly, daily = (_of(values, name, "value") for name in ("hourly", "daily"))
    also = _ticked(values, "also")
    return Rhythm(
        zone=str(_of(values, "zone", "value") or "").strip(),
        posts=mode != "digests",
        at=tuple(sorted({*_times(values), *further})) if mode != "posts" else (),
        days=tuple(sorted(int(day) for day in _ticked(values, "days"))) if mode != "posts" else EVERY_DAY,
        quiet=(time.fromisoformat(begin), time.fromisoformat(end)) if begin and end else None,
        rests_weekends="weekend" in also,
        hourly=int(hourly) if hourly else None,
        daily=int(daily) if daily else None,
        tells_empty="empty" in also,
    )


def _mode(values: Values) -> str:
    return str(_of(values, "mode", "selected_option")["value"])


def _times(values: Values) -> tuple[time, ...]:
    found = (_of(values, name, "selected_time") for name in ("first", "second"))
    return tuple(time.fromisoformat(at) for at in found if at)


def _ticked(values: Values, name: str) -> tuple[str, ...]:
    return tuple(str(entry["value"]) for entry in _of(values, name, "selected_options") or ())


def _of(values: Values, name: str, what: str) -> Any:  # noqa: ANN401  # Slack's JSON
    return values.get(name, {}).get(name, {}).get(what)
