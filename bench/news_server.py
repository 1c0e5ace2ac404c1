"""Serves the hour's feeds and pages on some ports; the hour begins when it is told so.

Its first line of input is a `Wanted` as JSON; it answers with its ports, and ends when its input is closed.
`GET /begin/SECONDS` sets when the hour begins, in seconds since the epoch.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import urllib.request
from bisect import bisect_right
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bench import news
from bench.answering import Connection

_MATCH = re.compile(rb"\r\nif-none-match: *([^\r]+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which news.

    Attributes:
        pace: how many of the hour's seconds go by in one.
    """

    feeds: int
    articles: int
    hosts: int
    seed: int
    pace: float

    def __str__(self) -> str:
        return json.dumps(asdict(self))


class Stand:
    """All feeds as they are now."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._began = float("inf")
        self.ports: list[int] = []
        self._pages = {one.key: one for one in news.hour(wanted.feeds, wanted.articles, wanted.seed)}
        self._of: defaultdict[int, list[news.Printed]] = defaultdict(list)
        for one in self._pages.values():
            self._of[one.feed].append(one)
        self._old = [news.old(feed, wanted.seed) for feed in range(wanted.feeds)]
        self._pages |= {one.key: one for old in self._old for one in old}
        self._made: dict[tuple[int, int], bytes] = {}

    def answer(self, head: bytes, _body: bytes) -> tuple[bytes, float]:
        """What one request gets."""
        kind, _, what = head.split(b" ", 2)[1].decode()[1:].partition("/")
        if kind == "begin":
            self._began = float(what)
            return b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", 0.0
        if kind == "a":
            return _whole(news.page(self._pages[what].piece), "text/html; charset=utf-8"), 0.0
        if kind != "f":  # robots.txt
            return b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 0.0
        feed = int(what)
        out = self._of[feed]
        many = bisect_right([one.at for one in out], (time.time() - self._began) * self._wanted.pace)
        tag = f'"{feed}-{many}"'.encode()
        asked = _MATCH.search(head + b"\r\n")
        if asked and asked[1] == tag:
            return b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\nETag: " + tag + b"\r\n\r\n", 0.0
        made = self._made.get((feed, many))
        if made is None:
            began = self._began if many else time.time()
            base = f"http://127.0.0.1:{self.ports[feed % len(self.ports)]}"
            items = [*reversed(out[:many]), *self._old[feed]]
            made = news.rss(feed, items, base, datetime.fromtimestamp(began, UTC), self._wanted.pace)
            self._made[feed, many] = made
        return _whole(made, "application/rss+xml", b"ETag: " + tag + b"\r\n"), 0.0


def _whole(body: bytes, content_type: str, more: bytes = b"") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + more + b"\r\n" + body


def begin(port: int, at: float) -> None:
    """Let the hour begin, at so many seconds since the epoch."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/begin/{at}").close()


async def _serve(wanted: Wanted) -> None:
    loop = asyncio.get_running_loop()
    stand = Stand(wanted)
    servers = [
        await loop.create_server(lambda: Connection(stand.answer, closes=True), "127.0.0.1", 0)
        for _ in range(wanted.hosts)
    ]
    stand.ports = [server.sockets[0].getsockname()[1] for server in servers]
    sys.stdout.write(json.dumps(stand.ports) + "\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started this closes our input


if __name__ == "__main__":
    asyncio.run(_serve(Wanted(**json.loads(sys.stdin.readline()))))
