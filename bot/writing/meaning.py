"""How far the words of a question are met by a text: the very word, one made of it, or one that means much the same.

Cosines between single words by the static vectors: unrelated pairs lie below .17 in 99 of 100 cases, synonyms between
.4 and .8 (buy and purchase .79, notes and banknotes .60, cost and price .67). So a threshold of .3 tells them apart.
Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.stories.sentences import normalise, split, words

Floats = npt.NDArray[np.float32]
VARIANT = 0.9
"""A word made of the other one ("buyer" for "buy") counts this much of the very word."""
LEAST_COSINE = 0.3
MOST_MEANING = 0.85
"""What a synonym counts at most; at a cosine of 1."""


class Vectors(Protocol):
    """Gives unit vectors of texts (`bot.stories.vectors.WordVectors`)."""

    def __hash__(self) -> int:
        """Vectors of texts are kept by their table."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Shape `(len(texts), dimensions)`."""
        ...

    def knows(self, word: str) -> bool:
        """Whether it holds the word, as it is written, in one piece."""
        ...

    def neighbours(self, word: str) -> tuple[str, ...]:
        """Words that mean nearly the same, nearest first."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """A text's content words.

    Attributes:
        stems: how often each stem occurs, in order of appearance.
        order: the stems one after the other.
        surface: for each stem, the word as it stood there first, lower case.
        length: content words.
    """

    stems: Counter[str]
    order: tuple[str, ...]
    surface: Mapping[str, str]
    length: int


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Analysed, ...]:
    """A passage's sentences."""
    return tuple(analysed(span.text) for span in split(text))


@lru_cache(maxsize=4096)
def together(text: str) -> Analysed:
    """A passage's content words, out of those of its sentences."""
    parts = sentences(text)
    order = tuple(stem for part in parts for stem in part.order)
    surface = {stem: word for part in reversed(parts) for stem, word in part.surface.items()}
    return Analysed(Counter(order), order, surface, len(order))


_TOKEN = re.compile(r"[^\W_]+(?:[.'&+-][^\W_]+)*")


@lru_cache(maxsize=8192)
def analysed(text: str) -> Analysed:
    """A text's content words; kept, because the same passages are found again and again."""
    order: list[str] = []
    surface: dict[str, str] = {}
    for token in _TOKEN.findall(normalise(text).lower()):
        for stem in _stems(token):
            order.append(stem)
            surface.setdefault(stem, token.removesuffix("'s"))
    return Analysed(Counter(order), tuple(order), surface, len(order))


@lru_cache(maxsize=32768)
def _stems(token: str) -> tuple[str, ...]:
    return words(token)


_ENDINGS = (
    "er", "or", "al", "ment", "ion", "ation", "ive", "abl", "able", "e", "s", "ed", "ing", "ly", "r", "ity", "anc",
    "enc", "ant", "ent", "ic", "ness", "y",
)  # fmt: skip
_SHORTEST_STEM = 3


@lru_cache(maxsize=4096)
def variants(stem: str) -> frozenset[str]:
    """A stem with its near relations: buy and buyer, rent and rental, invest and investment."""
    if len(stem) < _SHORTEST_STEM or not stem.isalpha():
        return frozenset({stem})
    longer = (stem + ending for ending in _ENDINGS)
    shorter = (stem.removesuffix(ending) for ending in _ENDINGS)
    return frozenset({stem, *longer, *(short for short in shorter if len(short) >= _SHORTEST_STEM)})


@lru_cache(maxsize=16384)
def _vector(vectors: Vectors, word: str) -> Floats:
    row: Floats = vectors.embed([word])[0]
    return row


@lru_cache(maxsize=4096)
def _neighbours(vectors: Vectors, word: str) -> tuple[str, ...]:
    return vectors.neighbours(word)


def kin(spoken: Mapping[str, str], names: Collection[str], vectors: Vectors) -> tuple[str, ...]:
    """Words that mean nearly the same as a question's, for a word index to look for too.

    Args:
        spoken: for each stem the word as it was asked.
        names: stems of proper names, which mean only themselves.
        vectors: the meanings.
    """
    plain = [word for stem, word in spoken.items() if stem not in names and word.isascii() and word.isalpha()]
    near = [_neighbours(vectors, word) for word in plain if len(word) >= _SHORTEST_STEM]
    # Each word's nearest come before any word's second: where there are too many, the far ones are left out.
    found = [ring[at] for at in range(max(map(len, near), default=0)) for ring in near if at < len(ring)]
    known = {*spoken, *spoken.values()}
    return tuple(word for word in dict.fromkeys(found) if word not in known and not known.intersection(words(word)))


class Terms:
    """The words of one question, and how far texts meet them.

    Args:
        surfaces: for each stem that is looked for, the word as it was asked (vectors know words, not stems).
        vectors: None leaves meaning out.
        names: stems of proper names, which mean only themselves, as numbers and codes do.
    """

    def __init__(
        self, surfaces: Mapping[str, str], vectors: Vectors | None, names: Collection[str] = frozenset()
    ) -> None:
        self.stems = tuple(surfaces)
        self._places = {stem: at for at, stem in enumerate(self.stems)}
        self._vectors = vectors
        self.names = frozenset(names)
        self._variants = [variants(stem) for stem in self.stems]
        meant = [at for at, stem in enumerate(self.stems) if stem.isalpha() and stem.isascii() and stem not in names]
        self._meant = np.array(meant, dtype=np.intp)
        self._asked: Floats | None = None
        if vectors is not None and meant:
            self._asked = np.stack([_vector(vectors, surfaces[self.stems[at]]) for at in meant])
        self._known: dict[str, int] = {}
        self._rows_of: Floats = np.zeros((0, len(self.stems)), dtype=np.float32)
        self._met: dict[Analysed, Floats] = {}

    def met(self, text: Analysed) -> Floats:
        """For each term 0-1: how far the text meets it; shape `(terms,)`."""
        best = self._met.get(text)
        if best is None:
            self.learn((text,))
            places = [self._known[stem] for stem in text.stems] if self.stems else []
            best = self._rows_of[places].max(axis=0) if places else np.zeros(len(self.stems), dtype=np.float32)
            self._met[text] = best
        return best

    def row(self, stem: str) -> Floats | None:
        """How far one stem of a text that was looked at meets each term."""
        place = self._known.get(stem)
        return self._rows_of[place] if place is not None else None

    def learn(self, texts: Iterable[Analysed]) -> None:
        """Compare the texts' words with the terms, each word once; for many texts faster than one by one."""
        new = {stem: text.surface[stem] for text in texts for stem in text.stems if stem not in self._known}
        if not new or not self.stems:
            return
        found = np.zeros((len(new), len(self.stems)), dtype=np.float32)
        if self._asked is not None and self._vectors is not None:
            theirs = np.stack([_vector(self._vectors, word) for word in new.values()])
            scaled = (theirs @ self._asked.T - LEAST_COSINE) / (1 - LEAST_COSINE) * MOST_MEANING
            plain = np.array([stem.isalpha() for stem in new], dtype=np.float32)
            found[:, self._meant] = np.clip(scaled, 0.0, MOST_MEANING) * plain[:, None]
        for at, stem in enumerate(new):
            exact = self._places.get(stem)
            if exact is not None:
                found[at, exact] = 1.0
            for place, near in enumerate(self._variants):
                if stem in near or (self.stems[place] in self.names and kindred(stem, self.stems[place])):
                    found[at, place] = max(found[at, place], VARIANT)
        self._known |= {stem: len(self._rows_of) + at for at, stem in enumerate(new)}
        self._rows_of = np.concatenate([self._rows_of, found])


_KINDRED = 5


def kindred(one: str, other: str) -> bool:
    """Whether two words share so long a beginning that one is made of the other: Europe and European."""
    short = min(len(one), len(other))
    shared = max(_KINDRED, short - 2)
    return short >= _KINDRED and abs(len(one) - len(other)) <= 3 and one[:shared] == other[:shared]  # noqa: PLR2004
