"""Lanes: one message at a time in a channel, and a pause after each. Slack allows about one a second; facts/slack.md.

A delivery holds its channel's lane from when it is taken up until it is settled, and the pause begins then. A process
that is busy sends late: were the pause counted from when it took the delivery up, the next one could follow at once.
What a process that died had in hand is let go of with its lane (`claims.let_go`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import insert_missing
from bot.store.tables import delivery, lane

SPACING = timedelta(seconds=1.1)

#: The lane of a delivery, in a statement.
ID = delivery.c.team_id + ":" + delivery.c.channel_id

_UNTIL = sa.update(lane).where(lane.c.id == sa.bindparam("which")).values(next_at=sa.bindparam("until"))


def id_of(team_id: str, channel_id: str) -> str:
    """A channel's lane."""
    return f"{team_id}:{channel_id}"


async def take(connection: AsyncConnection, ids: Sequence[str], now: datetime, hold: timedelta) -> frozenset[str]:
    """Take those of these lanes that are free, for `hold` at most; two workers cannot both have one.

    Lanes are made in the order of their names, and one that another worker has in hand is passed over: two workers
    that want the same lanes never wait for each other in a circle, which PostgreSQL would end with an error.
    """
    if not ids:
        return frozenset()
    await insert_missing(connection, lane, [{"id": each, "next_at": now} for each in sorted(ids)], key=("id",))
    free = (
        await connection.execute(
            sa.select(lane.c.id).where(lane.c.id.in_(ids), lane.c.next_at <= now).with_for_update(skip_locked=True)
        )
    ).scalars()
    taken = frozenset(free)
    await connection.execute(sa.update(lane).where(lane.c.id.in_(taken)).values(next_at=now + hold))
    return taken


async def hold(connection: AsyncConnection, lane_id: str, until: datetime) -> None:
    """Whoever has a lane needs it for longer."""
    await connection.execute(_UNTIL, {"which": lane_id, "until": until})


async def free(connection: AsyncConnection, lane_id: str, now: datetime, until: datetime | None = None) -> None:
    """A lane's delivery is settled: the next one may go after the pause, or not before Slack allows it (`until`)."""
    await connection.execute(_UNTIL, {"which": lane_id, "until": max(now + SPACING, until or now)})
