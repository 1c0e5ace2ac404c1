"""Figures out of their sentences."""

from __future__ import annotations

import pytest

from bot.stories.wording import alone, needs_words


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("1.2-gigawatt", "1.2 gigawatts"),
        ("20-year", "20 years"),
        ("Eleven companies", "eleven companies"),
        ("T700 chips", "T700 chips"),
        ("$8 billion", "$8 billion"),
        ("between $78 and $92 per megawatt-hour", "between $78 and $92 per megawatt-hour"),
        ("H200s", "H200s"),
    ],
)
def test_a_figure_alone_reads_as_one_would_say_it(shown: str, told: str) -> None:
    """`1.2-gigawatt` belongs before a noun; what already stands alone stays."""
    assert alone(shown) == told


@pytest.mark.parametrize(("shown", "needs"), [("60 days", True), ("18 %", True), ("04:12", True), ("1.2 GW", False)])
def test_a_share_or_a_day_says_nothing_alone(shown: str, *, needs: bool) -> None:
    """Sixty days of what? A capacity is a capacity."""
    assert needs_words(shown) is needs
