"""Texts summed up in their own sentences."""

from __future__ import annotations

from bot.writing.layout import laid_out
from bot.writing.summary import summarise

LONG = (
    "Ostara Compute will build a campus of 1.2 GW at Harrow Flats, the county said. "
    "The campus will draw its power from two new lines, which a utility from the next county will own. "
    "Birds sang at the ceremony. "
    "Two customers have signed for the first halls at Harrow Flats. "
    "The campus will cost $14 billion (about a third of Ostara's value). "
    "Ostara Compute will build a campus of 1.2 GW at Harrow Flats, it said again. "
    '"We are glad," said the mayor of the nearest town. '
    "The first hall of the campus opens in May 2028, and the last one four years later."
)


def _words(summary: tuple[str, ...]) -> int:
    return sum(len(sentence.split()) for sentence in summary)


def test_a_summary_comes_near_to_the_length_asked_for() -> None:
    """Whole sentences in their order, about as many words as wanted, and at least one sentence."""
    for wanted in (20, 40, 60):
        chosen = summarise(LONG, about_words=wanted)
        assert abs(_words(chosen) - wanted) <= 12
        places = [LONG.index(sentence.split(",")[0].rstrip(".")) for sentence in chosen]
        assert places == sorted(places)
    assert len(summarise(LONG, about_words=1)) == 1
    assert len(summarise(LONG, sentences=3)) == 3
    assert summarise("") == ()


def test_nothing_is_told_twice() -> None:
    """Two sentences that say the same do not both stand in a summary, however much room there is."""
    chosen = " ".join(summarise(LONG, about_words=500))
    assert chosen.count("will build a campus of 1.2 GW") == 1
    assert "Two customers have signed" in chosen


def test_sentences_are_cut_down_only_by_leaving_out() -> None:
    """Asides in brackets and last clauses go; what stands are the text's own words in their order."""
    chosen = summarise(LONG, about_words=500)
    assert "The campus will cost $14 billion." in chosen
    assert "The campus will draw its power from two new lines." in chosen


def test_furniture_of_pages_is_left_out() -> None:
    """Bylines, times, captions and calls to click are no news, also where they come first."""
    text = (
        "By . Associated Press . PUBLISHED: . 14:11 EST, 25 October 2013 . | . UPDATED: . 15:36 EST, 25 October 2013 . "
        "The county has closed the only bridge over the river for a year . Scroll down for video . "
        "Traffic will take the old road through Merrow . Jane Doe contributed to this report ."
    )
    assert summarise(text) == (
        "The county has closed the only bridge over the river for a year.",
        "Traffic will take the old road through Merrow.",
    )
    assert summarise("(CNN)The county closed the only bridge over the river.") == (
        "The county closed the only bridge over the river.",
    )
    assert summarise("By then the county had closed it.") == ("By then the county had closed it.",)
    assert summarise("By Jane Doe") == ("By Jane Doe",)  # where there is nothing else


def test_a_text_cut_by_a_parser_is_put_together() -> None:
    """Marks go back to their words, brackets and quotation marks are marks again; lines become paragraphs."""
    parted = "The firm 's chief -LRB- above -RRB- said `` no '' , twice . It costs $ 4 ."
    assert laid_out(parted) == 'The firm\'s chief (above) said "no", twice. It costs $4.'
    assert laid_out("One line.\nAnother line.\nA third.") == "One line.\n\nAnother line.\n\nA third."
    wrapped = "A line that goes\non in the next\none and ends."
    assert laid_out(wrapped) == wrapped


ANECDOTE = (
    "Maria was sharing her biscuits with three children when the lights went out. She thought that it would be an"
    " hour.\n\nShe was one of 212 passengers of the ferry Solveig, which lost power and drifted for hours."
    " On Thursday a"
    " court in Hallen fined the operator of the ferry, Nordlink, 4 million crowns because it had known of"
    " the faulty pump"
    " of the ferry. The operator, which carries 900,000 passengers a year, will not appeal."
)


def test_a_summary_starts_behind_an_anecdote() -> None:
    """With a title to go by, the news counts as the opening and not the biscuits."""
    (first,) = summarise(ANECDOTE, title="Operator of ferry fined after passengers drifted", sentences=1)
    assert "biscuits" not in first
    plain = "The operator of the ferry was fined. " + ANECDOTE
    (opening,) = summarise(plain, title="Operator of ferry fined after passengers drifted", sentences=1)
    assert opening != "She thought that it would be an hour."


def test_weekdays_and_what_stands_between_subject_and_verb_go() -> None:
    """Both can be left out where the checker agrees; the figures stay."""
    text = "The court met for a day. The operator, which carries 900,000 passengers a year, has accepted the fine."
    assert summarise(text, sentences=2)[1] == "The operator has accepted the fine."
    (short,) = summarise("The court fined the operator 4 million crowns on Thursday for a faulty pump.", sentences=1)
    assert short == "The court fined the operator 4 million crowns for a faulty pump."
