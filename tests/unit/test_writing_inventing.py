"""What a sentence has that its source lacks: names, figures, words and outcomes, each counted apart."""

from __future__ import annotations

import pytest

from bot.stories.vectors import word_vectors
from bot.writing.inventing import Invented, Known
from bot.writing.outcomes import invented

SOURCE = "Six crews fought the blaze in Dunmore for five hours. About 430 people work at the mill. It cost £1.1m."
KNOWN = Known(
    SOURCE.lower().replace(".", " ").replace("£1 1m", "1.1m").split(),
    SOURCE.split(". "),
    word_vectors(),
)


def found(text: str) -> Invented:
    """What a sentence has beyond the source."""
    return KNOWN.invented(text, text.lower().rstrip(".").split())


def test_names_are_known_with_and_without_their_capitals() -> None:
    """Another town counts, one of the source does not, nor does a common word that opens the sentence."""
    assert found("A blaze in Dunmore took five hours.").names == 0
    assert found("A blaze in Bristol took five hours.").names == 1
    assert found("Firefighters fought a blaze.").names == 0
    assert found("a blaze in bristol took five hours.").names == 1
    assert found("a fire in dunmore was fought by six crews.").names == 0


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("The blaze took five hours.", 0),
        ("The blaze took nine hours.", 1),
        ("Hundreds of jobs are at risk.", 0),
        ("Dozens of jobs are at risk.", 1),
        ("It cost more than £1m.", 0),
        ("It cost more than £3m.", 1),
        ("About 450 people work there.", 0),
        ("About 600 people work there.", 1),
    ],
)
def test_figures_may_be_rounded_and_said_in_words(text: str, missing: int) -> None:
    """What a reader would take for the source's figure is there; another one is not."""
    assert found(text).figures == missing


def test_strange_words_are_told_from_near_ones() -> None:
    """A word that means much the same as one of the source is less strange than one of another subject."""
    assert found("The fire in Dunmore.").strange < found("The concert in Dunmore.").strange
    assert Known(["blaze"], ["Blaze."], None).invented("Fire.", ["fire"]).strange == 1.0


def test_outcomes_need_a_word_of_their_family() -> None:
    """A death needs a word for one in the source; in other words it is no invention."""
    assert invented({"man", "died"}, {"fire", "mill"}) == 1
    assert invented({"man", "died"}, {"fire", "killed"}) == 0
    assert invented({"mill"}, {"fire"}) == 0
