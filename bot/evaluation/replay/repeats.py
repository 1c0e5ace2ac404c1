"""Was something posted twice? Judged by other means than the bot's identity, so that its faults can be seen. Pure.

A posted item repeats an earlier one of its feed when it has the same page, or a telling title that was posted within
a week. Links that several items share at one time (a release notes page, a front page) name none of them, and a title
that comes back on other days under other links is a column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.feeds.items import ParsedItem

CLOSE = timedelta(days=7)
#: A title tells items apart if it has so many words and letters.
_LEAST_WORDS, _LEAST_LETTERS = 4, 20
#: So many items with one title, each with its own link and day, are a column.
_COLUMN = 3
_FROM = re.compile(
    r"^(?:utm_.*|fbclid|gclid|mc_[ce]id|ref|ref_src|source|src|cmp|cmpid|ncid|ito|ftag|rss|feed|share.*|at_.*|mkt_tok"
    r"|_hs.*|igshid|yclid|msclkid|spm|trk|guccounter|guce_.*|partner|campaign.*|xtor|smid|sh|sk|cid|ocid)$"
)
_FROM_FRAGMENT = re.compile(r"^(?:|utm_.*|:~:.*|rss.*|xtor.*|ref.*|ftag.*|atom.*|comment.*|respond|top)$")


@dataclass(frozen=True, slots=True)
class Post:
    """An item that would have been posted."""

    title: str
    url: str | None
    date: datetime
    posted_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A post that says what an earlier one said, and by what it can be told."""

    post: Post
    before: Post
    by: str


def page(url: str | None) -> str | None:
    """What an address leads to, in one form: no scheme, no `www.`, nothing that only tracks; None for a front page."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    host = re.sub(r"^(?:www\d?|m|amp|mobile)\.", "", host)
    path = re.sub(r"/(?:index\.\w+|amp)?$", "", unquote(parts.path)).rstrip("/").lower()
    query = sorted(pair for pair in parse_qsl(parts.query) if not _FROM.match(pair[0].lower()))
    fragment = "" if _FROM_FRAGMENT.match(parts.fragment.lower()) else parts.fragment
    if not path and not query and not fragment:
        return None
    return f"{host}{path}?{query}#{fragment}"


def title_words(title: str) -> str:
    """A title's letters and digits, in lower case; empty where it is too short to tell items apart."""
    folded = unicodedata.normalize("NFKD", title).lower()
    words = re.sub(r"[^\w]+", " ", folded).split()
    letters = sum(len(word) for word in words)
    return " ".join(words) if len(words) >= _LEAST_WORDS and letters >= _LEAST_LETTERS else ""


class Repeats:
    """One feed's posts so far."""

    def __init__(self) -> None:
        self._pages: dict[str, Post] = {}
        self._titles: dict[str, Post] = {}
        self._shared: set[str] = set()
        self._bearers: dict[str, set[tuple[str | None, object]]] = defaultdict(set)

    def see(self, items: Sequence[ParsedItem], at: datetime) -> None:
        """Look at what a version holds, posted or not: which links name nothing, which titles are a column's."""
        titles: dict[str, set[str]] = defaultdict(set)
        for item in items:
            key = page(item.url)
            if key is not None:
                titles[key].add(item.title)
            words = title_words(item.title)
            if words:
                self._bearers[words].add((key, (item.published_at or at).date()))
        self._shared |= {key for key, ones in titles.items() if len(ones) > 1}

    def post(self, post: Post) -> Repeat | None:
        """Note a post; the earlier one that it repeats, if there is one."""
        key, words = page(post.url), title_words(post.title)
        found: Repeat | None = None
        if key is not None and key not in self._shared:
            if (before := self._pages.get(key)) is not None:
                found = Repeat(post, before, "the same page")
            self._pages[key] = post
        if words:
            before = self._titles.get(words)
            if found is None and before is not None and not self._is_column(words):
                apart = min(abs(post.date - before.date), abs(post.posted_at - before.posted_at))
                found = Repeat(post, before, "the same title within a week") if apart <= CLOSE else None
            self._titles[words] = post
        return found

    def _is_column(self, words: str) -> bool:
        bearers = self._bearers[words]
        return len({link for link, _ in bearers}) >= _COLUMN and len({day for _, day in bearers}) >= _COLUMN
