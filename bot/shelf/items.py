"""What the shelf holds: publishers, and articles in their editions. Plain data; `bot.shelf.catalog` reads it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.shelf.text import Block, with_dates

FeedFormat = Literal["rss2", "atom", "rdf", "json"]


@dataclass(frozen=True, slots=True)
class Publisher:
    """One made-up publisher; `publishers.toml` explains the fields."""

    key: str
    name: str
    tagline: str
    prefix: str
    feed: str
    format: FeedFormat
    id: str
    content: str
    layout: str
    colour: str
    sections: tuple[str, ...]
    validators: frozenset[str] = frozenset()
    quirks: frozenset[str] = frozenset()
    discovery: str = "absolute"
    encoding: str = "utf-8"
    moved_from: str | None = None
    utc_offset: int = 0

    @property
    def home_path(self) -> str:
        """The front page's path."""
        return f"/{self.prefix}/"

    @property
    def feed_path(self) -> str:
        """Where the feed is."""
        return f"/{self.prefix}/{self.feed}"

    @property
    def subscribe_path(self) -> str:
        """The address that people know: the old one where the feed has moved."""
        return f"/{self.prefix}/{self.moved_from or self.feed}"


@dataclass(frozen=True, slots=True)
class Edition:
    """An article's words as of some moment.

    Attributes:
        offset: when it comes out: before the first start if negative, else in shelf time after it.
        note: what an update says about itself, None on a first edition.
    """

    offset: timedelta
    title: str
    summary: str
    body: tuple[Block, ...]
    note: str | None = None

    def dated(self, published: date) -> "Edition":
        """The same words with every relative date written out."""
        body = tuple(replace(b, lines=tuple(with_dates(line, published) for line in b.lines)) for b in self.body)
        note = None if self.note is None else with_dates(self.note, published)
        summary, title = with_dates(self.summary, published), with_dates(self.title, published)
        return replace(self, title=title, summary=summary, body=body, note=note)


@dataclass(frozen=True, slots=True)
class Article:
    """One article, in one or more editions (the first is the original).

    Attributes:
        id: `<publisher>/<slug>`.
        number: a stable number made of the id, for publishers that count their items.
        stated: how far its printed date is from the true one; None where it prints no date at all.
        open_blocks: how many blocks a reader without a subscription sees; None where there is no paywall.
        members: its page is under a folder that robots.txt disallows.
        hidden: text that the page holds but does not show.
    """

    id: str
    publisher: Publisher
    slug: str
    number: int
    authors: tuple[str, ...]
    section: str
    language: str
    editions: tuple[Edition, ...]
    stated: timedelta | None = timedelta(0)
    open_blocks: int | None = None
    members: bool = False
    hidden: str | None = None

    @property
    def path(self) -> str:
        """The page's path; it never depends on when or where the shelf runs."""
        folder = "members/" if self.members else ""
        return f"/{self.publisher.prefix}/{folder}{self.slug}"

    @property
    def item_id(self) -> str:
        """The item's id (guid) in its feed."""
        return self.publisher.id.format(slug=self.slug, number=self.number)
