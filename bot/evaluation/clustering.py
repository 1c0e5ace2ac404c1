"""Any labelled set of articles through the bot's joining: B-cubed at the bar that ships, and at others.

Each line: `text`, `story`; `time`, `title`, `publisher` and `url` if the set has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from bot.evaluation import simple
from bot.evaluation.desk import Desk
from bot.evaluation.lines import FormatError, Record, each, refuse
from bot.evaluation.measures import Score, bcubed, f1
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Article
from bot.stories.encoder import Encoder
from bot.stories.sentences import split
from bot.stories.vectors import WordVectors

#: The shipped bar (see `cluster.bar`) raised by so much.
SWEEP = (-0.08, -0.05, -0.02, 0.02, 0.05, 0.10, 0.20)
#: Headlines of made-up general news, in stories of 3 to 30. No number was fitted to them, but they were looked at when
#: choosing which terms the bar has.
HEADLINES = Path(__file__).parent / "data" / "headlines.jsonl"
#: When articles without a time came out: all at once, in the order of the file.
TIMELESS = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Point:
    """What a bar gives; `shift` is how much it was raised."""

    shift: float
    score: Score
    stories: int


@dataclass(frozen=True, slots=True)
class Clustered:
    """A labelled set, joined.

    Attributes:
        shipped: what the bot does with stories that wait for a day before a channel is told, or are below every
            channel's threshold: single ones among them are looked at again.
        at_once: what it does where a channel is told each story as soon as it is there. None without a sweep.
        sweep: what it would do if the bar were another.
        fitted: with the bar that is best for one half of the stories, measured on the other half; the mean of both
            ways. This is what published results with a fitted threshold compare with. None without a sweep.
        simple: what a simple method reaches with a threshold fitted in the same way (see `bot.evaluation.simple`).
    """

    articles: int
    true_stories: int
    shipped: Point
    at_once: Point | None
    sweep: tuple[Point, ...]
    fitted: Score | None
    simple: Score | None
    steps: tuple[Step, ...]


def read(path: Path, fault: Callable[[str], None] = refuse) -> tuple[tuple[Article, str], ...]:
    """The articles of a file in the order of their times, each with its story.

    Where no line has a time, all came out at once, in the order of the file; where only some have none, each of those
    came out with the one before it.

    Args:
        path: the file.
        fault: is told of each line that is not in the documented form; by default the first one stops.

    Raises:
        FormatError: the file can't be read, or nothing in it could.
    """
    number, when = 0, TIMELESS

    def labelled(record: Record) -> tuple[Article, str]:
        nonlocal number, when
        number += 1
        when = record.moment(*TIMES, default=when)
        return _article(record, number, when), record.text(*STORIES)

    found = each(path, labelled, fault)
    return tuple(sorted(found, key=lambda pair: (pair[0].when, pair[0].id)))


#: What sets call the time of an article, and the event that it is of.
TIMES = ("time", "date", "published", "published_at", "timestamp", "datetime", "pubdate", "pub_date", "created_at")
STORIES = ("story", "story_id", "cluster", "cluster_id", "event", "event_id", "label", "topic_id", "group")


def _article(record: Record, number: int, when: datetime) -> Article:
    title, text = parts(record)
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


def parts(record: Record) -> tuple[str, str]:
    """Title and text; where there is no title, the first line or sentence stands in."""
    # Sets are often cut out of pages as they are, with `&amp;` for an ampersand.
    text = unescape(record.text("text", "body", "content", "article", "description", default="")).strip()
    title = unescape(record.text("title", "headline", default="")).strip()
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
    encoder: Encoder | None = None,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Clustered:
    """Join the articles, once with each bar.

    Args:
        labelled: articles in the order in which they arrive, each with its true story.
        vectors: word vectors.
        sweep: by how much to raise the bar that ships, one run for each.
        encoder: an encoder beside the word vectors.
        tell: is called with how many articles are joined, of all runs together.
    """
    watch = Stopwatch()
    total = len(labelled) * (2 + len(sweep) if sweep else 1)
    true = {article.id: story for article, story in labelled}
    first = Desk(vectors, watch, encoder=encoder)
    runs = [(0.0, _joined(labelled, first, _from(0, total, tell)))]
    for at, shift in enumerate(sweep, 1):
        desk = Desk(vectors, Stopwatch(), shift=shift, prepared=first.features)  # they don't depend on it
        runs.append((shift, _joined(labelled, desk, _from(at * len(labelled), total, tell))))
    at_once = None
    if sweep:
        desk = Desk(vectors, Stopwatch(), prepared=first.features, looks_again=False)
        found = _joined(labelled, desk, _from(total - len(labelled), total, tell))
        at_once = Point(0.0, bcubed(found, true), len(set(found.values())))
    shipped, *others = (Point(shift, bcubed(found, true), len(set(found.values()))) for shift, found in runs)
    return Clustered(
        articles=len(labelled),
        true_stories=len(set(true.values())),
        shipped=shipped,
        at_once=at_once,
        sweep=tuple(others),
        fitted=fitted([found for _, found in runs], true) if sweep else None,
        simple=fitted(simple.runs([article for article, _ in labelled], vectors), true) if sweep else None,
        steps=watch.steps(),
    )


def fitted(runs: Sequence[Mapping[int, int]], true: Mapping[int, str]) -> Score | None:
    """Choose the best run by one half of the true stories, measure it on the other; the mean of both ways.

    Every second story is in one half, in the order in which they first occur. None if there is only one story.
    """
    stories = list(dict.fromkeys(true.values()))
    halves = [
        {article for article, story in true.items() if story in part}
        for part in (set(stories[::2]), set(stories[1::2]))
    ]
    if not all(halves):
        return None
    scores = [[bcubed(found, true, half) for half in halves] for found in runs]
    chosen = [_by_half(scores, fit)[1 - fit] for fit in (0, 1)]
    precision, recall = (sum(part) / 2 for part in zip(*((one.precision, one.recall) for one in chosen), strict=True))
    return Score(precision, recall, f1(precision, recall))


def _by_half(scores: Sequence[Sequence[Score]], half: int) -> Sequence[Score]:
    return max(scores, key=lambda run: run[half].f1)


def _from(before: int, total: int, tell: Callable[[int, int], None]) -> Callable[[int], None]:
    return lambda done: tell(before + done, total)


def _joined(labelled: Sequence[tuple[Article, str]], desk: Desk, tell: Callable[[int], None]) -> Mapping[int, int]:
    for done, (article, _) in enumerate(labelled, 1):
        desk.take(article)
        tell(done)
    return desk.story_of
