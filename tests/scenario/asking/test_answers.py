"""Answers without a model over the sample archive: right first, conflicts shown, honest where nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.models import AnswerState

if TYPE_CHECKING:
    from tests.scenario.asking.conftest import Desk


@pytest.mark.parametrize(("half", "first_right"), [("fitted", 0.85), ("held out", 0.77)])
def test_questions_are_answered_rightly_or_not_at_all(desk: Desk, half: str, first_right: float) -> None:
    """Nine in ten answerable questions are answered, most rightly at once; few others are; all is checked."""
    asked = desk.halves()[half]
    wrong = {one.text: desk.mistakes(one) for one in asked}
    answerable = [one.text for one in asked if not one.unknown]
    unknown = [one.text for one in asked if one.unknown]
    assert not [found for found in wrong.values() if any(problem.startswith("unchecked") for problem in found)]
    missed = [text for text in answerable if any(problem.startswith("not answered") for problem in wrong[text])]
    assert len(missed) <= 0.1 * len(answerable), missed
    amiss = [text for text in answerable if any(problem.startswith(("first", "not")) for problem in wrong[text])]
    assert len(amiss) <= (1 - first_right) * len(answerable), amiss
    told = [text for text in unknown if wrong[text]]
    assert len(told) < 0.1 * len(unknown), told


@pytest.mark.parametrize(
    ("question", "thread", "first"),
    [
        ("How many megawatts does the Elk Narrows reactor have?", "", "835"),
        ("Who buys the output of Elk Narrows?", "", "names Norrland Cloud as the buyer"),
        ("What does Sunhae spend on HBM?", "", "$21 billion"),
        ("How much power will the campus have?", "harrow-flats-campus", "1.2 GW"),
        ("What does it cost?", "elk-narrows-restart", "$1.9 billion"),
        ("Summarise this in one line for my boss", "norrland-halden-stake", "Norrland Cloud will invest"),
    ],
)
def test_the_first_sentence_answers(desk: Desk, question: str, thread: str, first: str) -> None:
    """What was asked for stands in the first sentence, with its source."""
    answer = desk.ask(question, thread=thread)
    assert answer.state is AnswerState.ANSWERED
    assert first in answer.sentences[0].text
    assert answer.sources[0].number == 1
    assert answer.sources[0].url.startswith("https://")


def test_a_disputed_figure_is_told_with_who_says_what(desk: Desk) -> None:
    """The thread's story gives two figures: the second sentence is the other side's, the note names both with dates."""
    answer = desk.ask("How much power will the campus have?", thread="harrow-flats-campus")
    assert "900 MW" in answer.sentences[1].text
    assert answer.note is not None
    assert answer.note.startswith("Sources disagree: 1.2 GW by Rackpost (22 November)")
    assert "900 MW by Grid & Load (22 November)" in answer.note


def test_outside_a_thread_the_storys_other_articles_are_asked_too(desk: Desk) -> None:
    """A figure that changed is told as changed, wherever the question stands."""
    answer = desk.ask("How many GPUs went offline at Port Ellery?")
    assert "14,200" in answer.sentences[0].text
    assert answer.note is not None
    assert "changed: 9,600" in answer.note


def test_a_change_is_told_in_its_order(desk: Desk) -> None:
    """The dated figures of one thing, oldest first, in a line."""
    answer = desk.ask("How has the cost of Elk Narrows changed?")
    assert answer.note == "Over time: 21 November: $1.6 billion (Grid & Load); 22 November: $1.9 billion (Rackpost)."


def test_a_list_keeps_to_its_bound(desk: Desk) -> None:
    """One sentence a story, the largest first, nothing below what was asked for."""
    answer = desk.ask("List all data centres over 300 MW")
    told = [sentence.text for sentence in answer.sentences]
    assert "1.2-gigawatt" in told[0]
    assert any("310 megawatts of the Tallow Creek" in text for text in told)
    assert not any("140 MW" in text for text in told)
    assert len({source.article_id for source in answer.sources}) == len(told)


def test_a_price_that_an_index_gives_each_month_is_a_timeline(desk: Desk) -> None:
    """Each month's own figure for the chip that was asked about, oldest first: enough for a table and its chart."""
    t700 = desk.ask("How has the price of a T700 changed?").timeline
    assert [point.shown for point in t700][:3] == ["$2.31", "$2.18 an hour", "$2.07 an hour"]
    assert t700[-1].shown.startswith(("$1.96", "$1.84"))
    t900 = desk.ask("How has the T900's rental price developed?").timeline
    assert [point.shown for point in t900][:4] == ["$3.58", "$3.55", "$3.52", "$3.50"]
    (now, *_) = desk.ask("What does an hour on a T700 cost?").sentences
    assert "$1.84" in now.text


def test_a_comparison_shows_the_same_kind_of_figure_for_each_side(desk: Desk) -> None:
    """A price for each chip; and where one side was never read about, that is said and nothing else."""
    answer = desk.ask("Compare the price of a T700 and a T900")
    told = [sentence.text for sentence in answer.sentences]
    assert any("T700" in text and "$1.84" in text for text in told)
    assert any("T900" in text and "$3.49" in text for text in told)
    one_sided = desk.ask("Compare Corvid 3 with Trainium 3")
    assert one_sided.state is AnswerState.UNKNOWN
    assert "nothing about Trainium 3, only about Corvid 3" in one_sided.message
    assert any("Corvid 3" in source.title for source in one_sided.nearest)


def test_what_is_unknown_names_only_stories_that_share_its_subject(desk: Desk) -> None:
    """The nearest are of the thing that was asked about, or there are none."""
    answer = desk.ask("When does Harrow Flats close?")
    assert answer.state is AnswerState.UNKNOWN
    assert "61 articles for Harrow Flats" in answer.message
    assert answer.nearest
    assert all("Harrow Flats" in desk.archive.texts[source.article_id].text for source in answer.nearest)
    assert desk.ask("How much does a Blackwell B200 cost?").nearest == ()
