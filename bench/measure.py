"""What measurements are made of: numbers with their spread, tables with targets, memory, and a watch on the loop."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Tell = Callable[[str], None]
"""Is told what is being measured now."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured.

    Attributes:
        feeds: feeds that are polled.
        rounds: steady polls of all of them.
        articles: articles in the archive.
        samples: articles joined, briefs written, questions asked.
        rows: feeds claimed and settled, and posts sent.
        news: articles that go through all stages.
        channels: whom they go to.
        teams: workspaces that get an hour's news, each in `team_channels` …
        load_feeds: … from so many feeds, `load_articles` articles in all …
        load_workers: … by so many processes …
        pace: … and so many times as fast.
        seed: of everything that is made up.
    """

    feeds: int = 1000
    rounds: int = 5
    articles: int = 100_000
    samples: int = 200
    rows: int = 2000
    news: int = 240
    channels: int = 200
    teams: int = 50
    team_channels: int = 20
    load_feeds: int = 500
    load_articles: int = 500
    load_workers: int = 2
    pace: float = 6.0
    seed: int = 1

    @classmethod
    def quick(cls) -> Sizes:
        """Enough to see that every measurement still runs; its numbers mean nothing."""
        return cls(
            feeds=40,
            rounds=2,
            articles=400,
            samples=10,
            rows=60,
            news=12,
            channels=6,
            teams=2,
            team_channels=2,
            load_feeds=10,
            load_articles=10,
            load_workers=1,
            pace=240.0,
        )


@dataclass(frozen=True, slots=True)
class Target:
    """A number that was promised, beside the one that was measured."""

    what: str
    measured: float
    limit: float
    unit: str
    at_most: bool = True

    @property
    def met(self) -> bool:
        """Whether the promise holds in this run."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@dataclass(frozen=True, slots=True)
class Table:
    """One measurement's result; the first column names the row, the others are as they are to be read."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    targets: tuple[Target, ...] = ()
    notes: tuple[str, ...] = ()


class Benchmark(Protocol):
    """A module of this package that measures one thing."""

    def run(self, sizes: Sizes, tell: Tell) -> Table:
        """Measure it."""
        ...


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies (0-1), as measured, not interpolated; NaN where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """The middle one; NaN where there are none."""
    return statistics.median(values) if values else float("nan")


def shown(seconds: float) -> str:
    """A time as people read it."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def spread(values: Sequence[float]) -> tuple[str, str, str]:
    """Median, 95th percentile and the worst, as people read them."""
    return shown(median(values)), shown(quantile(values, 0.95)), shown(max(values, default=float("nan")))


def peak_mb() -> float:
    """The most memory that this process has had resident, in MB."""
    with contextlib.suppress(OSError, StopIteration):
        return memory_mb("self", "VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes, and has no /proc


def memory_mb(pid: int | str, line: str = "VmRSS") -> float:
    """A line of /proc/<pid>/status, in MB.

    Raises:
        OSError: the process is gone, or the system has no /proc.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    value = next(row for row in status.splitlines() if row.startswith(f"{line}:"))
    return int(value.split()[1]) * 1024 / 1e6


def children(pid: int | str = "self") -> tuple[int, ...]:
    """The processes that this one has started; empty where the system has no /proc."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return tuple(found)


def cpu_s() -> float:
    """Seconds of processor that this process and the children it has waited for have used."""
    own, waited = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + waited.ru_utime + waited.ru_stime


@dataclass(slots=True)
class Heart:
    """How long the event loop kept a task waiting that wanted to run every few milliseconds.

    Attributes:
        late: seconds by which each beat came late, by the wall clock: on a busy machine other processes are in it.
        busy: seconds of processor that the loop's thread used between two beats: only our own code is in it.
    """

    late: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    @classmethod
    @contextlib.asynccontextmanager
    async def beating(cls, interval: float = 0.005) -> AsyncIterator[Heart]:
        """Watch the loop while the block runs."""
        heart = cls()

        async def beat() -> None:
            wall, used = time.perf_counter(), time.thread_time()
            while True:
                await asyncio.sleep(interval)
                now, now_used = time.perf_counter(), time.thread_time()
                heart.late.append(max(0.0, now - wall - interval))
                heart.busy.append(now_used - used)
                wall, used = now, now_used

        task = asyncio.create_task(beat())
        try:
            yield heart
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
