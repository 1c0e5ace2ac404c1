"""Chooses moments and kills: now, or as soon as the bot is seen doing a certain thing, plus some milliseconds."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa

from bot.store.tables import article, delivery, feed, question, story

from .children import Child, holder
from .stage import Stage

MOMENTS: dict[str, frozenset[str]] = {
    "at any time": frozenset(),
    "while starting": frozenset({"auth.test", "users.info", "apps.connections.open"}),
    "posting": frozenset({"chat.postMessage"}),
    "updating a post": frozenset({"chat.update"}),
    "answering": frozenset({"chat.startStream", "chat.appendStream", "chat.stopStream"}),
    "looking in history": frozenset({"conversations.history", "conversations.replies"}),
    "an event arriving": frozenset({"event"}),
    "polling a feed": frozenset({"poll"}),
}
"""What is waited for, by the calls that show it."""
WEIGHTS = (3, 1, 6, 2, 4, 2, 3, 2)
LATER_S = (0.0, 0.0, 0.0, 0.003, 0.01, 0.03, 0.1)
"""How long after the moment was seen: before it is carried out, before its answer, before it is written down."""
PATIENCE_S = 4.0
"""When a moment does not come, the next one that does is taken."""
WORK = frozenset().union(*MOMENTS.values()) - MOMENTS["while starting"]
"""What shows that a process is up and at work."""
NAMES = {sign: moment for moment, signs in MOMENTS.items() for sign in signs}
LEASED = {"deliveries": delivery, "questions": question, "stories": story, "articles": article, "feeds": feed}
"""What a process may have in hand."""
START_S = 60.0
"""So long it may take to start again where many share the machine: who kills sooner never meets it at work."""
PAUSE_S = (0.2, 1.5)
DOWN_S = (0.0, 0.6)
ASLEEP_S = (24.0, 34.0)
"""A process that sleeps so long is taken for dead; then it wakes and believes that it still holds what it held."""


class Reaper:
    """Kills children until it is cancelled, or has done so `most` times, and counts by moment.

    `held` counts what the killed had in hand, by the leases that they leave behind; `busy` the kills that left any.

    Args:
        at: whose children.
        seed: of the moments.
        most: how many kills …
        within_s: … in at most so many seconds.
        struck: is called after each kill.
        sleeps: how often, in percent, a process is put to sleep for half a minute and woken instead (with workers).
    """

    def __init__(
        self,
        at: Stage,
        seed: int,
        *,
        most: int,
        within_s: float = math.inf,
        struck: Callable[[], None] = lambda: None,
        sleeps: int = 4,
    ) -> None:
        self._at = at
        self._dice = random.Random(seed)
        self._most = most
        self._within_s = within_s
        self._struck = struck
        self._sleeps = sleeps if at.setup.workers > 1 else 0
        self._sleepers: dict[asyncio.Task[None], Child] = {}
        self.kills: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.busy = 0
        self.slept = 0
        self.ended_by_themselves: list[tuple[str, int]] = []

    async def run(self) -> None:
        """Start all children, then kill and start again."""
        async with asyncio.TaskGroup() as group:
            keepers = [group.create_task(self._keep(child)) for child in self._at.children]
            try:
                end = time.monotonic() + self._within_s
                while self.kills.total() < self._most and time.monotonic() < end:
                    await asyncio.sleep(self._dice.uniform(*PAUSE_S))
                    await self._strike()
                await self._wake()
            finally:
                for keeper in keepers:
                    keeper.cancel()

    async def stay(self) -> None:
        """Kill no more; only start again what ends by itself, as a supervisor does."""
        async with asyncio.TaskGroup() as group:
            for child in self._at.children:
                group.create_task(self._keep(child))

    async def _keep(self, child: Child) -> None:
        """A supervisor: whatever way the process ended, it is started again a little later."""
        while True:
            if child.pid is None:
                await child.start()
            code = await child.ended()
            if code != -signal.SIGKILL:
                child.gave_up += 1
                self.ended_by_themselves.append((child.name, code))
            await asyncio.sleep(self._dice.uniform(*DOWN_S) + (1.0 if code != -signal.SIGKILL else 0.0))

    async def _strike(self) -> None:
        if self._dice.randrange(100) < self._sleeps and not self._sleepers:
            self._put_to_sleep()
            return
        moment, child = await self._choose()
        if child is None or child in self._sleepers.values():
            return
        await asyncio.sleep(self._dice.choice(LATER_S) if moment != "at any time" else 0.0)
        if (pid := child.pid) is not None:
            await child.kill()
            self.kills[moment] += 1
            await self._look_into_hands(pid)
            self._struck()

    async def _choose(self) -> tuple[str, Child | None]:
        """A moment that has just come, and the child that is seen in it."""
        (moment,) = self._dice.choices(list(MOMENTS), WEIGHTS)
        signs = MOMENTS[moment]
        if not signs:
            return moment, self._anyone()
        is_work = bool(signs & WORK)
        if is_work:
            await self._hear(WORK, START_S)
        heard = await self._hear(signs, PATIENCE_S if is_work else START_S)
        if heard is None and is_work:
            heard = await self._hear(WORK, START_S)
        if heard is None:
            return "at any time", self._anyone()
        return NAMES[heard[0]], self._seen(*heard)

    def _seen(self, what: str, port: int) -> Child | None:
        """The child that a sign is of; None: nobody can tell any more, so another moment is waited for."""
        if what == "event":
            return self._at.children[0]  # only `run` holds sockets
        living = self._at.living()
        return next(iter(living.values())) if len(living) == 1 else holder(port, living)

    async def _look_into_hands(self, pid: int) -> None:
        """Count what a killed process held; its name in the store has its process id."""
        before = self.held.total()
        async with self._at.db.read() as connection:
            for name, table in LEASED.items():
                its = sa.select(sa.func.count()).select_from(table).where(table.c.holder.like(f"%:{pid}:%"))
                self.held[name] += (await connection.execute(its)).scalar_one()
        self.busy += self.held.total() > before

    async def _hear(self, signs: frozenset[str], patience_s: float) -> tuple[str, int] | None:
        """The next of these signs, with the port that it came from; None: there was none in time."""
        seen: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()

        def listen(what: str, port: int) -> None:
            if what in signs and not seen.done():
                seen.set_result((what, port))

        self._at.heard.listeners.append(listen)
        try:
            async with asyncio.timeout(patience_s):
                return await seen
        except TimeoutError:
            return None
        finally:
            self._at.heard.listeners.remove(listen)

    def _anyone(self) -> Child | None:
        living = [child for child in self._at.living().values() if child not in self._sleepers.values()]
        return self._dice.choice(living) if living else None

    def _put_to_sleep(self) -> None:
        child = self._anyone()
        if child is None:
            return
        child.send(signal.SIGSTOP)
        self.slept += 1
        task = asyncio.create_task(self._sleep(child))
        self._sleepers[task] = child
        task.add_done_callback(lambda done: self._sleepers.pop(done, None) and None)

    async def _sleep(self, child: Child) -> None:
        try:
            await asyncio.sleep(self._dice.uniform(*ASLEEP_S))
        finally:
            child.send(signal.SIGCONT)

    async def _wake(self) -> None:
        """Until whoever sleeps has slept enough."""
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._sleepers)
