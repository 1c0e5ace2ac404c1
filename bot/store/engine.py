"""Connections: the same code on SQLite (one process, nothing to set up) and PostgreSQL (many processes)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import threading
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import tenancy
from bot.errors import SettingsError
from bot.store import migrate, policies, sqlite

#: How long SQLite waits for another process's lock before it gives up, in milliseconds.
SQLITE_BUSY_MS = 10_000
#: How long a migration waits for a table that others use, before it lets them pass and tries again. Whoever comes
#: after it waits behind it, so this is also the longest that the bot stands still.
LOCK_TIMEOUT = "5s"
LOCK_TRIES = 12
#: How long closing waits for a statement of SQLite's that is still running, in seconds.
CLOSE_WITHIN_S = 10.0


class Database:
    """The database; `read()` and `write()` give a connection with a transaction around it.

    On SQLite there is one writer: `write()` takes its turn and starts with BEGIN IMMEDIATE, so that what it reads
    cannot change under it. On PostgreSQL both come from one bounded pool, and see only the rows of the workspace that
    the work at hand is for (`bot.tenancy`).

    Args:
        url: as SQLAlchemy takes it.
        pool_size: on PostgreSQL, the most connections that this process holds.
    """

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self._url = sa.make_url(url)
        self.dialect = self._url.get_backend_name()
        #: Who we are in the store: leases are held under this name.
        self.worker_id = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
        options = {"holder": self.worker_id}
        #: The threads of SQLite's connections: each has one.
        self._threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        if self.dialect == "sqlite":
            if self._url.database and self._url.database != ":memory:":
                _make_private(Path(self._url.database))
            self._writer = self._sqlite_engine(begin="BEGIN IMMEDIATE", size=1, options=options)
            self._reader = self._sqlite_engine(begin="BEGIN", size=4, options=options)
        elif self.dialect == "postgresql":
            # A transaction pooler hands each transaction another server connection: no prepared statements.
            self._writer = self._reader = create_async_engine(
                self._url,
                pool_size=pool_size,
                max_overflow=0,
                pool_pre_ping=True,
                connect_args={"prepare_threshold": None},
                execution_options=options,
            )
        else:
            raise SettingsError("DATABASE_URL: only SQLite and PostgreSQL are supported")

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading; nothing written through it is kept."""
        async with self._reader.connect() as connection:
            await self._confine(connection)
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are committed together at the end, or not at all."""
        async with self._writer.begin() as connection:
            await self._confine(connection)
            yield connection

    async def _confine(self, connection: AsyncConnection) -> None:
        team_id = tenancy.current()
        if team_id is not None and self.dialect == "postgresql":
            await connection.exec_driver_sql(policies.CONFINE, (team_id,))

    async def migrate(self) -> None:
        """Bring the tables to the newest revision (forwards only); of several that try, one does it.

        Raises:
            SettingsError: other processes hold a table for longer than a minute.
        """
        for _ in range(LOCK_TRIES):
            try:
                await self._migrate()
            except sa.exc.OperationalError as error:
                if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                    raise
            else:
                return
        raise SettingsError("Some process holds a table, so it cannot be migrated now. Run `tapeout release` again.")

    async def _migrate(self) -> None:
        with tenancy.within(tenancy.EVERYONE):  # a migration may move everybody's rows
            async with self._writer.connect() as connection:
                await self._confine(connection)
                if self.dialect == "postgresql":
                    await connection.execute(
                        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("tapeout:migrate")))
                    )
                    await connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
                await connection.run_sync(migrate.upgrade)
                if self.dialect == "postgresql":
                    await connection.run_sync(policies.apply)
                await connection.commit()

    async def sees_everything(self) -> bool:
        """Whether this role passes by row-level security: a superuser of PostgreSQL; always on SQLite."""
        if self.dialect != "postgresql":
            return True
        async with self.read() as connection:
            return bool((await connection.execute(policies.is_bypassed())).scalar_one())

    async def is_migrated(self) -> bool:
        """Whether the tables are at the newest revision."""
        async with self.read() as connection:
            return await connection.run_sync(migrate.is_current)

    async def ping(self) -> None:
        """Ask for nothing, to see that the database answers."""
        async with self.read() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def close(self) -> None:
        """Give all connections back."""
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()
        # What was cancelled in the middle of a statement is still being closed in its thread, which tells this loop.
        ends = [asyncio.to_thread(thread.join, CLOSE_WITHIN_S) for thread in self._threads]
        await asyncio.gather(*ends)

    def _sqlite_engine(self, *, begin: str, size: int, options: dict[str, str]) -> AsyncEngine:
        engine = create_async_engine(self._url, pool_size=size, max_overflow=0, execution_options=options)

        @sa.event.listens_for(engine.sync_engine, "do_connect")
        def _open(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> None:
            options["async_creator_fn"] = sqlite.connected

        @sa.event.listens_for(engine.sync_engine, "connect")
        def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection
            # aiosqlite keeps its thread to itself, and offers no other way to wait for it.
            self._threads.add(connection.driver_connection._thread)  # noqa: SLF001
            connection.isolation_level = None  # BEGIN is ours, below
            cursor = connection.cursor()
            for pragma in (
                "journal_mode=WAL",
                "synchronous=NORMAL",
                f"busy_timeout={SQLITE_BUSY_MS}",
                "foreign_keys=ON",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @sa.event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine


def _make_private(path: Path) -> None:
    """Make the file before SQLite does: questions and feeds' addresses are for the bot's own user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
