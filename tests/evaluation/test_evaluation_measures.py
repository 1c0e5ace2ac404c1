"""Measures against values worked out by hand, and against what must hold for any numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.measures import (
    at_false_rate,
    auroc,
    bcubed,
    counted,
    f1,
    mean,
    percentile,
    recall_at,
    reciprocal_rank,
)

partitions = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)
scored = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40).filter(
    lambda pairs: len({label for _, label in pairs}) == 2
)


def test_bcubed_of_a_worked_example() -> None:
    """Two clusters over three classes: precision and recall of each item, averaged, as the paper does it.

    Clusters {a a b} and {b c}: precision of the items 2/3, 2/3, 1/3, 1/2, 1/2; recall 1, 1, 1/2, 1/2, 1.
    """
    found = {1: "x", 2: "x", 3: "x", 4: "y", 5: "y"}
    true = {1: "a", 2: "a", 3: "b", 4: "b", 5: "c"}
    score = bcubed(found, true)
    assert score.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert score.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1) / 5)
    assert score.f1 == pytest.approx(f1(score.precision, score.recall))


def test_bcubed_refuses_different_items() -> None:
    """A partition that misses an item can't be compared; neither can two empty ones."""
    with pytest.raises(ValueError, match="same items"):
        bcubed({1: 1}, {2: 1})
    with pytest.raises(ValueError, match="at least one"):
        bcubed({}, {})


@given(partitions)
def test_bcubed_turned_round_swaps_precision_and_recall(pairs: list[tuple[int, int]]) -> None:
    """What one partition's precision is, is the other's recall; both lie in (0, 1]; equal partitions have 1."""
    found = {at: one for at, (one, _) in enumerate(pairs)}
    true = {at: other for at, (_, other) in enumerate(pairs)}
    there, back = bcubed(found, true), bcubed(true, found)
    assert there.precision == pytest.approx(back.recall)
    assert 0 < there.precision <= 1 + 1e-12
    assert 0 < there.recall <= 1 + 1e-12
    assert bcubed(found, found).f1 == pytest.approx(1)


def test_auroc_of_a_worked_example() -> None:
    """Positives 3 and 1 against negatives 2 and 1: pairs won 1, 1, 0 and a tie, so 2.5 of 4."""
    assert auroc([3, 1, 2, 1], [True, True, False, False]) == pytest.approx(2.5 / 4)
    assert math.isnan(auroc([1, 2], [True, True]))


@given(scored)
def test_auroc_is_the_share_of_pairs_won(pairs: list[tuple[int, bool]]) -> None:
    """By ranks it is the same as by comparing every pair; turned round it is one minus itself."""
    scores, labels = [float(score) for score, _ in pairs], [label for _, label in pairs]
    good = [score for score, label in pairs if label]
    bad = [score for score, label in pairs if not label]
    won = sum((one > other) + 0.5 * (one == other) for one in good for other in bad) / (len(good) * len(bad))
    assert auroc(scores, labels) == pytest.approx(won)
    assert auroc([-score for score in scores], labels) == pytest.approx(1 - won)
    assert auroc([3 * score + 7 for score in scores], labels) == pytest.approx(won)


def test_the_threshold_at_a_false_rate() -> None:
    """With ten negatives one may pass at 10 %: the threshold lies where the second would."""
    scores = [9.0, 8.0, 7.0, 6.0, 5.0, *[float(at) / 10 for at in range(9, 0, -1)], 7.5]
    labels = [True] * 5 + [False] * 10
    best = at_false_rate(scores, labels, 0.1)
    assert best.true_rate == 1.0
    assert best.false_rate == pytest.approx(0.1)
    strict = at_false_rate(scores, labels, 0.0)
    assert strict.true_rate == pytest.approx(2 / 5)
    assert strict.threshold == 8.0


def test_equal_scores_pass_together_or_not_at_all() -> None:
    """A positive that ties with too many negatives doesn't pass."""
    best = at_false_rate([2.0, 1.0, 1.0, 1.0], [True, True, False, False], 0.4)
    assert (best.true_rate, best.false_rate) == (0.5, 0.0)


@given(scored, st.floats(0, 1))
def test_the_false_rate_is_never_passed(pairs: list[tuple[int, bool]], most: float) -> None:
    """Whatever the scores, at most the given share of negatives reaches the threshold, as counted afterwards."""
    scores, labels = [float(score) for score, _ in pairs], [label for _, label in pairs]
    best = at_false_rate(scores, labels, most)
    passed = [label for score, label in pairs if score >= best.threshold]
    assert passed.count(False) <= most * labels.count(False) + 1e-9
    assert passed.count(True) / labels.count(True) == pytest.approx(best.true_rate)


def test_ranks() -> None:
    """The reciprocal rank counts places from one and forgets what is too far down; recall counts each once."""
    assert reciprocal_rank(["a", "b", "c"], ["c", "b"]) == 1 / 2
    assert reciprocal_rank(["a", "b", "c"], ["c"], most=2) == 0.0
    assert recall_at(["a", "b", "c", "d"], ["b", "z"], most=3) == 1 / 2
    with pytest.raises(ValueError, match="found"):
        recall_at(["a"], [])


def test_counts_and_averages() -> None:
    """Precision, recall and F1 of counts; percentiles by nearest rank; nothing has no mean."""
    score = counted(3, 4, 6)
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert score.f1 == pytest.approx(0.6)
    assert f1(0.0, 0.0) == 0.0
    assert percentile([4, 1, 3, 2], 0.5) == 2
    assert percentile([4, 1, 3, 2], 0.95) == 4
    assert math.isnan(mean([]))
    assert math.isnan(percentile([], 0.5))
    assert mean([1, 3]) == 2
