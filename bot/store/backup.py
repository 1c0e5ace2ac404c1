"""Copies of an SQLite store, made while the bot is at work, and put back. PostgreSQL has its own tools for both."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from bot.errors import UserError

#: Pages copied at once; between two lots the bot may write. A page has 4 KiB.
PAGES = 2_000


def copy(source: Path, target: Path, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Copy a database as it is at one moment, while others read and write it; returns the copy's size in bytes.

    SQLite's online copy: what is written meanwhile is in it, or makes it start again. The copy is checked, and has its
    name only when it is whole.

    Args:
        source: the database.
        target: where the copy goes; nothing may be there.
        progress: gets pages done and in all.

    Raises:
        UserError: there is no database, something is at `target`, or the copy is not sound.
    """
    if not source.exists():
        raise UserError(f"There is no database at {source}.")
    if target.exists():
        raise UserError(f"{target} exists already: choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        # What is copied is everybody's questions and, perhaps, their feeds' secrets: for its owner alone.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(_open(source)) as from_, contextlib.closing(sqlite3.connect(part)) as to:
            from_.backup(to, pages=PAGES, progress=lambda _status, left, total: progress(total - left, total))
            to.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
        check(part)
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise UserError(f"The copy could not be made: {error}.") from None
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def check(path: Path) -> None:
    """Look whether a file is a sound store of ours.

    Raises:
        UserError: it is not.
    """
    try:
        with contextlib.closing(_open(path)) as database:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise UserError(f"{path} is not a database: {error}.") from None
    if said != "ok":
        raise UserError(f"{path} is damaged: {said}.")
    if not {"alembic_version", "delivery"} <= tables:
        raise UserError(f"{path} is a database, but none of Tapeout's.")


def restore(backup: Path, target: Path) -> Path | None:
    """Put a copy in the place of the database; returns where the one that was there is now.

    The next start brings an older copy up to date. No process may be at work on the database.

    Raises:
        UserError: the copy is not sound, or the database is in use.
    """
    if not backup.exists():
        raise UserError(f"There is no copy at {backup}.")
    check(backup)
    kept = None
    if target.exists():
        _be_alone(target)
        kept = _free_name(target)
        target.rename(kept)
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    copy(backup, target)
    return kept


def _be_alone(path: Path) -> None:
    """Write everything into the one file; that works only where nobody else has it open.

    Raises:
        UserError: somebody has.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1.0)) as database:
            # Leaving WAL needs the only connection: SQLite refuses while another process has the file open.
            (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as error:
        raise UserError(f"{path} is in use ({error}): stop Tapeout first.") from None
    if mode != "delete":
        raise UserError(f"{path} is in use: stop Tapeout first.")


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
        number += 1
    return name


def _open(path: Path) -> sqlite3.Connection:
    """For reading alone."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10.0)
