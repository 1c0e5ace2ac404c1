"""Hedges: words around a figure that say it is a bound, an estimate, or not certain."""

from __future__ import annotations

import re
from enum import StrEnum


class Bound(StrEnum):
    """What a hedge makes of its figure."""

    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    UNSURE = "unsure"


_QUANTITY = {
    Bound.ABOUT: "about|around|roughly|approximately|approx.|some|nearly|almost|close to|an estimated|estimated"
    "|circa|in the region of|on the order of|just under|just over|a little over|slightly more than"
    "|slightly less than|~|≈|environ|près de|rund|etwa|circa|unos|cerca de|quasi",
    Bound.AT_LEAST: "more than|over|at least|upwards of|in excess of|no less than|no fewer than|greater than|exceeding"
    "|exceeds|exceed|above|beyond|from|starting at|a minimum of|minimum of|>|≥|plus de|au moins|mehr als|über"
    "|mindestens|más de|al menos|oltre",
    Bound.AT_MOST: "up to|as much as|as many as|at most|no more than|less than|fewer than|under|below|a maximum of"
    "|a ceiling of|ceiling of|a cap of|maximum of|maximum|capped at"
    "|as little as|within|<|≤|jusqu'à|moins de|bis zu|weniger als|hasta|menos de|fino a",
}
BOUNDS: dict[str, Bound] = {way: bound for bound, ways in _QUANTITY.items() for way in ways.split("|")}
_SIGNS = "~≈<>≥≤"
_WAYS = "|".join(re.escape(way) for way in sorted(BOUNDS, key=len, reverse=True))
_FILLERS = "a|an|the|its|another|an additional|an extra|a further|additional|total of|a total of"
_BEFORE = re.compile(
    rf"(?:(?<![\w])(?P<way>{_WAYS})(?: (?:{_FILLERS}))*[ \u00a0]?"
    rf"|(?P<sign>[{_SIGNS}])\s?)$",
    re.IGNORECASE,
)
# "less than the $2.4 billion that analysts had expected" compares with a figure and does not bound it.
_COMPARED = re.compile(
    r"(?:more|less|fewer|greater) than the |(?:above|below|over|under|exceed(?:s|ing)?) the ", re.IGNORECASE
)
_AFTER = re.compile(r"\s?(?P<way>\+|or more|and more|or so|or less|or fewer|at most|at least)(?!\w)", re.IGNORECASE)
_AFTER_BOUND = {
    "+": Bound.AT_LEAST, "or more": Bound.AT_LEAST, "and more": Bound.AT_LEAST, "at least": Bound.AT_LEAST,
    "or so": Bound.ABOUT, "or less": Bound.AT_MOST, "or fewer": Bound.AT_MOST, "at most": Bound.AT_MOST,
}  # fmt: skip
# "from 3 GW to 5 GW" is a change, and "from 5 November" a start: not a lower bound unless it is a price.
_NOT_A_BOUND = frozenset({"from", "beyond", "within", "some"})

_MODALS = re.compile(
    r"\b(?P<way>could|may|might|would|reportedly|allegedly|(?:is|are) said to|expected to|expects?(?: to)?"
    r"|plan(?:s|ned)?(?: to)?|aims? to|aiming|targets?|targeting|hopes? to|likely|possibly|potential(?:ly)?|rumou?red"
    r"|considering|in talks|in discussions|estimates?|estimated|projected|projects|forecasts?|seeks? to|seeking"
    r"|proposed|proposes|believed to|sources? sa(?:y|id)|people familiar|pourrait|könnte|podría)\b",
    re.IGNORECASE,
)
_REACH = 34
_MODAL_REACH = 140
_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z\"“]")


def quantity(text: str, start: int, end: int) -> str | None:
    """The hedge right beside a figure: "about", "up to", "more than", "or more"; lower case; None without one."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before is not None and not _COMPARED.match(before[0]):
        way = (before["way"] or before["sign"]).lower()
        if way not in _NOT_A_BOUND or (way == "some" and before.end() == start):
            return way
        if way == "from" and text[start : start + 1] in "$€£":
            return None if re.match(r"[^.;]{0,40}?\bto\b", text[end : end + 44]) else way
    after = _AFTER.match(text, end)
    return after["way"].lower() if after else None


def modal(text: str, start: int) -> str | None:
    """The nearest word before a figure, in its sentence, that says it is not certain; None without one."""
    left = max(0, start - _MODAL_REACH)
    for stop in _SENTENCE_END.finditer(text, left, start):
        left = stop.end() - 1
    found = None
    for match in _MODALS.finditer(text, left, start):
        if match["way"] != "May":
            found = match["way"].lower()
    return found


def bound(hedge: str | None) -> Bound | None:
    """What a hedge means for its figure; None for no hedge."""
    if hedge is None:
        return None
    return BOUNDS.get(hedge) or _AFTER_BOUND.get(hedge) or Bound.UNSURE
