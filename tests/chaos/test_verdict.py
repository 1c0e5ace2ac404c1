"""The verdict itself: what is right passes, and each kind of loss and double is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .verdict import Facts, Message, Question, Row, Told, Watch, judge

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


TOLD = Row(10, "C2", "story:3", "in digest", None, 3, is_due=False, reason="It was told in a digest.")
IN_DIGEST = replace(
    RIGHT,
    messages=(*RIGHT.messages, Message("C2", "9.0", None, "11/digest:2026-11-23:08:30", "Digest")),
    rows=(
        *RIGHT.rows,
        TOLD,
        Row(11, "C2", "digest:2026-11-23:08:30", "sent", "9.0", None, is_due=False, text="Digest"),
    ),
    digests=(Told("C2", "digest:2026-11-23:08:30", (3,)),),
)
WATCHED = replace(
    RIGHT,
    messages=(*RIGHT.messages, Message("C1", "3.2", "3.0", "question:2", "Now I have read it.")),
    questions=(*RIGHT.questions, Question(2, "C1", "watch:1:77", "3.0", "answered", "3.2")),
    watches=(Watch(1, "C1", "3.0", "told", is_out=True), Watch(2, "C1", "3.0", "open", is_out=False)),
)


def test_what_is_told_by_digests_and_watches_holds() -> None:
    """A story in one digest, a watch that was told, and one whose news has not come."""
    assert (judge(IN_DIGEST).holds, judge(IN_DIGEST).digests, judge(IN_DIGEST).in_digests) == (True, 1, 1)
    assert (judge(WATCHED).holds, judge(WATCHED).watches, judge(WATCHED).told) == (True, 2, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(IN_DIGEST, rows=IN_DIGEST.rows[:-1]), "digest:2026-11-23:08:30 in C2 has no delivery"),
        (replace(IN_DIGEST, digests=(replace(IN_DIGEST.digests[0], stories=()),)), "and is in none"),
        (replace(IN_DIGEST, messages=RIGHT.messages), "11/digest:2026-11-23:08:30 in C2 is sent, and not there"),
        (replace(WATCHED, watches=(Watch(1, "C1", "3.0", "open", is_out=True),)), "watch 1 in C1 3.0 is open, untold"),
        (replace(WATCHED, questions=RIGHT.questions), "watch 1 in C1 3.0 is told, untold"),
    ],
)
def test_each_loss_of_digests_and_watches_is_found(wrong: Facts, words: str) -> None:
    """One thing is taken away, and the verdict names it."""
    assert any(words in sentence for sentence in judge(wrong).lost)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            replace(IN_DIGEST, digests=(*IN_DIGEST.digests, Told("C2", "digest:2026-11-23:17:00", (3,)))),
            "story 3 is in 2 digests of C2",
        ),
        (
            replace(IN_DIGEST, messages=(*IN_DIGEST.messages, Message("C2", "9.5", None, "10/story:3", "Again"))),
            "10/story:3 in C2 is in digest, and there",
        ),
        (
            replace(
                WATCHED,
                messages=(*WATCHED.messages, Message("C1", "3.3", "3.0", "question:3", "Read it.")),
                questions=(*WATCHED.questions, Question(3, "C1", "watch:1:78", "3.0", "answered", "3.3")),
            ),
            "watch 1 was told 2 times",
        ),
    ],
)
def test_each_double_of_digests_and_watches_is_found(wrong: Facts, words: str) -> None:
    """One thing too many, and the verdict names it."""
    assert any(words in sentence for sentence in judge(wrong).doubled)
