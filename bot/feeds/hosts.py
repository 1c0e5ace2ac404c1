"""One request per host at a time, with a pause after each: first come, first served."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

_MAX_SLOWNESS = 60.0  # a host that keeps saying 429 is asked about once a minute at the default spacing
_REMEMBERED = 1000  # hosts kept before the idle ones are forgotten


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    free_at: float = 0.0  # by the loop's clock
    slowness: float = 1.0


class HostQueue:
    """The queues of all hosts.

    Args:
        spacing: seconds between the end of a request to a host and the start of its next.
    """

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._hosts: dict[str, _Host] = {}

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it; asyncio's locks wake waiters in the order in which they came."""
        state = self._hosts.setdefault(host, _Host())
        loop = asyncio.get_running_loop()
        state.waiting += 1
        try:
            async with state.lock:
                await asyncio.sleep(max(0.0, state.free_at - loop.time()))
                try:
                    yield
                finally:
                    state.free_at = loop.time() + self._spacing * state.slowness
        finally:
            state.waiting -= 1
            self._forget(loop.time())

    def told(self, host: str, *, too_fast: bool) -> None:
        """Take note of whether the host says that we ask too often: double its spacing, or halve it again."""
        state = self._hosts.get(host)
        if state is not None:
            state.slowness = min(_MAX_SLOWNESS, state.slowness * 2) if too_fast else max(1.0, state.slowness / 2)

    def _forget(self, now: float) -> None:
        if len(self._hosts) > _REMEMBERED:
            idle = [name for name, state in self._hosts.items() if not state.waiting and state.free_at < now]
            for name in idle:
                del self._hosts[name]
