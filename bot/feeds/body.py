"""Decoding a response's body while it streams in, with a cap on what comes out.

306 KB of gzip can be 300 MB of zeros, so each step is told how much it may produce.
"""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Protocol

from bot.errors import FetchError

_STEP = 65_536  # bytes decoded at a time


class _Decoder(Protocol):
    def feed(self, data: bytes) -> bytes: ...


class _Zlib:
    """gzip (with members one after the other) and deflate (with or without the zlib header)."""

    def __init__(self, room: Room, *, gzip: bool) -> None:
        self._room = room
        self._gzip = gzip
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 32 if gzip else zlib.MAX_WBITS)
        self._started = gzip

    def feed(self, data: bytes) -> bytes:
        if not self._started and data:
            # "deflate" is zlib by the standard and raw deflate by habit: the first byte's low half tells them apart.
            self._started = True
            if data[0] & 0x0F != 8:  # noqa: PLR2004 - CM = 8, RFC 1950
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        out = bytearray()
        while data:
            if self._inner.eof:
                if not self._gzip or not data.startswith(b"\x1f\x8b"):
                    break  # padding after the end
                self._inner = zlib.decompressobj(zlib.MAX_WBITS | 32)
            out += self._inner.decompress(data, min(_STEP, self._room.left(len(out)) + 1))
            self._room.check(len(out))
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        return bytes(out)


class _Optional:
    """Brotli or zstd, where a library for it is installed; capped after each small step."""

    def __init__(self, room: Room, inner: Any) -> None:  # noqa: ANN401 - libraries of two shapes
        self._room = room
        self._decode = getattr(inner, "process", None) or inner.decompress

    def feed(self, data: bytes) -> bytes:
        out = bytearray()
        for start in range(0, len(data), 1024):
            out += self._decode(data[start : start + 1024])
            self._room.check(len(out))
        return bytes(out)


class _Plain:
    def feed(self, data: bytes) -> bytes:
        return data


class Room:
    """How much may still be decoded.

    Args:
        cap: bytes in all.
    """

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self.taken = 0

    def left(self, pending: int = 0) -> int:
        """Bytes that still fit."""
        return max(0, self._cap - self.taken - pending)

    def check(self, pending: int) -> None:
        """Refuse more than fits.

        Raises:
            FetchError: of kind `too_large`.
        """
        if self.taken + pending > self._cap:
            raise FetchError(
                f"What came back is larger than {self._cap / 1e6:.3g} MB, so reading it was stopped.", kind="too_large"
            )


class BodyReader:
    """Collect a body.

    Args:
        encoding: the Content-Encoding header, or nothing.
        cap: the most bytes that may come out.

    Raises:
        FetchError: of kind `encoding` (unknown or broken) or `too_large`.
    """

    def __init__(self, encoding: str | None, cap: int) -> None:
        self._room = Room(cap)
        self._parts: list[bytes] = []
        names = [name.strip().lower() for name in (encoding or "").split(",")]
        names = [name for name in names if name and name != "identity"]
        if len(names) > 2:  # noqa: PLR2004 - more than two layers is an attack
            raise FetchError("The server packed its answer in too many layers.", kind="encoding")
        self._decoders = [_decoder(name, self._room) for name in reversed(names)] or [_Plain()]

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the network."""
        for start in range(0, len(data), _STEP):
            piece = data[start : start + _STEP]
            try:
                for decoder in self._decoders:
                    piece = decoder.feed(piece)
            except FetchError:
                raise
            except Exception as error:  # each optional library has its own error class
                raise FetchError("The server's compressed answer is broken.", kind="encoding") from error
            self._room.check(len(piece))
            self._room.taken += len(piece)
            self._parts.append(piece)

    def value(self) -> bytes:
        """All that was read."""
        return b"".join(self._parts)


def _optional(*names: str) -> Any:  # noqa: ANN401 - a module, or nothing
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


_BROTLI = _optional("brotlicffi", "brotli")
_ZSTD = _optional("compression.zstd", "backports.zstd")

ACCEPT_ENCODING = ", ".join(
    ["gzip", "deflate", *(["br"] if _BROTLI is not None else []), *(["zstd"] if _ZSTD is not None else [])]
)


def _decoder(name: str, room: Room) -> _Decoder:
    if name in {"gzip", "x-gzip"}:
        return _Zlib(room, gzip=True)
    if name == "deflate":
        return _Zlib(room, gzip=False)
    if name == "br" and _BROTLI is not None:
        return _Optional(room, _BROTLI.Decompressor())
    if name == "zstd" and _ZSTD is not None:
        return _Optional(room, _ZSTD.ZstdDecompressor())
    raise FetchError(f"The server packed its answer as {name[:20]!r}, which was not asked for.", kind="encoding")
