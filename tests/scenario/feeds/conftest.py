"""A small web site on loopback that answers as it is told and records what it was asked."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Reply:
    """What to answer; headers may hold several values of one name."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    type: str | None = "application/rss+xml"


@dataclass
class Asked:
    """One request, as it came in."""

    method: str
    path: str
    headers: CIMultiDict[str]
    began: float
    connection: int
    ended: float = 0.0


class Site:
    """The site: `put` what it answers, then look at `asked`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.base = ""
        self._answers: dict[str, list[Reply | Answer]] = {}

    @property
    def host(self) -> str:
        """`host:port`, as the guard's list wants it."""
        return self.base.removeprefix("http://")

    def put(self, path: str, *answers: Reply | Answer) -> str:
        """Answer these in turn at a path, the last one for ever; returns the address."""
        self._answers[path] = list(answers)
        return self.base + path

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Record and answer."""
        peer = request.transport.get_extra_info("peername")[1] if request.transport is not None else 0
        asked = Asked(request.method, request.path_qs, CIMultiDict(request.headers), time.monotonic(), peer)
        self.asked.append(asked)
        try:
            answers = self._answers.get(request.path_qs) or self._answers.get(request.path)
            if not answers:
                return web.Response(status=404, text="nothing here")
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if not isinstance(answer, Reply):
                return await answer(request)
            headers = CIMultiDict(answer.headers)
            if answer.type is not None:
                headers.setdefault("Content-Type", answer.type)
            return web.Response(body=answer.body, status=answer.status, headers=headers)
        finally:
            asked.ended = time.monotonic()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site on a free port."""
    made = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    """A fetcher that may read the site, without a pause between requests."""
    async with Fetcher(
        user_agent="Tapeout/0.1 (+https://example.com/tapeout)",
        allowed_hosts=[site.host],
        host_spacing=0,
        max_bytes=200_000,
        total_timeout=5,
    ) as made:
        yield made


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    """A parser in a process of its own."""
    async with ParserPool(time_limit_s=5) as made:
        yield made
