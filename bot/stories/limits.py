"""What limits a figure in its sentence: a part of the whole ("first phase"), a day, a place. Pure."""

from __future__ import annotations

import re

from bot.stories.figures import Figure, find
from bot.stories.lexicon import CAPITALISED, word_set
from bot.stories.measures import SCOPE
from bot.stories.sentences import words
from bot.stories.wordings import holds

#: The unit of a date, its first and its last day, as in `Figure`.
Days = tuple[str, float, float]

# Beside one of several figures; a sentence with one figure is all about it.
_REACH = 36
_AT_ONCE = re.compile(r"\bat (?:any (?:one |given )?|one |a given )(?:time|moment)\b|\bat once\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:in|at|near|outside|across)\s+(?:the\s+)?(?P<name>[A-Z][\w'-]*(?:\s+[A-Z][\w'-]*)*)")
# What others thought it would be, and what is counted in: figures with and without it are of two things.
_KINDS = {
    kind: holds(pattern)
    for kind, pattern in {
        "expected": r"\b(?:analysts?|consensus|expectations|wall street|estimates)\b"
        r"|\bhad (?:been )?(?:expected|forecast|guided|planned|hoped)\b",
        "without": r"\b(?:excluding|not counting|net of)\b"
        r"|\b(?:before|without) (?:the )?(?:new money|debt|tax(?:es)?|fees|interest|subsid)",
        "with": r"\b(?:including|counting) (?:the )?(?:new money|debt|tax(?:es)?|fees|interest|subsid|options?|land)",
        "net": r"\bnet (?:income|profit|loss|earnings|revenue)\b",
        "operating": r"\boperating (?:income|profit|loss|cash)\b|\b(?:adjusted )?ebitda?\b|\bgross (?:profit|margin)\b",
        "gross": r"\b(?:gross|nameplate|utility) (?:power|capacity|load)\b",
        "critical": r"\bcritical (?:it )?(?:load|power|capacity)\b|\bit load\b",
        "running": r"\b(?:now|already|currently) (?:runs?|operates?|draws?|has|uses?)\b|\bopened\b"
        r"|\b(?:is|are|went) (?:now )?(?:live|online)\b",
    }.items()
}
# "Dray County" and "Tolland County" are two places.
_KINDS_OF_PLACES = word_set(
    "county city town park campus state north south east west northern southern eastern western new united states"
    " district province valley township region republic kingdom"
)


def scope(sentence: str, figure: Figure) -> frozenset[str]:
    """Words that limit what a figure measures, and days beside it.

    Args:
        sentence: the sentence that states it.
        figure: as `figures.find` reads it there.
    """
    found = find(sentence)
    is_alone = sum(other.kind not in {"date", "clock"} for other in found) == 1
    left, right = (0, len(sentence)) if is_alone else (max(0, figure.start - _REACH), figure.end + _REACH)
    own = figure.noun and figure.shown
    around = f"{sentence[left : figure.start]} {own} {sentence[figure.end : right]}"
    near = {word for word in words(around) if word in SCOPE}
    dates = {
        f"{part.unit}{part.value:g}"
        for part in found
        if part.kind == "date"
        and part.unit == "day"
        and max(0, figure.start - _REACH) <= part.start < figure.end + _REACH
    }
    concurrent = {"concurrent"} if _AT_ONCE.search(sentence, left, right) else set()
    return frozenset(near | dates | concurrent)


def kinds(sentence: str) -> frozenset[str]:
    """Whether a sentence tells what was expected, what is counted in, or what runs by now."""
    return frozenset(kind for kind, found in _KINDS.items() if found(sentence))


def days(sentence: str) -> frozenset[Days]:
    """The dates, months and years that a sentence names."""
    found = (part for part in find(sentence) if part.kind == "date")
    return frozenset((part.unit, part.value, part.range_high or part.value) for part in found)


def other_days(one: frozenset[Days], other: frozenset[Days]) -> bool:
    """Whether both name days and none of them meet: "by 2028" and "by the end of 2028" do."""
    met = any(a[0] != b[0] or (a[1] <= b[2] and b[1] <= a[2]) for a in one for b in other)
    return bool(one and other) and not met


def places(sentence: str) -> frozenset[str]:
    """Words of the places that a sentence names, in lower case, without "County" and the like."""
    names = " ".join(found["name"] for found in _PLACE.finditer(sentence)).lower().replace("'s", "").split()
    return frozenset(names) - CAPITALISED - _KINDS_OF_PLACES
