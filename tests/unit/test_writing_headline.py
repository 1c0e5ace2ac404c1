"""Headlines: which titles tell the event, and what is left of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import Article, Story, StoryArticle
from bot.writing.extract import write
from bot.writing.headline import clean

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("How Calder Cut Its Power Bill in Half", "Calder Cut Its Power Bill in Half"),
        ("How AI halls strain the grid", "AI halls strain the grid"),
        ("How to cut a power bill", "How to cut a power bill"),
        ("How Much Power Does a Rack Draw", "How Much Power Does a Rack Draw"),
        ("How Calder grew: is it enough?", "How Calder grew: is it enough?"),
    ],
)
def test_how_goes_where_a_deed_is_told(title: str, cleaned: str) -> None:
    """A title that says "How Calder cut its bill" says that it did; "How to" and questions say nothing."""
    assert clean(title) == cleaned


def _headline(title: str, text: str) -> str:
    article = Article(1, 1, "1", "https://1.example/a", title, "Wire", text=text, published_at=NOW)
    return write(Story(1, title, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW), ()).headline


def test_a_word_that_adverts_love_does_not_cost_a_title_its_place() -> None:
    """Massive recalls and next-generation reactors are news."""
    title = "Calder recalls 4 million racks in massive repair"
    assert _headline(title, "Calder will recall 4 million racks for repair. Fans failed in many of them.") == title


def test_a_headline_cut_from_a_sentence_keeps_a_verb() -> None:
    """A name with its office is no headline."""
    text = (
        "The vice-president of Calder in charge of quality, Ada Moll, who appeared before more than a hundred reporters"
        " in Tromvik on Friday evening, said that the cost of the recall was open."
    )
    assert _headline("Why you should worry about Calder", text) != "The vice-president of Calder in charge of quality"
