"""Two figures side by side: can they be compared, do they say the same, does one support or contradict the other."""

from __future__ import annotations

import math
from datetime import date

from bot.stories.figures import Figure, find
from bot.stories.hedges import Bound
from bot.stories.sentences import normalise

# Rounding explains a difference of up to half the last digit shown, but a lone digit ("1 GW") would then cover a half:
# never more than this share. 8.2 shown as 8 is rounding (2.4 %), 1.2 shown as 1 is another figure.
ROUNDING = 0.03
# "About 300 MW" and 320 MW agree; "about 300 MW" and 400 MW do not. A tenth is what the word bears in news text.
ABOUT = 0.10
_EXACT = 1e-6


def compatible(a: Figure, b: Figure) -> bool:
    """True if both measure in the same unit, so that their values can be compared. `number` goes with `count`."""
    if a.kind == "date" and b.kind == "date":
        return True
    plain = {"number", "count"}
    if a.kind in plain and b.kind in plain:
        return True
    return a.kind == b.kind and a.unit == b.unit


def same(a: Figure, b: Figure) -> bool:
    """True if both give the same value, as far as the coarser of the two shows it.

    Units and currencies must agree (1,200 MW is 1.2 GW; $5bn is not €5bn), hedges and counted nouns are not looked
    at. A range is the same only as an equal range. A date without a year equals that day of any year.
    """
    if not compatible(a, b):
        return False
    if a.kind == "date":
        return _same_dates(a, b)
    if (a.range_high is None) != (b.range_high is None):
        return False
    if a.range_high is not None and b.range_high is not None and not _close(a.range_high, b.range_high, a, b):
        return False
    return _close(a.value, b.value, a, b)


def supports(source: Figure, claim: Figure) -> bool:
    """True if a claim's figure may rest on a source's figure: the same, and not more precise than the source.

    A claim may round ($8 billion for $8.2 billion) or widen a date (2027 for Q3 2027), never the other way.
    """
    if not compatible(source, claim):
        return False
    if source.kind == "date":
        return _widens(source, claim)
    exact = math.isclose(source.value, claim.value, rel_tol=_EXACT)
    return same(source, claim) and (exact or claim.step >= source.step * (1 - _EXACT))


def conflict(a: Figure, b: Figure) -> bool:
    """True if both can't be right at once, if they are about the same thing.

    Bounds are read generously: "more than 1 GW" agrees with 1.2 GW, "about 300" with 320, a range with what is in it.
    """
    if not compatible(a, b) or same(a, b):
        return False
    if a.kind == "date":
        return not (_widens(a, b) or _widens(b, a))
    (low_a, high_a), (low_b, high_b) = _interval(a), _interval(b)
    return low_a >= high_b or low_b >= high_a


def _close(x: float, y: float, a: Figure, b: Figure) -> bool:
    if math.isclose(x, y, rel_tol=_EXACT):
        return True
    slack = max(a.step, b.step) / 2
    return abs(x - y) <= min(slack * (1 + _EXACT), ROUNDING * max(abs(x), abs(y)))


def _interval(figure: Figure) -> tuple[float, float]:
    low, high = figure.value, figure.range_high if figure.range_high is not None else figure.value
    bound = figure.bound
    if bound is Bound.AT_LEAST:
        return low, math.inf
    if bound is Bound.AT_MOST:
        return -math.inf, high
    slack = ABOUT * abs(high) if bound is Bound.ABOUT else min(figure.step / 2, ROUNDING * abs(high))
    return low - slack, high + slack


def _month_days(figure: Figure) -> tuple[tuple[int, int], tuple[int, int]]:
    first, last = date.fromordinal(int(figure.value)), date.fromordinal(int(figure.range_high or figure.value))
    return (first.month, first.day), (last.month, last.day)


def _same_dates(a: Figure, b: Figure) -> bool:
    if a.unit == b.unit:
        return a.value == b.value and a.range_high == b.range_high
    return _month_days(a) == _month_days(b)


def _widens(source: Figure, claim: Figure) -> bool:
    if source.unit == claim.unit:
        high = claim.range_high or claim.value
        return claim.value <= source.value and (source.range_high or source.value) <= high
    if claim.unit == "day":
        return False  # the claim adds a year
    (claim_first, claim_last), (first, last) = _month_days(claim), _month_days(source)
    return claim_first <= first and last <= claim_last


def normal(text: str) -> str:
    """The text in its normal form with every figure written in one way, so that texts can be compared by words.

    `normal("about 1,200 MW") == normal("about 1.2 GW")`.
    """
    folded = normalise(text)
    pieces: list[str] = []
    at = 0
    for figure in find(folded):
        high = "" if figure.range_high is None or figure.kind == "date" else f"~{figure.range_high:g}"
        pieces += [folded[at : figure.start], f"{figure.value:g}{high} {figure.noun or figure.unit}".strip()]
        at = figure.end
    return "".join([*pieces, folded[at:]])
