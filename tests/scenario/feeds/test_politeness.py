"""The 36 points of polite and correct feed reading, one named test each, on a site that records what it is asked."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from yarl import URL

from bot.errors import FetchError, ParseError
from bot.feeds import cadence, health, moves
from bot.feeds.cadence import schedule
from bot.feeds.discover import discover
from bot.feeds.fetch import Fetcher, ResponseError, _Journey
from bot.feeds.fingerprint import fingerprint
from bot.feeds.headers import HeaderHints
from bot.feeds.identity import Decision, Known, decide
from bot.feeds.items import FeedHints, ParsedItem
from bot.feeds.outcome import PollOutcome
from bot.feeds.parse import parse
from bot.feeds.parser import ParserPool
from bot.models import Feed, FeedState, Validators

from .conftest import Reply, Site

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


def rss(*titles: str, extra: str = "", dated: datetime | None = NOW) -> bytes:
    """An RSS feed with an item for each title."""
    date = f"<pubDate>{format_datetime(dated)}</pubDate>" if dated else ""
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>id-{title}</guid><link>https://news.example/{title}</link>{date}</item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>News</title>{extra}{items}</channel></rss>".encode()


def item(
    number: int,
    *,
    title: str | None = None,
    guid: str | None = None,
    url: str | None = None,
    age: timedelta | None = HOUR,
    words: str = "",
    updated: datetime | None = None,
) -> ParsedItem:
    """An item with witnesses of its own."""
    return ParsedItem(
        guid=guid or f"tag:news.example,2026:{number}",
        url=url or f"https://news.example/stories/{number}",
        title=title or f"The builder of cluster number {number} tells how it went",
        summary=words,
        written=len(words),
        published_at=None if age is None else NOW - age,
        updated_at=updated,
    )


def remembered(decisions: Sequence[Decision], at: datetime = NOW) -> tuple[Known, ...]:
    """What a store would hold after these decisions."""
    return tuple(decision.known(at) for decision in decisions)


def first(items: Sequence[ParsedItem], *, first_poll_limit: int = 5) -> tuple[Decision, ...]:
    """The decisions of a first poll."""
    return decide(items, (), now=NOW, first_poll=True, first_poll_limit=first_poll_limit)


def later(items: Sequence[ParsedItem], known: Sequence[Known], after: timedelta = HOUR) -> tuple[Decision, ...]:
    """The decisions of a later poll."""
    return decide(items, known, now=NOW + after, first_poll=False)


def verdicts(decisions: Sequence[Decision]) -> list[str]:
    """The verdicts alone."""
    return [decision.verdict for decision in decisions]


def wait(result: cadence.Schedule) -> timedelta:
    """How long until the next poll."""
    assert result.next_poll_at is not None
    return result.next_poll_at - NOW


OK = PollOutcome("not_modified")


async def test_01_one_get_when_a_feed_is_added(site: Site, fetcher: Fetcher, pool: ParserPool) -> None:
    """Adding a feed's own address costs one GET; its items and validators come with it."""
    url = site.put("/feed", Reply(rss("one", "two"), headers={"ETag": '"1"'}))
    (found,) = await discover(fetcher, pool, url)
    assert [asked.method for asked in site.asked] == ["GET"]
    assert (found.url, found.fetched.validators.etag, len(found.parsed.items)) == (url, '"1"', 2)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', '"abc-gzip"', "no-quotes", '"a b;c,d"', '"schlüssel"'])
async def test_02_etag_echoed_byte_for_byte(site: Site, fetcher: Fetcher, etag: str) -> None:
    """Quotes, weak marks, -gzip endings and odd characters come back as they were sent."""
    url = site.put("/feed", Reply(rss("one"), headers={"ETag": etag}), Reply(status=304))
    got = await fetcher.get(url)
    again = await fetcher.get(url, validators=got.validators)
    assert site.asked[1].headers["If-None-Match"] == etag
    assert again.not_modified
    assert again.body == b""


@pytest.mark.parametrize("stamp", ["Sun, 22 Nov 2026 10:00:00 GMT", "2026-11-22 10:00", "yesterday"])
async def test_03_last_modified_echoed_as_an_opaque_string(site: Site, fetcher: Fetcher, stamp: str) -> None:
    """Whatever the server wrote comes back; it is not read as a date."""
    url = site.put("/feed", Reply(rss("one"), headers={"Last-Modified": stamp}), Reply(status=304))
    got = await fetcher.get(url)
    await fetcher.get(url, validators=got.validators)
    assert site.asked[1].headers["If-Modified-Since"] == stamp


async def test_04_no_validators_no_conditional_headers(site: Site, fetcher: Fetcher) -> None:
    """Without validators neither header is sent."""
    await fetcher.get(site.put("/feed", Reply(rss("one"))))
    assert not {"If-None-Match", "If-Modified-Since"} & set(site.asked[0].headers)


async def test_05_new_etag_sent_though_last_modified_stayed(site: Site, fetcher: Fetcher) -> None:
    """Each validator is replaced on its own."""
    stamp = "Sun, 22 Nov 2026 10:00:00 GMT"
    url = site.put(
        "/feed",
        Reply(rss("one"), headers={"ETag": '"1"', "Last-Modified": stamp}),
        Reply(rss("two"), headers={"ETag": '"2"', "Last-Modified": stamp}),
        Reply(status=304),
    )
    kept = Validators()
    for _ in range(3):
        kept = (await fetcher.get(url, validators=kept)).validators
    assert [asked.headers.get("If-None-Match") for asked in site.asked] == [None, '"1"', '"2"']
    assert site.asked[2].headers["If-Modified-Since"] == stamp


async def test_06_same_body_new_validators_are_stored(site: Site, fetcher: Fetcher) -> None:
    """A body that says the same brings the validators of its own answer."""
    body = rss("one")
    url = site.put("/feed", Reply(body, headers={"ETag": '"1"'}), Reply(body, headers={"ETag": '"2"'}))
    one = await fetcher.get(url)
    two = await fetcher.get(url, validators=one.validators)
    assert fingerprint(one.body) == fingerprint(two.body)
    assert two.validators == Validators(etag='"2"')


async def test_07_a_restart_polls_neither_early_nor_unconditionally(site: Site, fetcher: Fetcher) -> None:
    """All that a poll depends on is in what is stored: the same inputs give the same schedule and the same headers."""
    url = site.put("/feed", Reply(rss("one"), headers={"ETag": '"1"'}), Reply(status=304))
    stored = (await fetcher.get(url)).validators
    before = schedule(now=NOW, last=OK, recent_item_times=[NOW - DAY, NOW - 2 * DAY], jitter=0.5)
    hints = cadence.hints_from_json(cadence.hints_to_json(FeedHints()))
    assert schedule(now=NOW, last=OK, recent_item_times=[NOW - DAY, NOW - 2 * DAY], hints=hints, jitter=0.5) == before
    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[site.host], host_spacing=0) as restarted:
        await restarted.get(url, validators=stored)
    assert site.asked[1].headers["If-None-Match"] == '"1"'


async def test_08_a_manual_refresh_stays_conditional(site: Site, fetcher: Fetcher) -> None:
    """There is one way to read a feed, and it sends the validators and nothing that defeats caches."""
    url = site.put("/feed", Reply(status=304))
    await fetcher.get(url, validators=Validators('"1"', "then"))
    sent = site.asked[0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "then")
    assert not {"Cache-Control", "Pragma"} & set(sent)


async def test_09_a_200_without_validators_clears_the_old_ones(site: Site, fetcher: Fetcher) -> None:
    """Old validators don't outlive the answer they came with."""
    url = site.put("/feed", Reply(rss("one")))
    got = await fetcher.get(url, validators=Validators('"1"', "then"))
    assert got.validators == Validators()


async def test_10_a_304_updates_validators_and_schedule(site: Site, fetcher: Fetcher) -> None:
    """What a 304 carries replaces what was stored; what it doesn't carry stays."""
    url = site.put("/feed", Reply(status=304, headers={"ETag": '"2"', "Cache-Control": "max-age=7200"}))
    got = await fetcher.get(url, validators=Validators('"1"', "then"))
    assert got.validators == Validators('"2"', "then")
    due = schedule(now=NOW, last=OK, recent_item_times=[NOW - HOUR, NOW - 2 * HOUR], headers=got.headers)
    assert wait(due) == timedelta(seconds=7200)


@pytest.mark.parametrize("status", [200, 429])
async def test_11_max_age_obeyed_also_on_429(site: Site, fetcher: Fetcher, status: int) -> None:
    """No poll before max-age has passed, whatever the answer was."""
    headers = {"Cache-Control": "public, max-age=10800"}
    url = site.put("/feed", Reply(rss("one"), status=status, headers=headers))
    last, hinted = OK, HeaderHints()
    try:
        hinted = (await fetcher.get(url)).headers
    except FetchError as error:
        last = PollOutcome.of_error(error)
    due = schedule(now=NOW, last=last, headers=hinted, error_count=int(last is not OK))
    assert wait(due) >= 3 * HOUR


def test_12_expires_only_where_there_is_no_max_age() -> None:
    """max-age wins over Expires in either direction."""
    soon = [NOW - timedelta(minutes=20 * count) for count in range(1, 5)]
    expires = HeaderHints(expires_at=NOW + 5 * HOUR)
    both = HeaderHints(max_age_s=3600, expires_at=NOW + 5 * HOUR)
    assert wait(schedule(now=NOW, last=OK, recent_item_times=soon, headers=expires)) == 5 * HOUR
    assert wait(schedule(now=NOW, last=OK, recent_item_times=soon, headers=both)) == HOUR


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_13_retry_after_in_both_forms(site: Site, status: int, form: str) -> None:
    """Retry-After is obeyed on 429 and 503, as seconds and as a date."""
    value = "14400" if form == "seconds" else format_datetime(NOW + 4 * HOUR, usegmt=True)
    url = site.put("/feed", Reply(status=status, headers={"Retry-After": value}))
    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[site.host], clock=lambda: NOW) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url)
    assert caught.value.retry_after == 14_400
    assert wait(schedule(now=NOW, last=PollOutcome.of_error(caught.value), error_count=1)) == 4 * HOUR


def test_14_429_without_retry_after_backs_off_more_and_more() -> None:
    """Each further refusal doubles the wait, up to the ceiling."""
    last = PollOutcome("error", error_kind="http_429")
    waits = [wait(schedule(now=NOW, last=last, error_count=count)) for count in range(1, 10)]
    assert waits[0] >= timedelta(minutes=15)
    assert all(later >= 2 * earlier or later == DAY for earlier, later in pairwise(waits))
    assert waits[-1] == DAY


@pytest.mark.parametrize("kind", ["http_500", "http_502", "timeout", "reset", "dns", "too_large", "html", "http_404"])
def test_15_faults_back_off_with_jitter_and_never_stop(kind: str) -> None:
    """Waits grow, differ by jitter, and there is always a next poll, within a day."""
    last = PollOutcome("error", error_kind=kind)
    for count in (1, 2, 3, 10, 1000):
        low = wait(schedule(now=NOW, last=last, error_count=count, jitter=0.0))
        high = wait(schedule(now=NOW, last=last, error_count=count, jitter=0.99))
        assert timedelta(minutes=5) <= low <= high <= DAY
        assert low < high or low == DAY


async def test_16_permanent_redirects_are_stored_after_some_days(site: Site, fetcher: Fetcher) -> None:
    """A 301 is followed at once, but the address changes only when it was seen at every poll for two days."""
    site.put("/new", Reply(rss("one")))
    old = site.put("/old", Reply(status=301, headers={"Location": "/new"}))
    got = await fetcher.get(old)
    assert got.permanent_url == site.base + "/new" == got.final_url
    move = moves.judge(url=old, moved_to=None, moved_seen_at=None, permanent_url=got.permanent_url, now=NOW)
    assert move.action == "watch"
    for days, action in ((1, "watch"), (2, "follow")):
        move = moves.judge(
            url=old,
            moved_to=move.moved_to,
            moved_seen_at=move.seen_at,
            permanent_url=got.permanent_url,
            now=NOW + days * DAY,
        )
        assert move.action == action
    elsewhere = moves.judge(
        url=old, moved_to="https://x.example/", moved_seen_at=NOW, permanent_url="https://y.example/", now=NOW + 3 * DAY
    )
    assert elsewhere.action == "watch"
    assert (
        moves.judge(url=old, moved_to="https://x.example/", moved_seen_at=NOW, permanent_url=None, now=NOW + DAY).action
        == "stay"
    )


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_17_temporary_redirects_are_never_stored(site: Site, fetcher: Fetcher, status: int) -> None:
    """The target is read, the address stays."""
    site.put("/new", Reply(rss("one")))
    got = await fetcher.get(site.put("/old", Reply(status=status, headers={"Location": "/new"})))
    assert (got.status, got.permanent_url) == (200, None)


async def test_18_in_a_mixed_chain_only_the_leading_permanent_run_counts(site: Site, fetcher: Fetcher) -> None:
    """301, 308, 302, 301: the address would become the end of the first two."""
    for here, status, there in (("/a", 301, "/b"), ("/b", 308, "/c"), ("/c", 302, "/d"), ("/d", 301, "/e")):
        site.put(here, Reply(status=status, headers={"Location": there}))
    site.put("/e", Reply(rss("one")))
    got = await fetcher.get(site.base + "/a")
    assert (got.permanent_url, got.final_url) == (site.base + "/c", site.base + "/e")


def test_19_a_target_that_is_watched_already_merges_without_reposts() -> None:
    """After a merge, both feeds' items are known, also those with one id and different words."""
    items = [item(number) for number in range(4)]
    old = remembered(first(items))
    other = remembered(
        first([item(9), item(1, title="Quite another thing under the same id", url="https://b.example/1")])
    )
    known = moves.merged(other, old)
    assert "new" not in verdicts(later([*items, item(9)], known))


async def test_20_410_stops_and_tells(site: Site, fetcher: Fetcher) -> None:
    """Gone for good: no next poll, and the admins hear of it once."""
    with pytest.raises(FetchError) as caught:
        await fetcher.get(site.put("/feed", Reply(status=410)))
    outcome = PollOutcome.of_error(caught.value)
    assert schedule(now=NOW, last=outcome, error_count=1).next_poll_at is None
    feed = Feed(id=1, url="https://news.example/feed", title="News", publisher="News")
    told = health.judge(feed, outcome, NOW)
    assert (told.state, told.tell) == (FeedState.GONE, "gone")
    gone = Feed(id=1, url=feed.url, title="News", publisher="News", state=FeedState.GONE)
    assert health.judge(gone, outcome, NOW).tell is None


async def test_21_one_connection_per_host_with_spacing(site: Site) -> None:
    """Twelve feeds of one host are read one after the other, with the pause in between, in the order of asking."""
    urls = [site.put(f"/{number}", Reply(rss("one"))) for number in range(6)]
    async with Fetcher(user_agent="Tapeout/0.1", allowed_hosts=[site.host], host_spacing=0.03) as fetcher:
        await asyncio.gather(*(fetcher.get(url) for url in urls))
    assert site.paths() == [f"/{number}" for number in range(6)]
    gaps = [after.began - before.ended for before, after in pairwise(site.asked)]
    assert min(gaps) >= 0.029
    assert len({asked.connection for asked in site.asked}) == 1


async def test_22_one_fetch_serves_every_channel(site: Site, fetcher: Fetcher) -> None:
    """Decisions need the fetched items only, so that any number of channels costs one request."""
    body = (await fetcher.get(site.put("/feed", Reply(rss("one", "two"))))).body
    parsed = parse(body, url=site.base + "/feed")
    assert [verdicts(first(parsed.items)) for _ in range(3)] == [["new", "new"]] * 3
    assert len(site.asked) == 1


async def test_23_no_cookies_no_referer_a_user_agent_with_an_address(site: Site, fetcher: Fetcher) -> None:
    """Nothing that tracks is sent, not even after the server set a cookie and redirected; the bot names itself."""
    site.put("/b", Reply(rss("one"), headers={"Set-Cookie": "b=2"}))
    url = site.put("/a", Reply(status=302, headers={"Location": "/b", "Set-Cookie": "a=1; Path=/"}))
    await fetcher.get(url)
    await fetcher.get(url)
    assert site.paths() == ["/a", "/b", "/a", "/b"]
    for asked in site.asked:
        assert not {"Cookie", "Referer", "Authorization", "Cache-Control", "Pragma"} & set(asked.headers)
        assert asked.headers["User-Agent"] == "Tapeout/0.1 (+https://example.com/tapeout)"


async def test_24_compression_is_accepted_and_understood(site: Site, fetcher: Fetcher) -> None:
    """Both gzip and deflate are offered, and a gzip body comes out as it was."""
    body = rss("one")
    url = site.put("/feed", Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"}))
    got = await fetcher.get(url)
    assert {"gzip", "deflate"} <= {name.strip() for name in site.asked[0].headers["Accept-Encoding"].split(",")}
    assert got.body == body


@pytest.mark.parametrize(
    ("extra", "least", "reason"),
    [
        ("<ttl>180</ttl>", 3 * HOUR, "ttl"),
        (
            f"<sy:updatePeriod {SY}>daily</sy:updatePeriod><sy:updateFrequency {SY}>4</sy:updateFrequency>",
            6 * HOUR,
            "sy:updatePeriod",
        ),
        (
            "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(12, 20)) + "</skipHours>",
            8 * HOUR,
            "skipHours",
        ),
        ("<skipDays><day>Sunday</day><day>Monday</day></skipDays>", 36 * HOUR, "skipDays"),
    ],
)
def test_25_the_feeds_own_wishes_are_honoured(extra: str, least: timedelta, reason: str) -> None:
    """ttl, sy:*, skipHours and skipDays delay the next poll (it is Sunday noon)."""
    hints = parse(rss("one", extra=extra), url="https://news.example/feed").hints
    busy = [NOW - timedelta(minutes=10 * count) for count in range(1, 5)]
    due = schedule(now=NOW, last=OK, recent_item_times=busy, hints=hints)
    assert wait(due) == least
    assert reason in due.reason


async def test_26_redirect_loops_are_bounded_and_https_never_falls(site: Site, fetcher: Fetcher) -> None:
    """A circle and an endless chain end with a reason; https isn't left for http."""
    site.put("/a", Reply(status=302, headers={"Location": "/b"}))
    site.put("/b", Reply(status=302, headers={"Location": "/a"}))
    with pytest.raises(FetchError, match="circle"):
        await fetcher.get(site.base + "/a")
    for number in range(40):
        site.put(f"/{number}", Reply(status=302, headers={"Location": f"/{number + 1}"}))
    with pytest.raises(FetchError, match="too many times"):
        await fetcher.get(site.base + "/0")
    assert len(site.asked) < 15
    with pytest.raises(FetchError) as caught:
        _Journey("https://a.example/", URL("https://a.example/")).redirect(301, "http://a.example/")
    assert caught.value.kind == "downgrade"


async def test_27_a_web_page_on_a_feeds_address_is_a_health_error(
    site: Site, fetcher: Fetcher, pool: ParserPool
) -> None:
    """The feed's state says so, and there are no items that could replace the known ones."""
    url = site.put("/feed", Reply(b"<!doctype html><html><body><p>Maintenance</p></body></html>", type="text/html"))
    got = await fetcher.get(url)
    with pytest.raises(ParseError) as caught:
        await pool.parse(got.body, content_type=got.content_type, url=got.final_url)
    assert caught.value.kind == "html"
    feed = Feed(id=1, url=url, title="News", publisher="News")
    judged = health.judge(feed, PollOutcome.of_error(caught.value), NOW)
    assert judged.state is FeedState.NOT_A_FEED
    assert "web page" in judged.sentence


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_28_an_empty_or_cut_feed_deletes_nothing(cut: int) -> None:
    """Fewer items decide about fewer items; when the rest comes back it is known."""
    titles = ["first-story", "second-story", "third-story"]
    whole = parse(rss(*titles), url="https://news.example/feed").items
    known = remembered(first(whole))
    body = rss(*titles)
    broken = (
        body[: body.index(b"<item>")] + b"</channel></rss>"
        if cut == 0
        else body[: body.rindex(b"<item>") + 30 * (cut - 1)]
    )
    assert "new" not in verdicts(later(parse(broken, url="https://news.example/feed").items, known))
    assert verdicts(later(whole, known)) == ["known"] * 3


def test_29_same_id_with_new_updated_is_an_edit() -> None:
    """A changed text or stamp under a known id updates what is stored and posts nothing."""
    known = remembered(first([item(1, words="It costs $8 billion.", updated=NOW - HOUR)]))
    (edited,) = later([item(1, words="It costs $9 billion.", updated=NOW)], known)
    assert (edited.verdict, edited.changed) == ("edited", ("content", "updated"))
    (touched, _) = later([item(1, words="It costs $8 billion.", updated=NOW), item(2, updated=NOW - DAY)], known)
    assert (touched.verdict, touched.changed) == ("edited", ("updated",))
    (same,) = later([item(1, words="<p>It  costs $8 billion.</p>", updated=NOW - HOUR)], known)
    assert same.verdict == "known"


def test_30_a_flood_of_new_ids_posts_nothing_old() -> None:
    """All ids change at once: with the links, and with new links, too; nothing is posted."""
    items = [item(number, age=DAY * number) for number in range(1, 21)]
    known = remembered(first(items, first_poll_limit=20))
    ids = [item(number, age=DAY * number, guid=f"new-{number}") for number in range(1, 21)]
    both = [
        item(number, age=DAY * number, guid=f"new-{number}", url=f"https://new.example/{number}")
        for number in range(1, 21)
    ]
    now_dated = [
        item(number, age=None, guid=f"new-{number}", url=f"https://new.example/{number}") for number in range(1, 21)
    ]
    for changed in (ids, both, now_dated):
        assert "new" not in verdicts(later(changed, known))
    retitled = [
        item(
            number,
            age=DAY * number,
            guid=f"new-{number}",
            url=f"https://new.example/{number}",
            title=f"Überschrift {number}",
        )
        for number in range(1, 21)
    ]
    assert [decision.item for decision in later(retitled, known) if decision.verdict == "new"] in ([], retitled[:1])


@pytest.mark.parametrize("size", [1, 5, 30])
def test_31_a_first_poll_posts_at_most_n(size: int) -> None:
    """The newest few are new, the rest is backlog and stays so at the next poll."""
    items = [item(number, age=HOUR * number) for number in range(1, size + 1)]
    decisions = first(items, first_poll_limit=3)
    assert [d.item for d in decisions if d.verdict == "new"] == items[:3]
    assert set(verdicts(later(items, remembered(decisions)))) == {"known"}


def test_32_future_dates_are_clamped() -> None:
    """An item from next year counts as of now, once, and does not hide what comes after it."""
    ahead = item(1, age=-400 * DAY)
    (decision,) = first([ahead])
    assert (decision.verdict, decision.published_at) == ("new", NOW)
    after = later([ahead, item(2, age=-HOUR)], remembered([decision]), after=2 * HOUR)
    assert verdicts(after) == ["known", "new"]
    assert after[0].published_at == NOW


def test_33_json_feed_numeric_ids_and_items_without_id() -> None:
    """Numbers are ids; items without one are told apart by link or text, and all are known the next time."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {"id": 7, "title": "A numbered item of the feed", "date_published": NOW.isoformat()},
            {"url": "https://news.example/b", "title": "An item that has a link only"},
            {"content_text": "No id, no link, no title: only words."},
        ],
    }
    parsed = parse(
        json.dumps(feed).encode(), content_type="application/feed+json", url="https://news.example/feed.json"
    )
    decisions = first(parsed.items)
    assert verdicts(decisions) == ["new"] * 3
    assert len({decision.identity for decision in decisions}) == 3
    assert parsed.items[0].guid == "7"
    assert verdicts(later(parsed.items, remembered(decisions))) == ["known"] * 3


async def test_34_archives_are_not_crawled(site: Site, fetcher: Fetcher, pool: ParserPool) -> None:
    """RFC 5005 links to older pages, and JSON Feed's next_url, are left alone."""
    atom = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><link rel='next' href='{site.base}/page2'/>"
        f"<link rel='prev-archive' href='{site.base}/2025'/><entry><id>a</id><title>One</title></entry></feed>"
    )
    url = site.put("/feed", Reply(atom.encode(), type="application/atom+xml"))
    await discover(fetcher, pool, url)
    await fetcher.get(url)
    assert site.paths() == ["/feed", "/feed"]


@pytest.mark.parametrize(
    ("head", "link", "feed"),
    [
        ("<base href='/blog/'><link rel='alternate' type='application/rss+xml' href='feed.xml'>", "", "/blog/feed.xml"),
        ("<link rel='alternate' type='application/atom+xml' href='../atom'>", "", "/atom"),
        (
            "<link rel='home ALTERNATE feed' type='application/rss+xml; charset=utf-8' href='/x?a=1&amp;b=2'>",
            "",
            "/x?a=1&b=2",
        ),
        ("", '</linked.xml>; rel="alternate"; type="application/rss+xml"', "/linked.xml"),
        ("", "", "/feed"),
        ("", "", "/atom.xml"),
    ],
    ids=["base", "relative", "several-rel-tokens", "link-header", "well-known", "well-known-late"],
)
async def test_35_discovery(site: Site, fetcher: Fetcher, pool: ParserPool, *, head: str, link: str, feed: str) -> None:
    """A page's feed is found wherever the page or its headers name it, or where feeds usually are."""
    page = f"<html><head><title>A site</title>{head}</head><body><p>Hello</p></body></html>".encode()
    site.put("/blog/about/us", Reply(page, type="text/html; charset=utf-8", headers={"Link": link} if link else {}))
    site.put("/", Reply(page, type="text/html; charset=utf-8", headers={"Link": link} if link else {}))
    site.put(feed, Reply(rss("one", "two")))
    start = "/" if not (head or link) or "base" in head else "/blog/about"
    if start == "/blog/about":
        site.put(start, Reply(page, type="text/html", headers={"Link": link} if link else {}))
    (found,) = await discover(fetcher, pool, site.base + start)
    assert found.url == site.base + feed
    assert found.latest == ("one", "two")


def test_36_a_crash_between_fetch_and_post_loses_and_repeats_nothing() -> None:
    """Decisions depend on what is stored only: made again after a crash they are the same."""
    items = [item(number, age=HOUR * number) for number in range(1, 8)]
    known = remembered(first(items[3:]))
    assert later(items, known) == later(items, known)
    stored_half = (*known, *remembered([decision for decision in later(items, known) if decision.verdict == "new"][:1]))
    assert verdicts(later(items, stored_half)).count("new") == 2
    assert set(verdicts(later(items, remembered(later(items, known))))) == {"known"}


async def test_errors_carry_what_the_schedule_needs(site: Site, fetcher: Fetcher) -> None:
    """An HTTP error holds status, hints and the permanent redirect that led to it, and says what to do."""
    site.put("/b", Reply(status=503, headers={"Retry-After": "60"}))
    with pytest.raises(ResponseError) as caught:
        await fetcher.get(site.put("/a", Reply(status=301, headers={"Location": "/b"})))
    error = caught.value
    assert (error.kind, error.status, error.retry_after, error.permanent_url) == ("http_503", 503, 60, site.base + "/b")
    assert "asked again later" in str(error)
