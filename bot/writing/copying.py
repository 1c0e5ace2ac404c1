"""Where a sentence's words were copied from: the cheapest way to lay it along its source; pure.

A word costs nothing where it follows the word before it in the source as well, a little where words of the same
sentence were left out, more where the copy goes back or leaps to another sentence, most where the source lacks it.
The cheapest way (Viterbi 1967, over places in the source) shows what was copied, and where pieces of two sentences
were put together: the seams. Summarisers that copy err there, giving one sentence's subject another one's verb.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.stories.lexicon import STOP_WORDS
from bot.stories.sentences import stem

NEW, NEW_LIGHT, LEFT_OUT, BACK, LEAP = 1.0, 0.4, 0.35, 0.7, 1.0
"""Costs: a content word that the source lacks, a stop word, going on or back in a sentence, leaping to another."""
_KEPT = 60
_CLOSE_FROM, _CLOSE_TO = 0.5, 0.8
_PRONOUNS = frozenset({"he", "she", "they", "it", "his", "her", "their", "its", "who", "which", "we", "i"})
_NOWHERE = -1

_Path = tuple[tuple[int, int], "_Path"] | None


@dataclass(frozen=True, slots=True)
class Copied:
    """How a sentence was made out of its source.

    Attributes:
        cost: of the cheapest way, by word: 0 for a copy, near 1 where nothing is of the source.
        close: the share of words that follow their neighbour just as in the source.
        leaps: how often it goes on in another sentence, by word; without leaps from a name to the words behind the
            pronoun that stands for it in the very next sentences.
    """

    cost: float
    close: float
    leaps: float

    @property
    def seams(self) -> float:
        """The leaps of a sentence that is mostly copied; one in free words has leaps and no seams."""
        return self.leaps * min(1.0, max(0.0, (self.close - _CLOSE_FROM) / (_CLOSE_TO - _CLOSE_FROM)))


class Original:
    """A source's words, laid out for many sentences.

    Args:
        sentences: the words of each of its sentences, lower case, in order.
    """

    def __init__(self, sentences: Sequence[Sequence[str]]) -> None:
        self._sentences = [frozenset(words) for words in sentences]
        self._words = [word for words in sentences for word in words]
        self._of = [number for number, words in enumerate(sentences) for _ in words]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            self._places[stem(word)].append(place)

    def trace(self, words: Sequence[str]) -> Copied:
        """How a sentence with these words was made."""
        if not words:
            return Copied(0.0, 0.0, 0.0)
        cost, path = self._cheapest(words)
        close = sum(later[0] == one[0] + 1 and later[1] == one[1] + 1 for one, later in pairwise(path))
        return Copied(cost / len(words), close / len(words), self._leaps(words, path) / len(words))

    def _cheapest(self, words: Sequence[str]) -> tuple[float, list[tuple[int, int]]]:
        """The cost of the cheapest way, and the words copied with their places, in order."""
        ways: dict[int, tuple[float, _Path]] = {_NOWHERE: (0.0, None)}
        for at, word in enumerate(words):
            new = NEW_LIGHT if word in STOP_WORDS else NEW
            after = {place: (cost + new, path) for place, (cost, path) in ways.items()}
            for place in self._places.get(stem(word), ()):
                cost, path = self._reached(place, ways)
                if place not in after or cost < after[place][0]:
                    after[place] = (cost, ((at, place), path))
            ways = dict(sorted(after.items(), key=lambda way: way[1][0])[:_KEPT])
        cost, path = min(ways.values(), key=lambda way: way[0])
        found: list[tuple[int, int]] = []
        while path is not None:
            found.append(path[0])
            path = path[1]
        return cost, found[::-1]

    def _reached(self, place: int, ways: dict[int, tuple[float, _Path]]) -> tuple[float, _Path]:
        """The cheapest way to a place."""
        best: tuple[float, _Path] | None = None
        for before, (so_far, path) in ways.items():
            cost = so_far + self._step(before, place)
            if best is None or cost < best[0]:
                best = (cost, path)
        return best or (0.0, None)

    def _step(self, before: int, place: int) -> float:
        if before in {_NOWHERE, place - 1}:
            return 0.0
        if self._of[before] != self._of[place]:
            return LEAP
        return LEFT_OUT if place > before else BACK

    def _leaps(self, words: Sequence[str], path: Sequence[tuple[int, int]]) -> int:
        pieces = [list(piece) for _, piece in groupby(path, key=lambda step: self._of[step[1]])]
        return sum(not self._is_pronoun(words, one, later) for one, later in pairwise(pieces))

    def _is_pronoun(
        self, words: Sequence[str], one: Sequence[tuple[int, int]], later: Sequence[tuple[int, int]]
    ) -> bool:
        """Whether a piece names whom the pronoun before the next piece stands for: it is named just before it."""
        place = later[0][1]
        sentence = self._of[place]
        before = [at for at in range(max(0, place - 2), place) if self._of[at] == sentence]  # "he", or "he said"
        if not sentence or not any(self._words[at] in _PRONOUNS for at in before):
            return False
        named = {words[at] for at, _ in one} - STOP_WORDS
        return any(named & self._sentences[near] for near in range(max(0, sentence - 2), sentence))
