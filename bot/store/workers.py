"""Which processes are at work. Each shows every few seconds that it lives; what a dead one held is let go of.

Leases alone would do, but a lease must outlast the slowest work (a streamed answer: six minutes), and nobody whose
question was in a killed process's hands should wait that long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import holder_of, let_go, upsert
from bot.store.tables import UtcDateTime, worker

#: How often a worker shows that it lives.
BEAT = timedelta(seconds=5)
#: A worker that has not shown itself for so long is dead: four beats, and more than a busy event loop ever stands
#: still. One that was only asleep finds out before it sends anything (`claims.keep`).
DEAD_AFTER = timedelta(seconds=20)


async def beat(connection: AsyncConnection, now: datetime) -> bool:
    """Show that this process lives. False: it was not known, because it is new, or was taken for dead."""
    me, moment = holder_of(connection), _now(connection, now)
    known = await connection.execute(sa.update(worker).where(worker.c.id == me).values(beat_at=moment))
    if not known.rowcount:
        await upsert(connection, worker, {"id": me, "beat_at": moment}, key=("id",), update=("beat_at",))
    return bool(known.rowcount)


async def release_dead(connection: AsyncConnection, now: datetime) -> tuple[tuple[str, ...], int]:
    """Let go of what dead workers held; (those workers, how many rows)."""
    silent = (
        sa.select(worker.c.id)
        .where(worker.c.beat_at < _now(connection, now, DEAD_AFTER), worker.c.id != holder_of(connection))
        .with_for_update(skip_locked=True)
    )
    dead = tuple((await connection.execute(silent)).scalars())
    if not dead:
        return (), 0
    freed = await let_go(connection, dead, now)
    await connection.execute(sa.delete(worker).where(worker.c.id.in_(dead)))
    return dead, freed


async def alive(connection: AsyncConnection, now: datetime) -> int:
    """How many processes have shown themselves lately."""
    lately = worker.c.beat_at >= _now(connection, now, DEAD_AFTER)
    return int((await connection.execute(sa.select(sa.func.count()).where(lately))).scalar_one())


async def leave(connection: AsyncConnection, now: datetime) -> int:
    """This process ends: let go of what it could not finish; how many rows."""
    me = holder_of(connection)
    await connection.execute(sa.delete(worker).where(worker.c.id == me))
    return await let_go(connection, (me,), now)


def _now(connection: AsyncConnection, now: datetime, before: timedelta = timedelta(0)) -> sa.ColumnElement[Any]:
    """The database's own time where many machines share it; their clocks may differ by more than a worker's beat."""
    if connection.dialect.name == "postgresql":
        return sa.func.clock_timestamp(type_=UtcDateTime()) - sa.literal(before, sa.Interval())
    return sa.literal(now - before, UtcDateTime())
