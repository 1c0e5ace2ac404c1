"""What a question asks for: words, names, kind of answer, the time it means, what it refers back to; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.stories.figures import Figure, find
from bot.stories.hedges import Bound
from bot.stories.sentences import names, normalise, words
from bot.stories.units import unit_at
from bot.writing import asking, declining, german
from bot.writing.asking import Kind
from bot.writing.declining import Decline
from bot.writing.meaning import analysed
from bot.writing.periods import Period, read


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that a question sets: "over 300 MW", "less than $2 an hour".

    Attributes:
        figure: the bound itself, as the question has it.
        least: the figure is a least value; else a most one.
    """

    figure: Figure
    least: bool

    def holds(self, other: Figure) -> bool:
        """Whether a figure of the same kind and unit lies on the right side (the bound itself counts)."""
        if (other.kind, other.unit) != (self.figure.kind, self.figure.unit):
            return False
        high = other.range_high if other.range_high is not None else other.value
        return high >= self.figure.value if self.least else other.value <= self.figure.value


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the finder and the writer understand it.

    Attributes:
        text: the question, white space folded; a German one in English words.
        asked: as it was asked, white space folded.
        words: its own content stems, without those that only say what kind of question it is.
        names: proper names in it.
        context: stems carried over from the conversation, for a follow-up.
        context_names: names carried over.
        since, until: publication dates it is limited to; None is open.
        period: the phrase that limits it, as it was written.
        kind: what sort of answer is wanted.
        figures: kinds of figure that can answer it (`money`, `power` …); empty for any.
        latest: it asks for the newest, so recency counts.
        about_thread: it speaks of "this" story.
        follow_up: it makes sense only with what was said before.
        decline: why it is not to be answered at all; None: it may be.
        language: code of the language to answer in.
        one_line: it wants a single sentence.
        counted: stems of what "how many" counts.
        limit: a bound that what is listed must keep.
        terms: all words worth searching for, as they were asked, its own first: a word index stems in its own way.
        spoken: for each stem of `words` and `context` the word as it was asked: indexes stem in their own way, and
            word vectors know words, not stems.
    """

    text: str
    words: tuple[str, ...]
    names: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    context_names: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    period: str = ""
    kind: Kind = "other"
    figures: frozenset[str] = frozenset()
    latest: bool = False
    about_thread: bool = False
    follow_up: bool = False
    decline: Decline | None = None
    language: str = "en"
    one_line: bool = False
    counted: frozenset[str] = frozenset()
    limit: Limit | None = None
    spoken: tuple[tuple[str, str], ...] = ()
    asked: str = ""
    terms: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Fill `terms`."""
        object.__setattr__(self, "terms", tuple(dict.fromkeys(self.surfaces.values())))

    @property
    def surfaces(self) -> dict[str, str]:
        """For each stem of `words` and `context` the word as it was asked."""
        spoken = dict(self.spoken)
        return {stem: spoken.get(stem, stem) for stem in (*self.words, *self.context)}


MOST_CARRIED = 8
FEW_WORDS = 3
"""A question of so few words and no name leans on the one before it: "why?", "and the price?"."""


def understand(
    question: str, *, now: datetime, history: Sequence[tuple[str, str]] = (), oldest: datetime | None = None
) -> Query:
    """Read a question.

    Args:
        question: as it was asked.
        now: for "last week"; aware.
        history: earlier (question, answer) pairs of this conversation, oldest first.
        oldest: when the first article was published: a year before that is no date of publication.
    """
    folded = text = _folded(question)
    history = _meant(history)
    if german.is_german(text):
        text = german.in_english(text)
    if history and _is_wish(text):
        again = understand(history[-1][0], now=now, history=history[:-1], oldest=oldest)
        return replace(again, language=_language(folded), one_line=again.one_line or bool(asking.ONE_LINE.search(text)))
    period = read(text, now)
    if period.precedes(oldest):
        period = Period()
    untold = asking.LANGUAGE.sub(" ", text)
    bare = untold.lower().replace(period.shown, " ") if period.shown else untold
    kind = _kind(text)
    limit = _limit(bare) if kind in {"list", "what", "who", "where"} else None
    if limit is not None:
        bare = bare.replace(limit.figure.shown, " ")
    bare = asking.NOBODY.sub(" ", bare)
    own_names = _names(untold.strip())
    between = asking.BETWEEN.search(text)
    if len(own_names) > 1 and between is not None and between["other"].isupper():
        kind = "compare"
    own = tuple(word for word in dict.fromkeys(words(bare)) if word not in asking.ASKING)
    follow_up = bool(history) and _follows(text, own, own_names)
    context, context_names = _carried(history, own_names) if follow_up else ((), ())
    figures, counted = _figures(text) if kind in {"how_much", "compare", "change"} else frozenset(), _counted(text)
    if follow_up and kind == "how_much" and not counted and figures <= {"count", "number"}:
        figures, counted = _figures(history[-1][0]) or figures, _counted(history[-1][0])
    if limit is not None:
        figures = frozenset({limit.figure.kind})
    said = " ".join((*(asked for asked, _ in history[-2:]), *(told for _, told in history[-1:]))) if follow_up else ""
    return Query(
        text=text,
        words=own,
        names=own_names,
        context=tuple(word for word in context if word not in own),
        context_names=context_names,
        since=period.since,
        until=period.until,
        period=period.shown,
        kind=kind,
        figures=figures,
        latest=bool(asking.LATEST.search(text)),
        about_thread=bool(asking.THREAD.search(text)) or kind == "summary",
        follow_up=follow_up,
        decline=next((why for why, pattern in declining.DECLINES if pattern.search(question)), None),
        language=_language(folded),
        one_line=bool(asking.ONE_LINE.search(text)),
        counted=counted,
        limit=limit,
        asked=folded,
        spoken=tuple((dict(analysed(said).surface) | dict(analysed(bare).surface)).items()),
    )


def _limit(text: str) -> Limit | None:
    """The bound that a question sets, if it sets one."""
    for figure in find(text):
        if figure.kind not in {"date", "time", "number"} and figure.bound in {Bound.AT_LEAST, Bound.AT_MOST}:
            return Limit(figure, least=figure.bound is Bound.AT_LEAST)
    return None


def _folded(question: str) -> str:
    """The question without mentions of people and channels, white space folded."""
    return normalise(re.sub(r"<[@#!][^>]{0,60}>", " ", question))


def _names(text: str) -> tuple[str, ...]:
    """The proper names in a question, without its opening verb, times, and acronyms that everything is about."""
    opened = text[:1].lower() + text[1:] if asking.VERBS.match(text) else text
    found = (name for name in names(opened) if not _is_time(name))
    return tuple(
        name
        for name in found
        if name.lower() not in asking.GENERIC and not asking.VERBS.fullmatch(name) and not _is_unit(name)
    )


def _is_unit(name: str) -> bool:
    """Whether a "name" is only how a unit is written: kV, TB."""
    unit = unit_at(f" {name}", 0, 2.0)
    return unit is not None and unit[1] == len(name) + 1


def _is_time(name: str) -> bool:
    return all(figure.kind == "date" for figure in find(name)) and bool(find(name))


def _kind(text: str) -> Kind:
    return next((kind for kind, pattern in asking.KINDS if pattern.search(text)), "other")


def _figures(text: str) -> frozenset[str]:
    """The kinds of figure that can answer; "per" asks for a price and not for a sum."""
    unit = _unit_asked(text)
    if unit == "ratio":  # "how many times" counts, or asks for a factor
        return frozenset({"count", "number", "ratio"})
    if unit is not None:
        return frozenset({unit})
    if asking.SHARE.search(text):
        return frozenset({"percent", "points", "ratio"})
    found: frozenset[str] = frozenset()
    for kinds, pattern in asking.FIGURES:
        if pattern.search(text):
            found |= kinds
            if kinds & {"money", "data"} and not asking.HOW_MANY.search(text):
                break
    return frozenset({"price"}) if "money" in found and asking.PER.search(text) else found


def _unit_asked(text: str) -> str | None:
    """The kind of figure that "how many megawatts", or "… in kilometres?", names by its unit."""
    ends = asking.IN_UNIT.search(text)
    asked = unit_at(f" {ends['unit']}", 0, 2.0) if ends is not None else None
    if asked is not None:
        return asked[0].kind
    match = asking.HOW_MANY.search(text)
    found = (
        unit_at(f" {match['what'].strip()}", 0, 2.0) or unit_at(f" {match['what'].split()[0]}", 0, 2.0)
        if match
        else None
    )
    return found[0].kind if found is not None else None


def _counted(text: str) -> frozenset[str]:
    """What "how many ..." counts: the stems of the words up to the verb; nothing where it is a unit."""
    match = asking.HOW_MANY.search(text)
    if match is None or _unit_asked(text) is not None:
        return frozenset()
    return frozenset(words(_thing(match["what"])))


_MANY = re.compile(r"(?:s|people|men|women|children|staff|mice|feet|teeth|fish|sheep)$")


def _thing(counted: str) -> str:
    """What is counted, up to the first word that can stand for many: "ships" of "ships passed through"."""
    parts = counted.split()
    end = next((at for at, part in enumerate(parts, 1) if _MANY.search(part.lower())), len(parts))
    return " ".join(parts[:end])


def _language(text: str) -> str:
    """Code of the language that is asked for."""
    named = asking.LANGUAGE.search(text)
    if named:
        return asking.CODES[named[1].lower()]
    return "de" if german.is_german(text) else "en"


def _is_wish(text: str) -> bool:
    """Whether a text only says how to tell what was asked before: "in German, please"."""
    bare = asking.LANGUAGE.sub(" ", text)
    return asking.WISH.fullmatch(bare) is not None or (bare != text and not words(bare))


def _meant(history: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """A conversation without what only said how to tell it: "in German, please" is nothing to look for."""
    said = ((german.in_english(asked) if german.is_german(asked) else asked, told) for asked, told in history)
    return tuple((asking.LANGUAGE.sub(" ", asked).strip(), told) for asked, told in said if not _is_wish(asked))


def _follows(text: str, own: Sequence[str], own_names: Sequence[str]) -> bool:
    """Whether a question leans on what was said before: it points back, or names nothing of its own."""
    return bool(asking.BACK.search(text)) or (not own_names and len(own) <= FEW_WORDS)


def _carried(history: Sequence[tuple[str, str]], own_names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stems and names from the conversation: the last question's, and the names of the last answer.

    "What about Intel?" keeps the last question's words but not its names: a new name takes the old one's place.
    """
    asked, answered = history[-1]
    if len(history) > 1 and not _names(asked):
        asked = f"{history[-2][0]} {asked}"
    said = list(_names(asked))
    told = list(_names(answered))
    carried = [*said, *(name for name in told if name not in said)][:3] if not own_names else []
    dropped = set() if not own_names else {stem for name in (*said, *told) for stem in words(name)}
    stems = [word for word in words(asked) if word not in asking.ASKING and word not in dropped]
    stems += [stem for name in carried for stem in words(name)]
    return tuple(dict.fromkeys(stems))[:MOST_CARRIED], tuple(carried)
