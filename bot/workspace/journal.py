"""Where the workspace keeps what it must not lose: one SQLite table of JSON records, written by one thread.

Changes are gathered in memory and written in groups: `flush` returns once everything put before it is in
the file. WAL with `synchronous=NORMAL` survives the death of the process at any moment (kill -9); the death
of the machine may lose the last group, which is enough for a stand-in.
"""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.workspace.shapes import JsonObject

_TABLE = (
    "CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)


class Journal:
    """Records of JSON, by kind and key.

    Args:
        path: The file, or None to keep nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._pending: dict[tuple[str, str], str | None] = {}
        self._lock = asyncio.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self.number = 0
        self.written = 0

    async def open(self) -> Mapping[str, Mapping[str, JsonObject]]:
        """Opens the file, makes its table, and gives all records by kind, ordered by key."""
        if self._path is None:
            return {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workspace-journal")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._open, self._path)

    def put(self, kind: str, key: str, body: JsonObject | None) -> None:
        """Notes a record (None deletes it); `flush` makes it last."""
        self.number += 1
        if self._thread is not None:
            self._pending[kind, key] = None if body is None else json.dumps(body, separators=(",", ":"))

    async def flush(self) -> None:
        """Returns once everything put so far is in the file."""
        if self._thread is None:
            self.written = self.number
            return
        wanted = self.number
        async with self._lock:
            if self.written >= wanted:
                return
            batch, self._pending = self._pending, {}
            reached = self.number
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._write, batch)
            except sqlite3.Error:
                self._pending = {**batch, **self._pending}
                raise
            self.written = reached

    async def close(self) -> None:
        """Writes what is left and closes the file."""
        if self._thread is None:
            return
        await self.flush()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()
        self._thread = None

    def _open(self, path: Path) -> dict[str, dict[str, JsonObject]]:
        path.parent.mkdir(parents=True, exist_ok=True)
        # One thread does all the work, so the connection never crosses threads.
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(_TABLE)
        records: dict[str, dict[str, JsonObject]] = {}
        for kind, key, body in self._connection.execute("SELECT kind, key, body FROM record ORDER BY kind, key"):
            records.setdefault(kind, {})[key] = json.loads(body)
        return records

    def _write(self, batch: Mapping[tuple[str, str], str | None]) -> None:
        assert self._connection is not None
        gone = [key for key, body in batch.items() if body is None]
        kept = [(kind, key, body) for (kind, key), body in batch.items() if body is not None]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)
            self._connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", kept)
        except sqlite3.Error:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
