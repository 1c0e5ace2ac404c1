"""From a story to the channels that should hear of it: rank, brief once, hand to delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics, tenancy, tracing
from bot.models import Brief, Channel, DeliveryState, Relevance, Story
from bot.newsroom import changes
from bot.newsroom.desk import GRACE
from bot.newsroom.filtering import Filtering
from bot.newsroom.pacing import Pacing
from bot.store import channels, deliveries, stories
from bot.stories import choosing, standing
from bot.stories import facts as story_facts
from bot.stories.relevance import Reading
from bot.writing.brief import input_hash

log = structlog.get_logger(__name__)

#: Between two tries at a story that an error of ours stopped.
RETRY = timedelta(seconds=30)

_RELEVANCE = TypeAdapter(Relevance)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a channel makes of a story.

    Attributes:
        held: why it is not told there, a sentence; None: it is.
        before: the brief that the channel knows; None: it does not know the story.
    """

    channel: Channel
    ranked: Relevance
    held: str | None
    before: Brief | None


class Briefs:
    """A story's briefs, each made once for all channels that it is told in."""

    def __init__(self, telling: Telling, story: Story) -> None:
        self._telling = telling
        self._story = story
        self._made: dict[tuple[str, str], Brief] = {}

    async def of(self, channel: Channel) -> Brief:
        """The brief in a channel's language and style; the first workspace that wants it pays for it."""
        key = (channel.language, channel.style)
        if key not in self._made:
            self._made[key] = await self._telling.brief(
                self._story, team_id=channel.team_id, language=channel.language, style=channel.style
            )
        return self._made[key]


def _by_team(wanting: Sequence[Channel]) -> dict[str, list[Channel]]:
    """Channels by workspace, always in the same order: workers that tell two stories there take locks in that order."""
    found: dict[str, list[Channel]] = {}
    for channel in sorted(wanting, key=lambda channel: (channel.team_id, channel.channel_id)):
        found.setdefault(channel.team_id, []).append(channel)
    return found


class Telling(Pacing, Filtering):
    """Tells each story once in each channel that wants it, and says what is new when it grows."""

    async def tell_due(self, limit: int = 4) -> int:
        """Tell the stories that have changed; how many were taken up."""
        async with self._db.write() as connection:
            rows = await stories.claim_due(connection, self._clock(), limit)
        for row in rows:
            with tracing.stage("tell", "story", row.id):
                try:
                    await self._tell(row.id)
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

    async def _tell(self, story_id: int) -> None:
        async with self._db.read() as connection:
            story = await stories.get(connection, story_id)
            wanting = await self._wanting(connection, story) if story else ()
        if story is None or not story.articles:
            return
        reading, briefs = self.read_story(story), Briefs(self, story)
        for team_id, those in _by_team(wanting).items():
            with tenancy.within(team_id):
                await self._tell_team(story, those, reading, briefs)
        async with self._db.write() as connection:
            await stories.settle(connection, story.id, story.version)

    async def _wanting(self, connection: AsyncConnection, story: Story) -> tuple[Channel, ...]:
        """Channels that follow one of the story's feeds since before it was seen."""
        found: dict[tuple[str, str], Channel] = {}
        for member in story.articles:
            seen = member.article.first_seen_at or story.created_at
            for channel, since in await channels.wanting(connection, (member.article.feed_id,)):
                if seen >= since - GRACE:
                    found[channel.team_id, channel.channel_id] = channel
        return tuple(found.values())

    async def _tell_team(self, story: Story, those: Sequence[Channel], reading: Reading, briefs: Briefs) -> None:
        """A workspace's channels together: most of what a channel costs is its transactions."""
        now = self._clock()
        async with self._db.read() as connection:
            judged = [await self._weigh(connection, story, channel, reading) for channel in those]
        lines = {
            one.channel.channel_id: changes.describe(one.before, brief) if one.before else None
            for one in judged
            if one.held is None
            for brief in (await briefs.of(one.channel),)
        }
        async with self._db.write() as connection:
            for one in judged:
                await self._hand_over(connection, story, one, lines.get(one.channel.channel_id), now)
        self.bells.ring("deliver")

    async def _weigh(self, connection: AsyncConnection, story: Story, channel: Channel, reading: Reading) -> Judged:
        """What a channel makes of a story, and what it knows of it."""
        ranked = await self.rank_for(connection, reading, channel)
        held = ranked.held or choosing.below(ranked, channel) or await self.kept_out(connection, story, channel)
        if held is not None:
            return Judged(channel, ranked, held, None)
        shown = await deliveries.known_version(connection, channel.team_id, channel.channel_id, story.id)
        before = shown and await stories.latest_brief(
            connection, story.id, language=channel.language, style=channel.style, version=shown
        )
        return Judged(channel, ranked, None, before[1] if before else None)

    async def _hand_over(
        self, connection: AsyncConnection, story: Story, judged: Judged, line: str | None, now: datetime
    ) -> None:
        """Write down what goes to a channel, or why nothing does."""
        channel = judged.channel
        timing = await self.timing(connection, channel) if judged.held is None else None
        await deliveries.enqueue(
            connection,
            team_id=channel.team_id,
            channel_id=channel.channel_id,
            key=f"story:{story.id}",
            state=timing.state if timing is not None else DeliveryState.WITHHELD,
            now=now,
            story_id=story.id,
            want_version=story.version,
            reason=timing.reason if timing is not None else judged.held,
            relevance=_RELEVANCE.dump_json(judged.ranked).decode(),
        )
        if timing is not None and line is not None:
            in_digest = await deliveries.is_in_digest(connection, channel.team_id, channel.channel_id, story.id)
            await deliveries.enqueue(
                connection,
                team_id=channel.team_id,
                channel_id=channel.channel_id,
                key=f"line:{story.id}:{story.version}",
                state=DeliveryState.FOR_DIGEST if in_digest else DeliveryState.PENDING,
                now=now,
                story_id=story.id,
                want_version=story.version,
                body=line,
                run_at=timing.lines_at,
            )

    async def brief(self, story: Story, *, team_id: str, language: str, style: str) -> Brief:
        """The brief of a story as it is now, written once for each language and style."""
        found = {member.article.id: story_facts.extract(member.article) for member in story.articles}
        standings = standing.standings(story, found)
        key = input_hash(story, standings, language, style, self._r.writer_name)
        async with self._db.read() as connection:
            known = await stories.brief_by_hash(connection, story.id, language, style, key)
        if known is not None:
            return known
        with metrics.stage_seconds.labels("brief").time():
            brief = await self._r.brief_writer.write(story, standings, team=team_id, language=language, style=style)
        async with self._db.write() as connection:
            await stories.save_brief(
                connection,
                brief,
                story_id=story.id,
                version=story.version,
                input_hash=key,
                now=self._clock(),
                language=language,
            )
        metrics.briefs.labels(brief.writer).inc()
        return brief
