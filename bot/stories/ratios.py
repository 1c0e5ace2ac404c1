"""Ratios and orders of magnitude in words: two-thirds · a third less · twice as fast · half of the · tens of billions.

A fraction is a ratio only where it says of what, or how it compares: "a third line" and "a quarter later" are none.
Orders of magnitude are read so that nobody may write another; they are no facts, and are compared with no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PARTS = {
    "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_HOW_MANY = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
_LESS_OR_MORE = (
    r"less|more|fewer|lower|higher|cheaper|dearer|smaller|larger|bigger|faster|slower|longer|shorter|below|above|off"
)
_OF_WHAT = (
    r"(?= of (?!an? (?:year|day|month)\b)| (?:as (?:much|many|\w+ as)|the (?:size|price|cost|power))"
    rf"| (?:{_LESS_OR_MORE})\b)"
)
_FRACTION = re.compile(
    rf"\b(?P<many>{'|'.join(_HOW_MANY)})[ -](?P<part>{'|'.join(_PARTS)})s?\b{_OF_WHAT}"
    r"|\b(?P<half>half)\b(?= of (?:the|its|their|all|this|that|these|those|what)\b| as (?:much|many|\w+) as\b)",
    re.IGNORECASE,
)
_TIMES = {"twice": 2.0, "double": 2.0, "triple": 3.0, "thrice": 3.0}
# "Twice the loss rose" counts; "is twice the price" compares.
_MULTIPLE = re.compile(
    r"\b(?P<times>twice|double|triple|thrice)\b"
    r"(?= as (?:much|many|\w+)| that of| what\b|(?<=[a-z, ] twice) the (?!day|week|month|year)\w+)",
    re.IGNORECASE,
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_LEADS = {"dozens": 10.0, "tens": 10.0, "scores": 10.0, "hundreds": 100.0, "thousands": 1e3}
_MAGNITUDE = re.compile(
    rf"\b(?P<lead>{'|'.join(_LEADS)}) of (?P<scale>{'|'.join(_SCALES)})s\b"
    rf"|\b(?P<scales>{'|'.join(_SCALES)})s(?= of\b)"
    r"|\b(?P<alone>dozens|tens|hundreds)(?= of\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One of them in a text.

    Attributes:
        kind: `ratio`, or `magnitude`.
        value: the ratio (two thirds: 0.667), or the least that the words can mean (tens of billions: 1e10).
        start, end: where it stands.
    """

    kind: str
    value: float
    start: int
    end: int


def scan(text: str) -> Iterator[Ratio]:
    """Every ratio and order of magnitude that is written in words, without overlaps."""
    for match in _FRACTION.finditer(text):
        value = 0.5 if match["half"] else _HOW_MANY[match["many"].lower()] / _PARTS[match["part"].lower()]
        if value < 1:
            yield Ratio("ratio", float(f"{value:.6g}"), *match.span())
    for match in _MULTIPLE.finditer(text):
        yield Ratio("ratio", _TIMES[match["times"].lower()], *match.span())
    for match in _MAGNITUDE.finditer(text):
        lead, scale = match["lead"] or match["alone"], match["scale"] or match["scales"]
        least = _LEADS.get((lead or "").lower(), 1.0) * _SCALES.get((scale or "").lower(), 1.0)
        yield Ratio("magnitude", least, *match.span())
