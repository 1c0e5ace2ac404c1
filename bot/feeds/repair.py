"""Mending of broken XML before it is read a second time, and quick looks at raw bytes. Pure."""

from __future__ import annotations

import re

_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]")
_REACH = 65_536


def repair(body: bytes) -> bytes:
    """Escape ampersands that stand alone (`AT&T`) and drop control characters; CDATA and UTF-16 are left alone."""
    if body.startswith(_WIDE):
        return body
    parts = _CDATA.split(body)
    mended = [part if part.startswith(b"<![CDATA[") else _BARE_AMPERSAND.sub(b"&amp;", part) for part in parts]
    return _CONTROL.sub(b"", b"".join(mended)).lstrip()


def looks_like_html(body: bytes) -> bool:
    """Whether the start of a body is a web page's."""
    return _HTML.search(body[:4096]) is not None


def head_and_tail(body: bytes) -> str:
    """What stands before the first item, and the last of what stands after it, as text."""
    first = _ITEM.search(body)
    head = body[: min(first.start() if first else len(body), _REACH)]
    tail = body[max(first.start(), len(body) - 8192) :] if first else b""
    return (head + b"\n" + tail).decode("utf-8", "replace")
