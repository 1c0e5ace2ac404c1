"""Articles through the bot's own code, from the first to the brief, with nothing stored and nothing posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.evaluation.desk import Desk
from bot.evaluation.timing import Stopwatch
from bot.models import Article, Brief, Relevance, Story
from bot.stories import relevance
from bot.stories.facts import extract as facts_of
from bot.stories.features import lead_text
from bot.stories.standing import StoryFact, standings
from bot.stories.topics import TOPICS, Topic
from bot.stories.vectors import Floats, WordVectors
from bot.writing.brief import BriefWriter

#: As `bot.newsroom.desk` has it for a new channel.
THRESHOLD = 0.35
#: Whose budget pays for briefs here.
TEAM = "evaluation"


@dataclass(frozen=True, slots=True)
class Told:
    """A story as far as it got.

    Attributes:
        posted: whether a channel with the usual threshold and every topic would have heard of it.
    """

    story: Story
    rank: Relevance
    facts: tuple[StoryFact, ...]
    brief: Brief
    posted: bool

    @property
    def ids(self) -> frozenset[int]:
        """The ids of its articles."""
        return frozenset(one.article.id for one in self.story.articles)


class Pipeline:
    """The way of an article.

    Args:
        vectors: word vectors.
        writer: writes the briefs.
        watch: times the steps.
        tell: is called after each brief with how many are written and how many there will be.
    """

    def __init__(
        self,
        vectors: WordVectors,
        writer: BriefWriter,
        watch: Stopwatch | None = None,
        tell: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self._vectors = vectors
        self._writer = writer
        self._watch = watch or Stopwatch()
        self._tell = tell
        profiles = vectors.embed([topic.profile for topic in TOPICS])
        self._topics: tuple[tuple[Topic, Floats], ...] = tuple(zip(TOPICS, profiles, strict=True))

    async def run(self, articles: Sequence[Article]) -> tuple[Told, ...]:
        """Take articles in as they came out, then tell every story there is."""
        desk = Desk(self._vectors, self._watch)
        for article in articles:
            desk.take(article, article.updated_at)
        stories = desk.stories()
        told = []
        for done, story in enumerate(stories, 1):
            told.append(await self._told(story))
            self._tell(done, len(stories))
        return tuple(told)

    async def _told(self, story: Story) -> Told:
        lead = story.articles[0].article
        with self._watch.step("relevance"):
            vector = self._vectors.embed([f"{lead.title}. {lead_text(lead)}"])[0]
            rank = relevance.rank(story, vector, self._topics, story.updated_at)
        with self._watch.step("facts"):
            facts = standings(story, {one.article.id: facts_of(one.article) for one in story.articles})
        with self._watch.step("brief"):
            brief = await self._writer.write(story, facts, team=TEAM)
        return Told(story, rank, facts, brief, rank.held is None and rank.score >= THRESHOLD)
