"""What testifies that two items are the same: the keys made of a guid, a link, a title and a text. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from bot.feeds.urls import canonical_url

_NOISE_FRAGMENT = re.compile(
    r"^(?:$|:~:|utm_|xtor|rss|ref|comment|respond|atom|feed|ftag|source|intcid|top$|!$)", re.IGNORECASE
)
_TAGS = re.compile(r"<(?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*'){0,4000}>")
_GENERIC = {"untitled", "no title", "new post", "update", "news", "post"}


def guid_key(guid: str | None) -> str | None:
    """A guid as it is compared: an address loses its scheme, `www.` and a last slash, anything else stays."""
    text = (guid or "").strip()
    if not text:
        return None
    return re.sub(r"^https?://(?:www\.)?", "", text, flags=re.IGNORECASE).rstrip("/") or text


def is_weak(key: str) -> bool:
    """Whether a guid is so short that a feed may give it out again: a position in the list, not a name."""
    return len(key) <= 3  # noqa: PLR2004 - "1" to "999"


@lru_cache(maxsize=2048)
def url_key(url: str | None) -> str | None:
    """A link as it is compared; None when it can't tell items apart (a site's front page).

    A fragment counts: release notes give each entry of one page its own. Fragments that only track do not.
    """
    if not url:
        return None
    key = canonical_url(url)
    parts = urlsplit(key)
    fragment = urlsplit(url).fragment
    if fragment and not _NOISE_FRAGMENT.match(fragment) and not parts.fragment:
        return f"{key}#{fragment}"
    return key if parts.path or parts.query or parts.fragment else None


@lru_cache(maxsize=2048)
def title_key(title: str) -> str:
    """A title as it is compared: letters and digits only, in one case."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold()))


def is_telling(key: str) -> bool:
    """Whether a title says enough to be recognised by: "Weekly update" does not."""
    if key in _GENERIC:
        return False
    # Ideographs and syllables say more each.
    wide = 0 if key.isascii() else sum(1 for letter in key if ord(letter) > 0x2E80)  # noqa: PLR2004
    return len(key) + wide * 2 >= 20 or key.count(" ") >= 3  # noqa: PLR2004 - about four words


def content_hash(summary: str, content: str) -> str:
    """A hash of the words, in HTML or text, that a reader would see below an item's title: no markup, no stamps."""
    digest = hashlib.sha256()
    for part in (summary, content):
        digest.update(" ".join(_TAGS.sub(" ", part).split()).encode("utf-8", "replace"))
        digest.update(b"\x00")
    return digest.hexdigest()[:32]


def short(text: str) -> str:
    """A short stable hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def likeness(one: str, other: str) -> float:
    """The share of two title keys' words that they have in common, 0–1 (Jaccard); 0 when their numbers differ."""
    words, more = set(one.split()), set(other.split())
    if not words or not more or any(any(map(str.isdigit, word)) for word in words ^ more):
        return 0.0
    return len(words & more) / len(words | more)
