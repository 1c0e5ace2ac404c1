"""A stripped Slack Web API for many workspaces: takes posts after a while, and remembers what came where and when.

The local workspace (`bot.workspace`) is one workspace with everything that Slack shows in it; this is fifty with the
four methods that deliveries need, at a twentieth of the processor's time. It ends when its input is closed.
`GET /calls` gives what came, a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.answering import Connection

#: What Slack takes for a post, in seconds; a request to look something up is quicker.
LATENCY_S = 0.12
_LOOK_S = 0.05


class Stand:
    """All workspaces' channels: who posted what, and when it came in."""

    def __init__(self) -> None:
        self._calls: list[tuple[str, str, str, float]] = []
        self._channels: dict[str, list[dict[str, Any]]] = {}
        self._last = 0

    def answer(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        """What one request gets."""
        lines = head.decode("latin-1").split("\r\n")
        target = urlsplit(lines[0].split(" ")[1])
        method = target.path.rpartition("/")[2]
        if method == "calls":
            return _json(self._calls), 0.0
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        given = _given(headers.get("content-type", ""), target.query, body)
        return _json({"ok": True} | self._do(method, given)), LATENCY_S if method.startswith("chat.") else _LOOK_S

    def _do(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        channel = str(given.get("channel", ""))
        if method in {"chat.postMessage", "chat.update"}:
            now, key = time.time(), given["metadata"]["event_payload"]["delivery_key"]
            self._calls.append((method, channel, key, now))
            if method == "chat.update":
                return {"ts": given["ts"], "channel": channel}
            self._last = max(self._last + 1, int(now * 1e6))
            ts = f"{self._last / 1e6:.6f}"
            self._channels.setdefault(channel, []).append({"ts": ts, "metadata": given["metadata"]})
            return {"ts": ts, "channel": channel}
        if method in {"conversations.history", "conversations.replies"}:
            oldest = float(given.get("oldest") or 0)
            return {"messages": [one for one in self._channels.get(channel, ()) if float(one["ts"]) >= oldest]}
        if method == "conversations.info":
            return {"channel": {"id": channel, "name": channel.lower(), "is_member": True}}
        if method == "auth.test":
            return {"user_id": "UBOT", "team_id": "T0"}
        raise ValueError(f"{method} is not known here")


def _given(content_type: str, query: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        found: dict[str, Any] = json.loads(body)
        return found
    text = query + "&" + (body.decode() if body else "")
    return {name: values[-1] for name, values in parse_qs(text).items()}


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    stand = Stand()
    server = await loop.create_server(lambda: Connection(stand.answer), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)  # until whoever started this closes our input


if __name__ == "__main__":
    asyncio.run(_serve())
