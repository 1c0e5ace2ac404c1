"""What is new in a story since its post: one line for the thread. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models import Brief, FactLine, Sentence, Standing
from bot.stories.comparing import compatible, same
from bot.stories.figures import Figure, find
from bot.stories.wording import alone, needs_words

#: One line should stay one line.
MOST_CHANGES = 3
#: Characters of a sentence that is told for its figure.
SAID_MOST = 100


def describe(before: Brief, after: Brief) -> str | None:
    """What a reader of the first brief should know now; None: nothing worth a line.

    Told are: a figure that is disputed now, a figure that changed, a figure that another publisher confirms, a
    publisher who joined, and a new headline after a better source. What merely reads differently is not told.
    """
    changes = _figures(before, after)
    told = " ".join(changes.others[:MOST_CHANGES])
    silent = [name for name in _newcomers(before, after) if name not in told]
    confirmed = changes.confirmed[: max(0, MOST_CHANGES - len(changes.others))]
    parts = [told, _joined(silent), _led(before, after), _confirmations(confirmed, is_alone=not (told or silent))]
    return " ".join(part for part in parts if part) or None


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is new about figures: sentences, and the figures that further publishers confirm."""

    others: tuple[str, ...]
    confirmed: tuple[FactLine, ...]


def _figures(before: Brief, after: Brief) -> _Changes:
    known = {fact.shown: fact for fact in before.facts}
    publishers = {source.number: source.publisher for source in after.sources if not source.is_copy}
    said: list[str] = []
    confirmed: list[FactLine] = []
    for fact in after.facts:
        old = known.get(fact.shown)
        if fact.standing is Standing.DISPUTED and (old is None or old.standing is not Standing.DISPUTED):
            said.append(_disputed(fact, publishers))
        elif old is None and (changed := _was(fact, before, after)) is not None:
            said.append(_changed(changed, fact.shown, fact.sources, publishers))
        elif fact.standing is Standing.CONFIRMED and fact.publishers > _publishers(fact, old, before):
            confirmed.append(fact)
    told = " ".join([*said, *(fact.shown for fact in confirmed)])
    said += [
        _changed(old, new, sources, publishers)
        for old, new, sources in _corrected(before, after)
        if alone(new) not in told and new not in told
    ]
    return _Changes(tuple(said), tuple(confirmed))


def _changed(old: str, new: str, sources: tuple[int, ...], publishers: dict[int, str]) -> str:
    return f"Changed: {alone(old)} is now {alone(new)}, according to {_names(sources, publishers)}."


def _confirmations(confirmed: Sequence[FactLine], *, is_alone: bool) -> str:
    """All of them in one sentence: `Confirmed by 3 publishers: $21 billion and 13 TB/s; by 2: 1,400 W`.

    Args:
        confirmed: the figures.
        is_alone: the line says nothing else, so that each is told however little it says by itself.
    """
    groups: dict[int, list[str]] = {}
    for fact in confirmed:
        if told := _in_short(fact, whatever=is_alone):
            groups.setdefault(fact.publishers, []).append(told)
    said = [f"by {count}: {_listed(groups[count])}" for count in sorted(groups, reverse=True)]
    return f"Confirmed {'; '.join(said).replace(':', ' publishers:', 1)}." if said else ""


def _in_short(fact: FactLine, *, whatever: bool) -> str:
    """A figure that speaks for itself; one that doesn't, such as a share or a day, in its sentence if that is short."""
    if not needs_words(fact.shown):
        return alone(fact.shown)
    said = fact.sentence.text.removesuffix(".")
    if len(said) <= SAID_MOST and fact.shown in said:
        return f"“{said}”"
    return alone(fact.shown) if whatever else ""


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


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
    sides = [f"{alone(fact.shown)} ({_names(fact.sources, publishers)})"]
    sides += [f"{alone(shown)} ({_names(numbers, publishers)})" for shown, numbers in fact.others]
    return "Sources disagree: " + " against ".join(sides) + "."


def _names(numbers: tuple[int, ...], publishers: dict[int, str]) -> str:
    return (
        _listed(list(dict.fromkeys(publishers[number] for number in numbers if number in publishers))) or "its source"
    )


def _joined(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"Now also reported by {' and '.join(names[:2])}{' and others' if len(names) > 2 else ''}."  # noqa: PLR2004 - two names fit a line


def _led(before: Brief, after: Brief) -> str:
    """Whose text the post follows now, where that is why its headline is another."""
    if not before.sources or not after.sources or before.headline == after.headline:
        return ""
    was, now = before.sources[0], after.sources[0]
    if was.article_id == now.article_id or was.publisher == now.publisher:
        return ""
    return f"The post follows {now.publisher} now."


def _newcomers(before: Brief, after: Brief) -> tuple[str, ...]:
    """Publishers who were not there, if more are independent than were."""
    old = {source.publisher for source in before.sources}
    new = tuple(
        dict.fromkeys(item.publisher for item in after.sources if item.publisher not in old and not item.is_copy)
    )
    return new if after.reported_by > before.reported_by else ()
