"""The shelf itself: reads the catalog, keeps time, and listens.

Time is worked out at each request from the clock and the progress; there is no background task.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.shelf import timeline
from bot.shelf.catalog import Catalog, load_catalog
from bot.shelf.progress import Progress, load_progress, save_progress
from bot.shelf.site import Request, Site, View

MAX_REQUESTS = 2000


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """A feed of the shelf. `url` is what an admin would subscribe; `format` is rss2, atom, rdf or json."""

    url: str
    title: str
    publisher: str
    format: str


class Shelf:
    """The sample feeds on a local web server.

    Args:
        state_path: where to keep how far the shelf has come; None keeps it in memory only.
        host: the address to listen on.
        port: the port to listen on; 0 takes a free one.
        pace: shelf seconds a second; at 1.0 something comes out about every 12 s.
        clock: the time now, an aware datetime.

    Raises:
        ValueError: the pace isn't above 0.
    """

    def __init__(
        self,
        *,
        state_path: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: float = 1.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if pace <= 0:
            raise ValueError("pace must be above 0")
        self._state_path = state_path
        self._host = host
        self._port = port
        self._pace = pace
        self._clock = clock
        self._catalog: Catalog | None = None
        self._progress = Progress()
        self._started = timeline.Start(clock(), timedelta(0), pace)
        self._runner: web.AppRunner | None = None
        self._url = ""
        self._requests: deque[Request] = deque(maxlen=MAX_REQUESTS)

    @property
    def url(self) -> str:
        """The server's address, with no slash at its end.

        Raises:
            RuntimeError: the shelf isn't started.
        """
        if self._runner is None:
            raise RuntimeError("the shelf isn't started")
        return self._url

    @property
    def feeds(self) -> tuple[SampleFeed, ...]:
        """Every feed, at the address that people know (of the feed that moved, the old one).

        Raises:
            RuntimeError: the shelf isn't started.
        """
        return tuple(SampleFeed(self.url + p.subscribe_path, p.name, p.name, p.format) for p in self._books.publishers)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The newest requests, oldest first; at most `MAX_REQUESTS`."""
        return tuple(self._requests)

    @property
    def _books(self) -> Catalog:
        if self._catalog is None:
            raise RuntimeError("the shelf isn't started")
        return self._catalog

    async def start(self) -> None:
        """Read the catalog, go on from the kept progress, and listen.

        Raises:
            CatalogError: a data file is wrong.
            ProgressError: the progress can't be read.
            OSError: the port is taken.
            RuntimeError: the shelf is started already.
        """
        if self._runner is not None:
            raise RuntimeError("the shelf is started already")
        self._catalog = load_catalog()
        kept = load_progress(self._state_path) if self._state_path is not None else None
        self._progress = kept or self._progress  # with no file, a stopped shelf goes on from memory
        self._started = timeline.Start(self._clock(), self._progress.elapsed, self._pace)
        self._advance()
        runner = web.AppRunner(Site(self._catalog, self._look, self._requests).application(), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        # Listening on every address, the loopback one is what a person on this machine can open.
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host, self._host)  # noqa: S104  compared, not bound
        self._url = f"http://{shown}:{runner.addresses[0][1]}"
        self._runner = runner

    async def stop(self) -> None:
        """Remember how far the shelf has come, and stop listening. Stopping a stopped shelf does nothing."""
        if self._runner is None:
            return
        self._advance()
        self._save()
        runner, self._runner = self._runner, None
        await runner.cleanup()

    def release_all(self) -> None:
        """Put out everything now; what was out keeps its dates.

        Raises:
            RuntimeError: the shelf isn't started.
        """
        self._advance()
        self._progress = timeline.advance_to_end(self._books, self._progress, self._clock())
        self._save()

    def _look(self) -> View:
        self._advance()
        coming = timeline.next_due(self._books, self._progress)
        return View(
            base=self._url,
            now=self._clock(),
            out=timeline.on_shelf(self._books, self._progress),
            next_in=None if coming is None else coming / self._pace,
        )

    def _advance(self) -> None:
        before = len(self._progress.released)
        self._progress = timeline.advance(self._books, self._progress, self._started, self._clock())
        if len(self._progress.released) != before:
            self._save()

    def _save(self) -> None:
        if self._state_path is not None:
            save_progress(self._state_path, self._progress)
