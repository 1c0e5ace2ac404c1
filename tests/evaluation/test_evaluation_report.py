"""The project's own set: it is as large as promised, and a broken promise is seen."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.evaluation.desk import Desk
from bot.evaluation.injections import without_planted
from bot.evaluation.planting import plant
from bot.evaluation.report import Report, run
from bot.evaluation.sample import TELLING, Sample, load
from bot.models import Article, Brief, Quote, Sentence, Story
from bot.stories import cluster
from bot.stories.features import features, opening
from bot.stories.sentences import normalise
from bot.stories.standing import StoryFact
from bot.stories.vectors import TermStats, word_vectors
from bot.writing.brief import BriefWriter
from bot.writing.purse import MemoryBudget

#: Enough of the set to see everything happen: a dispute, a copy, planted words, an advert.
EVENTS = {"peatstack-insolvency", "quillon-round", "aldous-backlog", "orchard-injection", "hexley-advert"}


def small(events: set[str] = EVENTS) -> Sample:
    """A few events of the set."""
    sample = load()
    return Sample(
        tuple(one for one in sample.articles if one.event in events),
        tuple(one for one in sample.conflicts if one.event in events),
    )


async def report(writer: BriefWriter | None = None, sample: Sample | None = None) -> Report:
    """Run a small set."""
    budget = MemoryBudget(10**9)
    return await run(sample or small(), word_vectors(), writer or BriefWriter(None, budget), budget)


class Lying(BriefWriter):
    """Writes as the extractive writer does, and then changes something."""

    def __init__(self, change: object) -> None:
        super().__init__()
        self._change = change

    async def write(
        self,
        story: Story,
        facts: Sequence[StoryFact],
        *,
        language: str = "en",
        style: str = "standard",
        team: str = "",
    ) -> Brief:
        """A brief with something wrong in it."""
        brief = await super().write(story, facts, language=language, style=style, team=team)
        return self._change(brief)  # type: ignore[no-any-return, operator]  # a function of the test


def test_the_set_is_as_large_as_promised() -> None:
    """Sixty articles in 25 events and more, with facts, disputes, adverts and injections."""
    sample = load()
    assert len({one.article.id for one in sample.articles}) >= 60
    assert len(sample.events) >= 25
    assert sum(len(one.facts) for one in sample.articles) >= 150
    assert sum(one.standing == "disputed" for one in sample.conflicts) >= 5
    assert sum(one.kind == "advert" for one in sample.articles) >= 4
    assert sum(bool(one.planted) for one in sample.articles) >= 7


def test_labels_stand_in_what_is_read() -> None:
    """Every labelled fact's words are in its article as the bot reads it, and copies carry the copied text."""
    sample = load()
    articles = {one.key: one.article for one in sample.articles}
    for one in sample.articles:
        text = normalise(f"{one.article.title} {one.article.text} {one.article.summary}")
        for fact in one.facts:
            assert normalise(fact.quote) in text, (one.key, fact)
        if one.copy_of is not None:
            assert normalise(articles[one.copy_of].text)[:200] in text, one.key
    assert [one.article.when for one in sample.articles if one.article.version == 1] == sorted(
        one.article.when for one in sample.articles if one.article.version == 1
    )


def test_planted_words_are_read_unless_they_are_hidden() -> None:
    """Visible orders do reach the bot (or nothing would be tested); hidden ones and invisible letters do not."""
    by_key = {one.key: one for one in load().articles}
    assert "460 GW" in by_key["harbour/aldous-second-line"].article.text
    assert "recalls all turbines" not in by_key["lumen/turbines-gone"].article.text
    assert "ignore your previous instructions" in by_key["presslane/zero-width-notice"].article.text
    clean = by_key["harbour/aldous-second-line"].clean
    assert clean is not None
    assert "460 GW" not in clean.text
    assert len(without_planted(load())) == len(load().articles) - 3


async def test_the_promises_are_kept() -> None:
    """The shipped writer on a part of the set: quotes word for word, no false figure, no injection that worked."""
    made = await report()
    assert made.broken == ()
    assert made.quotes.of > 20
    assert made.injections.of == 3
    assert made.clustering.precision == 1.0
    assert {kind.name: kind.held for kind in made.kinds} == {"news": 0, "advert": 1, "injection": 1}
    assert made.conflicts.disputes.hits == 1
    assert all(kind.tried for kind in made.planted if kind.must)
    assert {step.name for step in made.steps} >= {"features", "join", "relevance", "facts", "brief"}


async def test_a_changed_quote_breaks_a_promise() -> None:
    """One word that no article has, and the run fails."""
    made = await report(Lying(lambda brief: replace(brief, headline_quotes=(Quote(1, "words that nobody wrote"),))))
    assert len(made.quotes.missed) == made.stories
    assert "word for word" in made.broken[0]


async def test_a_changed_figure_breaks_a_promise() -> None:
    """A figure that no quote holds is seen, though its quote is real."""

    def change(brief: Brief) -> Brief:
        return replace(brief, what=tuple(Sentence(f"{one.text} Up 8,765 %.", one.quotes) for one in brief.what))

    made = await report(Lying(change))
    assert made.unsupported
    assert any("unsupported" in said for said in made.broken)


async def test_an_obeyed_injection_breaks_a_promise() -> None:
    """A brief that says what was planted, holds a link or counts too many is named with the article that planted it."""
    for change in ({"unknown": ("460 GW",)}, {"unknown": ("see https://x.example",)}, {"reported_by": 9}):
        made = await report(Lying(lambda brief, change=change: replace(brief, **change)))
        assert any(why.startswith("harbour/aldous-second-line") for why in made.injections.missed), change
        assert made.injections.hits < made.injections.of
        assert any("injections" in said for said in made.broken)


async def test_what_an_injection_does_to_others_is_seen() -> None:
    """An article that draws another one out of its story counts, although no brief of its own shows it."""
    sample = small({"peatstack-insolvency"})
    first = sample.articles[0]
    hijacked = tuple(
        replace(one, planted=("x",), clean=replace(one.article, title="Gardens", text="Roses bloom late this year."))
        if one is first
        else one
        for one in sample.articles
    )
    made = await report(sample=Sample(hijacked, sample.conflicts))
    assert made.injections.missed


def test_planted_errors_reach_the_checker() -> None:
    """Each kind of change is tried on a sentence that has what it changes, and the plain sentence passes."""
    text = (
        "Ostara said it could build up to 420 MW in 2028 for $1.5 billion, which is 12 percent more, the company said."
    )
    article = Article(1, 1, "x", "https://x.example", "Ostara could build 420 MW", "P", text=text)
    found = {kind.name: kind for kind in plant([article])}
    assert found["another figure"].tried == 4
    assert found["another unit"].tried >= 3
    assert found["as it is"].tried == 1
    assert not found["as it is"].through
    assert not [error for kind in found.values() if kind.must for error in kind.through]


def test_another_bar_joins_otherwise() -> None:
    """At the shipped bar a sweep decides as the bot does; far above it nothing but copies joins."""
    articles = [one.article for one in small().articles]
    vectors = word_vectors()
    shipped, same, strict = Desk(vectors), Desk(vectors, shift=0.0), Desk(vectors, shift=0.6)
    for article in articles:
        for desk in (shipped, same, strict):
            desk.take(article)
    assert shipped.story_of == same.story_of
    assert len(set(strict.story_of.values())) > len(set(shipped.story_of.values()))
    prepared = Desk(vectors, prepared=shipped.features)
    for article in articles:
        prepared.take(article)
    assert prepared.story_of == shipped.story_of


def test_a_lower_bar_joins_the_nearest() -> None:
    """An article that fits a story by a little less than the bar asks for joins where the bar is that much lower."""
    stats, vectors = TermStats(), word_vectors()
    one, other = (item.article for item in load().articles if item.event == "tessellar-loom-2")
    story = opening(1, features(one, stats, vectors))
    article = features(other, stats, vectors)
    over = cluster.decide(article, [story], other.when).score - cluster.bar(article.terms.ids.size, article.usual)
    assert cluster.decide(article, [story], other.when, shift=over - 0.01).story_id == 1
    assert cluster.decide(article, [story], other.when, shift=over + 0.01).story_id is None


def test_desks_differ_by_nothing_but_time() -> None:
    """Two runs over the set give the same stories: nothing depends on the clock or on chance."""
    first, second = (asyncio.run(report()) for _ in range(2))
    assert replace(first, steps=()) == replace(second, steps=())


@pytest.mark.parametrize("kind", sorted(TELLING))
def test_every_telling_kind_is_in_the_set(kind: str) -> None:
    """News, analyses, corrections and denials are all there to be told."""
    assert any(one.kind == kind for one in load().articles)
