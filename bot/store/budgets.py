"""Queries about the budget: what the model has used today, and what it may still use, for each workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import upsert
from bot.store.tables import budget


async def reserve(
    connection: AsyncConnection,
    *,
    team_id: str,
    now: datetime,
    tokens: int,
    micros: int,
    most_tokens: int,
    most_micros: int | None,
) -> bool:
    """Take tokens and money (millionths of a US dollar) out of a workspace's day (UTC); False: not enough left of one.

    Without `most_micros` money is counted and not limited. The first refusal of a day is kept with its time.
    """
    day = now.date()
    await upsert(connection, budget, {"team_id": team_id, "day": day}, key=("team_id", "day"), update=())
    fits = [budget.c.used + tokens <= most_tokens]
    if most_micros is not None:
        fits.append(budget.c.micros + micros <= most_micros)
    done = await connection.execute(
        sa.update(budget)
        .where(budget.c.team_id == team_id, budget.c.day == day, *fits)
        .values(used=budget.c.used + tokens, micros=budget.c.micros + micros)
    )
    if not done.rowcount:
        refused = sa.update(budget).where(
            budget.c.team_id == team_id, budget.c.day == day, budget.c.stopped_at.is_(None)
        )
        await connection.execute(refused.values(stopped_at=now))
    return bool(done.rowcount)


async def correct(connection: AsyncConnection, *, team_id: str, day: date, tokens: int, micros: int) -> None:
    """A call took more (or, negative, less) than was reserved for it on that day."""
    await connection.execute(
        sa.update(budget)
        .where(budget.c.team_id == team_id, budget.c.day == day)
        .values(used=budget.c.used + tokens, micros=budget.c.micros + micros)
    )


@dataclass(frozen=True, slots=True)
class Used:
    """What a workspace has used on a day.

    Attributes:
        tokens: read and written.
        micros: millionths of a US dollar.
        stopped_at: when a call was refused first, because the day did not hold it any more.
    """

    tokens: int = 0
    micros: int = 0
    stopped_at: datetime | None = None


async def used(connection: AsyncConnection, team_id: str, day: date) -> Used:
    """What a workspace has used on a day."""
    c = budget.c
    found = await connection.execute(
        sa.select(c.used, c.micros, c.stopped_at).where(c.team_id == team_id, c.day == day)
    )
    row = found.one_or_none()
    return Used(row.used, row.micros, row.stopped_at) if row is not None else Used()
