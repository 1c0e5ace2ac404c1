"""What a parsed feed looks like. Light, so that it can be imported on both sides of the process border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a feed says about its own rhythm.

    Attributes:
        ttl_s: RSS's ttl, in seconds.
        skip_hours: hours of the day (0–23, UTC) in which not to ask.
        skip_days: days of the week (Monday is 0, UTC) on which not to ask.
        update_period_s: seconds between updates by sy:updatePeriod and sy:updateFrequency.
    """

    ttl_s: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    update_period_s: float | None = None


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One item, as the feed gives it, in plain text: its HTML stays in the process that read it.

    Attributes:
        guid: as written (RSS guid, Atom id, JSON Feed id); None when missing or empty.
        url: an absolute http(s) address, or None.
        title: plain text, possibly empty.
        summary, content: as `plain.html_text` reads them, paragraphs parted by a blank line.
        written: characters of HTML that both had.
        content_hash: of the words that a reader would see (`witness.content_hash`); empty when not computed.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    written: int = 0
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    external_url: str | None = None
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed, as it was read.

    Attributes:
        publisher: who publishes it, as far as the feed says (else its title).
        format: `rss20`, `atom10`, `rss10`, `json11` … (feedparser's words, and `json…`).
        problems: sentences on what is wrong with it although it could be read.
    """

    title: str
    site_url: str | None
    publisher: str
    format: str
    language: str | None = None
    items: tuple[ParsedItem, ...] = ()
    hints: FeedHints = FeedHints()
    problems: tuple[str, ...] = ()
