"""Where a sentence was copied from: copies cost nothing, leaps to another sentence are seams."""

from __future__ import annotations

import pytest

from bot.writing.copying import Original

SOURCE = (
    "the manager helen orr said the roof had collapsed",
    "inspector paul renwick said a green van had been found",
    "he said the van was stolen in may",
)
ORIGINAL = Original([sentence.split() for sentence in SOURCE])


def test_a_copy_costs_nothing_and_other_words_all() -> None:
    """The cost rises from a copy over one with words left out to a sentence of nothing but new words."""
    copied = ORIGINAL.trace(SOURCE[0].split())
    shorter = ORIGINAL.trace(["helen", "orr", "said", "the", "roof", "collapsed"])
    other = ORIGINAL.trace(["birds", "sang"])
    assert (copied.cost, copied.leaps, copied.seams) == (0.0, 0.0, 0.0)
    assert copied.cost < shorter.cost < other.cost == 1.0
    assert shorter.seams == 0.0


def test_two_sentences_put_together_show_a_seam() -> None:
    """One sentence's subject with another one's verb is a leap, and a seam, because all of it is copied."""
    fused = ORIGINAL.trace(["the", "manager", "helen", "orr", "said", "a", "green", "van", "had", "been", "found"])
    assert fused.leaps == pytest.approx(1 / 11)
    assert fused.seams > 0.0


def test_a_name_for_the_pronoun_behind_it_is_no_leap() -> None:
    """Whom "he" stands for, the sentence before says; somebody named elsewhere leaps."""
    assert ORIGINAL.trace(["paul", "renwick", "said", "the", "van", "was", "stolen", "in", "may"]).leaps == 0.0
    assert ORIGINAL.trace(["helen", "orr", "said", "the", "van", "was", "stolen", "in", "may"]).leaps > 0.0


def test_free_words_have_no_seams() -> None:
    """In a sentence that copies no run of words a leap says nothing."""
    assert ORIGINAL.trace(["roof", "down", "says", "manager", "as", "police", "find", "stolen", "vehicle"]).seams == 0.0
    assert ORIGINAL.trace(()).cost == 0.0
