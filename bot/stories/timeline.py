"""The dated figures of an answer about how something changed: of one kind and unit, oldest first. Pure."""

from __future__ import annotations

from collections import Counter

from bot.models import Answer, Point, Source
from bot.stories.figures import Figure, find

LEAST = 4
"""Of fewer figures a reader makes a picture in their head."""
MOST = 12
"""More rows are no longer read at a glance; the newest are kept."""
_NOT_MEASURED = {"date", "clock"}


def points(answer: Answer) -> tuple[Point, ...]:
    """What the answer's sentences give for each day, by the dates of their sources; nothing for fewer than `LEAST`.

    The kind of figure that most sentences give is what the answer is about. Of a sentence the first such figure counts,
    of a day the first sentence: the answer has its best first.
    """
    sources = {source.article_id: source for source in answer.sources}
    dated: list[tuple[Source, tuple[Figure, ...]]] = []
    for sentence in answer.sentences:
        source = next((sources[quote.article_id] for quote in sentence.quotes if quote.article_id in sources), None)
        if source is not None and source.published_at is not None:
            found = tuple(figure for figure in find(sentence.text) if figure.kind not in _NOT_MEASURED)
            dated.append((source, found))
    kinds = Counter(kind for _, found in dated for kind in dict.fromkeys((one.kind, one.unit) for one in found))
    if not kinds:
        return ()
    wanted, _ = kinds.most_common(1)[0]
    days: dict[object, Point] = {}
    for source, found in dated:
        figure = next((one for one in found if (one.kind, one.unit) == wanted), None)
        if figure is not None and source.published_at is not None:
            point = Point(source.published_at, figure.value, figure.unit, figure.shown, source.number, source.publisher)
            days.setdefault(source.published_at.date(), point)
    told = sorted(days.values(), key=lambda point: point.at)[-MOST:]
    return tuple(told) if len(told) >= LEAST else ()
