"""Measures, each in its standard definition. Pure: numbers in, numbers out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each 0–1."""

    precision: float
    recall: float
    f1: float


def f1(precision: float, recall: float) -> float:
    """The harmonic mean; 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def counted(hits: int, found: int, wanted: int) -> Score:
    """Precision, recall and F1 of `hits` right ones among `found` and `wanted`; of nothing wanted all is found."""
    precision = hits / found if found else 1.0
    recall = hits / wanted if wanted else 1.0
    return Score(precision, recall, f1(precision, recall))


def bcubed(found: Mapping[Item, Hashable], true: Mapping[Item, Hashable], over: Iterable[Item] | None = None) -> Score:
    """B-cubed precision and recall (Bagga and Baldwin 1998), each item weighing the same.

    Args:
        found: each item's cluster.
        true: each item's class.
        over: the items whose mean is taken; all of them when None. They still see all the others.

    Raises:
        ValueError: the two don't hold the same items, or there is none to take the mean of.
    """
    chosen = found.keys() if over is None else list(over)
    if found.keys() != true.keys() or not chosen:
        raise ValueError("both partitions must hold the same items, and at least one")
    clusters = Counter(found.values())
    classes = Counter(true.values())
    both = Counter((found[item], true[item]) for item in found)
    # Each of the `shared` items of a cluster and a class sees `shared` of its like.
    pairs = Counter((found[item], true[item]) for item in chosen)
    precision = sum(count * both[pair] / clusters[pair[0]] for pair, count in pairs.items()) / len(chosen)
    recall = sum(count * both[pair] / classes[pair[1]] for pair, count in pairs.items()) / len(chosen)
    return Score(precision, recall, f1(precision, recall))


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The area under the ROC curve: how often a positive scores above a negative, ties counting half.

    Mann and Whitney's statistic by ranks, in n log n. NaN where one of the classes is empty.

    Raises:
        ValueError: there are not as many labels as scores.
    """
    positives = sum(labels)
    negatives = len(labels) - positives
    pairs = sorted(zip(scores, labels, strict=True), key=lambda pair: pair[0])
    if not positives or not negatives:
        return math.nan
    ranks = 0.0
    at = 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        middle = (at + 1 + end) / 2  # ranks count from 1; equal scores share the mean of theirs
        ranks += middle * sum(label for _, label in pairs[at:end])
        at = end
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


@dataclass(frozen=True, slots=True)
class Operating:
    """A threshold and what it does: the share of positives and of negatives that score at least as much."""

    threshold: float
    true_rate: float
    false_rate: float


def at_false_rate(scores: Sequence[float], labels: Sequence[bool], most_false: float) -> Operating:
    """The threshold that lets most positives through while at most `most_false` of the negatives pass.

    Raises:
        ValueError: there are not as many labels as scores, or one of the classes is empty.
    """
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        raise ValueError("both classes need at least one item")
    best = Operating(math.inf, 0.0, 0.0)
    hits = false = 0
    pairs = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    for at, (score, label) in enumerate(pairs):
        hits += label
        false += not label
        if false > most_false * negatives:
            break
        if at + 1 == len(pairs) or pairs[at + 1][0] != score:  # equal scores pass together or not at all
            best = Operating(score, hits / positives, false / negatives)
    return best


def reciprocal_rank(ranked: Sequence[Hashable], wanted: Sequence[Hashable], most: int = 10) -> float:
    """One over the place of the first wanted item among the first `most`; 0 where there is none."""
    gold = set(wanted)
    return next((1 / place for place, item in enumerate(ranked[:most], 1) if item in gold), 0.0)


def recall_at(ranked: Sequence[Hashable], wanted: Sequence[Hashable], most: int = 5) -> float:
    """The share of wanted items among the first `most`.

    Raises:
        ValueError: nothing is wanted.
    """
    gold = set(wanted)
    if not gold:
        raise ValueError("recall needs something to be found")
    return len(gold & set(ranked[:most])) / len(gold)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; NaN of nothing."""
    return math.fsum(values) / len(values) if values else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0–1) of the values don't exceed (nearest rank); NaN of nothing."""
    if not values:
        return math.nan
    place = max(1, math.ceil(share * len(values)))
    return sorted(values)[place - 1]
