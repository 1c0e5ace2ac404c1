"""The sentences that answer a question, out of the passages that were found; pure.

Two gates stand before an answer. *Not in the archive*: no passage covers the question's words and names. *On the
subject, but not there*: retrieval scores cannot tell (they are at chance); so a sentence must carry the kind of answer
that was asked for (a date for "when", money for "what did it cost") next to the question's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.models import Quote, Sentence
from bot.stories.comparing import conflict
from bot.stories.figures import Figure, find
from bot.stories.sentences import Span, names, normalise, split, words
from bot.writing.candidates import Candidate, candidate, is_showable
from bot.writing.question import Query
from bot.writing.quotes import source_text
from bot.writing.retrieve import Scored, Vectors, holds_name, variants

LEAST_COVER = 0.5
"""Share of a question's rarity-weighted words that a passage must hold for the question to be in the archive."""
LEAST_SENTENCE = 0.42
"""Least score of a sentence that may answer; found with the project's own questions, answerable and not."""
ALIKE = 0.8
"""Share of the best sentence's score that another one needs to be an answer to the same question."""
PASSAGES = 12
NAME_WEIGHT = 0.6
_TYPE_BONUS = 0.3
_PLACE = re.compile(
    r"\b(?:in|at|near|on|outside|north of|south of|east of|west of) (?:the )?[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+)*"
)
_TIMES = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow|(?:last|next"
    r"|this) (?:week|month|quarter|year))\b"
    r"|\b\d{1,2}:\d\d\b|\b(?:months?|weeks?|years?|days?) (?:later|ago|earlier|before|after)\b|\bin about\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|after|caused|cause|reason|as a result|in order to|which means)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that may answer, with how well.

    Attributes:
        cover: share of the question's words in the sentence, its passage's title counting half.
        typed: it carries the kind of answer that was asked for.
        figures: its figures of that kind.
    """

    found: Candidate
    scored: Scored
    score: float
    cover: float
    typed: bool
    figures: tuple[Figure, ...]

    @property
    def sentence(self) -> Sentence:
        """What can be shown."""
        return self.found.sentence


def in_archive(query: Query, scored: Sequence[Scored], *, in_thread: bool = False) -> bool:
    """The first gate: whether anything that was read is about what is asked.

    Args:
        query: the question.
        scored: passages, best first.
        in_thread: the question stands in a story's thread and speaks of it.
    """
    if not scored:
        return False
    if in_thread and (query.about_thread or not query.words):
        return True
    for one in scored[:PASSAGES]:
        text = f"{one.passage.title} {one.passage.publisher} {one.passage.text}"
        if one.cover >= LEAST_COVER and all(holds_name(name, text) for name in query.names):
            return True
    joined = " ".join(f"{one.passage.title} {one.passage.publisher} {one.passage.text}" for one in scored[:PASSAGES])
    return query.kind in {"compare", "list", "change"} and all(holds_name(name, joined) for name in query.names)


def read(
    query: Query,
    scored: Sequence[Scored],
    *,
    vectors: Vectors | None = None,
    rarity: Callable[[str], float] | None = None,
) -> tuple[Reading, ...]:
    """Every showable sentence of the best passages, best first."""
    found = [(one, sentence) for one in scored[:PASSAGES] for sentence in _sentences(one)]
    if not found:
        return ()
    likes = _likes(query, [sentence.text for _, sentence in found], vectors)
    weights = {term: (rarity(term) if rarity else 1.0) for term in query.words}
    for term in {stem for name in query.names for stem in words(name)} & weights.keys():
        weights[term] *= NAME_WEIGHT  # the passage must hold the names anyway; the rest of the question is the question
    weights |= {term: 0.5 * (rarity(term) if rarity else 1.0) for term in query.context if term not in weights}
    top = max((one.score for one in scored), default=1.0) or 1.0
    readings = [
        _reading(query, one, sentence, weights, like=like, base=one.score / top)
        for (one, sentence), like in zip(found, likes, strict=True)
    ]
    return tuple(sorted(readings, key=lambda reading: (-reading.score, reading.found.position)))


def _sentences(one: Scored) -> Iterator[Candidate]:
    passage = one.passage
    source = source_text(passage.title, passage.text)
    for at, span in enumerate(split(passage.text)):
        if is_showable(span.text) and not _is_line(span):
            made = candidate(passage.article_id, span, source, rank=0, position=passage.position * 3 + at, section="")
            yield made


def _is_line(span: Span) -> bool:
    return len(span.text.split()) <= 12 and not re.search(r"[.!?…\"”’)]$", span.text)  # noqa: PLR2004 - a heading


def _likes(query: Query, texts: Sequence[str], vectors: Vectors | None) -> list[float]:
    if vectors is None:
        return [0.0] * len(texts)
    rows = vectors.embed([" ".join((query.text, *query.context_names)), *texts])
    return [max(0.0, float(value)) for value in rows[1:] @ rows[0]]


def _reading(
    query: Query, one: Scored, sentence: Candidate, weights: dict[str, float], *, like: float, base: float
) -> Reading:
    own = set(sentence.stems)
    title = set(words(one.passage.title))
    near = set(words(one.passage.text))
    whole = sum(weights.values()) or 1.0
    cover = (
        sum(
            weight * (1.0 if _met(term, own) else 0.6 if term in title else 0.35 if _met(term, near) else 0.0)
            for term, weight in weights.items()
        )
        / whole
    )
    typed, figures = answers(query, sentence.text)
    score = 0.55 * cover + 0.25 * like + 0.2 * base
    score += _TYPE_BONUS if typed and (_expects(query) or _asks_why(query)) else 0.0
    score -= 0.15 if sentence.dangling else 0.0
    named = [name for name in query.names if holds_name(name, sentence.text)]
    score += 0.08 * len(named) / len(query.names) if query.names else 0.0
    return Reading(sentence, one, score, cover, typed, figures)


def _met(term: str, stems: set[str]) -> bool:
    """Whether a stem or a near relation of it is there."""
    return not variants(term).isdisjoint(stems)


def _asks_why(query: Query) -> bool:
    return re.match(r"why\b", query.text, re.IGNORECASE) is not None


def _expects(query: Query) -> bool:
    """Whether the kind of question demands a kind of answer that can be seen in a sentence."""
    return query.kind in {"when", "how_much", "who", "where"}


def answers(query: Query, text: str) -> tuple[bool, tuple[Figure, ...]]:
    """Whether a sentence carries what was asked for (a date, an amount, a new name), and its figures of that kind."""
    figures = find(text)
    if query.kind == "when":
        dates = tuple(figure for figure in figures if figure.kind in {"date", "time"})
        return bool(dates) or _TIMES.search(text) is not None, dates
    if query.kind == "how_much":
        stems = set(words(text))
        fitting = tuple(figure for figure in figures if figure.kind != "date" and _fits(query, figure, stems))
        return bool(fitting), fitting
    if query.kind == "who":
        known = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
        return any(not set(words(name)) <= known for name in names(text)), ()
    if query.kind == "where":
        asked = [name.lower() for name in query.names]
        days = [figure for figure in figures if figure.kind == "date"]
        places = [
            match[0].lower()
            for match in _PLACE.finditer(text)
            if not any(date.start < match.end() and match.start() < date.end for date in days)
        ]
        return any(not any(name in place for name in asked) for place in places), ()
    if _asks_why(query):
        return _REASON.search(text) is not None, ()
    return True, tuple(figure for figure in figures if not query.figures or figure.kind in query.figures)


_CHIPS = frozenset(stem for word in ("gpus", "accelerators", "chips", "cards", "processors") for stem in words(word))


def _fits(query: Query, figure: Figure, stems: set[str]) -> bool:
    """Whether a figure is of the kind that was asked for, and counts what was to be counted."""
    if query.counted:
        if figure.kind not in {"count", "number"}:
            return False
        wanted = query.counted | (_CHIPS if query.counted & _CHIPS else frozenset())
        noun = set(words(figure.noun))
        return bool(noun & wanted) if noun else query.counted <= stems
    if not query.figures:
        return figure.kind != "number"
    return figure.kind in query.figures


def good(query: Query, readings: Sequence[Reading], story_id: int | None = None) -> tuple[Reading, ...]:
    """The second gate: the readings that may stand as an answer.

    Args:
        query: the question.
        readings: best first.
        story_id: the only story that it can be about, for a question in a thread that names nothing itself.
    """
    kept = []
    for one in readings:
        if story_id is not None and one.scored.passage.story_id != story_id:
            continue
        if _expects(query) and not one.typed:
            continue
        if query.kind == "change" and query.figures and not one.figures:
            continue
        text = f"{one.scored.passage.title} {one.scored.passage.publisher} {one.scored.passage.text}"
        named = query.names or ((query.context_names[:1]) if story_id is None else ())
        if query.kind not in {"compare", "list"} and not all(holds_name(name, text) for name in named):
            continue
        if one.score >= LEAST_SENTENCE + (_TYPE_BONUS if _expects(query) else 0.0) and one.cover >= _least_cover(query):
            kept.append(one)
    return tuple(kept)


def _least_cover(query: Query) -> float:
    """How much of the question a sentence, with its title and passage, must hold."""
    return 0.3 if query.follow_up or query.about_thread else 0.45


def with_antecedent(reading: Reading) -> Sentence:
    """A sentence that points back ("It will cost …"), with the one before it in its passage if that helps."""
    if not reading.found.dangling:
        return reading.sentence
    passage = reading.scored.passage
    quoted = reading.sentence.quotes[0].text
    before: Candidate | None = None
    for sentence in _sentences(reading.scored):
        if sentence.sentence.quotes[0].text == quoted:
            break
        before = sentence
    if before is None or before.dangling or before.length + reading.found.length > 55:  # noqa: PLR2004 - words
        return reading.sentence
    quotes = (*before.sentence.quotes, Quote(passage.article_id, quoted))
    return replace(reading.sentence, text=f"{before.text} {reading.sentence.text}", quotes=quotes)


def disagreeing(query: Query, best: Reading, others: Sequence[Reading]) -> Reading | None:
    """Another publisher's sentence that answers with a figure that cannot be right at the same time; None without."""
    if query.kind not in {"how_much", "change"}:
        return None
    for other in others:
        if other.score < ALIKE * best.score:
            return None
        if other.scored.passage.publisher == best.scored.passage.publisher or not best.figures or not other.figures:
            continue
        shared = set(best.found.stems) & set(other.found.stems)
        if len(shared) < 3:  # noqa: PLR2004 - fewer words in common: not about the same thing
            continue
        if any(conflict(mine, theirs) for mine in best.figures[:1] for theirs in other.figures[:1]):
            return other
    return None


_NEWER = re.compile(
    r"\b(?:risen|fallen|rose|fell|raised|lowered|cut|now|amended|revised|corrected|correct|updated?"
    r"|no longer|up from|down from)\b",
    re.IGNORECASE,
)


def supersedes(later: Reading, earlier: Reading) -> bool:
    """Whether one sentence tells that the other's figure has changed since."""
    newer = later.scored.passage.published_at > earlier.scored.passage.published_at
    return newer and _NEWER.search(later.found.text) is not None


def plain(text: str) -> str:
    """A sentence in the form in which repeats are noticed."""
    return normalise(text).lower().strip(" .")
