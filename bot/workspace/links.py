"""The app's WebSockets: opening with a one-time ticket, `hello`, `disconnect`, and their end."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from bot.workspace.shapes import JsonObject
from bot.workspace.timing import Timing

LINKS_MOST = 10
"""Sockets that one app may hold (Slack's limit)."""

log = logging.getLogger(__name__)
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(slots=True, eq=False)
class Link:
    """One WebSocket of the app; `outgoing` keeps its messages in order (None ends it).

    A draining link gets no more envelopes, but its acknowledgements still count.
    """

    ws: web.WebSocketResponse
    abort: Callable[[], None]
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    outgoing: asyncio.Queue[JsonObject | None] = field(default_factory=asyncio.Queue)
    draining: bool = False


class Links:
    """All sockets of the app.

    Args:
        app_id: Said in `hello`.
        timing: How long things may take.
        received: Gets each JSON object that the app sends.
        opened: Told when a socket can take envelopes.
        closed: Told when a socket is gone.
    """

    def __init__(
        self,
        app_id: str,
        timing: Timing,
        *,
        received: Callable[[JsonObject], None],
        opened: Callable[[], None],
        closed: Callable[[Link], None],
    ) -> None:
        self._app_id = app_id
        self._timing = timing
        self._received = received
        self._opened = opened
        self._closed = closed
        self._tickets: dict[str, float] = {}
        self._all: list[Link] = []
        self._turn = 0
        self._arrival = asyncio.Event()
        self._left_at: float | None = None

    @property
    def live(self) -> list[Link]:
        """The sockets that take envelopes now."""
        return [link for link in self._all if not link.draining]

    def ticket(self) -> str:
        """A one-time ticket for a new socket."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = time.monotonic() + self._timing.ticket
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Holds one socket until it closes."""
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < time.monotonic():
            return web.Response(status=403, text="This ticket is unknown, used or expired.")
        ws = web.WebSocketResponse(heartbeat=self._timing.ping)
        await ws.prepare(request)
        transport = request.transport
        link = Link(ws, transport.abort if transport is not None else lambda: None)
        writer = asyncio.create_task(_write(link))
        try:
            if len(self.live) >= LINKS_MOST:
                link.outgoing.put_nowait(_disconnect("too_many_websockets"))
            else:
                self._welcome(link)
                await self._read(link)
        finally:
            self._forget(link)
            link.outgoing.put_nowait(None)
            await writer
        return ws

    def next(self) -> Link | None:
        """The socket whose turn it is, or None where the app holds none."""
        live = self.live
        if not live:
            return None
        self._turn += 1
        return live[self._turn % len(live)]

    async def wait(self) -> Link | None:
        """The next socket; where the app is between two of them, the one it comes back with.

        Returns None where it holds none and has been away for longer than an acknowledgement may take.
        """
        while (link := self.next()) is None:
            away = self._left_at is None or time.monotonic() - self._left_at > self._timing.ack
            if not self._all and away:
                return None
            await self._arrival.wait()
        return link

    def refresh(self, reason: DisconnectReason) -> None:
        """Announces the end of every socket, as Slack does every few hours; the app is to open new ones."""
        for link in self.live:
            link.outgoing.put_nowait(_disconnect(reason))
            if reason == "link_disabled":
                link.outgoing.put_nowait(None)
            else:
                asyncio.get_running_loop().call_later(self._timing.drain, link.outgoing.put_nowait, None)
            self._drain(link)

    def kill(self, link: Link) -> None:
        """This socket dies at once, without a word."""
        self._drain(link)
        link.abort()

    def kill_all(self) -> None:
        """Every socket dies at once, without a word."""
        for link in list(self._all):
            self.kill(link)

    def close(self) -> None:
        """Ends all sockets cleanly."""
        for link in list(self._all):
            link.outgoing.put_nowait(None)

    def _drain(self, link: Link) -> None:
        link.draining = True
        if not self.live:
            self._arrival.clear()

    def _welcome(self, link: Link) -> None:
        self._all.append(link)
        link.outgoing.put_nowait(
            {
                "type": "hello",
                "num_connections": len(self.live),
                "debug_info": {"host": f"applink-{link.id}", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._app_id},
            }
        )
        self._arrival.set()
        self._opened()

    def _forget(self, link: Link) -> None:
        if link not in self._all:
            return
        self._all.remove(link)
        self._left_at = time.monotonic()
        if not self.live:
            self._arrival.clear()
        self._closed(link)

    async def _read(self, link: Link) -> None:
        async for message in link.ws:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(message.data)
            except ValueError:
                log.warning("The app sent something on its socket that is not JSON.")
                continue
            if isinstance(answer, dict):
                self._received(answer)


async def _write(link: Link) -> None:
    while (message := await link.outgoing.get()) is not None:
        try:
            await link.ws.send_str(json.dumps(message))
        except ConnectionError:
            return
    await link.ws.close()


def _disconnect(reason: DisconnectReason) -> JsonObject:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
