"""What is new in a story since its post: one line for the thread. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bot.models import Brief, FactLine, Sentence, Standing
from bot.stories.comparing import compatible, same
from bot.stories.figures import Figure, find

#: One line should stay one line.
MOST_CHANGES = 3


def describe(before: Brief, after: Brief) -> str | None:
    """What a reader of the first brief should know now; None: nothing worth a line.

    Told are: a figure that is disputed now, a figure that changed, a figure that another publisher confirms, and a
    publisher who joined. What merely reads differently is not told.
    """
    changes = _figures(before, after)
    joined = _joined(before, after)
    if not changes and not joined:
        return None
    parts = list(changes[:MOST_CHANGES])
    if joined:
        parts.append(joined)
    return " ".join(parts)


def _figures(before: Brief, after: Brief) -> list[str]:
    known = {fact.shown: fact for fact in before.facts}
    publishers = {source.number: source.publisher for source in after.sources}
    said = []
    for fact in after.facts:
        old = known.get(fact.shown)
        if fact.standing is Standing.DISPUTED and (old is None or old.standing is not Standing.DISPUTED):
            said.append(_disputed(fact, publishers))
        elif old is None and (changed := _was(fact, before, after)) is not None:
            said.append(f"Changed: {changed} is now {fact.shown}, according to {_names(fact.sources, publishers)}.")
        elif fact.standing is Standing.CONFIRMED and fact.publishers > _publishers(fact, old, before):
            said.append(f"Confirmed by {fact.publishers} publishers: {fact.shown}.")
    told = " ".join(said)
    return said + [
        f"Changed: {old} is now {new}, according to {_names(sources, publishers)}."
        for old, new, sources in _corrected(before, after)
        if new not in told
    ]


def _publishers(fact: FactLine, old: FactLine | None, before: Brief) -> float:
    """How many publishers the first brief's reader knew a figure from; one that he never saw is not told as confirmed.

    A figure of one publisher that stands in the text has no line of its own.
    """
    if old is not None:
        return max(old.publishers, 1)
    return 1 if _as_shown(fact.shown, before) is not None else math.inf


def _corrected(before: Brief, after: Brief) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """(then, now, its sources' numbers) of each figure that an article has replaced in a sentence of the brief."""
    then = [figure for text in (before.headline, *(line.text for line in _lines(before))) for figure in find(text)]
    now = [figure for text in (after.headline, *(line.text for line in _lines(after))) for figure in find(text)]
    told: list[Figure] = []
    for line in _lines(after):
        for figure in find(line.text):
            if figure.kind == "date" or any(same(figure, other) for other in (*then, *told)):
                continue
            gone = next((old for old in _stood_there(line, figure, before) if not any(same(old, n) for n in now)), None)
            if gone is not None:
                told.append(figure)
                numbers = tuple(source.number for source in after.sources if source.article_id in _articles(line))
                yield gone.shown, figure.shown, numbers


def _stood_there(line: Sentence, figure: Figure, before: Brief) -> Iterator[Figure]:
    """What the same article gave in the same place: a figure of the same thing in mostly the same words."""
    words = _content(line.text)
    for old in _lines(before):
        mine = _content(old.text)
        if not _articles(old) & _articles(line) or len(mine & words) * 2 < min(len(mine), len(words)):
            continue
        yield from (other for other in find(old.text) if compatible(other, figure) and other.noun == figure.noun)


def _lines(brief: Brief) -> tuple[Sentence, ...]:
    return (*brief.what, *(fact.sentence for fact in brief.facts))


def _articles(line: Sentence) -> set[int]:
    return {quote.article_id for quote in line.quotes}


def _was(fact: FactLine, before: Brief, after: Brief) -> str | None:
    """The figure that this one stands in the place of, as the first brief showed it.

    That is one which the story's own facts say it replaces, or one that the same article gave then and no longer gives.
    """
    for earlier, _ in fact.was:
        if (shown := _as_shown(earlier, before)) is not None:
            return shown
    if _as_shown(fact.shown, before) is not None:
        return None  # its reader has seen both: the other one only has no line any more
    numbers = {source.article_id for source in after.sources if source.number in fact.sources}
    words = _subject(fact)
    for old in before.facts:
        articles = {source.article_id for source in before.sources if source.number in old.sources}
        if not articles & numbers or _stands(old, after):
            continue
        mine = _subject(old)
        # Half of the shorter sentence's words: the same thing said with another figure.
        if mine and words and len(mine & words) * 2 >= min(len(mine), len(words)):
            return old.shown
    return None


def _stands(old: FactLine, after: Brief) -> bool:
    """Whether a figure is still told, with a line of its own or in a sentence."""
    return any(fact.shown == old.shown for fact in after.facts) or _as_shown(old.shown, after) is not None


def _as_shown(figure: str, brief: Brief) -> str | None:
    """How a brief shows a figure, in its facts or anywhere else; None if its reader never saw it."""
    wanted = find(figure)[:1]
    reason = (brief.why,) if brief.why is not None else ()
    lines = (*_lines(brief), *reason)
    texts = (*(fact.shown for fact in brief.facts), brief.headline, *(line.text for line in lines))
    return next((one.shown for text in texts for one in find(text) for other in wanted if same(one, other)), None)


def _subject(fact: FactLine) -> set[str]:
    return _content(fact.sentence.text.replace(fact.shown, " "))


def _content(text: str) -> set[str]:
    return {word.strip(".,;:()“”\"'").casefold() for word in text.split() if len(word.strip(".,;:()")) > 3}  # noqa: PLR2004  # shorter words say little


def _disputed(fact: FactLine, publishers: dict[int, str]) -> str:
    sides = [f"{fact.shown} ({_names(fact.sources, publishers)})"]
    sides += [f"{shown} ({_names(numbers, publishers)})" for shown, numbers in fact.others]
    return "Sources disagree: " + " against ".join(sides) + "."


def _names(numbers: tuple[int, ...], publishers: dict[int, str]) -> str:
    names = list(dict.fromkeys(publishers[number] for number in numbers if number in publishers))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "its source"


def _joined(before: Brief, after: Brief) -> str | None:
    old = {source.publisher for source in before.sources}
    new = list(dict.fromkeys(item.publisher for item in after.sources if item.publisher not in old))
    if not new or after.reported_by <= before.reported_by:
        return None
    return f"Now also reported by {' and '.join(new[:2])}{' and others' if len(new) > 2 else ''}."  # noqa: PLR2004  # two names fit a line
