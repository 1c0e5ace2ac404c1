"""What happened: the sentences that tell the headline's event and then the most important that is new; pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.models import Sentence, Standing
from bot.stories.comparing import same
from bot.stories.figures import Figure, find
from bot.stories.sentences import names, words
from bot.stories.standing import StoryFact
from bot.writing.candidates import Candidate
from bot.writing.gaps import is_gap
from bot.writing.grounding import check
from bot.writing.salience import choose, likeness

ALIKE_HEADLINE = 0.9
"""A sentence whose content words the headline holds to this share, and with no figure of its own, repeats it."""
FIRST_SENTENCES = 2
"""Places at the head of an article where its event is told."""
STARTS = (1.0, 0.85, 0.7, 0.5)
"""What a sentence is worth as the first one by its place; further down only those with the headline's figure count."""
FIGURE = 0.3
"""What the headline's figure is worth on top of its words, however it is written."""
ALIKE_BESIDE = 0.3
"""Likeness (cosine) to a sentence with another place in the brief from which one tells the same."""
SHORT_LEAD = 8
"""Words below which an article's first sentence only whets the appetite."""
LONGEST = 45
"""Words of two sentences shown as one."""
TITLED = 1.3
"""What an article's sentences are worth more if the headline is its title: the two were written to go together."""
COVERED = 0.8
"""Of the opening sentence's weight, how much is for telling what the headline tells; the rest is its salience."""


def happened(
    head: Sentence,
    candidates: Sequence[Candidate],
    scores: Sequence[float],
    vectors: Sequence[Mapping[str, float]],
    *,
    facts: Sequence[StoryFact],
    count: int,
    sources: Mapping[int, str],
    besides: Sequence[Sentence] = (),
) -> tuple[Sentence, ...]:
    """The event first, then what adds most, in the order in which the articles tell it.

    Args:
        head: the headline.
        candidates: the story's sentences.
        scores: their salience.
        vectors: their TF-IDF vectors.
        facts: the story's figures; a sentence with one that has been put right tells yesterday's event.
        count: how many sentences at most.
        sources: the articles' texts by id.
        besides: sentences with a place of their own in the brief.
    """
    elsewhere = {quote.text for sentence in besides for quote in sentence.quotes}
    candidates = [_fuller(one, candidates, head, sources) for one in candidates]
    usable = [
        0.0 if _repeats(candidate, head) else score * _timely(candidate, facts)
        for candidate, score in zip(candidates, scores, strict=True)
    ]
    if not any(usable):
        usable = list(scores)
    first = _opening(head, candidates, usable)
    if first is None:
        picked = choose(usable, vectors, count, most_alike=0.6)
        return tuple(candidates[at].sentence for at in sorted(picked, key=lambda at: _place(candidates[at])))
    adds = [
        0.0
        if at == first or _left_out(candidates[at], candidates[first], head, elsewhere)
        else score * _adds(candidates[at], candidates[first], head, facts)
        for at, score in enumerate(usable)
    ]
    beside = [vectors[at] for at, one in enumerate(candidates) if one.sentence.quotes[0].text in elsewhere]
    for at, own in enumerate(vectors):
        if any(likeness(own, other) > ALIKE_BESIDE for other in beside):
            adds[at] = 0.0
    more = choose(adds, vectors, count - 1, taken=[vectors[first]], most_alike=0.6)
    return tuple(candidates[at].sentence for at in _ordered(first, more, candidates))


def _ordered(first: int, more: Sequence[int], candidates: Sequence[Candidate]) -> list[int]:
    """The first sentence, then the others as the articles have them; what its own article tells before it goes first.

    An article's second sentence may tell the headline better than its first, and yet be understood only behind it.
    """
    after = sorted(more, key=lambda at: _place(candidates[at]))
    opening = candidates[first]
    before = [
        at
        for at in after
        if candidates[at].article_id == opening.article_id and candidates[at].position < opening.position
    ]
    return [*before, first, *(at for at in after if at not in before)]


_THE_ONE = re.compile(
    r"^The (?:company|firm|utility|group|maker|developer|operator|landlord|start-?up)\b", re.IGNORECASE
)


def _left_out(candidate: Candidate, first: Candidate, head: Sentence, elsewhere: set[str]) -> bool:
    """Whether a sentence cannot follow the first: it leans on one that is not shown, or has another place.

    It leans on another if it says "the company" of another article's company, or "the P512" of something that only its
    own article has introduced; or if it is a short lead that its article goes on to explain ("Vetle owes more than it
    says.").
    """
    if candidate.dangling or is_gap(candidate.text) or candidate.sentence.quotes[0].text in elsewhere:
        return True
    if candidate.article_id == first.article_id:
        return False
    if _THE_ONE.match(candidate.text) or (candidate.position == 0 and candidate.length < SHORT_LEAD):
        return True
    known = f"{head.text} {first.text}"
    opening = next(iter(names(candidate.text)), "")
    return (
        bool(opening)
        and candidate.text.startswith(f"The {opening} ")
        and opening not in known
        and candidate.position > 0
    )


def _fuller(one: Candidate, candidates: Sequence[Candidate], head: Sentence, sources: Mapping[int, str]) -> Candidate:
    """An article's first sentence that lacks what the headline tells, with the next one, which leans on it and has it.

    That is a sentence that only repeats the headline's words, or one whose article keeps its figure for the second.
    """
    if one.position or one.own_voice:
        return one
    wanted = find(head.text)
    bare = _repeats(one, head)
    for after in candidates:
        near = after.article_id == one.article_id and after.position == 1 and after.paragraph == one.paragraph
        fills = bare or (_has(find(after.text), wanted) and not _has(find(one.text), wanted))
        if near and fills and after.dangling and not after.own_voice and one.length + after.length <= LONGEST:
            both = Sentence(f"{one.text} {after.text}", one.sentence.quotes + after.sentence.quotes)
            if not check(both, sources).ok:
                return one
            return replace(one, sentence=both, stems=words(both.text))
    return one


def _place(candidate: Candidate) -> tuple[int, int]:
    return candidate.rank, candidate.position


def _opening(head: Sentence, candidates: Sequence[Candidate], scores: Sequence[float]) -> int | None:
    """The sentence to begin with: one of the first of an article, on its own feet, that tells the headline's event."""
    fit = [
        at for at, one in enumerate(candidates) if scores[at] > 0 and not (one.dangling or one.speech or one.fragment)
    ]
    figures = find(head.text)
    early = [
        at
        for at in fit
        if candidates[at].position <= FIRST_SENTENCES or (figures and _has(find(candidates[at].text), figures))
    ]
    told = set(words(head.text))
    spread = Counter(stem for one in candidates for stem in set(one.stems))
    weight = {stem: math.log(1 + len(candidates) / spread[stem]) if spread[stem] else 1.0 for stem in told}
    whole = sum(weight.values()) or 1.0

    def fitness(at: int) -> float:
        one = candidates[at]
        covered = sum(weight[stem] for stem in told & set(one.stems)) / whole
        if figures and _has(find(one.text), figures):
            covered += FIGURE
        start = STARTS[min(one.position, FIRST_SENTENCES + 1)]
        named = 0.6 if _THE_ONE.match(one.text) else 1.0 if _names_at_start(one, head) else 0.85
        titled = TITLED if one.article_id == head.quotes[0].article_id else 1.0
        return (COVERED * covered + (1 - COVERED) * scores[at]) * start * named * titled * (0.94**one.rank)

    return max(early or fit, key=lambda at: (fitness(at), -at), default=None)


def _names_at_start(candidate: Candidate, head: Sentence) -> bool:
    """Whether a sentence names, in its first words, somebody whom the headline names."""
    wanted = {part for name in names(head.text) for part in name.split()}
    return bool(wanted & set(candidate.text.replace("'s", "").replace(",", " ").split()[:8])) or not wanted


def _timely(candidate: Candidate, facts: Sequence[StoryFact]) -> float:
    """Less for a sentence whose figure has been put right since, unless it gives the newer one too."""
    own = find(candidate.text)
    for fact in facts:
        if not fact.was:
            continue
        old = [figure for value, _ in fact.was for figure in find(value)]
        if _has(own, old) and not _has(own, find(fact.shown)):
            return 0.25
    return 1.0


def _has(own: Sequence[Figure], wanted: Sequence[Figure]) -> bool:
    return any(same(figure, other) for figure in own for other in wanted)


def _adds(candidate: Candidate, first: Candidate, head: Sentence, facts: Sequence[StoryFact]) -> float:
    """How much a second sentence adds to the first: new words, and figures that count, are worth more."""
    told = set(first.stems) | set(words(head.text))
    own = set(candidate.stems)
    new = len(own - told) / len(own) if own else 0.0
    worth = 0.45 + 0.55 * new
    mine, shown = find(candidate.text), [*find(first.text), *find(head.text)]
    if candidate.position == 0 and not own & told:
        worth *= 0.5  # an opening flourish
    fresh = [figure for figure in mine if not _has((figure,), shown)]
    if mine and len(fresh) < len(mine) and _has(mine, find(first.text)):
        worth *= 0.75  # the first one's figure once more
    wanted = find(head.text)
    if wanted and _has(mine, wanted) and not _has(find(first.text), wanted):
        worth *= 1.4  # the headline's figure, with what it is a figure of
    if any(_has(fresh, find(fact.shown)) for fact in facts if fact.was):
        worth *= 1.8
    elif any(_has(fresh, find(fact.shown)) for fact in facts[:4] if _counts(fact)):
        worth *= 1.25
    return worth


def _counts(fact: StoryFact) -> bool:
    """Whether a figure is more than one source's aside."""
    return fact.kind in _MAIN and (fact.standing is not Standing.SINGLE or fact.importance > IMPORTANT)


_MAIN = frozenset({"money", "price", "power", "count", "energy", "rate", "flow"})
IMPORTANT = 0.6


def _repeats(candidate: Candidate, head: Sentence) -> bool:
    """Whether a sentence says no more than the headline."""
    said = set(words(head.text))
    own = set(candidate.stems)
    if not own or len(own & said) < ALIKE_HEADLINE * len(own):
        return False
    return not {figure.shown for figure in find(candidate.text)} - {figure.shown for figure in find(head.text)}
