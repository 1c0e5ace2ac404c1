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
    """Begin a watch for what is read from now on; None: this thread watches for it already, or was told."""
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
    key = ("team_id", "channel_id", "root_ts", "text")
    made = await insert_new(connection, watch, values, key=key)
    if made is not None:
        return made
    again = await connection.execute(  # it was stopped, or nobody looks any more
        sa.update(watch)
        .where(
            *(watch.c[name] == values[name] for name in key),
            sa.or_(watch.c.state == "ended", sa.and_(watch.c.state == "open", watch.c.created_at <= now - LIFE)),
        )
        .values(**{name: values[name] for name in ("user_id", "state", "after_id", "created_at")}, ended_at=None)
        .returning(watch.c.id)
    )
    number: int | None = again.scalar_one_or_none()
    return number


async def state_of(
    connection: AsyncConnection, now: datetime, *, team_id: str, channel_id: str, root_ts: str, text: str
) -> str | None:
    """A thread's watch for a question: its state, `ended` where its time is over; None: there is none."""
    row = (
        await connection.execute(
            sa.select(watch.c.state, watch.c.created_at).where(
                watch.c.team_id == team_id,
                watch.c.channel_id == channel_id,
                watch.c.root_ts == root_ts,
                watch.c.text == text,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return "ended" if row.state == "open" and row.created_at <= now - LIFE else str(row.state)


async def end(
    connection: AsyncConnection, now: datetime, *, team_id: str, channel_id: str, root_ts: str, text: str
) -> bool:
    """Look no more for the answer to a thread's question; False: nobody did."""
    done = await connection.execute(
        sa.update(watch)
        .where(
            watch.c.team_id == team_id,
            watch.c.channel_id == channel_id,
            watch.c.root_ts == root_ts,
            watch.c.text == text,
            watch.c.state == "open",
        )
        .values(state="ended", ended_at=now)
        .returning(watch.c.id)
    )
    return done.one_or_none() is not None


async def count_open(connection: AsyncConnection, team_id: str, user_id: str, now: datetime) -> int:
    """How many watches somebody has open that are still looked for."""
    found = await connection.execute(
        sa.select(sa.func.count()).where(
            watch.c.team_id == team_id,
            watch.c.user_id == user_id,
            watch.c.state.in_(("open", "due")),
            watch.c.created_at > now - LIFE,
        )
    )
    return int(found.scalar_one())


async def listed(
    connection: AsyncConnection, team_id: str, now: datetime, *, channel_id: str | None = None, limit: int = 200
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """A workspace's watches that are still looked for, of one channel or of all, the oldest first."""
    here = (watch.c.channel_id == channel_id,) if channel_id is not None else ()
    rows = await connection.execute(
        sa.select(watch)
        .where(watch.c.team_id == team_id, watch.c.state.in_(("open", "due")), watch.c.created_at > now - LIFE, *here)
        .order_by(watch.c.id)
        .limit(limit)
    )
    return rows.all()


async def end_one(
    connection: AsyncConnection, now: datetime, *, team_id: str, watch_id: int
) -> sa.Row[*tuple[Any, ...]] | None:
    """Look no more for one; None: nobody did any more."""
    done = await connection.execute(
        sa.update(watch)
        .where(watch.c.team_id == team_id, watch.c.id == watch_id, watch.c.state.in_(("open", "due")))
        .values(state="ended", ended_at=now)
        .returning(watch)
    )
    found: sa.Row[*tuple[Any, ...]] | None = done.one_or_none()
    return found


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
