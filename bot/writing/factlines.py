"""Facts as a brief shows them: one sentence each, with its sources' numbers and its standing; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.models import FactLine, Quote, Sentence, Standing
from bot.stories.comparing import same
from bot.stories.figures import Figure, find
from bot.stories.sentences import normalise, words
from bot.stories.standing import StoryFact
from bot.writing.candidates import Candidate, paired
from bot.writing.clauses import trim
from bot.writing.trifles import is_aside, is_trifle

LONG = 18
PAIR = 32
SHORT = 10
"""Words beyond which a sentence is cut to the clauses that hold its figure; the lower one if the brief has it whole."""
LONGER = 8
"""Words that make one sentence plainly longer than another."""
SHARED = 2
"""Words about a figure that another sentence of the same article must share to state the same one."""
_COMMON_KINDS = frozenset({"percent", "points", "count", "ratio", "time", "date"})
"""Kinds of figures that recur for different things: the same one said twice is the same only of the same thing."""


def fact_lines(
    facts: Sequence[StoryFact],
    candidates: Sequence[Candidate],
    numbers: Mapping[int, int],
    sources: Mapping[int, str],
    *,
    shown: Sequence[Sentence] = (),
    most: int = 5,
) -> tuple[FactLine, ...]:
    """The most important facts, none told twice.

    Args:
        facts: most important first.
        candidates: the story's showable sentences; a fact whose sentence is none of them is left out.
        numbers: source numbers by article id.
        sources: the articles' texts by id.
        shown: sentences that the brief has already; a figure of a single source that stands in one is not repeated.
        most: how many lines.
    """
    if most <= 0:
        return ()
    by_quote = _Index(candidates)
    told = {quote.text for sentence in shown for quote in sentence.quotes}
    lines: list[FactLine] = []
    shown_facts: list[StoryFact] = []
    for fact in sorted(facts, key=lambda one: -_worth(one)):
        if is_trifle(fact) or any(_alike(fact, other) for other in shown_facts):
            continue
        if _is_told(fact, shown) or any(_is_in(fact, line) for line in lines):
            continue
        found = _lines(fact, by_quote, candidates, numbers, sources, told=told)
        line = next((one for one in found if not any(_overlap(one, other) for other in lines)), None)
        if line is not None:
            lines.append(line)
            shown_facts.append(fact)
        if len(lines) == most:
            break
    return tuple(lines)


def _worth(fact: StoryFact) -> float:
    """What two publishers say, or say differently, or have put right, comes before what one says of earlier events."""
    more = {Standing.DISPUTED: 0.3, Standing.CONFIRMED: 0.15}.get(fact.standing, 0.0)
    less = EARLIER if _EARLIER.match(normalise(fact.quote.text)) and not more else 0.0
    return fact.importance + max(more, 0.25 if fact.was else 0.0) - less


EARLIER = 0.3
"""What a figure loses whose sentence opens with an earlier time: "Back in March, …"."""
_EARLIER = re.compile(
    r"^(?:(?:and |but |then,? )?(?:back )?in (?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december|(?:early |late |mid-)?(?:19|20)\d\d)\b(?: (?:19|20)\d\d)?,|earlier(?: this (?:year"
    r"|month|week))?,"
    r"|last (?:year|month|week|spring|summer|autumn|fall|winter),|previously,|before that,|meanwhile,|elsewhere,)",
    re.IGNORECASE,
)


def _is_told(fact: StoryFact, shown: Sequence[Sentence]) -> bool:
    """Whether one publisher's figure stands in the brief already, said of the same thing."""
    if fact.standing is not Standing.SINGLE or fact.was:
        return False
    subject = set(fact.subject)
    common = fact.kind in _COMMON_KINDS and not (fact.unit == "s" and fact.value < 1)
    return any(
        _written(sentence.text, fact) and (not common or subject & set(words(sentence.text))) for sentence in shown
    )


def _overlap(one: FactLine, other: FactLine) -> bool:
    """Whether one of two lines begins as the other does; two clauses cut from one long sentence are two lines."""
    mine, theirs = one.sentence.text.rstrip("."), other.sentence.text.rstrip(".")
    return mine.startswith(theirs) or theirs.startswith(mine)


def _is_in(fact: StoryFact, line: FactLine) -> bool:
    """Whether another figure's line tells this one along with its own, and on no less authority."""
    if fact.standing is Standing.DISPUTED or fact.was or fact.publishers > line.publishers:
        return False
    return bool(_written(line.sentence.text, fact))


def _alike(one: StoryFact, other: StoryFact) -> bool:
    """Whether two facts read as one figure told twice."""
    return one.kind == other.kind and one.unit == other.unit and one.value == other.value


class _Index:
    """Finds the candidate that a fact's quote became, and others that state the same figure."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = candidates
        self._by_article: dict[int, list[Candidate]] = {}
        for candidate in candidates:
            self._by_article.setdefault(candidate.article_id, []).append(candidate)

    def find(self, quote: Quote) -> Candidate | None:
        """The candidate whose quote is (the end of) this one."""
        text = normalise(quote.text)
        return next(
            (one for one in self._by_article.get(quote.article_id, ()) if text.endswith(one.sentence.quotes[0].text)),
            None,
        )

    def stating(self, fact: StoryFact) -> list[tuple[Candidate, str]]:
        """The sentences that state a fact's figure, each with the figure as it writes it."""
        found: dict[str, tuple[Candidate, str]] = {}
        for quote in fact.quotes:
            one = self.find(quote)
            shown = _written(one.text, fact) if one is not None else ""
            if one is not None and shown:
                found[_quoted(one)] = one, shown
        subject = set(fact.subject)
        for article in fact.article_ids:
            for one in self._by_article.get(article, ()):
                if _quoted(one) in found or one.dangling or len(subject & set(one.stems)) < SHARED:
                    continue
                shown = _written(one.text, fact)
                if shown:
                    found[_quoted(one)] = one, shown
        return list(found.values())


def _written(text: str, fact: StoryFact) -> str:
    """A fact's figure as a sentence writes it; empty if it does not."""
    shown = fact.shown if fact.kind == "clock" else fact.shown.rstrip(".,")
    if _holds(text, shown):
        return shown
    like = Figure(fact.kind, fact.value, fact.unit, fact.shown, 0, 0)
    for figure in find(text):
        written = figure.shown if figure.kind == "clock" else figure.shown.rstrip(".,")
        equal = same(figure, like) or (figure.kind == "money" and figure.value == fact.value)
        if equal and _holds(text, written):
            return written
    return ""


def _lines(
    fact: StoryFact,
    index: _Index,
    candidates: Sequence[Candidate],
    numbers: Mapping[int, int],
    sources: Mapping[int, str],
    *,
    told: set[str],
) -> Iterator[FactLine]:
    """The lines that could show a fact, the best first."""
    options = sorted(
        ((one, shown) for one, shown in index.stating(fact) if not one.fragment and not is_aside(fact, one, shown)),
        key=_awkward,
    )
    fresh = [option for option in options if _quoted(option[0]) not in told]
    repeated = fact.standing is not Standing.SINGLE or bool(fact.was)
    if repeated and (not fresh or _awkward(fresh[0])[0]):
        fresh = options
    elif repeated:
        fresh += [option for option in options if option not in fresh]
    for one, shown in fresh:
        sentence = paired(one, candidates, sources, PAIR) if one.dangling else one.sentence
        if sentence is None:
            continue
        if not one.own_voice and not one.dangling:
            sentence = trim(sentence, shown, sources, beyond=SHORT if _quoted(one) in told else LONG)
        yield FactLine(
            sentence=sentence,
            shown=shown,
            sources=numbered(fact.article_ids, numbers),
            standing=fact.standing,
            publishers=fact.publishers,
            others=tuple((value, numbered(articles, numbers)) for value, articles in fact.others),
            was=tuple((value, numbered(articles, numbers)) for value, articles in fact.was),
            evidence=(*fact.quotes, *fact.other_quotes),
        )


def numbered(articles: Sequence[int], numbers: Mapping[int, int]) -> tuple[int, ...]:
    """Source numbers in their order."""
    return tuple(sorted({numbers[article] for article in articles if article in numbers}))


def _holds(text: str, shown: str) -> bool:
    """Whether a sentence shows a figure, and not the end of a longer one ("1 900 MW" does not show "900 MW")."""
    before, found, _ = text.partition(shown)
    return bool(found) and not (shown[:1].isdigit() and re.search(r"\d[\s.,'’]?$", before))


def _quoted(candidate: Candidate) -> str:
    return candidate.sentence.quotes[0].text


_AWKWARD = re.compile(
    r"^(?:leave|forget|take|consider|look|note|imagine|remember|think|talk|join|register)\b", re.IGNORECASE
)
_SIDEWAYS = re.compile(r"^(?:the (?:company|firm|utility|group|maker)(?:'s)?|analysts|asked) ", re.IGNORECASE)
_REPORTED = re.compile(r"\b(?:has|have|had) been reported\b|\breported (?:everywhere|elsewhere)\b|\bin the article\b")


def _awkward(option: tuple[Candidate, str]) -> tuple[int, int, int, int]:
    """How badly a sentence stands alone; then how much longer than a line it is, the better article, the earlier."""
    one, _ = option
    faults = 3 * one.dangling + 2 * one.speech + one.own_voice
    faults += 2 * (_AWKWARD.search(one.text) is not None) + (_SIDEWAYS.search(one.text) is not None)
    faults += 2 * (_REPORTED.search(one.text) is not None) + (one.length > 2 * LONG)
    return faults, max(0, one.length - LONG) // LONGER, one.rank, one.position
