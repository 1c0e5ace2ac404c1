"""ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), as F1. Pure.

Words are runs of letters and digits in lower case; with `stems` English words of more than three letters are stemmed
(Porter). ROUGE-L comes in its two usual forms: over the whole text, and by sentences (`lsum`: the union of the longest
common subsequences of each reference sentence with every sentence of the summary).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.evaluation.measures import f1
from bot.evaluation.porter import stem

_WORD = re.compile(r"[^\W_]+")
_LONGER_THAN = 3


@dataclass(frozen=True, slots=True)
class Rouge:
    """F1 of each, 0–1."""

    r1: float
    r2: float
    l: float  # noqa: E741  # its name
    lsum: float


def tokens(text: str, *, stems: bool = True) -> list[str]:
    """A text's words as they are compared."""
    found = _WORD.findall(text.lower())
    return [stem(word) if len(word) > _LONGER_THAN else word for word in found] if stems else found


def rouge(summary: Sequence[str], reference: Sequence[str], *, stems: bool = True) -> Rouge:
    """Compare a summary with a reference, both as lists of sentences."""
    mine = [tokens(sentence, stems=stems) for sentence in summary]
    theirs = [tokens(sentence, stems=stems) for sentence in reference]
    flat, wanted = [word for one in mine for word in one], [word for one in theirs for word in one]
    return Rouge(
        r1=_overlap(Counter(flat), Counter(wanted)),
        r2=_overlap(Counter(pairwise(flat)), Counter(pairwise(wanted))),
        l=_score(len(common(flat, wanted)), len(flat), len(wanted)),
        lsum=_by_sentences(mine, theirs),
    )


def _score(hits: int, found: int, wanted: int) -> float:
    return f1(hits / found, hits / wanted) if found and wanted else 0.0


def _overlap(mine: Counter[object], theirs: Counter[object]) -> float:
    return _score((mine & theirs).total(), mine.total(), theirs.total())


def common(one: Sequence[str], other: Sequence[str]) -> list[int]:
    """Places in `other` of a longest common subsequence."""
    if not one or not other:
        return []
    lengths = [[0] * (len(other) + 1)]
    for word in one:
        above = lengths[-1]
        row = [0]
        for at, their in enumerate(other):
            row.append(above[at] + 1 if word == their else max(row[at], above[at + 1]))
        lengths.append(row)
    places: list[int] = []
    left, right = len(one), len(other)
    while left and right:
        if one[left - 1] == other[right - 1]:
            places.append(right - 1)
            left, right = left - 1, right - 1
        elif lengths[left - 1][right] >= lengths[left][right - 1]:
            left -= 1
        else:
            right -= 1
    return places[::-1]


def _by_sentences(mine: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> float:
    """A word counts as often as both texts have it, however many sentences share it."""
    left = Counter(word for one in mine for word in one)
    right = Counter(word for one in theirs for word in one)
    found, wanted = left.total(), right.total()
    hits = 0
    for reference in theirs:
        union = {place for sentence in mine for place in common(sentence, reference)}
        for place in sorted(union):
            word = reference[place]
            if left[word] > 0 and right[word] > 0:
                hits += 1
                left[word] -= 1
                right[word] -= 1
    return _score(hits, found, wanted)
