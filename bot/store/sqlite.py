"""SQLite's connection with one trip to its thread for each statement.

aiosqlite runs every call of a cursor in the connection's thread: making it, executing, fetching, closing. Each trip is
a task for the loop, a wake-up of the thread and one back, together as dear as a small statement itself. All rows of a
statement are fetched anyway, so here executing does all four.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import aiosqlite

_Parameters = Sequence[Any]
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Cursor:
    """What SQLAlchemy asks of a driver's cursor; it holds no cursor of SQLite's between two calls."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: _Parameters = ()) -> Self:
        """Run a statement and fetch its rows."""
        await self._connection.in_thread(self._execute, operation, parameters)
        return self

    async def executemany(self, operation: str, parameters: Iterable[_Parameters]) -> Self:
        """Run a statement once for each of these."""
        await self._connection.in_thread(self._executemany, operation, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """The statement's rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    def _execute(self, connection: sqlite3.Connection, operation: str, parameters: _Parameters) -> None:
        cursor = connection.execute(operation, parameters)
        self._rows = cursor.fetchall() if cursor.description else []
        self._note(cursor)

    def _executemany(self, connection: sqlite3.Connection, operation: str, parameters: Iterable[_Parameters]) -> None:
        self._note(connection.executemany(operation, parameters))

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip a statement."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite's is a trip of its own
        """A cursor, at once."""
        return Cursor(self)

    async def in_thread(
        self, work: Callable[Concatenate[sqlite3.Connection, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """What `work` makes of SQLite's own connection, in its thread."""
        made: _R = await self._execute(work, self._conn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return made


async def connected(database: str, **options: Any) -> Connection:  # noqa: ANN401  # sqlite3.connect's
    """Open a database; a thread begins that ends when the connection is closed, or with the process."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does: one that was left open must not hold the exit up
    await connection
    return connection
