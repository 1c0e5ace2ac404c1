"""Figures in a text: money, power, data, counts, dates … each with its value in a base unit and how it is hedged.

`find` reads them; `bot.stories.comparing` tells whether two say the same. The pipeline inside `find`:

```
dates.scan, clocks, ratios ─► taken spans ─┐
numerals.scan ─────────────────────────────┴─► + currency, unit or noun ─► ranges joined ─► hedges ─► Figure
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.stories import dates, hedges, numerals, ratios, units
from bot.stories.hedges import Bound
from bot.stories.lexicon import STOP_WORDS, word_set
from bot.stories.numerals import Numeral


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Attributes:
        kind: `money`, `price` (money per something), `power`, `energy`, `data`, `rate` (bytes a second), `flow`
            (tokens or requests a second), `compute`, `time`, `count`, `number` (nothing says of what), `percent`,
            `points`, `ratio`, `length`, `area`, `volume`, `mass`, `temperature`, `frequency`, `voltage`, `date`,
            `clock` (minutes after midnight), `magnitude` (tens of billions: the least that it can mean).
        value: in `unit`; for dates the ordinal of the first day (`date.toordinal`).
        unit: `USD`, `USD/Mtoken`, `W`, `Wh`, `B`, `B/s`, `s`, `%`, `x`, `items`, `day`, `day of year` …
        shown: as the text writes it, white space folded.
        start, end: `text[start:end]` is what `shown` shows.
        hedge: the word beside it or before it in its sentence that takes certainty away, in lower case.
        range_high: the upper end of a range; for dates the ordinal of the last day.
        step: the worth of the last digit shown, in `unit`.
        noun: what a count counts, in lower case (`accelerators`).
        modal: what makes the whole statement uncertain ("could", "reportedly"), if something does.
    """

    kind: str
    value: float
    unit: str
    shown: str
    start: int
    end: int
    hedge: str | None = None
    range_high: float | None = None
    step: float = 0.0
    noun: str = ""
    modal: str | None = None

    @property
    def bound(self) -> Bound | None:
        """What the hedge makes of the value."""
        return hedges.bound(self.hedge)


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Figure, ...]:
    """Every figure in the text, left to right, without overlaps. Kept: a brief asks for the same sentences often."""
    taken = [_date(text, when) for when in dates.scan(text)]
    taken += [clock for clock in _clocks(text) if not any(_meet(clock, other) for other in taken)]
    taken += [ratio for ratio in _ratios(text) if not any(_meet(ratio, other) for other in taken)]
    figures = sorted([*taken, *_ranges(text, list(_measured(text, taken)))], key=lambda figure: figure.start)
    return tuple(_hedged(text, figure) for figure in figures)


def _date(text: str, when: dates.When) -> Figure:
    unit = "day of year" if when.yearless else "day"
    shown = _shown(text, when.start, when.end)
    return Figure("date", float(when.first), unit, shown, when.start, when.end, range_high=float(when.last), step=1.0)


_CLOCK = re.compile(
    r"(?<![\d:./])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d)(?::[0-5]\d)?)?(?![\d:])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_NOON = 12


def _clocks(text: str) -> Iterator[Figure]:
    """Times of day: 04:12, 4:12 a.m., 9 pm; a bare hour is none, nor is 4.12 without a.m."""
    for match in _CLOCK.finditer(text):
        if not match["half"] and not (match["minute"] and match[0][len(match["hour"])] == ":"):
            continue
        hour = int(match["hour"])
        if match["half"]:
            if not 1 <= hour <= _NOON:
                continue
            hour = hour % _NOON + (_NOON if match["half"] == "p" else 0)
        minutes = float(60 * hour + int(match["minute"] or 0))
        start, end = match.span()
        yield Figure("clock", minutes, "time of day", _shown(text, start, end), start, end, step=1.0)


def _ratios(text: str) -> Iterator[Figure]:
    for found in ratios.scan(text):
        unit = "x" if found.kind == "ratio" else "magnitude"
        shown = _shown(text, found.start, found.end)
        yield Figure(found.kind, found.value, unit, shown, found.start, found.end, step=found.value / 10)


def _meet(one: Figure, other: Figure) -> bool:
    return one.start < other.end and other.start < one.end


def _shown(text: str, start: int, end: int) -> str:
    return re.sub(r"\s+", " ", text[start:end]).strip()


def _measured(text: str, taken: list[Figure]) -> Iterator[Figure]:
    free_from = 0
    for numeral in numerals.scan(text):
        if numeral.start < free_from or any(date.start < numeral.end and numeral.start < date.end for date in taken):
            continue
        figure = _money(text, numeral) or _unit(text, numeral) or _count(text, numeral)
        if figure is not None:
            free_from = figure.end
            yield figure


def _figure(text: str, numeral: Numeral, kind: str, unit: str, factor: float, *, start: int, end: int) -> Figure:
    value = float(f"{numeral.value * factor:.12g}")
    return Figure(kind, value, unit, _shown(text, start, end), start, end, step=numeral.step * factor)


def _money(text: str, numeral: Numeral) -> Figure | None:
    before = units.currency_before(text, numeral.start)
    if before is not None:
        code, start = before
        factor, end = 1.0, numeral.end
        same_again = units.currency_after(text, end)  # "$50 billion dollars", "US$5bn USD"
        end = same_again[2] if same_again and same_again[0] == code and same_again[1] == factor else end
    else:
        after = units.currency_after(text, numeral.end)
        if after is None:
            return None
        code, factor, end = after
        start = numeral.start
    per = units.per_at(text, end)
    if per is None:
        return _figure(text, numeral, "money", code, factor, start=start, end=end)
    base, per_factor, end = per
    return _figure(text, numeral, "price", f"{code}/{base}", factor * per_factor, start=start, end=end)


_VERSION = re.compile(r"\.\d|[/:]\d")
_LABEL = re.compile(r"(?:[A-Z][\w'-]*|\d[/:])[ \u00a0]?$")
_LABELS_TO = 100
# "Section 232 investigations": of a law, a road or a form, not how many.
_NUMBERED = re.compile(
    r"\b(?:Sections?|Sec\.|Articles?|Title|Rules?|Regulation|Forms?|Chapter|Schedule|Route|Highway|Interstate|No\.)"
    r"[ \u00a0]$"
)


def _unit(text: str, numeral: Numeral) -> Figure | None:
    if _VERSION.match(text, numeral.end):
        return None
    found = units.unit_at(text, numeral.end, numeral.value)
    if found is None and numeral.end != numeral.end_bare:
        # "5 m" scale or metres, "700k" thousand: try again without the letter that was taken for a scale.
        bare = replace(numeral, value=numeral.value / numeral.scale, step=numeral.step / numeral.scale, scale=1.0)
        found = units.unit_at(text, numeral.end_bare, bare.value)
        if found is not None:
            numeral = replace(bare, end=numeral.end_bare)
    if found is None:
        return None
    unit, end = found
    return _figure(text, numeral, unit.kind, unit.base, unit.factor, start=numeral.start, end=end)


# A counted noun follows its number at once or after adjectives and names: "40,000 Nvidia H200 accelerators".
_NOUN_WORD = re.compile(r"[ \u00a0-](?P<word>[A-Za-z][\w'’-]*)")
_NOUN_REACH = 4
_VERSION_WORD = re.compile(r"(?<=[a-z]) \d{1,2}(?= [a-z])")
_SINGULARS = frozenset({"parameter", "token", "accelerator", "chip", "gpu", "node", "rack", "port", "wafer"})
_SMALL = 10
_NOT_NOUNS = word_set(
    "was has is does as this its us plus years always perhaps besides regardless versus across less says sees gives"
    " makes takes runs needs uses costs buys sells adds gets goes comes remains includes follows rises falls"
    " carries draws ships delivers comes came holds joins serves reaches offers keeps brings replaces supports"
)


def _is_label(text: str, numeral: Numeral) -> bool:
    return _NUMBERED.search(text, max(0, numeral.start - 24), numeral.start) is not None


def _count(text: str, numeral: Numeral) -> Figure | None:
    following = text[numeral.end : numeral.end + 1]
    if following.isalpha() or following == "_" or _VERSION.match(text, numeral.end) or _is_label(text, numeral):
        return None
    if numeral.spelled and numeral.value == 1.0:  # "one" is mostly a pronoun
        return None
    noun, end = _noun(text, numeral)
    if noun:
        return replace(_figure(text, numeral, "count", "items", 1.0, start=numeral.start, end=end), noun=noun)
    if numeral.spelled and numeral.value <= _SMALL and not _LOW_END.match(text, numeral.end):
        return None  # "the two said", "three of them"
    if numeral.value <= _LABELS_TO and _LABEL.search(text, max(0, numeral.start - 24), numeral.start):
        return None  # "Llama 4", "Phase 2", "24/7"
    return _figure(text, numeral, "number", "", 1.0, start=numeral.start, end=numeral.end)


# "fourteen 30 MW machines": what is counted stands behind its size, which is a figure of its own.
_SIZE = re.compile(r"[ \u00a0]\d[\d.,]*[ \u00a0-]?(?:[kMGT]?W|[MGT]B|kV|mm|inch|square-foot|[a-z]+watt)(?=[ -])")
# "60,000 of its older chips", "11 of the 14 accelerators".
_PART_OF = re.compile(r" of (?:the|its|their|these|those|our)(?P<all> \d[\d,]*| [a-z]+een| ten| eleven| twelve)?(?= )")
_MORE = re.compile(r"\+|[- ]plus(?= )")
# The lower end of "six to nine months"; by itself a small number in words is no figure.
_LOW_END = re.compile(rf" (?:to|or) (?:\d+|{'|'.join(numerals.ONES)})[ -](?!of\b|the\b|in\b|that\b|said\b)[a-z]{{3,}}")


def _noun(text: str, numeral: Numeral) -> tuple[str, int]:
    """What is counted, in lower case, and where the figure ends: before any other figure that stands between."""
    if size := _SIZE.match(text, numeral.end):
        return _noun_from(text, size.end(), numeral)[0], numeral.end
    if not numeral.spelled and (part := _PART_OF.match(text, numeral.end)):
        noun, end = _noun_from(text, part.end(), numeral)
        return noun, numeral.end if part["all"] else end
    more = _MORE.match(text, numeral.end)
    return _noun_from(text, more.end() if more else numeral.end, numeral)


def _noun_from(text: str, at: int, numeral: Numeral) -> tuple[str, int]:
    best = ("", numeral.end)
    for _ in range(_NOUN_REACH):
        if version := _VERSION_WORD.match(text, at):
            at = version.end()  # "24,576 Corvid 3 accelerators"
        match = _NOUN_WORD.match(text, at)
        if match is None:
            break
        word = match["word"]
        low = word.lower()
        if low == "of" and at == numeral.end and numeral.scale == 1.0 and not numeral.spelled:
            break
        if low in STOP_WORDS and low != "of":
            break
        if text[at] == "-" and low in _SINGULARS:
            return f"{low}s", match.end()  # "a 32-billion-parameter model"
        if text[at] == "-" and at == numeral.end:
            break  # "sixteen-high stacks" are not sixteen
        at = match.end()
        plural = len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is", "'s"))  # noqa: PLR2004
        if (plural and low not in _NOT_NOUNS) or low in _COLLECTIVES or _ACRONYM_PLURAL.fullmatch(word):
            best = (low, at)
            break
    return best


_COLLECTIVES = frozenset(
    {"people", "staff", "customers", "parameters", "tokens", "gpus", "cpus", "tpus", "npus", "hbm"}
)
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")  # GPUs, ASICs, PCs

_RANGE_GAP = re.compile(r"^\s?(?:to|-|–|—|and|or|bis|à|a)\s?$")
_FROM = re.compile(r"(?:\bfrom|\bvon|\bde)\s(?:about |around |roughly |some )?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s(?:about |around |roughly )?$", re.IGNORECASE)


def _ranges(text: str, found: list[Figure]) -> Iterator[Figure]:
    at = 0
    while at < len(found):
        low = found[at]
        high = found[at + 1] if at + 1 < len(found) else None
        joined = _joined(text, low, high) if high else None
        if joined is not None:
            yield from joined
            at += 2
        else:
            yield low
            at += 1


def _joined(text: str, low: Figure, high: Figure) -> tuple[Figure, ...] | None:
    """A range, or both ends of a change with the unit shared; None if the two figures have nothing to do."""
    gap = text[low.end : high.start]
    if not _RANGE_GAP.match(gap) or low.range_high is not None:
        return None
    word = gap.strip().lower()
    between = _BETWEEN.search(text, max(0, low.start - 24), low.start)
    if word in {"and", "or", "a", "à"} and not between and word != "or":
        return None
    if low.kind == "money" and high.kind in {"number", "count"}:
        # "$8-10 billion": the second number has the scale, the first the currency.
        bare = next(iter(numerals.scan(text[high.start : high.end])), None)
        if bare is not None:
            end = high.start + bare.end
            high = replace(high, kind="money", unit=low.unit, noun="", end=end, shown=_shown(text, high.start, end))
    low = _shared(text, low, high)
    if low.unit != high.unit or low.kind != high.kind:
        return None
    if low.value >= high.value or (not between and _FROM.search(text, max(0, low.start - 20), low.start)):
        return (low, high)
    start = between.start() if between else low.start
    shown = _shown(text, start, high.end)
    return (replace(high, value=low.value, range_high=high.value, start=start, shown=shown, step=low.step),)


def _shared(text: str, low: Figure, high: Figure) -> Figure:
    """Give the first number of "8 to 10 GW" or "$8 to $10 billion" the scale and unit that only the second shows."""
    if low.kind not in {"number", "count", "money", "ratio"} or low.noun:
        return low
    if low.kind == high.kind and low.unit == high.unit and low.step >= high.step / 100:
        return low
    if low.kind == "money" and low.unit != high.unit.partition("/")[0]:
        return low  # "€78 and $92 per megawatt-hour": the second says nothing of the first
    last = next(iter(numerals.scan(text[high.start : high.end])), None)
    plain = next(iter(numerals.scan(text[low.start : low.end])), None)
    if last is None or plain is None or not last.value or plain.scale != 1.0:
        return low
    factor = high.value / (last.value / last.scale)
    return replace(
        low, kind=high.kind, unit=high.unit, value=float(f"{plain.value * factor:.12g}"), step=plain.step * factor,
        noun=high.noun,
    )  # fmt: skip


def _hedged(text: str, figure: Figure) -> Figure:
    quantity = "+" if "+" in figure.shown else hedges.quantity(text, figure.start, figure.end)
    modal = hedges.modal(text, figure.start)
    return replace(figure, hedge=quantity or modal, modal=modal)
