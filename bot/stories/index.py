"""Which stories could an article belong to? A coarse search over all open stories, before any is read from the store.

Of each story two things are held: the signs of its word vector as 256 bits (agreement of signs estimates the angle;
Charikar 2002), and its 24 heaviest words, filed under the words: a search reads the few lists of the article's own
words, not every story's. Their sum ranks the stories nearly as the exact cosines do; what is returned is decided on
exactly by `cluster.decide`. About 300 bytes a story.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import datetime

import numpy as np
import numpy.typing as npt

from bot.stories.features import Features, StoryFeatures
from bot.stories.vectors import DIMENSIONS, Floats, Terms

# With 24 words and 100,000 made-up stories about, every labelled article that joins finds its story in the first 11.
HEAVIEST = 24
# Stories that an article is compared with exactly: twice as many as were ever needed.
COMPARED = 24
# Among so many stories shared rare words tell more than a near meaning: three times as much finds most.
WORDS_WEIGH = 3.0
_PARTS = DIMENSIONS // 64
_GROWTH = 1024
# An entry of a word's list: the story's row in the upper half, the word's weight there in the lower.
_ROW, _WEIGHT = np.uint64(32), np.uint64(2**32 - 1)
_SCALE = float(2**31)
_PIECE = 32_768
_LONG_AGO = -np.inf
_Numbers = npt.NDArray[np.uint64]


class StoryIndex:
    """The open stories, by meaning and words.

    A story that changes gets a new row and leaves its old one dead, so that lists only ever grow at their ends; when
    more rows are dead than alive, `forget` closes the gaps.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._rows: dict[int, int] = {}
        self._used = 0
        self._ids = np.zeros(_GROWTH, dtype=np.int64)
        self._last = np.full(_GROWTH, _LONG_AGO)
        self._signs = np.zeros((_PARTS, _GROWTH), dtype=np.uint64)
        self._lists: defaultdict[int, array[int]] = defaultdict(_empty)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, story: StoryFeatures) -> None:
        """Add a story, or bring what is known of it up to date."""
        self.drop(story.story_id)
        row = self._used
        self._reserve(row)
        self._used += 1
        self._rows[story.story_id] = row
        self._ids[row] = story.story_id
        self._last[row] = story.last.timestamp()
        self._signs[:, row] = _signs(story.vector)
        for word, entry in zip(*_heaviest(story.terms, row), strict=True):
            self._lists[word].append(entry)

    def drop(self, story_id: int) -> None:
        """Leave out a story that is no more, if it is there."""
        row = self._rows.pop(story_id, None)
        if row is not None:
            self._last[row] = _LONG_AGO

    def forget(self, before: datetime) -> int:
        """Leave out the stories whose last article came out before then; how many there were."""
        last = self._last[: self._used]
        old = self._ids[: self._used][(last < before.timestamp()) & (last > _LONG_AGO)].tolist()
        for story_id in old:
            self._last[self._rows.pop(story_id)] = _LONG_AGO
        if self._used > 2 * len(self._rows):
            self._close_gaps()
        return len(old)

    def about(self, since: datetime) -> int:
        """How many stories had an article since then."""
        return int(np.count_nonzero(self._last[: self._used] >= since.timestamp()))

    def query(self, article: Features, since: datetime, limit: int = COMPARED) -> tuple[int, ...]:
        """Ids of the stories nearest to an article among those with an article since `since`, nearest first."""
        used = self._used
        near = _COSINES.take(self._differing(_signs(article.vector)))
        self._add_shared(near, article.terms)
        near[self._last[:used] < since.timestamp()] = -np.inf
        best = np.argpartition(near, -limit)[-limit:] if used > limit else np.arange(used)
        best = best[np.argsort(-near[best], kind="stable")]
        return tuple(self._ids[best[near[best] > -np.inf]].tolist())

    def _differing(self, signs: _Numbers) -> npt.NDArray[np.uint16]:
        """In how many of 256 signs each row differs; in pieces that stay in the processor's cache."""
        apart = np.zeros(self._used, dtype=np.uint16)
        for start in range(0, self._used, _PIECE):
            piece = slice(start, min(start + _PIECE, self._used))
            for part, sign in zip(self._signs, signs, strict=True):
                apart[piece] += np.bitwise_count(part[piece] ^ sign)
        return apart

    def _add_shared(self, near: Floats, terms: Terms) -> None:
        """Add each row's cosine to an article's words, as far as they are among the row's heaviest, to `near`."""
        for word, weight in zip(terms.ids.tolist(), terms.weights.tolist(), strict=True):
            if word in self._lists:
                entries = np.frombuffer(self._lists[word], dtype=np.uint64)
                # A row stands in a list once, so adding by position loses nothing.
                rows = (entries >> _ROW).astype(np.intp)
                near[rows] += (entries & _WEIGHT).astype(np.float32) * np.float32(WORDS_WEIGH * weight / _SCALE)

    def _close_gaps(self) -> None:
        """Number the living rows anew, in their order, and leave the dead out of the words' lists."""
        living = np.flatnonzero(self._last[: self._used] > _LONG_AGO)
        place = np.full(self._used, -1, dtype=np.int64)
        place[living] = np.arange(living.size)
        self._ids[: living.size] = self._ids[living]
        self._signs[:, : living.size] = self._signs[:, living]
        self._last[: living.size] = self._last[living]
        self._last[living.size :] = _LONG_AGO
        self._used = living.size
        self._rows = {story_id: row for row, story_id in enumerate(self._ids[: living.size].tolist())}
        numbers = np.frombuffer(b"".join(self._lists.values()), dtype=np.uint64)
        rows = place[(numbers >> _ROW).astype(np.intp)]
        kept = rows >= 0
        moved = (rows[kept].astype(np.uint64) << _ROW | numbers[kept] & _WEIGHT).tobytes()
        ends = np.cumsum(kept)[np.cumsum([len(entries) for entries in self._lists.values()]) - 1] * numbers.itemsize
        start, words = 0, list(self._lists)
        self._lists.clear()
        for word, end in zip(words, ends.tolist(), strict=True):
            if end > start:
                self._lists[word] = array("Q", moved[start:end])
            start = end

    def _reserve(self, row: int) -> None:
        size = self._ids.size
        if row < size:
            return
        self._ids = np.resize(self._ids, 2 * size)
        self._last = np.concatenate([self._last, np.full(size, _LONG_AGO)])
        self._signs = np.concatenate([self._signs, np.zeros_like(self._signs)], axis=1)


# The cosine that a number of differing signs stands for.
_COSINES = np.cos(np.pi * np.arange(DIMENSIONS + 1) / DIMENSIONS).astype(np.float32)


def _empty() -> array[int]:
    return array("Q")


def _signs(vector: Floats) -> _Numbers:
    return np.packbits(vector > 0).view(np.uint64)


def _heaviest(terms: Terms, row: int) -> tuple[list[int], list[int]]:
    """A story's heaviest words, and their entries for its row."""
    heaviest = np.argsort(-terms.weights, kind="stable")[:HEAVIEST]
    weights = (terms.weights[heaviest] * _SCALE).astype(np.uint64)
    return terms.ids[heaviest].tolist(), (weights | np.uint64(row) << _ROW).tolist()
