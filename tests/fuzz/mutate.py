"""Breaking a feed as publishers, proxies and enemies do. Seeded: the same number gives the same bytes everywhere."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import wellformed
from .seeds import seeds

LARGEST = 2_000_000
"""Bytes; what is fetched is capped before it is parsed, and small bodies can be as hostile as large ones."""

_TAG = re.compile(rb"<[^<>]{1,200}>")
_TEXT = re.compile(rb">([^<>]{1,400})<")
_DATE = re.compile(rb"\d{4}-\d\d-\d\d[T0-9:.+Z-]*|\d{1,2} [A-Z][a-z]{2} \d{4} [0-9:]+ [A-Z+0-9]+")
_ENCODINGS = (
    b"utf-8",
    b"utf-16",
    b"utf-7",
    b"windows-1252",
    b"shift_jis",
    b"ebcdic-cp-us",
    b"x-none",
    b"idna",
    b"rot13",
)
_TYPES = (
    "application/rss+xml; charset=utf-16", "text/xml; charset=us-ascii", "application/json", "text/html",
    "application/octet-stream", "", "application/atom+xml; charset=x-unknown", "image/png",
)  # fmt: skip
_NASTY = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"&#xD800;", b"&#0;", b"&#99999999;", b"&nbsp;", b"&undefined;", b"]]>",
    b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE x [", b"<?xml?>", b"<?php", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9", b"%00",
    b"javascript:alert(1)", b"http://[::1", b"file:///etc/passwd", b"data:,x", b"<script>", b"</channel>", b"</item>",
)  # fmt: skip
_DATES = (
    b"Mon, 32 Dec 9999 99:99:99 +9999", b"0000-00-00T00:00:00Z", b"mardi 21 novembre 2026", b"11/22/2026", b"-1",
    b"9" * 400,
    b"2026-11-22T25:61:61+99:99", b"1e308", b"Thu, 01 Jan 1970 00:00:00 GMT", b"99999-01-01",
)  # fmt: skip
_BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
)


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken feed.

    Attributes:
        number: what it is made from; `make(number)` makes it again.
        done: what was done to it, for people.
    """

    number: int
    content_type: str
    body: bytes
    done: tuple[str, ...]


def make(number: int) -> Broken:
    """Broken feed `number`: a seed with one to four mutations, or one in six put together oddly but well-formed."""
    draw = random.Random(number)
    if number % 6 == 0:
        return Broken(number, *wellformed.make(number), ("put together",))
    content_type, body = draw.choice(seeds())
    done = []
    for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 4))):
        mutate = draw.choice(MUTATORS)
        body = mutate(draw, body)[:LARGEST]
        done.append(mutate.__name__.strip("_"))
    if draw.random() < 0.15:
        content_type = draw.choice(_TYPES)
        done.append("another content type")
    return Broken(number, content_type, body, tuple(done))


def _cut(draw: random.Random, body: bytes) -> bytes:
    return body[: draw.randrange(len(body) + 1)]


def _flip(draw: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(draw.randint(1, max(1, len(body) // 200)) if body else 0):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _drop(draw: random.Random, body: bytes) -> bytes:
    start = draw.randrange(len(body) + 1)
    return body[:start] + body[start + draw.randint(1, 2000) :]


def _repeat(draw: random.Random, body: bytes) -> bytes:
    start = draw.randrange(len(body) + 1)
    piece = body[start : start + draw.randint(1, 3000)]
    return body[:start] + piece * draw.randint(2, 60) + body[start:]


def _insert(draw: random.Random, body: bytes) -> bytes:
    for _ in range(draw.randint(1, 8)):
        at = draw.randrange(len(body) + 1)
        body = body[:at] + draw.choice(_NASTY) * draw.choice((1, 1, 1, 5, 300)) + body[at:]
    return body


def _nest(draw: random.Random, body: bytes) -> bytes:
    depth = draw.choice((10, 200, 3000, 30_000))
    tag = draw.choice((b"div", b"b", b"item", b"rss", b"x:y", b"content:encoded", b"outline", b"entry"))
    opened, closed = b"<" + tag + b">", b"</" + tag + b">"
    at = draw.choice([match.end() for match in _TAG.finditer(body)] or [0])
    tail = closed * depth if draw.random() < 0.5 else b""
    return body[:at] + opened * depth + tail + body[at:]


def _attributes(draw: random.Random, body: bytes) -> bytes:
    tags = list(_TAG.finditer(body))
    if not tags:
        return body
    end = draw.choice(tags).end() - 1
    kind = draw.randrange(3)
    if kind == 0:
        more = b' a="' + b"A" * draw.choice((1000, 100_000, 900_000)) + b'"'
    elif kind == 1:
        more = b"".join(b' a%d="1"' % number for number in range(draw.choice((50, 5000))))
    else:
        more = b' xmlns:n="' + draw.choice(_NASTY) + b'" ' + b"q" * draw.choice((10, 60_000))
    return body[:end] + more + body[end:]


def _entities(draw: random.Random, body: bytes) -> bytes:
    start = body.find(b"?>") + 2 if body.startswith(b"<?xml") else 0
    body = body[:start] + _BOMB + body[start:]
    return _TEXT.sub(
        lambda _: b">" + draw.choice((b"&e;", b"&x;", b"&a;&a;", b"&undefined;")) + b"<", body, count=draw.randint(1, 5)
    )


def _encoding(draw: random.Random, body: bytes) -> bytes:
    kind = draw.randrange(4)
    if kind == 0:
        head = b'<?xml version="1.0" encoding="' + draw.choice(_ENCODINGS) + b'"?>'
        return head + re.sub(rb"^<\?xml[^>]*\?>", b"", body)
    text = body.decode("utf-8", "replace")
    if kind == 1:
        return text.encode(draw.choice(("utf-16", "utf-32", "utf-16-be", "utf-7")), "replace")
    if kind == 2:
        return draw.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) + body
    return text.encode("utf-8").decode("latin-1").encode("utf-8")  # read wrongly once, as many archives are


def _mix(draw: random.Random, body: bytes) -> bytes:
    _, other = draw.choice(seeds())
    at, from_ = draw.randrange(len(body) + 1), draw.randrange(len(other) + 1)
    return body[:at] + other[from_:]


def _dates(draw: random.Random, body: bytes) -> bytes:
    return _DATE.sub(lambda _: draw.choice(_DATES), body, count=draw.randint(1, 30))


def _swap(draw: random.Random, body: bytes) -> bytes:
    tags = sorted({match[0] for match in _TAG.finditer(body)})
    if len(tags) < 2:
        return body
    one, other = draw.sample(tags, 2)
    return body.replace(one, other, draw.choice((1, 3, -1)))


def _unclose(draw: random.Random, body: bytes) -> bytes:
    ends = sorted({match[0] for match in _TAG.finditer(body) if match[0].startswith(b"</")})
    return body.replace(draw.choice(ends), b"", draw.choice((1, -1))) if ends else body


def _many_items(draw: random.Random, body: bytes) -> bytes:
    found = re.search(rb"<(item|entry)\b.*?</\1>", body, re.DOTALL)
    if found is None:
        return body
    return body[: found.end()] + found[0][:400] * draw.choice((100, 1500, 4000)) + body[found.end() :]


def _json_values(draw: random.Random, body: bytes) -> bytes:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        depth = draw.choice((100, 100_000))
        return (
            b'{"version":"https://jsonfeed.org/version/1","items":'
            + b"[" * depth
            + (b"]" * depth + b"}") * draw.randrange(2)
        )
    odd: tuple[object, ...] = (
        None,
        -1,
        1e308,
        True,
        "",
        [],
        {},
        "\ud800",
        "x" * 100_000,
        [[[]]],
        {"id": {"id": {}}},
        10**400,
        "9" * 5000,
    )
    places: list[tuple[Any, Any]] = []
    _walk(data, places)
    for _ in range(draw.randint(1, 6)):
        holder, key = draw.choice(places)
        holder[key] = draw.choice(odd)
    return json.dumps(data).encode("utf-8", "surrogatepass")


def _walk(value: object, places: list[tuple[Any, Any]]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            places.append((value, key))
            _walk(inner, places)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            places.append((value, at))
            _walk(inner, places)


MUTATORS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut, _flip, _drop, _repeat, _insert, _nest, _attributes, _entities, _encoding, _mix, _dates, _swap, _unclose,
    _many_items, _json_values,
)  # fmt: skip
