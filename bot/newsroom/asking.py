"""Questions: written down as they come in, answered once, from what was read or honestly not."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa
import structlog

from bot import metrics, tenancy, tracing
from bot.errors import DeliveryError, NotFoundError, SettingsError
from bot.models import Answer, AnswerState, IncomingQuestion, Replied, WatchState
from bot.newsroom import limits, links
from bot.newsroom.composing import Composing
from bot.newsroom.desk import Resources
from bot.newsroom.showing import Streamed
from bot.slack import blocks, chart
from bot.slack.escape import clip
from bot.slack.replies import Reply, Stopped
from bot.slack.streams import Place
from bot.store import questions

#: A chart is tried so many times, after so many seconds each.
PICTURE_WAITS_S = (0.2, 1.0, 2.0)
#: Of a conversation, in the list of them that Slack shows in the agent's pane.
TITLE_MOST = 80

log = structlog.get_logger(__name__)


class TakenOverError(Exception):
    """Another worker has this question now: this process was asleep or cut off, and was taken for dead."""


class Asking(Composing):
    """Takes questions, and answers those that are due."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._thread_locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def ask(self, question: IncomingQuestion) -> bool:
        """Write a question down for the answering loop.

        Returns:
            False: it is known already, was asked in this thread in the same words a moment ago, or is a reply in a
            thread that is not ours (or not known to be, yet).
        """
        text = question.text.strip()[: limits.MOST_CHARACTERS + 1]  # one more, so that it is known to be too long
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
            recent = await questions.asked_since(
                connection, question.team_id, question.channel_id, question.root_ts, now - limits.SAME_WITHIN
            )
            if any(limits.same_words(text, other) for other in recent):
                log.info("asked twice at once", channel=question.channel_id, thread=question.root_ts)
                return False
            incoming = replace(question, text=text, story_id=story_id)
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
            rows = await questions.claim_due(connection, self._clock(), self._r.limits.at_once)
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
        with tenancy.within(row.team_id):
            await self._answer_alone(row)

    async def _answer_alone(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        async with self._lock(row.channel_id, row.root_ts):
            with tracing.stage("answer", "question", row.id):
                await self._attempt(row)

    async def _attempt(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        try:
            if not await self._refused(row):
                await self._try(row)
        except TakenOverError:
            log.warning("another worker has this question now", question=row.id)
        except DeliveryError as error:
            await self._not_replied(row, error)
        except Exception as error:
            # One question's trouble is not the others': it is tried again, then set aside with a word.
            tracing.failed(error)
            metrics.errors.labels("answer").inc()
            log.exception("a question could not be answered", question=row.id)
            await self._postpone(row.id, timedelta(seconds=5 * (row.attempts + 1)))

    def _lock(self, channel_id: str, root_ts: str) -> asyncio.Lock:
        return self._thread_locks.setdefault((channel_id, root_ts), asyncio.Lock())

    async def _refused(self, row: sa.Row[*tuple[Any, ...]]) -> bool:
        """Whether somebody has asked more than is answered; only they are told."""
        if row.surface == "watch" or row.attempts:
            return False
        most, asked_at = self._r.limits, row.created_at
        async with self._db.read() as connection:
            own = await questions.asked_before(
                connection, row, since=asked_at - limits.USER_WINDOW, most=most.user, user_id=row.user_id
            )
            everybodys = await questions.asked_before(
                connection, row, since=asked_at - limits.TEAM_WINDOW, most=most.team
            )
        words = limits.refusal(most, own, everybodys, asked_at)
        if words is None:
            return False
        sender = await self.sender_of(row.team_id)
        await sender.ephemeral(row.channel_id, row.user_id, blocks.sentence(words), thread_ts=row.root_ts)
        await self._settle(row.id, "limited", None, None)
        metrics.answers.labels("limited").inc()
        log.info("asked too much", question=row.id, user=row.user_id)
        return True

    async def _try(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        where = Place(team_id=row.team_id, channel=row.channel_id, thread_ts=row.root_ts, user_id=row.user_id)
        again = row.attempts > 0
        reply = await self._r.reply_to(
            where,
            key=f"question:{row.id}",
            since=row.created_at if again else None,
            title=clip(links.split(row.text).question, TITLE_MOST),
        )
        if row.attempts >= questions.MOST_ATTEMPTS:
            ts = await reply.fail("I tried several times and could not answer this. Please ask again later.")
            await self._settle(row.id, "failed", None, ts)
            return
        if len(row.text) > limits.MOST_CHARACTERS:
            await self._settle(row.id, "declined", None, await reply.fail(limits.TOO_LONG))
            return
        try:
            await self._answer_in(row, reply)
        except Stopped:
            await reply.stop()
            await self._settle(row.id, "stopped", None, reply.ts)

    async def _answer_in(self, row: sa.Row[*tuple[Any, ...]], reply: Reply) -> None:
        # Where the thread does not show the question, the message does; it then comes as a whole.
        asked = _asked(row)

        async def be_sure() -> None:
            await self._be_sure(row)

        streamed = Streamed(reply, row.id, be_sure) if asked is None else None
        answer = await self.compose(
            row.text,
            team_id=row.team_id,
            story_id=row.story_id,
            history=await self._history(row),
            status=reply.status,
            on_part=streamed.show if streamed is not None else None,
        )
        if not await self._is_to_be_shown(row, answer):
            await self._settle(row.id, answer.state.value, answer, None)
            return
        message = blocks.answer(answer, row.id, asked=asked, asked_by=row.user_id, watch=self._offer(row.text, answer))
        if streamed is not None:
            await streamed.show(answer)
        await self._be_sure(row, answer)
        ts = await reply.finish(message)
        await self._settle(row.id, answer.state.value, answer, ts)
        metrics.answers.labels(answer.state.value).inc()
        await self._illustrate(row, answer, ts)
        log.info("answered", question=row.id, state=answer.state.value, sources=len(answer.sources))

    async def _illustrate(self, row: sa.Row[*tuple[Any, ...]], answer: Answer, ts: str) -> None:
        """Show the chart of a timeline in the message that is there. The table says the same, so this may fail."""
        if not answer.timeline:
            return
        alt = chart.words(answer.timeline)
        try:
            sender = await self.sender_of(row.team_id)
            picture = await asyncio.to_thread(chart.draw, answer.timeline)
            file_id = await sender.upload(picture, filename="timeline.png", alt=alt)
            message = blocks.answer(
                answer, row.id, asked=_asked(row), asked_by=row.user_id, chart=blocks.image(file_id, alt)
            )
            for wait in PICTURE_WAITS_S:  # Slack looks at a picture before it lets a message show it
                await asyncio.sleep(wait)
                with contextlib.suppress(DeliveryError):
                    await sender.update(row.channel_id, ts, message, delivery_key=f"question:{row.id}")
                    return
            log.info("a chart is not shown", question=row.id)
        except (DeliveryError, SettingsError) as error:
            log.info("a chart was not taken", question=row.id, reason=str(error))

    async def _be_sure(self, row: sa.Row[*tuple[Any, ...]], answer: Answer | None = None) -> None:
        """Before the first word of an answer and its last: is the question still ours?

        With the whole `answer` it is written down too: a click on its buttons may come before it is settled.

        Raises:
            TakenOverError: it is not.
            Stopped: somebody pressed Stop while it was looked for.
        """
        async with self._db.write() as connection:
            if not await questions.still_ours(connection, row.id, self._clock()):
                raise TakenOverError
            if await questions.is_stopped(connection, row.id):
                raise Stopped("Stopped.")
            if answer is not None:
                await questions.keep_answer(connection, row.id, answer)

    async def _is_to_be_shown(self, _row: sa.Row[*tuple[Any, ...]], _answer: Answer) -> bool:
        """Whether this answer is wanted in its thread."""
        return True

    @staticmethod
    def _offer(text: str, answer: Answer) -> WatchState | None:
        """Whether to offer that an answer is looked for: where there is none yet, and what is read may bring one."""
        is_open = answer.state is AnswerState.UNKNOWN and answer.message and links.split(text).url is None
        return WatchState.OFFERED if is_open else None

    async def reply_of(self, team_id: str, question_id: int) -> Replied:
        """A question of this workspace with what it was answered.

        Raises:
            NotFoundError: it was not answered, or is not kept any more.
        """
        async with self._db.read() as connection:
            row = await questions.get(connection, team_id, question_id)
        if row is None or row.answer is None:
            raise NotFoundError("I don't have that answer any more.")
        answer = questions.as_answer(row.answer)
        return Replied(
            id=row.id,
            team_id=row.team_id,
            channel_id=row.channel_id,
            ts=row.reply_ts,
            answer=answer,
            asked=_asked(row),
            asked_by=row.user_id,
            watch=self._offer(row.text, answer),
        )

    async def _history(self, row: sa.Row[*tuple[Any, ...]]) -> tuple[tuple[str, str], ...]:
        async with self._db.read() as connection:
            said = await questions.history(
                connection,
                team_id=row.team_id,
                channel_id=row.channel_id,
                root_ts=row.root_ts,
                before_id=row.id,
            )
        if row.surface == "watch":  # an answer is looked for in the archive, not in a page that was shared
            return tuple((links.split(asked).question, told) for asked, told in said)
        return said

    async def stop_answer(self, team_id: str, channel_id: str, root_ts: str) -> None:
        """Someone pressed Stop: what waits in this thread is not answered any more, what is begun not ended."""
        async with self._db.write() as connection:
            await questions.stop(connection, team_id, channel_id, root_ts, self._clock())

    async def _not_replied(self, row: sa.Row[*tuple[Any, ...]], error: DeliveryError) -> None:
        log.warning("not replied", question=row.id, state=error.state, reason=str(error))
        if error.state in {"held", "failed", "gone"}:
            await self._settle(row.id, "failed", None, None)
        else:
            await self._postpone(row.id, timedelta(seconds=error.retry_after or 5.0 * (row.attempts + 1)))

    async def _settle(self, question_id: int, state: str, answer: Answer | None, ts: str | None) -> None:
        async with self._db.write() as connection:
            await questions.settle(connection, question_id, state=state, answer=answer, reply_ts=ts, now=self._clock())

    async def _postpone(self, question_id: int, wait: timedelta) -> None:
        async with self._db.write() as connection:
            await questions.postpone(connection, question_id, self._clock() + wait)


def _asked(row: sa.Row[*tuple[Any, ...]]) -> str | None:
    """The question as its answer quotes it, without links; None where the thread shows it."""
    return links.split(row.text).question if row.surface in {"shortcut", "watch"} else None
