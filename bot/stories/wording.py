"""Figures as they are written where they stand alone; pure."""

from __future__ import annotations

import re

from bot.stories.figures import find

NEEDS_WORDS = frozenset({"clock", "date", "time", "percent", "points", "ratio", "length"})
"""Kinds of figures that say nothing without their sentence: "45 days" of what?"""
_JOINED = re.compile(r"(?<=\d)-(?P<unit>[a-z]{3,})$")
_TAKES_S = re.compile(
    r"(?:watts?|hours?|years?|months?|weeks?|days?|bits?|bytes?|meters?|metres?|acres?|tons?|tonnes?)$"
)


def needs_words(shown: str) -> bool:
    """Whether a figure says nothing without its sentence."""
    return any(figure.kind in NEEDS_WORDS for figure in find(shown))


def alone(shown: str) -> str:
    """A figure out of its sentence: `1.2-gigawatt` as `1.2 gigawatts`, `20-year` as `20 years`, `Ten` as `ten`."""
    joined = _JOINED.search(shown)
    if joined is not None and _TAKES_S.search(joined["unit"]):
        number = shown[: joined.start()]
        shown = f"{number} {joined['unit'].rstrip('s')}{'' if number == '1' else 's'}"
    first = shown.split(" ", 1)[0]
    return shown[:1].lower() + shown[1:] if first[1:].islower() and first.isalpha() else shown
