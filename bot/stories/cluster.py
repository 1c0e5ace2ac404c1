"""Does an article tell an event that a story already tells? The decision, its score and its reasons.

The score is the mean of two cosines to the story's centroid (TF-IDF and word vectors: together better than either,
B-cubed F1 .87 against .82 and .87/.84 alone on two sets of news titles), moved up or down by what a person would
check: shared names and figures, or none; and time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from bot.models import Article
from bot.stories.features import Copy, Features, StoryFeatures
from bot.stories.sketch import LEAST, contained

# Articles about one event come within hours of each other: 18 h between article and story was the most telling single
# window on public news sets. Beyond it the bar rises, to nothing joining by likeness alone after a week.
CLOSE = timedelta(hours=18)
WINDOW = timedelta(days=7)
# The cosine that joins depends on how much there is to compare: two headlines about one event share less of what they
# say than two reports do. And on how much any two articles share: in one field, or among the reports of one war, more
# than in general news, so the bar rises with the usual likeness of an article to all others. B-cubed F1 was highest
# with these bars, over bare headlines of general news (582 of 120 events, with times and without), of this field (three
# samples), headline and one sentence (three samples), headline and lead. Without the usual likeness the best bar for
# headlines of the field was 0.28 to 0.34, for general ones 0.22 to 0.25; no one bar was good for both.
JOIN_SHORT, SHORT = 0.25, 9
JOIN_LONG, LONG = 0.30, 16
USUAL_WEIGHS = 0.75
# Not joined, but worth naming: so much below the bar.
RELATED_BELOW = 0.10
# At the window's end. 0.2 is better than 0.12 on all of the sets above, by half a point to two points of F1.
_LATE_PENALTY = 0.20
# What figures in common add at most.
_MOST_BONUS = 0.1
# Most of the text is in the other one: a copy of it. Quoting a press release's sentences stays below.
COPIED = 0.6
_RELATED_SHOWN = 3


#: Said of an article that a second look brought into its story.
LATER = "found on a second look, when others had joined"


@dataclass(frozen=True, slots=True)
class Join:
    """What became of an article: the story it joins, or None for a story of its own.

    Attributes:
        score: how well it fits, 0–1; where it joins nothing, that of the best story.
        reasons: why, in words for people.
        related: stories near it that it did not join, nearest first.
        wire_of: the article whose text it copies.
    """

    story_id: int | None
    score: float
    reasons: tuple[str, ...]
    related: tuple[int, ...] = ()
    wire_of: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well an article fits a story; `certain` where no score is needed."""

    score: float
    reasons: tuple[str, ...]
    certain: bool = False
    wire_of: int | None = None


def bar(words: int, usual: float = 0.0) -> float:
    """The likeness at which an article joins.

    Args:
        words: the number of different words that it is compared by.
        usual: its mean likeness in meaning to articles of any event.
    """
    share = (math.log(max(1, words)) - math.log(SHORT)) / (math.log(LONG) - math.log(SHORT))
    return JOIN_SHORT + (JOIN_LONG - JOIN_SHORT) * min(1.0, max(0.0, share)) + USUAL_WEIGHS * usual


def decide(article: Features, candidates: Sequence[StoryFeatures], now: datetime, *, shift: float = 0.0) -> Join:
    """Choose the story that an article joins, if any.

    Args:
        article: the new article.
        candidates: stories it might belong to, in any order (see `index.StoryIndex.query`).
        now: the present, which bounds an article's time (feeds date articles in the future).
        shift: raises the bar by so much; for measuring what another one would do.
    """
    when = min(article.when, now)
    least = bar(article.terms.ids.size, article.usual) + shift
    alike = cosines(article, candidates)
    likenesses = [
        (compare(article, story, when, *pair), story, pair) for story, pair in zip(candidates, alike, strict=True)
    ]
    ranked = sorted(likenesses, key=lambda one: (-one[0].certain, -one[0].score, one[1].story_id))
    if not ranked:
        return Join(None, 0.0, ("nothing like it in the last days",))
    best, story, pair = ranked[0]
    joins = best.certain or best.score >= least
    rest = ranked[1:] if joins else ranked
    related = tuple(other.story_id for likeness, other, _ in rest if likeness.score >= least - RELATED_BELOW)[
        :_RELATED_SHOWN
    ]
    if joins:
        reasons = best.reasons or _reasons(article, story, when, *pair)
        return Join(story.story_id, best.score, reasons, related, best.wire_of)
    return Join(None, best.score, ("tells something that no open story tells",), related)


def worth_another_look(
    grown: StoryFeatures, others: Sequence[StoryFeatures], when: datetime
) -> tuple[StoryFeatures, ...]:
    """Stories of one article that may belong to a story which has just grown: nothing met their bar when they came.

    A story's second and third article say what its first did not, so an article that came in between, with the event
    in other words, is nearer to it now. On bare headlines this finds two to three points of F1 (docs/evaluation.md).
    Whether it belongs there says `decide`, with that article's features; this only spares reading most of them.

    Args:
        grown: the story, with its new article.
        others: stories near that article.
        when: when it came out.
    """
    return tuple(
        story
        for story in others
        if story.size == 1
        and story.story_id != grown.story_id
        and abs(when - story.first) <= CLOSE
        and (story.terms.dot(grown.terms) + max(0.0, float(story.vector @ grown.vector))) / 2
        >= JOIN_SHORT - _MOST_BONUS
    )


def cosines(article: Features, stories: Sequence[StoryFeatures]) -> tuple[tuple[float, float], ...]:
    """Each story's cosines to an article, of words and of meaning, 0–1; all at once, which is several times as fast."""
    if not stories:
        return ()
    meanings = np.maximum(0.0, np.array([story.vector for story in stories]) @ article.vector)
    ids, ours = article.terms.ids, article.terms.weights
    shared: npt.NDArray[np.float64] = np.zeros(len(stories))
    if ids.size:
        theirs = np.concatenate([story.terms.ids for story in stories])
        places = np.minimum(np.searchsorted(ids, theirs), ids.size - 1)
        found = np.flatnonzero(ids[places] == theirs)
        weights = np.concatenate([story.terms.weights for story in stories])[found] * ours[places[found]]
        owners = np.repeat(np.arange(len(stories)), [story.terms.ids.size for story in stories])[found]
        shared = np.bincount(owners, weights, minlength=len(stories)).astype(np.float64)
    return tuple(zip(shared.tolist(), meanings.tolist(), strict=True))


def compare(article: Features, story: StoryFeatures, when: datetime, words: float, meaning: float) -> Likeness:
    """How much an article and a story are alike, and, where that is certain, why; their cosines are known."""
    for copy in story.copies:
        if copy.article_id != article.article_id and copy.url == article.url:
            return Likeness(1.0, ("has the address of an article in the story",), certain=True)
    gap = _gap(story, when)
    origin = _origin(article, story.copies)
    if origin is not None and gap <= WINDOW:
        return Likeness(
            1.0, (f"most of its text is also {origin.publisher}'s",), certain=True, wire_of=origin.article_id
        )
    if gap > WINDOW:
        return Likeness(0.0, ())
    figures = sum(1 for key in article.figures if key in story.figures)
    score = (words + meaning) / 2 + min(_MOST_BONUS, 0.05 * figures)
    if gap > CLOSE:
        score -= _LATE_PENALTY * (gap - CLOSE) / (WINDOW - CLOSE)
    return Likeness(max(0.0, min(1.0, score)), ())


def _reasons(article: Features, story: StoryFeatures, when: datetime, words: float, meaning: float) -> tuple[str, ...]:
    """What an article and a story have in common, for people."""
    reasons = [f"words {words:.0%} and meaning {meaning:.0%} alike"]
    common = [name for name in article.names if name in story.names]
    if common:
        reasons.append("both name " + ", ".join(common[:4]))
    figures = sum(1 for key in article.figures if key in story.figures)
    if figures:
        reasons.append(f"{figures} figures in common" if figures > 1 else "a figure in common")
    hours = round(_gap(story, when).total_seconds() / 3600)
    reasons.append(f"{hours} h apart" if hours else "at the same time")
    return tuple(reasons)


def _gap(story: StoryFeatures, when: datetime) -> timedelta:
    """How long before a story's first or after its last article."""
    return max(timedelta(0), story.first - when, when - story.last)


def _origin(article: Features, copies: Iterable[Copy]) -> Copy | None:
    """The earliest article of another publisher whose text this one has."""
    if article.text.size < LEAST:
        return None
    return next(
        (
            copy
            for copy in copies
            if copy.article_id != article.article_id
            and copy.publisher.casefold() != article.publisher.casefold()
            and contained(article.text, copy.text) >= COPIED
        ),
        None,
    )


# Where documents are published first-hand: they lead a story over reports about them.
_PRIMARY = re.compile(
    r"://(?:[^/]+\.)?(?:[^/.]+\.gov(?:\.[a-z]{2})?|europa\.eu|arxiv\.org)(?:[:/]|$)"
    r"|://(?:ir|investors?|newsroom)\."
    r"|/(?:press-releases?|newsroom|investor-relations|filings?)(?:/|$)",
    re.IGNORECASE,
)
_LEAST_TEXT = 120


def lead(articles: Sequence[Article]) -> int:
    """The id of the article that tells the event best: primary documents first, then the fullest, then the earliest.

    Raises:
        ValueError: there are no articles.
    """
    if not articles:
        raise ValueError("a story without articles has no lead")

    def rank(article: Article) -> tuple[bool, bool, int, datetime, int]:
        length = len(article.text.split())
        primary = bool(_PRIMARY.search(article.url))
        thin = length < _LEAST_TEXT or article.text_source == "teaser"
        return thin, not primary, -(length // 250), article.when, article.id

    return min(articles, key=rank).id
