"""How far words meet: themselves, those made of them, synonyms; numbers and names only themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.vectors import word_vectors
from bot.writing.meaning import Terms, analysed, kin, kindred


def _met(word: str, text: str, *, names: tuple[str, ...] = (), meaning: bool = True) -> float:
    (stem,) = analysed(word).order
    return round(float(Terms({stem: word}, word_vectors() if meaning else None, names).met(analysed(text))[0]), 4)


@pytest.mark.parametrize(
    ("word", "text", "least", "most"),
    [
        ("price", "The price rose.", 1.0, 1.0),
        ("prices", "A pricing error", 1.0, 1.0),
        ("buys", "the buyer of the output", 0.9, 0.9),
        ("acceptance", "it accepts drafts", 0.9, 0.9),
        ("purchase", "They buy power.", 0.5, 0.85),
        ("banknotes", "polymer notes", 0.3, 0.85),
        ("reactor", "a song about bees", 0.0, 0.05),
        ("2027", "in 2028", 0.0, 0.0),
        ("price", "", 0.0, 0.0),
    ],
)
def test_how_far_a_word_is_met(word: str, text: str, least: float, most: float) -> None:
    """The very word counts whole, one made of it nearly, a synonym in part, anything else not."""
    assert least <= _met(word, text) <= most


def test_names_mean_only_themselves() -> None:
    """Another company is no synonym; a word made of the name is the name."""
    assert _met("microsoft", "Google said so.", names=("microsoft",)) == 0.0
    assert _met("europeans", "the banks of Europe", names=("european",)) == 0.9
    assert kindred("european", "europe")
    assert not kindred("corvid", "corner")


def test_without_vectors_only_words_count() -> None:
    """Meaning is left out, words and their relations stay."""
    assert _met("purchase", "They buy power.", meaning=False) == 0.0
    assert _met("buy", "the buyer", meaning=False) == 0.9


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_can_be_compared(question: str, text: str) -> None:
    """Whatever is written, each term is met between not at all and wholly."""
    terms = Terms(dict(analysed(question).surface), word_vectors())
    met = terms.met(analysed(text))
    assert met.shape == (len(terms.stems),)
    assert bool(np.all((met >= 0) & (met <= 1)))


def test_kin_are_other_words_in_turns() -> None:
    """Each word's nearest first, none that the question has in some form, nothing for names and numbers."""
    found = kin(
        {"worker": "workers", "fee": "fees", "norrland": "norrland", "2027": "2027"}, {"norrland"}, word_vectors()
    )
    assert not {"worker", "workers", "fee", "fees"} & set(found)
    assert "cost" in found[:4]
    assert len({"labour", "labor", "employees", "employed"} & set(found)) > 1
    assert kin({"norrland": "norrland"}, {"norrland"}, word_vectors()) == ()
