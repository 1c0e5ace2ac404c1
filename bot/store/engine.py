"""Connections: the same code on SQLite (one process, nothing to set up) and PostgreSQL (many processes)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingsError
from bot.store import migrate

#: How long SQLite waits for another process's lock before it gives up, in milliseconds.
SQLITE_BUSY_MS = 10_000


class Database:
    """The database; `read()` and `write()` give a connection with a transaction around it.

    On SQLite there is one writer: `write()` takes its turn and starts with BEGIN IMMEDIATE, so that what it reads
    cannot change under it. On PostgreSQL both come from one bounded pool.
    """

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self._url = sa.make_url(url)
        self.dialect = self._url.get_backend_name()
        #: Who we are in the store: leases are held under this name.
        self.worker_id = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
        options = {"holder": self.worker_id}
        if self.dialect == "sqlite":
            if self._url.database and self._url.database != ":memory:":
                _make_private(Path(self._url.database))
            self._writer = _sqlite_engine(self._url, begin="BEGIN IMMEDIATE", size=1, options=options)
            self._reader = _sqlite_engine(self._url, begin="BEGIN", size=4, options=options)
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
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are committed together at the end, or not at all."""
        async with self._writer.begin() as connection:
            yield connection

    async def migrate(self) -> None:
        """Bring the tables to the newest revision (forwards only)."""
        async with self._writer.connect() as connection:
            await connection.run_sync(migrate.upgrade)
            await connection.commit()

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
        await asyncio.sleep(0)  # lets the driver's closing callbacks run before the loop ends


def _make_private(path: Path) -> None:
    """Make the file before SQLite does: questions and feeds' addresses are for the bot's own user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _sqlite_engine(url: sa.URL, *, begin: str, size: int, options: dict[str, str]) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, execution_options=options)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection
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
