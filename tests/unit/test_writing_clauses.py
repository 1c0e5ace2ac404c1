"""Long sentences cut to the clause with the figure: what may go, and what must stay."""

from __future__ import annotations

import pytest

from bot.models import Quote, Sentence
from bot.writing.clauses import trim
from bot.writing.grounding import check


def _trim(text: str, shown: str, beyond: int = 8) -> str:
    made = trim(Sentence(text, (Quote(1, text),)), shown, {1: text}, beyond=beyond)
    assert check(made, {1: text}).ok
    return made.text


@pytest.mark.parametrize(
    ("text", "shown", "short"),
    [
        (
            (
                "Vetle Cloud, which rents out chips by the hour, asked a court for protection, saying it had debts of"
                " $620 million."
            ),
            "$620 million",
            "Vetle Cloud asked a court for protection, saying it had debts of $620 million.",
        ),
        (
            (
                "Tromvik Memory has passed a long test at a large customer and will deliver 2 million stacks by June, a"
                " quarter later than planned."
            ),
            "2 million stacks",
            "Tromvik Memory will deliver 2 million stacks by June.",
        ),
        (
            "The part carries 384 GB of memory in two towers and computes 6.1 petaflops in eight bits.",
            "384 GB",
            "The part carries 384 GB of memory in two towers.",
        ),
        (
            (
                "Vetle Cloud will invest up to $8 billion in Halden Labs, which will move to its chips, the two"
                " companies said, in the largest such deal yet."
            ),
            "$8 billion",
            "Vetle Cloud will invest up to $8 billion in Halden Labs, the two companies said.",
        ),
    ],
    ids=["aside", "told before and", "second predicate", "attribution stays"],
)
def test_a_line_holds_the_clause_with_the_figure(text: str, shown: str, short: str) -> None:
    """Asides, tails and what was told before "and" go; the figure, its subject and who says so stay."""
    assert _trim(text, shown) == short


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Vetle Cloud said the chip costs $900 million in all and draws 40 MW at full load there.", "40 MW"),
        ("The reactor of 835 MW was shut nine years ago because, in the words of its owner, nobody paid.", "835 MW"),
        ('The group called its 40 MW hall "a first step, and one with no way back", two years later.', "40 MW"),
        ("If the line is built by 2030, as the county hopes, the hall gets its 40 MW of power.", "40 MW"),
    ],
    ids=["speaker", "leads on", "quotation", "condition"],
)
def test_what_a_cut_would_spoil_stays_whole(text: str, shown: str) -> None:
    """No cut loses a speaker, halves a quotation, drops a condition or ends on a word that leads on."""
    assert _trim(text, shown) == text


def test_what_limits_a_negation_stays() -> None:
    """The words "no free place before 2031" are not "no free place": no cut makes them so, the checker refuses it."""
    text = "Aldous has orders for 46 GW and no free place on its lines before 2031, it said."
    assert "before 2031" in _trim(text, "46 GW") or "no free" not in _trim(text, "46 GW")
    cut = Sentence("Aldous has orders for 46 GW and no free place on its lines, it said.", (Quote(1, text),))
    assert any("limits" in problem for problem in check(cut, {1: text}).problems)


def test_a_short_sentence_stays_as_it_is() -> None:
    """Nothing is cut from a sentence that is short enough."""
    text = "The town, which owns the quay, hopes for 700 jobs."
    assert _trim(text, "700 jobs", beyond=10) == text


def test_an_aside_that_opens_a_list_is_not_cut_at_its_first_comma() -> None:
    """What would be left is another sentence, or none."""
    text = (
        "The chain, which added 29 people last year including cooks, waiters and clerks, an increase of 17.4%,"
        " expects to hire 30 more."
    )
    assert _trim(text, "17.4%") == text
    assert _trim(text, "29 people") == text


def test_a_colon_within_a_name_ends_no_line() -> None:
    """A tail behind a colon goes only where it goes on in small letters."""
    text = (
        "Ada Moll spoke on 24 April at Powering AI: The Summit of the valley, which is held twice a year by the port."
    )
    assert "Summit" in _trim(text, "24 April")
