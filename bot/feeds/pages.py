"""What is read off a web page. Light, so that it can be imported on both sides of the process border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class PageText:
    """An article's page, read.

    Attributes:
        text: paragraphs parted by a blank line; empty when the page could not be read.
        canonical_url: what the page says its address is; it must not be trusted across sites.
        note: why this may not be the whole article, a sentence; None when it looks whole.
        source: `page`, or `teaser` when what was read is not the article (the feed's own text may be longer).
    """

    text: str = ""
    title: str = ""
    canonical_url: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    image_url: str | None = None
    published_at: datetime | None = None
    note: str | None = None
    source: Literal["page", "teaser"] = "page"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """A page's title and the feeds it names, best first."""

    title: str = ""
    feeds: tuple[FeedLink, ...] = ()
