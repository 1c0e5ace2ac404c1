"""Whether two claims give one figure for one thing, or two that can't both be right. Pure."""

from __future__ import annotations

import re

from bot.stories.claims import Claim, nouns_meet
from bot.stories.comparing import conflict, same
from bot.stories.figures import Figure
from bot.stories.limits import other_days
from bot.stories.measures import DOWN, EXCLUSIVE, FORECASTS, MOVES, SCOPE, UP
from bot.stories.numerals import ONES

# Figures for one thing are of one order; fourteen billion and 340 million are two things.
FACTOR = 5.0
# Kinds for which two values can be told to be of one thing. Dates and spans of time mostly date different steps.
DISPUTABLE = frozenset(
    {"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent", "volume"}
)
# Shares of the smaller set of subject words. Found on the labelled samples: wrong pairs lie below .4.
SAME_FACT = 0.34
# The same, for values that are unlikely to meet by chance: two digits or more, as 18 % or 71 days.
SAME_ODD = 0.17
_DIGITS = 2
_PRICE_DIGITS = 3
_ODD_WORDS = frozenset(word for word, value in ONES.items() if value > 10)  # noqa: PLR2004 - eleven and up
SAME_THING = 0.5
_LEAST_SHARED = 2
# Two sentences that only differ in their figures are one sentence, rewritten.
_SAME_FRAME = 0.75
_LEAST_FRAME = 5
# A counted noun that each article has one figure for is one thing, if the figures are of one order.
_LEAST_COUNT = 100
_MANY = 1e6
_ALIKE = 2.0
# Their values seldom occur twice by chance.
_TELLING = frozenset({"money", "power", "price", "energy", "flow", "rate", "compute", "data"})


def overlap(a: Claim, b: Claim) -> float:
    """Shared subject words over the smaller set, 0–1."""
    if not a.subject or not b.subject:
        return 0.0
    return len(a.subject & b.subject) / min(len(a.subject), len(b.subject))


def same_fact(a: Claim, b: Claim) -> bool:
    """True if both give one value for one thing.

    Between two articles of a story, in this order: equal values in one unit, and the same counted noun; nothing that
    excludes it (`_excluded`); then either a value that seldom occurs twice by chance (money, power, bandwidth … or a
    counted thing, with two digits or more; a round one such as 25 needs a word in common), or shared words about it,
    the fewer the odder the value.
    """
    if not (same(a.figure, b.figure) or _same_price(a.figure, b.figure)) or not nouns_meet(a.figure, b.figure):
        return False
    if a.article_id == b.article_id:
        return overlap(a, b) >= SAME_FACT or (_is_telling(a) and not _excluded(a, b))
    if _excluded(a, b):
        return False
    is_common = _is_round(a.figure) and not _shares(a, b)
    if _is_telling(a) and not is_common:
        return True
    odd = digits_shown(a.figure) >= _DIGITS
    if odd and a.measures & b.measures:
        return True
    is_odd = not is_common and (odd or a.figure.kind in _TELLING)
    return overlap(a, b) >= (SAME_ODD if is_odd else SAME_FACT - 0.05)


def _is_telling(claim: Claim) -> bool:
    kind = claim.figure.kind
    counted = kind == "count" and bool(claim.figure.noun) and claim.figure.value >= _LEAST_COUNT
    if counted and claim.figure.value >= _MANY:
        return True
    return (kind in _TELLING or counted) and digits_shown(claim.figure) >= _DIGITS


def _is_round(figure: Figure) -> bool:
    """True for values that people like: 25, 150, 3.5. Two things of an event may share such; prices say of what."""
    if figure.kind not in {"money", "power", "percent", "count"}:
        return False
    digits = re.sub(r"\D", "", figure.shown).strip("0")
    return len(digits) <= _DIGITS and digits.endswith("5")


def _shares(a: Claim, b: Claim) -> bool:
    """True if both sentences have a word in common that is no name, or two names."""
    return bool(a.plain & b.plain and not (a.about and b.about and not a.about & b.about)) or len(a.about & b.about) > 1


def digits_shown(figure: Figure) -> int:
    """Significant digits of a figure as it is written: 1 for $8 billion, 2 for 1.2 GW and for 420 MW."""
    if figure.kind == "date":
        return _DIGITS if figure.value == figure.range_high else 1
    found = re.search(r"\d[\d.,  ]*", figure.shown)
    if found is None:  # "twelve" is as odd as "12", "fifty" as "50"
        return _DIGITS if set(figure.shown.lower().replace("-", " ").split()) & _ODD_WORDS else 1
    return len(re.sub(r"\D", "", found[0]).strip("0"))


def _same_price(a: Figure, b: Figure) -> bool:
    """True for "$3.49 an hour" and "$3.49": a price whose unit one text leaves out."""
    if {a.kind, b.kind} != {"money", "price"} or a.unit.partition("/")[0] != b.unit.partition("/")[0]:
        return False
    return a.value == b.value and min(digits_shown(a), digits_shown(b)) >= _PRICE_DIGITS


def _excluded(a: Claim, b: Claim) -> bool:
    """True if words beside two equal figures say that they are of two things: another phase, or another measure."""
    for row in EXCLUSIVE:
        mine, theirs = a.scope & row, b.scope & row
        if mine and theirs and not mine & theirs:
            return True
    if a.figure.kind == "percent" and _opposite(a, b):
        return True
    if a.figure.kind not in {"money", "percent"}:
        return False
    return bool(a.measures and b.measures) and not a.measures & b.measures and not a.plain & b.plain


def _opposite(a: Claim, b: Claim) -> bool:
    """True if one sentence tells of a rise and the other of a fall."""
    mine, theirs = ((bool(UP & claim.frame), bool(DOWN & claim.frame)) for claim in (a, b))
    return mine != theirs and any(mine) and any(theirs) and mine[0] != theirs[0]


def rivals(a: Claim, b: Claim) -> bool:
    """True if the claims give different values for what is plainly one thing."""
    if a.figure.kind not in DISPUTABLE or not conflict(a.figure, b.figure) or not nouns_meet(a.figure, b.figure):
        return False
    low, high = sorted((abs(a.figure.value), abs(b.figure.value)))
    if high > FACTOR * low or (a.about and b.about and not a.about & b.about):
        return False
    if _excluded(a, b) or _elsewhere(a, b) or _moves(a, b) or _opinions(a, b):
        return False
    if _one_frame(a, b):
        return True
    if SCOPE & (a.scope ^ b.scope) or (a.scope and b.scope and a.scope != b.scope):
        return False
    return _one_subject(a, b) or _only_counts(a, b)


def _elsewhere(a: Claim, b: Claim) -> bool:
    """True if the sentences name two days, two places, two measures, or one alone tells what was expected."""
    return (
        a.kinds != b.kinds
        or other_days(a.days, b.days)
        or any(
            mine and theirs and not mine & theirs for mine, theirs in ((a.places, b.places), (a.measures, b.measures))
        )
    )


def _moves(a: Claim, b: Claim) -> bool:
    """True for two moves of a share price: it has another at any minute."""
    return a.figure.kind == "percent" and "shares" in a.measures | b.measures and bool(MOVES & (a.frame | b.frame))


def _opinions(a: Claim, b: Claim) -> bool:
    """True for the forecasts of two houses: each may think its own."""
    both = bool(FORECASTS & a.frame) and bool(FORECASTS & b.frame)
    return both and bool(a.about - b.about) and bool(b.about - a.about)


def _one_subject(a: Claim, b: Claim) -> bool:
    if not (a.alone and b.alone) or len(a.subject & b.subject) < _LEAST_SHARED or overlap(a, b) < SAME_THING:
        return False
    # A shared name alone is not a shared thing: Ostara's shares are not Ostara's revenue.
    return bool(a.plain & b.plain) and len(a.plain & b.plain) >= SAME_THING * min(len(a.plain), len(b.plain))


def _one_frame(a: Claim, b: Claim) -> bool:
    if min(len(a.frame), len(b.frame)) < _LEAST_FRAME:
        return False
    return len(a.frame & b.frame) >= _SAME_FRAME * len(a.frame | b.frame)


def _only_counts(a: Claim, b: Claim) -> bool:
    if not a.figure.noun or not b.figure.noun or not (a.alone and b.alone):
        return False
    low, high = sorted((a.figure.value, b.figure.value))
    return low >= _LEAST_COUNT and high <= _ALIKE * low
