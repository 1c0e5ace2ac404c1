"""The bot's processes: started, killed, paused, started again; and which of them holds a connection."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOP_WITHIN_S = 10.0
"""What SIGTERM may take."""


class Child:
    """One process of the bot.

    Args:
        command: `run`, `worker` …
        environ: all of its environment.
        folder: where it runs, and where its output goes.
        name: of the file with its output.
    """

    def __init__(self, command: str, environ: Mapping[str, str], folder: Path, name: str) -> None:
        self.command = command
        self.name = name
        self.output = folder / f"{name}.log"
        self._environ = dict(environ) | {"PYTHONPATH": str(ROOT)}
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.helpers: set[int] = set()
        self.starts = 0
        self.gave_up = 0

    @property
    def pid(self) -> int | None:
        """The process, while it lives."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process is not None else None

    async def start(self) -> None:
        """Start it; its output is added to the file."""
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", self.command,
                cwd=self._folder, env=self._environ, stdout=output, stderr=output, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        self.starts += 1

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        await self._end(signal.SIGKILL)

    async def terminate(self, within_s: float = STOP_WITHIN_S + 5) -> int:
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
        assert self._process is not None
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if (pid := self.pid) is not None:
            os.kill(pid, number)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self.helpers |= helpers_of(self._process.pid)
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
        return await self._process.wait()

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
