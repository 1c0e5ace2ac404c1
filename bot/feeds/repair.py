"""Mending of broken XML before it is read a second time, and quick looks at raw bytes. Pure."""

from __future__ import annotations

import re

_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)")
_REFERENCE = re.compile(rb"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]")
_REACH = 65_536


def repair(body: bytes) -> bytes:
    """Escape ampersands that stand alone (`AT&T`), drop control characters and references to what is no character.

    CDATA sections and UTF-16 are left alone.
    """
    if body.startswith(_WIDE):
        return body
    parts = _CDATA.split(body)
    mended = [part if part.startswith(b"<![CDATA[") else _escaped(part) for part in parts]
    return _CONTROL.sub(b"", b"".join(mended)).lstrip()


def _escaped(part: bytes) -> bytes:
    return _REFERENCE.sub(_checked, _BARE_AMPERSAND.sub(b"&amp;", part))


def _checked(match: re.Match[bytes]) -> bytes:
    """A character reference, unless XML has no such character: surrogates, NUL, beyond Unicode."""
    number = int(match.group(1)) if match.group(1) else int(match.group(2), 16)
    fits = number in {9, 10, 13} or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0x10FFFF  # noqa: PLR2004 - XML 1.0
    return match.group() if fits else b""


def looks_like_html(body: bytes) -> bool:
    """Whether the start of a body is a web page's."""
    return _HTML.search(body[:4096]) is not None


def head_and_tail(body: bytes) -> str:
    """What stands before the first item, and the last of what stands after it, as text."""
    first = _ITEM.search(body)
    head = body[: min(first.start() if first else len(body), _REACH)]
    tail = body[max(first.start(), len(body) - 8192) :] if first else b""
    return (head + b"\n" + tail).decode("utf-8", "replace")
