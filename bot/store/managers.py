"""Queries about who may change what, and who changed what. Each names the team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Change, Manager
from bot.store.claims import insert_new_all
from bot.store.tables import audit, channel, manager


async def of_team(connection: AsyncConnection, team_id: str) -> tuple[Manager, ...]:
    """Whom a workspace's admins have named: for all of it first, then by channel."""
    c = manager.c
    rows = await connection.execute(
        sa.select(c.subject, c.channel_id, c.created_by)
        .where(c.team_id == team_id)
        .order_by(c.channel_id, c.created_at, c.subject)
    )
    return tuple(Manager(row.subject, row.channel_id or None, row.created_by) for row in rows)


async def add(
    connection: AsyncConnection, *, team_id: str, channel_id: str | None, subject: str, created_by: str, now: datetime
) -> bool:
    """Let a person or a group change a channel, or (None) all of the workspace. False: they could already."""
    values = {
        "team_id": team_id,
        "channel_id": channel_id or "",
        "subject": subject,
        "created_by": created_by,
        "created_at": now,
    }
    key = ("team_id", "channel_id", "subject")
    return bool(await insert_new_all(connection, manager, [values], key=key, told=(manager.c.subject,)))


async def remove(connection: AsyncConnection, team_id: str, channel_id: str | None, subject: str) -> bool:
    """Take that back. False: there was nothing to take back."""
    c = manager.c
    done = await connection.execute(
        sa.delete(manager).where(c.team_id == team_id, c.channel_id == (channel_id or ""), c.subject == subject)
    )
    return bool(done.rowcount)


def _as_change(row: sa.Row[*tuple[Any, ...]]) -> Change:
    return Change(row.id, row.actor, row.action, row.channel_id, dict(row.detail), row.at, row.undone_at)


async def changes(
    connection: AsyncConnection, team_id: str, *, channel_id: str | None, limit: int, before: int | None = None
) -> tuple[Change, ...]:
    """The last changes in a channel, or (None) in the workspace, newest first."""
    c = audit.c
    wanted = sa.select(audit).where(c.team_id == team_id).order_by(c.id.desc()).limit(limit)
    if channel_id is not None:
        wanted = wanted.where(c.channel_id == channel_id)
    if before is not None:
        wanted = wanted.where(c.id < before)
    return tuple(_as_change(row) for row in await connection.execute(wanted))


async def last_change(connection: AsyncConnection, team_id: str, channel_id: str, actor: str) -> Change | None:
    """What someone changed last in a channel."""
    c = audit.c
    row = (
        await connection.execute(
            sa.select(audit)
            .where(c.team_id == team_id, c.channel_id == channel_id, c.actor == actor)
            .order_by(c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return _as_change(row) if row else None


async def change(connection: AsyncConnection, team_id: str, change_id: int) -> Change | None:
    """One change of this workspace."""
    row = (
        await connection.execute(sa.select(audit).where(audit.c.team_id == team_id, audit.c.id == change_id))
    ).one_or_none()
    return _as_change(row) if row else None


async def undone(connection: AsyncConnection, team_id: str, change_id: int, now: datetime) -> bool:
    """Note that a change is taken back. False: somebody was quicker."""
    c = audit.c
    done = await connection.execute(
        sa.update(audit).where(c.team_id == team_id, c.id == change_id, c.undone_at.is_(None)).values(undone_at=now)
    )
    return bool(done.rowcount)


async def set_private(connection: AsyncConnection, team_id: str, channel_id: str, *, is_private: bool) -> None:
    """Keep whether a channel is private, as Slack says."""
    await connection.execute(
        sa.update(channel)
        .where(channel.c.team_id == team_id, channel.c.channel_id == channel_id)
        .values(is_private=is_private)
    )
