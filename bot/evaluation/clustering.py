"""Any labelled set of articles through the bot's joining: B-cubed at the threshold that ships, and at others.

Each line: `text`, `time`, `story`; `title`, `publisher` and `url` if the set has them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.desk import Desk
from bot.evaluation.lines import FormatError, Record, all_records
from bot.evaluation.measures import Score, bcubed
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Article
from bot.stories.cluster import JOIN_AT
from bot.stories.sentences import split
from bot.stories.vectors import WordVectors

#: Thresholds beside the shipped one; below 0.25 nothing is known of the nearest story (see `desk.decide_at`).
SWEEP = (0.28, 0.32, 0.40, 0.44, 0.50, 0.60)


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives."""

    threshold: float
    score: Score
    stories: int


@dataclass(frozen=True, slots=True)
class Clustered:
    """A labelled set, joined. `shipped` is what the bot does; the sweep shows what other thresholds would give."""

    articles: int
    true_stories: int
    shipped: Point
    sweep: tuple[Point, ...]
    steps: tuple[Step, ...]


def read(path: Path) -> tuple[tuple[Article, str], ...]:
    """The articles of a file in the order of their times, each with its story.

    Raises:
        FormatError: the file is not in the documented form.
    """
    found = []
    for number, record in enumerate(all_records(path), 1):
        article = _article(record, number)
        found.append((article, record.text("story", "label", "cluster", "event")))
    return tuple(sorted(found, key=lambda pair: (pair[0].when, pair[0].id)))


def _article(record: Record, number: int) -> Article:
    title, text = _parts(record)
    when = record.moment("time", "date", "published", "timestamp")
    return Article(
        id=number,
        feed_id=0,
        identity=str(number),
        url=record.text("url", default=f"https://example.org/{number}"),
        title=title,
        # Nobody known as the publisher: then copies count as copies, whoever printed them.
        publisher=record.text("publisher", "source", default=f"publisher {number}"),
        text=text,
        published_at=when,
        first_seen_at=when,
    )


def _parts(record: Record) -> tuple[str, str]:
    """Title and text; where there is no title, the first line or sentence stands in."""
    text = record.text("text", "body", "content", default="").strip()
    title = record.text("title", "headline", default="").strip()
    if not title and not text:
        raise FormatError(f"{record.where}: the field `text` is missing.")
    if title:
        return title, text
    first, _, rest = text.partition("\n")
    if rest.strip():
        return first.strip(), rest.strip()
    spans = split(text)
    if len(spans) < 2:  # noqa: PLR2004  # a bare headline
        return text, ""
    return spans[0].text, text[spans[1].start :]


def run(
    labelled: Sequence[tuple[Article, str]],
    vectors: WordVectors,
    *,
    sweep: Sequence[float] = SWEEP,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Clustered:
    """Join the articles, once with each threshold.

    Args:
        labelled: articles in the order in which they arrive, each with its true story.
        vectors: word vectors.
        sweep: thresholds to try beside the shipped one.
        tell: is called with how many articles are joined, of all runs together.
    """
    watch = Stopwatch()
    total = len(labelled) * (1 + len(sweep))
    first = Desk(vectors, watch)
    shipped = _joined(labelled, first, JOIN_AT, _from(0, total, tell))
    points = []
    for at, threshold in enumerate(sweep, 1):
        desk = Desk(vectors, Stopwatch(), join_at=threshold, prepared=first.features)  # they don't depend on it
        points.append(_joined(labelled, desk, threshold, _from(at * len(labelled), total, tell)))
    return Clustered(
        articles=len(labelled),
        true_stories=len({story for _, story in labelled}),
        shipped=shipped,
        sweep=tuple(points),
        steps=watch.steps(),
    )


def _from(before: int, total: int, tell: Callable[[int, int], None]) -> Callable[[int], None]:
    return lambda done: tell(before + done, total)


def _joined(
    labelled: Sequence[tuple[Article, str]], desk: Desk, threshold: float, tell: Callable[[int], None]
) -> Point:
    for done, (article, _) in enumerate(labelled, 1):
        desk.take(article)
        tell(done)
    true = {article.id: story for article, story in labelled}
    return Point(threshold, bcubed(desk.story_of, true), len(set(desk.story_of.values())))
