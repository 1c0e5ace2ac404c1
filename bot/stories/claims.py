"""One article's figure as a claim by a voice, with what is needed to put it beside others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.models import Article, Fact, Story, StoryArticle
from bot.stories.comparing import same
from bot.stories.facts import figure_of
from bot.stories.figures import Figure, find
from bot.stories.houses import house
from bot.stories.limits import Days, days, kinds, places, scope
from bot.stories.measures import GENERIC, MEASURES
from bot.stories.sentences import names, stem, words


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A fact with what is needed to put it beside others.

    Attributes:
        order: position of its article in the story, 0 for the lead.
        age: rank of its article by time, 0 for the oldest.
        voice: the independent source behind it, in lower case: the publisher's house, or whom its sentence credits.
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
    days: frozenset[Days]
    places: frozenset[str]
    alone: bool
    about: frozenset[str]
    measures: frozenset[str]


ACCELERATORS = frozenset({"gpus", "accelerators", "chips", "processors", "tpus", "npus", "cards"})


def claims_of(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> list[Claim]:
    """The claims of all the story's articles, the lead's first."""
    by_time = sorted(story.articles, key=lambda entry: (_as_of(entry.article), entry.article.id))
    age = {entry.article.id: rank for rank, entry in enumerate(by_time)}
    titles = {entry.article.id: _name_words(entry.article.title) for entry in story.articles}
    houses = {entry.article.publisher.casefold(): house(entry.article) for entry in story.articles}
    found = []
    for order, entry in enumerate(story.articles):
        article_id = entry.article.id
        own = origin(story, entry).article.publisher.casefold()
        facts = facts_by_article.get(article_id, ())
        figures = [figure_of(fact) for fact in facts]
        for fact, figure in zip(facts, figures, strict=True):
            voice = houses[_voice(fact.quote.text, own, houses)]
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


def _voice(sentence: str, own: str, publishers: Collection[str]) -> str:
    """Whose word a sentence is: another publisher's if it says so ("as Rackpost first reported")."""
    low = sentence.casefold()
    for other in sorted(publishers):
        if other != own and other in low and re.search(_CREDITED.format(name=re.escape(other)), low):
            return other
    return own


def _without_figures(sentence: str) -> str:
    for figure in reversed(find(sentence)):
        noun = figure.noun
        sentence = f"{sentence[: figure.start]}{noun}{sentence[figure.end :]}"
    return sentence


def nouns_meet(a: Figure, b: Figure) -> bool:
    """True unless both count things by different nouns; chips by any name are one noun."""
    if not a.noun or not b.noun:
        return True
    return stem(a.noun) == stem(b.noun) or {a.noun, b.noun} <= ACCELERATORS
