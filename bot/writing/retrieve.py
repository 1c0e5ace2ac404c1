"""Finding the passages that can answer a question: words, meaning and the thread's story; pure.

```
candidates ─► BM25, words met ─► the best hundred ─► words met (exactly, by relation, by meaning), in the passage and in
                                          its best sentence; likeness as a whole; names ─► one score, 0-1
```
A question seldom uses the words of its answer ("Who is the architect?", "designed by the engineer …"). So each of its
words is looked for by meaning too, and the passage that meets most of them, weighed by rarity, is found. On questions
over the sample articles and over passages on other subjects, MRR@10 by BM25 alone is .79, by BM25 and likeness of the
whole .83-.86, by what is done here .86-.92 (`tests/scenario/asking`). The date of publication limits what is looked at
where a question names a time, and counts in the score only where it asks for the latest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import numpy as np

from bot.models import Passage
from bot.stories.sentences import words
from bot.writing.meaning import Analysed, Floats, Terms, Vectors, analysed, kin, sentences, together
from bot.writing.names import holds_name
from bot.writing.question import Query

K1, B = 1.2, 0.75
TITLE_BOOST = 0.6
"""A word found only in the title counts this much of one in the text: the title is every passage's context."""
LEXICAL, MET, SENTENCE, LIKENESS, NAMES = 0.08, 0.23, 0.21, 0.39, 0.09
"""Shares of the score, fitted pairwise (right passage against the next best) on one half of the questions."""
TITLE_MET, PASSAGE_MET = 0.6, 0.35
"""A sentence's words count whole, those that only its title or its passage holds this much."""
MOST_RARITY = 9.0
CLOSELY = 100
"""So many passages are looked at closely, by the words that they meet: exactly (BM25), and by meaning too."""
STORY_BONUS = 0.35
HALF_LIFE_DAYS = 10.0
"""For questions about the latest; read, not measured (7-14 days are usual)."""
UNLIKENED = 0.5
"""Without word vectors, likeness is taken for this share of the words met, as it mostly is with them."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with how well it fits the question.

    Attributes:
        score: for ordering.
        why: what made it fit, in words.
        cover: share of the question's words, weighed by rarity, that the passage or its title meets, 0-1.
        likeness: cosine to the question by word vectors, 0-1.
        sentence: share of the question's words that its best sentence meets, 0-1.
        names: share of the question's names that it or its article holds; 1 where the question has none.
        fit: the score without what the thread and the date add; comparable from question to question, 0-1.
        weights: how much each of the question's stems weighs; the same for all passages.
    """

    passage: Passage
    score: float
    why: tuple[str, ...]
    cover: float = 0.0
    likeness: float = 0.0
    sentence: float = 0.0
    names: float = 1.0
    fit: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)


def rank(
    query: Query,
    found: Sequence[Passage],
    *,
    vectors: Vectors | None = None,
    now: datetime,
    story_id: int | None = None,
    rarity: Callable[[str], float] | None = None,
) -> tuple[Scored, ...]:
    """Order passages by how well they can answer.

    Args:
        query: the question as understood.
        found: candidates, from a word index or all there are; their own scores are not looked at, because the engines'
            measures differ.
        vectors: meaning; None leaves words alone.
        now: for "latest"; aware.
        story_id: the thread's story, whose passages come first.
        rarity: inverse document frequency of a stem in the archive; without it, judged by `found`.
    """
    kept = [one for one in found if _in_time(query, one)]
    if not kept:
        return ()
    texts = [together(one.text) for one in kept]
    titles = [analysed(f"{one.title} {one.publisher}") for one in kept]
    weights = weights_of(query, rarity or _rarity(texts, titles, _archive_size(kept)))
    lexical = _bm25(weights, texts, titles)
    names = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
    looking = _Looking(
        query,
        Terms(query.surfaces, vectors, names),
        weights,
        vectors=vectors,
        now=now,
        story_id=story_id,
        articles=by_article(kept),
    )
    looking.learn((*texts, *titles))
    promise = [one + looking.cover(text, title) for one, text, title in zip(lexical, texts, titles, strict=True)]
    closely = sorted(range(len(kept)), key=lambda at: -promise[at])[:CLOSELY]
    if story_id is not None:
        closely += [at for at, one in enumerate(kept) if one.story_id == story_id and at not in set(closely)]
    scored = [looking.at(kept[at], texts[at], titles[at], lexical[at]) for at in closely]
    return tuple(sorted(scored, key=lambda one: (-one.score, -one.passage.published_at.timestamp(), one.passage.id)))


def in_other_words(query: Query, vectors: Vectors | None) -> tuple[str, ...]:
    """What the answer may say instead of the question's words; nothing without vectors."""
    names = {stem for name in (*query.names, *query.context_names) for stem in words(name)}
    return kin(query.surfaces, names, vectors) if vectors is not None else ()


def weights_of(query: Query, rarity: Callable[[str], float]) -> dict[str, float]:
    """How much each of the question's stems weighs: by its rarity; less if it comes from the conversation."""
    shares = dict.fromkeys(query.words, 1.0) | {term: 0.6 for term in query.context if term not in query.words}
    return {term: share * min(rarity(term), MOST_RARITY) for term, share in shares.items()}


def _in_time(query: Query, passage: Passage) -> bool:
    if query.since is not None and passage.published_at < query.since:
        return False
    return query.until is None or passage.published_at < query.until


_BEYOND = 20
"""What a word index found is taken for one part in so many of its archive, where nothing better is known."""


def _archive_size(found: Sequence[Passage]) -> int:
    """How many passages there are, as far as the ones at hand tell: those of a word index carry its scores."""
    return len(found) * (_BEYOND if any(one.score for one in found) else 1)


def _rarity(texts: Sequence[Analysed], titles: Sequence[Analysed], count: int) -> Callable[[str], float]:
    """BM25's inverse document frequency by the passages at hand, out of `count`."""
    seen: Counter[str] = Counter()
    for text, title in zip(texts, titles, strict=True):
        seen.update(text.stems.keys() | title.stems.keys())
    return lambda stem: math.log1p((count - seen[stem] + 0.5) / (seen[stem] + 0.5))


def _bm25(weights: dict[str, float], texts: Sequence[Analysed], titles: Sequence[Analysed]) -> list[float]:
    """BM25 as a share of what a text could reach, 0-1."""
    mean = (sum(text.length for text in texts) / len(texts)) or 1.0
    most = sum(weights.values()) * (K1 + 1) or 1.0
    scores = []
    for text, title in zip(texts, titles, strict=True):
        norm = K1 * (1 - B + B * text.length / mean)
        total = 0.0
        for term, weight in weights.items():
            count = text.stems[term] + (TITLE_BOOST if term in title.stems else 0.0)
            total += weight * count * (K1 + 1) / (count + norm) if count else 0.0
        scores.append(total / most)
    return scores


@lru_cache(maxsize=4096)
def _embedded(vectors: Vectors, text: str) -> Floats:
    """A passage's vector; kept, because the same passages are found again and again."""
    row: Floats = vectors.embed([text])[0]
    return row


def by_article(found: Iterable[Passage]) -> dict[int, str]:
    """What was found of each article, with its title and publisher: names are seldom repeated in each passage."""
    parts: dict[int, list[str]] = {}
    for one in found:
        parts.setdefault(one.article_id, [one.title, one.publisher]).append(one.text)
    return {article: " \n ".join(texts) for article, texts in parts.items()}


class _Looking:
    """Looks closely at passages for one question."""

    def __init__(
        self,
        query: Query,
        terms: Terms,
        weights: dict[str, float],
        *,
        vectors: Vectors | None,
        now: datetime,
        story_id: int | None,
        articles: Mapping[int, str],
    ) -> None:
        self._query = query
        self._articles = articles
        self._terms = terms
        self._named = weights
        self._weights = np.array([weights[stem] for stem in terms.stems], dtype=np.float32)
        self._whole = float(self._weights.sum()) or 1.0
        self._vectors = vectors
        self._asked = vectors.embed([" ".join((query.text, *query.context_names))])[0] if vectors is not None else None
        self._now = now
        self._story_id = story_id

    def learn(self, texts: Iterable[Analysed]) -> None:
        """Hold all words of the passages against the question's at once."""
        self._terms.learn(texts)

    def cover(self, text: Analysed, title: Analysed) -> float:
        """Share of the question's words that a passage or its title meets."""
        return self._share(np.maximum(self._terms.met(text), 0.8 * self._terms.met(title)))

    def at(self, passage: Passage, text: Analysed, title: Analysed, lexical: float) -> Scored:
        """One passage with how well it fits."""
        query = self._query
        met = self._terms.met(text)
        around = np.maximum(TITLE_MET * self._terms.met(title), PASSAGE_MET * met)
        cover = self.cover(text, title)
        sentence = max(
            (self._share(np.maximum(self._terms.met(one), around)) for one in sentences(passage.text)), default=0.0
        )
        likeness = self._likeness(passage) if self._vectors is not None else UNLIKENED * cover
        whole = self._articles[passage.article_id]
        asked = (*query.names, *query.context_names)
        held = [name for name in asked if holds_name(name, whole)]
        names = len(held) / len(asked) if asked else 1.0
        score = LEXICAL * lexical + MET * cover + SENTENCE * sentence + LIKENESS * likeness + NAMES * names
        why = [f"meets {cover:.0%} of the question's words"] if cover else []
        if held:
            why.append("names " + ", ".join(held))
        fit = score
        if self._story_id is not None and passage.story_id == self._story_id:
            score += STORY_BONUS * (2.0 if query.about_thread or query.follow_up else 1.0)
            why.append("from this thread's story")
        if query.latest:
            days = max(0.0, (self._now - passage.published_at).total_seconds() / 86_400)
            score *= 0.5 + 0.5 * 0.5 ** (days / HALF_LIFE_DAYS)
            why.append(f"{days:.0f} days old")
        return Scored(
            passage,
            score,
            tuple(why),
            cover=cover,
            likeness=likeness,
            sentence=sentence,
            names=names,
            fit=fit,
            weights=self._named,
        )

    def _share(self, met: Floats) -> float:
        return float(met @ self._weights) / self._whole

    def _likeness(self, passage: Passage) -> float:
        if self._vectors is None or self._asked is None:
            return 0.0
        return max(0.0, float(_embedded(self._vectors, f"{passage.title}. {passage.text}") @ self._asked))
