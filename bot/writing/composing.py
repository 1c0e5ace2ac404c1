"""From sentences that may answer to an answer: which are shown, in what order, and what is said about them; pure.

A list has one sentence for each story; a comparison the same kind of figure for each side; a question for a change
the dated figures in their order; anything else the best sentence, what contradicts it, and support that adds something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.models import Quote, Sentence, Standing
from bot.stories import timeline
from bot.stories.comparing import compatible, conflict, same
from bot.stories.figures import Figure, find
from bot.stories.sentences import words
from bot.stories.standing import StoryFact
from bot.writing.conflicts import disagreeing, supersedes
from bot.writing.names import holds_name
from bot.writing.question import Query
from bot.writing.reading import Reading, with_antecedent

SUPPORT = 2
LIST_MOST = 6
LIST_LEAST = 0.55
"""Share of the best sentence's score that a further item of a list needs."""
SUPPORT_LEAST = 0.75
CHANGE_LEAST = 0.6
COMPARED_MOST = 5


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer is made of.

    Attributes:
        sentences: as they are to be shown; the checker has not seen them.
        chosen: the readings behind them, for notes.
        against: a reading that gives another figure, if one does.
        missing: names that a comparison asked for and that nothing was found about.
    """

    sentences: tuple[Sentence, ...]
    chosen: tuple[Reading, ...] = ()
    against: Reading | None = None
    missing: tuple[str, ...] = ()


def compose(query: Query, readings: Sequence[Reading]) -> Composed:
    """Put an answer together.

    Args:
        query: the question.
        readings: those that may stand, best first; at least one.
    """
    if query.kind == "list" or (
        query.latest and not set(query.words) - {stem for name in query.names for stem in words(name)}
    ):
        return _shown(_listed(query, readings))
    if query.kind == "change":
        return _shown(_changed(query, readings))
    readings = [one for one in readings if not _is_restated(query, one, readings)]
    if query.kind == "compare" and len(query.names) > 1:
        return _compared(query, readings)
    best = readings[0]
    against = disagreeing(query, best, readings[1:])
    if against is not None and supersedes(against, best):
        best, against = against, best
    chosen = [best] if against is None else [best, against]
    most = 1 if query.one_line else 1 + SUPPORT
    for reading in readings[1:]:
        if len(chosen) >= most or reading.score < best.score * SUPPORT_LEAST:
            break
        away = reading.scored.passage.article_id != best.scored.passage.article_id
        aside = reading.typed < best.typed or reading.near < 0.5 * best.near
        if not aside and not _repeats(reading, chosen) and not (reading.found.dangling and away):
            chosen.append(reading)
    return replace(_shown(chosen[: max(most, 2 if against is not None else 1)]), against=against)


RESTATED_AFTER = timedelta(days=10)
"""A publisher's figure of before is passed over for its newer one from then on: an index comes out each month or week,
and within days figures are changed by corrections, which are told."""


def _is_restated(query: Query, reading: Reading, readings: Sequence[Reading]) -> bool:
    """Whether the same publisher gave the same figures of the same names again later; who asks wants what is so now."""
    mine = reading.scored.passage
    held = [name for name in query.names if holds_name(name, reading.found.text)]
    if not held or not reading.figures:
        return False

    def restates(other: Reading, name: str) -> bool:
        its = other.scored.passage
        return (
            its.publisher == mine.publisher
            and its.published_at - mine.published_at >= RESTATED_AFTER
            and other.score >= SUPPORT_LEAST * reading.score
            and holds_name(name, other.found.text)
            and any(_alike(one, figure) for one in other.figures for figure in reading.figures)
        )

    return all(any(restates(other, name) for other in readings) for name in held)


def _shown(chosen: Sequence[Reading]) -> Composed:
    return Composed(tuple(with_antecedent(reading) for reading in chosen), tuple(chosen))


REPEATED = 0.6
"""Share of the words of the shorter of two sentences that makes the one a repetition of the other."""


def _repeats(reading: Reading, chosen: Sequence[Reading]) -> bool:
    """Whether a sentence says mostly what is there already."""
    own = set(reading.found.stems)
    others = [set(one.found.stems) for one in chosen]
    return any(len(own & other) > REPEATED * max(1, min(len(own), len(other))) for other in others)


def _story(reading: Reading) -> int:
    passage = reading.scored.passage
    return passage.story_id if passage.story_id is not None else -passage.article_id


def _listed(query: Query, readings: Sequence[Reading]) -> list[Reading]:
    """The best sentence of each story, the largest figure first where a bound was asked for."""
    best: dict[int, Reading] = {}
    for reading in readings:
        if reading.score >= LIST_LEAST * readings[0].score and not reading.found.dangling:
            best.setdefault(_story(reading), reading)
    found = list(best.values())[:LIST_MOST] or [readings[0]]
    if query.latest:
        found.sort(key=lambda reading: reading.scored.passage.published_at, reverse=True)
    if query.limit is not None:
        found.sort(key=lambda reading: -(reading.figures[0].value if reading.figures else 0.0))
    return found


# An article's second figure is mostly of something else, unless it says what was before.
_EARLIER = re.compile(
    r"\b(?:first|previous(?:ly)?|earlier|original(?:ly)?|initial(?:ly)?|up from|down from)\b", re.IGNORECASE
)


def _changed(query: Query, readings: Sequence[Reading]) -> list[Reading]:
    """Sentences with figures of one thing at different times, oldest first; what is alike is told once.

    What other stories say counts where the sentence itself names what is asked about: an index that comes out each
    month is a story a month.
    """
    best = readings[0]
    chosen = [best]
    first = timeline.of_subject(best.found.text, best.figures, query.names)
    known = [first] if first is not None else []
    for reading in readings[1:]:
        if reading.score < CHANGE_LEAST * best.score or len(chosen) >= timeline.MOST:
            break
        if known and reading.figures:
            alike = [figure for figure in reading.figures if _alike(figure, known[0])]
            figure = timeline.of_subject(reading.found.text, alike, query.names)
            again = any(one.scored.passage.article_id == reading.scored.passage.article_id for one in chosen)
            told = not again or _EARLIER.search(reading.found.text) is not None
            of_it = _story(reading) == _story(best) or _names_it(query, reading)
            if figure is not None and told and of_it and not any(_same(figure, other) for other in known):
                chosen.append(reading)
                known.append(figure)
        elif not query.figures and not _repeats(reading, chosen):
            chosen.append(reading)
    return sorted(chosen, key=lambda reading: reading.scored.passage.published_at)


def _names_it(query: Query, reading: Reading) -> bool:
    """Whether a sentence by itself is about what was asked: it holds every name of the question."""
    text = reading.found.text
    return bool(query.names) and all(holds_name(name, text) for name in query.names)


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures can be of one thing at two times: of one kind and order."""
    near = one.kind == "date" or timeline.within_order(one.value, other.value)
    return near and (compatible(one, other) or timeline.is_price(one.kind, one.unit, other.kind, other.unit))


def _same(one: Figure, other: Figure) -> bool:
    return same(one, other) if compatible(one, other) else one.value == other.value


def _sides(query: Query, readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """For each name the sentences about it: they name it, or stand under a title that does and name no other."""
    sides: dict[str, list[Reading]] = {}
    for name in query.names:
        others = [other for other in query.names if other != name]
        sides[name] = [
            one
            for one in readings
            if holds_name(name, one.found.text)
            or (
                holds_name(name, one.scored.passage.title)
                and not any(holds_name(other, f"{one.found.text} {one.scored.passage.title}") for other in others)
            )
        ]
    return sides


def _compared(query: Query, readings: Sequence[Reading]) -> Composed:
    """The same kind of figure for each side, sentence beside sentence; what names both comes first."""
    sides = _sides(query, readings)
    missing = tuple(name for name, own in sides.items() if not own)
    if missing:
        return Composed((), missing=missing)
    chosen: dict[str, Reading] = {}
    both = [one for one in readings if all(holds_name(name, one.found.text) for name in query.names)]
    for reading in [one for one in both if not one.found.dangling][:1]:
        chosen.setdefault(reading.found.text, reading)
    for pair in _aligned(query, sides):
        for reading in pair:
            chosen.setdefault(reading.found.text, reading)
    if len(chosen) < len(query.names):
        for own in sides.values():
            chosen.setdefault(own[0].found.text, own[0])
    return _shown(list(chosen.values())[:COMPARED_MOST])


# What things are compared by; counts and shares mostly are of something else in each sentence.
_ATTRIBUTES = ("price", "data", "rate", "compute", "power", "flow", "money")


def _aligned(query: Query, sides: dict[str, list[Reading]]) -> Iterator[tuple[Reading, ...]]:
    """For each kind of figure that all sides have: a sentence of each side, of those asked for first."""
    units = [_units(own, query.figures) for own in sides.values()]
    shared = set(units[0]).intersection(*units[1:])
    for kind in sorted(shared, key=lambda unit: _ATTRIBUTES.index(unit[0]) if unit[0] in _ATTRIBUTES else 0):
        yield tuple(found[kind] for found in units)


def _units(readings: Sequence[Reading], wanted: frozenset[str]) -> dict[tuple[str, str], Reading]:
    """The best sentence for each kind and unit of figure; what was asked for by its kind may have any unit."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        for figure in find(reading.found.text):
            if figure.kind in wanted:
                found.setdefault(("asked", ""), reading)
            elif not wanted and figure.kind in _ATTRIBUTES:
                found.setdefault((figure.kind, figure.unit), reading)
    return found


def about_figure(facts: Sequence[StoryFact], figure: Figure | None, article_id: int) -> StoryFact | None:
    """What a story's articles together say about the figure of an answer, if they dispute it or it has changed."""
    if figure is None:
        return None
    for fact in facts:
        others = [shown for shown, _ in (*fact.others, *fact.was)]
        if not others or fact.kind != figure.kind:
            continue
        shown = [found for text in (fact.shown, *others) for found in find(text)]
        tellers = {*fact.article_ids, *(number for _, ids in (*fact.others, *fact.was) for number in ids)}
        if article_id in tellers and any(same(figure, other) for other in shown):
            return fact
    return None


def is_outdated(fact: StoryFact, figure: Figure) -> bool:
    """Whether an answer's figure is one that the story's articles have replaced since."""
    return any(same(figure, found) for shown, _ in fact.was for found in find(shown))


def others_said(fact: StoryFact, figure: Figure) -> tuple[Sentence, ...]:
    """The sentences that give another figure than the answer's, one for each."""
    quotes: list[Quote] = [fact.quote, *fact.other_quotes] if fact.standing is Standing.DISPUTED else [fact.quote]
    found: list[Sentence] = []
    for quote in quotes:
        if any(same(figure, other) for other in find(quote.text)):
            continue
        if any(conflict(figure, other) for other in find(quote.text)):
            found.append(Sentence(quote.text, (quote,)))
    return tuple(found[:2])
