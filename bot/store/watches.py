"""Queries about watches: questions without an answer that somebody wants to hear of again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import insert_new
from bot.store.tables import article, watch

#: Nobody waits longer for an answer.
LIFE = timedelta(days=30)


async def add(
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    root_ts: str,
    user_id: str,
    text: str,
    story_id: int | None,
    now: datetime,
) -> int | None:
    """Begin a watch for what is read from now on; None: this thread watches for it already."""
    waiting = sa.select(sa.func.min(article.c.id) - 1).where(article.c.stage.in_(("read", "join")))
    newest = sa.select(sa.func.coalesce(sa.func.max(article.c.id), 0))
    after = await connection.execute(sa.select(sa.func.coalesce(waiting.scalar_subquery(), newest.scalar_subquery())))
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "root_ts": root_ts,
        "user_id": user_id,
        "text": text,
        "story_id": story_id,
        "state": "open",
        "after_id": after.scalar_one(),
        "created_at": now,
    }
    return await insert_new(connection, watch, values, key=("team_id", "channel_id", "root_ts", "text"))


async def count_open(connection: AsyncConnection, team_id: str, user_id: str) -> int:
    """How many watches somebody has open."""
    found = await connection.execute(
        sa.select(sa.func.count()).where(
            watch.c.team_id == team_id, watch.c.user_id == user_id, watch.c.state.in_(("open", "due"))
        )
    )
    return int(found.scalar_one())


async def open_ones(
    connection: AsyncConnection, now: datetime, limit: int = 1000
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """All watches that wait, the longest waiting first."""
    rows = await connection.execute(
        sa.select(watch)
        .where(watch.c.state == "open", watch.c.created_at > now - LIFE)
        .order_by(watch.c.id)
        .limit(limit)
    )
    return rows.all()


async def read_since(
    connection: AsyncConnection, after_id: int, known: Collection[int], limit: int = 200
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(id, title, text, summary) of articles after one that can be searched and are not `known` yet, oldest first."""
    ids = (
        await connection.execute(
            sa.select(article.c.id).where(article.c.id > after_id, article.c.stage == "done").order_by(article.c.id)
        )
    ).scalars()
    new = [number for number in ids if number not in known][:limit]
    if not new:
        return ()
    columns = (article.c.id, article.c.title, article.c.text, article.c.summary)
    return (await connection.execute(sa.select(*columns).where(article.c.id.in_(new)).order_by(article.c.id))).all()


async def settle(
    connection: AsyncConnection, watch_id: int, *, state: str, now: datetime, was: Collection[str] = ("open", "due")
) -> bool:
    """A watch is in another state now; False: it was not in one of `was`, so somebody else came first."""
    done = await connection.execute(
        sa.update(watch)
        .where(watch.c.id == watch_id, watch.c.state.in_(was))
        .values(state=state, ended_at=now if state in {"told", "ended"} else None)
        .returning(watch.c.id)
    )
    return done.one_or_none() is not None
