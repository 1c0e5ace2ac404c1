from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy.exc

from bot import jobs as jobs_module
from bot.jobs import Jobs, Loop
from bot.signals import Bells

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def _never() -> datetime | None:
    return None


def _jobs(*loops: Loop, bells: Bells | None = None) -> Jobs:
    return Jobs(loops, bells=bells or Bells(), clock=lambda: NOW)


def _loop(work: Callable[[], Awaitable[int]], **more: object) -> Loop:
    return Loop("first", work, _never, **more)  # type: ignore[arg-type]  # fields of Loop


async def test_a_loop_works_until_nothing_is_due_and_rings_the_next() -> None:
    """The second stage wakes at once when the first has worked, without waiting for its time."""
    left, second_turns, woken = [3], [0], asyncio.Event()

    async def first() -> int:
        left[0] -= 1
        return 1 if left[0] > 0 else 0

    async def second() -> int:
        second_turns[0] += 1
        if second_turns[0] > 1:
            woken.set()
        return 0

    jobs = _jobs(_loop(first, rings=("second",)), Loop("second", second, _never))
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(jobs_module.LONGEST_SLEEP_S - 1):
        await woken.wait()
    jobs.stop()
    await running
    assert left[0] <= 0


async def test_a_dead_loop_stops_the_others_and_the_process_hears_of_it() -> None:
    """An error that no stage handles ends `run` with that error; nothing dies in silence."""

    async def dies() -> int:
        raise ZeroDivisionError("a mistake of ours")

    async def lives() -> int:
        return 0

    jobs = _jobs(_loop(dies), Loop("second", lives, _never))
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(5):
            await jobs.run()
    assert caught.group_contains(ZeroDivisionError)


async def test_a_database_that_is_away_for_a_moment_is_waited_for() -> None:
    """Two failed turns are tried again; the loop goes on."""
    failures, done = [2], asyncio.Event()

    async def work() -> int:
        if failures[0]:
            failures[0] -= 1
            raise sqlalchemy.exc.OperationalError("SELECT 1", {}, Exception("database is locked"))
        done.set()
        return 0

    jobs = _jobs(_loop(work))
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(5):
        await done.wait()
    jobs.stop()
    await running


@pytest.mark.parametrize(
    "error",
    [
        sqlalchemy.exc.OperationalError("INSERT", {}, Exception("database or disk is full")),
        sqlalchemy.exc.TimeoutError("no connection was free"),
        ConnectionResetError(),
        ExceptionGroup("polls", [sqlalchemy.exc.TimeoutError("no connection was free")]),
    ],
)
async def test_what_shows_that_the_database_is_away_is_waited_for(error: Exception) -> None:
    """A full disk, a pool without a free connection, a lost connection: none of them ends the loop at once."""
    failures, done = [error], asyncio.Event()

    async def work() -> int:
        if failures:
            raise failures.pop()
        done.set()
        return 0

    jobs = _jobs(_loop(work))
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(5):
        await done.wait()
    jobs.stop()
    await running


async def test_a_database_that_stays_away_stops_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its patience the loop dies with the database's error."""
    monkeypatch.setattr(jobs_module, "DATABASE_PATIENCE_S", 0.05)

    async def work() -> int:
        raise sqlalchemy.exc.OperationalError("SELECT 1", {}, Exception("no server"))

    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(5):
            await _jobs(_loop(work)).run()
    assert caught.group_contains(sqlalchemy.exc.OperationalError)


async def test_stopping_lets_what_is_in_hand_finish() -> None:
    """Work that has begun ends before `run` returns, and nothing new begins."""
    begun, release, finished = asyncio.Event(), asyncio.Event(), [0]

    async def work() -> int:
        begun.set()
        await release.wait()
        finished[0] += 1
        return 1

    jobs = _jobs(_loop(work))
    running = asyncio.create_task(jobs.run())
    await begun.wait()
    jobs.stop()
    release.set()
    await running
    assert finished == [1]


async def test_stopping_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that hangs is cancelled after the patience; its lease brings it back later."""
    monkeypatch.setattr(jobs_module, "STOP_PATIENCE_S", 0.05)
    begun = asyncio.Event()

    async def work() -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    jobs = _jobs(_loop(work))
    running = asyncio.create_task(jobs.run())
    await begun.wait()
    jobs.stop()
    async with asyncio.timeout(5):
        await running


async def test_a_loop_sleeps_until_its_next_item_is_due() -> None:
    """A due time in the past is worked at once, one in the near future soon."""
    turns, done = [0], asyncio.Event()

    async def work() -> int:
        turns[0] += 1
        if turns[0] == 3:
            done.set()
        return 0

    async def soon() -> datetime | None:
        return NOW + timedelta(milliseconds=5)

    jobs = _jobs(Loop("first", work, soon))
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(jobs_module.LONGEST_SLEEP_S - 1):
        await done.wait()
    jobs.stop()
    await running
