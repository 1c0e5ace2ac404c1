"""The two gates before an answer: is anything that was read about this, and does a sentence say it? Pure.

*Not in the archive*: no passage covers the question's words and names. *On the subject, but not there*: retrieval
scores cannot tell (they are at chance); so a sentence must carry the kind of answer that was asked for (a date for
"when", money for "what did it cost") next to the question's own words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bot.models import Passage
from bot.writing import roles
from bot.writing.asking import Kind
from bot.writing.constraints import holds_numbers, opposed
from bot.writing.expecting import expects
from bot.writing.names import holds_name
from bot.writing.question import Query
from bot.writing.reading import PASSAGES, SURE, Reading
from bot.writing.retrieve import Scored, by_article

LEAST_IN_ARCHIVE = 0.2
"""Least `archive_score` of a question that the archive can be about."""
LEAST_FOR_LISTS = 0.15
"""The same for a list: "deals of more than $5 billion" has few words, and its bound tells the sentences."""
LEAST_CONFIDENCE = 0.42
"""Least `confidence` in a sentence that may answer."""
LEAST_IN_THREAD = 0.4
"""The same for a question in a story's thread: what it is about is known."""
EXPLAINED = 0.9
USUAL_FIT, STANDS_OUT_FROM = 0.3, 20
LEAST_ATTRIBUTE = 0.15
"""Least share of what is asked about a thing (the question without its names) that a sentence or its title meets."""
WIDE_KINDS = frozenset({"list", "compare"})
"""Answers of several sentences, each about a part of the question."""


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
