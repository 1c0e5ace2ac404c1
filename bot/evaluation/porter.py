"""The Porter stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980), as ROUGE is usually computed with.

Written from the paper. A word is a sequence [C](VC){m}[V] of consonant and vowel groups; m is its measure. Each step
replaces the longest ending it knows, if what is left before it fulfils the ending's condition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

_SHORTEST = 3
_Condition = Callable[[str], bool]


def _is_consonant(word: str, at: int) -> bool:
    letter = word[at]
    if letter in "aeiou":
        return False
    return letter != "y" or at == 0 or not _is_consonant(word, at - 1)


def _measure(stem: str) -> int:
    """How often a vowel group is followed by a consonant group."""
    kinds = [_is_consonant(stem, at) for at in range(len(stem))]
    return sum(1 for before, here in pairwise(kinds) if here and not before)


def _has_vowel(stem: str) -> bool:
    return any(not _is_consonant(stem, at) for at in range(len(stem)))


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _short(word: str) -> bool:
    """Ends consonant, vowel, consonant, and the last is not w, x or y."""
    size = len(word)
    return (
        size >= _SHORTEST
        and _is_consonant(word, size - 3)
        and not _is_consonant(word, size - 2)
        and _is_consonant(word, size - 1)
        and word[-1] not in "wxy"
    )


def _positive(stem: str) -> bool:
    return _measure(stem) > 0


def _long(stem: str) -> bool:
    return _measure(stem) > 1


def _replaced(word: str, rules: Sequence[tuple[str, str]], condition: _Condition) -> str:
    """Apply the rule with the longest ending that the word has."""
    for ending, new in sorted(rules, key=lambda rule: -len(rule[0])):
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return stem + new if condition(stem) else word
    return word


_PLURALS = (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", ""))
_SECOND = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_THIRD = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_FOURTH = tuple(
    (ending, "")
    for ending in (
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
        "iti", "ous", "ive", "ize",
    )
)  # fmt: skip


def _first(word: str) -> str:
    """Plurals, -ed and -ing, and y after a vowel."""
    word = _replaced(word, _PLURALS, lambda _: True)
    if word.endswith("eed"):
        word = word[:-1] if _positive(word[:-3]) else word
    else:
        for ending in ("ed", "ing"):
            stem = word[: len(word) - len(ending)]
            if word.endswith(ending) and _has_vowel(stem):
                word = _mended(stem)
                break
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _mended(stem: str) -> str:
    """What is left of a word without -ed or -ing: conflat(e), hop(p), fil(e)."""
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _doubled(stem) and stem[-1] not in "lsz":
        return stem[:-1]
    if _measure(stem) == 1 and _short(stem):
        return stem + "e"
    return stem


def _fourth(word: str) -> str:
    """Endings of long words; -ion only after s or t."""
    for ending, _ in sorted(_FOURTH, key=lambda rule: -len(rule[0])):
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            fits = _long(stem) and (ending != "ion" or stem.endswith(("s", "t")))
            return stem if fits else word
    return word


def _fifth(word: str) -> str:
    """A last e, and a doubled l."""
    if word.endswith("e"):
        stem = word[:-1]
        measure = _measure(stem)
        if measure > 1 or (measure == 1 and not _short(stem)):
            word = stem
    return word[:-1] if word.endswith("ll") and _long(word[:-1]) else word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A lower-case English word without its ending; words of one or two letters stay."""
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha():
        return word
    word = _first(word)
    word = _replaced(word, _SECOND, _positive)
    word = _replaced(word, _THIRD, _positive)
    return _fifth(_fourth(word))
