"""The bot's processes: started, killed, paused, started again; and which of them holds a connection."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from .nursery import Nursery

ROOT = Path(__file__).parents[2]
STOP_WITHIN_S = 10.0
"""What SIGTERM may take."""
PATIENCE_S = 90.0
"""Where it is not measured, a slow machine is given time."""
FROM_NOTHING = 6
"""One start in so many is `python -m bot`, as users start it; the others come from a nursery, where there is one."""


class Child:
    """One process of the bot.

    Args:
        command: `run`, `worker` …
        environ: all of its environment.
        folder: where it runs, and where its output goes.
        name: of the file with its output.
        nursery: starts it without loading the program anew each time.
    """

    def __init__(
        self, command: str, environ: Mapping[str, str], folder: Path, name: str, nursery: Nursery | None = None
    ) -> None:
        self.command = command
        self.name = name
        self.output = folder / f"{name}.log"
        self._environ = dict(environ) | {"PYTHONPATH": str(ROOT)}
        self._folder = folder
        self._nursery = nursery
        self._pid: int | None = None
        self._end_of_it: asyncio.Task[int] | None = None
        self.helpers: set[int] = set()
        self.starts = 0
        self.gave_up = 0

    @property
    def pid(self) -> int | None:
        """The process, while it lives."""
        return self._pid if self._end_of_it is not None and not self._end_of_it.done() else None

    async def start(self) -> None:
        """Start it; its output is added to the file."""
        if self._nursery is None or self.starts % FROM_NOTHING == 0:
            with self.output.open("ab") as output:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bot", self.command,
                    cwd=self._folder, env=self._environ, stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
            self._pid, end = process.pid, process.wait()
        else:
            self._pid = await self._nursery.start(
                self.command, environ=self._environ, folder=self._folder, output=self.output
            )
            end = self._nursery.ended(self._pid)
        self._end_of_it = asyncio.create_task(end)
        self.starts += 1

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        await self._end(signal.SIGKILL)

    async def terminate(self, within_s: float = PATIENCE_S) -> int:
        """SIGTERM, and its exit code.

        Raises:
            TimeoutError: it did not end in time (it is killed then).
        """
        try:
            async with asyncio.timeout(within_s):
                return await self._end(signal.SIGTERM)
        except TimeoutError:
            await self.kill()
            raise

    async def ended(self) -> int:
        """Its exit code, once it ended by itself."""
        assert self._end_of_it is not None
        return await asyncio.shield(self._end_of_it)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if (pid := self.pid) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    async def _end(self, number: signal.Signals) -> int:
        if (pid := self.pid) is not None:
            self.helpers |= helpers_of(pid)
        self.send(number)
        return await self.ended()

    def orphans(self) -> set[int]:
        """Processes that it had started and that are still there."""
        return {pid for pid in self.helpers if b"bot.feeds.worker" in _read(f"/proc/{pid}/cmdline")}


def helpers_of(pid: int) -> set[int]:
    """The processes that a process has started (none where the system does not tell)."""
    return {int(word) for word in _read(f"/proc/{pid}/task/{pid}/children").split()}


def holder(port: int, pids: Mapping[int, Child]) -> Child | None:
    """The child that holds the connection from this local port (Linux; elsewhere None)."""
    wanted = f":{port:04X}"
    for line in _read("/proc/net/tcp").decode().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(wanted):
            target = f"socket:[{fields[9]}]"
            return next((child for pid, child in pids.items() if _has_open(pid, target)), None)
    return None


def _has_open(pid: int, target: str) -> bool:
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if str(Path(entry.path).readlink()) == target:
                    return True
    return False


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""
