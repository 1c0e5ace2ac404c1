"""Filters of subscriptions: how they are read, what they let pass, and that no pattern can be slow."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.errors import UserError
from bot.models import Article, Story, StoryArticle
from bot.stories import relevance, rules
from bot.stories.relevance import Reading
from bot.stories.vectors import Floats, word_vectors

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE = "Quillon cuts the price of inference by half"
TEXT = (
    "Quillon said it would charge 20 cents per million tokens, half of what inference cost before. Its GPT-7 style "
    "model runs on Samsung HBM4. According to a filing, 1,200 accelerators serve it."
)


def reading(text: str = TEXT, title: str = TITLE, language: str | None = "en-GB") -> Reading:
    """An article as filters see it."""
    article = Article(
        1,
        1,
        "1",
        "https://a.example/1",
        title,
        "The Paper",
        text=text,
        authors=("Jane O. Doe", "Desk"),
        categories=("Hardware & Chips",),
        language=language,
        published_at=NOW,
    )
    story = Story(1, title, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW)
    return relevance.read(story, word_vectors().embed([f"{title}. {text}"])[0])


def profile(said: str) -> Floats:
    """The vector of a sentence."""
    vector: Floats = word_vectors().embed([said])[0]
    return vector


@pytest.mark.parametrize("text", ["not", " NOT ", "Not"])
def test_a_not_alone_is_no_keyword(text: str) -> None:
    """Who stopped typing is asked, and gets no filter for the word."""
    with pytest.raises(UserError, match="Not what"):
        rules.parse(text)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("HBM4", True),
        ("HBM", False),  # whole words: HBM4 is another one
        ('"per million tokens" AND (Samsung OR Micron)', True),
        ("HBM4 NOT Samsung", False),
        ("not gaming", True),
        ("NOT gaming", True),
        ("not Samsung", False),
        (r"/gpt-?\d/", True),
        (r"title: /gpt-?\d/", False),
        ("title: /price/", True),
        ("not title: /price/", False),
        ("author: jane o doe", True),
        ("author Desk", True),
        ("by Doe, Roe", True),
        ("author: Do", False),  # whole words here, too
        ("not author: Desk", False),
        ("category: chips", True),
        ("categories: power, Hardware & Chips", True),
        ("category: power", False),
        ("language: en, de", True),
        ("language German", False),
        ("substance: 0.2", True),
        ("substance 0.99", False),
        ("about inference cost", True),
        ("only if it is about inference cost", True),
        ("about nuclear reactors", False),
        ("not about nuclear reactors", True),
        ("language models", False),  # two keywords, not a language
    ],
)
def test_each_kind_lets_through_what_it_says(text: str, *, passes: bool) -> None:
    """Words, patterns, authors, categories, languages, substance and meaning, each also turned round."""
    assert rules.parse(text).passes(reading(), profile) is passes


def test_an_article_that_states_no_language_passes() -> None:
    """Half of all feeds state none."""
    assert rules.parse("language: en").passes(reading(language=None), profile)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Which articles?"),
        ("x" * 501, "too long"),
        ("/(a/", "That pattern cannot be used"),
        (r"/(a)\1/", "Back-references"),
        ("/((a{1,99}){1,99}){1,99}/", "cannot be used"),
        ("language: klingon", "I don't know the language `klingon`"),
        ("substance: much", "between 0"),
        ("author:", "What comes after"),
        ("(HBM OR", "A word is missing after `OR`"),
    ],
)
def test_what_cannot_be_understood_is_said_when_it_is_typed(text: str, part: str) -> None:
    """Each mistake has a sentence that says what to type."""
    with pytest.raises(UserError, match=part.replace("(", r"\(").replace("?", r"\?")):
        rules.parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HBM NOT gaming", "only articles with HBM AND NOT gaming"),
        ("drop /casino/", "no articles whose text matches /casino/"),
        ("language: English, de", "only articles in the language en or de"),
        ("not about crypto mining", "no articles about crypto mining"),
    ],
)
def test_a_rule_says_how_it_was_understood(text: str, said: str) -> None:
    """What is shown back is what is done."""
    assert str(rules.parse(text)) == said


def test_no_pattern_can_hang_the_bot() -> None:
    """A pattern that Python's own engine would follow for longer than the universe takes milliseconds."""
    rule = rules.parse(r"/^(a+)+(b|a+)+$/")
    seen = reading(text="a" * 3_000 + "!")
    began = time.thread_time()  # the processor's: a busy machine changes nothing
    assert not rule.passes(seen, profile)
    assert time.thread_time() - began < 5
