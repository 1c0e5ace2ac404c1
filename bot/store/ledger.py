"""Queries about the bot itself: heartbeats of its loops, and what the model may still spend today."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import upsert
from bot.store.tables import budget, heartbeat


async def beat(connection: AsyncConnection, name: str, now: datetime, detail: str | None = None) -> None:
    """A loop is alive."""
    await upsert(
        connection, heartbeat, {"name": name, "at": now, "detail": detail}, key=("name",), update=("at", "detail")
    )


async def beats(connection: AsyncConnection) -> dict[str, datetime]:
    """When each loop was last alive."""
    rows = await connection.execute(sa.select(heartbeat.c.name, heartbeat.c.at))
    return {row[0]: row[1] for row in rows}


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
