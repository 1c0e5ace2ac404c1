"""A label's value ("900 MW", "1.84 USD") against the figures that were read. Pure; it shares nothing with the reader.

The reader under test turns words into base units. So must a label, by a small table of its own: if both used the same
code, a wrong factor would go unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models import Fact
from bot.stories.facts import figure_of
from bot.stories.sentences import normalise

_VALUE = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?(?P<scale>thousand|million|billion|trillion)? ?(?P<unit>[^\W\d].*|%)?")
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_DAY, _YEAR = 86_400.0, 365.25 * 86_400.0
#: unit → (kinds of fact that it can be, factor to the base unit, what the fact's unit must start with)
_UNITS: dict[str, tuple[frozenset[str], float, str]] = {
    unit: (frozenset(kinds.split()), factor, base)
    for kinds, base, units in (
        ("money price", "USD", {"USD": 1.0}),
        ("money price", "EUR", {"EUR": 1.0}),
        ("power", "VA", {"MVA": 1e6}),
        ("volume", "l", {"litres": 1.0, "cubic feet a day": 28.316846592}),
        ("flow", "tokens/s", {"tokens/s": 1.0}),
        ("power", "W", {"W": 1.0, "kW": 1e3, "MW": 1e6, "GW": 1e9}),
        ("data", "B", {"GB": 1e9, "TB": 1e12}),
        ("rate", "B/s", {"GB/s": 1e9, "TB/s": 1e12}),
        (
            "time",
            "s",
            {"ns": 1e-9, "ms": 1e-3, "s": 1.0, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": _DAY}
            | {"weeks": 7 * _DAY, "months": _YEAR / 12, "years": _YEAR},
        ),
        ("percent", "%", {"%": 1.0}),
        ("ratio", "x", {"times": 1.0}),
    )
    for unit, factor in units.items()
}
_COUNTED = (frozenset({"count", "number"}), 1.0, "")
#: Two ways to write one value may round differently.
_TOLERANCE = 0.005


@dataclass(frozen=True, slots=True)
class Value:
    """A label's value in base units."""

    number: float
    kinds: frozenset[str]
    unit: str


def value(text: str) -> Value | None:
    """Read a label's value, a time of day in minutes since midnight; None for what is no figure."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None:
        return Value(60.0 * int(clock["hour"]) + int(clock["minute"]), frozenset({"clock"}), "")
    match = _VALUE.fullmatch(text.strip())
    if match is None:
        return None
    kinds, factor, unit = _UNITS.get((match["unit"] or "").strip(), _COUNTED)
    return Value(float(match["number"]) * _SCALES.get(match["scale"] or "", 1.0) * factor, kinds, unit)


def states(fact: Fact, label: str) -> bool:
    """Whether a fact has the label's value; of a range either end counts."""
    wanted = value(label)
    if wanted is None or fact.kind not in wanted.kinds or not fact.unit.startswith(wanted.unit):
        return False
    figure = figure_of(fact)
    ends = (fact.value, figure.range_high if figure.range_high is not None else fact.value)
    return any(is_near(end, wanted.number) for end in ends)


def is_near(one: float, other: float) -> bool:
    """Whether two values are one, as far as writing goes."""
    return abs(one - other) <= _TOLERANCE * max(abs(one), abs(other))


def is_in(quote: str, sentence: str) -> bool:
    """Whether a label's words stand in a sentence."""
    return normalise(quote) in normalise(sentence)
