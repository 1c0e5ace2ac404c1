"""Facts as a brief shows them: one sentence each, with its sources' numbers and its standing; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.models import FactLine, Quote, Sentence, Standing
from bot.stories.sentences import normalise
from bot.stories.standing import StoryFact
from bot.writing.candidates import Candidate
from bot.writing.grounding import check

LONG = 26
SHORT = 10
"""Words beyond which a sentence is cut to the clauses that hold its figure; the lower one if the brief has it whole."""
SHORTEST = 6
FEW = 10
LEAST_IMPORTANCE = 0.2
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|\w{3,}(?:ed|es|ts|ns|ls|ys|ds|ks|ps|rs)"
    r"|said|put|cost|cut|set|run|rose|fell|paid|built|sold|bought|won|lost)\b"
)
_TAIL = re.compile(
    r",? (?:(?:of|in|to|for|by|with|from|on|at) which|which|who|where|whose|while|although|though|because"
    r"|so that|after|before|as) |[;:] | [-–—] |, (?:and|but|up|down|with|including|a|an|the|more|less|not"
    r"|\w+ing) ?"
)


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
        shown: sentences that the brief has already; a single-source figure in one of them is not repeated.
        most: how many lines.
    """
    if most <= 0:
        return ()
    by_quote = _Index(candidates)
    told = {quote.text for sentence in shown for quote in sentence.quotes}
    used: set[str] = set()
    lines: list[FactLine] = []
    for fact in sorted(facts, key=lambda one: -_worth(one)):
        line = None if _is_trifle(fact) else _line(fact, by_quote, numbers, sources, told=told, used=used)
        if line is not None and line.shown not in {other.shown for other in lines}:
            lines.append(line)
            used.update(quote.text for quote in line.sentence.quotes)
        if len(lines) == most:
            break
    return tuple(lines)


def _worth(fact: StoryFact) -> float:
    """What two publishers say, or say differently, comes before what one says."""
    return fact.importance + {Standing.DISPUTED: 0.3, Standing.CONFIRMED: 0.15}.get(fact.standing, 0.0)


def _is_trifle(fact: StoryFact) -> bool:
    """Whether a figure tells nothing: "two graphs", "three weeks"."""
    if fact.standing is not Standing.SINGLE:
        return False
    return (fact.kind == "count" and fact.value < FEW) or fact.importance < LEAST_IMPORTANCE


class _Index:
    """Finds the candidate that a fact's quote became."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
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


def _line(
    fact: StoryFact,
    index: _Index,
    numbers: Mapping[int, int],
    sources: Mapping[int, str],
    *,
    told: set[str],
    used: set[str],
) -> FactLine | None:
    shown = fact.shown.rstrip(".,")
    found = [index.find(quote) for quote in fact.quotes]
    options = [one for one in found if one is not None and _holds(one.text, shown) and _quoted(one) not in used]
    fresh = [one for one in options if _quoted(one) not in told]
    repeated = fact.standing is not Standing.SINGLE
    chosen = min(fresh, key=_awkward, default=None)
    if repeated and options and (chosen is None or _awkward(chosen)[0]):
        chosen = min(options, key=_awkward)
    if chosen is None or (chosen.dangling and not repeated and chosen.length > LONG):
        return None
    return FactLine(
        sentence=trim(chosen.sentence, shown, sources, beyond=SHORT if _quoted(chosen) in told else LONG),
        shown=shown,
        sources=tuple(numbers[article] for article in fact.article_ids if article in numbers),
        standing=fact.standing,
        publishers=fact.publishers,
        others=tuple(
            (value, tuple(numbers[article] for article in articles if article in numbers))
            for value, articles in fact.others
        ),
    )


def _holds(text: str, shown: str) -> bool:
    """Whether a sentence shows a figure, and not the end of a longer one ("1 900 MW" does not show "900 MW")."""
    before, found, _ = text.partition(shown)
    return bool(found) and not (shown[:1].isdigit() and re.search(r"\d[\s.,'’]?$", before))


def _quoted(candidate: Candidate) -> str:
    return candidate.sentence.quotes[0].text


_AWKWARD = re.compile(
    r"\b(?:we|our|us|I|my)\b|^(?:leave|forget|take|consider|look|note|imagine|remember|think)\b", re.IGNORECASE
)


def _awkward(candidate: Candidate) -> tuple[int, int, int]:
    """How badly a sentence stands alone; then the better article, then the earlier sentence."""
    faults = candidate.dangling + candidate.speech + (_AWKWARD.search(candidate.text) is not None)
    return faults, candidate.rank, candidate.position


_OPEN_CLAUSE = re.compile(
    r"^(?:if|when|while|although|though|as|because|after|before|with|by|once|since|unless)\b", re.IGNORECASE
)


def trim(sentence: Sentence, shown: str, sources: Mapping[int, str], *, beyond: int = LONG) -> Sentence:
    """A long sentence cut to the part that holds its figure, by leaving out its end; only where the checker agrees.

    Args:
        sentence: what to cut.
        shown: the figure that must stay.
        sources: the articles' texts by id.
        beyond: sentences of at most so many words stay whole.
    """
    text = sentence.text
    if len(text.split()) <= beyond or shown not in text or _OPEN_CLAUSE.match(text):
        return sentence
    for short in _shorter(text, text.index(shown) + len(shown)):
        made = replace(sentence, text=short)
        if check(made, sources).ok:
            return made
    return sentence


def _shorter(text: str, least: int) -> Iterator[str]:
    """The text cut before each clause that starts after `least`, the shortest first."""
    for cut in _TAIL.finditer(text, least):
        short = text[: cut.start()].rstrip(" ,;:")
        if len(short.split()) >= SHORTEST and _VERB.search(short) and short.count('"') % 2 == 0:
            yield short + "."
