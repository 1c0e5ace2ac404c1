"""From articles to stories: which articles tell the same event, decided as they arrive, with the reasons kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics, tracing
from bot.models import Article
from bot.newsroom.desk import Desk, Resources
from bot.store import articles, claims, stories
from bot.stories import cluster, features
from bot.stories.index import COMPARED, StoryIndex
from bot.stories.vectors import TermStats
from bot.writing.pieces import cut

log = structlog.get_logger(__name__)

#: The words' frequencies are written down this often; a crash in between costs a little precision, nothing else.
KEEP_EVERY = timedelta(minutes=1)
#: Stories that are too old to grow leave the index this often.
FORGET_EVERY = timedelta(hours=1)
_STATS = "term_stats"
#: Stories written by another process may become visible a little after their own time stamp.
_OVERLAP = timedelta(seconds=30)
#: Stories that are read into the index at a time: a hundred thousand of them must not hold everything else up.
_READ_AT_A_TIME = 200


class Joining(Desk):
    """Joins articles into stories, one at a time, in the order they came."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._index = StoryIndex()
        self._indexed_until: datetime | None = None
        self._indexed: dict[int, datetime] = {}  # of the stories that changed since then: which form was taken in
        self._stats: TermStats | None = None
        self._kept_at = self._forgot_at = resources.clock()
        self._shares_store = resources.db.dialect != "sqlite"  # SQLite is for one process
        self._is_new_to_memory = False

    async def join_due(self, limit: int = 16) -> int:
        """Join the articles that are waiting; how many were taken up."""
        async with self._db.write() as connection:
            rows = await articles.claim_due(connection, "join", self._clock(), limit)
        if rows and self._indexed_until is None:
            await self._open_index()
        for row in rows:
            with tracing.stage("join", "article", row.id):
                try:
                    await self._join(row)
                except Exception as error:
                    # One article's trouble is not the others': it is tried again, and the log says what happened.
                    tracing.failed(error)
                    metrics.errors.labels("join").inc()
                    log.exception("an article could not be joined", article=row.id)
                    async with self._db.write() as connection:
                        wait = timedelta(seconds=30 * (row.attempts + 1))
                        await articles.postpone(connection, row.id, self._clock() + wait)
        await self._keep_stats()
        self._forget_old()
        return len(rows)

    async def next_join_at(self) -> datetime | None:
        """When the next article is to be joined."""
        async with self._db.read() as connection:
            return await articles.next_at(connection, "join")

    async def _join(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        article = articles.as_article(row)
        stats = await self._term_stats()
        found = await self._seen(article, stats)
        now = self._clock()
        async with self._db.write() as connection:
            await claims.one_at_a_time(connection, "join")
            held = await articles.still_ours(connection, article.id, now)
            if held is None:
                return  # this process was asleep or cut off, and another one has joined it meanwhile
            await articles.replace_passages(
                connection,
                article.id,
                article.title,
                [(draft.position, draft.text) for draft in cut(article)],
                article.when,
                is_new=row.features is None,
            )
            if row.verdict != "backlog":
                await self._place(connection, article, found, now, is_new=row.features is None, private=held.is_private)
            await articles.settle(
                connection, article.id, stage="done", due_at=None, features=features.article_to_bytes(found)
            )
        if article.version == 1:
            stats.add(features.terms_of(article), found.vector)
            self._is_new_to_memory = True
        self.bells.ring("tell")

    async def _seen(self, article: Article, stats: TermStats) -> features.Features:
        """An article as clustering sees it; an encoder takes long enough to leave the loop to others meanwhile."""
        given = (article, stats, self._r.vectors, self._r.encoder)
        if self._r.encoder is None:
            return features.features(*given)
        return await asyncio.to_thread(features.features, *given)

    async def _place(
        self,
        connection: AsyncConnection,
        article: Article,
        found: features.Features,
        now: datetime,
        *,
        is_new: bool,
        private: bool,
    ) -> None:
        """Put an article into its story, a known one or a new one."""
        if not is_new:
            story_id = await stories.story_of_article(connection, article.id)
            if story_id is not None:  # an edit stays where it is
                (story,) = await self._load(connection, (story_id,))
                await self._grown(connection, features.absorb(story, found), now, shared=not private)
                return
        near = await self._near(connection, article, found, now, private=private)
        about = len(near) if private else self._index.about(found.when - cluster.CLOSE)
        decision = cluster.decide(found, near, now, about=about)
        story_id = decision.story_id
        if story_id is None:
            story_id = await self._opened(connection, article, found, decision.related, now, private=private)
        await stories.join(
            connection,
            story_id=story_id,
            article_id=article.id,
            score=decision.score,
            reasons=decision.reasons,
            wire_of=decision.wire_of,
            now=now,
        )
        size = 1
        if decision.story_id is not None:
            joined = next(story for story in near if story.story_id == story_id)
            grown = await self._look_again(
                connection, features.absorb(joined, found), near, found.when, now, about=about
            )
            await self._grown(connection, grown, now, shared=not private)
            size = grown.size
        metrics.joins.labels("known" if decision.story_id is not None else "new").inc()
        tracing.is_about("story", story_id)
        log.info("joined", article=article.id, title=article.title, story=story_id, size=size, why=decision.reasons[0])

    async def _opened(
        self,
        connection: AsyncConnection,
        article: Article,
        found: features.Features,
        related: Sequence[int],
        now: datetime,
        *,
        private: bool,
    ) -> int:
        """A new story of one article, which is due to be told; its id."""
        made = await stories.create(
            connection,
            title=article.title,
            lead_article_id=article.id,
            features=features.story_to_bytes(features.opening(0, found)),
            related=related,
            private_feed_id=article.feed_id if private else None,
            now=now,
            version=1,
            due_at=now + self._r.pace.gather,
        )
        if not private:
            self._note(features.opening(made, found), now)
        return made

    async def _look_again(
        self,
        connection: AsyncConnection,
        grown: features.StoryFeatures,
        near: tuple[features.StoryFeatures, ...],
        when: datetime,
        now: datetime,
        *,
        about: int,
    ) -> features.StoryFeatures:
        """Bring single articles of nearby stories that nobody was told into a story that has just grown.

        A story that is in a channel, or on its way to one, stays what it is.
        """
        singles = cluster.worth_another_look(grown, near, when)
        alone = {story.copies[0].article_id: story.story_id for story in singles}
        for stored in await articles.features_of(connection, tuple(alone)):
            found = features.article_from_bytes(stored)
            join = cluster.decide(found, [grown], now, others=near, about=about)
            if join.story_id is None or not await stories.withdraw(connection, alone[found.article_id], now):
                continue
            await stories.join(
                connection,
                story_id=grown.story_id,
                article_id=found.article_id,
                score=join.score,
                reasons=(*join.reasons, cluster.LATER),
                wire_of=join.wire_of,
                now=now,
            )
            self._index.drop(alone[found.article_id])
            grown = features.absorb(grown, found)
            metrics.joins.labels("later").inc()
            log.info("joined on a second look", article=found.article_id, story=grown.story_id, size=grown.size)
        return grown

    async def _near(
        self, connection: AsyncConnection, article: Article, found: features.Features, now: datetime, *, private: bool
    ) -> tuple[features.StoryFeatures, ...]:
        """The stories to compare an article with. One of a private feed is only ever told with that feed's own."""
        since = now - cluster.WINDOW
        if private:
            ids = await stories.recent_private(connection, article.feed_id, since, COMPARED)
            return await self._load(connection, ids)
        await self._refresh_index(connection, now)
        return await self._load(connection, self._index.query(found, since))

    async def _grown(
        self, connection: AsyncConnection, grown: features.StoryFeatures, now: datetime, *, shared: bool
    ) -> None:
        """Write a story's new form down; it is due to be told."""
        members = await stories.members(connection, grown.story_id)
        lead = cluster.lead(members)
        await stories.changed(
            connection,
            grown.story_id,
            now=now,
            due_at=now + self._r.pace.gather,
            features=features.story_to_bytes(grown),
            lead_article_id=lead,
            title=next(member.title for member in members if member.id == lead),
        )
        if shared:  # others' articles are not compared with a private feed's
            self._note(grown, now)

    def _note(self, story: features.StoryFeatures, now: datetime) -> None:
        """Have a story's new form in memory."""
        self._index.put(story)
        if self._shares_store:
            self._indexed[story.story_id] = now

    async def _open_index(self) -> None:
        """Take in all open stories, once."""
        now = self._clock()
        async with self._db.read() as connection:
            recent = await stories.recent(connection, now - cluster.WINDOW)
            others = await self._take_in([row.id for row in recent], connection)
        self._indexed_until = now - _OVERLAP
        if others:
            log.info("stories that another encoder saw are compared by word vectors alone", stories=others)

    async def _refresh_index(self, connection: AsyncConnection, now: datetime) -> None:
        """Take in the stories that other processes have changed since the last look; with SQLite there are none."""
        if not self._shares_store or self._indexed_until is None:
            return
        recent = {row.id: row.updated_at for row in await stories.recent(connection, self._indexed_until)}
        await self._take_in([story for story, at in recent.items() if self._indexed.get(story) != at], connection)
        self._indexed = recent
        self._indexed_until = now - _OVERLAP

    async def _take_in(self, ids: list[int], connection: AsyncConnection) -> int:
        """Read stories into the index; how many of them the encoder in use did not see."""
        ours = self._r.encoder.name if self._r.encoder is not None else None
        others = 0
        for at in range(0, len(ids), _READ_AT_A_TIME):
            for story in await self._load(connection, tuple(ids[at : at + _READ_AT_A_TIME])):
                self._index.put(story)
                others += (story.encoded.by if story.encoded is not None else None) != ours
        return others

    @staticmethod
    async def _load(connection: AsyncConnection, ids: tuple[int, ...]) -> tuple[features.StoryFeatures, ...]:
        rows = await stories.features_of(connection, ids)
        return tuple(features.story_from_bytes(row.features, row.id) for row in rows if row.features)

    async def _term_stats(self) -> TermStats:
        if self._stats is None:
            async with self._db.read() as connection:
                stored = await articles.recall(connection, _STATS)
            self._stats = TermStats.from_bytes(stored) if stored else TermStats()
        return self._stats

    def _forget_old(self) -> None:
        now = self._clock()
        if now - self._forgot_at >= FORGET_EVERY:
            self._index.forget(now - cluster.WINDOW)
            self._forgot_at = now

    async def _keep_stats(self) -> None:
        now = self._clock()
        if self._stats is None or not self._is_new_to_memory or now - self._kept_at < KEEP_EVERY:
            return
        async with self._db.write() as connection:
            await articles.remember(connection, _STATS, self._stats.to_bytes(), now)
        self._kept_at = now
        self._is_new_to_memory = False
