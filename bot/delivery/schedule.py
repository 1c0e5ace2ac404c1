"""When a channel hears its news: which moment a digest's hour is, what has to wait, and until when. Pure.

Local days and times of day name a digest; the moment that one is follows from the zone's rules, daylight saving
included. A time of day that a day does not have (clocks go forward) is the first moment after the gap, one that it has
twice (clocks go back) is the first of the two: each digest comes once on each of its days, never twice, never lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.models import Rhythm, Slot

#: Where a channel has no digests of its own, what its limits held back comes at the end of its quiet hours, else now.
MORNING = time(8, 0)
SATURDAY = 5
#: A digest that could not be made at its hour (an outage) is made up to so much later; then its content goes into the
#: next one: a morning's digest in the evening is yesterday's news.
LATE_MOST = timedelta(hours=6)
#: A digest's days repeat weekly; a zone may skip a whole day on top of that (Apia did in 2011).
_DAYS_AHEAD = 9


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time of day."""
    local = datetime.combine(day, at)
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap fold 0 counts with the offset from before it, fold 1 with that from after: the gap is between the two.
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


def next_slot(rhythm: Rhythm, after: datetime) -> Slot:
    """The first digest after a moment. Two whose hours fall into the same gap are one."""
    return next(slot for slot in _slots(rhythm, after) if slot.due > after)


def last_slot(rhythm: Rhythm, until: datetime) -> Slot:
    """The last digest up to a moment."""
    begin = until - timedelta(days=_DAYS_AHEAD)
    return max((slot for slot in _slots(rhythm, begin) if slot.due <= until), key=lambda slot: slot.due)


def _slots(rhythm: Rhythm, begin: datetime) -> Iterator[Slot]:
    """The digests of the days around and after a moment, in order."""
    zone = ZoneInfo(rhythm.zone)
    first = begin.astimezone(zone).date() - timedelta(days=2)
    times, days = _hours(rhythm)
    for day in (first + timedelta(days=number) for number in range(2 * _DAYS_AHEAD)):
        if day.weekday() in days:
            yield from (Slot(day, at, moment(day, at, zone)) for at in times)


def _hours(rhythm: Rhythm) -> tuple[tuple[time, ...], tuple[int, ...]]:
    """The times and weekdays of a channel's digests: its own, or those at which what was held back is rolled up."""
    times = rhythm.at or ((rhythm.quiet[1],) if rhythm.quiet else (MORNING,))
    days = rhythm.days if rhythm.at else tuple(range(7))
    if rhythm.rests_weekends:
        days = tuple(day for day in days if day < SATURDAY) or tuple(range(SATURDAY))
    return tuple(sorted(set(times))), days


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Whether these are a channel's quiet hours."""
    return _quiet_end(rhythm, now) is not None


def _quiet_end(rhythm: Rhythm, now: datetime) -> datetime | None:
    """When the quiet hours end that are now; None: there are none now.

    Moments are compared, not times of day: where clocks go back, an end that comes twice is over at its first.
    """
    if rhythm.quiet is None:
        return None
    begin, end = rhythm.quiet
    zone = ZoneInfo(rhythm.zone)
    today, night = now.astimezone(zone).date(), timedelta(days=1 if end <= begin else 0)
    for day in (today - timedelta(days=1), today):
        ends = moment(day + night, end, zone)
        if moment(day, begin, zone) <= now < ends:
            return ends
    return None


def quiet_until(rhythm: Rhythm, now: datetime) -> datetime:
    """When nothing keeps a channel quiet any more: the end of its quiet hours and of its weekend; `now`: at once."""
    zone, when = ZoneInfo(rhythm.zone), now
    for _ in range(4):  # a quiet night may lead into a weekend, and that into a quiet morning
        local = when.astimezone(zone)
        if rhythm.rests_weekends and local.weekday() >= SATURDAY:
            when = moment(local.date() + timedelta(days=7 - local.weekday()), time(0), zone)
        elif (ends := _quiet_end(rhythm, when)) is not None:
            when = ends
        else:
            break
    return when


def day_began(rhythm: Rhythm, now: datetime) -> datetime:
    """When the channel's local day began."""
    zone = ZoneInfo(rhythm.zone)
    return moment(now.astimezone(zone).date(), time(0), zone)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many stories a channel got as posts, those on their way included."""

    last_hour: int
    today: int


def hold(rhythm: Rhythm, now: datetime, pace: Pace) -> str | None:
    """Why a story must wait for the next digest, as a sentence; None: it may be posted now."""
    why = _reason(rhythm, now, pace)
    if why is None:
        return None
    slot = next_slot(rhythm, now)
    return f"It waits for the digest of {slot.day:%A} {slot.at:%H:%M} ({rhythm.zone}): {why}."


def _reason(rhythm: Rhythm, now: datetime, pace: Pace) -> str | None:
    if not rhythm.posts:
        return "this channel hears its news in digests"
    if rhythm.rests_weekends and now.astimezone(ZoneInfo(rhythm.zone)).weekday() >= SATURDAY:
        return "this channel rests on weekends"
    if rhythm.quiet is not None and is_quiet(rhythm, now):
        return f"this channel is quiet from {rhythm.quiet[0]:%H:%M} to {rhythm.quiet[1]:%H:%M}"
    if rhythm.hourly is not None and pace.last_hour >= rhythm.hourly:
        return f"at most {rhythm.hourly} an hour are posted here"
    if rhythm.daily is not None and pace.today >= rhythm.daily:
        return f"at most {rhythm.daily} a day are posted here"
    return None
