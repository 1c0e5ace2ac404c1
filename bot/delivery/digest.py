"""What goes into a digest, in which order: from checked briefs to lines. Pure.

```
briefs of what waits ─► a line each, with its figures ─► ranked ─► grouped by topic ┐
lines of what changed since the last one ─────────────────────────► by story ──────┴─► digest
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.models import (
    Brief,
    Digest,
    DigestChange,
    DigestFigure,
    DigestItem,
    FactLine,
    Relevance,
    Rhythm,
    Sentence,
    Slot,
    Standing,
)
from bot.stories.comparing import same
from bot.stories.figures import find
from bot.stories.wording import NEEDS_WORDS, alone
from bot.writing.clauses import trim

#: So many stories are told in lines; those after them are in the menu that opens briefs.
LINES_MOST = 20
#: A menu has at most a hundred entries: what is ranked below that many stories is only counted.
ITEMS_MOST = 100
CHANGES_MOST = 10
#: A line is a line: more figures than these are in the brief.
FIGURES_MOST = 2
#: A figure is told in its clause where that has at most so many characters and words.
SAID_MOST, SAID_WORDS = 160, 14
#: "two people" is no figure for a line; "152 couplings" is.
COUNT_LEAST = 10
#: A channel's first digest tells of the day before it.
FIRST_SPAN = timedelta(days=1)
#: After a long pause a digest is still a digest.
SPAN_MOST = timedelta(days=7)
#: What each further independent publisher adds to a story's rank, and for how many: it decides between stories of
#: about the same relevance (0 to 1), it does not lift a marginal one over a relevant one.
PUBLISHER_WEIGHT, PUBLISHERS_COUNTED = 0.05, 4
#: A dispute is what people should see.
DISPUTE_WEIGHT = 0.05


def window(slot: Slot, told_until: datetime | None) -> tuple[datetime, datetime]:
    """(since, until): what a digest tells of, from where the last one ended."""
    begin = told_until if told_until is not None else slot.due - FIRST_SPAN
    return max(begin, slot.due - SPAN_MOST), slot.due


def item(story_id: int, brief: Brief, relevance: Relevance | None, *, was_posted: bool) -> DigestItem:
    """A story's line: its headline, its weightiest figures and who reports it."""
    names = tuple(dict.fromkeys(source.publisher for source in brief.sources if not source.is_copy))
    return DigestItem(
        story_id=story_id,
        headline=brief.headline,
        url=brief.sources[0].url if brief.sources else "",
        topic=relevance.topics[0] if relevance is not None and relevance.topics else None,
        figures=_figures(brief),
        publishers=names,
        reported_by=max(brief.reported_by, 1),
        rank=_rank(brief, relevance),
        was_posted=was_posted,
    )


def _rank(brief: Brief, relevance: Relevance | None) -> float:
    score = relevance.score if relevance is not None else 0.0
    others = min(max(brief.reported_by - 1, 0), PUBLISHERS_COUNTED)
    disputed = any(fact.standing is Standing.DISPUTED for fact in brief.facts)
    return score + PUBLISHER_WEIGHT * others + DISPUTE_WEIGHT * disputed


def _figures(brief: Brief) -> tuple[DigestFigure, ...]:
    """The disputed ones first, then those that most publishers confirm; what the headline says is not said again.

    Each is told in the clause that says what it is a figure of; one whose clause is too long must speak for itself. A
    figure that is disputed stays whatever it is: that it is disputed is the news.
    """

    def weight(fact: FactLine) -> tuple[bool, bool, int]:
        return fact.standing is not Standing.DISPUTED, not _speaks(fact.shown), -fact.publishers

    chosen: dict[str, DigestFigure] = {}
    for fact in sorted(brief.facts, key=weight):
        said = _clause(fact.sentence, fact.shown)
        if _belongs(fact, said, brief.headline):
            others = tuple(alone(shown) for shown, _ in fact.others)
            was = tuple(alone(shown) for shown, _ in fact.was)
            figure = DigestFigure(alone(fact.shown), fact.standing, fact.publishers, others, was, said)
            chosen.setdefault(figure.shown, figure)
    if not any(_speaks(figure.shown) for figure in chosen.values()):
        chosen = {figure.shown: figure for figure in _in_text(brief)} | chosen
    return tuple(chosen.values())[:FIGURES_MOST]


def _belongs(fact: FactLine, said: str, headline: str) -> bool:
    """Whether a figure is told: in its clause; bare only if it is disputed, or known well and plain by itself."""
    if fact.standing is Standing.DISPUTED:
        return True
    if _is_told(fact.shown, headline):
        return False
    known = fact.standing is Standing.CONFIRMED or bool(fact.was)
    return bool(said) or (known and _speaks(fact.shown))


def _in_text(brief: Brief) -> Iterator[DigestFigure]:
    """A figure of the text, in its sentence, for a story none of whose own figures speaks for itself."""
    for sentence in brief.what:
        for figure in find(sentence.text):
            said = _clause(sentence, figure.shown)
            if said and _speaks(figure.shown) and not _is_told(figure.shown, brief.headline):
                yield DigestFigure(figure.shown, None, said=said)
                return


def _clause(sentence: Sentence, shown: str) -> str:
    """The part of a checked sentence that gives a figure, if it is short enough for a line."""
    sources: dict[int, str] = {}
    for quote in sentence.quotes:
        sources[quote.article_id] = f"{sources.get(quote.article_id, '')} {quote.text}".strip()
    said = trim(sentence, shown, sources, beyond=SAID_WORDS).text
    return said.removesuffix(".") if len(said) <= SAID_MOST and shown in said else ""


def _is_told(shown: str, headline: str) -> bool:
    """Whether the headline says a figure, in whatever form."""
    if shown.casefold() in headline.casefold():
        return True
    told = find(headline)
    return any(same(figure, other) for figure in find(shown) for other in told)


def _speaks(shown: str) -> bool:
    """Whether a figure says something by itself."""
    return not any(
        figure.kind in NEEDS_WORDS or figure.kind == "number" or (figure.kind == "count" and figure.value < COUNT_LEAST)
        for figure in find(shown)
    )


def arrange(items: Iterable[DigestItem]) -> tuple[DigestItem, ...]:
    """The best first; those that are told in lines are grouped by topic, a group where its best story puts it."""
    ranked = sorted(items, key=lambda one: (-one.rank, one.story_id))[:ITEMS_MOST]
    told, rest = ranked[:LINES_MOST], ranked[LINES_MOST:]
    order = {topic: place for place, topic in enumerate(dict.fromkeys(one.topic for one in told if one.topic))}
    last = len(order)  # what belongs to no topic comes at the end
    told.sort(key=lambda one: order.get(one.topic or "", last))  # sorting is stable: within a group the best first
    return (*told, *rest)


def changes(lines: Sequence[tuple[int, Brief, str]], told: Iterable[int]) -> tuple[DigestChange, ...]:
    """What is new by story, the newest line last; a story that this digest tells anyway says it there already."""
    known = set(told)
    found: dict[int, DigestChange] = {}
    for story_id, brief, line in lines:
        if story_id in known:
            continue
        before = found[story_id].lines if story_id in found else ()
        url = brief.sources[0].url if brief.sources else ""
        found[story_id] = DigestChange(story_id, brief.headline, url, (*before, line))
    return tuple(found.values())[:CHANGES_MOST]


def compose(
    slot: Slot,
    rhythm: Rhythm,
    span: tuple[datetime, datetime],
    *,
    items: Sequence[DigestItem],
    lines: Sequence[tuple[int, Brief, str]],
    withheld: tuple[int, int],
    writers: Iterable[str],
) -> Digest:
    """Put a digest together.

    Args:
        slot: which one.
        rhythm: of its channel.
        span: (since, until).
        items: its stories, in any order.
        lines: (story, its brief as it is now, what is new) of stories that the channel knows.
        withheld: how many stories were held back: for the channel's bars, and for what they are.
        writers: who wrote the briefs.
    """
    models = sorted(set(writers) - {"extractive"})
    return Digest(
        slot=slot,
        zone=rhythm.zone,
        since=span[0],
        until=span[1],
        items=arrange(items),
        changes=changes(lines, [one.story_id for one in items]),
        below=withheld[0],
        unfit=withheld[1],
        writer=", ".join(models) or "extractive",
    )
