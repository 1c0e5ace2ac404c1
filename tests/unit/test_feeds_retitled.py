"""Items that come again under nearly their old titles, and those that only look so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.identity import Decision, Known, decide
from bot.feeds.items import ParsedItem
from bot.feeds.retitled import rebranded
from bot.feeds.witness import title_key

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FORM = "Subscribe to read the whole story, and everything else that we publish on this day. " * 4
HEADLINES = [
    "Crusoe opens a campus beside the old dam",
    "Marvell doubles its orders of optical parts",
    "Regulators stop the merger of two utilities",
    "A turbine fire closes halls in Quebec",
    "Memory prices rise for the fifth month",
    "Students build a cluster out of old phones",
]


def item(number: int, headline: str, age: timedelta, text: str = "") -> ParsedItem:
    """An item with an id and a link of its own."""
    words = text or f"The words of {headline}."
    return ParsedItem(
        guid=f"tag:{number}",
        url=f"https://news.example/{number}",
        title=headline,
        summary=words,
        written=len(words),
        published_at=NOW - age,
    )


def feed(text: str = "") -> list[ParsedItem]:
    """Six items, an hour apart, the newest first."""
    return [item(at, headline, HOUR * (at + 1), text) for at, headline in enumerate(HEADLINES)]


def later(before: list[ParsedItem], after: list[ParsedItem]) -> tuple[Decision, ...]:
    """What a poll makes of the items of `after` in a feed that held those of `before` when it was added."""
    known = decide(before, (), now=NOW, first_poll=True)
    return decide(after, [one.known(NOW) for one in known], now=NOW + 2 * HOUR, first_poll=False)


def verdicts(decisions: tuple[Decision, ...]) -> list[str]:
    """The verdicts alone."""
    return [decision.verdict for decision in decisions]


@pytest.mark.parametrize("gained", [True, False], ids=["gained", "lost"])
def test_a_site_that_moves_and_changes_its_name_posts_nothing_again(gained: bool) -> None:  # noqa: FBT001 - a case
    """New ids, links, dates and texts, and the publisher's name put below each title or taken off."""
    plain = feed()
    branded = [replace(one, title=f"{one.title} | Brand Times") for one in plain]
    before, after = (plain, branded) if gained else (branded, plain)
    moved = [
        replace(
            one, guid=f"new-{at}", url=f"https://brand.example/{at}", summary=f"other {at}", published_at=NOW + HOUR
        )
        for at, one in enumerate(after)
    ]
    news = item(9, "Oracle plans three reactors in Utah" + (" | Brand Times" if gained else ""), -HOUR)
    decisions = later(before, [news, *moved])
    assert verdicts(decisions) == ["new"] + ["withheld"] * 6
    assert "new ids and links" in decisions[1].reason


def test_an_ending_that_few_titles_share_is_no_name() -> None:
    """Two headlines that go on alike are two headlines."""
    known = [title_key(one) for one in HEADLINES]
    assert rebranded([f"{known[0]} again", f"{known[1]} again"], known) == {}
    assert len(rebranded([f"{one} again" for one in known[:3]], known)) == 3


def test_an_item_that_is_published_again_in_its_own_place_is_not_told_again() -> None:
    """The old one is gone from the middle of the feed, and one with nearly its title came hours later."""
    before = feed()
    again = item(20, "Marvell doubles its orders for optical parts", -HOUR)
    decisions = later(before, [again, before[0], *before[2:]])
    assert verdicts(decisions) == ["withheld"] + ["known"] * 5
    assert decisions[0].reason == "It repeats most of the title of an item that is gone from this feed, the same day."


def test_an_item_beside_one_with_nearly_its_title_is_news() -> None:
    """Nothing is gone: the feed tells of two things in like words."""
    before = feed()
    assert (
        verdicts(later(before, [item(20, "Marvell doubles its orders for optical parts", -HOUR), *before]))[0] == "new"
    )


def test_titles_of_one_form_replace_nothing() -> None:
    """Where several titles differ by a word or two, one that leaves and one that comes are two incidents."""
    places = ["Ohio", "Texas", "Norway", "Iowa", "Oman", "Wales", "Chile"]
    made = [item(at, f"Cloud service in {place} answers slowly today", HOUR * at) for at, place in enumerate(places)]
    decisions = later(made[:6], [replace(made[6], published_at=NOW + HOUR), made[0], *made[2:6]])
    assert verdicts(decisions) == ["new"] + ["known"] * 5


def test_the_same_words_below_every_title_say_nothing() -> None:
    """A form's words are no witness, however alike two titles are; a single pair with the same words is one story."""
    title = "{} stock falls as the chip rout widens in {}"
    rows = [("Intel", "Ohio"), ("Arista", "Texas"), ("Cisco", "Norway"), ("Micron", "Iowa")]
    made = [item(at, title.format(*row), HOUR * (30 * at + 1), FORM) for at, row in enumerate(rows)]
    news = item(9, title.format("Vertiv", "Ohio"), -HOUR, FORM)
    assert verdicts(later(made, [news, *made])) == ["new"] + ["known"] * 4
    assert verdicts(later(made[:1], [news, made[0]]))[0] == "withheld"


def test_entries_of_one_page_are_not_edits_of_each_other() -> None:
    """One link and title, but an id and words for each: the second is kept with its reason, and no edit is told."""
    before = [item(1, "22 November", HOUR, "Faster restarts."), *feed()[2:]]
    beside = replace(before[0], guid="tag:1b", summary="A new region.")
    decisions = later(before, [beside, *before])
    assert verdicts(decisions)[:2] == ["withheld", "known"]
    assert decisions[0].reason == "It repeats the link of another item of this feed, the same day."
    stored: list[Known] = [decision.known(NOW) for decision in decisions]
    again = decide([beside, *before], stored, now=NOW + 3 * HOUR, first_poll=False)
    assert set(verdicts(again)) == {"known"}
