"""What we say that we can read, we can read."""

from __future__ import annotations

import gzip
import importlib
import zlib
from typing import Any

import pytest

from bot.errors import FetchError
from bot.feeds.body import ACCEPT_ENCODING, BodyReader

TEXT = b"<rss><channel><title>Racks and reactors</title></channel></rss>" * 200
ANNOUNCED = [name.strip() for name in ACCEPT_ENCODING.split(",")]


def _library(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    pytest.fail(f"an encoding is announced that none of {names} is there to read")


def packed(encoding: str) -> bytes:
    """The text as a server would send it."""
    if encoding == "gzip":
        return gzip.compress(TEXT)
    if encoding == "deflate":
        return zlib.compress(TEXT)
    names = {"br": ("brotlicffi", "brotli"), "zstd": ("compression.zstd", "backports.zstd")}
    assert encoding in names, "an encoding that this test does not know is announced"
    made: bytes = _library(*names[encoding]).compress(TEXT)
    return made


@pytest.mark.parametrize("encoding", ANNOUNCED)
def test_every_encoding_that_is_announced_is_read(encoding: str) -> None:
    """Whole, in small pieces, and in a second layer; and what it holds is capped."""
    body = packed(encoding)
    reader = BodyReader(encoding, 1_000_000)
    for at in range(0, len(body), 7):
        reader.feed(body[at : at + 7])
    assert reader.value() == TEXT
    twice = BodyReader(f"{encoding}, gzip", 1_000_000)
    twice.feed(gzip.compress(body))
    assert twice.value() == TEXT
    with pytest.raises(FetchError) as caught:
        BodyReader(encoding, 1000).feed(body)
    assert caught.value.kind == "too_large"


@pytest.mark.parametrize("encoding", sorted({"br", "zstd", "compress", "dcb", "sdch"} - set(ANNOUNCED)))
def test_an_encoding_that_is_not_announced_is_refused_with_words(encoding: str) -> None:
    """A server that sends it all the same is at fault, and the feed's health says so."""
    with pytest.raises(FetchError, match="was not asked for") as caught:
        BodyReader(encoding, 1000)
    assert caught.value.kind == "encoding"
