"""Synthetic histories of feeds: what was told stays told once, and the count of repeats is no echo of identity."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest

from bot.errors import ParseError
from bot.evaluation.replay.ledger import Ledger
from bot.evaluation.replay.repeats import Post, Repeats, page, title_words
from bot.evaluation.replay.run import FeedResult, Replay, Replayed
from bot.evaluation.replay.versions import HistoryError, Version
from bot.feeds.items import ParsedFeed, ParsedItem
from bot.feeds.parse import parse

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class InProcess:
    """Parses here and now."""

    async def parse(self, body: bytes, *, content_type: str | None = None, url: str) -> ParsedFeed:
        """As the pool does, without its limits."""
        return parse(body, content_type=content_type, url=url)


class Saved:
    """A history of given versions."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = versions
        self.done = 0

    def size(self) -> int:
        """How many there are."""
        return len(self._versions)

    def versions(self) -> Iterator[Version]:
        """All of them."""
        for version in self._versions:
            self.done += 1
            yield version


def entry(number: int, at: datetime | None = None, **changes: str | None) -> dict[str, str | None]:
    """An item as the feed writes it; `date=None` leaves the date out."""
    day = at or START + number * DAY
    made: dict[str, str | None] = {
        "guid": f"post-{number}",
        "link": f"https://lab.example/posts/{number}",
        "title": f"The laboratory announces its release number {number} to the world",
        "description": f"Words about release {number}.",
        "pubDate": format_datetime(day),
    }
    return made | changes


def rss(items: Sequence[dict[str, str | None]], stamp: str = "") -> bytes:
    """A feed of these items."""
    inner = "".join(
        "<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in item.items() if text) + "</item>"
        for item in items
    )
    head = f"<title>Lab</title><lastBuildDate>{stamp}</lastBuildDate>"
    return f'<rss version="2.0"><channel>{head}{inner}</channel></rss>'.encode()


def saved(*bodies: bytes | None, feed: str = "lab", step: timedelta = DAY, first: datetime = START) -> Saved:
    """Versions of one feed, a day apart."""
    return Saved([Version(feed, first + at * step, f"v{at}", body) for at, body in enumerate(bodies)])


async def replayed(
    *bodies: bytes | None, first: datetime = START, step: timedelta = DAY
) -> tuple[FeedResult, Replayed]:
    """The sums of one feed's history."""
    made = await Replay(InProcess()).run(saved(*bodies, first=first, step=step))
    return made.feeds[0], made


async def test_new_items_are_posted_once() -> None:
    """Ten items that come one a day are posted once each; a version with another stamp alone isn't parsed."""
    bodies = []
    for day in range(1, 11):
        newest = [entry(number) for number in range(day, max(0, day - 5), -1)]
        bodies += [rss(newest), rss(newest, stamp=f"stamp {day}")]
    result, made = await replayed(*bodies, first=START + DAY, step=DAY / 2)
    assert (result.versions, result.unchanged, result.posted, result.repeated) == (20, 10, 10, 0)
    assert result.items == 10
    assert made.broken == ()


async def test_a_flood_of_new_ids_posts_nothing() -> None:
    """All ids change at once, with the links' scheme and tracking parameters: the reader hears nothing."""
    before = [entry(number) for number in range(20, 0, -1)]
    after = [
        item | {"guid": f"urn:new:{at}", "link": f"http://www.lab.example/posts/{20 - at}/?utm_source=rss"}
        for at, item in enumerate(before)
    ]
    result, _ = await replayed(rss(before), rss(after), rss([entry(21), *after]), first=START + 20 * DAY)
    assert (result.posted, result.backlog, result.repeated) == (6, 15, 0)


async def test_ids_and_links_change_at_once() -> None:
    """Only the titles and dates are left to know the items by."""
    before = [entry(number) for number in range(20, 0, -1)]
    after = [item | {"guid": f"x{at}", "link": f"https://new.example/{at}"} for at, item in enumerate(before)]
    result, _ = await replayed(rss(before), rss(after), first=START + 20 * DAY)
    assert (result.posted, result.repeated) == (5, 0)


async def test_edits_and_another_order_post_nothing() -> None:
    """A mended title and new words are edits; another order is nothing at all."""
    before = [entry(number) for number in range(8, 0, -1)]
    turned = before[::-1]
    mended = [turned[0] | {"title": "Release number 1 of the laboratory is announced at last"}, *turned[1:]]
    reworded = [mended[0] | {"description": "Other words."}, *mended[1:]]
    result, made = await replayed(rss(before), rss(turned), rss(mended), rss(reworded), first=START + 8 * DAY)
    assert (result.posted, result.edited, result.repeated) == (5, 2, 0)
    assert {group.kind for group in made.groups} == {"posted", "backlog", "edited"}


async def test_undated_items_are_neither_lost_nor_repeated() -> None:
    """Without dates an item counts from when it was first seen, once."""
    old = [entry(number, pubDate=None) for number in range(3, 0, -1)]
    result, _ = await replayed(rss(old), rss([entry(4, pubDate=None), *old]), rss([*old, entry(4, pubDate=None)]))
    assert (result.posted, result.repeated, result.withheld) == (4, 0, 0)


async def test_what_cannot_be_read_is_counted_and_loses_nothing() -> None:
    """An error page and a body that is too large are failures with reasons; the next good version goes on."""
    good = [entry(2), entry(1)]
    page_of_html = b"<!doctype html><html><body>Down for maintenance</body></html>"
    result, made = await replayed(
        rss(good), page_of_html, page_of_html, None, rss([entry(3), *good]), first=START + 2 * DAY
    )
    assert (result.versions, result.failed, result.posted, result.repeated) == (5, 3, 3, 0)
    reasons = {group.reason.partition(":")[0]: group.count for group in made.groups if group.kind == "unreadable"}
    assert reasons == {"html": 2, "too_large": 1}


async def test_two_feeds_are_two_memories() -> None:
    """The same item in two feeds is new in each; the total adds them up."""
    version = rss([entry(1)])
    versions = [one for feed in ("a", "b") for one in saved(version, feed=feed, first=START + DAY).versions()]
    made = await Replay(InProcess()).run(Saved(versions))
    assert [one.feed for one in made.feeds] == ["a", "b"]
    assert (made.total.posted, made.total.repeated, made.total.versions) == (2, 0, 2)


async def test_reasons_are_counted_together_and_shown() -> None:
    """Withheld items are grouped by their reason without its numbers, with examples."""
    now = START + 100 * DAY
    body = [entry(100), *(entry(number) for number in range(3, 0, -1))]
    result, made = await replayed(rss(body[:1]), rss(body), first=now)
    withheld = [group for group in made.groups if group.kind == "withheld"]
    assert result.withheld == 3
    assert sum(group.count for group in withheld) == 3
    assert all(group.examples and "N" in group.reason for group in withheld)


async def test_a_history_without_feeds_is_an_error() -> None:
    """Nothing replayed must not look like nothing repeated."""
    with pytest.raises(HistoryError, match="No feed"):
        await Replay(InProcess()).run(Saved([]))


async def test_an_error_in_the_history_leaves_no_task_behind() -> None:
    """When the history breaks off, what was being parsed is awaited and the error comes through."""

    class Broken(Saved):
        def versions(self) -> Iterator[Version]:
            yield from super().versions()
            raise HistoryError("the disk is gone")

    with pytest.raises(HistoryError, match="disk"):
        await Replay(InProcess()).run(Broken([*saved(rss([entry(1)]), rss([entry(2)])).versions()]))


async def test_a_parser_that_gives_up_is_a_failure() -> None:
    """What breaks the parser's limits is counted under its kind."""

    class Slow(InProcess):
        async def parse(self, body: bytes, *, content_type: str | None = None, url: str) -> ParsedFeed:  # noqa: ARG002  # its form
            raise ParseError("It took too long.", kind="too_slow")

    made = await Replay(Slow()).run(saved(b"<rss/>", b"<rss/>"))
    assert made.feeds[0].failed == 2
    assert made.groups[0].reason == "too_slow: It took too long."


def post(title: str, url: str | None, at: datetime, dated: datetime | None = None) -> Post:
    """A post."""
    return Post(title, url, dated or at, at, "v")


def test_the_count_of_repeats_sees_them() -> None:
    """The same page under another title, the same title under another page, both are repeats; later titles aren't."""
    repeats = Repeats()
    title = "Norrland opens a third zone in Tri-Lakes"
    assert repeats.post(post(title, "https://a.example/1", START)) is None
    again = repeats.post(post("Something else entirely", "http://www.a.example/1/?utm_medium=x#top", START + DAY))
    assert again is not None
    assert again.by == "the same page"
    again = repeats.post(post(title.upper(), "https://a.example/9", START + 3 * DAY))
    assert again is not None
    assert again.by == "the same title within a week"
    assert repeats.post(post(title, "https://a.example/10", START + 40 * DAY)) is None
    dated_alike = repeats.post(post(title, "https://a.example/11", START + 90 * DAY, START + 40 * DAY))
    assert dated_alike is not None


def test_shared_pages_and_columns_are_no_repeats() -> None:
    """Items that share a page name themselves by title; a title on three days under three links is a column."""
    repeats = Repeats()
    notes = "https://a.example/release-notes"
    items = [ParsedItem(guid=str(at), url=notes, title=f"Version {at}.0 of everything") for at in range(3)]
    repeats.see(items, START)
    assert [repeats.post(post(item.title, item.url, START)) for item in items] == [None] * 3
    column = "The daily list of outages and repairs"
    for at in range(4):
        day = START + at * DAY
        item = ParsedItem(guid=f"c{at}", url=f"https://a.example/c{at}", title=column, published_at=day)
        repeats.see([item], day)
        found = repeats.post(post(column, item.url, day, day))
        assert (found is None) == (at in {0, 2, 3})


def test_pages_in_one_form() -> None:
    """Scheme, host prefixes, tracking and index pages don't tell pages apart; numbers in a query do."""
    same = {
        page(address)
        for address in (
            "https://www.a.example/x/index.html?utm_source=a&b=1",
            "http://a.example/x/?b=1#utm_content=z",
            "https://amp.a.example/x?b=1&source=rss",
        )
    }
    assert len(same) == 1
    assert page("https://a.example/x?source=1") != page("https://a.example/x?source=2")
    assert page("https://a.example/") is None
    assert page(None) is None
    assert page("https://[broken") is None
    assert title_words("Weekly update") == ""


def test_the_ledger_keeps_what_the_store_would() -> None:
    """An edit keeps the date, another link is noted, and an item beyond what is looked at isn't new a second time."""
    ledger = Ledger()
    first = ParsedItem(guid="a", url="https://a.example/1", title="A telling title of four words", published_at=START)
    assert [one.verdict for one in ledger.take([first], START)] == ["new"]
    moved = ParsedItem(guid="a", url="https://a.example/2", title=first.title, published_at=START)
    (decision,) = ledger.take([moved], START + DAY)
    assert (decision.verdict, decision.changed) == ("known", ("url",))
    (decision,) = ledger.take([moved], START + DAY)
    assert (decision.verdict, decision.changed) == ("known", ())
    later = replace(moved, title="Another title of four words", published_at=START + 5 * DAY)
    assert [one.verdict for one in ledger.take([later], START + 5 * DAY)] == ["edited"]
    (decision,) = ledger.take([later], START + 6 * DAY)
    assert (decision.verdict, decision.published_at) == ("known", START)
    assert len(ledger) == 1
