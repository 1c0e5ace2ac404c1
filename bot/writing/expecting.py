"""What kind of words can answer a question, and where they stand in a sentence; pure.

A date for "when", an amount for "how much", a name for "who" that the question does not hold itself: such a span is
worth most where the question's own words stand near it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bot.stories.figures import Figure, find
from bot.stories.sentences import names, words
from bot.writing.asking import FRACTIONS, OLD, PLACE_ASKED, SAYS, YEAR, Kind
from bot.writing.meaning import Floats, Terms, analysed
from bot.writing.question import Query


@dataclass(frozen=True, slots=True)
class Span:
    """Words that may be the answer: `text[start:end]`.

    Attributes:
        strength: 0-1, how surely they are of the kind that was asked for.
        figure: the figure that they are, if they are one.
    """

    start: int
    end: int
    strength: float
    figure: Figure | None = None


_PLACE = re.compile(
    r"\b(?:in|at|near|on|outside|from|off|to|across|through|within|north of|south of|east of|west of|town of|city of)"
    r" (?:the )?(?P<place>[A-ZÀ-Þ][\w'-]+(?:(?: of| and| de)?[ -][A-ZÀ-Þ][\w'-]+)*)"
)
_SPOT = re.compile(
    r"\b(?:in|at|inside|under|beneath|behind|on) (?:a|an|its own|the) (?P<place>(?:[a-z-]+ ){0,2}[a-z-]+)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tonight|tomorrow|midnight|noon"
    r"|(?:last|next|this|the (?:third|fourth|first|second)) (?:week|weekend|month|quarter|year|spring|summer"
    r"|autumn|winter))\b"
    r"|\b\d{1,2}[:.]\d\d\b|\b(?:months?|weeks?|years?|days?|hours?|decades?) (?:later|ago|earlier|before|after"
    r"|from now)\b"
    r"|\bin about \w+ \w+|\bby the (?:end|evening|morning|spring|summer|autumn|winter)\b"
    r"|\b(?:January|February|March|April|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:s\b|\b(?! ?%|,\d|\.\d))")
_REASON = re.compile(
    r"\b(?:because|so that|due to|owing to|caused|causes?|reason|as a result|in order to|which (?:means|is why)"
    r"|thanks to)\b"
    r"|\b(?:since|after|as) (?!(?:early|late|mid|about|midnight|noon|yesterday|spring|summer|autumn|winter|soon|well"
    r"|an?y? (?:hour|day|week|month|year|quarter)|the (?:start|end|beginning|first|last)|(?:\w+ )?(?:seconds|minutes"
    r"|hours|days|weeks|months|years))\b)(?=[a-z])",
    re.IGNORECASE,
)
_SURE_REASON = re.compile(
    r"\b(?:because|due to|owing to|caused?|reason|thanks to|so that|which is why)\b", re.IGNORECASE
)
_DEFINING = (
    r"(?:^|[\s(]){term}s?\b(?:[^.;:,]{{0,40}})?"
    r"(?:,? (?:is|are|means|refers to|was) (?:a|an|the|one|when|what)\b|, (?:the|a|an|or|in which|which|where)\b| \()"
)


def spans(query: Query, text: str) -> tuple[Span, ...]:
    """Everything in a sentence that is of the kind that was asked for; nothing where any sentence can answer."""
    finder = _FINDERS.get(query.kind)
    return tuple(finder(query, text)) if finder is not None else ()


def expects(query: Query) -> bool:
    """Whether an answer must hold a span of its kind."""
    return (
        query.kind in {"when", "how_much", "who", "where"}
        or query.limit is not None
        or (query.kind == "change" and bool(query.figures))
    )


def is_typed(query: Query) -> bool:
    """Whether the kind of question says what kind of words can answer it."""
    return query.kind in {"when", "how_much", "who", "where", "why", "explain"} or bool(query.figures)


def _times(query: Query, text: str) -> Iterator[Span]:
    """Dates, times and spans of time; where a year is asked for only what holds one."""
    year = YEAR.search(query.text) is not None
    taken: list[tuple[int, int]] = []
    for figure in find(text):
        if figure.kind in {"date", "clock"} and (not year or _YEAR.search(figure.shown)):
            taken.append((figure.start, figure.end))
            yield Span(figure.start, figure.end, 1.0, figure)
    for pattern, strength in ((_YEAR, 0.9),) if year else ((_YEAR, 0.9), (_TIMES, 0.6)):
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                yield Span(match.start(), match.end(), strength)


def _figures(query: Query, text: str) -> Iterator[Span]:
    for figure in find(text):
        if figure.kind == "date" and "date" not in query.figures:
            continue
        strength = _fit(query, figure, text)
        if strength and (query.limit is None or query.limit.holds(figure)):
            yield Span(figure.start, figure.end, strength, figure)
    for kinds, pattern, strength in _IN_WORDS:
        if query.figures & kinds and not (strength == _AGE and not OLD.search(query.text)):
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), strength)


_AGE = 0.8
# What is no figure to the reader of figures, and answers all the same: "a third", "for decades", "at 41".
_IN_WORDS: tuple[tuple[frozenset[str], re.Pattern[str], float], ...] = (
    (frozenset({"percent", "ratio"}), FRACTIONS, 0.9),
    (
        frozenset({"time"}),
        re.compile(
            r"\b(?:within|for|in|after|over|some|several|many) (?:\w+ ){0,2}?(?:seconds|minutes|hours|days|weeks|months"
            r"|years|decades|centuries|generations)\b",
            re.IGNORECASE,
        ),
        0.6,
    ),
    (
        frozenset({"time"}),
        re.compile(r"\bat \d{1,2}\b(?=,| the | he | she )|\baged? \d+|\b[a-z]+-year-old\b|, \d{2},", re.IGNORECASE),
        _AGE,
    ),
    (
        frozenset({"temperature"}),
        re.compile(r"\b-?\d+(?:\.\d+)? ?(?:kelvin|K\b|degrees|°)", re.IGNORECASE),
        1.0,
    ),
)
_ANY_NOUN = frozenset(words("units pieces items ones others number total"))
"""Nouns that stand for any: "Transformers are ordered: 24 units"."""
_CHIPS = frozenset(stem for word in ("gpus", "accelerators", "chips", "cards", "processors") for stem in words(word))
_NAMED = 0.9
_LOOSE = frozenset({"count", "number"})


def _fit(query: Query, figure: Figure, text: str) -> float:
    """How well a figure is of the kind that was asked for, and counts what was to be counted."""
    if query.counted:
        return _counts(query, figure, text)
    if not query.figures:
        return 0.8 if figure.kind not in _LOOSE else 0.6 if _plain_number(figure) else 0.0
    if figure.kind in query.figures:
        return 1.0 if figure.kind != "number" or _plain_number(figure) else 0.0
    return 1.0 if "temperature" in query.figures and figure.noun in {"degrees", "degree"} else 0.0


def _counts(query: Query, figure: Figure, text: str) -> float:
    """How well a figure counts what "how many" asks for."""
    if figure.kind not in _LOOSE:
        return 0.0
    wanted = query.counted | (_CHIPS if query.counted & _CHIPS else frozenset())
    if wanted & {*words(figure.noun), *words(text[figure.start : figure.end + 40])}:
        return 1.0
    return 0.5 if _plain_number(figure) and set(words(figure.noun)) <= _ANY_NOUN else 0.0


def _plain_number(figure: Figure) -> bool:
    """Whether a number can be a count: a bare year cannot."""
    return figure.kind == "count" or not _YEAR.fullmatch(figure.shown)


def _persons(query: Query, text: str) -> Iterator[Span]:
    known = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
    asked = {*query.words, *query.context}
    for name in names(text):
        stems = set(words(name))
        at = text.find(name)
        if at < 0 or not stems or stems <= known or stems <= asked:
            continue
        if any(figure.start < at + len(name) and at < figure.end for figure in find(text)) or stems <= _OFFICES:
            continue
        strength = 0.4 if any(mark.isdigit() for mark in name) else 0.6 if name.isupper() else 1.0
        speaks = not SAYS.search(query.text) and _only_speaks(asked, text, at, at + len(name))
        yield Span(at, at + len(name), _SPEAKER if speaks else strength)


_OFFICES = frozenset(
    words("chief executive finance financial officer chairman analyst spokesperson founder president product project")
)
"""What opens a sentence with a capital and is no name: "Finance chief Rowena Strick said"."""
_SPEAKER = 0.3
_SPOKE = re.compile(r",? (?:said|says|told|wrote|writes|added)\b")
_SPOKEN_OF = re.compile(r"\b(?:said|says|told|wrote|writes|added|asked) (?:[a-z]+ ){0,4}$")
_APPOSED = 60
"""Characters beside a name in which its office stands."""


def _only_speaks(asked: Collection[str], text: str, start: int, end: int) -> bool:
    """Whether a name only says who spoke, or was spoken to, and no word of the question stands beside it."""
    if _SPOKE.match(text, end):
        beside = text[max(0, start - _APPOSED) : start]
    elif _SPOKEN_OF.search(text[:start]):
        beside = text[end : end + _APPOSED] if text[end : end + 1] == "," else ""
    else:
        return False
    return not set(asked) & set(words(beside))


def _places(query: Query, text: str) -> Iterator[Span]:
    asked = [name.lower() for name in query.names]
    days = [figure for figure in find(text) if figure.kind == "date"]
    for match in _PLACE.finditer(text):
        start, end = match.span("place")
        place = match["place"].lower()
        if any(date.start < end and start < date.end for date in days) or any(name in place for name in asked):
            continue
        if set(words(place)) <= {*query.words, *query.context} or _TIMES.fullmatch(match["place"]):
            continue
        yield Span(start, end, 1.0)
    for match in _SPOT.finditer(text):
        yield Span(*match.span("place"), 0.4)
    if PLACE_ASKED.search(query.text):  # "Venice alone had 417 printers"
        yield from (replace(found, strength=_NAMED) for found in _persons(query, text) if found.strength == 1.0)


def _reasons(_query: Query, text: str) -> Iterator[Span]:
    for found in _REASON.finditer(text):
        yield Span(found.start(), len(text), 1.0 if _SURE_REASON.fullmatch(found[0].strip()) else 0.4)


def _definitions(query: Query, text: str) -> Iterator[Span]:
    """Where a term is explained: "Goodput, the share of …, is", "A pod is …"."""
    surfaces = query.surfaces
    for stem in query.words:
        term = re.escape(surfaces.get(stem, stem))
        match = re.search(_DEFINING.format(term=term), text, re.IGNORECASE)
        if match is not None:
            yield Span(match.end(), len(text), 1.0)


_FINDERS: Mapping[Kind, Callable[[Query, str], Iterator[Span]]] = {
    "when": _times, "how_much": _figures, "change": _figures, "compare": _figures, "list": _figures, "who": _persons,
    "where": _places, "why": _reasons, "explain": _definitions,
}  # fmt: skip

REACH = 10
"""So many content words on either side of a span say what it is about."""


def nearness(found: Span, text: str, terms: Terms, weights: Floats) -> float:
    """Share of the question's weighted words that stand around a span, nearer ones counting more."""
    whole = float(weights.sum())
    if not whole:
        return 0.0
    best = np.zeros(len(weights), dtype=np.float32)
    for stem in analysed(text[found.start : found.end]).order:
        if (row := terms.row(stem)) is not None:
            best = np.maximum(best, row)
    for side in (analysed(text[: found.start]).order[::-1], analysed(text[found.end :]).order):
        for distance, stem in enumerate(side[:REACH]):
            if (row := terms.row(stem)) is not None:
                best = np.maximum(best, row * (1.0 - distance / (REACH + 2)))
    return float(best @ weights) / whole
