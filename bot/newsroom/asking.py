"""Questions: written down as they come in, answered once, from what was read or honestly not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa
import structlog

from bot import metrics
from bot.errors import DeliveryError, NotFoundError
from bot.models import Actor, Answer, Brief, IncomingQuestion, Passage, Story
from bot.newsroom.archive import Knowledge
from bot.newsroom.desk import Desk, Resources
from bot.slack import blocks
from bot.slack.replies import Reply, Stopped
from bot.slack.streams import Place
from bot.store import passages, questions, stories
from bot.writing import retrieve
from bot.writing.answer import Answerer, OnPart
from bot.writing.question import Query, understand
from bot.writing.retrieve import Scored

log = structlog.get_logger(__name__)

#: Longer questions are cut: Slack's own limit for a section, and more than anybody asks.
MOST_CHARACTERS = 3000
#: How many questions are answered at the same time.
AT_ONCE = 4


#: An answer is streamed in pieces of about this many characters: a few words at a time, few calls to Slack.
PIECE = 60
#: Figures of so many stories, those of the so many best passages, are put beside what their other articles say.
MOST_STORIES = 2
STORIES_FROM = 4


def _pieces(markdown: str) -> Iterator[str]:
    """The text in pieces that end with a word; a link is never cut."""
    piece = ""
    for word in re.findall(r"\[[^\]]*\]\([^)]*\)\S*\s*|\S+\s*|\s+", markdown):
        piece += word
        if len(piece) >= PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


class TakenOverError(Exception):
    """Another worker has this question now: this process was asleep or cut off, and was taken for dead."""


class _Streamed:
    """Shows an answer as it grows, in the very words that its message will have."""

    def __init__(self, reply: Reply, question_id: int, be_sure: Callable[[], Awaitable[None]] | None = None) -> None:
        self._reply = reply
        self._question_id = question_id
        self._be_sure = be_sure
        self._shown = ""

    async def show(self, answer: Answer) -> None:
        """Show what is new. An answer that turned out otherwise is left to the message that ends the reply."""
        whole = blocks.answer(answer, self._question_id).markdown
        if not whole.startswith(self._shown):
            return
        if not self._shown and self._be_sure is not None:
            await self._be_sure()
        for piece in _pieces(whole[len(self._shown) :]):
            self._shown += piece
            await self._reply.append(piece)


class Asking(Desk):
    """Takes questions, and answers those that are due."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._thread_locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._knowledge = Knowledge(resources.db, resources.clock)

    async def ask(self, question: IncomingQuestion) -> bool:
        """Write a question down for the answering loop.

        Returns:
            False: it is known already, or a reply in a thread that is not ours (or not known to be, yet).
        """
        text = question.text.strip()[:MOST_CHARACTERS]
        if not text:
            return False
        now = self._clock()
        async with self._db.write() as connection:
            await questions.alone_in(connection, question.channel_id, question.root_ts)
            ours, story_id = await questions.thread_of(
                connection, question.team_id, question.channel_id, question.root_ts
            )
            waits = question.surface == "thread" and not ours
            if waits and not questions.may_become_ours(question.root_ts, now):
                return False
            story_id = question.story_id or story_id
            incoming = IncomingQuestion(
                team_id=question.team_id,
                channel_id=question.channel_id,
                user_id=question.user_id,
                ts=question.ts,
                root_ts=question.root_ts,
                text=text,
                surface=question.surface,
                event_id=question.event_id,
                story_id=story_id,
            )
            made = await questions.add(connection, incoming, now, waits=waits)
            if made is None or waits:
                return False
            await questions.open_thread(
                connection,
                team_id=question.team_id,
                channel_id=question.channel_id,
                root_ts=question.root_ts,
                story_id=story_id,
                opened_by=question.ts,
                now=now,
            )
        self.bells.ring("answer")
        return True

    async def answer_due(self) -> int:
        """Answer the questions that are waiting; how many were taken up."""
        async with self._db.write() as connection:
            await questions.forget_waiting(connection, self._clock())
            rows = await questions.claim_due(connection, self._clock(), AT_ONCE)
        # All of them come to their end before an error (the database is gone) is passed on.
        ends = await asyncio.gather(*(self._answer(row) for row in rows), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(rows)

    async def next_question_at(self) -> datetime | None:
        """When the next question is due."""
        async with self._db.read() as connection:
            return await questions.next_at(connection)

    async def _answer(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        # One answer at a time in a thread: the second may refer to the first.
        async with self._lock(row.channel_id, row.root_ts):
            try:
                await self._try(row)
            except TakenOverError:
                log.warning("another worker has this question now", question=row.id)
            except DeliveryError as error:
                await self._not_replied(row, error)
            except Exception:
                # One question's trouble is not the others': it is tried again, then set aside with a word.
                metrics.errors.labels("answer").inc()
                log.exception("a question could not be answered", question=row.id)
                await self._postpone(row.id, timedelta(seconds=5 * (row.attempts + 1)))

    def _lock(self, channel_id: str, root_ts: str) -> asyncio.Lock:
        return self._thread_locks.setdefault((channel_id, root_ts), asyncio.Lock())

    async def _try(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        where = Place(team_id=row.team_id, channel=row.channel_id, thread_ts=row.root_ts, user_id=row.user_id)
        again = row.attempts > 0
        reply = await self._r.reply_to(where, key=f"question:{row.id}", since=row.created_at if again else None)
        if row.attempts >= questions.MOST_ATTEMPTS:
            ts = await reply.fail("I tried several times and could not answer this. Please ask again later.")
            await self._settle(row.id, "failed", None, ts)
            return
        try:
            await self._answer_in(row, reply)
        except Stopped:
            await reply.stop()
            await self._settle(row.id, "stopped", None, reply.ts)

    async def _answer_in(self, row: sa.Row[*tuple[Any, ...]], reply: Reply) -> None:
        # Where the thread does not show the question, the message does; it then comes as a whole.
        asked = row.text if row.surface in {"shortcut", "watch"} else None

        async def be_sure() -> None:
            await self._be_sure(row)

        streamed = _Streamed(reply, row.id, be_sure) if asked is None else None
        answer = await self.compose(
            row.text,
            team_id=row.team_id,
            story_id=row.story_id,
            history=await self._history(row),
            status=reply.status,
            on_part=streamed.show if streamed is not None else None,
        )
        shown = await self._ready(row, answer)
        if shown is None:
            await self._settle(row.id, answer.state.value, answer, None)
            return
        message = blocks.answer(shown, row.id, asked=asked, asked_by=row.user_id)
        if streamed is not None:
            await streamed.show(shown)
        else:
            await be_sure()
        ts = await reply.finish(message)
        await self._settle(row.id, answer.state.value, answer, ts)
        metrics.answers.labels(answer.state.value).inc()
        log.info("answered", question=row.id, state=answer.state.value, sources=len(answer.sources))

    async def _be_sure(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        """Before the first word of an answer: is the question still ours?

        Raises:
            TakenOverError: it is not.
        """
        async with self._db.write() as connection:
            if not await questions.still_ours(connection, row.id, self._clock()):
                raise TakenOverError

    async def _ready(self, _row: sa.Row[*tuple[Any, ...]], answer: Answer) -> Answer | None:
        """An answer as it is to be shown; None: it is not to be."""
        return answer

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
        async with self._db.read() as connection:
            found = await passages.search(connection, query.terms, common=common, since=query.since, until=query.until)
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

    async def _history(self, row: sa.Row[*tuple[Any, ...]]) -> tuple[tuple[str, str], ...]:
        async with self._db.read() as connection:
            return await questions.history(
                connection,
                team_id=row.team_id,
                channel_id=row.channel_id,
                root_ts=row.root_ts,
                before_id=row.id,
            )

    async def stop_answer(self, team_id: str, channel_id: str, root_ts: str) -> None:
        """Someone pressed Stop: what waits in this thread is not answered any more."""
        async with self._db.write() as connection:
            await questions.stop_waiting(connection, team_id, channel_id, root_ts, self._clock())

    async def brief_of(self, team_id: str, story_id: int) -> Brief:
        """The newest brief of a story that this workspace was told.

        Raises:
            NotFoundError: there is none.
        """
        async with self._db.read() as connection:
            found = await stories.latest_brief(connection, story_id)
            if found is None or not await stories.was_told_to(connection, team_id, story_id):
                raise NotFoundError("I don't have that story any more.")
        return found[1]

    async def feedback(self, actor: Actor, channel_id: str, subject: str, verdict: str) -> None:
        """Keep a 👍 or 👎 on a story or an answer."""
        async with self._db.write() as connection:
            await questions.save_feedback(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                user_id=actor.user_id,
                subject=subject,
                verdict=verdict,
                now=self._clock(),
            )

    async def _not_replied(self, row: sa.Row[*tuple[Any, ...]], error: DeliveryError) -> None:
        log.warning("not replied", question=row.id, state=error.state, reason=str(error))
        if error.state in {"held", "failed"}:
            await self._settle(row.id, "failed", None, None)
        else:
            await self._postpone(row.id, timedelta(seconds=error.retry_after or 5.0 * (row.attempts + 1)))

    async def _settle(self, question_id: int, state: str, answer: Answer | None, ts: str | None) -> None:
        async with self._db.write() as connection:
            await questions.settle(connection, question_id, state=state, answer=answer, reply_ts=ts, now=self._clock())

    async def _postpone(self, question_id: int, wait: timedelta) -> None:
        async with self._db.write() as connection:
            await questions.postpone(connection, question_id, self._clock() + wait)
