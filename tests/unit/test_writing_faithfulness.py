"""The score of support: copies above paraphrases above inventions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.writing.faithfulness import Evidence, support

SOURCE = (
    "Verdance filed to restart the 835 MW reactor at Elk Narrows at a cost of $1.6 billion. Norrland Cloud will buy the"
    " whole output for 20 years. The county has not approved the plan."
)


def test_support_orders_sentences_as_a_reader_would() -> None:
    """A copy scores 1, a faithful rewording more than a wrong figure, a dropped "not" or another event."""
    copied = support(SOURCE, "Norrland Cloud will buy the whole output for 20 years.")
    reworded = support(SOURCE, "Norrland Cloud will buy the output of Elk Narrows for 20 years.")
    wrong = support(SOURCE, "Norrland Cloud will buy the output of Elk Narrows for 30 years.")
    approved = support(SOURCE, "The county has approved the plan of Verdance.")
    refused = support(SOURCE, "The county has not approved the plan of Verdance.")
    other = support(SOURCE, "Sunhae sold all its memory for next year.")
    assert copied == 1.0
    assert 1.0 > reworded > wrong > other
    assert refused > approved


@given(st.text(max_size=120), st.text(max_size=60))
def test_support_is_a_share(source: str, sentence: str) -> None:
    """Any two texts give a number from 0 to 1."""
    assert 0.0 <= support(source, sentence) <= 1.0


def test_planted_errors_score_below_light_rewriting() -> None:
    """A rewording keeps more than a slipped-in "not", a turned word, another number or name, or an invented clause."""
    kept = support(SOURCE, "Norrland Cloud is to buy the whole output for 20 years.")
    errors = [
        "Norrland Cloud will not buy the whole output for 20 years.",
        "Norrland Cloud will sell the whole output for 20 years.",
        "Norrland Cloud will buy the whole output for 25 years.",
        "Brightwater Systems will buy the whole output for 20 years.",
        "Norrland Cloud will buy the whole output for 20 years, and its founder has resigned.",
    ]
    assert all(support(SOURCE, error) < kept for error in errors)


def test_what_differs_is_seen_where_all_words_stay() -> None:
    """Swapped names, another pronoun and a figure from elsewhere in the source are told apart from a rewording."""
    source = (
        "Verdance told Norrland Cloud that it had won. The reactor cost $1.6 billion and has 835 MW. "
        "Halden paid $2.4 billion for the land."
    )
    evidence = Evidence(source)
    assert evidence.features("Norrland Cloud told Verdance that it had won.").swapped == 1.0
    assert evidence.features("Verdance told Norrland Cloud that they had won.").pronoun == 1.0
    kept = evidence.support("The reactor has 835 MW and cost $1.6 billion.")
    assert kept > evidence.support("The reactor has 835 MW and cost $2.4 billion.")
    assert kept > evidence.support("Norrland Cloud told Verdance that it had won the reactor.")
    assert evidence.support("Verdance told Norrland Cloud that it had won.") == 1.0
