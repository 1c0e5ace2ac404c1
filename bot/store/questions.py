"""Queries about questions: written down when they come in, answered by a job, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Answer, IncomingQuestion
from bot.store.claims import claim, insert_new, next_due, upsert
from bot.store.tables import feedback, question, thread

#: A streamed answer lives at most five minutes in Slack; facts/slack.md.
LEASE = timedelta(minutes=6)
#: After this many tries a question is set aside with a word of apology.
MOST_ATTEMPTS = 3

_ANSWER = TypeAdapter(Answer)


async def add(connection: AsyncConnection, incoming: IncomingQuestion, now: datetime) -> int | None:
    """Write a question down; None: it is known, by its channel and ts (a mention comes as two events)."""
    return await insert_new(
        connection,
        question,
        {
            "team_id": incoming.team_id,
            "channel_id": incoming.channel_id,
            "ts": incoming.ts,
            "root_ts": incoming.root_ts,
            "user_id": incoming.user_id,
            "text": incoming.text,
            "surface": incoming.surface,
            "event_id": incoming.event_id,
            "story_id": incoming.story_id,
            "state": "pending",
            "due_at": now,
            "created_at": now,
        },
        key=("team_id", "channel_id", "ts"),
    )


async def thread_of(
    connection: AsyncConnection, team_id: str, channel_id: str, root_ts: str
) -> tuple[bool, int | None]:
    """(is it one of ours, the story it is about)."""
    row = (
        await connection.execute(
            sa.select(thread.c.story_id).where(
                thread.c.team_id == team_id, thread.c.channel_id == channel_id, thread.c.root_ts == root_ts
            )
        )
    ).one_or_none()
    return (row is not None, row.story_id if row else None)


async def open_thread(
    connection: AsyncConnection, *, team_id: str, channel_id: str, root_ts: str, story_id: int | None, now: datetime
) -> None:
    """From now on, replies in this thread are for us."""
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "root_ts": root_ts,
        "story_id": story_id,
        "created_at": now,
    }
    await upsert(connection, thread, values, key=("team_id", "channel_id", "root_ts"), update=())


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Questions to answer now, as they were before (`attempts` counts the tries so far)."""
    return await claim(
        connection,
        question,
        due=question.c.due_at,
        now=now,
        lease=LEASE,
        limit=limit,
        where=(question.c.state == "pending",),
    )


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next question is due."""
    return await next_due(connection, question, question.c.due_at, (question.c.state == "pending",))


async def history(
    connection: AsyncConnection, *, team_id: str, channel_id: str, root_ts: str, before_id: int, limit: int = 6
) -> tuple[tuple[str, str], ...]:
    """(question, first sentence of its answer) of this thread so far, oldest first."""
    rows = (
        await connection.execute(
            sa.select(question.c.text, question.c.answer)
            .where(
                question.c.team_id == team_id,
                question.c.channel_id == channel_id,
                question.c.root_ts == root_ts,
                question.c.id < before_id,
                question.c.answer.is_not(None),
            )
            .order_by(question.c.id.desc())
            .limit(limit)
        )
    ).all()
    said = []
    for row in reversed(rows):
        answer = _ANSWER.validate_json(row.answer)
        said.append((row.text, answer.sentences[0].text if answer.sentences else answer.message))
    return tuple(said)


async def answer_of(connection: AsyncConnection, team_id: str, question_id: int) -> Answer | None:
    """What a question of this workspace was answered with."""
    body = (
        await connection.execute(
            sa.select(question.c.answer).where(question.c.team_id == team_id, question.c.id == question_id)
        )
    ).scalar_one_or_none()
    return _ANSWER.validate_json(body) if body else None


async def last_unknown(
    connection: AsyncConnection, *, team_id: str, channel_id: str, root_ts: str, before_id: int
) -> str | None:
    """The last question of this thread, if it had no answer."""
    row = (
        await connection.execute(
            sa.select(question.c.text, question.c.state)
            .where(
                question.c.team_id == team_id,
                question.c.channel_id == channel_id,
                question.c.root_ts == root_ts,
                question.c.id < before_id,
                question.c.finished_at.is_not(None),
                question.c.answer.is_not(None),
            )
            .order_by(question.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return row.text if row is not None and row.state == "unknown" else None


async def settle(
    connection: AsyncConnection,
    question_id: int,
    *,
    state: str,
    answer: Answer | None,
    reply_ts: str | None,
    now: datetime,
) -> None:
    """The question is done with, one way or another."""
    await connection.execute(
        sa.update(question)
        .where(question.c.id == question_id)
        .values(
            state=state,
            answer=_ANSWER.dump_json(answer).decode() if answer else None,
            reply_ts=reply_ts,
            due_at=None,
            lease_until=None,
            finished_at=now,
        )
    )


async def stop_waiting(connection: AsyncConnection, team_id: str, channel_id: str, root_ts: str, now: datetime) -> None:
    """Take back the questions of a thread that nobody has begun to answer."""
    await connection.execute(
        sa.update(question)
        .where(
            question.c.team_id == team_id,
            question.c.channel_id == channel_id,
            question.c.root_ts == root_ts,
            question.c.state == "pending",
            sa.or_(question.c.lease_until.is_(None), question.c.lease_until < now),
        )
        .values(state="stopped", due_at=None, finished_at=now)
    )


async def postpone(connection: AsyncConnection, question_id: int, due_at: datetime) -> None:
    """Try again later."""
    await connection.execute(
        sa.update(question).where(question.c.id == question_id).values(lease_until=None, due_at=due_at)
    )


async def save_feedback(
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    subject: str,
    verdict: str,
    now: datetime,
) -> None:
    """Keep what someone thought of a story or an answer; a second click changes the first."""
    await upsert(
        connection,
        feedback,
        {
            "team_id": team_id,
            "channel_id": channel_id,
            "user_id": user_id,
            "subject": subject,
            "verdict": verdict,
            "at": now,
        },
        key=("team_id", "channel_id", "user_id", "subject"),
        update=("verdict", "at"),
    )
