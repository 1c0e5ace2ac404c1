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
from bot.stories.comparing import compatible, same
from bot.stories.figures import Figure, find
from bot.stories.matching import FACTOR
from bot.stories.sentences import split, words
from bot.stories.wordings import holds


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
        plain: the words right beside `old` say that it is the older one ("had first spoken of 9,600").
    """

    article_id: int
    difference: Difference
    old: Figure
    new: Figure
    about: frozenset[str]
    plain: bool = False


_CHANGE = holds(
    r"\b(?:risen|raised|rose|increased|grown|grew|lifted|lowered|cut|reduced|fallen|fell|revised|updated|corrected"
    r"|correction|amended|up from|down from|instead of|originally|earlier|previously|first (?:said|filing|spoken|put)"
    r"|had (?:said|put|given|first|announced)|now (?:puts?|says?|expects?)|no longer)\b",
)
_CONTRADICTION = re.compile(
    r"\b(?:says? otherwise|closer to|in fact|contradicts?|disputes?|denie[sd]|den(?:y|ies)|the difference|not the"
    r"|smaller than|larger than|less than (?:was|had been)|no more than|rather than|overstated?|understated?"
    r"|has been reported|had been reported|was reported|claimed|documents suggest"
    r"|but (?:the|a) (?:filing|document|permit))\b"
    r"|\bbut (?:(?:the|an?|its|their) )?[\w'’-]+(?: [\w'’-]+){0,3} (?:puts?|gives?|counts?|lists?|speaks? of)\b"
    r"|(?:\band|,) not (?=[$€£\d])|\bsays? [^.;]{5,80}[;,] [^.;]{5,60}\bsays? ",
    re.IGNORECASE,
)
# What stands right before or after a figure that has been put right since.
_FIRST_SAID = re.compile(
    r"(?:first (?:spoken of|said|put|announced|estimated|reported|gave|given|filing[^.;]{0,30}said)"
    r"|(?:had|originally|earlier|previously|initially) (?:said|put|given|gave|announced|reported|estimated|spoken of)"
    r") ?[^.;\d$€£]{0,24}$",
    re.IGNORECASE,
)
_SINCE_SAID = re.compile(
    r"^[^.;\d$€£]{0,36}\bhad (?:first |originally |earlier |previously )?"
    r"(?:said|announced|given|put|reported|estimated)\b",
    re.IGNORECASE,
)
LEAST_COUNTED = 100
_KINDS = frozenset({"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent"})


def told(article: Article) -> tuple[Told, ...]:
    """The differences that an article tells, from its title and from neighbouring sentences."""
    return (*_told(article), *_put_right(article))


def _told(article: Article) -> Iterator[Told]:
    for window in _windows(article):
        contradicted = bool(_CONTRADICTION.search(window))
        if not contradicted and not _CHANGE(window):
            continue
        difference = Difference.CONTRADICTED if contradicted else Difference.CHANGED
        figures = [figure for figure in find(window) if figure.kind in _KINDS or _is_counted(figure)]
        about = frozenset(words(window))
        for old in figures:
            for new in figures:
                if _pair(old, new) and (old.noun or new.noun or "number" not in {old.kind, new.kind}):
                    yield Told(article.id, difference, old, new, about, plain=_was_said(window, old))


def _windows(article: Article) -> Iterator[str]:
    """The title, and each sentence with the next one of its paragraph, where two figures could differ."""
    spans = split(article.text)
    yield article.title
    for span, following in zip(spans, (*spans[1:], None), strict=False):
        alone = following is None or following.paragraph != span.paragraph
        both = (span,) if alone or following is None else (span, following)
        if sum(len(find(one.text)) for one in both) > 1:  # read already; the patterns take longer
            yield " ".join(one.text for one in both)


def _put_right(article: Article) -> Iterator[Told]:
    """A sentence that names only the older figure, beside the newer one somewhere before it in its paragraph."""
    spans = split(article.text)
    for at, span in enumerate(spans):
        figures = [figure for figure in find(span.text) if figure.kind in _KINDS or _is_counted(figure)]
        if len(figures) != 1 or not _was_said(span.text, figures[0]):
            continue
        for before in spans[:at]:
            if before.paragraph != span.paragraph:
                continue
            about = frozenset(words(f"{before.text} {span.text}"))
            for new in find(before.text):
                if new.kind in _KINDS and _pair(figures[0], new):
                    yield Told(article.id, Difference.CHANGED, figures[0], new, about, plain=True)


def _is_counted(figure: Figure) -> bool:
    """True for a bare number that may count what the figure beside it counts: "14,200 GPUs … first spoke of 9,600"."""
    return figure.kind == "number" and figure.value >= LEAST_COUNTED


def _was_said(window: str, figure: Figure) -> bool:
    return bool(
        _FIRST_SAID.search(window, max(0, figure.start - 70), figure.start)
        or _SINCE_SAID.match(window[figure.end : figure.end + 70])
    )


def _pair(old: Figure, new: Figure) -> bool:
    if old is new or not compatible(old, new) or same(old, new) or min(old.value, new.value) <= 0:
        return False
    return max(old.value, new.value) <= FACTOR * min(old.value, new.value)
