"""Feeds and the articles that come from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FeedState(StrEnum):
    """How a feed is doing, in words that people understand."""

    NEW = "new"  # never polled
    FRESH = "fresh"  # polled, and its rhythm holds
    QUIET = "quiet"  # polled without error, nothing new for longer than its rhythm
    SLOW = "slow"  # answers, but takes very long
    FAILING = "failing"  # the last polls failed; see failing_since
    BLOCKED = "blocked"  # the publisher refuses us (401, 403, 429 for long)
    MOVED = "moved"  # permanently elsewhere; followed
    GONE = "gone"  # 410: polling has stopped
    NOT_A_FEED = "not a feed"  # answers with something else


@dataclass(frozen=True, slots=True)
class Validators:
    """What to echo in a conditional GET, byte for byte as the server sent it; None: not sent."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is watched; fetched once however many channels subscribe."""

    id: int
    url: str
    title: str
    publisher: str
    site_url: str | None = None
    state: FeedState = FeedState.NEW
    validators: Validators = Validators()
    body_hash: str | None = None
    next_poll_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    failing_since: datetime | None = None
    error_count: int = 0
    last_error: str | None = None
    moved_to: str | None = None
    moved_seen_at: datetime | None = None
    hints_json: str = "{}"  # cadence hints of the last good poll, in feeds.cadence's own form
    is_private: bool = False  # its address is a secret: what it brings is for those who follow it
    first_limit: int | None = None  # how many of its first articles are told; None: as many as of any new feed


@dataclass(frozen=True, slots=True)
class Article:
    """One item of one feed, as far as it has been read.

    Attributes:
        identity: the key under which the feed's item is known, stable across polls.
        text: plain text, paragraphs parted by a blank line; the title is not in it.
        text_source: where `text` came from: `page`, `feed` (the feed's own content was longer or the page could
            not be read) or `teaser` (a paywall or robots.txt left only the summary).
        publisher: whose article it is; syndicated copies keep their own publisher here.
    """

    id: int
    feed_id: int
    identity: str
    url: str
    title: str
    publisher: str
    text: str = ""
    text_source: str = "feed"
    text_note: str | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 1

    @property
    def when(self) -> datetime:
        """When it was published, or first seen where the feed gives no date."""
        moment = self.published_at or self.first_seen_at
        if moment is None:
            raise ValueError("an article that was never seen has no time")
        return moment
