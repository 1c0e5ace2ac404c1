"""The loops: watch, read, join, tell, deliver, answer. A dead loop stops the process, loudly.

A loop asks the store what is due, does it, and sleeps until the next due time or until a bell rings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy.exc
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_delay, wait_random_exponential

from bot import metrics, tenancy
from bot.clock import Clock
from bot.signals import Bells

log = structlog.get_logger(__name__)

#: Another process may have written work down without ringing our bell: look at least this often, in seconds.
LONGEST_SLEEP_S = 5.0
#: A database that is away for longer than this stops the process, so that its supervisor can tell somebody.
DATABASE_PATIENCE_S = 120.0
#: How that shows; the last one but one: no connection of the pool was free for half a minute.
AWAY = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, sqlalchemy.exc.TimeoutError, OSError)
#: What is in hand when the process is asked to stop may take this long, in seconds. What is closed after that takes
#: a second or two, and supervisors kill after ten.
STOP_PATIENCE_S = 7.0


@dataclass(frozen=True, slots=True)
class Loop:
    """One stage: what it does, and when there is something to do.

    Attributes:
        work: does what is due, returns how many items it did; errors of single items are its own business.
        next_at: when the next item is due; None: not known to be any.
        rings: stages that may have work after this one worked.
    """

    name: str
    work: Callable[[], Awaitable[int]]
    next_at: Callable[[], Awaitable[datetime | None]]
    rings: tuple[str, ...] = ()


class Jobs:
    """Runs the loops until it is told to stop."""

    def __init__(self, loops: tuple[Loop, ...], *, bells: Bells, clock: Clock) -> None:
        self._loops = loops
        self._bells = bells
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish what is in hand and take nothing new."""
        self._stopping.set()
        for loop in self._loops:
            self._bells.ring(loop.name)

    async def run(self) -> None:
        """Run until `stop()`.

        Raises:
            ExceptionGroup: a loop died; its name is in the log, and the process should end.
        """
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run(loop), name=loop.name) for loop in self._loops]
            await self._stopping.wait()
            _, late = await asyncio.wait(tasks, timeout=STOP_PATIENCE_S)
            for task in late:
                # It is let go of, and deliveries are looked up in the channel's history: nothing is lost.
                log.warning("stopped in the middle", loop=task.get_name())
                task.cancel()

    async def _run(self, loop: Loop) -> None:
        try:
            while not self._stopping.is_set():
                with tenancy.within(tenancy.EVERYONE):  # what is due, for whomever; each thing is done within its own
                    done, due = await self._turn(loop)
                metrics.loop_beat.labels(loop.name).set(self._clock().timestamp())
                if done:
                    for name in loop.rings:
                        self._bells.ring(name)
                    continue
                wait = LONGEST_SLEEP_S
                if due is not None:
                    wait = min(wait, max(0.02, (due - self._clock()).total_seconds()))
                await self._bells.wait(loop.name, wait)
        except asyncio.CancelledError:
            raise
        except BaseException:
            log.exception("a loop died; stopping", loop=loop.name)
            self._stopping.set()
            raise

    async def _turn(self, loop: Loop) -> tuple[int, datetime | None]:
        """Work once; wait out a database that is locked or away for a while."""

        def report(state: RetryCallState) -> None:
            metrics.errors.labels(loop.name).inc()
            error = state.outcome.exception() if state.outcome else None
            log.warning("the database does not answer; trying again", loop=loop.name, error=type(error).__name__)

        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_is_away),
            wait=wait_random_exponential(multiplier=0.2, max=10),
            stop=stop_after_delay(DATABASE_PATIENCE_S),
            before_sleep=report,
            reraise=True,
        ):
            with attempt:
                done = await loop.work()
                return done, None if done else await loop.next_at()
        raise AssertionError("tenacity ends by returning or raising")


def _is_away(error: BaseException) -> bool:
    """Whether the database is away; what does several things at once tells so in a group."""
    return isinstance(error, AWAY) or (isinstance(error, BaseExceptionGroup) and error.split(AWAY)[1] is None)
