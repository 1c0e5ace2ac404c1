"""The words that can answer a question, by its kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.writing.expecting import expects, spans
from bot.writing.question import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "text", "answers"),
    [
        ("When does it close?", "It is to close in January 2027, it said on Sunday.", ["January 2027", "Sunday"]),
        ("In which year was it lit?", "It was first lit in 1847, on a Sunday.", ["1847"]),
        ("How many megawatts has it?", "The 835 MW unit cost $1.6 billion in 2019.", ["835 MW"]),
        ("How much did they pay?", "They paid $3 billion for 12 % of 400 MW.", ["$3 billion"]),
        ("What share is leased?", "Two thirds of 310 MW are leased, or 66 %.", ["66 %", "Two thirds"]),
        ("How many GPUs were lost?", "About 9,600 GPUs at four sites were lost in 2026.", ["9,600 GPUs"]),
        ("How many cards were ordered?", "They are ordered: 24 units of 90 MVA.", ["24 units"]),
        ("Who buys the output of Elk Narrows?", "Elk Narrows sells to Norrland Cloud.", ["Norrland Cloud"]),
        ("Where does the cluster open?", "It opens in Skarvik in February 2027.", ["Skarvik"]),
        ("Why was it shut?", "It was shut because nobody would pay.", ["because nobody would pay."]),
        ("What is a pod?", "A pod is a rack of 64 cards.", [" rack of 64 cards."]),
        ("List sites over 300 MW", "Sites of 140 MW and 310 MW were leased.", ["310 MW"]),
        ("What did it say?", "It said 300 MW in 2027.", []),
    ],
)  # fmt: skip
def test_spans_of_the_kind_asked_for(question: str, text: str, answers: list[str]) -> None:
    """Dates for when, amounts for how much, new names for who: and nothing of another kind."""
    found = sorted({text[span.start : span.end] for span in spans(understand(question, now=NOW), text)})
    assert found == sorted(answers)


@pytest.mark.parametrize(
    ("question", "demands"),
    [("When?", True), ("How much is it?", True), ("Who did it?", True), ("What happened there then?", False),
     ("Why did it fail?", False), ("List all sites over 300 MW", True), ("List all sites", False)],
)  # fmt: skip
def test_which_kinds_demand_a_span(question: str, *, demands: bool) -> None:
    """A reason or a plain fact may be told in any words; a date, a figure and a name must be there."""
    assert expects(understand(question, now=NOW)) is demands
