"""What a question sets, that no answer may miss: its numbers, and which end of a scale it asks for; pure.

Scores can't tell these: "the lowest temperature at the airport" and a sentence on the highest share every other word.
"""

from __future__ import annotations

import re

from bot.stories.sentences import normalise
from bot.writing.question import Query

_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
_OPPOSITES = (
    ("highest", "lowest"), ("largest", "smallest"), ("biggest", "smallest"), ("longest", "shortest"),
    ("oldest", "youngest"), ("oldest", "newest"), ("fastest", "slowest"), ("strongest", "weakest"),
    ("heaviest", "lightest"), ("hottest", "coldest"), ("maximum", "minimum"), ("best", "worst"), ("first", "last"),
    ("most", "fewest"), ("most", "least"), ("cheapest", "dearest"), ("nearest", "furthest"), ("imports", "exports"),
    ("north", "south"), ("east", "west"), ("northern", "southern"), ("eastern", "western"), ("men", "women"),
)  # fmt: skip
_AGAINST = {one: frozenset(b if a == one else a for a, b in _OPPOSITES if one in {a, b})
            for one in {word for pair in _OPPOSITES for word in pair}}  # fmt: skip
_WORDS = re.compile(r"[a-z]+")
_RANKED = re.compile(
    r"\b(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[ -](\w+est|most)\b", re.IGNORECASE
)


def holds_numbers(query: Query, text: str) -> bool:
    """Whether a text holds every number of two digits or more that a question names: "in 1914", "the 345 kV line".

    A time that limits what is looked at, and the bound of a list, need not stand there.
    """
    asked = query.text.lower()
    for aside in (query.period, query.limit.figure.shown if query.limit is not None else ""):
        asked = asked.replace(aside.lower(), " ") if aside else asked
    wanted = {_plain(match[0]) for match in _NUMBER.finditer(asked)}
    wanted = {number for number in wanted if len(number) > 1}
    return not wanted or wanted <= {_plain(match[0]) for match in _NUMBER.finditer(normalise(text))}


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def opposed(query: Query, sentence: str) -> bool:
    """Whether a sentence tells only the other end of what was asked: the highest for the lowest, the second largest."""
    said = set(_WORDS.findall(sentence.lower()))
    for word in set(_WORDS.findall(query.text.lower())) & _AGAINST.keys():
        if word not in said and said & _AGAINST[word]:
            return True
    ranked = {match[2].lower(): match[1].lower() for match in _RANKED.finditer(sentence)}
    asked = query.text.lower()
    return any(
        f" {best}" in asked and place not in asked and len(re.findall(rf"\b{best}\b", sentence.lower())) == 1
        for best, place in ranked.items()
    )
