"""Figures in sentences of real news: which are facts of the event, and which only stand there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import Article, Story, StoryArticle
from bot.stories.facts import extract as facts_of
from bot.stories.standing import standings
from bot.writing.extract import write
from bot.writing.gaps import gap_alone, gaps

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVENT = "Calder opened a hall of 40 MW in Tromvik on Friday. Ostara will pay $30 million a year for the hall."


def _lines(sentence: str) -> list[str]:
    text = f"{EVENT}\n\n{sentence}"
    article = Article(1, 1, "1", "https://1.example/a", "Calder opens a hall", "Wire", text=text, published_at=NOW)
    story = Story(1, article.title, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW)
    found = write(story, standings(story, {1: facts_of(article)})).facts
    return [line.shown for line in found if line.sentence.text in sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Calder, which was founded in 2019 by engineers of Halden, has two other halls in the valley.",
        "The valley had grown during 2024, and its council will build more roads for it by and by.",
        "Demand for halls in the valley grew strongly in the second half of the year, the utility found.",
        "The station HRBR 12 News showed the hall on Saturday, with its pipes and its loud fans.",
        '"We had planned for 2024, and the valley was patient with all of us," said Ada Moll, who runs Calder.',
    ],
)
def test_what_only_stands_there_is_no_fact(sentence: str) -> None:
    """Years of the past, halves of years, parts of names and dates in speech are passed over."""
    assert _lines(sentence) == []


def test_what_is_ahead_is_a_fact() -> None:
    """A date on which something is to happen stays, and so does a term in words."""
    assert _lines("The second hall in the valley is due to open in March 2028.") == ["March 2028"]
    assert _lines("The contract for the pipes of the hall runs for four years.") == ["four years"]


def test_gaps_are_named_where_one_would_expect_the_figure() -> None:
    """A purchase has a price and a site its power; rules, vague plans and undisclosed terms have neither."""
    assert gaps(["Calder leases a hall."], "Calder leases a hall") == ("No source gives a price.",)
    assert gaps(["x"], "Export rule lets Calder buy chips") == ()
    assert gaps(["x"], "Turbines are sold out until spring") == ()
    assert gaps(["x"], "It is a big deal for data centres") == ()
    assert gaps(["Financial terms were not disclosed."], "Calder buys Ostara") == ()
    assert gaps(["In May 2027."], "Calder raised money to buy more chips") == ("No source gives a price.",)
    assert gaps(["In May 2027."], "Calder will open a data centre") == ("No source gives the power in megawatts.",)


def test_a_gap_within_a_concession_is_told_alone() -> None:
    """What the sentence goes on to tell is no gap."""
    text = "While financial terms remain undisclosed, Calder will have the option to buy power from four modules."
    assert gap_alone(text) == "Financial terms remain undisclosed."
