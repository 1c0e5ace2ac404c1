"""One trial: some minutes of weather and kills, then calm, then the verdict."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.store.tables import delivery

from .facts import gather, left
from .nursery import Nursery
from .people import PAUSE_S, People
from .press import EVERY_S
from .reaper import Reaper
from .stage import CHANNELS, Setup, Stage, stage
from .verdict import Verdict, judge

PATIENCE_S = 600.0
"""How long everything may take to settle once the weather is calm."""
BEHIND_MOST = 60
"""The news stands still while more deliveries than these are due: it would only make the end wait for the lanes."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial showed."""

    setup: Setup
    kills: Counter[str]
    slept: int
    ended: list[tuple[str, int]]
    faults: Counter[str]
    held: Counter[str]
    busy: int
    updates: int
    asked: int
    seconds: float
    settled_s: float
    orphans: int
    verdict: Verdict


async def run(
    setup: Setup,
    folder: Path,
    database_url: str | None,
    *,
    kills: int,
    seed: int,
    within_s: float = math.inf,
    struck: Callable[[], None] = lambda: None,
    every_s: float = EVERY_S,
    pause_s: tuple[float, float] = PAUSE_S,
    patience_s: float = PATIENCE_S,
    with_shelf: bool = True,
    with_digests: bool = True,
    nursery: Nursery | None = None,
) -> Result:
    """Run one trial in a folder of its own.

    Args:
        setup: which processes.
        folder: an empty one.
        database_url: an empty PostgreSQL database; None: SQLite.
        kills: how many …
        within_s: … in at most so many seconds.
        seed: of all dice.
        struck: is called after each kill.
        every_s: seconds between two events of the press.
        pause_s: the least and the most seconds between two questions.
        patience_s: how long everything may take to settle.
        with_shelf: put the sample feeds out, too.
        with_digests: two channels hear their news in digests.
        nursery: most processes are started by it.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    async with stage(
        setup, folder, database_url, seed=seed, every_s=every_s,
        with_shelf=with_shelf, with_digests=with_digests, nursery=nursery,
    ) as at:  # fmt: skip
        updates: Counter[str] = Counter()
        at.heard.listeners.append(lambda what, _port: updates.update([what]))
        people, reaper = People(at, seed, pause_s), Reaper(at, seed, most=kills, within_s=within_s, struck=struck)
        at.weather.stormy = at.weather.pace = True
        meanwhile = [asyncio.create_task(people.run()), asyncio.create_task(_ease(at))]
        try:
            await reaper.run()
        finally:
            for task in meanwhile:
                task.cancel()
            for end in await asyncio.gather(*meanwhile, return_exceptions=True):
                if isinstance(end, Exception):
                    raise end
        at.press.freeze()
        at.weather.calm()
        calm = clock()
        supervising = asyncio.create_task(reaper.stay())
        unfinished = await _settle(at, patience_s)
        settled_s = clock() - calm
        verdict = judge(await gather(at, people, unfinished))
        supervising.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await supervising
        for child in at.children:
            if child.pid is not None:
                await child.terminate()
        return Result(
            setup=setup,
            kills=reaper.kills,
            slept=reaper.slept,
            ended=reaper.ended_by_themselves,
            faults=at.weather.counts(),
            held=reaper.held,
            busy=reaper.busy,
            updates=updates["chat.update"],
            asked=len(people.asked),
            seconds=clock() - began,
            settled_s=settled_s,
            orphans=sum(len(child.orphans()) for child in at.children),
            verdict=verdict,
        )


async def _ease(at: Stage) -> None:
    """Let the news wait for the lanes."""
    due = sa.select(sa.func.count()).select_from(delivery).where(delivery.c.run_at.is_not(None))
    while True:
        async with at.db.read() as connection:
            behind = (await connection.execute(due)).scalar_one()
        if behind > BEHIND_MOST:
            at.press.freeze()
        else:
            at.press.thaw()
        await asyncio.sleep(1.0)


async def _settle(at: Stage, patience_s: float) -> tuple[str, ...]:
    """Wait until nothing is left to do; what was left when patience ended."""
    clock = asyncio.get_running_loop().time
    began = clock()
    end, quiet = began + patience_s, 0
    open_: tuple[str, ...] = ("nothing was looked at",)
    while clock() < end and quiet < 3:
        # One event that waits for a second one, to be turned round with it, gets it.
        if at.workspace.core.hub._gathered:
            await at.workspace.send("ada", CHANNELS[0], "Good morning!")
        open_ = await left(at)
        with (at.folder / "settling.log").open("a") as diary:
            diary.write(f"{clock() - began:6.1f} s: {', '.join(open_) or 'nothing'}\n")
        quiet = 0 if open_ else quiet + 1
        await asyncio.sleep(1.0)
    return open_
