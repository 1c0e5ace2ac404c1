"""The sentences that answer a question, out of the passages that were found; pure.

Two gates stand before an answer. *Not in the archive*: no passage covers the question's words and names. *On the
subject, but not there*: retrieval scores cannot tell (they are at chance); so a sentence must carry the kind of answer
that was asked for (a date for "when", money for "what did it cost") next to the question's own words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.models import Passage, Quote, Sentence
from bot.stories.comparing import conflict
from bot.stories.figures import Figure
from bot.stories.sentences import Span, normalise, words
from bot.writing import roles
from bot.writing.asking import Kind
from bot.writing.candidates import Candidate, candidate, is_showable
from bot.writing.constraints import holds_numbers, opposed
from bot.writing.expecting import Span as ExpectedSpan
from bot.writing.expecting import expects, is_typed, nearness, spans
from bot.writing.meaning import Floats, Terms, Vectors, analysed, together
from bot.writing.question import Query
from bot.writing.quotes import source_text
from bot.writing.retrieve import UNLIKENED, Scored, by_article, holds_name, weights_of, whole_speech

LEAST_IN_ARCHIVE = 0.2
"""Least `archive_score` of a question that the archive can be about."""
LEAST_FOR_LISTS = 0.15
"""The same for a list: "deals of more than $5 billion" has few words, and its bound tells the sentences."""
LEAST_CONFIDENCE = 0.42
"""Least `confidence` in a sentence that may answer."""
LEAST_IN_THREAD = 0.4
"""The same for a question in a story's thread: what it is about is known."""
EXPLAINED = 0.9
OPENING = 0.15
USUAL_FIT, STANDS_OUT_FROM = 0.3, 20
LEAST_ATTRIBUTE = 0.15
"""Least share of what is asked about a thing (the question without its names) that a sentence or its title meets."""
ALIKE = 0.8
"""Share of the best sentence's score that another one needs to be an answer to the same question."""
PASSAGES = 12
NAME_WEIGHT = 0.6
WIDE_KINDS = frozenset({"list", "compare"})
"""Answers of several sentences, each about a part of the question."""
SURE = 0.9
MEASURED = 0.6
"""A word that only names the kind of figure counts this much where such a figure stands."""
MEASURE_WORDS = frozenset(
    words(
        "cost costs costing price priced spend spends spent spending worth value valued amount"
        " charge expensive"
        " temperature percentage share proportion fraction size duration power draw capacity number"
    )
)
TITLE_MET, PASSAGE_MET, BEFORE_MET = 0.85, 0.35, 0.5
"""A word that only the title, the passage or the sentence before holds counts this much for a sentence."""
OWN, AROUND, LIKE, BASE, TYPED, NEAR, NAMED = 0.1, 0.26, 0.15, 0.21, 0.18, 0.1, 0.04


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that may answer, with how well.

    Attributes:
        cover: share of the question's words in the sentence, its passage's title counting half.
        typed: it carries the kind of answer that was asked for.
        figures: its figures of that kind.
        met: how far it meets each of the question's stems itself, 0-1.
    """

    found: Candidate
    scored: Scored
    score: float
    cover: float
    typed: float
    figures: tuple[Figure, ...]
    own: float = 0.0
    like: float = 0.0
    near: float = 0.0
    attribute: float = 1.0
    named: float = 1.0
    met: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """What can be shown."""
        return self.found.sentence


def archive_score(query: Query, scored: Sequence[Scored]) -> float:
    """How surely anything that was read is about what is asked, 0-1.

    A logistic model over the passage that fits best; fitted on half of the questions in `tests/scenario/asking`, each
    once with the passages that answer it and once without. AUROC on the other half .93; by the share of the question's
    words in the best passage .85, by the fit alone .90. What tells most is how far the best passage stands out.
    """
    if not scored:
        return 0.0
    # A word index gives few passages for a rare word: what it left out would have fitted no better than this.
    fits = [*sorted((one.fit for one in scored), reverse=True), *[USUAL_FIT] * STANDS_OUT_FROM]
    rest = fits[4:STANDS_OUT_FROM]
    best = max(scored[:PASSAGES], key=lambda one: one.fit)
    sum_ = (
        -7.45
        + 1.42 * best.cover
        + 1.15 * best.sentence
        + 4.03 * best.likeness
        + 1.36 * best.names
        + 6.84 * (fits[0] - sum(rest) / len(rest))
        + 1.26 * math.log(max(1, len(best.weights)))
    )
    known = 1.0 / (1.0 + math.exp(-sum_))
    # What is to be explained or listed, or the latest of, is in the archive if an article has the very words.
    plain = query.kind in {"explain", "list"} or (query.latest and bool(query.names))
    return max(known, EXPLAINED * best.cover) if plain else known


def in_archive(query: Query, scored: Sequence[Scored], *, in_thread: bool = False) -> bool:
    """The first gate: whether anything that was read is about what is asked.

    Args:
        query: the question.
        scored: passages, best first.
        in_thread: the question stands in a story's thread and speaks of it.
    """
    if not scored:
        return False
    if in_thread and (query.about_thread or not query.names):
        return True
    least = LEAST_FOR_LISTS if query.kind == "list" else LEAST_IN_ARCHIVE
    return archive_score(query, scored) >= least


def read(
    query: Query,
    scored: Sequence[Scored],
    *,
    vectors: Vectors | None = None,
    most: int | None = None,
) -> tuple[Reading, ...]:
    """Every showable sentence of the best passages (at most `most`), best first."""
    found = [
        (one, sentence, before)
        for one in scored[: most or PASSAGES]
        for sentence, before in _with_before(_sentences(one))
    ]
    if not found:
        return ()
    likes = _likes(query, [sentence.text for _, sentence, _ in found], vectors)
    weighed = dict(scored[0].weights) or weights_of(query, lambda _: 1.0)
    name_stems = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
    for stem in name_stems & weighed.keys():
        weighed[stem] *= NAME_WEIGHT  # the passage must hold the names anyway; the rest of the question is the question
    terms = Terms({stem: query.surfaces[stem] for stem in weighed}, vectors, name_stems)
    weights = np.array([weighed[stem] for stem in terms.stems], dtype=np.float32)
    readings = [
        _reading(query, one, sentence, terms, weights, like=like, before=before)
        for (one, sentence, before), like in zip(found, likes, strict=True)
    ]
    return tuple(sorted(readings, key=lambda reading: (-reading.score, reading.found.position)))


def _sentences(one: Scored) -> Iterator[Candidate]:
    passage = one.passage
    source = source_text(passage.title, passage.text)
    for at, span in enumerate(whole_speech(passage.text)):
        if is_showable(span.text) and not _is_line(span):
            yield candidate(passage.article_id, span, source, rank=0, position=passage.position * 3 + at, section="")


def _is_line(span: Span) -> bool:
    return len(span.text.split()) <= 12 and not re.search(r"[.!?…\"”’)]$", span.text)  # noqa: PLR2004 - a heading


def _with_before(sentences: Iterable[Candidate]) -> Iterator[tuple[Candidate, str]]:
    """Each sentence with the one before it in its passage."""
    before = ""
    for sentence in sentences:
        yield sentence, before
        before = sentence.text


def _likes(query: Query, texts: Sequence[str], vectors: Vectors | None) -> Sequence[float | None]:
    if vectors is None:
        return [None] * len(texts)
    rows = vectors.embed([" ".join((query.text, *query.context_names)), *texts])
    return [max(0.0, float(value)) for value in rows[1:] @ rows[0]]


def _reading(
    query: Query, one: Scored, sentence: Candidate, terms: Terms, weights: Floats, *, like: float | None, before: str
) -> Reading:
    whole = float(weights.sum()) or 1.0
    met = terms.met(analysed(sentence.text))
    own_met = dict(zip(terms.stems, met.tolist(), strict=True))
    span, near, figures = _best_span(query, sentence.text, terms, weights)
    typed = span.strength if span is not None else 0.0
    if span is not None and span.figure is not None and typed >= SURE:
        # "What does it cost?" is answered by an amount, whatever the verb: "The deal values Halden at $62 billion."
        plain = np.array([MEASURED if stem in MEASURE_WORDS else 0.0 for stem in terms.stems], dtype=np.float32)
        met = np.maximum(met, plain)
    title = terms.met(analysed(one.passage.title))
    near_by = terms.met(together(one.passage.text))
    just_before = terms.met(analysed(before)) if before else near_by
    # What is asked about things that have names is the rest of the question.
    asked = weights * np.array([stem not in terms.names for stem in terms.stems], dtype=np.float32)
    # "Its cost is put at …" speaks of what the sentence before it named.
    before_met = (TITLE_MET if sentence.dangling else BEFORE_MET) * just_before
    backed = np.maximum.reduce([met, 0.5 * title, before_met if sentence.dangling else 0 * met])
    attribute = float(backed @ asked) / float(asked.sum()) if asked.any() else 1.0
    own = float(met @ weights) / whole
    around = [TITLE_MET * title, PASSAGE_MET * near_by, before_met]
    cover = float(np.maximum.reduce([met, *around]) @ weights) / whole
    if not is_typed(query):
        typed, near = 1.0, 0.0
    named = _named(query, one, sentence.text)
    if asked.any() and all(stem in MEASURE_WORDS for stem, weight in zip(terms.stems, asked, strict=True) if weight):
        attribute *= named  # "How much is Saltmarsh worth?": any amount is worth something, so it must be Saltmarsh's
    like = UNLIKENED * own if like is None else like
    score = OWN * own + AROUND * cover + LIKE * like + BASE * one.fit
    # A reason seldom repeats what it is the reason for: there the kind of sentence tells more than its words.
    # "What is new at Ostara?" names nothing but a name: the opening of an article tells most.
    score += OPENING if not asked.any() and not is_typed(query) and sentence.position == 0 else 0.0
    score += (2 * TYPED if query.kind == "why" else TYPED) * typed + NEAR * near * typed + NAMED * named
    return Reading(
        sentence, one, score, cover, typed, figures,
        own=own, like=like, near=near * typed, attribute=attribute, named=named, met=own_met,
    )  # fmt: skip


def _best_span(
    query: Query, text: str, terms: Terms, weights: Floats
) -> tuple[ExpectedSpan | None, float, tuple[Figure, ...]]:
    """The words that most likely are the answer, how near the question's words are, and all figures that could be."""
    found = [(span, nearness(span, text, terms, weights)) for span in spans(query, text)]
    if not found:
        return None, 0.0, ()
    best, near = max(found, key=lambda item: item[0].strength * (0.4 + 0.6 * item[1]))
    figures = [span.figure for span, _ in found if span.figure is not None and span is not best]
    return best, near, (*((best.figure,) if best.figure is not None else ()), *figures)


def _named(query: Query, one: Scored, text: str) -> float:
    """Where the question's names stand: 1 in the sentence, less in the title, least elsewhere in the article."""
    asked = query.names or query.context_names[:1]
    if not asked:
        return 1.0
    places = ((text, 1.0), (one.passage.title, 0.8), (one.passage.text, 0.3))
    found = [next((worth for where, worth in places if holds_name(name, where)), 0.2 * one.names) for name in asked]
    return max(found) if query.kind == "compare" else sum(found) / len(found)


def confidence(known: float, reading: Reading) -> float:
    """How surely a sentence answers, 0-1; a logistic model, fitted like `archive_score`.

    Args:
        known: `archive_score` of its question.
        reading: the sentence.
    """
    sum_ = (
        -10.94
        + 3.29 * known
        + 2.40 * reading.typed
        + 0.62 * reading.near
        + 2.31 * reading.attribute
        + 2.95 * reading.named
        + 2.22 * reading.scored.names
        + 2.36 * reading.score
    )
    return 1.0 / (1.0 + math.exp(-sum_))


def good(query: Query, readings: Sequence[Reading], known: float, story_id: int | None = None) -> tuple[Reading, ...]:
    """The second gate: the readings that may stand as an answer.

    Args:
        query: the question.
        readings: best first.
        known: `archive_score` of the question.
        story_id: the only story that it can be about, for a question in a thread that names nothing itself.
    """
    least = (
        LEAST_IN_THREAD if story_id is not None or query.about_thread or query.kind in WIDE_KINDS else LEAST_CONFIDENCE
    )
    articles = by_article(one.scored.passage for one in readings)
    told = {(one.scored.passage.article_id, one.scored.passage.position): one.scored.passage for one in readings}
    kept = []
    for one in readings:
        if story_id is not None and one.scored.passage.story_id != story_id:
            continue
        if (expects(query) and not one.typed) or one.attribute < LEAST_ATTRIBUTE:
            continue
        if query.kind == "where" and query.names and one.typed < SURE:
            continue
        if story_id is None and query.kind not in WIDE_KINDS and not _holds_names(query, one, articles):
            continue
        passage = one.scored.passage
        if query.kind not in WIDE_KINDS and not holds_numbers(query, f"{passage.title} {passage.text}"):
            continue
        if opposed(query, one.found.text) or (query.kind in _LEAST_TYPED and one.typed < _LEAST_TYPED[query.kind]):
            continue
        alone = story_id is None and query.kind not in WIDE_KINDS
        if alone and not roles.fits(query, one.found.text, _said_before(one, told), one.met):
            continue
        if confidence(1.0 if story_id is not None else known, one) >= least:
            kept.append(one)
    return tuple(kept)


_LEAST_TYPED: Mapping[Kind, float] = {"who": 0.5, "why": 0.4}
"""A name that only says who spoke is not who is asked for; a reason must be given, if only by "after"."""


def _said_before(one: Reading, told: Mapping[tuple[int, int], Passage]) -> str:
    """What an article says before a sentence, with its title and publisher, as far as it was found."""
    passage = one.scored.passage
    earlier = [
        other.text
        for (article, position), other in told.items()
        if article == passage.article_id and position < passage.position
    ]
    before = passage.text.partition(one.found.sentence.quotes[-1].text)[0]
    return " \n ".join((passage.title, passage.publisher, *earlier, before))


def _holds_names(query: Query, reading: Reading, articles: Mapping[int, str]) -> bool:
    """Whether a sentence's article holds every name that the question is about."""
    text = articles[reading.scored.passage.article_id]
    return all(holds_name(name, text) for name in query.names or query.context_names[:1])


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
