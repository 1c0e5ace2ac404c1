"""Figures worth telling: out of each article, with the sentence that states them and the words that say of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.models import Article, Fact, Quote
from bot.stories.figures import Figure, find
from bot.stories.orders import without_orders
from bot.stories.sentences import Span, names, split, words

# Bare numbers say nothing of their own; points and voltages seldom matter to a reader.
_KINDS = frozenset(
    {
        "money", "price", "power", "energy", "data", "rate", "flow", "compute", "count", "percent", "points", "ratio",
        "time", "date", "area", "length", "temperature", "volume", "mass", "frequency", "clock",
    }
)  # fmt: skip
# Words this near to a figure say what it is a figure of; a semicolon or a full clause ends their reach.
_BEFORE, _AFTER = 90, 60
_CLAUSE = re.compile(r"[;:]|, (?:and|but|while|which|who|where|up from|down from|compared)\b| - ")
_SUBJECT_WORDS = 10
# Age, votes, clock times and page furniture: figures, but not facts of an event.
_NOISE = re.compile(
    r"\b(?:min(?:ute)?s? read|subscribe|sign up|newsletter|copyright|all rights reserved|read more|photo|image credit"
    r"|advertisement|years? old|aged|click here|register)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 600


def extract(article: Article) -> tuple[Fact, ...]:
    """Every figure in an article's text that may be worth telling, in order; the quote is its whole sentence."""
    return tuple(_facts(article))


def _facts(article: Article) -> Iterator[Fact]:
    for span in split(without_orders(article.text)):
        if len(span.text) > _LONGEST_SENTENCE or _NOISE.search(span.text):
            continue
        figures = tuple(_counted(figure, find(span.text)) for figure in find(span.text))
        for figure in figures:
            if figure.kind in _KINDS and not _is_publication_date(figure, article):
                yield _fact(article, span, figure, figures)


_SCALES = ("thousand", "million", "billion", "trillion")


def _counted(figure: Figure, figures: tuple[Figure, ...]) -> Figure:
    """A bare number that counts what the one before it counts: "says 9 trillion tokens; the card says 12 trillion"."""
    scale = figure.shown.rpartition(" ")[2]
    if figure.kind != "number" or scale not in _SCALES:
        return figure
    before = [other for other in figures if other.kind == "count" and other.noun and other.end <= figure.start]
    if not before or f" {scale} " not in before[-1].shown:
        return figure
    return replace(figure, kind="count", unit="items", noun=before[-1].noun)


def _is_publication_date(figure: Figure, article: Article) -> bool:
    """True for a day that only repeats when the article came out."""
    moment = article.published_at
    if figure.kind != "date" or moment is None or figure.value != figure.range_high:
        return False
    day = moment.date()
    if figure.unit == "day of year":
        day = day.replace(year=2000)
    return abs(day.toordinal() - figure.value) <= 1


def _fact(article: Article, span: Span, figure: Figure, figures: tuple[Figure, ...]) -> Fact:
    return Fact(
        kind=figure.kind,
        value=figure.value,
        unit=figure.unit,
        shown=figure.shown,
        subject=_subject(span.text, figure, figures),
        quote=Quote(article.id, span.text),
        hedged=figure.hedge is not None or figure.modal is not None,
    )


def _subject(sentence: str, figure: Figure, figures: tuple[Figure, ...]) -> tuple[str, ...]:
    """Content words of the figure's clause, nearest first, other figures left out; and the names of the sentence."""
    before = sentence[max(0, figure.start - _BEFORE) : figure.start]
    after = sentence[figure.end : figure.end + _AFTER]
    cut = list(_CLAUSE.finditer(before))
    if cut:
        before = before[cut[-1].end() :]
    stop = _CLAUSE.search(after)
    if stop:
        after = after[: stop.start()]
    for other in figures:
        if other is not figure:
            before = before.replace(sentence[other.start : other.end], " ")
            after = after.replace(sentence[other.start : other.end], " ")
    near = [*words(figure.noun), *words(after)[:4], *reversed(words(before))]
    entities = [word for name in names(sentence) for word in words(name)]
    return tuple(dict.fromkeys([*near, *entities]))[:_SUBJECT_WORDS]


def figure_of(fact: Fact) -> Figure:
    """The figure that a fact was made of, read again from its quote."""
    figures = find(fact.quote.text)
    for found in figures:
        figure = _counted(found, figures)
        if figure.shown == fact.shown and figure.kind == fact.kind:
            return figure
    return Figure(fact.kind, fact.value, fact.unit, fact.shown, 0, 0)
