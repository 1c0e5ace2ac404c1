"""The small pure parts: addresses, dates, headers, plain text, robots.txt, sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from multidict import CIMultiDict

from bot.feeds import robots
from bot.feeds.dates import parse_date
from bot.feeds.headers import conditional, hints, links, validators
from bot.feeds.plain import html_text
from bot.feeds.sites import feeds_of, with_scheme
from bot.feeds.urls import canonical_url, resolve
from bot.models import Validators

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.example/x/", "https://a.example/x"),
        ("https://a.example/x?utm_source=rss&id=3", "https://a.example/x?id=3"),
        ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
        ("https://a.example/x#comments", "https://a.example/x"),
        ("https://a.example:443/x", "http://a.example:80/x"),
        ("https://A.Example/x/index.html", "https://a.example/x"),
        ("https://a.example/x?ref=news.example", "https://a.example/x"),
        ("https://a.example/x?source=rss----abc", "https://a.example/x"),
        ("https://a.example/a%2fb c", "https://a.example/a%2Fb%20c"),
        ("https://amp.a.example/x/amp/", "https://a.example/x"),
        ("https://amp.a.example/x", "https://a.example/x"),
        ("https://www.amp.a.example/x", "https://a.example/x"),
        ("https://a.example/x/amp", "https://a.example/x"),
        ("https://a.example/x/Default.ASPX", "https://a.example/x"),
    ],
)
def test_one_page_has_one_key(one: str, other: str) -> None:
    """Different spellings of an address are the same page, and the key is its own key."""
    assert canonical_url(one) == canonical_url(other)
    assert canonical_url(canonical_url(one)) == canonical_url(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/X", "https://a.example/x"),
        ("https://a.example/x?p=1", "https://a.example/x?p=2"),
        ("https://a.example/x?ref=42", "https://a.example/x?ref=43"),
        ("https://a.example/#!/one", "https://a.example/#!/two"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://b.a.example/x", "https://a.example/x"),
        ("https://a.example/x?q=a%26b", "https://a.example/x?q=a&b"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    """What may be another page stays one."""
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("text", ["", "x", "http://[", "http://a:b:c/", "javascript:x", "http://a:99999/"])
def test_what_is_no_address_is_left_alone(text: str) -> None:
    """Nothing is raised, and nothing becomes an address."""
    assert canonical_url(text) == text
    assert resolve(None, text) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sun, 22 Nov 2026 09:30:00 +0000", None, "2026-11-22T09:30"),
        ("Sun, 22 Nov 26 09:30 GMT", None, "2026-11-22T09:30"),
        ("22 Nov 2026 04:30:00 EST", None, "2026-11-22T09:30"),
        ("Sunday, November 22, 2026 - 9:30am", None, "2026-11-22T09:30"),
        ("Nov. 22nd, 2026", None, "2026-11-22T00:00"),
        ("2026-11-22", None, "2026-11-22T00:00"),
        ("2026-11-22T10:30:00.123456+01:00", None, "2026-11-22T09:30"),
        ("2026-11-22 09:30:00Z", None, "2026-11-22T09:30"),
        ("20261122T093000Z", None, "2026-11-22T09:30"),
        ("2026-11-22T24:00:00Z", None, "2026-11-23T00:00"),
        ("11/22/2026", None, "2026-11-22T00:00"),
        ("11/22/2026 9:30 PM", "en-US", "2026-11-22T21:30"),
        ("12/11/2026", "en", "2026-12-11T00:00"),
        ("12/11/2026", "fr", "2026-11-12T00:00"),
        ("12.11.2026", None, "2026-11-12T00:00"),
        ("2026/11/22", None, "2026-11-22T00:00"),
        ("dimanche 22 novembre 2026 à 10:30 CET", "fr", "2026-11-22T09:30"),
        ("22 févr. 2026", "fr", "2026-02-22T00:00"),
        ("1er août 2026", "fr", "2026-08-01T00:00"),
        ("So., 22. Nov. 2026 10:30:00 +0100", "de", "2026-11-22T09:30"),
        ("22. März 2026", "de", "2026-03-22T00:00"),
        ("22 de noviembre de 2026", "es", "2026-11-22T00:00"),
        ("22 ноября 2026", "ru", "2026-11-22T00:00"),
        ("2026年11月22日 09:30", "ja", "2026-11-22T09:30"),
    ],
)
def test_dates(text: str, language: str | None, expected: str) -> None:
    """Dates as feeds write them, in UTC."""
    read = parse_date(text, language)
    assert read is not None
    assert read.isoformat().startswith(expected)
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "13/13/2026",
        "32 Nov 2026",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "1",
        "Nov 2026",
        "x" * 500,
        "22:30",
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    """A wrong date is worse than none."""
    assert parse_date(text) is None


def test_cache_headers() -> None:
    """Age is taken off max-age, no-store means at once, Expires goes by the server's clock, nonsense is nothing."""
    assert hints(CIMultiDict({"Cache-Control": "public, MAX-AGE=600", "Age": "100"}), NOW).max_age_s == 500
    assert hints(CIMultiDict({"Cache-Control": "no-store, max-age=600"}), NOW).max_age_s == 0
    assert hints(CIMultiDict({"Cache-Control": "max-age=soon", "Retry-After": "-5", "Expires": "0"}), NOW) == hints(
        {}, NOW
    )
    skewed = {"Date": "Sun, 22 Nov 2026 10:00:00 GMT", "Expires": "Sun, 22 Nov 2026 11:00:00 GMT"}
    assert hints(CIMultiDict(skewed), NOW).expires_at == NOW + timedelta(hours=1)
    past = hints(CIMultiDict({"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"}), NOW)
    assert past.retry_after_s == 0


def test_validators_that_cannot_be_echoed_are_not_kept() -> None:
    """Bytes that aren't UTF-8, and kilobytes of them, could not be sent back as they came."""
    assert validators(200, CIMultiDict({"ETag": '"\udce9"', "Last-Modified": "x" * 5000}), Validators()) == Validators()
    assert conditional(Validators()) == {}


def test_link_headers() -> None:
    """Several links, several rel tokens, commas and semicolons in addresses, quotes or none."""
    found = links(['</a,b;c>; rel="alternate feed"; type=application/rss+xml; title="A, b", <x>; rel=next', "<y>"])
    assert [(link.href, link.rel) for link in found] == [("/a,b;c", ("alternate", "feed")), ("x", ("next",)), ("y", ())]
    assert (found[0].type, found[0].title) == ("application/rss+xml", "A, b")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("Plain &amp; simple\n\nnext", "Plain & simple\n\nnext"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("a<script>x</script>b<style>y</style>", "ab"),
        ("<p>See<span style='display:none'> the secret</span> this</p>", "See this"),
        ("<p>See<i style='color:#fff'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='background:white;color:rgb(254, 254, 250)'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='font-size:1px'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='transform:scale(0)'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='zoom:0'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='dis\\70lay:none'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='background:black;color:black'> the secret</i> this</p>", "See this"),
        ("<p>See<font color=white> the secret</font> this</p>", "See this"),
        ("See<dialog>the secret</dialog> this", "See this"),
        ("<p>See<i style='transform:scale(0.5);zoom:0.9'> small</i> this</p>", "See small this"),
        ("<p>See<i style='height:0;overflow:hidden'> the secret</i> this</p>", "See this"),
        ("<p>See<i style='background:#036;color:white'> the button</i> this</p>", "See the button this"),
        ("<p>See<i style='border-color:#fff;color:#c00;font-size:10px'> red</i> this</p>", "See red this"),
        ("<div hidden><p>x</p><p>y</p></div>after", "after"),
        ("<p aria-hidden=true>x</p>tail", "tail"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("x<!-- y -->z", "xz"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("", ""),
        ("<img src=x>", ""),
    ],
)
def test_html_becomes_paragraphs(source: str, text: str) -> None:
    """What a browser would show, and nothing else."""
    assert html_text(source) == text


def test_deep_html_is_no_danger() -> None:
    """A hundred thousand nested tags neither crash nor take long."""
    assert html_text("<p>start</p>" + "<div>" * 100_000 + "deep").startswith("start")


def allowed(text: str, path: str) -> bool:
    """Whether a robots.txt lets us read a path."""
    return robots.parse(text.encode(), "tapeout").allow("https://a.example" + path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /a%3Cb", "/a<b", False),
        ("User-agent: tapeout/2.0\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: a\nUser-agent: TAPEOUT\nDisallow: /x", "/x", False),
        ("User-agent: *\nDisallow: /\nUser-agent: tapeout\nDisallow: /b", "/a", True),
        ("# hi\nuser-agent : * # all\ndisallow : /a # no", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /?q=", "/?q=1", False),
    ],
)
def test_robots_rules(text: str, path: str, expected: bool) -> None:  # noqa: FBT001 - drawn from the table
    """Groups, longest match, wildcards, ends and encodings as RFC 9309 has them."""
    assert allowed(text, path) is expected


def test_hostile_robots_rules_are_quick() -> None:
    """Many stars and many rules cost no more than their length."""
    text = "User-agent: *\n" + "Disallow: /" + "*a" * 2000 + "b\n" * 1 + "Disallow: /x\n" * 10_000
    assert allowed(text, "/" + "a" * 3000)


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("youtube.com/channel/UC123", "https://www.youtube.com/feeds/videos.xml?channel_id=UC123"),
        ("https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        ("github.com/vllm-project/vllm", "https://github.com/vllm-project/vllm/releases.atom"),
        ("https://github.com/a/b/tags", "https://github.com/a/b/tags.atom"),
        ("https://github.com/a/b/commits/main", "https://github.com/a/b/commits/main.atom"),
        ("https://gitlab.com/g/s/p", "https://gitlab.com/g/s/p/-/releases.atom"),
        ("reddit.com/r/LocalLLaMA/", "https://www.reddit.com/r/LocalLLaMA/.rss"),
        ("https://old.reddit.com/r/hardware/new", "https://www.reddit.com/r/hardware/new/.rss"),
        ("https://arxiv.org/list/cs.AR/recent", "https://rss.arxiv.org/rss/cs.AR"),
        ("https://hn.algolia.com/?q=GPU+cluster", "https://hnrss.org/newest?q=GPU+cluster"),
        ("news.ycombinator.com", "https://hnrss.org/frontpage"),
        ("https://semianalysis.substack.com/p/x", "https://semianalysis.substack.com/feed"),
        ("https://substack.com/@someone", "https://someone.substack.com/feed"),
        ("https://medium.com/@someone/a-story", "https://medium.com/feed/@someone"),
        ("https://medium.com/tag/gpu", "https://medium.com/feed/tag/gpu"),
        ("https://netflixtechblog.medium.com/", "https://netflixtechblog.medium.com/feed"),
        ("https://open.substack.com/pub/semianalysis/p/x?r=1", "https://semianalysis.substack.com/feed"),
        ("https://github.com/orgs/vllm-project/repositories", "https://github.com/vllm-project.atom"),
        ("r/LocalLLaMA", "https://www.reddit.com/r/LocalLLaMA/.rss"),
        ("https://arxiv.org/list/cs.DC/new", "https://rss.arxiv.org/rss/cs.DC"),
        ("<https://github.com/a/b|github.com/a/b>", "https://github.com/a/b/releases.atom"),
    ],
)
def test_known_sites(address: str, feed: str) -> None:
    """What people paste is turned into the address at which that site keeps its feed."""
    assert feeds_of(with_scheme(address))[0] == feed


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/blog",
        "https://open.substack.com/",
        "https://www.youtube.com/@name",
        "https://github.com/a/b/releases.atom",
        "http://[",
    ],
)
def test_other_addresses_have_no_rule(address: str) -> None:
    """They are read as pages or feeds."""
    assert feeds_of(address) == ()
