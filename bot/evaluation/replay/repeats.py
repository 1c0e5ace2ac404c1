"""Was something posted twice? Judged by other means than the bot's identity, so that its faults can be seen. Pure.

A posted item repeats an earlier one of its feed when it has the same page, or a telling title that was posted within
a week. A page that items of several titles lead to (release notes, a front page) names none of them, and a title that
comes back on other days under other links is a column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.feeds.items import ParsedItem

CLOSE = timedelta(days=7)
#: A title tells items apart if it has so many words and letters.
_LEAST_WORDS, _LEAST_LETTERS = 4, 20
#: So many items with one title, each with its own link and day, are a column.
_COLUMN = 3
#: So many titles that have little in common share a page at different times.
_SHARED = 3
_LIKE = 0.5
_FROM = re.compile(
    r"^(?:utm_.*|fbclid|gclid|mc_[ce]id|ref_src|cmpid|ncid|ito|ftag|share.*|at_.*|mkt_tok|_hs.*|igshid|yclid|msclkid"
    r"|spm|guccounter|guce_.*|campaign.*|xtor|smid|ocid)$"
)
#: These may name a page, too; with a number they are taken to.
_PERHAPS = re.compile(r"^(?:ref|source|src|cmp|rss|feed|trk|partner|sh|sk|cid)$")
_FROM_FRAGMENT = re.compile(r"^(?:|utm_.*|:~:.*|rss.*|xtor.*|ref.*|ftag.*|atom.*|comment.*|respond|top)$")


@dataclass(frozen=True, slots=True)
class Post:
    """An item that would have been posted."""

    title: str
    url: str | None
    dated: datetime
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
    path = re.sub(r"/(?:index\.\w+|amp)?$", "", unquote(parts.path)).rstrip("/")
    query = sorted(pair for pair in parse_qsl(parts.query) if not _tracks(*pair))
    fragment = "" if _FROM_FRAGMENT.match(parts.fragment.lower()) else parts.fragment
    if not path and not query and not fragment:
        return None
    return f"{host}{path}?{query}#{fragment}"


def _tracks(name: str, value: str) -> bool:
    low = name.lower()
    return bool(_FROM.match(low)) or (bool(_PERHAPS.match(low)) and not value.isdigit())


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
        self._led_from: dict[str, list[frozenset[str]]] = defaultdict(list)
        self._bearers: dict[str, set[tuple[str | None, date]]] = defaultdict(set)

    def see(self, items: Sequence[ParsedItem], at: datetime) -> None:
        """Look at what a version holds, posted or not: which pages name nothing, which titles are a column's."""
        titles: dict[str, set[str]] = defaultdict(set)
        for item in items:
            key = page(item.url)
            if key is not None:
                titles[key].add(item.title)
                self._note(key, item.title)
            if words := title_words(item.title):
                self._bearers[words].add((key, (item.published_at or at).date()))
        self._shared |= {key for key, ones in titles.items() if len(ones) > 1}

    def _note(self, key: str, title: str) -> None:
        words = frozenset(re.findall(r"\w+", title.lower()))
        known = self._led_from[key]
        if len(known) < _SHARED and not any(_alike(words, other) for other in known):
            known.append(words)
            if len(known) == _SHARED:
                self._shared.add(key)

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
                apart = min(abs(post.dated - before.dated), abs(post.posted_at - before.posted_at))
                found = Repeat(post, before, "the same title within a week") if apart < CLOSE else None
            self._titles[words] = post
        return found

    def _is_column(self, words: str) -> bool:
        bearers = self._bearers[words]
        return len({link for link, _ in bearers}) >= _COLUMN and len({day for _, day in bearers}) >= _COLUMN


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or len(one & other) >= _LIKE * min(len(one), len(other))
