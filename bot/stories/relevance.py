"""Is a story worth a channel's attention? A score with reasons a person can read, and what holds a story back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from bot.models import Relevance, Story
from bot.stories.claims import ACCELERATORS
from bot.stories.comparing import same
from bot.stories.figures import Figure, find
from bot.stories.filters import Document, document
from bot.stories.houses import house
from bot.stories.noise import noise
from bot.stories.sentences import words
from bot.stories.substance import Substance, weigh
from bot.stories.topics import WEAK_TERMS, Topic
from bot.stories.vectors import Floats

# Cosine between a text's and a profile's word vectors: other subjects mostly stay below .15, texts of the topic lie
# around .35 and more (measured on the labelled samples); in between the topic's own words decide. A logistic curve
# through both: cut off at either end, half of all texts scored alike, and the AUROC of seven topics over 824 headlines
# was .77 instead of .86.
HALFWAY, SPREAD = 0.30, 0.07
# A headline has no room for three of a topic's words: for a short text so many different words for each are enough.
WORDS_FOR_EACH = 8
# Below this the text is of another subject.
OFF_TOPIC = 0.20
OTHER_SUBJECT = "about another subject"
# Nothing to check and nothing but praise.
HYPE_SUBSTANCE = 0.25
# A headline that says "breakthrough" once tells of something; a teaser has no room to prove it.
LEAST_PRAISE = 2
TOO_OLD = timedelta(days=7)
_WEAK_TERM = 0.4
# A deal or a law of another trade, or a thing that people buy for themselves, must not get in by its figures.
_OUTSIDE = OFF_TOPIC * 0.99
# In a whole article one word of the field may stand by accident ("cloud", "memory"); in a teaser it tells.
_TEASER_WORDS = 80
_WITHIN_LONG = 3
_BODY_CHARACTERS = 3000
_LEAST_COUNT = 100
_OPENING_CHARACTERS = 400


@dataclass(frozen=True)
class Reading:
    """What ranking reads in a story, once for all channels.

    Attributes:
        text: the lead's title and the beginning of its text.
        vector: unit vector of its title and lead, shape `(256,)`; `StoryFeatures.vector` serves.
        stems, title: the stemmed words of the text, and those of the title alone.
    """

    story: Story
    text: str
    vector: Floats
    substance: Substance
    stems: frozenset[str]
    title: frozenset[str]
    figures: tuple[Figure, ...]
    noise: str | None

    @cached_property
    def document(self) -> Document:
        """The text as filters see it."""
        return document(self.text)

    @cached_property
    def opening(self) -> frozenset[str]:
        """The stemmed words of its title and first sentences: what it is about, not what it mentions."""
        return self.title | frozenset(
            words(self.text[: len(self.story.articles[0].article.title) + _OPENING_CHARACTERS])
        )

    @cached_property
    def units(self) -> frozenset[str]:
        """The units of its figures."""
        return frozenset(figure.unit for figure in self.figures)


def read(story: Story, vector: Floats) -> Reading:
    """Read a story for ranking; `vector` is the unit vector of its title and lead, shape `(256,)`."""
    article = story.articles[0].article
    text = f"{article.title}. {(article.text or article.summary)[:_BODY_CHARACTERS]}"
    return Reading(
        story,
        text,
        vector,
        weigh(text),
        frozenset(words(text)),
        frozenset(words(article.title)),
        tuple(find(text)),
        noise(article),
    )


def rank(
    story: Story, text_vector: Floats, topics: Sequence[tuple[Topic, Floats]], now: datetime | None = None
) -> Relevance:
    """Rank a story by these topics; see `judge`."""
    return judge(read(story, text_vector), topics, now)


def judge(reading: Reading, topics: Sequence[tuple[Topic, Floats]], now: datetime | None = None) -> Relevance:
    """Rank a story for a channel.

    Args:
        reading: the story with its articles, the lead first.
        topics: what the channel follows, each with the unit vector of its profile.
        now: the present, to hold back what is too old; None leaves age aside.
    """
    substance = reading.substance
    hits = [match(reading, topic, profile) for topic, profile in topics]
    matches = sorted(hits, key=lambda hit: -hit.score)
    best = matches[0].score if matches else 0.0
    matched = tuple(hit for hit in matches if hit.score >= max(OFF_TOPIC, 0.6 * best))
    breadth = 0.1 * _breadth(reading.story)
    score = 0.0 if best < OFF_TOPIC else min(1.0, 0.1 + 0.65 * best + 0.2 * substance.score + breadth)
    return Relevance(
        score=round(score, 3),
        substance=round(substance.score, 3),
        topics=tuple(hit.topic.name for hit in matched),
        reasons=_reasons(matched, reading),
        held=_held(reading, best, now),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """How much a story is of a topic.

    Attributes:
        score: 0–1; below `OFF_TOPIC` it is not of it.
        terms: the topic's words that it holds.
    """

    topic: Topic
    score: float
    terms: tuple[str, ...]


def match(reading: Reading, topic: Topic, profile: Floats) -> Hit:
    """How much a story is of a topic: by its meaning and its words, or, for keywords, passed or not."""
    if topic.keywords is not None:
        passed = topic.keywords.matches(reading.document)
        return Hit(topic, 1.0, topic.keywords.found(reading.document)) if passed else Hit(topic, 0.0, ())
    if topic.leaves_out(reading.opening):
        return Hit(topic, 0.0, ())
    cosine = float(np.dot(profile, reading.vector))
    meaning = 1.0 / (1.0 + math.exp((HALFWAY - cosine) / SPREAD))
    terms = topic.found(reading.stems)
    own = [term for term in terms if term not in WEAK_TERMS]
    titled = frozenset(topic.found(reading.title))
    strong = sum(1 + (term in titled) for term in own) + bool(topic.units & reading.units)
    enough = min(topic.sure, max(1.0, len(reading.stems) / WORDS_FOR_EACH))
    is_within = _within(topic, reading)
    weak = _WEAK_TERM * (len(terms) - len(own)) / (enough if is_within else topic.sure)
    said = topic.covered(terms, titled) if topic.weights else min(1.0, strong / enough + weak)
    score = 0.5 * meaning + 0.5 * said
    other = len(topic.against & reading.stems) + len(topic.against & reading.title)
    if (topic.within and not is_within) or other > max(strong, 1):
        score *= _OUTSIDE
    return Hit(topic, score, terms)


def _within(topic: Topic, reading: Reading) -> bool:
    """Whether a text is of the field that a topic asks for; False where it asks for none."""
    found = len(topic.within & reading.stems) + len(topic.within & reading.title)
    return found >= (1 if len(reading.stems) < _TEASER_WORDS else _WITHIN_LONG)


def _breadth(story: Story) -> float:
    """0 for one publisher, 1 for four and more; copies of one text count once."""
    return min(1.0, max(0, _houses(story) - 1) / 3)


def _houses(story: Story) -> int:
    return len({house(entry.article) for entry in story.articles if entry.wire_of is None})


def _held(reading: Reading, best: float, now: datetime | None) -> str | None:
    if reading.noise is not None:
        return reading.noise
    if best < OFF_TOPIC:
        return OTHER_SUBJECT
    substance = reading.substance
    vain = substance.hype >= 1.0 and substance.praise >= LEAST_PRAISE and substance.figures <= 2  # noqa: PLR2004
    if substance.score < HYPE_SUBSTANCE and vain:
        return "praise without anything that can be checked"
    if now is not None and now - reading.story.articles[0].article.when > TOO_OLD:
        return "older than a week"
    return None


def _reasons(matched: Sequence[Hit], reading: Reading) -> tuple[str, ...]:
    substance = reading.substance
    reasons = []
    for hit in matched[:2]:
        if hit.topic.keywords is not None:
            reasons.append(f"has {', '.join(hit.terms[:4]) or hit.topic.name}")
            continue
        terms = f" ({', '.join(hit.terms[:4])})" if hit.terms else " in meaning"
        reasons.append(f"matches {hit.topic.name}{terms}")
    if telling := [figure for figure in reading.figures if _tells(figure)]:
        reasons.append("mentions " + _listed(telling))
    publishers = _houses(reading.story)
    if publishers > 1:
        reasons.append(f"{publishers} independent publishers")
    facts = [
        _counted(substance.figures, "figure"),
        _counted(substance.speakers, "sourced statement"),
        _counted(substance.documents, "document"),
    ]
    if any(facts):
        reasons.append("can be checked: " + ", ".join(part for part in facts if part))
    if substance.hype >= 1.0:
        reasons.append("much praise")
    return tuple(reasons)


def _tells(figure: Figure) -> bool:
    """Whether a reader would want to hear of a figure in a few words: "3 players" is none."""
    counted = figure.kind == "count" and (figure.value >= _LEAST_COUNT or figure.noun in ACCELERATORS)
    return counted or figure.kind in {"money", "power", "price", "energy", "rate"}


def _listed(figures: Sequence[Figure]) -> str:
    """The first two, each once: `$620 mln` and `$620 million` are one."""
    told: list[Figure] = []
    for figure in figures:
        if not any(same(figure, other) for other in told):
            told.append(figure)
    return " and ".join(figure.shown for figure in told[:2])


def _counted(count: int, noun: str) -> str:
    return "" if count == 0 else f"{count} {noun}{'' if count == 1 else 's'}"
