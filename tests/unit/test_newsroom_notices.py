from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import Feed
from bot.newsroom.notices import Notice, is_person, words

SINCE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
FEED = Feed(7, "https://news.example/feed", "Meridian Wire", "Meridian Wire")


def test_a_notice_is_known_by_its_feed_what_happened_and_since_when() -> None:
    """Written down again it is the same row; the next breakdown is another one."""
    notice = Notice("broken", SINCE, "It is down.")
    assert notice.key(7) == "feed:7:broken:20261120T083000"
    assert notice.key(7) != Notice("back", SINCE, "").key(7)
    assert len(notice.key(2**63)) <= 80


def test_a_notice_says_which_feed_where_and_what_to_do() -> None:
    """The sentence of the feed's health is in it, with the channels and the address."""
    said = words(Notice("broken", SINCE, "Look on the site."), FEED, ["ai", "power"])
    assert said.startswith("⚠ The feed “Meridian Wire” (in #ai and #power) has been broken for a day")
    assert "Look on the site." in said
    assert FEED.url in said


def test_many_channels_are_counted_not_listed() -> None:
    """A person who put a feed into ten channels can still read the notice."""
    said = words(Notice("gone", SINCE, ""), FEED, [f"c{number}" for number in range(10)])
    assert "(in #c0, #c1, #c2 and 7 more)" in said


@pytest.mark.parametrize(
    ("created_by", "person"), [("U0123ABCD", True), ("W0123ABCD", True), ("UBOT12345", False), ("command line", False)]
)
def test_only_people_are_written_to(created_by: str, person: bool) -> None:  # noqa: FBT001  # a table's column
    """The bot itself and the command line have no direct messages."""
    assert is_person(created_by, "UBOT12345") is person
