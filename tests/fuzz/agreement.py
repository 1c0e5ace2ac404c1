"""The fast path held against feedparser: it declines a feed, or finds the very same in it."""

from __future__ import annotations

from typing import Literal

from bot.errors import ParseError
from bot.feeds.items import ParsedFeed
from bot.feeds.parse import is_json, read_fast, read_slowly

_URL = "http://fuzz.example/dir/feed"


def compare(body: bytes, content_type: str | None) -> Literal["declined", "agreed"]:
    """Read a feed both ways.

    Raises:
        AssertionError: the two found different things.
    """
    if is_json(body, content_type):
        return "declined"
    fast = read_fast(body, content_type, _URL)
    if fast is None:
        return "declined"
    try:
        slow: ParsedFeed | str = read_slowly(body, content_type, _URL)
    except ParseError as error:
        slow = error.kind
    assert fast == slow, f"the fast path read\n{fast}\nand feedparser\n{slow}"
    return "agreed"
