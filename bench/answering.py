"""The least of HTTP that a local stand needs: a head, a body of a known length, an answer after a while."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

Answer = Callable[[bytes, bytes], tuple[bytes, float]]
"""(the head, the body) of a request → (the whole answer, after how many seconds)."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


class Connection(asyncio.Protocol):
    """One client, with one request after the other.

    Args:
        answer: makes the answers.
        closes: each answer is the connection's last one.
    """

    def __init__(self, answer: Answer, *, closes: bool = False) -> None:
        self._answer = answer
        self._closes = closes
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._read += data
        while (end := self._read.find(_END)) >= 0:
            head = self._read[:end]
            length = _LENGTH.search(head)
            whole = end + len(_END) + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            body, self._read = self._read[end + len(_END) : whole], self._read[whole:]
            answer, after_s = self._answer(head, body)
            if after_s:
                asyncio.get_running_loop().call_later(after_s, self._send, answer)
            else:
                self._send(answer)

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)
            if self._closes:
                self._transport.close()
