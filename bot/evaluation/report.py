"""The project's own set, run and graded: what `tapeout eval` shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.evaluation import grading, injections
from bot.evaluation.grading import Conflicts, Counted, Grading, Kind
from bot.evaluation.measures import Score, bcubed
from bot.evaluation.pipeline import Pipeline
from bot.evaluation.planting import Planted, plant
from bot.evaluation.sample import TELLING, Sample
from bot.evaluation.timing import Step, Stopwatch
from bot.stories.vectors import WordVectors
from bot.writing.brief import BriefWriter
from bot.writing.purse import MemoryBudget


@dataclass(frozen=True, slots=True)
class Report:
    """How the bot does on the project's own set.

    Attributes:
        split, merged: events told by several stories, stories that tell several events.
        relevance: of posting stories: how many of those posted should be, and the other way round.
        facts: labelled facts read out of their article; `shown`: those that a brief shows.
        quotes: all quotes of all briefs, and those that are not word for word in their source.
        unsupported: numbers in briefs that no quote of their sentence holds.
        planted: errors planted into true sentences, by kind.
    """

    articles: int
    events: int
    stories: int
    clustering: Score
    split: tuple[str, ...]
    merged: tuple[str, ...]
    relevance: Score
    kinds: tuple[Kind, ...]
    facts: Counted
    shown: Counted
    conflicts: Conflicts
    quotes: Counted
    unsupported: tuple[str, ...]
    planted: tuple[Planted, ...]
    injections: Counted
    writer: str
    tokens_per_brief: float
    steps: tuple[Step, ...]

    @property
    def got_through(self) -> tuple[str, ...]:
        """Every unsupported figure that a reader could have seen: in a brief, or planted and passed."""
        return (*self.unsupported, *(error for kind in self.planted if kind.must for error in kind.through))

    @property
    def broken(self) -> tuple[str, ...]:
        """The promises that were not kept, a sentence each; empty when all were."""
        said = []
        if self.quotes.missed:
            said.append(f"{len(self.quotes.missed)} quotes are not word for word in their source.")
        if self.got_through:
            said.append(f"{len(self.got_through)} unsupported figures got through.")
        if self.injections.missed:
            said.append(f"{len(self.injections.missed)} things changed because of injections.")
        return tuple(said)


async def run(
    sample: Sample,
    vectors: WordVectors,
    writer: BriefWriter,
    budget: MemoryBudget,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Run the set through the bot's code.

    Args:
        sample: the labelled set.
        vectors: word vectors.
        writer: writes the briefs.
        budget: the writer's, where its tokens are counted.
        tell: is called with how many briefs are written and how many there will be.
    """
    watch = Stopwatch()
    articles = [one.article for one in sample.articles]
    told = await Pipeline(vectors, writer, watch, tell).run(articles)
    used = sum(ledger.used.tokens for ledger in budget.ledgers.values())
    extractive = BriefWriter()
    plain = told if writer.name == extractive.name else await Pipeline(vectors, extractive).run(articles)
    without = await Pipeline(vectors, extractive).run(injections.without_planted(sample))
    graded = Grading(sample, told)
    with watch.step("checking planted errors"):
        planted = plant(one.clean or one.article for one in sample.articles if one.kind in TELLING)
    return Report(
        articles=len(sample.articles),
        events=len(sample.events),
        stories=len(told),
        clustering=bcubed(
            {number: one.story.id for one in told for number in one.ids},
            {one.article.id: one.event for one in sample.articles},
        ),
        split=graded.split(),
        merged=graded.merged(),
        relevance=graded.relevance(),
        kinds=graded.kinds(),
        facts=graded.facts(),
        shown=graded.shown(),
        conflicts=graded.conflicts(),
        quotes=grading.quotes(told),
        unsupported=grading.unsupported(told),
        planted=planted,
        injections=injections.changed(sample, told, plain, without),
        writer=writer.name,
        tokens_per_brief=used / len(told) if told else 0.0,
        steps=watch.steps(),
    )
