"""A disk that is really full: a small file system of the test's own, filled to its last byte while the bot works."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import shutil
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.tables import delivery

from .stage import CHANNELS, SETUPS, Stage, stage

PATIENCE_S = 240.0
SIZE = "12m"
ONE = CHANNELS[0]
AWAY = "the database does not answer"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """The bot's data folder, on a file system of a dozen megabytes; skipped where none may be made."""
    folder = tmp_path / "var"
    folder.mkdir()
    program = shutil.which("mount")
    if program is None:
        pytest.skip("there is no mount here, so no disk can be filled")
    made = subprocess.run(
        [program, "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no file system may be made here, so no disk can be filled: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(folder: Path) -> None:
    """Leave no room, not even in what SQLite has reserved: its journal is written back and cut off first."""
    with (
        contextlib.closing(sqlite3.connect(folder / "tapeout.db", timeout=5.0)) as other,
        contextlib.suppress(sqlite3.OperationalError),
    ):
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (folder / "ballast").open("ab", buffering=0) as ballast:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017  # that it comes is what ends the loop


def _posts(at: Stage, channel: str) -> list[dict[str, Any]]:
    bot = at.workspace.bot_user_id
    return [m for m in at.workspace.messages(channel) if m.get("user") == bot and m.get("metadata")]


def _answers(at: Stage, ts: str) -> list[dict[str, Any]]:
    return [m for m in at.workspace.thread(ONE, ts)[1:] if m.get("metadata")]


async def _is_settled(at: Stage) -> bool:
    """Whether every delivery is in its channel, by the ledger."""
    async with at.db.read() as connection:
        open_ = sa.select(sa.func.count()).select_from(delivery).where(delivery.c.run_at.is_not(None))
        return (await connection.execute(open_)).scalar_one() == 0


async def _poll(what: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again: neither files nor rows tell that they have changed."""
    async with asyncio.timeout(PATIENCE_S):
        while not await what():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.2)


async def _until(at: Stage, what: Callable[[], object]) -> None:
    await at.workspace.wait_for(what, PATIENCE_S)


@pytest.mark.timeout(600)  # it waits for Slack to send an event again, and for leases
async def test_a_full_disk_is_waited_for_and_nothing_is_lost_or_doubled(small: Path, tmp_path: Path) -> None:
    """Posts are up that cannot be written down, and a question comes that cannot; with room, each is there once."""
    async with stage(SETUPS[0], tmp_path, None, every_s=600.0, with_shelf=False) as at:
        (child,) = at.children
        release = at.weather.slow("chat.postMessage", times=None)
        await child.start()
        await _until(at, lambda: all(_posts(at, name) for name in CHANNELS))

        async def is_told() -> bool:
            await asyncio.to_thread(_fill, small)
            return AWAY in child.output.read_text(encoding="utf-8")

        await asyncio.to_thread(_fill, small)
        release.set()
        at.weather.clear()
        ts = await at.workspace.mention("ada", ONE, "What happened?")
        await _poll(is_told)
        assert child.pid is not None, "it waits for room"
        (small / "ballast").unlink()
        await _until(at, lambda: _answers(at, ts))
        assert await child.terminate() == 0
        await child.start()
        await _poll(functools.partial(_is_settled, at))
        assert await child.terminate() == 0
        assert {len(_posts(at, name)) for name in CHANNELS} == {1}
        assert len(_answers(at, ts)) == 1
