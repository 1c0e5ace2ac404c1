from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.stories.vectors import word_vectors
from bot.writing import roles
from bot.writing.expecting import spans
from bot.writing.meaning import Terms, analysed
from bot.writing.question import understand

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _fits(question: str, sentence: str, before: str = "") -> bool:
    query = understand(question, now=NOW)
    terms = Terms(query.surfaces, word_vectors())
    met = dict(zip(terms.stems, terms.met(analysed(sentence)).tolist(), strict=True))
    return roles.fits(query, sentence, before, met)


@pytest.mark.parametrize(
    ("question", "sentence", "before"),
    [
        ("Who is the chief executive of Calder Memory?", "All is sold, chief executive Bae Jun-seo said.", "Sunhae"),
        ("Who is the chief executive of Verdance?", "Odile Farrant, Verdance's chief nuclear officer, said so.", ""),
        ("Which bank finances the Tallow Creek lease?", "Brightwater has signed a lease at Tallow Creek.", ""),
        ("Which factory makes the cable to Skarvik?", "Fjordnett will lay a second cable to Skarvik.", ""),
        ("How much is Saltmarsh worth?", "Saltmarsh gets a bonus of $6 million from an insurer.", ""),
        ("Who did not sign the document of Strandlink?", "Eleven companies signed the Strandlink document.", ""),
        ("How many parameters does Fjell 4 have?", "Fjell 4 Small has 14 billion parameters.", "Fjell 4 Small"),
        ("What does Halden pay Norrland?", "Norrland pays $3 billion as Halden reaches milestones.", "Norrland Halden"),
        ("What did Sunhae say about prices?", "Sunhae forecast capital spending of $21 billion.", "Sunhae Memory"),
        ("What is Aldous Turbine's market share?", "It raised its prices by 22 percent.", "Aldous Turbine sold out"),
    ],
)
def test_a_sentence_about_something_else_does_not_fit(question: str, sentence: str, before: str) -> None:
    """Another's office, another office, no such thing, a sum that is no value, the opposite, a namesake, any share."""
    assert not _fits(question, sentence, before)


@pytest.mark.parametrize(
    ("question", "sentence", "before"),
    [
        ("Who is the chief executive of Calder Memory?", "Chief executive Ann Lee said so.", "Calder Memory's stacks"),
        ("Who is the CEO of Calder Memory?", "Calder Memory's chief executive Ann Lee said so.", ""),
        ("Which lawyer comments on the Penhale rule?", "Penhale's trade lawyer Delia Ostrander called it vague.", ""),
        ("Which company leases Tallow Creek?", "Brightwater has leased Tallow Creek.", ""),
        ("How much does Norrland pay Halden?", "Norrland pays $3 billion as Halden reaches milestones.", "Halden"),
        ("What did Sunhae say about prices?", "Contract prices are 18 % higher, the company said.", "Sunhae Memory"),
        ("What is Halden worth?", "The deal values Halden at about $62 billion.", ""),
        ("Who did not sign the Strandlink document?", "Tessellar did not sign the Strandlink document.", ""),
        ("How many parameters does Fjell 4 have?", "Fjell 4 has 400 billion parameters.", ""),
        ("What is Aldous Turbine's market share?", "It has 40 percent of the market.", "Aldous Turbine"),
    ],
)
def test_a_sentence_about_what_is_asked_fits(question: str, sentence: str, before: str) -> None:
    """What the rules must let pass: the same roles, whoever's name came before."""
    assert _fits(question, sentence, before)


def test_who_only_speaks_is_not_who_is_asked_for() -> None:
    """The speaker counts little, unless the word that is asked for stands beside the name."""
    asked = understand("Which two customers signed for Harrow Flats?", now=NOW)
    speaker = "Chief development officer Piers Vandale told Rackpost that two customers have signed."
    assert max(span.strength for span in spans(asked, speaker)) < 0.5
    asked = understand("Who leads Corvid software?", now=NOW)
    named = '"It is the memory," said Hedda Lindqvist, who leads Corvid software.'
    assert max(span.strength for span in spans(asked, named)) == 1.0
