"""Sentences that answer with figures that cannot both be right: which is newer, or that they disagree; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.stories.comparing import conflict
from bot.writing.question import Query
from bot.writing.reading import Reading

ALIKE = 0.8
"""Share of the best sentence's score that another one needs to be an answer to the same question."""
_NEWER = re.compile(
    r"\b(?:risen|fallen|rose|fell|raised|lowered|cut|now|amended|revised|corrected|correct|updated?"
    r"|no longer|up from|down from)\b",
    re.IGNORECASE,
)


def disagreeing(query: Query, best: Reading, others: Sequence[Reading]) -> Reading | None:
    """Another publisher's sentence that answers with a figure that cannot be right at the same time; None without."""
    if query.kind not in {"how_much", "change"}:
        return None
    for other in others:
        if other.score < ALIKE * best.score:
            return None
        if other.scored.passage.publisher == best.scored.passage.publisher or not best.figures or not other.figures:
            continue
        shared = set(best.found.stems) & set(other.found.stems)
        if len(shared) < 3:  # noqa: PLR2004 - fewer words in common: not about the same thing
            continue
        if any(conflict(mine, theirs) for mine in best.figures[:1] for theirs in other.figures[:1]):
            return other
    return None


def supersedes(later: Reading, earlier: Reading) -> bool:
    """Whether one sentence tells that the other's figure has changed since."""
    newer = later.scored.passage.published_at > earlier.scored.passage.published_at
    return newer and _NEWER.search(later.found.text) is not None
