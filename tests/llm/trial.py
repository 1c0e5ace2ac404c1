"""What a model is worth to the bot, counted: drafts over the sample's stories, and answers to its questions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structlog.testing import capture_logs

from bot.evaluation import questions, sample
from bot.evaluation.archive import Listening
from bot.evaluation.questions import Answered
from bot.models import Article, Story, StoryArticle
from bot.stories.facts import extract as facts_of
from bot.stories.standing import standings
from bot.stories.vectors import word_vectors
from bot.writing.brief import BriefWriter
from bot.writing.candidates import sources_of
from bot.writing.grounding import check_brief
from bot.writing.llm import ModelClient

FIRST_EVENT = "elk-narrows-restart"
"""From here on the sample's stories are of a usual length and have two publishers."""
ABOUT_KNOWN_THINGS = "absent-corvid-4"
ARTICLES = 2


@dataclass(slots=True)
class Trial:
    """What became of some drafts.

    Attributes:
        wholly, partly, fallen: briefs in the model's words alone, with some of the sources' own sentences, and without.
        kept, refused: sentences that the checker let through in the end, and that it did not.
        reasons: why, by kind.
        unbacked: what stood in a brief and should not have; must stay empty.
    """

    wholly: int = 0
    partly: int = 0
    fallen: int = 0
    unparsed: int = 0
    kept: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    unbacked: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        count = len(self.tokens)
        lines = [
            f"{count} briefs: {self.wholly} wholly the model's, {self.partly} partly, {self.fallen} the sources' own",
            f"drafts that could not be read: {self.unparsed}; sentences kept {self.kept}, refused {self.refused}",
            f"tokens a brief {sum(self.tokens) / max(1, count):.0f}, seconds {sum(self.seconds) / max(1, count):.0f}",
            *(f"  {count} × {reason}" for reason, count in self.reasons.most_common()),
            *(f"  {example}" for example in self.examples),
        ]
        return "\n".join(lines)


def stories(most: int) -> list[Story]:
    """Stories of the project's own sample, up to two articles each."""
    events: dict[str, list[Article]] = {}
    for one in sample.load().articles:
        if one.kind in {"news", "analysis"}:
            events.setdefault(one.event, []).append(one.article)
    names = list(events)
    told = []
    for number, name in enumerate(names[names.index(FIRST_EVENT) :][:most], 1):
        articles = events[name][:ARTICLES]
        members = tuple(StoryArticle(article, 1.0, (), article.when) for article in articles)
        told.append(Story(number, articles[0].title, members, articles[0].when, articles[-1].when))
    return told


async def briefs(model: ModelClient, most: int) -> Trial:
    """Have briefs written, and count."""
    trial = Trial()
    writer = BriefWriter(model)
    for story in stories(most):
        before, began = model.usage.total, time.monotonic()
        facts = standings(story, {joined.article.id: facts_of(joined.article) for joined in story.articles})
        with capture_logs() as logs:
            brief = await writer.write(story, facts)
        trial.tokens.append(model.usage.total - before)
        trial.seconds.append(time.monotonic() - began)
        trial.unbacked += check_brief(brief, sources_of(story)).problems
        told = next((log for log in logs if log["event"] in {"brief_drafted", "brief_draft_refused"}), None)
        _count(trial, told, alone=brief.writer == "extractive")
    return trial


def _count(trial: Trial, told: Mapping[str, Any] | None, *, alone: bool) -> None:
    if told is None:
        trial.unparsed += 1
        trial.fallen += 1
        return
    problems: Sequence[str] = told["problems"]
    trial.kept += told["kept"]
    trial.refused += told["refused"]
    trial.reasons.update(kind(problem) for problem in problems)
    trial.examples += problems
    if alone:
        trial.fallen += 1
    elif any(problem.startswith(("headline", "what")) for problem in problems):
        trial.partly += 1
    else:
        trial.wholly += 1


def kind(problem: str) -> str:
    """A problem without what it is about."""
    said = problem.partition(": ")[2]
    for words in ("is not in source", "the figure", "the name", "says more", "drops", "surer", "longer than", "cites"):
        if words in said:
            return words
    return " ".join(said.split()[:3])


async def answers(model: ModelClient, most: int) -> Answered:
    """Ask so many questions: half of them the articles answer, the others are about things that they tell of."""
    asked = questions.load()
    facts = [one for one in asked if one.kind == "fact"][: most - most // 2]
    names = [one.id for one in asked]
    absent = [one for one in asked[names.index(ABOUT_KNOWN_THINGS) :] if one.kind == "unanswerable"][: most // 2]
    vectors = word_vectors()
    answerer = Listening(model, vectors=vectors)
    return await questions.run([*facts, *absent], sample.load(), vectors, answerer, writer=model.name)
