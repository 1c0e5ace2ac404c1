"""What is known of the archive as a whole: how many articles it holds, and how rare a word is in it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.store import Database, articles, passages
from bot.stories.sentences import words
from bot.stories.vectors import TermStats

#: Frequencies move slowly: half a megabyte is not read for each question.
REFRESH = timedelta(minutes=10)
#: While little has been read, they do not.
REFRESH_EARLY = timedelta(minutes=1)
_EARLY = 2_000
COUNT_EVERY = timedelta(seconds=20)
#: So many passages are looked at for words that are looked for one by one; the newest of more would hide rare words.
MOST_MATCHES = 20_000
#: So many for words that only mean nearly the same.
MOST_OTHER_MATCHES = 10_000
#: Passages of an article, about.
_PASSAGES = 5
_FORMS = ("s", "ed", "ing", "es")


class Knowledge:
    """Read from the store now and then, held in between.

    Args:
        db: the store.
        clock: what time it is.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._stats = TermStats()
        self._stats_at: datetime | None = None
        self._articles = 0
        self._oldest: datetime | None = None
        self._counted_at: datetime | None = None
        self._lock = asyncio.Lock()

    @property
    def articles(self) -> int:
        """How many articles can be searched, as of the last look."""
        return self._articles

    @property
    def oldest(self) -> datetime | None:
        """When the first article was published, as of the last look."""
        return self._oldest

    def rarity(self, stem: str) -> float:
        """A stem's inverse document frequency."""
        return self._stats.rarity(stem)

    def common(self, asked: Iterable[str], most: int = MOST_MATCHES) -> frozenset[str]:
        """The words that are too common to be looked for alone: the rarest always stay.

        Args:
            asked: words.
            most: passages that may hold any of those that stay.
        """
        shares = {word: self._share(word) for word in asked}
        budget = float(most)
        plain = set()
        for place, (word, share) in enumerate(sorted(shares.items(), key=lambda item: item[1])):
            budget -= share * self._articles * _PASSAGES
            if budget < 0 and place:
                plain.add(word)
        return frozenset(plain)

    def affordable(self, own: Iterable[str], also: Iterable[str]) -> tuple[str, ...]:
        """Words that mean nearly the same as a question's, beside its own, as far as a search for any takes no time."""
        near = tuple(also)
        asked = tuple(dict.fromkeys((*own, *near)))
        plain = self.common(asked, MOST_OTHER_MATCHES)
        kept = tuple(word for word in asked if word not in plain)
        return kept if any(word in near for word in kept) else ()

    def _share(self, word: str) -> float:
        """The share of articles that hold a word in any of its forms, out of their inverse document frequencies.

        A word index knows fewer stems than we do: to it "agree" and "agreed" are one.
        """
        stems = set(words(" ".join((word, *(f"{word.removesuffix('e')}{ending}" for ending in _FORMS)))))
        count = int(self._stats.articles)
        shares = ((count + 1.0) / math.exp(self._stats.rarity(stem)) - 0.5 for stem in stems)
        return min(1.0, sum(max(0.0, share) for share in shares) / max(1, count)) if stems else 1.0

    async def refresh(self) -> None:
        """Look again, if it is time."""
        now = self._clock()
        async with self._lock:
            if self._counted_at is None or now - self._counted_at >= COUNT_EVERY:
                async with self._db.read() as connection:
                    self._articles = await passages.count(connection)
                    self._oldest = await passages.oldest(connection)
                self._counted_at = now
            every = REFRESH if self._stats.articles > _EARLY else REFRESH_EARLY
            if self._stats_at is None or now - self._stats_at >= every:
                async with self._db.read() as connection:
                    stored = await articles.recall(connection, "term_stats")
                if stored:
                    self._stats = await asyncio.to_thread(TermStats.from_bytes, stored)
                self._stats_at = now
