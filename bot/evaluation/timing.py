"""How long each step takes."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.evaluation.measures import percentile


@dataclass(frozen=True, slots=True)
class Step:
    """One step's times, in milliseconds."""

    name: str
    times: int
    p50_ms: float
    p95_ms: float
    total_ms: float


class Stopwatch:
    """Collects the durations of steps by their names."""

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(list)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name].append(time.perf_counter() - began)

    def steps(self) -> tuple[Step, ...]:
        """Every step so far, in the order in which they first came."""
        return tuple(
            Step(
                name,
                len(seconds),
                1000 * percentile(seconds, 0.5),
                1000 * percentile(seconds, 0.95),
                1000 * sum(seconds),
            )
            for name, seconds in self._seconds.items()
        )
