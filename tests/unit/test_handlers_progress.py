"""How far long work is, told to who waits."""

from __future__ import annotations

import asyncio

import aiohttp

from handlers.progress import TOLD_MOST, Note, in_sight


async def test_who_waits_is_told_how_far_it_is() -> None:
    """Nothing is told of quick work; of slow work what is done so far, a few times at most."""
    told: list[tuple[int, int]] = []
    go_on, enough = asyncio.Event(), asyncio.Event()

    async def work(note: Note) -> str:
        note(200, 1_000)
        await go_on.wait()
        return "done"

    async def show(done: int, whole: int) -> None:  # what is told is awaited
        told.append((done, whole))
        if len(told) == TOLD_MOST:
            enough.set()

    go_on.set()
    assert await in_sight(work, show, after_s=60) == "done"
    assert told == []
    go_on.clear()
    slow = asyncio.create_task(in_sight(work, show, after_s=0.001))
    async with asyncio.timeout(60):
        await enough.wait()
    go_on.set()
    assert await slow == "done"
    assert told == [(200, 1_000)] * TOLD_MOST


async def test_work_goes_on_where_it_cannot_be_shown() -> None:
    """That Slack cannot be reached for a moment costs the progress, not the list."""
    failed = asyncio.Event()

    async def work(_note: Note) -> str:
        await failed.wait()
        return "done"

    async def show(_done: int, _whole: int) -> None:  # the same
        failed.set()
        raise aiohttp.ClientConnectionError

    assert await in_sight(work, show, after_s=0.001) == "done"
