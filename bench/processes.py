"""Processes of our own that take part in a measurement: told lines, asked for lines, and watched from outside."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
_STOP_WITHIN_S = 20


@dataclass(slots=True)
class Child:
    """A process that is told lines and answers lines."""

    process: subprocess.Popen[str]

    @property
    def input(self) -> IO[str]:
        """What it reads."""
        assert self.process.stdin is not None
        return self.process.stdin

    def say(self, line: str) -> None:
        """Tell it a line."""
        self.input.write(line + "\n")
        self.input.flush()

    def hear(self) -> str:
        """Its next line.

        Raises:
            RuntimeError: it ended.
        """
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        return line


@contextlib.contextmanager
def child(*module: str) -> Iterator[Child]:
    """`python -m MODULE ARGUMENT…`; it ends when its input is closed."""
    process = subprocess.Popen(  # noqa: S603  # our own modules
        [sys.executable, "-m", *module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield Child(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=_STOP_WITHIN_S)
        finally:
            process.kill()
            if process.stdout is not None:
                process.stdout.close()


def cpu_of(pid: int | str) -> float:
    """Seconds of processor that a process and the children it has waited for have used; 0: it is gone."""
    return sum(_times(pid))


def own_cpu_of(pid: int | str) -> float:
    """Seconds of processor of a process alone."""
    return _times(pid)[0]


def _times(pid: int | str) -> tuple[float, float]:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        tick = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / tick, (int(fields[13]) + int(fields[14])) / tick
    return 0.0, 0.0
