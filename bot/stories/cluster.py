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
# The likeness that joins is one that stands out. It depends on how much there is to compare: two headlines about one
# event share less of what they say than two reports do. On how much any two articles share: in one field, or among the
# reports of one war, more than in general news. And on the three stories that come next: where they are nearly as
# near, a likeness says less than where there is nothing else like it. A logistic regression over pairs of an article
# and a story gave the terms their order of size (each of seven samples left out in turn); B-cubed F1 on the samples of
# one half, general headlines with and without times and headlines of this field with a sentence, settled the numbers.
# Names in common and the likeness to single members added nothing (docs/evaluation.md).
JOIN_AT, SHORT, LONG = 0.225, 9, 20
LENGTH_WEIGHS = 0.08  # for each e-fold of words beyond `SHORT`, up to `LONG`
USUAL_WEIGHS = 0.60
RIVALS_WEIGH = 0.30
_RIVALS = 3
# The more stories are about, the nearer comes the nearest of those that tell something else: the best bar rose by 0.02
# to 0.03 with each e-fold of stories that had an article within `CLOSE`, on thirteen unions of samples (50 to 552
# stories). Lowering it where there are fewer than sixty costs precision while a stream begins.
CROWD_WEIGHS = 0.03
CROWD = 60
_MOST_CROWD = 1000
# A story of many articles has many words for its event, so its mean is less like each: "flight 318" grows apart from
# "the Meridia crash". Lowering the bar by so much for each e-fold of articles beyond four joins what large stories
# lose and changes the mean of eleven samples of smaller ones by less than half a point (docs/evaluation.md).
LARGE_WEIGHS = 0.02
LARGE, _LARGEST = 4, 60
# With a sentence encoder (see `bot.stories.encoder`) two thirds of the meaning are its; the rest are word vectors'.
ENCODED_WEIGHS = 0.65
ENCODED_RAISES = 0.015
# Where fewer stories than that are about, each that is missing counts as one that is a little like the article.
_NO_RIVAL = 0.20
# Not joined, but worth naming: so much below the bar.
RELATED_BELOW = 0.10
# At the window's end. Likely events last for a day or two; 0.3 is better than 0.2 on all samples with times.
_LATE_PENALTY = 0.30
# A single story that is less like a story that has grown is not looked at again.
_WORTH_A_LOOK = 0.15
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


def bar(
    words: int,
    usual: float = 0.0,
    rivals: Sequence[float] = (),
    *,
    size: int = 1,
    about: int = CROWD,
    encoded: bool = False,
) -> float:
    """The likeness at which an article joins.

    Args:
        words: the number of different words that it is compared by.
        usual: its mean likeness in meaning to articles of any event.
        rivals: its likenesses to the stories that it does not join, best first; three of them count.
        size: how many articles the story has.
        about: how many stories had an article lately.
        encoded: whether an encoder's vectors are compared, too.
    """
    counted = (*rivals[:_RIVALS], *[_NO_RIVAL] * _RIVALS)[:_RIVALS]
    length = LENGTH_WEIGHS * math.log(min(LONG, max(1, words)) / SHORT)
    crowd = CROWD_WEIGHS * math.log(min(_MOST_CROWD, max(CROWD, about)) / CROWD)
    large = LARGE_WEIGHS * math.log(min(_LARGEST, max(LARGE, size)) / LARGE)
    start = JOIN_AT + (ENCODED_RAISES if encoded else 0.0)
    return start - large + crowd + length + USUAL_WEIGHS * usual + RIVALS_WEIGH * sum(counted) / _RIVALS


def decide(
    article: Features,
    candidates: Sequence[StoryFeatures],
    now: datetime,
    *,
    others: Sequence[StoryFeatures] = (),
    about: int = CROWD,
    shift: float = 0.0,
) -> Join:
    """Choose the story that an article joins, if any.

    Args:
        article: the new article.
        candidates: stories it might belong to, in any order (see `index.StoryIndex.query`).
        now: the present, which bounds an article's time (feeds date articles in the future).
        others: stories that it is not to join, but against which a likeness must stand out; those that hold the
            article itself, and the candidates, are passed over.
        about: how many stories had an article within `CLOSE` (see `index.StoryIndex.about`).
        shift: raises the bar by so much; for measuring what another one would do.
    """
    when = min(article.when, now)
    ranked = sorted(
        _compared(article, candidates, when), key=lambda one: (-one[0].certain, -one[0].score, one[1].story_id)
    )
    if not ranked:
        return Join(None, 0.0, ("nothing like it in the last days",))
    best, story, pair = ranked[0]
    apart = _compared(article, _without(article, others, candidates), when)
    rivals = sorted((one[0].score for one in (*ranked[1:], *apart)), reverse=True)
    is_encoded = article.encoded is not None
    words = article.terms.ids.size
    least = bar(words, article.usual, rivals, size=story.size, about=about, encoded=is_encoded) + shift
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
        and (story.terms.dot(grown.terms) + max(0.0, float(story.vector @ grown.vector))) / 2 >= _WORTH_A_LOOK
    )


_Compared = tuple[Likeness, StoryFeatures, tuple[float, float]]


def _compared(article: Features, stories: Sequence[StoryFeatures], when: datetime) -> list[_Compared]:
    """Each story's likeness to an article, with the two cosines that it rests on."""
    alike = cosines(article, stories)
    return [(compare(article, story, when, *pair), story, pair) for story, pair in zip(stories, alike, strict=True)]


def _without(
    article: Features, others: Sequence[StoryFeatures], candidates: Sequence[StoryFeatures]
) -> list[StoryFeatures]:
    """The others that are no candidates and don't hold the article."""
    known = {story.story_id for story in candidates}
    return [
        story
        for story in others
        if story.story_id not in known and all(copy.article_id != article.article_id for copy in story.copies)
    ]


def cosines(article: Features, stories: Sequence[StoryFeatures]) -> tuple[tuple[float, float], ...]:
    """Each story's cosines to an article, of words and of meaning, 0–1; all at once, which is several times as fast."""
    if not stories:
        return ()
    meanings = _meanings(article, stories)
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


def _meanings(article: Features, stories: Sequence[StoryFeatures]) -> npt.NDArray[np.float64]:
    """Each story's likeness in meaning, 0–1: of word vectors, and of an encoder's where both were made by the same."""
    alike = np.maximum(0.0, np.array([story.vector for story in stories], dtype=np.float64) @ article.vector)
    ours = article.encoded
    if ours is None:
        return alike
    made = {at: one.encoded.vector for at, one in enumerate(stories) if one.encoded and one.encoded.by == ours.by}
    if made:
        places = list(made)
        theirs = np.maximum(0.0, np.array(list(made.values())) @ ours.vector)
        alike[places] += ENCODED_WEIGHS * (theirs - alike[places])
    return alike


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
