"""The verdict itself: what is right passes, and each kind of loss and double is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .verdict import Facts, Message, Question, Row, judge

POST = Message("C1", "1.0", None, "7/story:3", "Campus for Tarnmere\nMore.")
LINE = Message("C1", "2.0", "1.0", "8/line:3:2", "Now also reported by B.")
ANSWER = Message("C1", "3.1", "3.0", "question:1", "It has 5 MW.")
RIGHT = Facts(
    messages=(POST, LINE, ANSWER),
    rows=(
        Row(7, "C1", "story:3", "sent", "1.0", 3, is_due=False, text="Campus for Tarnmere\nMore."),
        Row(8, "C1", "line:3:2", "sent", "2.0", 3, is_due=False),
        Row(9, "C1", "story:4", "withheld", None, 4, is_due=False),
    ),
    questions=(Question(1, "C1", "3.0", "3.0", "answered", "3.1"),),
    printed=frozenset({"a", "b"}),
    stories={"a": 3, "b": 4},
    channels=frozenset({"C1"}),
    asked=frozenset({("C1", "3.0")}),
)


def test_what_is_right_holds() -> None:
    """A post, its line and an answer, each where it belongs."""
    verdict = judge(RIGHT)
    assert (verdict.lost, verdict.doubled, verdict.holds) == ([], [], True)
    assert (verdict.posts, verdict.lines, verdict.answers, verdict.withheld) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(RIGHT, messages=(LINE, ANSWER)), "7/story:3 in C1 is sent, and not there"),
        (replace(RIGHT, messages=(POST, LINE)), "question:1 is answered, with 0 answers"),
        (replace(RIGHT, messages=(replace(POST, text="Old"), LINE, ANSWER)), "shows an old version"),
        (replace(RIGHT, messages=(POST, replace(LINE, root_ts=None), ANSWER)), "not where the ledger has it"),
        (replace(RIGHT, messages=(POST, LINE, replace(ANSWER, root_ts="1.0"))), "answered in another thread"),
        (replace(RIGHT, rows=(replace(RIGHT.rows[0], state="sending"), *RIGHT.rows[1:])), "is sending"),
        (replace(RIGHT, rows=(replace(RIGHT.rows[0], is_due=True), *RIGHT.rows[1:])), "still due"),
        (replace(RIGHT, rows=RIGHT.rows[:2]), "story 4 has no row in C1"),
        (replace(RIGHT, stories={"a": 3, "b": None}), "an article is in no story: b"),
        (replace(RIGHT, questions=()), "a question was lost"),
        (replace(RIGHT, unfinished=("3 stories",)), "unfinished: 3 stories"),
    ],
)
def test_each_loss_is_found(wrong: Facts, words: str) -> None:
    """One thing is taken away or moved, and the verdict names it."""
    assert any(words in sentence for sentence in judge(wrong).lost)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (replace(POST, ts="5.0"), "is there 2 times"),
        (replace(POST, ts="5.0", key="10/story:5"), "said 2 times"),
        (replace(LINE, ts="5.0", key="10/line:3:3"), "said 2 times"),
        (replace(ANSWER, ts="5.0"), "question:1 has 2 answers"),
        (replace(ANSWER, ts="5.0", key=None), "a message without a key"),
        (replace(POST, ts="5.0", key="9/story:4", text="Other"), "is withheld, and there"),
        (replace(POST, ts="5.0", key="99/story:9", text="Other"), "nobody knows of"),
    ],
)
def test_each_double_is_found(more: Message, words: str) -> None:
    """One message too many, and the verdict names it."""
    verdict = judge(replace(RIGHT, messages=(*RIGHT.messages, more)))
    assert any(words in sentence for sentence in verdict.doubled)


def test_what_slack_gave_up_to_deliver_is_no_loss_of_ours() -> None:
    """A question that never came in is counted apart, with a reply to it that waits for it."""
    waiting = Question(2, "C1", "4.1", "4.0", "waiting", None)
    facts = replace(
        RIGHT,
        questions=(*RIGHT.questions, waiting),
        asked=RIGHT.asked | {("C1", "4.0"), ("C1", "4.1")},
        given_up=frozenset({("C1", "4.0")}),
    )
    verdict = judge(facts)
    assert (verdict.holds, verdict.given_up) == (True, 2)
