"""Feeds, pages and lists broken at random: a result or an error of ours comes of each, never anything else."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.feeds import opml
from bot.feeds.extract import extract_page, page_links
from bot.feeds.fingerprint import fingerprint
from bot.feeds.parse import parse
from bot.feeds.plain import title_text

RSS = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:media='http://search.yahoo.com/mrss/'><channel><title>News &amp; more</title><link>https://a.example/</link>"
    "<ttl>60</ttl><skipHours><hour>3</hour></skipHours><item><title>Über &lt;b&gt;power&lt;/b&gt;</title>"
    "<guid isPermaLink='false'>1</guid><pubDate>Sun, 22 Nov 2026 09:30:00 GMT</pubDate><category>chips</category>"
    "<content:encoded><![CDATA[<p>Words <img src='x.png'> here</p>]]></content:encoded><media:content url='y.png'/>"
    "</item></channel></rss>"
).encode()
ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/'><title type='html'>A</title>"
    b"<link href='/'/><entry><id>tag:1</id><title>One</title><link href='one'/><updated>2026-11-22T09:30:00Z</updated>"
    b"<author><name>Ada</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div>"
    b"</content></entry></feed>"
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [{"id": 1, "url": "https://a.example/1", "content_html": "<p>x</p>", "date_published": "2026-11-22"}],
    }
).encode()
PAGE = (
    "<!doctype html><html lang='en'><head><title>T</title><base href='/x/'><link rel='alternate' href='feed' "
    "type='application/rss+xml'><meta name='author' content='Ada'><script type='application/ld+json'>"
    '{"@graph":[{"isAccessibleForFree":false,"author":{"name":"Ada"}}]}</script></head><body><article>'
    + "<p>Some words that make a paragraph of an article, long enough to be kept.</p>" * 4
    + "<p hidden>secret</p></article></body></html>"
).encode()
LIST = b"<opml version='2.0'><body><outline text='A'><outline text='B' xmlUrl='https://a.example/f'/></outline></body></opml>"

JUNK = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"'",
    b'"',
    b"<item>",
    b"</",
]
JUNK += [
    b"&#0;",
    b"&#xD800;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"\xe2\x80\xae",
    b"9" * 400,
    b"{",
    b"]",
    b"xmlns:a='b'",
]
change = st.tuples(st.integers(0, 4000), st.integers(0, 40), st.sampled_from([b"", *JUNK]) | st.binary(max_size=6))
changes = st.lists(change, min_size=1, max_size=6)
quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def broken(body: bytes, drawn: list[tuple[int, int, bytes]]) -> bytes:
    """The body with some slices replaced."""
    for place, length, piece in drawn:
        start = place % (len(body) + 1)
        body = body[:start] + piece + body[start + length :]
    return body


@quiet
@given(
    st.sampled_from([RSS, ATOM, JSON, PAGE]), changes, st.sampled_from([None, "text/xml", "application/json", "x/y"])
)
def test_broken_feeds(body: bytes, drawn: list[tuple[int, int, bytes]], kind: str | None) -> None:
    """Every text that comes out can be stored and sent, and every link is http(s)."""
    body = broken(body, drawn)
    assert len(fingerprint(body)) == 64
    try:
        feed = parse(body, content_type=kind, url="https://a.example/feed")
    except ParseError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either way is fine
        return
    repr(feed).encode("utf-8")
    for item in feed.items:
        assert item.url is None or item.url.startswith(("http://", "https://", "HTTP"))
        assert "\x00" not in item.title + item.summary + item.content + (item.guid or "")


@quiet
@given(changes)
def test_broken_pages(drawn: list[tuple[int, int, bytes]]) -> None:
    """A page's text and links come out, or an error of ours."""
    body = broken(PAGE, drawn)
    try:
        extract_page(body, url="https://a.example/x", charset=None).text.encode("utf-8")
        page_links(body, url="https://a.example/x", charset="utf-8")
    except ParseError as error:
        assert error.kind == "malformed"  # noqa: PT017 - either way is fine


@quiet
@given(changes)
def test_broken_lists(drawn: list[tuple[int, int, bytes]]) -> None:
    """A list is read as far as it goes, and written again."""
    opml.write(opml.read(broken(LIST, drawn)).entries)


@quiet
@given(st.text(max_size=200), changes)
def test_any_text_is_a_title(text: str, drawn: list[tuple[int, int, bytes]]) -> None:
    """One line, no tag of a script, no control character."""
    for source in (text, broken(text.encode("utf-8", "replace"), drawn).decode("utf-8", "replace")):
        title = title_text(source)
        assert "<script" not in title.lower()
        assert title == " ".join(title.split())
