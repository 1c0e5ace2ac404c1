"""How much is due at each stage, and since when: a queue's age says whether anybody gets to it, its length doesn't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import DeliveryState
from bot.store.tables import article, delivery, feed, question, story
from bot.store.teams import at_rest


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due at one stage.

    Attributes:
        stage: `watch`, `read`, `join`, `tell`, `deliver` or `answer`, as the loops are named.
        items: how many rows are due, those in somebody's hands included.
        oldest_s: for how many seconds the oldest has been due; 0 where nothing is.
    """

    stage: str
    items: int
    oldest_s: float


_STAGES: tuple[tuple[str, sa.Column[Any], Sequence[sa.ColumnElement[bool]]], ...] = (
    ("watch", feed.c.next_poll_at, ()),
    ("read", article.c.due_at, (article.c.stage == "read",)),
    ("join", article.c.due_at, (article.c.stage == "join",)),
    ("tell", story.c.due_at, ()),
    # One that nobody can look up yet is a state to be shown, not work that somebody is late with.
    ("deliver", delivery.c.run_at, (delivery.c.state != DeliveryState.AMBIGUOUS, ~at_rest(delivery.c.team_id))),
    ("answer", question.c.due_at, (question.c.state == "pending", ~at_rest(question.c.team_id))),
)


async def due(connection: AsyncConnection, now: datetime) -> tuple[Queue, ...]:
    """What is due at each stage, in the pipeline's order."""
    found = []
    for stage, moment, where in _STAGES:
        count, oldest = (
            await connection.execute(
                sa.select(sa.func.count(), sa.func.min(moment, type_=moment.type)).where(moment <= now, *where)
            )
        ).one()
        found.append(Queue(stage, int(count), max(0.0, (now - oldest).total_seconds()) if oldest else 0.0))
    return tuple(found)
