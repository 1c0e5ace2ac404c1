import calendar
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import feedparser
import pytest

from bot.shelf.catalog import Catalog, load_catalog
from bot.shelf.feeds import render_feed
from bot.shelf.items import Publisher
from bot.shelf.progress import Progress
from bot.shelf.timeline import Out, advance_to_end, on_shelf

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "http://127.0.0.1:8081"
CATALOG = load_catalog()
XML = [publisher for publisher in CATALOG.publishers if publisher.format != "json"]


def items_of(publisher: Publisher, catalog: Catalog = CATALOG) -> list[Out]:
    """Everything of a publisher's, as if all had come out by noon."""
    outs = on_shelf(catalog, advance_to_end(catalog, Progress(), NOON))
    return [out for out in outs if out.article.publisher == publisher]


def parsed(publisher: Publisher) -> Any:
    """The publisher's feed through feedparser."""
    body = render_feed(publisher, items_of(publisher), BASE, NOON)
    return feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def by_key(key: str) -> Publisher:
    """A publisher of the shipped catalog."""
    return next(publisher for publisher in CATALOG.publishers if publisher.key == key)


@pytest.mark.parametrize("publisher", XML, ids=lambda publisher: publisher.key)
def test_every_item_can_be_read_back(publisher: Publisher) -> None:
    """Ids, titles, links and dates survive a tolerant parser, in the broken feed too."""
    entries = {entry.id: entry for entry in parsed(publisher).entries}
    items = items_of(publisher)
    assert len(entries) == len(items)
    for item in items:
        entry = entries[item.article.item_id]
        assert entry.title == item.edition.title
        assert entry.link.split("?")[0] == BASE + item.article.path
        if item.stated is None:
            assert "published_parsed" not in entry
        else:
            stamp = entry.get("published_parsed") or entry.updated_parsed
            assert datetime.fromtimestamp(calendar.timegm(stamp), UTC) == item.stated


def test_exactly_one_feed_is_malformed() -> None:
    """The broken feed is broken for a strict parser, and no other one is."""
    assert [publisher.key for publisher in XML if parsed(publisher).bozo] == ["lumen"]


def test_the_json_feed_follows_its_version_but_numbers_its_items() -> None:
    """JSON Feed 1.1 with the numeric ids that many feeds have."""
    publisher = by_key("halden")
    items = items_of(publisher)
    feed = json.loads(render_feed(publisher, items, BASE, NOON))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == [item.article.number for item in items]
    assert all(item["content_html"].startswith("<p>") for item in feed["items"])


def test_full_text_feeds_hold_the_last_paragraph_and_summaries_do_not() -> None:
    """Where a feed gives a summary only, the page must be read."""
    for publisher in XML:
        for item, entry in zip(items_of(publisher), parsed(publisher).entries, strict=True):
            content = " ".join(part.value for part in entry.get("content", []))
            assert bool(content) == (publisher.content == "full"), item.article.id
            if content:
                assert item.edition.body[-1].lines[-1][-30:].split("(")[0].strip('" ') in content


def test_accents_survive_the_old_encoding() -> None:
    """The windows-1252 feed is not UTF-8, and its French reads right."""
    publisher = by_key("gridload")
    body = render_feed(publisher, items_of(publisher), BASE, NOON)
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    french = next(entry for entry in parsed(publisher).entries if "Hydro" in entry.title)
    assert french.title.startswith("Hydro-Boréal réserve 480 MW")


def test_only_the_stamp_moves_in_the_feed_with_a_stamp() -> None:
    """Two looks at an unchanged feed differ in lastBuildDate alone; every other feed is the same byte for byte."""
    for publisher in CATALOG.publishers:
        items = items_of(publisher)
        first = render_feed(publisher, items, BASE, NOON).splitlines()
        second = render_feed(publisher, items, BASE, NOON + timedelta(seconds=5)).splitlines()
        changed = [a for a, b in zip(first, second, strict=True) if a != b]
        assert len(changed) == ("stamp" in publisher.quirks)
        assert all(b"lastBuildDate" in line for line in changed)


def test_an_update_is_the_same_item_with_a_later_stamp() -> None:
    """Atom's `updated` moves and the id stays, so a reader can tell an edit from news."""
    publisher = by_key("rackpost")
    entry = next(e for e in parsed(publisher).entries if e.id.endswith("port-ellery-outage"))
    assert "14,200" in entry.title
    assert entry.updated_parsed > entry.published_parsed


def test_a_feed_with_nothing_out_is_still_a_feed() -> None:
    """The first moments of a publisher parse to no items and no error."""
    for publisher in XML:
        feed = feedparser.parse(BytesIO(render_feed(publisher, [], BASE, NOON)))
        assert (feed.entries, bool(feed.bozo), feed.feed.title) == ([], False, publisher.name)


def test_the_hostile_items_reach_the_reader_as_words() -> None:
    """The title with a tag, the channel mention and the hidden text are there for the reader to defuse."""
    titles = [entry.title for publisher in XML for entry in parsed(publisher).entries]
    assert any("<script>" in title and "&" in title for title in titles)
    assert any("<!channel>" in title for title in titles)
    notice = next(entry for entry in parsed(by_key("presslane")).entries if "<!channel>" in entry.title)
    assert 'style="display:none"' in notice.content[0].value
