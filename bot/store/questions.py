"""Queries about questions: written down when they come in, answered by a job, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Answer, IncomingQuestion
from bot.store.claims import claim, insert_new, keep, next_due, one_at_a_time, unless_anothers, upsert
from bot.store.tables import question, thread
from bot.store.teams import at_rest

#: A streamed answer lives at most five minutes in Slack; facts/slack.md.
LEASE = timedelta(minutes=6)
#: After this many tries a question is set aside with a word of apology.
MOST_ATTEMPTS = 3
#: A reply may come in before the message that makes its thread ours: Slack sends an event again after a minute and
#: after five, and a post may not be written down yet when the first reply to it comes. So long such a reply is kept.
WAIT = timedelta(minutes=6)

_ANSWER = TypeAdapter(Answer)


async def add(
    connection: AsyncConnection, incoming: IncomingQuestion, now: datetime, *, waits: bool = False
) -> int | None:
    """Write a question down; None: it is known, by its channel and ts (a mention comes as two events).

    One that `waits` is answered only if its thread turns out to be ours; else it is deleted after `WAIT`.
    """
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
            "state": "waiting" if waits else "pending",
            "due_at": now + WAIT if waits else now,
            "created_at": now,
        },
        key=("team_id", "channel_id", "ts"),
    )


async def alone_in(connection: AsyncConnection, channel_id: str, root_ts: str) -> None:
    """Let whoever writes about this thread wait for each other: a reply must not slip past what makes it ours."""
    await one_at_a_time(connection, f"thread:{channel_id}:{root_ts}")


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
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    root_ts: str,
    story_id: int | None,
    opened_by: str,
    now: datetime,
) -> None:
    """From the message `opened_by` (a ts) on, replies in this thread are for us, also those that came in before it."""
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "root_ts": root_ts,
        "story_id": story_id,
        "created_at": now,
    }
    await alone_in(connection, channel_id, root_ts)
    update = ("story_id",) if story_id is not None and opened_by == root_ts else ()
    await upsert(connection, thread, values, key=("team_id", "channel_id", "root_ts"), update=update)
    await connection.execute(
        sa.update(question)
        .where(
            question.c.team_id == team_id,
            question.c.channel_id == channel_id,
            question.c.root_ts == root_ts,
            question.c.state == "waiting",
            question.c.ts > opened_by,
        )
        .values(state="pending", due_at=now, story_id=story_id)
    )


def may_become_ours(root_ts: str, now: datetime) -> bool:
    """Whether what makes this thread ours may still be on its way: its first message is only minutes old."""
    return now - datetime.fromtimestamp(float(root_ts), UTC) < WAIT


async def forget_waiting(connection: AsyncConnection, now: datetime) -> None:
    """Delete the replies whose threads did not turn out to be ours."""
    await connection.execute(sa.delete(question).where(question.c.state == "waiting", question.c.due_at <= now))


_earlier = question.alias("earlier")
#: One after the other in a thread, whichever process they are in: the second may refer to the first, and an answer
#: that was broken off is told by its being the only unfinished message there.
_is_next = sa.and_(
    question.c.state == "pending",
    ~at_rest(question.c.team_id),
    ~sa.exists().where(
        _earlier.c.team_id == question.c.team_id,
        _earlier.c.channel_id == question.c.channel_id,
        _earlier.c.root_ts == question.c.root_ts,
        _earlier.c.state == "pending",
        _earlier.c.ts < question.c.ts,
    ),
)


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Questions to answer now, of each thread the first, as they were before (`attempts` counts the tries so far)."""
    return await claim(
        connection,
        question,
        due=question.c.due_at,
        now=now,
        lease=LEASE,
        limit=limit,
        where=(_is_next,),
    )


async def still_ours(connection: AsyncConnection, question_id: int, now: datetime) -> bool:
    """Hold a claimed question for another lease; False: another worker has it, so say nothing."""
    return await keep(connection, question, question_id, now=now, lease=LEASE)


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next question is due."""
    return await next_due(connection, question, question.c.due_at, (_is_next,))


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


async def get(connection: AsyncConnection, team_id: str, question_id: int) -> sa.Row[*tuple[Any, ...]] | None:
    """A question of this workspace, with all its columns."""
    found = await connection.execute(
        sa.select(question).where(question.c.team_id == team_id, question.c.id == question_id)
    )
    return found.one_or_none()


def as_answer(stored: str) -> Answer:
    """The column `answer` as an `Answer`."""
    return _ANSWER.validate_json(stored)


async def keep_answer(connection: AsyncConnection, question_id: int, answer: Answer) -> None:
    """Write an answer down before its message is there; `settle` says later what became of it."""
    await connection.execute(
        sa.update(question)
        .where(question.c.id == question_id, unless_anothers(connection, question))
        .values(answer=_ANSWER.dump_json(answer).decode())
    )


async def asked_since(
    connection: AsyncConnection, team_id: str, channel_id: str, root_ts: str, since: datetime
) -> Sequence[str]:
    """What was asked in a thread since then, but for what was stopped, failed or refused."""
    rows = await connection.execute(
        sa.select(question.c.text).where(
            question.c.team_id == team_id,
            question.c.channel_id == channel_id,
            question.c.root_ts == root_ts,
            question.c.created_at > since,
            question.c.state.not_in(("stopped", "failed", "limited")),
        )
    )
    return rows.scalars().all()


async def asked_before(
    connection: AsyncConnection,
    row: sa.Row[*tuple[Any, ...]],
    *,
    since: datetime,
    most: int,
    user_id: str | None = None,
) -> Sequence[datetime]:
    """When the workspace, or one person there, asked before this question; newest first, `most` at most.

    What was refused does not count, nor what a watch asks by itself.
    """
    statement = sa.select(question.c.created_at).where(
        question.c.team_id == row.team_id,
        question.c.id < row.id,
        question.c.created_at > since,
        question.c.state.not_in(("waiting", "limited")),
        question.c.surface != "watch",
    )
    if user_id is not None:
        statement = statement.where(question.c.user_id == user_id)
    rows = await connection.execute(statement.order_by(question.c.id.desc()).limit(most))
    return rows.scalars().all()


async def last_unknown(
    connection: AsyncConnection, *, team_id: str, channel_id: str, root_ts: str, before_id: int
) -> sa.Row[*tuple[Any, ...]] | None:
    """The last question of this thread, if it had no answer."""
    row = (
        await connection.execute(
            sa.select(question)
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
    return row if row is not None and row.state == "unknown" else None


async def unknown_in(
    connection: AsyncConnection, *, team_id: str, channel_id: str, root_ts: str, text: str
) -> sa.Row[*tuple[Any, ...]] | None:
    """The last question of a thread in these words that had no answer."""
    found = await connection.execute(
        sa.select(question)
        .where(
            question.c.team_id == team_id,
            question.c.channel_id == channel_id,
            question.c.root_ts == root_ts,
            question.c.text == text,
            question.c.state == "unknown",
        )
        .order_by(question.c.id.desc())
        .limit(1)
    )
    return found.one_or_none()


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
        .where(question.c.id == question_id, unless_anothers(connection, question))
        .values(
            state=state,
            answer=_ANSWER.dump_json(answer).decode() if answer else None,
            reply_ts=reply_ts,
            due_at=None,
            lease_until=None,
            holder=None,
            finished_at=now,
        )
    )


async def stop(connection: AsyncConnection, team_id: str, channel_id: str, root_ts: str, now: datetime) -> None:
    """Take back the questions of a thread: nobody begins to answer them, and who has begun finds them stopped."""
    await connection.execute(
        sa.update(question)
        .where(
            question.c.team_id == team_id,
            question.c.channel_id == channel_id,
            question.c.root_ts == root_ts,
            question.c.state == "pending",
            question.c.surface != "watch",
        )
        .values(state="stopped", due_at=None, finished_at=now)
    )


async def is_stopped(connection: AsyncConnection, question_id: int) -> bool:
    """Whether somebody pressed Stop meanwhile."""
    found = await connection.execute(sa.select(question.c.state).where(question.c.id == question_id))
    return found.scalar_one_or_none() == "stopped"


async def postpone(connection: AsyncConnection, question_id: int, due_at: datetime) -> None:
    """Try again later."""
    await connection.execute(
        sa.update(question)
        .where(question.c.id == question_id, unless_anothers(connection, question))
        .values(lease_until=None, holder=None, due_at=due_at)
    )
