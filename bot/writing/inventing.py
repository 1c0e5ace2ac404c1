"""What a sentence has that its source lacks: names, figures, words, outcomes; pure.

Free summaries of one sentence err here: an age, a first name, a town or a verdict that nobody reported. Each kind is
counted apart, because a name that the source lacks says more against a sentence than a word that it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.stories.comparing import ABOUT, compatible, same
from bot.stories.figures import Figure, find
from bot.stories.hedges import Bound
from bot.stories.lexicon import STOP_WORDS
from bot.stories.sentences import stem
from bot.writing import outcomes
from bot.writing.meaning import Vectors

_CAPITAL = re.compile(r"\b[^\W\d_]\w+")
_ROUNDED, _FAR = 0.03, 1.25
_PREFIX = 4
_MAGNITUDES = {
    "dozens": (20, 100), "scores": (20, 200), "hundreds": (100, 10_000), "thousands": (1_000, 1_000_000),
    "millions": (1_000_000, 1_000_000_000), "billions": (1_000_000_000, 1e13),
}  # fmt: skip
_LOOSE = frozenset({"count", "number", "magnitude", "ratio"})


@dataclass(frozen=True, slots=True)
class Invented:
    """What a sentence has and its source lacks.

    Attributes:
        names, figures, outcomes: how many.
        strange: how far its words are from any of the source, 0–1: of all its content words, those that are missing,
            less the cosine to the nearest one that is there.
        details: names and figures in the sentence, invented or not.
    """

    names: int
    figures: int
    outcomes: int
    strange: float
    details: int


class Known:
    """What a source has, laid out for many sentences.

    Args:
        words: its words, lower case, in order.
        sentences: its sentences, for their figures.
        vectors: word vectors; without them a missing word is as far as can be.
    """

    def __init__(self, words: Sequence[str], sentences: Sequence[str], vectors: Vectors | None) -> None:
        self._words = frozenset(words) | {part for word in words for part in re.split(r"[-']", word)}
        self._stems = frozenset(stem(word) for word in self._words)
        self._prefixes = frozenset(word[:_PREFIX] for word in self._words if len(word) > _PREFIX)
        self._figures = [figure for sentence in sentences for figure in find(sentence)]
        self._values = {value for one in self._figures for value in (one.value, one.range_high) if value is not None}
        self._vectors = vectors
        content = sorted(word for word in self._words if len(word) > 2 and word not in STOP_WORDS)  # noqa: PLR2004
        self._rows = vectors.embed(content) if vectors is not None and content else None

    def invented(self, text: str, words: Sequence[str]) -> Invented:
        """What a normalised sentence with these lower-case words has beyond the source."""
        content = [word for word in words if word not in STOP_WORDS]
        missing = [word for word in content if not word[:1].isdigit() and not self._has(word)]
        capitals = self._capitals(text, words)
        named = [word for word in missing if word[:_PREFIX] not in self._prefixes and self._is_name(word, capitals)]
        return Invented(
            names=len(named),
            figures=sum(not self._states(figure, text) for figure in find(text)),
            outcomes=outcomes.invented(words, self._words),
            strange=self._distance(missing) / max(1, len(content)),
            details=sum(word[:1].isdigit() or self._is_detail(word, capitals) for word in content),
        )

    def _has(self, word: str) -> bool:
        return word in self._words or stem(word) in self._stems

    def _capitals(self, text: str, words: Sequence[str]) -> frozenset[str] | None:
        """The capitalised words in lower case; the one that opens the sentence only if it is known with a capital.

        None for a sentence in lower case.
        """
        if not any(mark.isupper() for mark in text):
            return None
        found = {match[0].lower() for match in _CAPITAL.finditer(text, 1) if match[0][0].isupper()}
        if text[:1].isupper() and words and self._only_with_capital(words[0]):
            found.add(words[0])
        return frozenset(found)

    def _is_name(self, word: str, capitals: frozenset[str] | None) -> bool:
        """Whether a word is a name; in a sentence in lower case, one that is known with a capital, or not at all.

        With few exceptions the table of word vectors holds plain words in lower case and in one piece.
        """
        return self._is_no_plain_word(word) if capitals is None else word in capitals

    def _is_no_plain_word(self, word: str) -> bool:
        vectors = self._vectors
        if vectors is None:
            return False
        return self._only_with_capital(word) or not any(vectors.knows(word[:end]) for end in _endings(word))

    def _is_detail(self, word: str, capitals: frozenset[str] | None) -> bool:
        return self._only_with_capital(word) if capitals is None else word in capitals

    def _only_with_capital(self, word: str) -> bool:
        vectors = self._vectors
        return vectors is not None and not vectors.knows(word) and vectors.knows(word.capitalize())

    def _distance(self, missing: Sequence[str]) -> float:
        if not missing or self._vectors is None or self._rows is None:
            return float(len(missing))
        nearest = (self._vectors.embed(missing) @ self._rows.T).max(axis=1)
        return float((1.0 - np.clip(nearest, 0.0, 1.0)).sum())

    def _states(self, figure: Figure, text: str) -> bool:
        """Whether the source has a figure, rounded or in other words ("hundreds" for 430), of whatever it counts."""
        if any(
            same(figure, other) or (compatible(figure, other) and _rounds(figure, other)) for other in self._figures
        ):
            return True
        if figure.kind in _LOOSE and any(abs(one - figure.value) <= _ROUNDED * figure.value for one in self._values):
            return True
        first, *rest = re.findall(r"[\d.,]*\d|\w+", text[figure.start : figure.end].lower()) or [""]
        if first in _MAGNITUDES:
            low, high = _MAGNITUDES[first]
            return any(low <= value < high for value in self._values)
        if figure.kind == "date":
            return all(word in self._words for word in (first, *rest))
        return figure.kind in _LOOSE and first in self._words


def _rounds(mine: Figure, other: Figure) -> bool:
    """Whether a figure with "more than" or "about" before it may be another one, rounded."""
    if mine.bound is Bound.AT_LEAST:
        return mine.value <= other.value <= _FAR * mine.value
    if mine.bound is Bound.AT_MOST:
        return mine.value / _FAR <= other.value <= mine.value
    return mine.bound is Bound.ABOUT and abs(mine.value - other.value) <= ABOUT * abs(other.value)


def _endings(word: str) -> range:
    """Where a word may be cut to be found without an ending."""
    return range(len(word), max(_PREFIX, len(word) - 3) - 1, -1)
