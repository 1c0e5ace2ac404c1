"""The sentences that may answer a question, out of the passages that were found, with how well each does; pure.

`gates` says which of them may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.models import Quote, Sentence
from bot.stories.figures import Figure
from bot.stories.sentences import Span, words
from bot.writing.candidates import Candidate, candidate, is_showable
from bot.writing.expecting import Span as ExpectedSpan
from bot.writing.expecting import is_typed, nearness, spans
from bot.writing.meaning import Floats, Terms, Vectors, analysed, together
from bot.writing.names import holds_name
from bot.writing.pieces import whole_speech
from bot.writing.question import Query
from bot.writing.quotes import source_text
from bot.writing.retrieve import UNLIKENED, Scored, weights_of

OPENING = 0.15
PASSAGES = 12
NAME_WEIGHT = 0.6
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
