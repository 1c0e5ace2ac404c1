"""Queries about the budget: what the model may still spend today, for each workspace."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import upsert
from bot.store.tables import budget


async def reserve(connection: AsyncConnection, *, team_id: str, day: date, tokens: int, limit: int) -> bool:
    """Take tokens out of a workspace's budget for the day; False: not enough left."""
    await upsert(connection, budget, {"team_id": team_id, "day": day, "used": 0}, key=("team_id", "day"), update=())
    done = await connection.execute(
        sa.update(budget)
        .where(budget.c.team_id == team_id, budget.c.day == day, budget.c.used + tokens <= limit)
        .values(used=budget.c.used + tokens)
    )
    return bool(done.rowcount)


async def correct(connection: AsyncConnection, *, team_id: str, day: date, by: int) -> None:
    """A call took more (or, negative, fewer) tokens than were reserved."""
    await connection.execute(
        sa.update(budget).where(budget.c.team_id == team_id, budget.c.day == day).values(used=budget.c.used + by)
    )


async def used(connection: AsyncConnection, team_id: str, day: date) -> int:
    """Tokens that a workspace has used on a day."""
    found = await connection.execute(sa.select(budget.c.used).where(budget.c.team_id == team_id, budget.c.day == day))
    return int(found.scalar_one_or_none() or 0)
