"""Who says otherwise: answered by both sides of a figure that the briefs show as disputed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import AnswerState, Article, Passage, Story, StoryArticle
from bot.writing.answer import Answerer
from bot.writing.disputing import asks_for_dispute
from bot.writing.question import understand
from bot.writing.retrieve import rank

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXTS = {
    "Rackpost": "Ostara Compute will build a campus with a capacity of 1.2 GW at Harrow Flats. Work starts in May.",
    "Grid & Load": "Ostara Compute's campus at Harrow Flats has a capacity of 900 MW. Work starts in May.",
}


def _story(texts: dict[str, str]) -> tuple[Story, tuple[Passage, ...]]:
    articles = [
        Article(
            number, 1, publisher, f"https://{number}.example", "Ostara Compute's campus at Harrow Flats", publisher,
            text=text, published_at=NOW,
        )
        for number, (publisher, text) in enumerate(texts.items(), 1)
    ]  # fmt: skip
    story = Story(7, articles[0].title, tuple(StoryArticle(one, 1.0, (), NOW) for one in articles), NOW, NOW)
    passages = tuple(
        Passage(one.id, one.id, 7, 0, one.text, one.title, one.publisher, one.url, NOW) for one in articles
    )
    return story, passages


async def test_both_sides_of_a_disputed_figure_answer_who_disputes_it() -> None:
    """Each side in its own words, with its source, and a note that says who they are."""
    story, passages = _story(TEXTS)
    query = understand("Who disputes the size of Harrow Flats?", now=NOW)
    answer = await Answerer(None).answer(query, rank(query, passages, now=NOW), now=NOW, stories=(story,))
    told = " ".join(sentence.text for sentence in answer.sentences)
    assert "1.2 GW" in told
    assert "900 MW" in told
    assert {source.publisher for source in answer.sources} == set(TEXTS)
    assert answer.note is not None
    assert answer.note.startswith("Sources disagree: ")


async def test_where_nobody_disputes_anything_no_other_sentence_answers() -> None:
    """Two publishers who agree are no dispute, and a sentence about the size does not say who disputes it."""
    story, passages = _story(dict.fromkeys(TEXTS, TEXTS["Rackpost"]))
    query = understand("Who disputes the size of Harrow Flats?", now=NOW)
    answer = await Answerer(None).answer(query, rank(query, passages, now=NOW), now=NOW, stories=(story,))
    assert answer.state is AnswerState.UNKNOWN


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Do the sources disagree about the price?", True),
        ("Is the capacity contested?", True),
        ("How large is Harrow Flats?", False),
    ],
)
def test_questions_after_a_dispute_are_known(question: str, *, asks: bool) -> None:
    """By their verb."""
    assert asks_for_dispute(understand(question, now=NOW)) is asks
