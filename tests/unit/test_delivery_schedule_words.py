from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import schedule_words
from bot.errors import UserError
from bot.models import Rhythm

BERLIN = Rhythm(zone="Europe/Berlin")
EIGHT = (time(8, 30),)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("daily 8:30", Rhythm(posts=False, at=EIGHT)),
        ("d 8.30", Rhythm(posts=False, at=EIGHT)),
        ("8:30", Rhythm(posts=False, at=EIGHT)),
        ("weekdays 9:00 Europe/Berlin", replace(BERLIN, posts=False, at=(time(9),), days=(0, 1, 2, 3, 4))),
        ("mon thu 9am plus posts", Rhythm(at=(time(9),), days=(0, 3))),
        ("fri-mon 5pm New York", None),
        ("fri-mon 5pm New_York", Rhythm("America/New_York", posts=False, at=(time(17),), days=(0, 4, 5, 6))),
        ("weekends at 10 and 18", Rhythm(posts=False, at=(time(10), time(18)), days=(5, 6))),
        ("quiet 22-7", Rhythm(quiet=(time(22), time(7)))),
        ("q 22:00 to 7:30", Rhythm(quiet=(time(22), time(7, 30)))),
        ("limit 3/h", Rhythm(hourly=3)),
        ("lim 3 an hour and 10 per day", Rhythm(hourly=3, daily=10)),
        ("weekend rest", Rhythm(rests_weekends=True)),
        ("zone tokyo", Rhythm("Asia/Tokyo")),
        ("empty on", Rhythm(tells_empty=True)),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(typed: str, meant: Rhythm | None) -> None:
    """Verbs and their beginnings, days, hours and zones in any order."""
    if meant is None:
        with pytest.raises(UserError):
            schedule_words.changed(Rhythm(), typed)
    else:
        assert schedule_words.changed(Rhythm(), typed) == meant


def test_what_is_not_named_stays() -> None:
    """Quiet hours, limits and the zone outlive other hours, and `off` ends the digests alone."""
    full = replace(BERLIN, posts=False, at=EIGHT, quiet=(time(22), time(7)), hourly=3, rests_weekends=True)
    assert schedule_words.changed(full, "daily 9:00") == replace(full, at=(time(9),))
    assert schedule_words.changed(full, "off") == replace(full, at=(), posts=True)
    assert schedule_words.changed(full, "posts on") == replace(full, posts=True)
    assert schedule_words.changed(full, "limit off").hourly is None
    assert schedule_words.changed(full, "quiet off").quiet is None
    assert not schedule_words.changed(full, "weekend open").rests_weekends


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dialy 8", "Did you mean `daily`?"),
        ("w 9", "After `digest` comes one of"),
        ("daily", "At what time?"),
        ("daily 25:00", "no time of day"),
        ("daily 13pm", "no time of day"),
        ("daily 8 Europe/Berln", "Did you mean Europe/Berlin?"),
        ("posts off", "When does the digest come"),
        ("quiet 22", "From when until when?"),
        ("quiet 7-7", "would never end"),
        ("limit 0/h", "from 1 to"),
        ("limit many", "How many?"),
        ("limit 3/h or so", "How many?"),
        ("empty perhaps", "On or off?"),
        ("weekend off", "`digest weekend rest`"),
        ("daily 1 2 3 4 5 6 7", "are the most"),
        ("now please", "nothing follows it"),
    ],
)
def test_what_is_not_understood_says_what_to_type(typed: str, said: str) -> None:
    """Every mistake is answered by an example or the nearest word."""
    with pytest.raises(UserError) as refused:
        schedule_words.changed(BERLIN, typed)
    assert said in str(refused.value)


def test_a_digest_on_weekends_alone_cannot_rest_on_weekends() -> None:
    """A channel that would never hear anything is refused, whichever came first."""
    with pytest.raises(UserError, match="weekends rest"):
        schedule_words.changed(replace(BERLIN, rests_weekends=True), "weekends 10:00")
    with pytest.raises(UserError, match="weekends rest"):
        schedule_words.changed(replace(BERLIN, at=EIGHT, days=(5, 6)), "weekend rest")


@given(st.text(max_size=60))
def test_anything_typed_is_a_rhythm_or_a_sentence(typed: str) -> None:
    """Nothing that people type breaks it: a rhythm that makes sense, or a `UserError`."""
    with contextlib.suppress(UserError):
        made = schedule_words.changed(BERLIN, typed)
        assert schedule_words.checked(made) == made
