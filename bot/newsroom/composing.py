"""Answers out of the archive, wherever the question came from: find the passages, let the writer answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.feeds.urls import host_of
from bot.models import Answer, AnswerState, Passage, Story
from bot.newsroom import links
from bot.newsroom.archive import Knowledge
from bot.newsroom.desk import Resources
from bot.newsroom.linking import Linked, Linking
from bot.store import passages, stories
from bot.stories import timeline
from bot.writing import retrieve
from bot.writing.answer import Answerer
from bot.writing.disputing import asks_for_dispute
from bot.writing.drafting import OnPart
from bot.writing.question import Query, understand
from bot.writing.retrieve import Scored

#: Figures of so many stories, those of the so many best passages, are put beside what their other articles say.
MOST_STORIES = 2
STORIES_FROM = 4


class Composing(Linking):
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
        """Answer a question from the archive, or from the page that is shared with it.

        Args:
            text: the question.
            team_id: the workspace that asks, and pays for the model.
            story_id: the story in whose thread it was asked.
            history: earlier (question, answer) pairs of the thread, oldest first.
            status: is told what is going on.
            on_part: gets the answer so far, whenever a further sentence of it has passed the checker.
            answerer: another than the usual one.
        """
        shared = links.split(text)
        linked: Linked | None
        if shared.url is not None:
            if status is not None:
                await status(f"is reading {host_of(shared.url)} …")
            try:
                linked = await self.linked(shared.url, team_id)
            except UserError as error:
                return Answer(AnswerState.DECLINED, (), (), message=str(error))
        else:
            linked = await self._linked_before(history, team_id, story_id)
        said = tuple((links.split(asked).question, told) for asked, told in history)
        await self._knowledge.refresh()
        query = understand(shared.question, now=self._clock(), history=said, oldest=self._knowledge.oldest)
        asked = _Asked(query, team_id, story_id, linked, is_shared=shared.url is not None)
        found, story = await self._look_up(asked)
        answer = await self._write(
            asked, found, story, history=said, status=status, on_part=on_part,
            answerer=answerer or self._r.answerer,
        )  # fmt: skip
        if query.kind == "change":
            answer = replace(answer, timeline=timeline.points(answer, query.names))
        return _of_page(answer, shared, linked) if shared.url is not None and linked is not None else answer

    async def _write(
        self,
        asked: _Asked,
        found: Sequence[Passage],
        story: Story | None,
        *,
        history: tuple[tuple[str, str], ...],
        status: Callable[[str], Awaitable[None]] | None,
        on_part: OnPart | None,
        answerer: Answerer,
    ) -> Answer:
        about = story.id if story is not None else asked.story_id
        scored = await self._rank(asked.query, found, about)
        if status is not None and not asked.is_shared:
            many = len({item.passage.article_id for item in scored})
            await status(f"is reading {many} article{'' if many == 1 else 's'} …" if many else "is looking …")
        return await answerer.answer(
            asked.query,
            scored,
            story,
            now=self._clock(),
            history=history,
            searched=1 if asked.is_shared else self._knowledge.articles,
            on_part=on_part,
            team=asked.team_id,
            stories=await self._stories_of(asked.query, scored, about),
        )

    async def search(self, text: str, *, team_id: str) -> tuple[Scored, ...]:
        """The passages in which an answer would be looked for, best first, of what this workspace may find."""
        query = understand(text, now=self._clock())
        await self._knowledge.refresh()
        found, _ = await self._look_up(_Asked(query, team_id, None, None, is_shared=False))
        return await self._rank(query, found, None)

    async def _rank(self, query: Query, found: Sequence[Passage], story_id: int | None) -> tuple[Scored, ...]:
        return await asyncio.to_thread(
            retrieve.rank,
            query,
            found,
            vectors=self._r.vectors,
            now=self._clock(),
            story_id=story_id,
            rarity=self._knowledge.rarity,
        )

    async def _linked_before(
        self, history: Sequence[tuple[str, str]], team_id: str, story_id: int | None
    ) -> Linked | None:
        """The page that this conversation is about: the last that was shared, in a story's thread only just before."""
        for asked, _ in reversed(history[-1:] if story_id is not None else history):
            if (url := links.split(asked).url) is not None:
                try:
                    return await self.linked(url, team_id)
                except UserError:
                    return None  # it was told when it was shared
        return None

    async def _look_up(self, asked: _Asked) -> tuple[tuple[Passage, ...], Story | None]:
        """What may hold the answer, and the story that is spoken of."""
        query, linked = asked.query, asked.linked
        if asked.is_shared and linked is not None:
            return linked.passages, linked.story
        common = self._knowledge.common(query.terms)
        also = retrieve.in_other_words(query, self._r.vectors)
        async with self._db.read() as connection:
            found = await passages.search(
                connection,
                query.terms,
                team_id=asked.team_id,
                common=common,
                also=self._knowledge.affordable(query.terms, also),
                since=query.since,
                until=query.until,
            )
            if linked is not None:
                return _more(found, linked.passages), linked.story
            story = await stories.get(connection, asked.story_id) if asked.story_id is not None else None
            if asked.story_id is not None:
                found = _more(found, await passages.of_story(connection, asked.story_id))
        return found, story

    async def _stories_of(self, query: Query, scored: Sequence[Scored], known: int | None) -> tuple[Story, ...]:
        """The stories of the best passages, where a figure is asked for that their articles may dispute."""
        if query.kind not in {"how_much", "change"} and not asks_for_dispute(query):
            return ()
        ids = dict.fromkeys(one.passage.story_id for one in scored[:STORIES_FROM])
        wanted = [number for number in ids if number is not None and number != known][:MOST_STORIES]
        async with self._db.read() as connection:
            found = [await stories.get(connection, number) for number in wanted]
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with what it is about.

    Attributes:
        team_id: the workspace that asks, and pays for the model.
        story_id: of the thread it stands in.
        linked: the page that was shared in it, or before it in this conversation.
        is_shared: in it: nothing else is meant.
    """

    query: Query
    team_id: str
    story_id: int | None
    linked: Linked | None
    is_shared: bool


def _more(found: tuple[Passage, ...], own: Sequence[Passage]) -> tuple[Passage, ...]:
    seen = {item.id for item in found}
    return found + tuple(item for item in own if item.id not in seen)


def _of_page(answer: Answer, shared: links.Shared, linked: Linked) -> Answer:
    """An answer about a shared page says what a reader should know about that page."""
    notes = [note for note in (linked.note, links.first_of(shared.others), answer.note) if note]
    answer = replace(answer, note=" ".join(notes) or None)
    if answer.state is AnswerState.UNKNOWN:
        return replace(answer, message=links.NOT_THERE, nearest=())
    return answer
