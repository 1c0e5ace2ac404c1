"""One article's figure as a claim by a voice, and whether two claims are about the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Fact, Story, StoryArticle
from bot.stories.comparing import conflict, same
from bot.stories.facts import figure_of
from bot.stories.figures import Figure, find
from bot.stories.lexicon import word_set
from bot.stories.sentences import names, stem, words


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A fact with what is needed to put it beside others.

    Attributes:
        order: position of its article in the story, 0 for the lead.
        age: rank of its article by time, 0 for the oldest.
        voice: the independent source behind it, in lower case: the publisher, or whom its sentence credits.
        subject: the words near the figure.
        plain: of those, neither parts of names nor words that any figure may stand with ("rose", "cost", "said").
        frame: the content words of its sentence without the figures.
        scope: words and dates beside the figure that limit what it measures ("first phase", 2027).
        alone: it is its article's only figure of this kind and noun.
    """

    fact: Fact
    figure: Figure
    article_id: int
    order: int
    age: int
    voice: str
    subject: frozenset[str]
    plain: frozenset[str]
    frame: frozenset[str]
    scope: frozenset[str]
    alone: bool


# Kinds for which two values can be told to be of one thing. Dates and spans of time mostly date different steps.
DISPUTABLE = frozenset(
    {"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent"}
)
# Words that limit what a figure is a figure of: with different limits, different things are measured.
_SCOPE = frozenset(
    stem(word)
    for word in word_set(
        """
        initial first second third fourth final phase stage total overall each per additional extra another further
        annual yearly monthly quarterly daily quarter average peak maximum minimum remaining rest half full expand
        expansion eventually later existing previous input output single hall building rack
        """
    )
)
# These limit too, but as often only fill in: they part two figures only where each has its own.
_SIDE_SCOPE = frozenset(
    stem(word) for word in word_set("year month current last next local global old used read write training inference")
)
_GENERIC = frozenset(
    stem(word)
    for word in word_set(
        """
        rose rise risen rises rising fell fall fallen falls falling grew grow grown climbed jumped dropped increased
        decreased added reach reached put puts cost costs said told expects expected plans planned will make made use
        used using takes took give gave set sets company companies firm people says about total nearly
        """
    )
)
# Shares of the smaller set of subject words. Found on the labelled samples: wrong pairs lie below .4.
SAME_FACT = 0.34
SAME_THING = 0.5
_LEAST_SHARED = 2
# Two sentences that only differ in their figures are one sentence, rewritten.
_SAME_FRAME = 0.75
_LEAST_FRAME = 5
# Figures for one thing are of one order; fourteen billion and 340 million are two things.
FACTOR = 5.0
# A counted noun that each article has one figure for is one thing, if the figures are of one order.
_LEAST_COUNT = 100
_ALIKE = 2.0
_SCOPE_REACH = 36
ACCELERATORS = frozenset({"gpus", "accelerators", "chips", "processors", "tpus", "npus", "cards"})
# Their values seldom occur twice by chance.
_TELLING = frozenset({"money", "power", "price", "energy", "flow", "rate", "compute", "data"})


def claims_of(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> list[Claim]:
    """The claims of all the story's articles, the lead's first."""
    by_time = sorted(story.articles, key=lambda entry: (entry.article.when, entry.article.id))
    age = {entry.article.id: rank for rank, entry in enumerate(by_time)}
    publishers = {entry.article.publisher.casefold() for entry in story.articles}
    found = []
    for order, entry in enumerate(story.articles):
        article_id = entry.article.id
        own = origin(story, entry).article.publisher.casefold()
        facts = facts_by_article.get(article_id, ())
        figures = [figure_of(fact) for fact in facts]
        for fact, figure in zip(facts, figures, strict=True):
            voice = _voice(fact.quote.text, own, publishers)
            found.append(_claim(fact, figure, figures, order=order, age=age[article_id], voice=voice))
    return found


def origin(story: Story, entry: StoryArticle) -> StoryArticle:
    """The article whose text this one copies, followed to the first; itself for an original."""
    articles = {other.article.id: other for other in story.articles}
    seen = {entry.article.id}
    while entry.wire_of is not None and entry.wire_of in articles and entry.wire_of not in seen:
        seen.add(entry.wire_of)
        entry = articles[entry.wire_of]
    return entry


def _claim(fact: Fact, figure: Figure, figures: Sequence[Figure], *, order: int, age: int, voice: str) -> Claim:
    sentence = fact.quote.text
    others = [other for other in figures if other.kind == figure.kind and nouns_meet(other, figure)]
    return Claim(
        fact=fact,
        figure=figure,
        article_id=fact.quote.article_id,
        order=order,
        age=age,
        voice=voice,
        subject=frozenset(fact.subject),
        plain=frozenset(fact.subject) - _GENERIC - frozenset(words(" ".join(names(sentence)))),
        frame=frozenset(words(_without_figures(sentence))),
        scope=_scope(sentence, figure),
        alone=all(same(other, figure) for other in others),
    )


_CREDIT = re.compile(r"\b(?:reported|reports?|according to|told|first (?:said|wrote)|wrote)\b", re.IGNORECASE)


def _voice(sentence: str, own: str, publishers: set[str]) -> str:
    """Whose word a sentence is: another publisher's if it says so ("as Rackpost first reported")."""
    low = sentence.casefold()
    if _CREDIT.search(sentence):
        for other in sorted(publishers - {own}):
            if other in low:
                return other
    return own


def _without_figures(sentence: str) -> str:
    for figure in reversed(find(sentence)):
        noun = figure.noun
        sentence = f"{sentence[: figure.start]}{noun}{sentence[figure.end :]}"
    return sentence


def _scope(sentence: str, figure: Figure) -> frozenset[str]:
    left, right = max(0, figure.start - _SCOPE_REACH), figure.end + _SCOPE_REACH
    near = {
        word for word in words(sentence[left : figure.start] + " " + sentence[figure.end : right]) if word in _SCOPE
    }
    dates = {
        f"{part.unit}{part.value:g}"
        for part in find(sentence)
        if part.kind == "date" and part.unit == "day" and left <= part.start < right
    }
    return frozenset(near | dates)


def overlap(a: Claim, b: Claim) -> float:
    """Shared subject words over the smaller set, 0–1."""
    if not a.subject or not b.subject:
        return 0.0
    return len(a.subject & b.subject) / min(len(a.subject), len(b.subject))


def nouns_meet(a: Figure, b: Figure) -> bool:
    """True unless both count things by different nouns; chips by any name are one noun."""
    if not a.noun or not b.noun:
        return True
    return stem(a.noun) == stem(b.noun) or {a.noun, b.noun} <= ACCELERATORS


def same_fact(a: Claim, b: Claim) -> bool:
    """True if both give one value for one thing."""
    if not same(a.figure, b.figure) or not nouns_meet(a.figure, b.figure):
        return False
    if a.article_id == b.article_id:
        return overlap(a, b) >= SAME_FACT
    # A telling value that a story has twice is one fact; a common one (2 %, 3 years, 2027) needs its subject too.
    return overlap(a, b) >= (SAME_FACT / 2 if a.figure.kind in _TELLING else SAME_FACT)


def rivals(a: Claim, b: Claim) -> bool:
    """True if the claims give different values for what is plainly one thing."""
    if a.figure.kind not in DISPUTABLE or not conflict(a.figure, b.figure) or not nouns_meet(a.figure, b.figure):
        return False
    low, high = sorted((abs(a.figure.value), abs(b.figure.value)))
    if high > FACTOR * low:
        return False
    if _one_frame(a, b):
        return True
    if _SCOPE & (a.scope ^ b.scope) or (a.scope and b.scope and a.scope != b.scope):
        return False
    return _one_subject(a, b) or _only_counts(a, b)


def _one_subject(a: Claim, b: Claim) -> bool:
    if not (a.alone and b.alone) or len(a.subject & b.subject) < _LEAST_SHARED or overlap(a, b) < SAME_THING:
        return False
    # A shared name alone is not a shared thing: Ostara's shares are not Ostara's revenue.
    return bool(a.plain & b.plain) and len(a.plain & b.plain) >= SAME_THING * min(len(a.plain), len(b.plain))


def _one_frame(a: Claim, b: Claim) -> bool:
    if min(len(a.frame), len(b.frame)) < _LEAST_FRAME:
        return False
    return len(a.frame & b.frame) >= _SAME_FRAME * len(a.frame | b.frame)


def _only_counts(a: Claim, b: Claim) -> bool:
    if not a.figure.noun or not b.figure.noun or not (a.alone and b.alone):
        return False
    low, high = sorted((a.figure.value, b.figure.value))
    return low >= _LEAST_COUNT and high <= _ALIKE * low
