"""What no answer may miss: the question's numbers, and the end of the scale that it asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.writing.constraints import holds_numbers, opposed
from bot.writing.question import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("How many ships passed in 1914?", "It was finished in August 1914.", True),
        ("How many ships passed in 1914?", "Ten ships passed.", False),
        ("What does the 345 kV line cost?", "The second 345 kV line costs $2 billion.", True),
        ("What became of the 12,500 cards?", "All 12500 cards were sold.", True),
        ("Who were the 3 lenders?", "The lenders were banks.", True),
        ("List sites over 300 MW", "A site of 310 MW was leased.", True),
        ("What was signed in the last 10 days?", "A contract was signed.", True),
    ],
)
def test_a_questions_numbers_must_stand_in_the_text(question: str, text: str, *, holds: bool) -> None:
    """Years and figures; not a single digit, not the bound of a list, not the time that is looked at."""
    assert holds_numbers(understand(question, now=NOW), text) is holds


@pytest.mark.parametrize(
    ("question", "sentence", "against"),
    [
        ("What was the lowest temperature?", "The highest temperature was 40.1 degrees.", True),
        ("What was the lowest temperature?", "The lowest and the highest temperature are known.", False),
        ("What is the largest city?", "It is the second largest city of the country.", True),
        ("What is the second largest city?", "It is the second largest city of the country.", False),
        ("What is the largest city?", "It is the largest, before the second largest city.", False),
        ("Who was the first keeper?", "The last keeper was Edith Marlow.", True),
        ("Who keeps the light?", "The last keeper was Edith Marlow.", False),
    ],
)
def test_the_other_end_of_a_scale_is_no_answer(question: str, sentence: str, *, against: bool) -> None:
    """The highest is not the lowest; the second largest is not the largest."""
    assert opposed(understand(question, now=NOW), sentence) is against
