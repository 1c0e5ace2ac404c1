"""Who confirms a figure, and who gives another: the facts of a story's articles, put side by side.

Two rules weigh more than finding everything. A figure is *disputed* only when an article itself sets two figures
against each other, or two publishers give values that can't both be right for what is plainly the same thing: a false
"disputed" misleads. And a publisher that corrects itself, or an article that tells of a change, gives an update, not a
dispute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from bot.models import Fact, Quote, Standing, Story
from bot.stories.claims import Claim, claims_of
from bot.stories.comparing import same
from bot.stories.figures import Figure
from bot.stories.matching import rivals, same_fact
from bot.stories.sentences import words
from bot.stories.told import Difference, Told, told


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
        was: earlier figures that this one replaces (its publisher's own, or ones it says have changed), with articles.
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


@dataclass(slots=True, eq=False)
class _Group:
    """Claims of one value for one thing, and what became of it."""

    claims: list[Claim]
    was: list[Claim]
    others: list[_Group]
    told_was: list[tuple[str, int]] = field(default_factory=list)

    @property
    def voices(self) -> set[str]:
        return {claim.voice for claim in self.claims}

    def says(self, figure: Figure) -> bool:
        return any(same(claim.figure, figure) for claim in self.claims)


_LEAST_ABOUT = 2


def standings(story: Story, facts_by_article: Mapping[int, Sequence[Fact]]) -> tuple[StoryFact, ...]:
    """The story's facts, each once, most important first."""
    claims = claims_of(story, facts_by_article)
    differences = [difference for entry in story.articles for difference in told(entry.article)]
    ages = {claim.article_id: claim.age for claim in claims}
    current, replaced = _without_replaced(claims)
    groups = _grouped(current)
    for old, new in replaced:
        next(group for group in groups if new in group.claims).was.append(old)
    groups = _with_changes(groups, differences, ages)
    _tell_changes(groups, differences)
    _oppose(groups, differences, claims)
    _take_sides(groups)
    title = frozenset(words(" ".join(entry.article.title for entry in story.articles[:3])))
    found = [_story_fact(group, title) for group in _once(groups)]
    return tuple(sorted(found, key=lambda fact: -fact.importance))


def _grouped(claims: Sequence[Claim]) -> list[_Group]:
    groups: list[_Group] = []
    for claim in claims:
        home = next((group for group in groups if any(same_fact(claim, other) for other in group.claims)), None)
        if home is None:
            groups.append(_Group([claim], [], []))
        else:
            home.claims.append(claim)
    return groups


def _says(claims: Sequence[Claim], article_id: int, figure: Figure) -> bool:
    """True if an article also gives this value: then it measures two things, or tells of a change."""
    return any(claim.article_id == article_id and same(claim.figure, figure) for claim in claims)


def _without_replaced(claims: Sequence[Claim]) -> tuple[list[Claim], list[tuple[Claim, Claim]]]:
    """Drop what the same voice has since put right; gives the rest, and pairs of old and new."""
    replaced: list[tuple[Claim, Claim]] = []
    for old in claims:
        newer = [new for new in claims if new.age > old.age and new.voice == old.voice and rivals(old, new)]
        fresh = [new for new in newer if not _says(claims, new.article_id, old.figure)]
        if fresh:
            replaced.append((old, max(fresh, key=lambda claim: claim.age)))
    gone = [old for old, _ in replaced]
    kept = [claim for claim in claims if claim not in gone]
    return kept, [(old, new) for old, new in replaced if new in kept]


def _tells(difference: Told, old: _Group, new: _Group) -> bool:
    """True if an article's difference is between these two groups, who say its values."""
    giver = any(claim.article_id == difference.article_id for claim in new.claims)
    elsewhere = [claim for claim in old.claims if claim.article_id != difference.article_id]
    return giver and any(len(claim.subject & difference.about) >= _LEAST_ABOUT for claim in elsewhere)


def _with_changes(groups: list[_Group], differences: Sequence[Told], ages: Mapping[int, int]) -> list[_Group]:
    """Fold groups that an article says have changed into the group with the newer figure."""
    gone: list[_Group] = []
    for difference in differences:
        if difference.difference is not Difference.CHANGED:
            continue
        older = [group for group in groups if group.says(difference.old)]
        newer = [group for group in groups if group.says(difference.new)]
        for new, old in product(newer, older):
            if old is new or old in gone or new in gone or not _tells(difference, old, new):
                continue
            teller = ages.get(difference.article_id, 0)
            if all(claim.age <= teller for claim in old.claims) and all(claim.age >= teller for claim in new.claims):
                new.was.extend(old.claims)
                gone.append(old)
    return [group for group in groups if group not in gone]


def _tell_changes(groups: Sequence[_Group], differences: Sequence[Told]) -> None:
    """Keep the older figures that only an article's own words know: "Ostara had first spoken of 9,600"."""
    for difference in differences:
        if difference.difference is not Difference.CHANGED or not difference.plain:
            continue
        for group in groups:
            giver = next((claim for claim in group.claims if claim.article_id == difference.article_id), None)
            if giver is None or not same(giver.figure, difference.new) or group.says(difference.old):
                continue
            if any(same(claim.figure, difference.old) for claim in group.was):
                continue
            group.told_was.append((difference.old.shown, difference.article_id))


def _take_sides(groups: Sequence[_Group]) -> None:
    """Put each publisher that gives both figures of a dispute on its own side.

    Who repeats a figure only to contradict it adds the other one: it stands where nobody else does.
    """
    for group in groups:
        for other in group.others:
            for voice in group.voices & other.voices:
                if group.voices - {voice} and not other.voices - {voice}:
                    group.claims = [claim for claim in group.claims if claim.voice != voice]


def _oppose(groups: Sequence[_Group], differences: Sequence[Told], claims: Sequence[Claim]) -> None:
    """Mark which groups stand against each other."""
    contradicted = _contradicted(groups, differences)
    for (at, one), (place, other) in combinations(enumerate(groups), 2):
        if {(at, place), (place, at)} & contradicted or _apart(one, other, claims):
            one.others.append(other)
            other.others.append(one)


def _contradicted(groups: Sequence[_Group], differences: Sequence[Told]) -> set[tuple[int, int]]:
    """Places of the groups that an article sets against each other."""
    found: set[tuple[int, int]] = set()
    for difference in differences:
        if difference.difference is Difference.CONTRADICTED:
            newer = [at for at, group in enumerate(groups) if group.says(difference.new)]
            older = [at for at, group in enumerate(groups) if group.says(difference.old)]
            found |= {(new, old) for new, old in product(newer, older) if _tells(difference, groups[old], groups[new])}
    return found


def _apart(one: _Group, other: _Group, claims: Sequence[Claim]) -> bool:
    if one.voices & other.voices:
        return False  # somebody gives both: two things, or a change that it tells
    return any(
        rivals(a, b) and not _says(claims, a.article_id, b.figure) and not _says(claims, b.article_id, a.figure)
        for a in one.claims
        for b in other.claims
    )


def _once(groups: Sequence[_Group]) -> list[_Group]:
    """Show a dispute once: on the side with more publishers, then the earlier source."""
    shown: list[_Group] = []
    for group in sorted(groups, key=lambda group: -len(group.voices)):
        if not any(other in shown for other in group.others):
            shown.append(group)
    return shown


def _story_fact(group: _Group, title: frozenset[str]) -> StoryFact:
    prices = any(claim.figure.kind == "price" for claim in group.claims)
    ranked = sorted(
        group.claims,
        key=lambda claim: (
            claim.figure.kind == "money" and prices,  # "$3.49 an hour" says more than "$3.49"
            claim.fact.hedged and claim.order > 0,
            claim.order,
            len(claim.fact.quote.text),
        ),
    )
    best = ranked[0]
    first = _first_of_each(ranked)
    standing = Standing.CONFIRMED if len(group.voices) > 1 else Standing.SINGLE
    return StoryFact(
        kind=best.fact.kind,
        value=best.fact.value,
        unit=best.fact.unit,
        shown=best.fact.shown,
        subject=best.fact.subject,
        hedged=best.fact.hedged,
        standing=Standing.DISPUTED if group.others else standing,
        publishers=len(group.voices),
        article_ids=tuple(claim.article_id for claim in first),
        quotes=tuple(claim.fact.quote for claim in first),
        others=tuple((other.claims[0].fact.shown, _ids(other.claims)) for other in group.others),
        other_quotes=tuple(claim.fact.quote for other in group.others for claim in _first_of_each(other.claims)),
        was=_was(group),
        importance=_importance(best, group, title),
    )


def _was(group: _Group) -> tuple[tuple[str, tuple[int, ...]], ...]:
    shown: dict[str, list[Claim]] = {}
    for claim in group.was:
        same_value = next((key for key, told_by in shown.items() if same(told_by[0].figure, claim.figure)), None)
        shown.setdefault(same_value or claim.fact.shown, []).append(claim)
    found = {value: _ids(told_by) for value, told_by in shown.items()}
    for value, article_id in group.told_was:
        found.setdefault(value, (article_id,))
    return tuple(found.items())


def _ids(claims: Sequence[Claim]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(claim.article_id for claim in claims))


def _first_of_each(claims: Sequence[Claim]) -> list[Claim]:
    """The first claim of each article."""
    first: dict[int, Claim] = {}
    for claim in claims:
        first.setdefault(claim.article_id, claim)
    return list(first.values())


_WEIGHTS = {
    "money": 1.0, "power": 1.0, "count": 0.8, "price": 0.95, "energy": 0.8, "flow": 0.85, "rate": 0.8, "data": 0.7,
    "compute": 0.8, "percent": 0.6, "ratio": 0.55, "date": 0.55, "time": 0.45, "area": 0.45, "points": 0.4,
    "clock": 0.4, "volume": 0.5,
}  # fmt: skip
_LEAST_WEIGHT = 0.3
_STARTED_FROM = re.compile(r"\bfrom (?:about |some |around )?$")
_BIG = {"money": 1e8, "power": 1e8, "count": 1e3}


def _importance(claim: Claim, group: _Group, title: frozenset[str]) -> float:
    """Kind and size of the figure, closeness to the title's words, how early and by how many it is told."""
    score = _WEIGHTS.get(claim.fact.kind, _LEAST_WEIGHT)
    if claim.fact.value < _BIG.get(claim.fact.kind, 0.0):
        score *= 0.7
    if claim.fact.unit == "s" and claim.fact.value < 1.0:
        score = _WEIGHTS["rate"]  # a latency, which is what people measure
    if claim.fact.kind == "ratio" and not any(mark.isdigit() for mark in claim.fact.shown):
        score *= 0.75  # "half of the orders" comes after what can be counted
    if claim.figure.noun in {"tokens", "prompts", "requests"}:
        score *= 0.6  # mostly the size of a test
    if _STARTED_FROM.search(claim.fact.quote.text, 0, claim.figure.start):
        score *= 0.5  # "from $1.25 to $0.80": the second is the news
    near = len(claim.subject & title) / max(1, min(len(title), len(claim.subject)))
    score *= 0.5 + 0.5 * near
    score *= 1.0 if claim.order == 0 else 0.85
    score += 0.08 * min(len(group.voices) - 1, 3) + (0.1 if group.others or group.was or group.told_was else 0.0)
    return min(1.0, score)
