"""What a simple method makes of a labelled set of articles, to stand beside what the bot does.

Each article goes to the story whose centroid is nearest by half TF-IDF, half word vectors, or opens one where none is
near enough. The statistics are those of the whole set, times are not looked at, and the threshold is the best one for
one half of the stories, measured on the other: what published results of such methods do.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from bot.models import Article
from bot.stories.features import lead_text
from bot.stories.sentences import words
from bot.stories.vectors import Floats, WordVectors

#: Cosines at which an article joins.
THRESHOLDS = tuple(step / 100 for step in range(20, 60, 4))

Weights = Mapping[str, float]


def runs(articles: Sequence[Article], vectors: WordVectors) -> list[Mapping[int, int]]:
    """Each article's story by its id, once for each threshold."""
    texts = [f"{article.title}. {lead_text(article)}" for article in articles]
    sparse = _weighed([Counter(words(text)) for text in texts])
    dense = vectors.embed(texts)
    ids = [article.id for article in articles]
    return [dict(zip(ids, _joined(sparse, dense, threshold), strict=True)) for threshold in THRESHOLDS]


def _weighed(counted: Sequence[Counter[str]]) -> list[Weights]:
    """Unit vectors of words, `(1 + log tf) * (1 + log((1 + N) / (1 + df)))`."""
    found = Counter(word for counts in counted for word in counts)
    made: list[Weights] = []
    for counts in counted:
        weights = {
            word: (1 + math.log(count)) * (1 + math.log((1 + len(counted)) / (1 + found[word])))
            for word, count in counts.items()
        }
        length = math.hypot(*weights.values()) or 1.0
        made.append({word: weight / length for word, weight in weights.items()})
    return made


class _Centroids:
    """Sums of the members' vectors, filed under their words."""

    def __init__(self, most: int, dimensions: int) -> None:
        self._filed: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._squares = np.zeros(most)
        self._dense: Floats = np.zeros((most, dimensions), dtype=np.float32)
        self._lengths = np.zeros(most)
        self.count = 0

    def alike(self, sparse: Weights, dense: Floats) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Half the one cosine and half the other, to every centroid."""
        shared = np.zeros(self.count)
        for word, weight in sparse.items():
            for at, theirs in self._filed[word].items():
                shared[at] += weight * theirs
        lengths = np.sqrt(np.maximum(self._squares[: self.count], 1e-12))
        meaning = self._dense[: self.count] @ dense / np.maximum(self._lengths[: self.count], 1e-12)
        both: np.ndarray[tuple[int], np.dtype[np.float64]] = (shared / lengths + meaning) / 2
        return both

    def add(self, at: int, sparse: Weights, dense: Floats) -> None:
        """Take an article in; `at == count` opens a story."""
        self.count = max(self.count, at + 1)
        for word, weight in sparse.items():
            old = self._filed[word].get(at, 0.0)
            self._squares[at] += (old + weight) ** 2 - old**2
            self._filed[word][at] = old + weight
        self._dense[at] += dense
        self._lengths[at] = float(np.linalg.norm(self._dense[at]))


def _joined(sparse: Sequence[Weights], dense: Floats, threshold: float) -> list[int]:
    centroids = _Centroids(len(sparse), dense.shape[1])
    stories = []
    for ours, meaning in zip(sparse, dense, strict=True):
        best = centroids.count
        if best:
            near = centroids.alike(ours, meaning)
            at = int(np.argmax(near))
            best = at if near[at] >= threshold else best
        centroids.add(best, ours, meaning)
        stories.append(best)
    return stories
