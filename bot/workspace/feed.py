"""Who is told when something changes: the pages that are open, and the tests that wait."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.workspace.shapes import JsonObject

T = TypeVar("T")


class Feed:
    """Notices to open pages, by user, and a wake-up for everyone who waits for a change."""

    def __init__(self) -> None:
        self._pages: list[tuple[str, asyncio.Queue[JsonObject | None]]] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def subscribe(self, user_id: str) -> asyncio.Queue[JsonObject | None]:
        """A queue of notices for one page; None in it means that the workspace stops."""
        queue: asyncio.Queue[JsonObject | None] = asyncio.Queue()
        self._pages.append((user_id, queue))
        return queue

    @property
    def watching(self) -> set[str]:
        """The users who have a page open."""
        return {user_id for user_id, _ in self._pages}

    def unsubscribe(self, queue: asyncio.Queue[JsonObject | None]) -> None:
        """The page is gone."""
        self._pages = [page for page in self._pages if page[1] is not queue]

    def tell(self, notice: JsonObject, users: Iterable[str] | None = None) -> None:
        """Sends a notice to the pages of these users (None: all), and wakes who waits."""
        wanted = None if users is None else set(users)
        for user_id, queue in self._pages:
            if wanted is None or user_id in wanted:
                queue.put_nowait(notice)
        self.wake()

    def wake(self) -> None:
        """Something changed: everyone who waits looks again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def wait_for(self, predicate: Callable[[], T], timeout: float) -> T:  # noqa: ASYNC109 - the public name
        """The predicate's first true value, looked at now and after each change.

        Raises:
            TimeoutError: It did not become true in `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while True:
                future = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    if value := predicate():
                        return value
                    await future
                finally:
                    self._waiting.discard(future)

    def close(self) -> None:
        """Tells every page that the workspace stops."""
        for _, queue in self._pages:
            queue.put_nowait(None)
