"""Copies of the SQLite store: whole while others write, checked, and put back only where nobody is at work."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store import backup


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A small database that looks like ours, in WAL mode."""
    path = tmp_path / "tapeout.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript("CREATE TABLE alembic_version (v); CREATE TABLE delivery (id INTEGER PRIMARY KEY, t)")
        database.executemany("INSERT INTO delivery (t) VALUES (?)", [("x" * 500,)] * 1000)
        database.commit()
    return path


def _many(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM delivery").fetchone()[0])


def test_a_copy_made_while_somebody_writes_is_whole(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are written in the middle of it don't break it; none that was committed before is missing."""
    monkeypatch.setattr(backup, "PAGES", 20)
    with contextlib.closing(sqlite3.connect(store)) as writer:
        steps = 0

        def write(_done: int, _total: int) -> None:
            nonlocal steps
            steps += 1
            if steps == 3:
                writer.execute("INSERT INTO delivery (t) VALUES ('while')")
                writer.commit()

        backup.copy(store, tmp_path / "copy.db", write)
    assert steps > 3
    assert _many(tmp_path / "copy.db") >= 1000
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("copy")} == {"copy.db"}
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0


def test_a_copy_is_put_back_and_what_was_there_is_kept(store: Path, tmp_path: Path) -> None:
    """After a restore, the store holds what the copy held; the later rows are in the kept file."""
    backup.copy(store, tmp_path / "copy.db")
    with contextlib.closing(sqlite3.connect(store)) as writer:
        writer.execute("INSERT INTO delivery (t) VALUES ('later')")
        writer.commit()
    kept = backup.restore(tmp_path / "copy.db", store)
    assert _many(store) == 1000
    assert kept is not None
    assert _many(kept) == 1001


def test_a_store_at_work_is_not_replaced(store: Path, tmp_path: Path) -> None:
    """Somebody has it open: nothing is touched."""
    backup.copy(store, tmp_path / "copy.db")
    with contextlib.closing(sqlite3.connect(store)) as other:
        other.execute("SELECT count(*) FROM delivery").fetchone()
        with pytest.raises(UserError, match="stop Tapeout first"):
            backup.restore(tmp_path / "copy.db", store)
    assert _many(store) == 1000


def test_what_is_no_copy_is_refused(store: Path, tmp_path: Path) -> None:
    """A file of another kind, a database of another program, a damaged one, and one that isn't there."""
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be taken for a header" * 10)
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE notes (t)")
    backup.copy(store, tmp_path / "copy.db")
    damaged = tmp_path / "damaged.db"
    body = bytearray((tmp_path / "copy.db").read_bytes())
    body[8192:12288] = b"\xff" * 4096
    damaged.write_bytes(body)
    for path, words in (
        (text, "not a database"),
        (other, "none of Tapeout's"),
        (damaged, "damaged|not a database"),
        (tmp_path / "gone.db", "no copy"),
    ):
        with pytest.raises(UserError, match=words):
            backup.restore(path, store)
    assert _many(store) == 1000


def test_a_copy_overwrites_nothing(store: Path, tmp_path: Path) -> None:
    """A name that is taken is said, and so is a store that isn't there."""
    backup.copy(store, tmp_path / "copy.db")
    with pytest.raises(UserError, match="exists already"):
        backup.copy(store, tmp_path / "copy.db")
    with pytest.raises(UserError, match="no database"):
        backup.copy(tmp_path / "nowhere.db", tmp_path / "copy2.db")
