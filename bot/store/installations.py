"""Queries about installations: whose token is used where, which is due to be exchanged, and who is installing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.claims import claim, insert_new, next_due, unless_anothers, upsert
from bot.store.tables import installation, intake, oauth_state, team

#: Exchanging a token is one request of at most 20 s.
LEASE = timedelta(minutes=2)

_Row = sa.Row[*tuple[Any, ...]]
_SETTLED = ("token", "refresh_token", "expires_at", "rotate_at", "lease_until", "holder", "attempts", "trouble")


async def save(connection: AsyncConnection, **values: Any) -> None:  # noqa: ANN401  # column values
    """A workspace (or an organisation) has installed the app, or installed it again."""
    row = {"lease_until": None, "holder": None, "attempts": 0, "trouble": None} | values
    await upsert(connection, installation, row, key=("team_id",), update=[name for name in row if name != "team_id"])


async def of_team(
    connection: AsyncConnection, team_id: str | None, enterprise_id: str | None = None, *, org_first: bool = False
) -> _Row | None:
    """The installation whose token is used in a workspace: its own, or its organisation's."""
    of_org = sa.select(team.c.enterprise_id).where(team.c.id == team_id).scalar_subquery()
    c = installation.c
    rows = (
        await connection.execute(
            sa.select(installation).where(
                sa.or_(
                    c.team_id == team_id,
                    sa.and_(c.is_enterprise, sa.or_(c.team_id == enterprise_id, c.team_id == of_org)),
                )
            )
        )
    ).all()
    return min(rows, key=lambda row: bool(row.is_enterprise) is not org_first, default=None)


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[_Row]:
    """Installations whose tokens are to be exchanged now."""
    return await claim(connection, installation, due=installation.c.rotate_at, now=now, lease=LEASE, limit=limit)


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next token is to be exchanged."""
    return await next_due(connection, installation, installation.c.rotate_at)


async def settle(connection: AsyncConnection, row_id: int, **values: Any) -> bool:  # noqa: ANN401  # column values
    """Write down what became of an exchange and let go; False: it was installed anew, or another worker has it."""
    assert set(values) <= set(_SETTLED)
    done = await connection.execute(
        sa.update(installation)
        .where(
            installation.c.id == row_id,
            installation.c.lease_until.is_not(None),
            unless_anothers(connection, installation),
        )
        .values({"lease_until": None, "holder": None} | values)
    )
    return bool(done.rowcount)


async def rotate_now(connection: AsyncConnection, row_id: int, now: datetime) -> None:
    """A token has run out: exchange it at once."""
    await connection.execute(
        sa.update(installation)
        .where(installation.c.id == row_id, installation.c.refresh_token.is_not(None))
        .values(rotate_at=now)
    )


async def remove(connection: AsyncConnection, team_id: str) -> bool:
    """Forget an installation with its tokens; True: it was an organisation's."""
    gone = await connection.execute(
        sa.delete(installation).where(installation.c.team_id == team_id).returning(installation.c.is_enterprise)
    )
    return bool(gone.scalar_one_or_none())


async def all_of(connection: AsyncConnection) -> Sequence[_Row]:
    """Every installation."""
    return (await connection.execute(sa.select(installation).order_by(installation.c.team_id))).all()


async def reseal(connection: AsyncConnection, row_id: int, token: str, refresh_token: str | None, *, was: str) -> bool:
    """Keep the same tokens under another key; False: they were exchanged meanwhile, under the newest key anyway."""
    done = await connection.execute(
        sa.update(installation)
        .where(installation.c.id == row_id, installation.c.token == was)
        .values(token=token, refresh_token=refresh_token)
    )
    return bool(done.rowcount)


async def begin(connection: AsyncConnection, state: str, expires_at: datetime, now: datetime) -> None:
    """Somebody sets out to install; those who never came back are forgotten."""
    await connection.execute(sa.delete(oauth_state).where(oauth_state.c.expires_at < now))
    await connection.execute(sa.insert(oauth_state).values(id=state, expires_at=expires_at))


async def come_back(connection: AsyncConnection, state: str, now: datetime) -> bool:
    """Whether somebody set out with this state, and not too long ago; it counts once."""
    gone = await connection.execute(
        sa.delete(oauth_state).where(oauth_state.c.id == state).returning(oauth_state.c.expires_at)
    )
    expires_at = gone.scalar_one_or_none()
    return expires_at is not None and expires_at >= now


async def is_done(connection: AsyncConnection, request_id: str) -> bool:
    """Whether a request of Slack's was done with before."""
    found = await connection.execute(sa.select(intake.c.id).where(intake.c.id == request_id))
    return found.first() is not None


async def take(connection: AsyncConnection, request_id: str, now: datetime) -> bool:
    """Write a request of Slack's down; False: it is known."""
    return await insert_new(connection, intake, {"id": request_id, "at": now}, key=("id",)) is not None


async def forget_requests(connection: AsyncConnection, before: datetime) -> None:
    """Forget requests that Slack does not send again any more."""
    await connection.execute(sa.delete(intake).where(intake.c.at < before))
