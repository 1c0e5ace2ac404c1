"""When a feed is asked again, how it is doing, and whether it has moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import hints_from_json, hints_to_json, schedule
from bot.feeds.headers import HeaderHints
from bot.feeds.health import judge
from bot.feeds.items import FeedHints
from bot.feeds.outcome import PollOutcome
from bot.models import Feed, FeedState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FINE = PollOutcome("unchanged")
FEED = Feed(id=1, url="https://news.example/feed", title="News", publisher="News")


def every(gap: timedelta, count: int = 10) -> list[datetime]:
    """Items that came with this gap, the last one a gap ago."""
    return [NOW - gap * number for number in range(1, count + 1)]


def wait(gap: timedelta | None = None, **options: object) -> timedelta:
    """How long until the next poll of a feed with this rhythm."""
    times = every(gap) if gap is not None else []
    result = schedule(now=NOW, **{"last": FINE, "recent_item_times": times, **options})  # type: ignore[arg-type]
    assert result.next_poll_at is not None
    return result.next_poll_at - NOW


def test_the_rhythm_of_its_items_sets_the_pace() -> None:
    """A busy feed is asked at the floor, a slow one daily, one in between a few times in a gap."""
    assert wait(timedelta(minutes=10)) == timedelta(minutes=5)
    assert wait(6 * HOUR) == HOUR
    assert wait(60 * DAY) == DAY
    assert wait() == HOUR


def test_a_feed_that_falls_quiet_is_asked_less_often() -> None:
    """The time since its last item counts, too."""
    old = [moment - 20 * DAY for moment in every(HOUR)]
    assert wait(last=FINE, recent_item_times=old) == DAY


def test_a_batch_of_items_is_no_rhythm() -> None:
    """Twenty items of one minute say nothing about the next."""
    assert wait(recent_item_times=[NOW - HOUR] * 20) == HOUR


def test_a_publishers_wish_beyond_the_ceiling_is_cut_to_it() -> None:
    """A year of max-age doesn't stop polling; a week of Retry-After is obeyed."""
    assert wait(HOUR, headers=HeaderHints(max_age_s=31_536_000)) == DAY
    down = PollOutcome("error", error_kind="http_503", retry_after_s=3 * 86_400)
    assert wait(last=down, error_count=1) == 3 * DAY


def test_skipped_hours_that_leave_nothing_are_ignored() -> None:
    """A feed that forbids every hour would never be read."""
    assert wait(timedelta(minutes=10), hints=FeedHints(skip_hours=tuple(range(24)))) == timedelta(minutes=5)
    assert wait(timedelta(minutes=10), hints=FeedHints(skip_days=tuple(range(7)))) == timedelta(minutes=5)


@given(
    st.lists(st.integers(-(10**6), 10**8), max_size=25),
    st.one_of(st.none(), st.floats(0, 10**7)),
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
    st.floats(0, 0.999),
    st.sampled_from(["new", "error"]),
    st.integers(0, 10**6),
)
def test_there_is_always_a_next_poll_and_never_too_soon(  # noqa: PLR0917 - drawn
    ages: list[int], max_age: float | None, hours: set[int], days: set[int], jitter: float, kind: str, errors: int
) -> None:
    """Whatever is said, the next poll comes after the floor, after max-age, outside skipped times, within days."""
    hints = FeedHints(skip_hours=tuple(hours), skip_days=tuple(days))
    waited = wait(
        last=PollOutcome(kind, error_kind="timeout" if kind == "error" else None),  # type: ignore[arg-type]
        recent_item_times=[NOW - timedelta(seconds=age) for age in ages],
        headers=HeaderHints(max_age_s=max_age),
        hints=hints,
        jitter=jitter,
        error_count=errors,
    )
    assert timedelta(minutes=5) <= waited <= 9 * DAY
    assert waited.total_seconds() >= min(max_age or 0, 86_400) - 0.001
    due = NOW + waited
    assert due.hour not in hours
    assert due.weekday() not in days
    assert hints_from_json(hints_to_json(hints)) == hints


def failing(kind: str = "timeout", **stored: object) -> tuple[Feed, PollOutcome]:
    """A feed as stored, and a failed poll."""
    feed = replace(FEED, **stored)  # type: ignore[arg-type]
    return feed, PollOutcome("error", error_kind=kind, sentence="news.example did not answer. It is asked again later.")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("timeout", FeedState.FAILING),
        ("http_404", FeedState.FAILING),
        ("http_403", FeedState.BLOCKED),
        ("http_429", FeedState.BLOCKED),
        ("html", FeedState.NOT_A_FEED),
        ("gone", FeedState.GONE),
    ],
)
def test_each_kind_of_trouble_has_its_state(kind: str, state: FeedState) -> None:
    """The state is a word that people understand, the sentence says what to do."""
    feed, outcome = failing(kind)
    health = judge(feed, outcome, NOW)
    assert (health.state, health.failing_since, health.error_count) == (state, NOW, 1)
    assert health.sentence.startswith("news.example did not answer.")


def test_admins_hear_once_that_a_feed_broke_and_once_that_it_is_back() -> None:
    """Through two days of failing polls every three hours, and then success: one word each, at the right time."""
    feed, outcome = failing()
    told = []
    for hour in range(0, 49, 3):
        now = NOW + hour * HOUR
        health = judge(feed, outcome, now)
        told.append((hour, health.tell))
        feed, _ = failing(
            state=health.state, failing_since=health.failing_since, error_count=health.error_count, last_poll_at=now
        )
    assert [entry for entry in told if entry[1]] == [(24, "broken")]
    assert "For 48 hours" in judge(feed, outcome, NOW + 48 * HOUR).sentence or "For 2 days" in health.sentence
    back = judge(feed, FINE, NOW + 50 * HOUR)
    assert (back.state, back.tell, back.error_count) == (FeedState.FRESH, "back", 0)
    assert back.sentence == "It answers again after 2 days of trouble."


def test_a_short_trouble_is_nobodys_news() -> None:
    """A feed that fails for an hour and comes back is fine, without a word."""
    feed, _ = failing(state=FeedState.FAILING, failing_since=NOW - HOUR, error_count=3, last_poll_at=NOW)
    health = judge(feed, FINE, NOW)
    assert (health.state, health.tell, health.failing_since) == (FeedState.FRESH, None, None)


def test_quiet_and_slow_feeds() -> None:
    """Nothing new for long after its rhythm is quiet; a very long answer is slow; both are told in words."""
    feed, _ = failing(last_new_at=NOW - 30 * DAY)
    assert judge(feed, FINE, NOW, usual_gap=DAY).state is FeedState.QUIET
    assert judge(feed, FINE, NOW, usual_gap=10 * DAY).state is FeedState.FRESH
    assert judge(feed, PollOutcome("new"), NOW, usual_gap=DAY).state is FeedState.FRESH
    slow = judge(feed, PollOutcome("new", elapsed_s=14.4), NOW)
    assert (slow.state, slow.sentence) == (FeedState.SLOW, "It answers, but took 14 seconds. Nothing needs to be done.")
