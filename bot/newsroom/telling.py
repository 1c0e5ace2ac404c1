"""From a story to the channels that should hear of it: rank, brief once, hand to delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics, tenancy, tracing
from bot.models import Channel, DeliveryState, Relevance, Story
from bot.newsroom.briefing import Briefs
from bot.newsroom.desk import GRACE
from bot.newsroom.filtering import Filtering
from bot.newsroom.pacing import Pacing, Timing
from bot.newsroom.ranking import Looked
from bot.store import channels, deliveries, filters, stories
from bot.store.deliveries import Entry
from bot.stories import choosing

log = structlog.get_logger(__name__)

#: Between two tries at a story that an error of ours stopped.
RETRY = timedelta(seconds=30)

_RELEVANCE = TypeAdapter(Relevance)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a channel makes of a story.

    Attributes:
        held: why it is not told there, a sentence; None: it is.
        shown: the story version that the channel knows of; None or 0: it does not know the story.
    """

    channel: Channel
    ranked: Relevance
    held: str | None
    shown: int | None = None


def _by_team(wanting: Sequence[Channel]) -> dict[str, list[Channel]]:
    """Channels by workspace, always in the same order: workers that tell two stories there take locks in that order."""
    found: dict[str, list[Channel]] = {}
    for channel in sorted(wanting, key=lambda channel: (channel.team_id, channel.channel_id)):
        found.setdefault(channel.team_id, []).append(channel)
    return found


class Telling(Pacing, Filtering):
    """Tells each story once in each channel that wants it, and says what is new when it grows."""

    async def tell_due(self, limit: int = 4) -> int:
        """Tell the stories that have changed; how many were taken up.

        A model may take minutes for one: then a story at a time is held, so that no lease runs out while it waits.
        """
        taken = limit if self._r.writer_name == "extractive" else 1
        async with self._db.write() as connection:
            rows = await stories.claim_due(connection, self._clock(), taken)
        for row in rows:
            with tracing.stage("tell", "story", row.id):
                try:
                    await self._tell(row.id, row.due_at)
                except Exception as error:
                    # One story's trouble is not the others': it is tried again, and the log says what happened.
                    tracing.failed(error)
                    metrics.errors.labels("tell").inc()
                    log.exception("a story could not be told", story=row.id)
                    async with self._db.write() as connection:
                        await stories.postpone(connection, row.id, self._clock() + RETRY * (row.attempts + 1))
        return len(rows)

    async def next_story_at(self) -> datetime | None:
        """When the next story is due."""
        async with self._db.read() as connection:
            return await stories.next_at(connection)

    async def _tell(self, story_id: int, due_at: datetime) -> None:
        async with self._db.read() as connection:
            story = await stories.get(connection, story_id)
            wanting = await self._wanting(connection, story) if story else ()
        if story is None or not story.articles:
            return
        looked, briefs = Looked(self, story), Briefs(self._r, story)
        for team_id, those in _by_team(wanting).items():
            with tenancy.within(team_id):
                await self._tell_team(looked, those, briefs)
        async with self._db.write() as connection:
            await stories.settle(connection, story.id, story.version, due_at)

    async def _wanting(self, connection: AsyncConnection, story: Story) -> tuple[Channel, ...]:
        """Channels that follow one of the story's feeds since before it was seen."""
        seen = {
            member.article.feed_id: member.article.first_seen_at or story.created_at
            for member in sorted(story.articles, key=lambda member: member.article.first_seen_at or story.created_at)
        }  # of several articles of one feed the last
        return tuple(
            channel
            for channel, since in await channels.wanting(connection, tuple(seen))
            if any(seen[feed_id] >= at - GRACE for feed_id, at in since.items())
        )

    async def _tell_team(self, looked: Looked, those: Sequence[Channel], briefs: Briefs) -> None:
        """A workspace's channels together: most of what a channel costs is its statements and transactions."""
        story, now = looked.story, self._clock()
        async with self._db.read() as connection:
            judged = await self._weigh(connection, looked, those, briefs)
        wanted = [one for one in judged if one.held is None]
        lines: dict[str, str] = {}
        for one in wanted:
            await briefs.of(one.channel)
            line = await briefs.line(one.channel, one.shown) if one.shown else None
            if line is not None:
                lines[one.channel.channel_id] = line
        async with self._db.write() as connection:
            timings = await self.timings(connection, [one.channel for one in wanted])
            posts = [_post(story, one, timings.get(one.channel.channel_id)) for one in judged]
            await deliveries.enqueue_all(connection, posts, now)
            if lines:
                told = await deliveries.told_in_digests(connection, those[0].team_id, story.id)
                added = [
                    _line(story, one.channel, lines[where], timings[where], in_digest=where in told)
                    for one in wanted
                    if (where := one.channel.channel_id) in lines
                ]
                await deliveries.enqueue_all(connection, added, now)
        self.bells.ring("deliver")

    async def _weigh(
        self, connection: AsyncConnection, looked: Looked, those: Sequence[Channel], briefs: Briefs
    ) -> list[Judged]:
        """What a workspace's channels make of a story, and what they know of it."""
        team_id = those[0].team_id
        chosen = await self.chosen(connection, those)
        filters_of = await filters.of_channels(connection, team_id, [channel.channel_id for channel in those])
        shown = await deliveries.known_versions(connection, team_id, looked.story.id)
        judged = []
        for channel in those:
            where = channel.channel_id
            ranked = self.ranked(looked, chosen[where])
            held = ranked.held or choosing.below(ranked, channel)
            held = held or await self.kept_out_by(connection, looked, channel, filters_of.get(where, ()))
            version = shown.get(where) if held is None else None
            if version:
                await briefs.look_up(connection, channel, version)
            judged.append(Judged(channel, ranked, held, version))
        return judged


def _post(story: Story, judged: Judged, timing: Timing | None) -> Entry:
    """What goes to a channel, or why nothing does."""
    return Entry(
        judged.channel.team_id,
        judged.channel.channel_id,
        f"story:{story.id}",
        timing.state if timing is not None else DeliveryState.WITHHELD,
        story_id=story.id,
        want_version=story.version,
        reason=timing.reason if timing is not None else judged.held,
        relevance=_RELEVANCE.dump_json(judged.ranked).decode(),
    )


def _line(story: Story, channel: Channel, line: str, timing: Timing, *, in_digest: bool) -> Entry:
    """What goes under a channel's post, or into its digest."""
    return Entry(
        channel.team_id,
        channel.channel_id,
        f"line:{story.id}:{story.version}",
        DeliveryState.FOR_DIGEST if in_digest else DeliveryState.PENDING,
        story_id=story.id,
        want_version=story.version,
        body=line,
        run_at=timing.lines_at,
    )
