"""Serves made-up feeds from a process of its own, as cheaply as it can: the readers are measured, not the server.

Each of many ports on loopback stands for one host. `GET /f/7` is feed 7; `GET /edition/2` turns the page for all.
Every connection is closed after its answer: polls of one host are minutes apart, so each begins with a new one.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import UTC, datetime

from bench.feed_bodies import Press, role

_MATCH = re.compile(rb"\r\nif-none-match: *([^\r]+)\r\n", re.IGNORECASE)


class Stand:
    """All feeds' answers in the present edition, ready to be sent."""

    def __init__(self, feeds: int, seed: int) -> None:
        self._press = Press(seed, now=datetime.now(UTC).replace(microsecond=0))
        self._feeds = feeds
        self._sent: dict[int, tuple[bytes, bytes]] = {}
        self._tags: dict[int, bytes | None] = {}
        self.bytes = 0
        self.turn(0)

    def turn(self, edition: int) -> None:
        """Put another edition out."""
        for number in range(self._feeds):
            if edition and role(number) in {"not modified", "sent again"}:
                continue
            made = self._press.feed(number, edition)
            self.bytes += len(made.body) if edition == 0 else 0
            tag = f"ETag: {made.etag}\r\n" if made.etag else ""
            head = f"Content-Type: {made.content_type}\r\n{tag}Content-Length: {len(made.body)}\r\n"
            self._sent[number] = (
                b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head.encode() + b"\r\n" + made.body,
                f"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n{tag}\r\n".encode(),
            )
            self._tags[number] = made.etag.encode() if made.etag else None

    def answer(self, request: bytes) -> bytes:
        """What one request gets."""
        path = request.split(b" ", 2)[1].decode()
        if path.startswith("/edition/"):
            self.turn(int(path.rpartition("/")[2]))
            return b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        if not path.startswith("/f/"):
            return b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"
        number = int(path.rpartition("/")[2])
        whole, not_modified = self._sent[number]
        asked = _MATCH.search(request)
        return not_modified if asked and asked[1] == self._tags[number] else whole


class _Connection(asyncio.Protocol):
    """One client with one request, which has no body."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._read.endswith(b"\r\n\r\n"):
            assert isinstance(self._transport, asyncio.WriteTransport)
            self._transport.write(self._stand.answer(self._read))
            self._transport.close()


async def _serve(feeds: int, hosts: int, seed: int) -> None:
    loop = asyncio.get_running_loop()
    stand = Stand(feeds, seed)
    servers = [await loop.create_server(lambda: _Connection(stand), "127.0.0.1", 0) for _ in range(hosts)]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    sys.stdout.write(json.dumps({"ports": ports, "bytes": stand.bytes}) + "\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started this closes our input


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:4])))
