"""The list of feeds that Tapeout watches from the start when it runs live."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree

SHIPPED = Path(__file__).parents[2] / "bot" / "feeds" / "shipped.opml"

CATEGORIES: Mapping[str, str] = {
    "Chips and accelerators": "chips",
    "Data centres and power": "power",
    "Clouds and capacity": "clouds",
    "Training and inference systems": "systems",
    "Networking and memory": "network",
    "Models and their serving cost": "models",
    "Money and deals": "money",
    "Policy and export control": "policy",
    "Papers": "papers",
}
"""Each folder, in the order a reader sees, and the one word its feeds carry as `category`."""

FEWEST = 40
AGGREGATORS = ("news.google.com", "hnrss.org", "rsshub.app", "www.reddit.com", "www.techmeme.com")
"""Sites that repeat others' articles: a story's publishers could not be counted if we read these."""


def folders() -> dict[str, list[dict[str, str]]]:
    """Read the shipped file: each folder's name and the attributes of the feeds in it."""
    body = ElementTree.parse(SHIPPED).getroot().find("body")
    return {folder.attrib["text"]: [dict(feed.attrib) for feed in folder] for folder in body}


def feeds() -> list[dict[str, str]]:
    """All feeds of the shipped file, in its order."""
    return [feed for inside in folders().values() for feed in inside]


def test_file_is_opml_2_with_a_title_and_a_date() -> None:
    """A safe XML parser reads the file, and it says what it is and when it was last looked over."""
    root = ElementTree.parse(SHIPPED).getroot()
    assert root.tag == "opml"
    assert root.attrib["version"] == "2.0"
    assert root.findtext("head/title")
    assert parsedate_to_datetime(root.findtext("head/dateModified")).tzinfo is not None


def test_folders_are_the_topics_in_their_order() -> None:
    """Feeds are foldered by topic, and no folder is empty."""
    found = folders()
    assert list(found) == list(CATEGORIES)
    assert all(found.values())


def test_there_are_enough_feeds() -> None:
    """A desk that starts live watches a broad field from its first minute."""
    assert len(feeds()) >= FEWEST


@pytest.mark.parametrize(("folder", "category"), CATEGORIES.items())
def test_feeds_carry_their_folders_category(folder: str, category: str) -> None:
    """The category survives an importer that drops folders."""
    assert {feed["category"] for feed in folders()[folder]} == {category}


@pytest.mark.parametrize("attribute", ["text", "title", "xmlUrl", "htmlUrl", "category"])
def test_every_feed_has_each_attribute(attribute: str) -> None:
    """No feed lacks a name, an address or its site, and no value has white space around it."""
    values = [feed.get(attribute, "") for feed in feeds()]
    assert all(values)
    assert [value.strip() for value in values] == values


def test_every_feed_has_the_type_readers_expect() -> None:
    """OPML readers import only outlines of type rss, which stands for Atom as well."""
    assert {feed["type"] for feed in feeds()} == {"rss"}


@pytest.mark.parametrize("attribute", ["xmlUrl", "htmlUrl"])
def test_addresses_are_public_https_without_secrets(attribute: str) -> None:
    """Each address is https, on the usual port, with no user, password or fragment in it."""
    for feed in feeds():
        parts = urlsplit(feed[attribute])
        assert parts.scheme == "https", feed[attribute]
        assert parts.hostname, feed[attribute]
        assert "." in parts.hostname, feed[attribute]
        assert (parts.port, parts.username, parts.password, parts.fragment) == (None, None, None, ""), feed[attribute]
        assert feed[attribute].isascii()


def test_no_feed_is_listed_twice() -> None:
    """Neither the same address (but for case or a last slash) nor the same name occurs twice."""
    addresses = [feed["xmlUrl"].lower().removesuffix("/") for feed in feeds()]
    names = [feed["text"].casefold() for feed in feeds()]
    assert len(set(addresses)) == len(addresses)
    assert len(set(names)) == len(names)


def test_no_feed_is_an_aggregator() -> None:
    """Independent publishers can be counted: no feed is a search over, or a copy of, others' articles."""
    assert [feed["xmlUrl"] for feed in feeds() if urlsplit(feed["xmlUrl"]).hostname in AGGREGATORS] == []
