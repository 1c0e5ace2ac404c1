"""Bells between the stages: who has written work down rings, who does that work wakes up.

A bell only saves waiting. Work is found by its due time in the store, so a missed ring costs seconds, never work.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Bells:
    """One bell for each stage, by its name."""

    def __init__(self) -> None:
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def ring(self, stage: str) -> None:
        """There is work for this stage."""
        self._events[stage].set()

    async def wait(self, stage: str, seconds: float) -> bool:
        """Sleep until the bell rings (True) or the time is over (False)."""
        event = self._events[stage]
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True
