"""Ratios and orders of magnitude in words: which are figures, which are not, and what may replace them."""

from __future__ import annotations

import pytest

from bot.models import Quote, Sentence
from bot.stories.figures import find
from bot.writing.grounding import check


@pytest.mark.parametrize(
    ("text", "kind", "value", "shown"),
    [
        ("Norrland pays for two-thirds of the cable.", "ratio", 2 / 3, "two-thirds"),
        ("The new part costs a third less than before.", "ratio", 1 / 3, "a third"),
        ("Cached input stays at a tenth of the input price.", "ratio", 0.1, "a tenth"),
        ("The new chip is twice as fast as the old one.", "ratio", 2.0, "twice"),
        ("Rents are more than twice the index.", "ratio", 2.0, "twice"),
        ("More than half of the orders came from cloud companies.", "ratio", 0.5, "half"),
        ("It will spend tens of billions of dollars on halls.", "magnitude", 1e10, "tens of billions"),
        ("The outage cost hundreds of millions, the firm said.", "magnitude", 1e8, "hundreds of millions"),
        ("Dozens of sites are waiting.", "magnitude", 10.0, "Dozens"),
    ],
)
def test_ratios_and_magnitudes_are_read(text: str, kind: str, value: float, shown: str) -> None:
    """Fractions of something, comparisons and orders of magnitude are figures with a value."""
    (found,) = [figure for figure in find(text) if figure.kind == kind]
    assert found.value == pytest.approx(value, rel=1e-5)
    assert found.shown == shown
    assert text[found.start : found.end] == shown


@pytest.mark.parametrize(
    "text",
    [
        "The region opens a third availability zone.",
        "The memory was approved a quarter later than planned.",
        "Twice the loss rose without any fault.",
        "The index is read twice a day.",
        "The first half was slow.",
    ],
)
def test_ordinals_times_and_habits_are_no_ratios(text: str) -> None:
    """A third line, a quarter of the year and "twice a day" compare nothing."""
    assert not [figure for figure in find(text) if figure.kind in {"ratio", "magnitude"}]


@pytest.mark.parametrize(
    ("said", "written", "ok"),
    [
        ("Vetle will pay two thirds of the cost.", "Vetle will pay two-thirds of the cost of the line.", True),
        ("Vetle will pay a third of the cost.", "Vetle will pay two-thirds of the cost of the line.", False),
        ("The chip is twice as fast.", "The chip is three times as fast as the last one.", False),
        ("Vetle spent tens of billions on halls.", "Vetle spent tens of billions of dollars on new halls.", True),
        ("Vetle spent hundreds of billions on halls.", "Vetle spent tens of billions of dollars on new halls.", False),
        ("Vetle spent tens of billions on halls.", "Vetle spent a lot of money on new halls.", False),
    ],
)
def test_the_checker_compares_them(said: str, written: str, *, ok: bool) -> None:
    """A ratio or magnitude must be its quote's own; another one, or one that no quote has, is refused."""
    assert check(Sentence(said, (Quote(1, written),)), {1: written}).ok is ok
