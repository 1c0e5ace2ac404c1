"""Which stories could an article belong to? A coarse search over all open stories, before any is read from the store.

Each story is 512 bits: the signs of its word vector and of its TF-IDF vector projected at random to 256 dimensions
(Charikar 2002). Agreement of signs estimates the angle, so the nearest by both together are found by counting bits:
64 bytes a story, no story's features in memory. What it returns is decided on exactly by `cluster.decide`.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from bot.stories.features import Features, StoryFeatures
from bot.stories.vectors import DIMENSIONS, Floats, Terms

_WORDS = DIMENSIONS // 64
_BITS = npt.NDArray[np.uint64]
_GROWTH = 1024


class StoryIndex:
    """The open stories, by meaning and words."""

    def __init__(self) -> None:
        """Start empty."""
        self._ids = np.zeros(_GROWTH, dtype=np.int64)
        self._last = np.zeros(_GROWTH, dtype=np.float64)
        self._codes = np.zeros((_GROWTH, 2 * _WORDS), dtype=np.uint64)
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
        self._codes[slot] = _code(story.vector, story.terms)

    def remove(self, story_id: int) -> None:
        """Forget a story; one that isn't there is no error."""
        slot = self._slots.pop(story_id, None)
        if slot is None:
            return
        end = len(self._slots)
        if slot != end:  # the last one moves into the gap
            moved = int(self._ids[end])
            self._ids[slot], self._last[slot], self._codes[slot] = moved, self._last[end], self._codes[end]
            self._slots[moved] = slot

    def query(self, article: Features, since: datetime, limit: int = 48) -> tuple[int, ...]:
        """Ids of the stories nearest to an article among those with an article since `since`, nearest first."""
        count = len(self._slots)
        open_slots = np.flatnonzero(self._last[:count] >= since.timestamp())
        if open_slots.size == 0:
            return ()
        codes = self._codes[:count] if open_slots.size == count else self._codes[open_slots]
        apart = np.bitwise_count(codes ^ _code(article.vector, article.terms))
        # The cosine of each half's estimated angle; the halves count alike, as in the decision itself.
        near = _COSINES[apart[:, :_WORDS].sum(axis=1)] + _COSINES[apart[:, _WORDS:].sum(axis=1)]
        best = np.argpartition(-near, limit)[:limit] if near.size > limit else np.arange(near.size)
        best = best[np.argsort(-near[best], kind="stable")]
        return tuple(int(story_id) for story_id in self._ids[open_slots[best]])

    def _reserve(self, slot: int) -> None:
        if slot < self._ids.size:
            return
        size = 2 * self._ids.size
        self._ids = np.resize(self._ids, size)
        self._last = np.resize(self._last, size)
        self._codes = np.resize(self._codes, (size, 2 * _WORDS))


_COSINES = np.cos(np.pi * np.arange(DIMENSIONS + 1) / DIMENSIONS).astype(np.float32)


def _code(vector: Floats, terms: Terms) -> _BITS:
    bits = np.concatenate([vector > 0, _projected(terms) > 0])
    return np.packbits(bits).view(np.uint64)


def _projected(terms: Terms) -> Floats:
    """Random signs for each bucket, the same for ever: hashes of the bucket's number, not a generator."""
    lanes = np.arange(_WORDS, dtype=np.uint64) + np.uint64(1)
    seeds = terms.ids.astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15) + lanes * np.uint64(0xD1B54A32D192ED03)
    hashes = _mixed(seeds)
    signs = np.unpackbits(hashes.view(np.uint8).reshape(len(terms.ids), -1), axis=1).astype(np.float32) * 2 - 1
    return terms.weights @ signs


def _mixed(numbers: _BITS) -> _BITS:
    """The finaliser of splitmix64: every bit of the input moves half the bits of the output."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
