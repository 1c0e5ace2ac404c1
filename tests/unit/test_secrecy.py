from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from bot.feeds import opml
from bot.secrecy import holds_secret

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "url",
    [
        "https://reader:hunter22@news.example/feed",
        "https://news.example/feed?token=abc",
        "https://news.example/feed?api_key=abc",
        "https://news.example/feed?format=atom&access_token=x",
        "https://code.example/team/app.private.atom",
        "https://calendar.example/ical/private-0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c/basic.ics",
        "https://letter.example/feed/private/12",
        "https://letter.example/rss/8f3kQ29xPz71LmV0aB4t",
        "https://news.example/feed/1b4e28ba-2fa1-11d2-883f-0016d3cca427",
        "https://forum.example/.rss?feed=9d1f0c7be83a4c5f7ad2e0b6c95f7e0143aa51be&user=ada",
    ],
)
def test_addresses_with_a_token_are_secrets(url: str) -> None:
    """Passwords, named tokens and random words in an address keep its articles within the workspaces that know it."""
    assert holds_secret(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/feed",
        "https://www.news.example/2026/11/22/how-they-build-a-gigawatt-site-in-18-months/feed/",
        "https://news.example/rss2.xml?format=rss&category=data-centres",
        "https://videos.example/feeds/videos.xml?channel_id=UCs3KqW0PxJ8rY2bZ9vT4mQw",
        "https://export.example/rss/cs.DC+cs.AR?version=2.0",
        "https://blog.example/datacenterdynamics2026/index.xml",
        "https://alerts.example/feeds/01234567890123456789/9876543210987654321",
    ],
)
def test_plain_addresses_are_none(url: str) -> None:
    """Dates, names, numbers and a video channel's public id do not make a feed a secret."""
    assert not holds_secret(url)


def test_no_feed_that_ships_is_a_secret() -> None:
    """The whole shipped list is shared, and joined into stories, as before."""
    entries = opml.read((ROOT / "bot" / "feeds" / "shipped.opml").read_bytes()).entries
    assert [entry.url for entry in entries if holds_secret(entry.url)] == []


def test_random_words_are_seldom_missed() -> None:
    """Of a thousand tokens of 20 letters and digits, at most four in a hundred look like names; of hexes, one."""
    dice = random.Random(7)
    letters = string.ascii_letters + string.digits
    tokens = ["".join(dice.choices(letters, k=20)) for _ in range(1000)]
    missed = [token for token in tokens if not holds_secret(f"https://letter.example/rss/{token}")]
    assert len(missed) <= 40, missed[:3]
    hexes = [f"{dice.getrandbits(128):032x}" for _ in range(1000)]
    assert sum(not holds_secret(f"https://letter.example/rss/{token}") for token in hexes) <= 1
