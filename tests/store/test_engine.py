from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import SettingsError
from bot.store import Database, channels, sqlite
from bot.store.tables import metadata, team

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def test_migrations_make_the_tables_that_the_code_uses(db: Database) -> None:
    """The migrated schema and `tables.metadata` are the same on both engines, apart from the word index."""

    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, _kind, _parents: "passage_words" not in (name or "")}
        )
        found = compare_metadata(context, metadata)
        return [item for item in found if "words" not in str(item)]

    async with db.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    """A second start finds everything in place."""
    await db.migrate()
    assert await db.is_migrated()


async def test_an_empty_database_is_not_migrated(database_url: str) -> None:
    """`is_migrated` tells a database without tables apart, so that `web` and `worker` can refuse to start on it."""
    database = Database(database_url)
    try:
        assert not await database.is_migrated()
    finally:
        await database.close()


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Questions and feeds' addresses are nobody else's on a shared machine; SQLite's journals take the file's mode."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'one' / 'test.db'}")
    await database.migrate()
    async with database.write() as connection:
        await connection.execute(sa.text("SELECT 1"))
        modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "one").iterdir()}
    await database.close()
    assert modes == dict.fromkeys(modes, 0)
    assert "test.db-wal" in modes


async def test_a_statement_takes_one_trip_to_the_thread_of_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading, writing and writing many at once: one trip each, with the rows and how many were changed."""
    trips: list[str] = []
    in_thread = sqlite.Connection.in_thread

    async def counted(connection: sqlite.Connection, work: Callable[..., Any], *args: object) -> object:
        trips.append(str(args[0]))
        return await in_thread(connection, work, *args)

    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setattr(sqlite.Connection, "in_thread", counted)
    try:
        async with database.write() as connection:
            await connection.execute(sa.text("CREATE TABLE t (n INTEGER)"))
            trips.clear()
            await connection.execute(sa.text("INSERT INTO t VALUES (:n)"), [{"n": 1}, {"n": 2}, {"n": 3}])
            changed = await connection.execute(sa.text("UPDATE t SET n = n + 1 WHERE n > 1"))
            found = await connection.execute(sa.text("SELECT n FROM t ORDER BY n"))
            assert changed.rowcount == 2
            assert found.scalars().all() == [1, 3, 4]
            assert [trip.split()[0] for trip in trips] == ["INSERT", "UPDATE", "SELECT"]
    finally:
        await database.close()


async def test_times_come_back_aware_and_in_utc(db: Database) -> None:
    """A time written with another zone is the same moment when it is read, in UTC."""
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=there)
    async with db.read() as connection:
        found = (await connection.execute(sa.select(team.c.created_at))).scalar_one()
    assert found == NOW
    assert found.utcoffset() == timedelta(0)


async def test_naive_times_are_refused(db: Database) -> None:
    """A time without a zone is a mistake of ours, not something to guess at."""
    with pytest.raises(sa.exc.StatementError, match="aware"):
        async with db.write() as connection:
            await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=datetime(2026, 1, 1))  # noqa: DTZ001


async def test_what_fails_in_the_middle_leaves_nothing_behind(db: Database) -> None:
    """`write()` commits all or nothing."""

    async def fail() -> None:
        async with db.write() as connection:
            await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with db.read() as connection:
        assert await channels.teams(connection) == ()


def test_other_databases_are_refused_with_a_sentence() -> None:
    """MySQL is not supported, and the error says what is."""
    with pytest.raises(SettingsError, match="SQLite and PostgreSQL"):
        Database("mysql://localhost/x")


async def test_closing_waits_for_what_is_cut_off_in_the_middle(tmp_path: Path) -> None:
    """A statement of a connection that was given up goes on in its thread: `close` waits until it has ended."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'slow.db'}")
    may_end = threading.Event()
    given_up = await sqlite.connected(str(tmp_path / "slow.db"))
    db._threads.add(given_up._thread)
    working = asyncio.create_task(given_up.in_thread(lambda _connection: may_end.wait(60)))
    await asyncio.sleep(0)
    given_up.stop()  # as SQLAlchemy does with what it cannot close
    working.cancel()
    closing = asyncio.create_task(db.close())
    done, _ = await asyncio.wait({closing}, timeout=0.2)
    may_end.set()
    assert not done
    await closing
    assert not given_up._thread.is_alive()
