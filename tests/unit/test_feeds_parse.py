"""Feeds of every format and many encodings, with the faults that real ones have."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.feeds.fingerprint import fingerprint
from bot.feeds.items import ParsedFeed
from bot.feeds.parse import parse

URL = "https://news.example/dir/feed.xml"


def rss(items: str, head: str = "", declaration: str = "") -> bytes:
    """An RSS 2.0 feed."""
    return f"{declaration}<rss version='2.0'><channel><title>News</title>{head}{items}</channel></rss>".encode()


def read(body: bytes, kind: str | None = "application/xml") -> ParsedFeed:
    """Parse with the address that all these feeds have."""
    return parse(body, content_type=kind, url=URL)


ATOM = """<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://other.example/x/' xml:lang='en'>
<title type='html'>AI &amp;amp; &lt;b&gt;power&lt;/b&gt;</title><link rel='self' href='feed'/><link href='/home'/>
<entry><id>tag:1</id><title>Using &lt;T&gt; in code</title><link rel='alternate' href='one.html'/>
<link rel='enclosure' type='image/png' href='a.png'/><author><name>Ada</name></author><category term='chips'/>
<published>2026-11-20T10:00:00+02:00</published><updated>2026-11-21T10:00:00Z</updated>
<summary>Short</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Long</p></div></content>
</entry></feed>"""


def test_atom_with_all_that_it_may_hold() -> None:
    """Bases, types, dates, people, categories and images are read."""
    feed = read(ATOM.encode())
    (item,) = feed.items
    assert (feed.title, feed.site_url, feed.format) == ("AI & power", "https://other.example/home", "atom10")
    assert (item.guid, item.url, item.title) == ("tag:1", "https://other.example/x/one.html", "Using <T> in code")
    assert (item.authors, item.categories, item.language) == (("Ada",), ("chips",), "en")
    assert (item.summary, item.content, item.written) == ("Short", "Long", 16)
    assert item.image_url == "https://other.example/x/a.png"
    assert item.published_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert item.updated_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


OLD = "<item><title>One</title><link>/a</link></item>"
ENTRY = "<entry><title>One</title><link rel='alternate' href='/a'/></entry>"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"<rss version='0.91'><channel><title>N</title>{OLD}</channel></rss>", "rss091u"),
        (f"<rss version='0.92'><channel><title>N</title>{OLD}</channel></rss>", "rss092"),
        (f"<rdf:RDF {RDF}><channel><title>N</title></channel>{OLD}</rdf:RDF>", "rss10"),
        (f"<feed xmlns='http://purl.org/atom/ns#' version='0.3'><title>N</title>{ENTRY}</feed>", "atom03"),
    ],
    ids=["rss091", "rss092", "rdf", "atom03"],
)
def test_old_formats(body: str, kind: str) -> None:
    """What was written twenty years ago is still served today."""
    feed = read(body.encode())
    assert feed.format == kind
    assert [(item.title, item.url) for item in feed.items] == [("One", "https://news.example/a")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Zürich – 日本語"),
        ("utf-8-sig", "Zürich – 日本語"),
        ("utf-16", "Zürich – 日本語"),
        ("iso-8859-1", "Zürich"),
        ("iso-8859-15", "Preis in €"),
        ("windows-1252", "“Zürich”"),
        ("windows-1251", "Москва"),
        ("koi8-r", "Москва"),
        ("shift_jis", "日本語"),
        ("euc-jp", "日本語"),
        ("gb2312", "中文"),
        ("gb18030", "中文"),
        ("big5", "中文"),
        ("euc-kr", "한국어"),
    ],
)
@pytest.mark.parametrize("where", ["declared", "header"])
def test_encodings(encoding: str, text: str, where: str) -> None:
    """The charset is found in the XML declaration or in Content-Type."""
    name = encoding.removesuffix("-sig")
    declaration = f"<?xml version='1.0' encoding='{name}'?>" if where == "declared" else "<?xml version='1.0'?>"
    body = (declaration + rss(f"<item><title>{text}</title></item>").decode()).encode(encoding)
    kind = "text/xml" if where == "declared" else f"text/xml; charset={name}"
    assert read(body, kind).items[0].title == text


def test_a_bare_ampersand_spoils_nothing() -> None:
    """`AT&T` stays, links keep their parameters, entities stay entities, CDATA stays as it is."""
    feed = read(
        rss(
            "<item><title>AT&T buys R&amp;D at <![CDATA[Q&A]]></title><link>https://a.example/?a=1&b=2</link><guid>g</guid></item>"
            "<item><title>Fine</title></item>",
            head="<description>AT&T</description>",
        )
    )
    assert [item.title for item in feed.items] == ["AT&T buys R&D at Q&A", "Fine"]
    assert feed.items[0].url == "https://a.example/?a=1&b=2"
    assert feed.problems == ("The feed's XML is broken; what could be read was read.",)


@pytest.mark.parametrize("reference", ["&#xD800;", "&#0;", "&#x110000;", "&#9999999;", "&#x1F;"])
def test_references_to_what_is_no_character_spoil_nothing(reference: str) -> None:
    """They are dropped; feedparser alone would fall over some of them."""
    (item,) = read(rss(f"<item><title>One {reference}two &#8211; three</title></item>")).items
    assert item.title == "One two – three"


@pytest.mark.parametrize(
    ("item", "guid", "url"),
    [
        ("<guid>1</guid>", "1", None),
        ("<guid></guid><link>/a</link>", None, "https://news.example/a"),
        ("<guid>https://a.example/x</guid>", "https://a.example/x", "https://a.example/x"),
        ("<guid isPermaLink='false'>abc</guid><link>b</link>", "abc", "https://news.example/dir/b"),
        ("<link>javascript:alert(1)</link>", None, None),
        ("<link>  data:text/html,x </link><guid>java&#10;script:alert(1)</guid>", "java\nscript:alert(1)", None),
        ("<link>\n https://a.example/a b \n</link>", None, "https://a.example/a%20b"),
        ("<link>//a.example/b</link>", None, "https://a.example/b"),
    ],
)
def test_guids_and_links(item: str, guid: str | None, url: str | None) -> None:
    """A guid is no link unless it is an address, and only http(s) is a link."""
    (read_item,) = read(rss(f"<item><title>One</title>{item}</item>")).items
    assert (read_item.guid, read_item.url) == (guid, url)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Plain &amp; simple", "Plain & simple"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<![CDATA[<i>Slanted</i> &#8217;quote]]>", "Slanted ’quote"),
        ("Twice &amp;amp;amp; escaped &amp;#8211; dash", "Twice & escaped – dash"),
        ("<![CDATA[<script>alert('x')</script>Safe]]>", "Safe"),
        ("<![CDATA[<!channel> look <!-- not this --> here]]>", "look here"),
        ("C&amp;lt;int&amp;gt; is a type", "C<int> is a type"),
        ("  spread \n over\tlines ", "spread over lines"),
        ("zero\u200bwidth\u202e and \u00adsoft", "zerowidth and soft"),
    ],
)
def test_titles_become_plain_text(written: str, title: str) -> None:
    """No tags, no scripts, no declarations, no invisible characters, entities resolved once or twice."""
    assert read(rss(f"<item><title>{written}</title></item>")).items[0].title == title


@pytest.mark.parametrize(
    ("date", "language"),
    [
        ("Sun, 22 Nov 2026 09:30:00 GMT", "en"),
        ("dim., 22 nov. 2026 10:30:00 +0100", "fr"),
        ("11/22/2026 09:30:00", "en"),
        ("22/11/2026 09:30", "fr"),
        ("2026-11-22T10:30:00+01:00", "de"),
    ],
)
def test_dates_that_feedparser_cannot_read(date: str, language: str) -> None:
    """French, American and European dates are read, by the feed's language where they are ambiguous."""
    feed = read(rss(f"<item><title>x</title><pubDate>{date}</pubDate></item>", head=f"<language>{language}</language>"))
    assert feed.items[0].published_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_hints_are_regained() -> None:
    """All skipHours and skipDays count, not only the last; ttl is in minutes."""
    hints = read(
        rss(
            "<item><title>x</title></item>",
            head="<ttl>90</ttl><skipHours><hour>0</hour><hour> 1 </hour><hour>24</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>",
        )
    ).hints
    assert (hints.ttl_s, hints.skip_hours, hints.skip_days) == (5400, (0, 1), (5, 6))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><html><body>Hello</body></html>", "html"),
        (b"\xef\xbb\xbf<html><head></head></html>", "html"),
        (b"", "malformed"),
        (b"  \n ", "malformed"),
        (b"Hello", "not_a_feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_feed"),
        (b"<?xml version='1.0'?><svg/>", "not_a_feed"),
        (b'{"hello": 1}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items"', "malformed"),
        (b"[" * 100_000, "not_a_feed"),
        (b"{" + b'"a":[' * 100_000, "malformed"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_kind(body: bytes, kind: str) -> None:
    """Health can tell a web page from broken XML, and the sentence says what to do."""
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.kind == kind
    assert str(caught.value).endswith(".")


def test_an_empty_feed_is_a_feed() -> None:
    """A feed without items is healthy, and says so."""
    feed = read(rss(""))
    assert (feed.items, feed.problems) == ((), ("The feed has no items.",))


def test_json_feed() -> None:
    """Everything that the format has is read; wrong types and missing fields are passed over."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "home_page_url": "https://news.example/",
        "language": "de",
        "authors": [{"name": "Desk"}],
        "items": [
            {
                "id": 7.0,
                "url": "/a",
                "external_url": "https://other.example/b",
                "title": "One &amp; two",
                "content_html": "<p>Hi</p>",
                "summary": "a < b",
                "image": "i.png",
                "date_published": "2026-11-22T10:00:00+01:00",
                "tags": ["chips", 3, ""],
                "authors": [{"name": "Ada"}, {"name": 4}, "x"],
            },
            {"id": None, "content_text": "Only\n\nwords", "title": 5, "tags": "no", "url": "javascript:x"},
            "no object",
        ],
    }
    feed = read(json.dumps(data).encode(), "application/json")
    one, two = feed.items
    assert (feed.format, feed.site_url, feed.language) == ("json11", "https://news.example/", "de")
    assert (one.guid, one.url, one.title, one.categories) == ("7", "https://news.example/a", "One & two", ("chips",))
    assert (one.summary, one.authors, one.external_url) == ("a < b", ("Ada",), "https://other.example/b")
    assert one.published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (two.guid, two.url, two.title, two.content) == (None, None, "", "Only\n\nwords")


def test_nothing_that_a_database_refuses_gets_through() -> None:
    """NUL and lone surrogates are gone from every text."""
    data = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "a\u0000b", "title": "x\ud800y\u0000", "content_text": "\udfff\u0000"}],
    }
    text = repr(read(json.dumps(data).encode()))
    assert "\\x00" not in text
    assert "\\ud800" not in text
    text.encode("utf-8")


def test_a_heavy_feed_is_trimmed_and_still_tells_edits() -> None:
    """Beyond three million characters the full text is left behind, but its hash is not."""
    heavy = "".join(
        f"<item><guid>{n}</guid><description>{'word ' * 50_000}{{}}</description></item>" for n in range(20)
    )
    one, other = (read(rss(heavy.replace("{}", end))).items for end in ("a", "b"))
    assert len(one) == 20
    assert sum(len(item.summary) for item in one) < 3_100_000
    assert one[-1].summary == other[-1].summary
    assert one[-1].content_hash != other[-1].content_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<lastBuildDate>22 Nov 2026 09:00:00 GMT</lastBuildDate>", "<lastBuildDate>now</lastBuildDate>"),
        ("<pubDate>a</pubDate>", "<pubDate><![CDATA[b]]></pubDate>"),
        ("<generator uri='x'>Maker 1</generator>", "<generator>Maker 2</generator>"),
        ("<!-- built at 9:00 -->", "<!-- built at 9:05 - cached -->"),
        ("<a:updated xmlns:a='x'>1</a:updated>", ""),
    ],
)
def test_a_fingerprint_ignores_the_channels_stamps(one: str, other: str) -> None:
    """A body in which only such a stamp moved needs no parsing, before the items or after them."""
    items = "<item><title>One</title><pubDate>now</pubDate></item>"
    assert fingerprint(rss(items, head=one)) == fingerprint(rss(items, head=other))
    assert fingerprint(rss(items + one)) == fingerprint(rss(items + other))


@pytest.mark.parametrize(
    "changed",
    [
        "<item><title>Two</title><pubDate>now</pubDate></item>",
        "<item><title>One</title><pubDate>later</pubDate></item>",
        "<item><title>One</title><pubDate>now</pubDate></item><item><title>Zero</title></item>",
        "<item><title>One</title><pubDate>now</pubDate><!-- a comment inside --></item>",
        "",
    ],
)
def test_a_fingerprint_sees_every_change_of_items(changed: str) -> None:
    """Whatever stands inside items counts, their dates too."""
    items = "<item><title>One</title><pubDate>now</pubDate></item>"
    assert fingerprint(rss(items)) != fingerprint(rss(changed))


def test_a_fingerprint_of_a_hostile_body_is_quick() -> None:
    """Marks without an end cost no more than their length."""
    for piece in (b"<!--", b"<pubDate>", b"<updated <", b"<item", b"</item"):
        assert len(fingerprint(piece * 200_000)) == 64
