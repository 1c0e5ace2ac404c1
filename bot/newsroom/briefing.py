"""A story's briefs, made once for all channels that it is told in, and what is new in them."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.models import Brief, Channel, Story
from bot.newsroom import changes
from bot.newsroom.desk import Resources
from bot.store import stories
from bot.stories import facts, standing
from bot.writing.brief import input_hash
from bot.writing.purse import OVER_BUDGET


def _is_unpaid(brief: Brief) -> bool:
    """Whether a brief quotes because a day's budget was used up: another workspace's, or another day's, may hold it."""
    return brief.note == OVER_BUDGET


class Briefs:
    """The briefs of a story as it is now, by language and style, and earlier ones that channels know."""

    def __init__(self, resources: Resources, story: Story) -> None:
        self._r = resources
        self._story = story
        self._made: dict[tuple[str, str], Brief] = {}
        self._asked: set[tuple[str, str, str]] = set()
        self._earlier: dict[tuple[str, str, int], Brief | None] = {}
        self._lines: dict[tuple[str, str, int], str | None] = {}

    async def of(self, channel: Channel) -> Brief:
        """The brief in a channel's language and style; the first workspace that wants it, and can, pays for it."""
        key = (channel.language, channel.style)
        made = self._made.get(key)
        if made is None or (_is_unpaid(made) and (channel.team_id, *key) not in self._asked):
            self._asked.add((channel.team_id, *key))
            made = self._made[key] = await self._brief(channel.team_id, *key)
        return made

    async def line(self, channel: Channel, version: int) -> str | None:
        """What is new since `version`, of which a channel knows; None: nothing. Needs `look_up` first."""
        key = (channel.language, channel.style, version)
        if key not in self._lines:
            before, brief = self._earlier[key], await self.of(channel)
            self._lines[key] = changes.describe(before, brief) if before is not None else None
        return self._lines[key]

    async def look_up(self, connection: AsyncConnection, channel: Channel, version: int) -> None:
        """Read the brief that a channel knows."""
        key = (channel.language, channel.style, version)
        if key not in self._earlier:
            found = await stories.latest_brief(
                connection, self._story.id, language=channel.language, style=channel.style, version=version
            ) or await stories.latest_brief(connection, self._story.id, version=version)  # its style was changed since
            self._earlier[key] = found[1] if found is not None else None

    @cached_property
    def _standings(self) -> tuple[standing.StoryFact, ...]:
        found = {member.article.id: facts.extract(member.article) for member in self._story.articles}
        return standing.standings(self._story, found)

    async def _brief(self, team_id: str, language: str, style: str) -> Brief:
        """Written once for the same input, by whatever process."""
        key = input_hash(self._story, self._standings, language, style, self._r.writer_name)
        async with self._r.db.read() as connection:
            known = await stories.brief_by_hash(connection, self._story.id, language, style, key)
        if known is not None and not _is_unpaid(known):
            return known
        if self._r.writer_name != "extractive":  # a model may take a while, for each style and language
            async with self._r.db.write() as connection:
                await stories.hold(connection, self._story.id, self._r.clock())
        with metrics.stage_seconds.labels("brief").time():
            brief = await self._r.brief_writer.write(
                self._story, self._standings, team=team_id, language=language, style=style
            )
        async with self._r.db.write() as connection:
            await stories.save_brief(
                connection,
                brief,
                story_id=self._story.id,
                version=self._story.version,
                input_hash=key,
                now=self._r.clock(),
                language=language,
            )
        metrics.briefs.labels(brief.writer).inc()
        return brief
