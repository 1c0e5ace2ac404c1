"""Texts as parsers and public sets leave them, put right."""

from __future__ import annotations

from bot.stories.sentences import split
from bot.writing.layout import capitalised, laid_out


def test_marks_are_put_at_their_words() -> None:
    """Brackets, quotation marks, stops and shortened words stand as people write them."""
    parsed = "He did n't say -LRB- twice -RRB- : `` no '' . The mill 's roof , he said , fell ."
    assert laid_out(parsed) == "He didn't say (twice): \"no\". The mill's roof, he said, fell."
    assert laid_out("A plain text, as it is.") == "A plain text, as it is."


def test_lower_case_is_cut_into_sentences() -> None:
    """Sentences of a text in lower case are found; nothing moves, and other texts stay."""
    lower = "the mill burned. nobody was hurt. police said mr. orr was away."
    found = split(capitalised(lower))
    assert [lower[span.start : span.end] for span in found] == [
        "the mill burned.",
        "nobody was hurt.",
        "police said mr. orr was away.",
    ]
    assert capitalised("The mill burned. nobody was hurt.") == "The mill burned. nobody was hurt."
