"""A question on its way to an answer, as `bot.newsroom.asking` takes it: understand, search, rank, answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.evaluation.archive import Archive
from bot.evaluation.pipeline import TEAM
from bot.evaluation.timing import Stopwatch
from bot.models import Answer, Article, Passage, Story
from bot.stories.vectors import WordVectors
from bot.writing import retrieve
from bot.writing.answer import Answerer
from bot.writing.question import Query, understand
from bot.writing.reading import PASSAGES, in_archive
from bot.writing.retrieve import Scored, holds_name


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question.

    Attributes:
        found: the passages in the order of their rank.
        known: 0–1, how sure it is that something read is about it (see `known`).
    """

    query: Query
    answer: Answer
    found: tuple[Scored, ...]
    known: float


class Desk:
    """Answers questions from an archive.

    Args:
        archive: the passages.
        answerer: writes.
        vectors: word vectors.
        dated: the passages have times of their own; without, a time in a question limits nothing.
        watch: times the steps.
    """

    def __init__(
        self,
        archive: Archive,
        answerer: Answerer,
        vectors: WordVectors,
        *,
        dated: bool = True,
        watch: Stopwatch | None = None,
    ) -> None:
        self._archive = archive
        self._answerer = answerer
        self._vectors = vectors
        self._dated = dated
        self._watch = watch or Stopwatch()

    async def ask(
        self,
        text: str,
        *,
        now: datetime,
        story: Story | None = None,
        history: Sequence[tuple[str, str]] = (),
    ) -> Asked:
        """Ask; `story` is the thread's, `history` earlier (question, answer) pairs, oldest first."""
        with self._watch.step("understand and find"):
            query = understand(text, now=now, history=tuple(history))
            if not self._dated:
                query = replace(query, since=None, until=None)
            found = self._archive.search(query.terms, since=query.since, until=query.until)
            if story is not None:
                seen = {one.id for one in found}
                found += tuple(one for one in self._archive.of_story(story.id) if one.id not in seen)
        with self._watch.step("rank"):
            scored = retrieve.rank(
                query, found, vectors=self._vectors, now=now, story_id=story.id if story is not None else None
            )
        with self._watch.step("answer"):
            answer = await self._answerer.answer(
                query, scored, story, now=now, history=tuple(history), searched=self._archive.articles, team=TEAM
            )
        return Asked(query, answer, scored, known(query, scored))


def known(query: Query, scored: Sequence[Scored]) -> float:
    """How much speaks for something read being about a question, 0–1; at least a half where the bot's gate opens.

    The gate asks for a passage with half of the question's words, by rarity, and all its names. So the score is the
    best such share among the passages that it looks at, a name that is missing taking off as much as it weighs.
    """
    best = max((_share(query, one) for one in scored[:PASSAGES]), default=0.0)
    return (1.0 + best) / 2 if in_archive(query, scored) else best / 2


def _share(query: Query, one: Scored) -> float:
    if not query.names:
        return one.cover
    text = f"{one.passage.title} {one.passage.publisher} {one.passage.text}"
    held = sum(holds_name(name, text) for name in query.names)
    return one.cover * held / len(query.names)


def told(answer: Answer) -> str:
    """What of an answer later questions can refer to; as `bot.store.questions.history` keeps it."""
    return answer.sentences[0].text if answer.sentences else answer.message


def passages_of(articles: Sequence[Article], story_of: Mapping[int, int]) -> tuple[Passage, ...]:
    """The articles' passages, as the store holds them."""
    made: list[Passage] = []
    for article in articles:
        for draft in retrieve.passages(article):
            made.append(
                Passage(
                    id=len(made) + 1,
                    article_id=article.id,
                    story_id=story_of.get(article.id),
                    position=draft.position,
                    text=draft.text,
                    title=article.title,
                    publisher=article.publisher,
                    url=article.url,
                    published_at=article.when,
                )
            )
    return tuple(made)
