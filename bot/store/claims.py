"""Taking work: rows whose time has come and that nobody holds, each held by a lease until it is done or given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import article, delivery, feed, installation, lane, question, story, worker

#: A request of a process that is gone may still be on its way into Slack: look there only after this.
SETTLING = timedelta(seconds=5)

#: What carries a lease.
LEASED = (feed, article, story, delivery, question, installation)


def holder_of(connection: AsyncConnection) -> str:
    """The process that this connection belongs to, as `Database` names it."""
    name: str = connection.engine.get_execution_options()["holder"]
    return name


async def claim(
    connection: AsyncConnection,
    table: sa.Table,
    *,
    due: sa.Column[Any],
    now: datetime,
    lease: timedelta,
    limit: int,
    where: Sequence[sa.ColumnElement[bool]] = (),
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Take up to `limit` due rows of `table`, earliest first, and hold them for `lease`.

    Two workers never get the same row: PostgreSQL skips locked ones, SQLite has one writer at a time. The lease is
    for a worker that hangs; what a dead one held is let go of much sooner (`workers.release_dead`).
    A table with an `attempts` column has it counted up. The rows come back as they were before.
    """
    taking, holding = _claiming(table, due, tuple(where))
    rows = (await connection.execute(taking, {"moment": now, "many": limit})).all()
    if rows:
        held = {"ids": [row.id for row in rows], "until": now + lease, "by": holder_of(connection)}
        await connection.execute(holding, held)
    return rows


# Making a statement and the key under which its SQL is kept takes as long as SQLite takes to run it. So statements that
# run for every article, post or poll are made once, here and in the other modules of queries.
@lru_cache(maxsize=64)
def _claiming(
    table: sa.Table, due: sa.Column[Any], where: tuple[sa.ColumnElement[bool], ...]
) -> tuple[sa.Select[*tuple[Any, ...]], sa.Update]:
    """Selects due rows (`moment`, `many`), and holds those (`ids`, `until`, `by`)."""
    moment = sa.bindparam("moment", type_=due.type)
    taking = (
        sa.select(table)
        .where(due <= moment, sa.or_(table.c.lease_until.is_(None), table.c.lease_until < moment), *where)
        .order_by(due, table.c.id)
        .limit(sa.bindparam("many", type_=sa.Integer))
        .with_for_update(skip_locked=True, of=table)
    )
    values: dict[str, Any] = {"lease_until": sa.bindparam("until"), "holder": sa.bindparam("by")}
    if "attempts" in table.c:
        values["attempts"] = table.c.attempts + 1
    return taking, sa.update(table).where(table.c.id.in_(sa.bindparam("ids", expanding=True))).values(values)


async def keep(connection: AsyncConnection, table: sa.Table, row_id: int, *, now: datetime, lease: timedelta) -> bool:
    """Hold a claimed row for another `lease`; False: it is not ours any more, so leave it alone.

    To be asked before anything that cannot be taken back, when some time has passed since the claim: this process may
    have been asleep or cut off, and another one has the row now.
    """
    kept = await connection.execute(
        sa.update(table)
        .where(table.c.id == row_id, table.c.holder == holder_of(connection), table.c.lease_until.is_not(None))
        .values(lease_until=now + lease)
    )
    return bool(kept.rowcount)


def unless_anothers(connection: AsyncConnection, table: sa.Table) -> sa.ColumnElement[bool]:
    """A condition for settling: a worker that woke up late overwrites nothing that another one has in hand."""
    return sa.or_(table.c.holder.is_(None), table.c.holder == holder_of(connection))


async def next_due(
    connection: AsyncConnection, table: sa.Table, due: sa.Column[Any], where: Sequence[sa.ColumnElement[bool]] = ()
) -> datetime | None:
    """When the next row comes due, held or not; None: there is none."""
    moment = sa.case(
        (sa.and_(table.c.lease_until.is_not(None), table.c.lease_until > due), table.c.lease_until), else_=due
    )
    found: datetime | None = (
        await connection.execute(sa.select(sa.func.min(moment, type_=due.type)).where(due.is_not(None), *where))
    ).scalar_one_or_none()
    return found


async def upsert(
    connection: AsyncConnection, table: sa.Table, values: dict[str, Any], *, key: Sequence[str], update: Sequence[str]
) -> None:
    """Insert a row, or change `update`'s columns of the one that has the same `key`; nothing to update: leave it."""
    statement = _inserting(connection.dialect.name, table, tuple(key), tuple(update))
    if any(isinstance(value, sa.ClauseElement) for value in values.values()):  # such as the database's own clock
        await connection.execute(statement.values(values))
    else:
        await connection.execute(statement, values)


async def insert_new(
    connection: AsyncConnection, table: sa.Table, values: dict[str, Any], *, key: Sequence[str]
) -> int | None:
    """Insert a row unless one with the same `key` exists; the new id, or None."""
    statement = _inserting(connection.dialect.name, table, tuple(key), (), (table.c.id,))
    made: int | None = (await connection.execute(statement, values)).scalar_one_or_none()
    return made


async def insert_new_all(
    connection: AsyncConnection,
    table: sa.Table,
    rows: Sequence[dict[str, Any]],
    *,
    key: Sequence[str],
    told: Sequence[sa.Column[Any]],
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Insert rows unless one with the same `key` exists; the columns `told` of those that were inserted."""
    if not rows:
        return ()
    statement = _inserting(connection.dialect.name, table, tuple(key), (), tuple(told))
    return (await connection.execute(statement, list(rows))).all()


async def insert_missing(
    connection: AsyncConnection, table: sa.Table, rows: Sequence[dict[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows unless one with the same `key` exists. Cheaper than `insert_new_all`, as nothing is told."""
    if rows:
        await connection.execute(_inserting(connection.dialect.name, table, tuple(key), ()), list(rows))


@cache
def _inserting(
    dialect: str,
    table: sa.Table,
    key: tuple[str, ...],
    update: tuple[str, ...],
    told: tuple[sa.Column[Any], ...] = (),
) -> sa.Insert | sa.sql.dml.ReturningInsert[*tuple[Any, ...]]:
    """Inserts rows, or changes `update` of those whose `key` is there; tells columns of what was inserted."""
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    if update:
        # Named by hand: `statement.excluded` copies all of the table's columns, which takes long for a wide one.
        statement = statement.on_conflict_do_update(
            index_elements=list(key), set_={name: sa.literal_column(f"excluded.{name}") for name in update}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    return statement.returning(*told) if told else statement


async def one_at_a_time(connection: AsyncConnection, name: str) -> None:
    """Let other processes wait until this transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"tapeout:{name}"))))


async def release_all(connection: AsyncConnection, now: datetime) -> int:
    """Let go of everything that a process that is gone had in hand; only where there can be no other process."""
    await connection.execute(sa.delete(worker))
    return await let_go(connection, None, now)


async def let_go(connection: AsyncConnection, holders: Sequence[str] | None, now: datetime) -> int:
    """Let go of what these processes (None: all) had in hand; how many rows.

    What may have been on its way into Slack is looked for there, but not before it can have arrived; until then nothing
    else goes to that channel.
    """
    freed, then = 0, now + SETTLING
    for table in LEASED:
        held = table.c.lease_until.is_not(None)
        where = held if holders is None else sa.and_(held, table.c.holder.in_(holders))
        values: dict[str, Any] = {"lease_until": None, "holder": None}
        if table in (delivery, question):
            due = delivery.c.run_at if table is delivery else question.c.due_at
            values[due.name] = sa.case((due < then, then), else_=due)
        letting_go = sa.update(table).where(where).values(values)
        if table is delivery:
            rows = (await connection.execute(letting_go.returning(delivery.c.team_id, delivery.c.channel_id))).all()
            lanes = [f"{row.team_id}:{row.channel_id}" for row in rows]
            await connection.execute(sa.update(lane).where(lane.c.id.in_(lanes)).values(next_at=then))
            freed += len(rows)
        else:
            freed += (await connection.execute(letting_go)).rowcount
    return freed
