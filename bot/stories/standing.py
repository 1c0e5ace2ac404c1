"""Who confirms a figure, and who gives another: the facts of a story's articles, put side by side.

Two rules weigh more than finding everything. A figure is *disputed* only when two publishers give values that can't
both be right for what is, word for word, the same thing: a false "disputed" misleads. And a publisher that corrects
itself has one figure, the newest: that is an update, not a dispute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Fact, Quote, Standing, Story
from bot.stories.comparing import conflict, same
from bot.stories.facts import figure_of
from bot.stories.figures import Figure, find
from bot.stories.lexicon import word_set
from bot.stories.sentences import stem, words


@dataclass(frozen=True, slots=True)
class StoryFact:
    """What a story's articles say about one figure.

    Attributes:
        kind, value, unit, shown, subject, hedged: as in `Fact`, from the best source.
        standing: confirmed by at least two independent publishers, from a single source, or disputed.
        publishers: how many independent publishers give this figure.
        article_ids: the articles that give it, the best first.
        quotes: one for each of them, in the same order.
        others: for a disputed figure, the other values, each with the articles that give it.
        other_quotes: one for each article in `others`, in order.
        was: earlier figures of the same publisher that this one replaces, with their articles.
        importance: 0–1, for choosing which to show.
    """

    kind: str
    value: float
    unit: str
    shown: str
    subject: tuple[str, ...]
    hedged: bool
    standing: Standing
    publishers: int
    article_ids: tuple[int, ...]
    quotes: tuple[Quote, ...]
    others: tuple[tuple[str, tuple[int, ...]], ...] = ()
    other_quotes: tuple[Quote, ...] = ()
    was: tuple[tuple[str, tuple[int, ...]], ...] = ()
    importance: float = 0.0

    @property
    def quote(self) -> Quote:
        """The best source's sentence."""
        return self.quotes[0]


@dataclass(frozen=True, slots=True)
class _Claim:
    fact: Fact
    figure: Figure
    order: int  # position of its article in the story, 0 for the lead
    newest: int  # rank of its article by time
    voice: str  # the independent source behind it
    words: frozenset[str]
    scope: frozenset[str]


# Kinds for which two values can be told to be of one thing. Dates and spans of time mostly date different steps.
_DISPUTABLE = frozenset(
    {"money", "price", "power", "energy", "count", "data", "rate", "flow", "compute", "area", "percent"}
)
# Words that limit what a figure is a figure of: with different limits, different things are measured.
_SCOPE = frozenset(
    stem(word)
    for word in word_set(
        """
        initial first second third fourth final phase stage total overall each per additional extra another further
        annual yearly monthly quarterly daily year month quarter week day average peak maximum minimum remaining rest
        half full expand expansion eventually later existing current previous earlier last next input output local
        global new old used read write training inference direct bidirectional single hall building site rack
        """
    )
)
_SAME_SUBJECT = 0.34  # of the smaller set of subject words, for "the same figure, twice"
_SAME_THING = 0.5  # for a dispute
_LEAST_SHARED = 2


def standings(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> tuple[StoryFact, ...]:
    """The story's facts, each once, most important first."""
    claims = _claims(story, facts_by_article)
    current, replaced = _without_replaced(claims)
    groups = _grouped(current)
    title = frozenset(words(" ".join(entry.article.title for entry in story.articles[:3])))
    found = [_story_fact(group, groups, current, replaced, title) for group in groups]
    return tuple(sorted(_once(found), key=lambda fact: -fact.importance))


def _claims(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> list[_Claim]:
    articles = {entry.article.id: entry for entry in story.articles}
    by_time = sorted(story.articles, key=lambda entry: (entry.article.when, entry.article.id))
    newest = {entry.article.id: rank for rank, entry in enumerate(by_time)}
    publishers = {entry.article.publisher.casefold() for entry in story.articles}
    claims = []
    for order, entry in enumerate(story.articles):
        root = entry
        seen = {entry.article.id}
        while root.wire_of in articles and root.wire_of not in seen:
            seen.add(root.wire_of)
            root = articles[root.wire_of]
        own = root.article.publisher.casefold()
        for fact in facts_by_article.get(entry.article.id, ()):
            figure = figure_of(fact)
            claims.append(
                _Claim(
                    fact, figure, order, newest[entry.article.id], _voice(fact.quote.text, own, publishers),
                    frozenset(fact.subject), _scope(fact),
                )
            )  # fmt: skip
    return claims


_CREDIT = re.compile(r"\b(?:reported|reports?|according to|told|first (?:said|wrote)|wrote)\b", re.IGNORECASE)


def _voice(sentence: str, own: str, publishers: set[str]) -> str:
    """Whose word a sentence is: another publisher's if it says so ("as Rackpost first reported")."""
    low = sentence.casefold()
    if _CREDIT.search(sentence):
        for other in sorted(publishers - {own}):
            if other in low:
                return other
    return own


def _scope(fact: Fact) -> frozenset[str]:
    near = frozenset(word for word in words(fact.quote.text) if word in _SCOPE)
    dates = frozenset(f"{part.unit}{part.value:g}" for part in find(fact.quote.text) if part.kind == "date")
    return near | (dates if fact.kind != "date" else frozenset())


def _overlap(a: _Claim, b: _Claim) -> float:
    """Shared subject words over the smaller set."""
    if not a.words or not b.words:
        return 0.0
    return len(a.words & b.words) / min(len(a.words), len(b.words))


def _nouns_meet(a: Figure, b: Figure) -> bool:
    """True unless both count things by different nouns."""
    if not a.noun or not b.noun:
        return True
    return stem(a.noun) == stem(b.noun) or {a.noun, b.noun} <= _ACCELERATORS


_ACCELERATORS = frozenset({"gpus", "accelerators", "chips", "processors", "tpus", "npus", "units", "cards"})


def _same_fact(a: _Claim, b: _Claim) -> bool:
    if not same(a.figure, b.figure) or not _nouns_meet(a.figure, b.figure):
        return False
    if a.fact.quote.article_id == b.fact.quote.article_id:
        return _overlap(a, b) >= _SAME_SUBJECT
    # A telling value twice in one story is one fact; a common one (2 %, 3 years, 2027) needs its subject too.
    telling = a.figure.kind in {"money", "power", "price", "energy", "flow", "rate", "compute", "data"}
    return _overlap(a, b) >= (_SAME_SUBJECT / 2 if telling else _SAME_SUBJECT)


def _grouped(claims: Sequence[_Claim]) -> list[list[_Claim]]:
    groups: list[list[_Claim]] = []
    for claim in claims:
        home = next((group for group in groups if any(_same_fact(claim, other) for other in group)), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    return groups


def _rivals(a: _Claim, b: _Claim) -> bool:
    """True if the claims give different values for one thing."""
    if a.figure.kind not in _DISPUTABLE or not conflict(a.figure, b.figure) or not _nouns_meet(a.figure, b.figure):
        return False
    shared = a.words & b.words
    if len(shared) < _LEAST_SHARED or _overlap(a, b) < _SAME_THING:
        return False
    return a.scope == b.scope


def _without_replaced(claims: Sequence[_Claim]) -> tuple[list[_Claim], list[tuple[_Claim, _Claim]]]:
    """Drop what the same voice has since put right; gives the rest, and pairs of (old, new)."""
    replaced: list[tuple[_Claim, _Claim]] = []
    for old in claims:
        for new in claims:
            later = new.newest > old.newest and new.voice == old.voice
            if later and _rivals(old, new) and not _says(claims, new, old.figure):
                replaced.append((old, new))
                break
    gone = {id(old) for old, _ in replaced}
    return [claim for claim in claims if id(claim) not in gone], replaced


def _says(claims: Sequence[_Claim], claim: _Claim, figure: Figure) -> bool:
    """True if the claim's article also gives the other value: then it measures two things, or tells of the change."""
    return any(
        same(other.figure, figure) for other in claims if other.fact.quote.article_id == claim.fact.quote.article_id
    )


def _story_fact(
    group: list[_Claim],
    groups: Sequence[Sequence[_Claim]],
    claims: Sequence[_Claim],
    replaced: Sequence[tuple[_Claim, _Claim]],
    title: frozenset[str],
) -> StoryFact:
    best = min(group, key=lambda claim: (claim.figure.hedge is not None, claim.order, len(claim.fact.quote.text)))
    ranked = sorted(group, key=lambda claim: (claim is not best, claim.order))
    sources = {claim.fact.quote.article_id: claim.fact.quote for claim in reversed(ranked)}
    ids = tuple(dict.fromkeys(claim.fact.quote.article_id for claim in ranked))
    voices = {claim.voice for claim in group}
    others = [other for other in groups if other is not group and _disputed(group, other, claims)]
    standing = Standing.CONFIRMED if len(voices) > 1 else Standing.SINGLE
    olds = [old for old, new in replaced if any(new is claim for claim in group)]
    return StoryFact(
        kind=best.fact.kind,
        value=best.fact.value,
        unit=best.fact.unit,
        shown=best.fact.shown,
        subject=best.fact.subject,
        hedged=best.fact.hedged,
        standing=Standing.DISPUTED if others else standing,
        publishers=len(voices),
        article_ids=ids,
        quotes=tuple(sources[article_id] for article_id in ids),
        others=tuple((other[0].fact.shown, _ids(other)) for other in others),
        other_quotes=tuple(claim.fact.quote for other in others for claim in _first_of_each(other)),
        was=tuple((old.fact.shown, (old.fact.quote.article_id,)) for old in olds),
        importance=_importance(best, len(voices), title, disputed=bool(others)),
    )


def _ids(group: Sequence[_Claim]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(claim.fact.quote.article_id for claim in group))


def _first_of_each(group: Sequence[_Claim]) -> list[_Claim]:
    return list({claim.fact.quote.article_id: claim for claim in reversed(group)}.values())[::-1]


def _disputed(group: Sequence[_Claim], other: Sequence[_Claim], claims: Sequence[_Claim]) -> bool:
    if {claim.voice for claim in group} & {claim.voice for claim in other}:
        return False  # somebody gives both: two things, or a change that it tells
    return any(
        _rivals(a, b) and not _says(claims, a, b.figure) and not _says(claims, b, a.figure)
        for a in group
        for b in other
    )


def _once(facts: Sequence[StoryFact]) -> list[StoryFact]:
    """Show a dispute once: on the side with more publishers, then the earlier source."""
    ranked = sorted(facts, key=lambda fact: -fact.publishers)
    shown: list[StoryFact] = []
    covered: set[tuple[str, tuple[int, ...]]] = set()
    for fact in ranked:
        if any((fact.shown, (article_id,)) in covered for article_id in fact.article_ids) and fact.others:
            continue
        covered |= {(value, (article_id,)) for value, ids in fact.others for article_id in ids}
        shown.append(fact)
    return [fact for fact in facts if any(fact is kept for kept in shown)]


_WEIGHTS = {
    "money": 1.0, "power": 1.0, "count": 0.8, "price": 0.95, "energy": 0.8, "flow": 0.85, "rate": 0.8, "data": 0.7,
    "compute": 0.8, "percent": 0.6, "ratio": 0.55, "date": 0.55, "time": 0.45, "area": 0.45, "points": 0.4,
}  # fmt: skip
_LEAST_WEIGHT = 0.3
_BIG = {"money": 1e8, "power": 1e8, "count": 1e3}


def _importance(claim: _Claim, publishers: int, title: frozenset[str], *, disputed: bool) -> float:
    """Kind and size of the figure, closeness to the title's words, how early and by how many it is told."""
    score = _WEIGHTS.get(claim.fact.kind, _LEAST_WEIGHT)
    if claim.fact.value < _BIG.get(claim.fact.kind, 0.0):
        score *= 0.7
    near = len(claim.words & title) / max(1, min(len(title), len(claim.words)))
    score *= 0.5 + 0.5 * near
    score *= 1.0 if claim.order == 0 else 0.85
    score += 0.08 * min(publishers - 1, 3) + (0.1 if disputed else 0.0)
    return min(1.0, score)
