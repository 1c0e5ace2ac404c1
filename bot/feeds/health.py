"""How is a feed, in words that people understand, and what can they do? Pure. Nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.feeds.outcome import NOT_FEEDS, REFUSED, PollOutcome
from bot.models import Feed, FeedState

TELL_AFTER = timedelta(days=1)
SLOW_S = 10.0
_QUIET_GAPS = 4.0  # as many times its usual gap without an item
_QUIET_LEAST = timedelta(days=7)
_QUIET_UNKNOWN = timedelta(days=60)
_BROKEN = frozenset({FeedState.FAILING, FeedState.BLOCKED, FeedState.NOT_A_FEED})


@dataclass(frozen=True, slots=True)
class Health:
    """A feed's state, and a sentence: what is wrong and what to do.

    Attributes:
        failing_since: since when it fails; None when it doesn't.
        error_count: failed polls in a row.
        tell: what its admins should hear about now: that it broke a day ago, is gone, or is back; None: nothing.
    """

    state: FeedState
    sentence: str
    failing_since: datetime | None = None
    error_count: int = 0
    tell: Literal["broken", "gone", "back"] | None = None


def judge(feed: Feed, outcome: PollOutcome, now: datetime, *, usual_gap: timedelta | None = None) -> Health:
    """Judge a feed after a poll.

    Args:
        feed: as it was stored before this poll.
        outcome: what came of the poll.
        now: when it ended.
        usual_gap: the time between two of its items, where it is known.
    """
    if outcome.kind == "error":
        return _failed(feed, outcome, now)
    back = _was_told(feed)
    tell: Literal["back"] | None = "back" if back else None
    if back and feed.failing_since is not None:
        return Health(
            FeedState.FRESH, f"It answers again after {_spell(now - feed.failing_since)} of trouble.", tell=tell
        )
    if outcome.elapsed_s > SLOW_S:
        return Health(
            FeedState.SLOW, f"It answers, but took {outcome.elapsed_s:.0f} seconds. Nothing needs to be done."
        )
    last_new = now if outcome.kind == "new" else feed.last_new_at
    limit = _QUIET_UNKNOWN if usual_gap is None else max(_QUIET_LEAST, usual_gap * _QUIET_GAPS)
    if last_new is not None and now - last_new > limit:
        return Health(
            FeedState.QUIET,
            f"It answers, but brought nothing new for {_spell(now - last_new)}. "
            "Look on the site whether it was given up.",
        )
    return Health(FeedState.FRESH, "It is fine.")


def _failed(feed: Feed, outcome: PollOutcome, now: datetime) -> Health:
    since = feed.failing_since or now
    count = feed.error_count + 1
    sentence = outcome.sentence or "It could not be read. It is asked again later."
    if outcome.error_kind == "gone":
        tell: Literal["gone"] | None = None if feed.state is FeedState.GONE else "gone"
        return Health(FeedState.GONE, sentence + " Remove it, or add its new address.", since, count, tell)
    state = FeedState.FAILING
    if outcome.error_kind in REFUSED:
        state = FeedState.BLOCKED
    elif outcome.error_kind in NOT_FEEDS:
        state = FeedState.NOT_A_FEED
    if now - since >= timedelta(hours=1):
        sentence = f"For {_spell(now - since)}: {sentence}"
    # The poll that crosses the mark tells; those before and after it do not.
    crossed = now - since >= TELL_AFTER and not _was_told(feed)
    return Health(state, sentence, since, count, "broken" if crossed else None)


def _was_told(feed: Feed) -> bool:
    """Whether an earlier poll already said that the feed is broken or gone."""
    if feed.state is FeedState.GONE:
        return True
    if feed.state not in _BROKEN or feed.failing_since is None or feed.last_poll_at is None:
        return False
    return feed.last_poll_at - feed.failing_since >= TELL_AFTER


def _spell(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    if hours < 1:
        return "less than an hour"
    number, unit = (round(hours), "hour") if hours < 48 else (round(hours / 24), "day")  # noqa: PLR2004 - then days read better
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
