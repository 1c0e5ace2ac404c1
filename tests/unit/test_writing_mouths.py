"""Whose words a sentence is in, and whom "the company" stands for."""

from __future__ import annotations

import pytest

from bot.writing.mouths import antecedent, is_first_person


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("We have served the model since May.", True),
        ("Today I measured both cards.", True),
        ("It told us nothing.", True),
        ("The region us-east-1 was down for fifteen hours.", False),
        ("The hall carries the I/O of two sites.", False),
        ("Work on the Harrow I site goes on.", False),
        ("Harrow I is being enlarged.", False),
    ],
)
def test_the_writer_speaks_of_himself(text: str, *, own: bool) -> None:
    """Regions and ports hold the same letters as "us" and "I"."""
    assert is_first_person(text) is own


@pytest.mark.parametrize(
    ("before", "text", "name"),
    [
        ("Calder raised $500 million on Friday.", "The start-up has 40 people.", "Calder"),
        ("Calder Inc. has opened a hall.", "The company's rents fell.", "Calder"),
        (
            "Calder, which three engineers of Ostara founded in 2024, received most of it.",
            "The firm will ship.",
            "Calder",
        ),
        ("Calder bought Ostara.", "The company makes chips.", ""),
        ("The Wire reported that Calder would build.", "The company said nothing.", ""),
        ("A hall opened in Tromvik.", "The company said nothing.", ""),
        ("Calder has opened a hall.", "The company of the year is Ostara.", ""),
    ],
)
def test_the_company_stands_for_the_name_that_opens_the_sentence_before(before: str, text: str, name: str) -> None:
    """Where two organisations could be meant, none is."""
    assert antecedent(before, text) == name
