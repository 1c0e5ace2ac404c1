"""Answers out of the archive, wherever the question came from: find the passages, let the writer answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.models import Answer, Passage, Story
from bot.newsroom.archive import Knowledge
from bot.newsroom.desk import Desk, Resources
from bot.store import passages, stories
from bot.writing import retrieve
from bot.writing.answer import Answerer, OnPart
from bot.writing.question import Query, understand
from bot.writing.retrieve import Scored

#: Figures of so many stories, those of the so many best passages, are put beside what their other articles say.
MOST_STORIES = 2
STORIES_FROM = 4


class Composing(Desk):
    """Answers questions; sends nothing."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._knowledge = Knowledge(resources.db, resources.clock)

    async def compose(
        self,
        text: str,
        *,
        team_id: str,
        story_id: int | None = None,
        history: tuple[tuple[str, str], ...] = (),
        status: Callable[[str], Awaitable[None]] | None = None,
        on_part: OnPart | None = None,
        answerer: Answerer | None = None,
    ) -> Answer:
        """Answer a question from the archive.

        Args:
            text: the question.
            team_id: the workspace that pays for the model.
            story_id: the story in whose thread it was asked.
            history: earlier (question, answer) pairs of the thread, oldest first.
            status: is told what is going on.
            on_part: gets the answer so far, whenever a further sentence of it has passed the checker.
            answerer: another than the usual one.
        """
        now = self._clock()
        query = understand(text, now=now, history=history)
        await self._knowledge.refresh()
        found, story = await self._look_up(query, story_id)
        scored = await asyncio.to_thread(
            retrieve.rank,
            query,
            found,
            vectors=self._r.vectors,
            now=now,
            story_id=story_id,
            rarity=self._knowledge.rarity,
        )
        if status is not None:
            many = len({item.passage.article_id for item in scored})
            await status(f"is reading {many} article{'' if many == 1 else 's'} …" if many else "is looking …")
        return await (answerer or self._r.answerer).answer(
            query,
            scored,
            story,
            now=now,
            history=history,
            searched=self._knowledge.articles,
            on_part=on_part,
            team=team_id,
            stories=await self._stories_of(query, scored, story_id),
        )

    async def _look_up(self, query: Query, story_id: int | None) -> tuple[tuple[Passage, ...], Story | None]:
        common = self._knowledge.common(query.terms)
        also = retrieve.in_other_words(query, self._r.vectors)
        too_common = self._knowledge.common(also)
        async with self._db.read() as connection:
            found = await passages.search(
                connection,
                query.terms,
                common=common,
                also=[word for word in also if word not in too_common],
                since=query.since,
                until=query.until,
            )
            story = await stories.get(connection, story_id) if story_id is not None else None
            if story_id is not None:
                own = await passages.of_story(connection, story_id)
                seen = {item.id for item in found}
                found += tuple(item for item in own if item.id not in seen)
        return found, story

    async def _stories_of(self, query: Query, scored: Sequence[Scored], known: int | None) -> tuple[Story, ...]:
        """The stories of the best passages, where a figure is asked for that their articles may dispute."""
        if query.kind not in {"how_much", "change"}:
            return ()
        ids = dict.fromkeys(one.passage.story_id for one in scored[:STORIES_FROM])
        wanted = [number for number in ids if number is not None and number != known][:MOST_STORIES]
        async with self._db.read() as connection:
            found = [await stories.get(connection, number) for number in wanted]
        return tuple(one for one in found if one is not None)
