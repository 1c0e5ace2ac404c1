"""Shows the others that this process lives, and takes the work of those that do not any more."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot import tenancy
from bot.clock import Clock
from bot.signals import Bells
from bot.store import Database, workers

log = structlog.get_logger(__name__)


class Presence:
    """This process among the others that share a database; its `beat` is one of the loops.

    Args:
        db: the store; leases are held under its `worker_id`.
        bells: rung when work of a dead worker was let go of.
        clock: what time it is.
        stages: whose bells.
    """

    def __init__(self, db: Database, *, bells: Bells, clock: Clock, stages: tuple[str, ...]) -> None:
        self._db = db
        self._bells = bells
        self._clock = clock
        self._stages = stages
        self._last: datetime | None = None

    async def beat(self) -> int:
        """Show that we live, if it is time, and let go of what dead workers held; 0, so that the loop sleeps."""
        now = self._clock()
        if self._last is not None and self._last <= now < self._last + workers.BEAT:
            return 0
        with tenancy.within(tenancy.EVERYONE):
            known, dead, freed = await self._show(now)
        if not known and self._last is not None:
            log.warning("this process was taken for dead; what it had in hand is being done by others")
        if dead:
            log.warning("workers are dead; their work is taken up", workers=dead, items=freed)
            for stage in self._stages:
                self._bells.ring(stage)
        self._last = now
        return 0

    async def _show(self, now: datetime) -> tuple[bool, tuple[str, ...], int]:
        async with self._db.write() as connection:
            known = await workers.beat(connection, now)
            return (known, *await workers.release_dead(connection, now))

    async def next_beat_at(self) -> datetime | None:
        """When to beat next."""
        return None if self._last is None else self._last + workers.BEAT

    async def leave(self) -> int:
        """Let go of what is still in hand, so that another process can take it at once; how much that was."""
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.write() as connection:
                freed = await workers.leave(connection, self._clock())
        if freed:
            log.info("let go of what was in hand", items=freed)
        return freed
