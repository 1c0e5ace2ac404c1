"""A brief of what passed of a draft, and what the sources' own sentences fill in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.models import Article, Brief, Quote, Sentence, Story, StoryArticle
from bot.stories.facts import extract as facts_of
from bot.stories.standing import StoryFact, standings
from bot.writing import extract
from bot.writing.candidates import sources_of
from bot.writing.filling import Passed, filled, stands
from bot.writing.grounding import check_brief

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE = "Ostara to build 1.2 GW campus near Narvik"
FIRST = "Ostara will spend $8 billion on a 1.2 GW campus near Narvik, the company said on Friday."
SECOND = "The first 300 MW open in May 2027 with 90,000 accelerators."
WHY = "The campus takes the last free grid capacity of the region, which means that others must wait until 2031."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{WHY} Its wages will come to $40 million a year, the mayor said."
LAST = "Its wages will come to $40 million a year, the mayor said."


@pytest.fixture
def story() -> Story:
    """One article with an event, a detail, a consequence and figures."""
    article = Article(5, 1, "5", "https://example.com/a", TITLE, "Wire", text=TEXT, published_at=NOW)
    return Story(1, TITLE, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW)


@pytest.fixture
def facts(story: Story) -> tuple[StoryFact, ...]:
    """Its figures."""
    return standings(story, {5: facts_of(story.articles[0].article)})


def _said(text: str, quote: str) -> Sentence:
    return Sentence(text, (Quote(5, quote),))


HEAD = _said("Ostara plans 1.2 GW near Narvik for $8 billion", FIRST)
WHAT = _said("Ostara says it will spend $8 billion on a 1.2 GW campus near Narvik.", FIRST)
DETAIL = _said("Its first 300 MW open in May 2027 with 90,000 accelerators.", SECOND)
NONE = Passed(None, (), None, ())


def _filled(story: Story, facts: tuple[StoryFact, ...], passed: Passed, style: str = "standard") -> Brief:
    plain = extract.write(story, facts, style=style)
    brief = filled(passed, plain, story, facts, language="en", writer="some-model")
    assert check_brief(brief, sources_of(story)).problems == ()
    assert brief.writer == "some-model"
    return brief


def test_a_whole_draft_needs_no_filling(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """The model's sentences in its order; figures it left out come from the sources, none twice."""
    brief = _filled(story, facts, replace(NONE, headline=HEAD, what=(WHAT, DETAIL)))
    assert (brief.headline, brief.what) == (HEAD.text, (WHAT, DETAIL))
    assert brief.why is not None
    assert brief.why.text.startswith("The campus takes the last free grid capacity")
    assert [line.shown for line in brief.facts] == ["$40 million a year"]


def test_what_was_refused_is_told_in_the_sources_words(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """A detail alone is no brief: the event comes before it, under a title of the sources' own."""
    brief = _filled(story, facts, replace(NONE, what=(DETAIL,), opens=False))
    assert brief.headline == TITLE
    assert brief.what[1] == DETAIL
    assert "$8 billion" in brief.what[0].text


def test_a_sentence_is_told_once(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """Small models write one sentence again as another part of the brief."""
    passed = Passed(HEAD, (WHAT, WHAT, DETAIL), WHAT, (DETAIL, _said(LAST, LAST), _said(LAST, LAST)))
    brief = _filled(story, facts, passed)
    assert brief.what == (WHAT, DETAIL)
    assert brief.why != WHAT
    assert [line.sentence.text for line in brief.facts] == [LAST]


def test_a_sentence_that_says_what_the_headline_says_makes_room(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """Headline and first sentence of small models are the same; the sources' sentence tells more."""
    echo = _said("Ostara plans 1.2 GW near Narvik for $8 billion", FIRST)
    brief = _filled(story, facts, replace(NONE, headline=HEAD, what=(echo, DETAIL)))
    assert (brief.headline, brief.what[1]) == (HEAD.text, DETAIL)
    assert brief.what[0].text.startswith("Ostara will spend $8 billion")
    assert _filled(story, facts, Passed(HEAD, (WHAT, DETAIL), echo, ())).why != echo


def test_sentences_end_with_a_stop(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """Headlines don't, but models leave it out elsewhere, too."""
    brief = _filled(story, facts, replace(NONE, headline=HEAD, what=(replace(WHAT, text=WHAT.text[:-1]), DETAIL)))
    assert brief.what == (WHAT, DETAIL)
    assert brief.headline == HEAD.text


def test_the_style_says_how_much(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """One line is one line, whatever passed."""
    brief = _filled(story, facts, Passed(HEAD, (WHAT, DETAIL), WHAT, (DETAIL,)), style="one line")
    assert (brief.what, brief.why) == ((WHAT,), None)


def test_a_brief_is_in_one_language(story: Story, facts: tuple[StoryFact, ...]) -> None:
    """In another language nothing is filled in, and without a headline there is no brief."""
    german = _said("Ostara gibt 8 Milliarden Dollar aus.", FIRST)
    assert not stands(replace(NONE, what=(german,)), "de")
    assert not stands(replace(NONE, headline=HEAD), "en")
    plain = extract.write(story, facts, language="de")
    passed = replace(NONE, headline=german, what=(german,))
    brief = filled(passed, plain, story, facts, language="de", writer="some-model")
    assert (brief.what, brief.why, brief.facts, brief.unknown) == ((german,), None, (), ())
