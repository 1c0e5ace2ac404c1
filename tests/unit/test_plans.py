"""Configuration as code: mistakes are named by their lines, and what is written reads back the same."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import plans
from bot.choices import TopicChoice
from bot.errors import UserError
from bot.models.digests import Rhythm
from bot.plans import WantedChannel, WantedFeed

FILE = """\
[[channel]]
name = "#chips"
style = "deep"
threshold = 0.4
filters = ["not gaming"]

[[channel.feed]]
url = "https://a.example/feed"
filters = ["about inference cost", "language: en"]

[[channel.feed]]
url = "https://b.example/feed"
paused = true

[[channel.topic]]
name = "Money and deals"
followed = false

[[channel.topic]]
text = 'HBM AND (Samsung OR "SK hynix")'

[channel.rhythm]
zone = "Europe/Oslo"
posts = false
at = ["08:30"]
"""

CHIPS = WantedChannel(
    "chips",
    style="deep",
    threshold=0.4,
    filters=("not gaming",),
    feeds=(
        WantedFeed("https://a.example/feed", filters=("about inference cost", "language: en")),
        WantedFeed("https://b.example/feed", paused=True),
    ),
    topics=(
        TopicChoice("Money and deals", is_followed=False),
        TopicChoice('HBM AND (Samsung OR "SK hynix")', 'HBM AND (Samsung OR "SK hynix")'),
    ),
    rhythm=Rhythm(zone="Europe/Oslo", posts=False, at=(time(8, 30),)),
)


def test_a_file_says_what_a_channel_should_be_like() -> None:
    """What is not named is None: it stays as it is."""
    assert plans.read(FILE) == (CHIPS,)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('style = "deep"', 'style = "baroque"', "line 3: `style` is one of one line, standard, deep."),
        ("threshold = 0.4", "threshold = 4", "line 4: `threshold` is a number between 0 and 1."),
        ("threshold = 0.4", "treshold = 0.4", "line 4: `treshold` is not known; there are name, style"),
        ('["not gaming"]', '["/(a/"]', "line 5: filter `/(a/`: That pattern cannot be used"),
        ('"https://b.example/feed"', '"b.example"', "line 12: A feed needs its `url`"),
        ('"https://b.example/feed"', '"https://a.example/feed"', "line 12: https://a.example/feed is there twice."),
        ("paused = true", 'paused = "yes"', "line 13: `paused` is true or false."),
        ('"Money and deals"', '"Gossip"', "line 16: “Gossip” does not ship"),
        ("'HBM AND (Samsung", "'HBM AND ((Samsung", "line 20: topic `HBM"),
        ('["08:30"]', '["25:00"]', "line 25: rhythm: `at.0`"),
        ('"Europe/Oslo"', '"Europe/Atlantis"', "line 22: rhythm:"),
        ('["08:30"]', "[]", "line 22: rhythm: When does the digest come"),
        ("[[channel.topic]]\nname", "[[chanel.topic]]\nname", "line 1: `chanel` is not known here"),
        ("threshold = 0.4", "threshold = ", "at line 4"),
    ],
)
def test_each_mistake_is_named_by_its_line(old: str, new: str, said: str) -> None:
    """With a sentence on what would be right."""
    with pytest.raises(UserError) as refused:
        plans.read(FILE.replace(old, new, 1))
    assert said in str(refused.value)


def test_a_second_channel_has_lines_of_its_own() -> None:
    """Tables are counted anew in each channel."""
    with pytest.raises(UserError) as refused:
        plans.read(FILE + '[[channel]]\nname = "chips"\n[[channel.feed]]\nurl = "x"\n')
    assert str(refused.value) == (
        "line 27: #chips is there twice.\nline 29: A feed needs its `url`, with http:// or https://."
    )


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)
channels = st.builds(
    WantedChannel,
    name=words.map(lambda text: f"x{text}"),
    style=st.none() | st.just("deep"),
    threshold=st.none() | st.floats(0, 1),
    paused=st.none() | st.booleans(),
    filters=st.none() | st.just(()) | st.just(("not gaming", 'author: Ana "the pen"')),
    feeds=st.none()
    | st.lists(
        st.builds(WantedFeed, url=words.map(lambda text: f"https://{text}"), title=words, paused=st.booleans()),
        max_size=3,
        unique_by=lambda feed: feed.url,
    ).map(tuple),
    topics=st.none()
    | st.just(())
    | st.just((TopicChoice("Papers, own", "Papers OR preprints", muted_until=datetime(2026, 12, 1, 0, 0, 1, 5, UTC)),)),
    rhythm=st.none() | st.just(Rhythm(quiet=(time(22), time(7)), daily=3)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(channels, max_size=3, unique_by=lambda channel: channel.name).map(tuple))
def test_what_is_written_reads_back_the_same(found: tuple[WantedChannel, ...]) -> None:
    """Whatever stands in titles and addresses."""
    assert plans.read(plans.write(found)) == found


def test_steps_are_shown_as_sentences_and_lead_there() -> None:
    """From nothing, between two, and none where nothing is to be done."""
    assert plans.steps((CHIPS,), (CHIPS,)) == ()
    there = WantedChannel(
        "chips",
        style="standard",
        threshold=0.4,
        filters=(),
        feeds=(WantedFeed("https://a.example/feed", "A", filters=("not x",)), WantedFeed("https://c.example/", "C")),
        topics=(TopicChoice("Mine", "Mine OR yours"),),
        rhythm=CHIPS.rhythm,
    )
    said = [step.said for step in plans.steps((there,), (CHIPS,))]
    assert said == [
        "~ style: standard → deep",
        "- feed C (https://c.example/)",
        "- filter `not x` on https://a.example/feed",
        "+ filter `about inference cost` on https://a.example/feed",
        "+ filter `language: en` on https://a.example/feed",
        "+ feed https://b.example/feed",
        "~ pause https://b.example/feed",
        "+ filter `not gaming` on every feed",
        "- topic Mine",
        "~ topic Money and deals: not followed",
        '+ topic HBM AND (Samsung OR "SK hynix")',
    ]
    assert plans.steps((), (WantedChannel("new"),))[0].said == "+ channel #new"
