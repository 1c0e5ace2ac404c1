"""Whether a name that a question asks about stands in a text; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.stories.lexicon import word_set
from bot.stories.sentences import normalise
from bot.writing.meaning import kindred

LEAST_PART = 4
"""Letters of a part of a name that may stand for the whole: not "the"."""
# What follows a name and is shared by many: "Sunhae Memory" is not meant by every memory.
_TAILS = word_set(
    """
    cloud clouds labs lab laboratory memory compute computing systems system energy power turbine turbines network
    networks research group technologies technology foundry capital partners data trust property center centre park
    county board office university institute marathon valley point
    """
)


def holds_name(name: str, text: str) -> bool:
    """Whether a name stands in a text.

    One with a number ("Corvid 3") only as a whole, another by one of its own words too (not by "Cloud" or "Labs"), or
    by a word made of it (European for Europe).
    """
    wanted, squeezed = _bare(name), _folded(text)
    forms = {wanted, f"{wanted}s", wanted.removesuffix("s")}
    if any(f" {form} " in squeezed for form in forms):
        return True
    parts = wanted.split()
    if any(any(mark.isdigit() for mark in part) for part in parts):
        return False
    if len(parts) == 1:
        return any(kindred(word, wanted) for word in set(squeezed.split()) if word[:1] == wanted[:1])
    return any(f" {part} " in squeezed for part in parts if len(part) >= LEAST_PART and part not in _TAILS)


_ALNUM = re.compile(r"[^\W_]+")


def _squeezed(text: str) -> str:
    return " ".join(_ALNUM.findall(normalise(text).lower()))


_bare = lru_cache(maxsize=512)(_squeezed)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return f" {_squeezed(text)} "
