"""The dated figures of an answer about how something changed: of one kind and unit, oldest first. Pure."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.models import Answer, Point, Source
from bot.stories.figures import Figure, find

LEAST = 4
"""Of fewer figures a reader makes a picture in their head."""
MOST = 12
"""More rows are no longer read at a glance; the newest are kept."""
ORDER = 5.0
"""As the standing of facts has it: figures of one thing lie within this factor."""
_CLAUSE = re.compile(r"[,;]\s")
_NOT_MEASURED = {"date", "clock"}


def of_subject(text: str, figures: Sequence[Figure], names: Iterable[str]) -> Figure | None:
    """The figure that a sentence gives for what is asked about: the first after its name in the same clause.

    Where there is none, the sentence's first figure counts. A bound ("less than two dollars") is passed over where the
    figure itself is told, too.

    Args:
        text: the sentence.
        figures: those of the kind that is asked for, left to right.
        names: what is asked about.
    """
    exact = [figure for figure in figures if figure.bound is None] or list(figures)
    if not exact:
        return None
    folded = text.casefold()
    ends = [at + len(name) for name in names if (at := folded.find(name.casefold())) >= 0]
    if not ends:
        return exact[0]
    after = (figure for figure in exact if figure.start >= min(ends))
    return next((figure for figure in after if not _CLAUSE.search(text, min(ends), figure.start)), exact[0])


def points(answer: Answer, about: Sequence[str] = ()) -> tuple[Point, ...]:
    """What the answer's sentences give for each day, by the dates of their sources; nothing for fewer than `LEAST`.

    The kind of figure that most sentences give is what the answer is about; a sum of money counts as the price that it
    is the size of ("$2.31" among figures "an hour"). Of a day the first sentence counts: the answer has its best first.

    Args:
        answer: with its sources.
        about: the names that the question holds.
    """
    sources = {source.article_id: source for source in answer.sources}
    dated: list[tuple[Source, str, tuple[Figure, ...]]] = []
    for sentence in answer.sentences:
        source = next((sources[quote.article_id] for quote in sentence.quotes if quote.article_id in sources), None)
        if source is not None and source.published_at is not None:
            found = tuple(figure for figure in find(sentence.text) if figure.kind not in _NOT_MEASURED)
            dated.append((source, sentence.text, found))
    kinds = Counter(kind for _, _, found in dated for kind in dict.fromkeys((one.kind, one.unit) for one in found))
    if not kinds:
        return ()
    wanted, _ = kinds.most_common(1)[0]
    usual = statistics.median(one.value for _, _, found in dated for one in found if (one.kind, one.unit) == wanted)
    days: dict[object, Point] = {}
    for source, text, found in dated:
        own = [one for one in found if _is_of(one, wanted, usual)]
        near = [one for one in own if within_order(one.value, usual)]  # not what was added or lost
        figure = of_subject(text, near or own, about)
        if figure is not None and source.published_at is not None:
            point = Point(source.published_at, figure.value, figure.unit, figure.shown, source.number, source.publisher)
            days.setdefault(source.published_at.date(), point)
    told = sorted(days.values(), key=lambda point: point.at)[-MOST:]
    return tuple(told) if len(told) >= LEAST else ()


def _is_of(figure: Figure, wanted: tuple[str, str], usual: float) -> bool:
    """Whether a figure is of the kind that is told: of the same unit, or money beside a price in that money."""
    if (figure.kind, figure.unit) == wanted:
        return True
    return is_price(figure.kind, figure.unit, *wanted) and within_order(figure.value, usual)


def is_price(kind: str, unit: str, other_kind: str, other_unit: str) -> bool:
    """Whether one is a sum of money and the other a price in that money: "$1.96" beside "$2.07 an hour"."""
    return {kind, other_kind} == {"money", "price"} and unit.partition("/")[0] == other_unit.partition("/")[0]


def within_order(one: float, other: float) -> bool:
    """Whether two values lie within the factor `ORDER`."""
    low, high = sorted((abs(one), abs(other)))
    return high <= ORDER * low
