"""The fast path and feedparser find the same in every feed, or the fast path declines it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from bench.feed_bodies import Press
from bot.feeds.parse import read_fast

from . import mutate, wellformed
from .agreement import compare
from .seeds import seeds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = 30_000_000
XML = [(kind, body) for kind, body in seeds() if "json" not in kind]


def test_usual_feeds_take_the_fast_path_and_lose_nothing_by_it() -> None:
    """The sample shelf's and the bench's RSS, Atom and RDF, in several charsets."""
    made = [Press(1, now=NOW).feed(number, 0) for number in range(20)]
    feeds = XML + [(one.content_type, one.body) for one in made if "json" not in one.content_type]
    outcomes = Counter(compare(body, kind) for kind, body in feeds)
    assert outcomes["agreed"] >= len(feeds) - 6, "the fast path declines what is usual"


def test_well_formed_feeds_of_all_shapes_are_read_alike() -> None:
    """Odd orders, attributes, types, prefixes and charsets: a sample of the long run."""
    outcomes = Counter(compare(body, kind) for kind, body in map(wellformed.make, range(600)))
    assert outcomes["agreed"] >= 40, "nearly all were declined: that tests little"


@pytest.mark.fuzz
def test_broken_feeds_are_read_alike() -> None:
    """What breaking leaves well-formed is read alike, and whatever happens is no crash."""
    for number in range(60):
        broken = mutate.make(LATER + number)
        if len(broken.body) < 200_000:
            compare(broken.body, broken.content_type or None)


RSS = "<rss version='2.0'{0}><channel><title>N</title><item><title>One</title>{1}</item></channel></rss>"


@pytest.mark.parametrize(
    ("spaces", "item"),
    [
        ("", "<description><b>not</b> escaped</description>"),
        (" xml:base='https://b.example/'", "<link>a</link>"),
        ("", "<author>ada@a.example (Ada)</author>"),
        ("", "<pubDate>gestern</pubDate>"),
        ("", "<title>Two</title>"),
        ("", "<content type='image/png'>aGk=</content>"),
        (" xmlns:media='https://not.example/media'", "<media:content url='https://a.example/a.png'/>"),
        (" xmlns:x='https://x.example/'", "<x:y><title>Within</title></x:y>"),
        ("", "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Ada</dc:creator>"),
        ("", "<link>https:///a.example/</link>"),
    ],
)
def test_what_is_unusual_is_left_to_feedparser(spaces: str, item: str) -> None:
    """Wherever the two might differ, the fast path does not try."""
    body = RSS.format(spaces, item).encode()
    assert compare(body, "application/xml") == "declined"


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE rss>",
        b"<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>",
        b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        b"<!-- " + b"far " * 2000 + b"--><!DOCTYPE rss SYSTEM 'http://a.example/rss.dtd'>",
    ],
)
def test_a_document_type_never_takes_the_fast_path(head: bytes) -> None:
    """No entity is ever expanded and nothing is ever fetched by it."""
    assert read_fast(head + RSS.format("", "").encode(), "application/xml", "http://a.example/") is None


@pytest.mark.parametrize("piece", ["<x>" * 5000, "<x " + " ".join(f"a{n}='1'" for n in range(20_000)) + "/>"])
def test_hostile_markup_is_declined_quickly(piece: str) -> None:
    """Depth and attributes without end do not hold the fast path up; feedparser's limits of time hold afterwards."""
    assert read_fast(RSS.format("", piece).encode(), "application/xml", "http://a.example/") is None
