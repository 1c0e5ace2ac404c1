from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Feed, FeedState
from bot.newsroom.explaining import Progress, doing, unwritten

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOLD = Progress(
    verdict="new",
    verdict_reason="It was not in the feed before.",
    stage="done",
    first_seen_at=NOW,
    story_due_at=None,
    since=NOW - HOUR,
    paused=False,
)
FEED = Feed(7, "https://news.example/feed", "News", "News", state=FeedState.FRESH)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (replace(TOLD, verdict="backlog", verdict_reason="It was there before."), "not told anywhere. It was there"),
        (replace(TOLD, verdict="withheld", verdict_reason="Its title is known."), "not told anywhere. Its title"),
        (replace(TOLD, stage="read"), "still to be read"),
        (replace(TOLD, stage="join"), "still to be joined"),
        (replace(TOLD, since=None), "does not follow its feed any more"),
        (replace(TOLD, since=NOW + HOUR), "follows the feed since 22 Nov 2026 13:00 UTC"),
        (replace(TOLD, paused=True), "was paused"),
        (replace(TOLD, story_due_at=NOW + HOUR), "waits for other publishers until 22 Nov 2026 13:00 UTC"),
        (TOLD, "before this channel followed"),
    ],
)
def test_what_was_never_written_down_has_its_reason(progress: Progress, words: str) -> None:
    """Each way of not being posted is told apart from the others."""
    assert words in unwritten(progress)


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        (FEED, "It is fine."),
        (replace(FEED, state=FeedState.NEW, next_poll_at=NOW + HOUR), "its turn comes at 22 Nov 2026 13:00 UTC"),
        (replace(FEED, state=FeedState.NEW, next_poll_at=NOW), "read shortly"),
        (replace(FEED, state=FeedState.FAILING, last_error="It is down. Wait."), "It is down. Wait."),
        (replace(FEED, state=FeedState.QUIET), "Look on the site"),
        (replace(FEED, state=FeedState.SLOW), "Nothing needs to be done"),
        (replace(FEED, moved_to="https://new.example/feed"), "followed if it lasts"),
        (replace(FEED, state=FeedState.MOVED, moved_to="https://new.example/feed"), "read at https://new.example/feed"),
    ],
)
def test_a_list_says_how_a_feed_is_and_what_to_do(feed: Feed, words: str) -> None:
    """Every state has words."""
    assert words in doing(feed, paused=False, now=NOW)


@pytest.mark.parametrize("state", list(FeedState))
def test_no_state_is_without_words(state: FeedState) -> None:
    """Also one that is new in the code; a paused feed says that it is paused."""
    assert doing(replace(FEED, state=state), paused=False, now=NOW).endswith(".")
    assert "paused" in doing(replace(FEED, state=state), paused=True, now=NOW)
