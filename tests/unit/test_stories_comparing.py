"""Figures are compared at the precision of their writing."""

import pytest

from bot.stories.comparing import compatible, conflict, normal, same, supports
from bot.stories.figures import Figure, find


def figure(text: str) -> Figure:
    """The one figure of a text."""
    (found,) = find(text)
    return found


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("$50B", "50 billion dollars"),
        ("1,200 MW", "1.2 GW"),
        ("$8 billion", "$8.2 billion"),
        ("three times", "3x"),
        ("18 months", "1.5 years"),
        ("40 cents per million tokens", "$0.40 per million tokens"),
        ("5 November 2026", "Nov 5"),
        ("8 to 10 GW", "8,000 to 10,000 MW"),
        ("40,000 GPUs", "forty thousand GPUs"),
    ],
)
def test_same(a: str, b: str) -> None:
    """One value in two writings is the same, both ways round."""
    assert same(figure(a), figure(b))
    assert same(figure(b), figure(a))
    assert not conflict(figure(a), figure(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("1 GW", "1.2 GW"),
        ("$50 billion", "$51 billion"),
        ("40,000 GPUs", "41,000 GPUs"),
        ("5 November 2026", "6 November 2026"),
        ("12%", "13%"),
        ("Q3 2027", "Q4 2027"),
        ("8 to 10 GW", "11 GW"),
    ],
)
def test_different_values_conflict(a: str, b: str) -> None:
    """Two values that rounding can't explain are different, and contradict each other."""
    assert not same(figure(a), figure(b))
    assert conflict(figure(a), figure(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("more than 1 GW", "1.2 GW"),
        ("up to 5 GW", "4 GW"),
        ("about 300 MW", "320 MW"),
        ("8 to 10 GW", "9 GW"),
        ("2027", "Q3 2027"),
        ("$5bn", "€4bn"),
        ("50 MW", "50 MWh"),
    ],
)
def test_bounds_and_other_units_do_not_conflict(a: str, b: str) -> None:
    """A bound, an estimate, a wider date or another unit contradicts nothing."""
    assert not conflict(figure(a), figure(b))
    assert not conflict(figure(b), figure(a))


def test_supports_rounds_but_never_sharpens() -> None:
    """A claim may round its source's figure or widen its date; it may not be more precise than the source."""
    assert supports(figure("$8.2 billion"), figure("$8 billion"))
    assert not supports(figure("$8 billion"), figure("$8.2 billion"))
    assert supports(figure("5 November 2026"), figure("November 2026"))
    assert not supports(figure("November 2026"), figure("5 November 2026"))
    assert supports(figure("1,200 MW"), figure("1.2 GW"))
    assert not supports(figure("Nov 5"), figure("5 November 2026"))


def test_compatible_needs_one_currency() -> None:
    """Dollars and euros are not compared; a bare number goes with a count."""
    assert not compatible(figure("$5bn"), figure("€5bn"))
    assert compatible(figure("40,000 GPUs"), figure("it made 40,000."))


def test_normal_writes_figures_one_way() -> None:
    """Two sentences that differ in how they write a figure have one normal form."""
    assert normal("a “1,200 MW” site") == normal('a "1.2 GW" site')
