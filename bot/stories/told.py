"""Differences that an article tells itself: "risen to $1.9 billion … its first filing said $1.6 billion".

An article that sets two figures side by side knows that they are of one thing. Words between and around them say
which it is: a change (the newer figure replaces the older) or a contradiction (both stand against each other).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.models import Article
from bot.stories.claims import FACTOR
from bot.stories.comparing import compatible, same
from bot.stories.figures import Figure, find
from bot.stories.sentences import split, words


class Difference(StrEnum):
    """What an article says of two figures for one thing."""

    CHANGED = "changed"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Told:
    """A difference as an article tells it.

    Attributes:
        old: the figure that it says was given before or elsewhere.
        new: the one that it gives instead.
        about: the content words around both.
    """

    article_id: int
    difference: Difference
    old: Figure
    new: Figure
    about: frozenset[str]


_CHANGE = re.compile(
    r"\b(?:risen|raised|rose|increased|grown|grew|lifted|lowered|cut|reduced|fallen|fell|revised|updated|corrected"
    r"|correction|amended|up from|down from|instead of|originally|earlier|previously|first (?:said|filing|spoken|put)"
    r"|had (?:said|put|given|first|announced)|now (?:puts?|says?|expects?)|no longer)\b",
    re.IGNORECASE,
)
_CONTRADICTION = re.compile(
    r"\b(?:says? otherwise|closer to|in fact|contradicts?|disputes?|denie[sd]|den(?:y|ies)|the difference|not the"
    r"|smaller than|larger than|less than (?:was|had been)|no more than|rather than|overstated?|understated?"
    r"|has been reported|had been reported|was reported|claimed|documents suggest"
    r"|but (?:the|a) (?:filing|document|permit))\b",
    re.IGNORECASE,
)
_KINDS = frozenset({"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent"})


def told(article: Article) -> tuple[Told, ...]:
    """The differences that an article tells, from its title and from neighbouring sentences."""
    return tuple(_told(article))


def _told(article: Article) -> Iterator[Told]:
    spans = split(article.text)
    windows = [article.title]
    for at, span in enumerate(spans):
        following = spans[at + 1] if at + 1 < len(spans) else None
        alone = following is None or following.paragraph != span.paragraph
        windows.append(span.text if alone or following is None else f"{span.text} {following.text}")
    for window in windows:
        contradicted = bool(_CONTRADICTION.search(window))
        if not contradicted and not _CHANGE.search(window):
            continue
        difference = Difference.CONTRADICTED if contradicted else Difference.CHANGED
        figures = [figure for figure in find(window) if figure.kind in _KINDS]
        about = frozenset(words(window))
        for old in figures:
            for new in figures:
                if _pair(old, new):
                    yield Told(article.id, difference, old, new, about)


def _pair(old: Figure, new: Figure) -> bool:
    if old is new or not compatible(old, new) or same(old, new) or min(old.value, new.value) <= 0:
        return False
    return max(old.value, new.value) <= FACTOR * min(old.value, new.value)
