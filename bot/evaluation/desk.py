"""Articles joined into stories as they arrive, with the bot's own code and nothing stored.

It does what `bot.newsroom.joining` does with a database: features, a coarse search, the decision, the story's new
form. An edit stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.evaluation.timing import Stopwatch
from bot.models import Article, Story, StoryArticle
from bot.stories import cluster
from bot.stories.cluster import Join
from bot.stories.encoder import Encoder
from bot.stories.features import Features, StoryFeatures, absorb, features, opening, terms_of
from bot.stories.index import StoryIndex
from bot.stories.vectors import TermStats, WordVectors


class Desk:
    """Stories in the making.

    Args:
        vectors: word vectors.
        watch: times the steps.
        shift: raises the bar that ships by so much, to see what another would do.
        prepared: features of articles by their ids, from an earlier run over the same articles in the same order.
        looks_again: stories are not told before they are a day old, so that single ones may still join others; False
            stands for channels that are told each story as soon as it is there.
        encoder: an encoder beside the word vectors.
    """

    def __init__(
        self,
        vectors: WordVectors,
        watch: Stopwatch | None = None,
        *,
        shift: float = 0.0,
        prepared: Mapping[int, Features] | None = None,
        looks_again: bool = True,
        encoder: Encoder | None = None,
    ) -> None:
        self._vectors = vectors
        self._encoder = encoder
        self._watch = watch or Stopwatch()
        self._shift = shift
        self._looks_again = looks_again
        self._made = 0
        self.features: dict[int, Features] = dict(prepared or {})
        self._prepared = prepared is not None
        self._stats = TermStats()
        self._index = StoryIndex()
        self._stories: dict[int, StoryFeatures] = {}
        self._members: dict[int, list[StoryArticle]] = {}
        self.story_of: dict[int, int] = {}

    def take(self, article: Article, now: datetime | None = None) -> Join:
        """Join an article (or an edit of one) to a story, a known one or a new one."""
        now = now or article.when
        found = self._seen(article)
        with self._watch.step("join"):
            join = self._join(article, found, now)
        if article.version == 1 and not self._prepared:
            self._stats.add(terms_of(article), found.vector)
        return join

    def _seen(self, article: Article) -> Features:
        if self._prepared:
            return self.features[article.id]
        with self._watch.step("features"):
            found = self.features[article.id] = features(article, self._stats, self._vectors, self._encoder)
        return found

    def _join(self, article: Article, found: Features, now: datetime) -> Join:
        known = self.story_of.get(article.id)
        if known is not None:
            self._put(absorb(self._stories[known], found))
            members = self._members[known]
            members[:] = [replace(one, article=article) if one.article.id == article.id else one for one in members]
            return Join(known, 1.0, ("an edit",))
        near = [self._stories[story_id] for story_id in self._index.query(found, now - cluster.WINDOW)]
        about = self._index.about(found.when - cluster.CLOSE)
        decision = cluster.decide(found, near, now, about=about, shift=self._shift)
        story_id = decision.story_id
        if story_id is None:
            self._made += 1
            story_id = self._made
            self._put(opening(story_id, found))
            self._members[story_id] = []
        else:
            self._put(absorb(self._stories[story_id], found))
        self.story_of[article.id] = story_id
        self._members[story_id].append(StoryArticle(article, decision.score, decision.reasons, now, decision.wire_of))
        if decision.story_id is not None and self._looks_again:
            self._look_again(self._stories[story_id], near, found.when, now, about)
        return decision

    def _look_again(
        self, grown: StoryFeatures, near: Sequence[StoryFeatures], when: datetime, now: datetime, about: int
    ) -> None:
        for single in cluster.worth_another_look(grown, near, when):
            (member,) = self._members[single.story_id]
            found = self.features[member.article.id]
            own = [self._stories[grown.story_id]]
            join = cluster.decide(found, own, now, others=near, about=about, shift=self._shift)
            if join.story_id is None:
                continue
            del self._stories[single.story_id], self._members[single.story_id]
            self._index.drop(single.story_id)
            self._put(absorb(self._stories[grown.story_id], found))
            self.story_of[member.article.id] = grown.story_id
            reasons = (*join.reasons, cluster.LATER)
            self._members[grown.story_id].append(StoryArticle(member.article, join.score, reasons, now, join.wire_of))

    def _put(self, story: StoryFeatures) -> None:
        self._stories[story.story_id] = story
        self._index.put(story)

    def stories(self) -> tuple[Story, ...]:
        """Every story as it is now, its lead first."""
        return tuple(_story(story_id, members) for story_id, members in self._members.items())


def _story(story_id: int, members: Sequence[StoryArticle]) -> Story:
    lead = cluster.lead([one.article for one in members])
    ordered = sorted(members, key=lambda one: (one.article.id != lead, one.joined_at, one.article.id))
    times = [one.joined_at for one in members]
    title = ordered[0].article.title
    return Story(story_id, title, tuple(ordered), min(times), max(times), version=len(members))
