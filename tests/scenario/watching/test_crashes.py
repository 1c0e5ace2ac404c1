"""Point 36: a process that ends anywhere between a fetch and a post loses nothing and repeats nothing.

A whole run is watched at each of its waits: what the database's files hold there, and what the channel shows, is what
a process that was killed at that wait would leave behind. Each such state is then taken up by a new process, and in
the end everything must be as if nothing had happened. (Waits at which both are the same are one state.)
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .conftest import NOW, Desk, Item, Posted, Reply, World

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Left:
    """What a process leaves behind that is killed at some wait."""

    wait: int
    name: str
    messages: dict[str, Posted]
    now: datetime


class Waits:
    """Makes tasks that tell when they wait."""

    def __init__(self, waited: Callable[[], None]) -> None:
        self.waited = waited

    def __call__(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        """A task like any other."""
        return asyncio.Task(self._told(coroutine), loop=loop, **options)

    async def _told(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return await _Told(self, coroutine)


class _Told:
    """Hands a coroutine's waits on."""

    def __init__(self, waits: Waits, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._waits = waits
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, Any]:
        work = self._coroutine.__await__()
        answer: Any = None
        error: BaseException | None = None
        while True:
            try:
                waits_for = work.throw(error) if error is not None else work.send(answer)
            except StopIteration as end:
                return end.value
            self._waits.waited()
            error = None
            try:
                answer = yield waits_for
            except BaseException as thrown:  # noqa: BLE001  # handed on to the work
                error = thrown


async def watched(world: World, desk: Desk, name: str) -> tuple[list[Left], int]:
    """Run until there is nothing to do; every state that a kill would have left, and how many waits there were."""
    left: list[Left] = []
    seen: set[bytes] = set()
    count = 0
    over = False

    def waited() -> None:
        nonlocal count
        if over:
            return  # what goes on in the background beyond the run, such as an idle connection
        count += 1
        files = [(world.folder / (name + end)) for end in ("", "-wal")]
        held = [file.read_bytes() if file.exists() else b"" for file in files]
        shown = repr(sorted(world.room.messages.items())).encode()
        digest = hashlib.sha256(b"\0".join([*held, shown])).digest()
        if digest in seen:
            return
        seen.add(digest)
        kept = f"left-{count}.db"
        for end, body in zip(("", "-wal"), held, strict=True):
            (world.folder / (kept + end)).write_bytes(body)
        left.append(Left(count, kept, copy.deepcopy(world.room.messages), desk.now))

    loop = asyncio.get_running_loop()
    loop.set_task_factory(Waits(waited))
    try:
        await asyncio.create_task(desk.settle())
    finally:
        over = True
        loop.set_task_factory(None)
    return left, count


async def test_point_36_a_crash_at_any_wait_loses_and_repeats_nothing(world: World) -> None:
    """Whatever state a kill leaves, the next process ends with the same two posts, each once."""
    # The second item is short: its page is asked for, and then its own words must do.
    short = Item(1, NOW - HOUR, text="<p>Brightwater ordered 40,000 accelerators from Tessellar for $1.3 billion.</p>")
    url = world.site.put("/feed", Reply((Item(0, NOW - HOUR), short), etag='"v1"'))
    async with world.start() as desk:
        await desk.subscribe(url)
        left, waits = await watched(world, desk, "world.db")
    whole = {item.key.split("/")[1] for item in world.room.messages.values()}
    assert whole == {"story:1", "story:2"}
    assert waits > 200
    assert len(left) > 15
    for state in left:
        world.room.messages = copy.deepcopy(state.messages)
        async with world.start(state.now + timedelta(minutes=1), name=state.name) as desk:
            await desk.settle()
            await desk.pass_time(timedelta(minutes=20), step=timedelta(minutes=20))
        keys = Counter(item.key.split("/")[1] for item in world.room.messages.values())
        assert keys == {"story:1": 1, "story:2": 1}, f"killed at wait {state.wait}"


async def test_a_greeting_is_answered_once_whichever_process_hears_of_it(world: World) -> None:
    """Slack sends the event again, and the process that answered is gone: the next one knows; others' are their own."""
    async with world.start(NOW) as desk:
        assert await desk.newsroom.first_time("T1", "C1:1.0")
        assert not await desk.newsroom.first_time("T1", "C1:1.0")
    async with world.start(NOW + HOUR) as desk:
        assert not await desk.newsroom.first_time("T1", "C1:1.0")
        assert await desk.newsroom.first_time("T2", "C1:1.0")
