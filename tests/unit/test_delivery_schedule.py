from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import schedule
from bot.delivery.schedule import Pace
from bot.models import Rhythm, Slot

#: Half an hour (Lord Howe), the southern summer, a skipped day (Apia in 2011), rules around Ramadan (Casablanca),
#: clocks that change at midnight (Beirut, Cairo), no changes at all (Tokyo, Kolkata) and the large ones.
ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Santiago",
    "America/Havana", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia",
    "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Tokyo", "Asia/Kolkata", "Asia/Gaza", "UTC",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def at(text: str) -> time:
    """A time of day."""
    return time.fromisoformat(text)


def run(rhythm: Rhythm, begin: datetime, end: datetime) -> list[Slot]:
    """Every digest between two moments, each found from the one before, as the loop does."""
    found, after = [], begin
    while (slot := schedule.next_slot(rhythm, after)).due <= end:
        found.append(slot)
        after = slot.due
    return found


def changes(zone: str, begin: int, end: int) -> list[datetime]:
    """The moments, to the minute, at which a zone's clocks change in these years."""
    info = ZoneInfo(zone)
    found = []
    for hours in range(int((datetime(end, 1, 1, tzinfo=UTC) - datetime(begin, 1, 1, tzinfo=UTC)) / timedelta(hours=1))):
        hour = datetime(begin, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        if hour.astimezone(info).utcoffset() != (hour + timedelta(hours=1)).astimezone(info).utcoffset():
            before = hour.astimezone(info).utcoffset()
            found.append(
                next(m for m in (hour + n * MINUTE for n in range(61)) if m.astimezone(info).utcoffset() != before)
            )
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_each_hour_comes_once_a_day_around_every_change_of_the_clocks(zone: str) -> None:
    """Around each change of three years, every time of day has its one digest on each day, in order, never two."""
    info = ZoneInfo(zone)
    for change in changes(zone, 2025, 2028):
        day = change.astimezone(info).date()
        for hour in (at(f"{h:02}:{m:02}") for h in (0, 1, 2, 3) for m in (0, 15, 30, 59)):
            slots = run(Rhythm(zone=zone, at=(hour,)), change - 3 * DAY, change + 3 * DAY)
            days = Counter(slot.day for slot in slots)
            assert all(days[day + step * DAY] == 1 for step in (-1, 0, 1))
            assert max(days.values()) == 1
            assert all(a.due < b.due for a, b in pairwise(slots))
            for slot in slots:
                local = slot.due.astimezone(info)
                if local.replace(tzinfo=None) == datetime.combine(slot.day, slot.at):
                    assert local.fold == 0  # an hour that comes twice: the first of them
                else:  # an hour that does not exist: the first moment after the gap
                    assert slot.due == change
                    assert (slot.due - MINUTE).astimezone(info).replace(tzinfo=None) < datetime.combine(
                        slot.day, slot.at
                    )


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hours=st.sets(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=4),
    days=st.sets(st.integers(0, 6), min_size=1),
    start=st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE),
)
def test_no_digest_is_lost_or_doubled_wherever_one_starts(
    zone: str, hours: set[time], days: set[int], start: datetime
) -> None:
    """Stepping from slot to slot meets each chosen hour of each chosen day; the last one up to a slot is that slot."""
    rhythm = Rhythm(zone=zone, at=tuple(sorted(hours)), days=tuple(sorted(days)))
    slots = run(rhythm, start, start + 15 * DAY)
    info = ZoneInfo(zone)
    first, last = start.astimezone(info).date(), (start + 15 * DAY).astimezone(info).date()
    inner = [first + step * DAY for step in range(1, (last - first).days) if (first + step * DAY).weekday() in days]
    wanted = {schedule.moment(day, hour, info) for day in inner for hour in hours}
    assert wanted <= {slot.due for slot in slots}
    assert len({slot.key for slot in slots}) == len(slots) == len({slot.due for slot in slots})
    for slot in slots:
        assert schedule.last_slot(rhythm, slot.due).due == slot.due
        assert slot.day.weekday() in days


def test_a_day_that_a_zone_skips_is_told_when_the_next_one_begins() -> None:
    """Apia had no 30 December 2011: its digest comes at the first moment of the 31st, which has its own as well."""
    slots = run(
        Rhythm(zone="Pacific/Apia", at=(at("08:30"),)),
        datetime(2011, 12, 29, 12, tzinfo=UTC),
        datetime(2011, 12, 31, 12, tzinfo=UTC),
    )
    assert [(slot.day, f"{slot.due:%d %H:%M}") for slot in slots] == [
        (date(2011, 12, 29), "29 18:30"),
        (date(2011, 12, 30), "30 10:00"),
        (date(2011, 12, 31), "30 18:30"),
    ]


def test_without_hours_what_was_held_comes_in_the_morning_or_after_the_quiet_hours() -> None:
    """The roll-up is at eight, or at the end of quiet hours; a resting weekend puts it off to Monday."""
    saturday = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert schedule.next_slot(Rhythm(), saturday).due == saturday.replace(day=22, hour=8)
    quiet = Rhythm(quiet=(at("22:00"), at("07:15")))
    assert schedule.next_slot(quiet, saturday).due == saturday.replace(day=22, hour=7, minute=15)
    rests = Rhythm(quiet=(at("22:00"), at("07:15")), rests_weekends=True)
    assert schedule.next_slot(rests, saturday).due == saturday.replace(day=23, hour=7, minute=15)


@pytest.mark.parametrize(
    ("rhythm", "moment", "until"),
    [
        (Rhythm(), "2026-11-22T12:00", "2026-11-22T12:00"),
        (Rhythm(quiet=(at("22:00"), at("07:00"))), "2026-11-22T21:59", "2026-11-22T21:59"),
        (Rhythm(quiet=(at("22:00"), at("07:00"))), "2026-11-22T22:00", "2026-11-23T07:00"),
        (Rhythm(quiet=(at("22:00"), at("07:00"))), "2026-11-22T03:00", "2026-11-22T07:00"),
        (Rhythm(quiet=(at("12:00"), at("13:00"))), "2026-11-22T12:30", "2026-11-22T13:00"),
        # A quiet Friday night, the weekend, and a quiet Monday morning.
        (Rhythm(quiet=(at("22:00"), at("07:00")), rests_weekends=True), "2026-11-20T23:00", "2026-11-23T07:00"),
        (Rhythm(rests_weekends=True), "2026-11-21T08:00", "2026-11-23T00:00"),
    ],
)
def test_when_quiet_ends(rhythm: Rhythm, moment: str, until: str) -> None:
    """Nights over midnight, middays, weekends and what they add up to."""
    assert schedule.quiet_until(rhythm, datetime.fromisoformat(moment + "Z")) == datetime.fromisoformat(until + "Z")


NIGHT = Rhythm("Europe/Berlin", quiet=(at("22:00"), at("02:30")))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        # Clocks go forward on 29 March: 02:30 does not exist, quiet ends at 03:00, which is 01:00 UTC.
        ("2026-03-29T00:30", "2026-03-29T01:00"),
        ("2026-03-29T01:00", None),
        # Clocks go back on 25 October: 02:30 comes twice, quiet ends at the first, 00:30 UTC, and does not begin again.
        ("2026-10-25T00:15", "2026-10-25T00:30"),
        ("2026-10-25T01:15", None),
        # The night after has its usual length.
        ("2026-10-25T22:00", "2026-10-26T01:30"),
    ],
)
def test_quiet_hours_end_once_where_the_clocks_change(moment: str, until: str | None) -> None:
    """What comes up in the hour that is there twice waits no day longer."""
    now = datetime.fromisoformat(moment + "Z")
    assert schedule.is_quiet(NIGHT, now) is (until is not None)
    assert schedule.quiet_until(NIGHT, now) == datetime.fromisoformat((until or moment) + "Z")
    held = schedule.hold(NIGHT, now, Pace(0, 0))
    assert (held is not None) is (until is not None)
    if until is not None:
        assert schedule.next_slot(NIGHT, now).due == datetime.fromisoformat(until + "Z")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_whenever_it_is_quiet_there_is_an_end_within_a_day(zone: str) -> None:
    """Every quarter of an hour around each change of the clocks: quiet ends, and at its end it is not quiet."""
    for quiet in ((at("22:00"), at("02:30")), (at("01:30"), at("02:15")), (at("00:00"), at("06:00"))):
        rhythm = Rhythm(zone, quiet=quiet)
        for begin in (
            datetime(2026, 3, 28, tzinfo=UTC),
            datetime(2026, 4, 4, tzinfo=UTC),
            datetime(2026, 10, 24, tzinfo=UTC),
        ):
            for number in range(4 * 48):
                now = begin + timedelta(minutes=15 * number)
                ends = schedule.quiet_until(rhythm, now)
                assert (ends > now) is schedule.is_quiet(rhythm, now)
                assert not schedule.is_quiet(rhythm, ends)
                assert ends - now <= timedelta(hours=9)


def test_what_holds_a_story_is_said_with_the_digest_it_waits_for() -> None:
    """Each rule holds by itself, in a sentence; the default rhythm holds nothing."""
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # a Sunday; 00:30 on Monday in Berlin
    none, few = Pace(0, 0), Pace(3, 9)
    assert schedule.hold(Rhythm(), now, few) is None
    held = schedule.hold(Rhythm(zone="Europe/Berlin", posts=False, at=(at("08:30"),)), now, none)
    assert held == "It waits for the digest of Monday 08:30 (Europe/Berlin): this channel hears its news in digests."
    assert "quiet from 22:00 to 07:00" in (schedule.hold(Rhythm(quiet=(at("22:00"), at("07:00"))), now, none) or "")
    assert "rests on weekends" in (schedule.hold(Rhythm(rests_weekends=True), now, none) or "")
    assert schedule.hold(Rhythm(zone="Europe/Berlin", rests_weekends=True), now, none) is None
    assert "at most 3 an hour" in (schedule.hold(Rhythm(hourly=3), now, few) or "")
    assert schedule.hold(Rhythm(hourly=4, daily=10), now, few) is None
    assert "at most 9 a day" in (schedule.hold(Rhythm(daily=9), now, few) or "")


def test_a_day_begins_at_the_channels_own_midnight() -> None:
    """So many a day means the day of the people who read it."""
    now = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert schedule.day_began(Rhythm(zone="Asia/Tokyo"), now) == datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
