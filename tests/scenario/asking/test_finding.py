"""Finding the right passage, and knowing that there is none, on subjects of all kinds; beside plain BM25."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.evaluation.measures import auroc, mean, reciprocal_rank
from bot.models import AnswerState, Passage
from bot.newsroom.composing import _Asked
from bot.stories.sentences import words
from bot.stories.vectors import word_vectors
from bot.writing.answer import Answerer
from bot.writing.gates import archive_score
from bot.writing.question import understand
from bot.writing.retrieve import Scored, rank

if TYPE_CHECKING:
    from tests.scenario.asking.conftest import Desk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _found(text: str, passages: Sequence[Passage]) -> tuple[Scored, ...]:
    return rank(understand(text, now=NOW), passages, vectors=word_vectors(), now=NOW)


def _by_bm25(passages: Sequence[Passage]) -> Callable[[str], list[int]]:
    """The passages' ids by BM25 over title and text, with every word of the question."""
    texts = [Counter(words(f"{one.title} {one.text}")) for one in passages]
    holding = Counter(word for text in texts for word in text)
    count, length = len(texts), mean([float(text.total()) for text in texts])

    def order(question: str) -> list[int]:
        def score(text: Counter[str]) -> float:
            total = 0.0
            for word in set(words(question)):
                norm = text[word] + 1.2 * (0.25 + 0.75 * text.total() / length)
                rarity = math.log1p((count - holding[word] + 0.5) / (holding[word] + 0.5))
                total += rarity * text[word] * 2.2 / norm
            return total

        ranked = sorted(zip(texts, passages, strict=True), key=lambda pair: -score(pair[0]))
        return [one.id for _, one in ranked[:10]]

    return order


def test_the_right_passage_is_found_more_surely_than_by_words(desk: Desk) -> None:
    """On subjects that nothing was fitted to in the field, questions in other words than their answers: MRR@10 > .9."""
    passages = desk.passages()
    by_words = _by_bm25(passages)
    ours, theirs, five = [], [], []
    for one in desk.general():
        ids = [item.passage.id for item in _found(one.text, passages)]
        ours.append(reciprocal_rank(ids, [one.gold]))
        theirs.append(reciprocal_rank(by_words(one.text), [one.gold]))
        five.append(float(one.gold in ids[:5]))
    assert mean(ours) > 0.91
    assert mean(five) > 0.97
    assert mean(ours) > mean(theirs) + 0.05


def test_the_store_finds_the_right_article(desk: Desk) -> None:
    """Through the real word index the right article comes first for nearly every question on the sample articles."""
    newsroom, ranks = desk.archive.newsroom, []
    for one in (one for half in desk.halves().values() for one in half):
        if one.unknown or one.thread or one.asked or not one.articles:
            continue
        query = understand(one.text, now=NOW)
        found, _ = desk.runner.run(newsroom._look_up(_Asked(query, "T1", None, None, is_shared=False)))
        scored = rank(query, found, vectors=word_vectors(), now=NOW, rarity=newsroom._knowledge.rarity)
        keys = [desk.archive.keys[item.passage.article_id] for item in scored]
        ranks.append(reciprocal_rank(keys, one.articles))
    assert mean(ranks) > 0.96


async def test_what_was_taken_away_is_known_to_be_missing(desk: Desk) -> None:
    """Each question with its subject's passages and without: the gate tells them apart, and hardly one is answered."""
    passages = desk.passages()
    answerer = Answerer(vectors=word_vectors())
    scores, labels, told = [], [], 0
    for one in desk.general():
        query = understand(one.text, now=NOW)
        others = [item for item in passages if item.title != one.topic]
        for kept in (passages, others):
            scored = _found(one.text, kept)
            scores.append(archive_score(query, scored))
            labels.append(kept is passages)
        answer = await answerer.answer(query, scored, now=NOW)
        told += answer.state is AnswerState.ANSWERED
    assert auroc(scores, labels) > 0.93
    assert told <= 0.05 * len(desk.general())
