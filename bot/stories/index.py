"""Which stories could an article belong to? A coarse search over all open stories, before any is read from the store.

Of each story two things are held, about 330 bytes: the signs of its word vector as 256 bits (agreement of signs
estimates the angle; Charikar 2002), and its 24 heaviest words. Their sum ranks the stories nearly as the exact
cosines do; what is returned is decided on exactly by `cluster.decide`.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from bot.stories.features import Features, StoryFeatures
from bot.stories.vectors import BUCKETS, DIMENSIONS, Floats, Terms

# With 24 words and 100,000 made-up stories about, every labelled article that joins finds its story in the first 11.
HEAVIEST = 24
# Stories that an article is compared with exactly: twice as many as were ever needed.
COMPARED = 24
# Among so many stories shared rare words tell more than a near meaning: three times as much finds most.
WORDS_WEIGH = 3.0
_CODE = DIMENSIONS // 64
_GROWTH = 1024
_Codes = npt.NDArray[np.uint64]


class StoryIndex:
    """The open stories, by meaning and words."""

    def __init__(self) -> None:
        """Start empty."""
        self._ids = np.zeros(_GROWTH, dtype=np.int64)
        self._last = np.zeros(_GROWTH, dtype=np.float64)
        self._codes = np.zeros((_GROWTH, _CODE), dtype=np.uint64)
        self._words = np.zeros((_GROWTH, HEAVIEST), dtype=np.intp)  # as `take` wants them
        self._weights = np.zeros((_GROWTH, HEAVIEST), dtype=np.float32)
        self._slots: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def put(self, story: StoryFeatures) -> None:
        """Add a story, or bring what is known of it up to date."""
        slot = self._slots.get(story.story_id)
        if slot is None:
            slot = len(self._slots)
            self._reserve(slot)
            self._slots[story.story_id] = slot
            self._ids[slot] = story.story_id
        self._last[slot] = story.last.timestamp()
        self._codes[slot] = _code(story.vector)
        self._words[slot], self._weights[slot] = _heaviest(story.terms)

    def forget(self, before: datetime) -> int:
        """Leave out the stories whose last article came out before then; how many there were."""
        count = len(self._slots)
        kept = np.flatnonzero(self._last[:count] >= before.timestamp())
        if kept.size < count:
            for column in (self._ids, self._last, self._codes, self._words, self._weights):
                column[: kept.size] = column[kept]
            self._slots = {int(story_id): slot for slot, story_id in enumerate(self._ids[: kept.size])}
        return count - kept.size

    def query(self, article: Features, since: datetime, limit: int = COMPARED) -> tuple[int, ...]:
        """Ids of the stories nearest to an article among those with an article since `since`, nearest first."""
        count = len(self._slots)
        open_slots = np.flatnonzero(self._last[:count] >= since.timestamp())
        if open_slots.size == 0:
            return ()
        rows = slice(0, count) if open_slots.size == count else open_slots
        bits = np.bitwise_count(self._codes[rows] ^ _code(article.vector)).astype(np.uint16)
        apart = bits[:, 0] + bits[:, 1] + bits[:, 2] + bits[:, 3]  # ten times as fast as `sum(axis=1)`
        table = np.zeros(BUCKETS, dtype=np.float32)
        table[article.terms.ids] = article.terms.weights
        shared = np.einsum("ij,ij->i", table.take(self._words[rows]), self._weights[rows])
        near = _COSINES.take(apart) + WORDS_WEIGH * shared
        best = np.argpartition(-near, limit)[:limit] if near.size > limit else np.arange(near.size)
        best = best[np.argsort(-near[best], kind="stable")]
        return tuple(int(story_id) for story_id in self._ids[open_slots[best]])

    def _reserve(self, slot: int) -> None:
        if slot < self._ids.size:
            return
        size = 2 * self._ids.size
        self._ids = np.resize(self._ids, size)
        self._last = np.resize(self._last, size)
        self._codes = np.resize(self._codes, (size, _CODE))
        self._words = np.resize(self._words, (size, HEAVIEST))
        self._weights = np.resize(self._weights, (size, HEAVIEST))


# The cosine that a number of differing signs stands for.
_COSINES = np.cos(np.pi * np.arange(DIMENSIONS + 1) / DIMENSIONS).astype(np.float32)


def _code(vector: Floats) -> _Codes:
    return np.packbits(vector > 0).view(np.uint64)


def _heaviest(terms: Terms) -> tuple[npt.NDArray[np.intp], Floats]:
    """A story's heaviest words and their weights, padded with weight zero."""
    ids, weights = np.zeros(HEAVIEST, dtype=np.intp), np.zeros(HEAVIEST, dtype=np.float32)
    order = np.argsort(-terms.weights, kind="stable")[:HEAVIEST]
    ids[: order.size], weights[: order.size] = terms.ids[order], terms.weights[order]
    return ids, weights
