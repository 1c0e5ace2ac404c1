"""One article's figure as a claim by a voice, and whether two claims are about the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.models import Article, Fact, Story, StoryArticle
from bot.stories.comparing import conflict, same
from bot.stories.facts import figure_of
from bot.stories.figures import Figure, find
from bot.stories.limits import days, kinds, places, scope
from bot.stories.measures import EXCLUSIVE, FORECASTS, GENERIC, MEASURES, MOVES, SCOPE
from bot.stories.numerals import ONES
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
        kinds: what was expected, counted in, or runs by now; see `limits.kinds`.
        days: the dates and years that its sentence names.
        places: words of the places that its sentence names.
        alone: it is its article's only figure of this kind and noun.
        about: words of the names in its sentence, or in its article's title if the sentence names nobody.
        measures: what it is plainly a figure of (`revenue`, `debt`, `output` …), as far as words near it say.
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
    kinds: frozenset[str]
    days: frozenset[str]
    places: frozenset[str]
    alone: bool
    about: frozenset[str]
    measures: frozenset[str]


# Kinds for which two values can be told to be of one thing. Dates and spans of time mostly date different steps.
DISPUTABLE = frozenset(
    {"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent", "volume"}
)
# Shares of the smaller set of subject words. Found on the labelled samples: wrong pairs lie below .4.
SAME_FACT = 0.34
# The same, for values that are unlikely to meet by chance: two digits or more, as 18 % or 71 days.
SAME_ODD = 0.17
_DIGITS = 2
_PRICE_DIGITS = 3
_ODD_WORDS = frozenset(word for word, value in ONES.items() if value > 10)  # noqa: PLR2004 - eleven and up
SAME_THING = 0.5
_LEAST_SHARED = 2
# Two sentences that only differ in their figures are one sentence, rewritten.
_SAME_FRAME = 0.75
_LEAST_FRAME = 5
# Figures for one thing are of one order; fourteen billion and 340 million are two things.
FACTOR = 5.0
# A counted noun that each article has one figure for is one thing, if the figures are of one order.
_LEAST_COUNT = 100
_MANY = 1e6
_ALIKE = 2.0
ACCELERATORS = frozenset({"gpus", "accelerators", "chips", "processors", "tpus", "npus", "cards"})
# Their values seldom occur twice by chance.
_TELLING = frozenset({"money", "power", "price", "energy", "flow", "rate", "compute", "data"})


def claims_of(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> list[Claim]:
    """The claims of all the story's articles, the lead's first."""
    by_time = sorted(story.articles, key=lambda entry: (_as_of(entry.article), entry.article.id))
    age = {entry.article.id: rank for rank, entry in enumerate(by_time)}
    titles = {entry.article.id: _name_words(entry.article.title) for entry in story.articles}
    publishers = {entry.article.publisher.casefold() for entry in story.articles}
    found = []
    for order, entry in enumerate(story.articles):
        article_id = entry.article.id
        own = origin(story, entry).article.publisher.casefold()
        facts = facts_by_article.get(article_id, ())
        figures = [figure_of(fact) for fact in facts]
        for fact, figure in zip(facts, figures, strict=True):
            voice = _voice(fact.quote.text, own, publishers)
            claim = _claim(fact, figure, figures, order=order, age=age[article_id], voice=voice)
            found.append(claim if claim.about else replace(claim, about=titles[article_id]))
    return found


def _as_of(article: Article) -> datetime:
    """When a text is from: an edited one speaks as of its edit."""
    return max(article.when, article.updated_at or article.when)


def _name_words(text: str) -> frozenset[str]:
    return frozenset(part for name in names(text) for part in name.lower().split() if len(part) > 1)


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
        plain=frozenset(fact.subject) - GENERIC - frozenset(words(" ".join(names(sentence)))),
        frame=frozenset(words(_without_figures(sentence))),
        scope=scope(sentence, figure),
        kinds=kinds(sentence),
        days=days(sentence),
        places=places(sentence),
        alone=all(same(other, figure) for other in others),
        about=_name_words(sentence),
        measures=frozenset(MEASURES[word] for word in fact.subject if word in MEASURES),
    )


_CREDITED = (
    r"\b(?:according to|told|reported by|seen by|as|by) (?:the )?{name}\b"
    r"|\b{name},? (?:(?:has|had) )?(?:first )?(?:reported|reports?|said|says|wrote|writes|told)\b"
)


def _voice(sentence: str, own: str, publishers: set[str]) -> str:
    """Whose word a sentence is: another publisher's if it says so ("as Rackpost first reported")."""
    low = sentence.casefold()
    for other in sorted(publishers - {own}):
        if other in low and re.search(_CREDITED.format(name=re.escape(other)), low):
            return other
    return own


def _without_figures(sentence: str) -> str:
    for figure in reversed(find(sentence)):
        noun = figure.noun
        sentence = f"{sentence[: figure.start]}{noun}{sentence[figure.end :]}"
    return sentence


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
    """True if both give one value for one thing.

    Between two articles of a story, in this order: equal values in one unit, and the same counted noun; nothing that
    excludes it (`_excluded`); then either a value that seldom occurs twice by chance (money, power, bandwidth … or a
    counted thing, with two digits or more), or shared words about it, the fewer the odder the value.
    """
    if not (same(a.figure, b.figure) or _same_price(a.figure, b.figure)) or not nouns_meet(a.figure, b.figure):
        return False
    if a.article_id == b.article_id:
        return overlap(a, b) >= SAME_FACT or (_is_telling(a) and not _excluded(a, b))
    if _excluded(a, b):
        return False
    if _is_telling(a):
        return True
    odd = digits_shown(a.figure) >= _DIGITS
    if odd and a.measures & b.measures:
        return True
    return overlap(a, b) >= (SAME_ODD if odd or a.figure.kind in _TELLING else SAME_FACT - 0.05)


def _is_telling(claim: Claim) -> bool:
    kind = claim.figure.kind
    counted = kind == "count" and bool(claim.figure.noun) and claim.figure.value >= _LEAST_COUNT
    if counted and claim.figure.value >= _MANY:
        return True
    return (kind in _TELLING or counted) and digits_shown(claim.figure) >= _DIGITS


def digits_shown(figure: Figure) -> int:
    """Significant digits of a figure as it is written: 1 for $8 billion, 2 for 1.2 GW and for 420 MW."""
    if figure.kind == "date":
        return _DIGITS if figure.value == figure.range_high else 1
    found = re.search(r"\d[\d.,  ]*", figure.shown)
    if found is None:  # "twelve" is as odd as "12", "fifty" as "50"
        return _DIGITS if set(figure.shown.lower().replace("-", " ").split()) & _ODD_WORDS else 1
    return len(re.sub(r"\D", "", found[0]).strip("0"))


def _same_price(a: Figure, b: Figure) -> bool:
    """True for "$3.49 an hour" and "$3.49": a price whose unit one text leaves out."""
    if {a.kind, b.kind} != {"money", "price"} or a.unit.partition("/")[0] != b.unit.partition("/")[0]:
        return False
    return a.value == b.value and min(digits_shown(a), digits_shown(b)) >= _PRICE_DIGITS


def _excluded(a: Claim, b: Claim) -> bool:
    """True if words beside two equal figures say that they are of two things: another phase, or another measure."""
    for row in EXCLUSIVE:
        mine, theirs = a.scope & row, b.scope & row
        if mine and theirs and not mine & theirs:
            return True
    if a.figure.kind not in {"money", "percent"}:
        return False
    return bool(a.measures and b.measures) and not a.measures & b.measures and not a.plain & b.plain


def rivals(a: Claim, b: Claim) -> bool:
    """True if the claims give different values for what is plainly one thing."""
    if a.figure.kind not in DISPUTABLE or not conflict(a.figure, b.figure) or not nouns_meet(a.figure, b.figure):
        return False
    low, high = sorted((abs(a.figure.value), abs(b.figure.value)))
    if high > FACTOR * low or (a.about and b.about and not a.about & b.about):
        return False
    if _excluded(a, b) or _elsewhere(a, b) or _moves(a, b) or _opinions(a, b):
        return False
    if _one_frame(a, b):
        return True
    if SCOPE & (a.scope ^ b.scope) or (a.scope and b.scope and a.scope != b.scope):
        return False
    return _one_subject(a, b) or _only_counts(a, b)


def _elsewhere(a: Claim, b: Claim) -> bool:
    """True if the sentences name two days, two places, two measures, or one alone tells what was expected."""
    return a.kinds != b.kinds or any(
        mine and theirs and not mine & theirs
        for mine, theirs in ((a.days, b.days), (a.places, b.places), (a.measures, b.measures))
    )


def _moves(a: Claim, b: Claim) -> bool:
    """True for two moves of a share price: it has another at any minute."""
    return a.figure.kind == "percent" and "shares" in a.measures | b.measures and bool(MOVES & (a.frame | b.frame))


def _opinions(a: Claim, b: Claim) -> bool:
    """True for the forecasts of two houses: each may think its own."""
    both = bool(FORECASTS & a.frame) and bool(FORECASTS & b.frame)
    return both and bool(a.about - b.about) and bool(b.about - a.about)


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
