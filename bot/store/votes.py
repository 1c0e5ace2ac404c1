"""Queries about what people said of answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import upsert
from bot.store.tables import feedback, question

ANSWER = "question:"
"""What the subject of a vote on an answer begins with; its question's id follows."""


async def save(
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


async def on_answers(connection: AsyncConnection, team_id: str, limit: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """A workspace's answers that were voted on, the last vote first.

    Rows with the question's columns and `up`, `down`, `voted_at`, and `before`: how many questions with an answer stood
    in its thread already.
    """
    votes = (
        sa.select(
            feedback.c.subject,
            sa.func.count().filter(feedback.c.verdict == "up").label("up"),
            sa.func.count().filter(feedback.c.verdict == "down").label("down"),
            sa.func.max(feedback.c.at, type_=feedback.c.at.type).label("voted_at"),
        )
        .where(feedback.c.team_id == team_id, feedback.c.subject.startswith(ANSWER))
        .group_by(feedback.c.subject)
        .subquery()
    )
    earlier = question.alias("earlier")
    before = (
        sa.select(sa.func.count())
        .where(
            earlier.c.team_id == question.c.team_id,
            earlier.c.channel_id == question.c.channel_id,
            earlier.c.root_ts == question.c.root_ts,
            earlier.c.id < question.c.id,
            earlier.c.answer.is_not(None),
        )
        .correlate(question)
        .scalar_subquery()
    )
    rows = await connection.execute(
        sa.select(question, votes.c.up, votes.c.down, votes.c.voted_at, before.label("before"))
        .join(votes, votes.c.subject == sa.literal(ANSWER) + sa.cast(question.c.id, sa.String))
        .where(question.c.team_id == team_id, question.c.answer.is_not(None))
        .order_by(votes.c.voted_at.desc(), question.c.id.desc())
        .limit(limit)
    )
    return rows.all()
