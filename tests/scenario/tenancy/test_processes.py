"""Many workspaces, served by real processes: one that listens, two that work."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import tenancy
from bot.settings import load
from bot.store import Database
from bot.store.tables import delivery
from bot.workspace import Workspace

from .place import CHANNEL, ROOT, Place, listening, place, posts

PATIENCE_S = 120.0
READY = re.compile(r"(http://127\.0\.0\.1:\d+)/readyz")


class Processes:
    """The bot's processes, all with the same settings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[str, asyncio.subprocess.Process]] = []
        self.environ: dict[str, str] = {}
        self.url = ""

    async def start(self, command: str) -> asyncio.subprocess.Process:
        """Start `tapeout COMMAND`; its output goes to a file of its own."""
        output = self._folder / f"{command}-{len(self._running)}.log"
        with output.open("wb") as told:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", command, cwd=self._folder, env=self.environ, stdout=told, stderr=told
            )
        self._running.append((command, process))
        if command == "web":
            async with asyncio.timeout(PATIENCE_S):
                while (found := READY.search(output.read_text(encoding="utf-8"))) is None:
                    assert process.returncode is None, output.read_text(encoding="utf-8")
                    await asyncio.sleep(0.1)
            self.url = found[1]
        return process

    def of(self, command: str) -> list[asyncio.subprocess.Process]:
        """Those of one role, also those that have ended."""
        return [process for role, process in self._running if role == command]

    async def stop(self) -> None:
        """Kill what still runs."""
        for _, process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def _many(folder: Path, database: str) -> AsyncIterator[tuple[Place, Processes]]:
    """One `web` and two `worker`, and everything around them."""
    processes = Processes(folder)
    async with place(folder, url=lambda: processes.url, database=database) as at:
        kept = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        processes.environ = at.settings | kept | {"TAPEOUT_LOG_FORMAT": "text"}
        try:
            assert await (await processes.start("release")).wait() == 0
            await processes.start("web")
            for _ in range(2):
                await processes.start("worker")
            async with listening(at):
                yield at, processes
        finally:
            await processes.stop()


async def _poll(what: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again: rows do not tell that they have changed."""
    async with asyncio.timeout(PATIENCE_S):
        while not await what():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.2)


def _said(at: Workspace, words: str) -> list[str]:
    return [m["text"] for m in posts(at) if words in m["text"]]


@pytest.mark.postgres
@pytest.mark.timeout(600)  # four real processes start, and a dead one is noticed after twenty seconds
async def test_two_workers_serve_two_workspaces_and_one_of_them_is_killed(tmp_path: Path, confined: str) -> None:
    """It dies before Slack has answered to its post: the other one finds that there; each workspace has its own."""
    async with _many(tmp_path, confined) as (at, processes):
        db = Database(load(at.settings).sqlalchemy_url)
        try:
            await at.install(at.one, at.two)
            for workspace, feed in ((at.one, "ones"), (at.two, "twos")):
                await at.add(workspace, feed)
            held = at.one.faults.slow("chat.postMessage", times=None)
            at.article("ones", "Halden signs for 600 MW of nuclear power")
            await at.one.wait_for(lambda: _said(at.one, "Halden"), PATIENCE_S)
            os.kill(await _sender(db, at.one.team_id), signal.SIGKILL)
            held.set()
            at.one.faults.clear()
            at.article("twos", "Kestrel orders 40,000 accelerators")
            await at.two.wait_for(lambda: _said(at.two, "Kestrel"), PATIENCE_S)

            async def is_sent() -> bool:
                return await _states(db, at.one.team_id) == {"sent"}

            await _poll(is_sent)
            assert (len(_said(at.one, "Halden")), _said(at.one, "Kestrel")) == (1, [])
            assert (len(_said(at.two, "Kestrel")), _said(at.two, "Halden")) == (1, [])
            await _ask_while_nobody_listens(at, processes)
        finally:
            await db.close()


async def _ask_while_nobody_listens(at: Place, processes: Processes) -> None:
    """`web` is killed, too: what was asked meanwhile is sent again by Slack, and answered once."""
    at.one.timing.ack, at.one.timing.retries = 2.0, (0.0, 5.0, 60.0)
    (web,) = [process for process in processes.of("web") if process.returncode is None]
    web.kill()
    await web.wait()
    ts = await at.one.mention("ada", CHANNEL, "What has Halden signed?")
    await processes.start("web")
    await at.one.wait_for(lambda: [m for m in at.one.thread(CHANNEL, ts)[1:] if m.get("metadata")], PATIENCE_S)
    await at.one.wait_for(lambda: at.one.unsettled_events == 0, PATIENCE_S)
    assert len([m for m in at.one.thread(CHANNEL, ts)[1:] if m.get("metadata")]) == 1


async def _sender(db: Database, team_id: str) -> int:
    """The process that has a workspace's post in hand; its name in the store has its id."""
    with tenancy.within(tenancy.EVERYONE):
        async with db.read() as connection:
            rows = await connection.execute(
                sa.select(delivery.c.holder).where(
                    delivery.c.team_id == team_id, delivery.c.key.startswith("story:"), delivery.c.holder.is_not(None)
                )
            )
    return int(str(rows.scalar_one()).split(":")[-2])


async def _states(db: Database, team_id: str) -> set[str]:
    """The states of a workspace's stories' posts."""
    with tenancy.within(tenancy.EVERYONE):
        async with db.read() as connection:
            rows = await connection.execute(
                sa.select(delivery.c.state).where(delivery.c.team_id == team_id, delivery.c.key.startswith("story:"))
            )
            return set(rows.scalars())
