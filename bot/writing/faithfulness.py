"""How well a text bears a sentence out, as one number; pure. For evaluation and ranking, where `grounding` is a veto.

The sentence is laid against the best few sentences of the source: shared word pairs (the best single guard on
near-extractive text, AUROC .84), shared words, and a deduction for each particular that the source lacks and for each
hedge, negation or direction that is turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.stories.sentences import normalise, split, words
from bot.writing import particulars, polarity

NEAREST = 4
"""Sentences of the source that a sentence is laid against; a summary's sentence draws on two or three."""
PENALTIES = {"particular": 0.22, "polarity": 0.12}


def support(source: str, sentence: str) -> float:
    """How far `source` bears `sentence` out, 0–1; a sentence copied from it scores 1.

    Args:
        source: the whole text.
        sentence: one sentence or a short summary; a summary gets the mean of its sentences.
    """
    claims = [normalise(span.text) for span in split(sentence)] or [normalise(sentence)]
    spans = [normalise(span.text) for span in split(source)]
    whole = normalise(source)
    scores = [_support(whole, spans, claim) for claim in claims if claim]
    return sum(scores) / len(scores) if scores else 0.0


def _support(whole: str, spans: Sequence[str], claim: str) -> float:
    if claim.rstrip(" .").lower() in whole.lower():
        return 1.0
    own = words(claim)
    if not own:
        return 0.0
    nearest = sorted(spans, key=lambda span: -_shared(own, words(span)))[:NEAREST]
    near = words(" ".join(nearest))
    single = _shared(own, near)
    pairs = set(pairwise(own))
    double = len(pairs & set(pairwise(near))) / len(pairs) if pairs else single
    anywhere = _shared(own, words(whole))
    score = 0.4 * single + 0.35 * double + 0.25 * anywhere
    missing = [
        *particulars.figures(claim, [whole], "en"),
        *particulars.codes(claim, [whole]),
        *particulars.names(claim, [whole]),
    ]
    turned = [
        *polarity.surer(claim, nearest[:2]),
        *polarity.negated(claim, nearest[:2]),
        *polarity.reversed_words(claim, nearest[:2]),
    ]
    score -= PENALTIES["particular"] * min(3, len(missing)) + PENALTIES["polarity"] * min(2, len(turned))
    return max(0.0, min(0.99, score))


def _shared(own: Sequence[str], theirs: Sequence[str]) -> float:
    mine = set(own)
    return len(mine & set(theirs)) / len(mine) if mine else 0.0
