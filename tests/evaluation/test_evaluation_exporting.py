"""What people thought of answers, as lines of an evaluation set: what is a case, and what a person must look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.evaluation.exporting import case, passage_line
from bot.models import Answer, AnswerState, Judged, Passage, Quote, Sentence, Source

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
QUOTE = "Orders stand at 46 gigawatts, Aldous said."
PASSAGE = Passage(5, 7, 1, 3, f"A first one. {QUOTE} A last one.", "Turbines", "Wire", "https://w.example/1", NOW)
BESIDE = replace(PASSAGE, id=6, position=4, text="Nothing of it is here.")
ANSWER = Answer(
    AnswerState.ANSWERED,
    (Sentence("Orders stand at 46 gigawatts.", (Quote(7, QUOTE),)),),
    (Source(1, 7, "Wire", "Turbines", "https://w.example/1", NOW),),
)
LIKED = Judged(1, "How large is the backlog?", ANSWER, NOW, NOW, up=2, down=1, stands_alone=True)


def test_a_liked_answer_is_a_case_with_its_passage_and_wording() -> None:
    """The passage that holds the quote, not its neighbour; the sentence and its quote as wordings."""
    usable, line = case(LIKED, (PASSAGE, BESIDE))
    assert usable
    assert line["passages"] == ["7-3"]
    assert line["answers"] == ["Orders stand at 46 gigawatts.", QUOTE]
    assert passage_line(PASSAGE)["id"] == "7-3"


def test_what_leans_on_a_conversation_or_has_lost_its_source_is_reviewed() -> None:
    """Neither can be asked again as it is."""
    usable, line = case(replace(LIKED, stands_alone=False), (PASSAGE,))
    assert not usable
    assert "stands alone" in line["review"]
    assert line["passages"] == ["7-3"]
    usable, line = case(LIKED, ())
    assert not usable
    assert "not in the archive" in line["review"]


def test_a_disliked_answer_is_taken_for_unanswerable_until_somebody_looked() -> None:
    """A thumb down says that something was wrong, not what is right; a tie is no praise either."""
    for votes in ((0, 1), (1, 1)):
        usable, line = case(replace(LIKED, up=votes[0], down=votes[1]), (PASSAGE,))
        assert not usable
        assert line["expected"] == "unknown"
        assert line["passages"] == line["answers"] == []
        assert "46 gigawatts" in line["said"]


def test_silence_that_was_right_is_a_case_and_silence_that_was_not_is_reviewed() -> None:
    """A liked "I don't know" can't be answered; a disliked one should have been."""
    unknown = replace(LIKED, answer=Answer(AnswerState.UNKNOWN, (), (), message="Not in what I have read."))
    usable, line = case(unknown, ())
    assert usable
    assert line["passages"] == line["answers"] == []
    usable, line = case(replace(unknown, up=0), ())
    assert not usable
    assert line["expected"] == "answered"
