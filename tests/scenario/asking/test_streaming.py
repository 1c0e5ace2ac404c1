"""An answer on its way into a thread: shown as it grows, in the words that its message will have."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from bot.models import Answer, AnswerState, Quote, Sentence, Source
from bot.newsroom.showing import Streamed
from bot.slack import blocks

if TYPE_CHECKING:
    from bot.slack.replies import Reply
    from tests.scenario.asking.conftest import Desk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST = Sentence("Norrland will *invest* up to $8 billion in Halden Labs, it said on Sunday.", (Quote(7, "q"),))
SECOND = Sentence("No more than $6.5 billion of it is new, documents show, and the rest is a note.", (Quote(9, "q"),))
SOURCES = (
    Source(1, 7, "Wire", "A", "https://1.example/", NOW),
    Source(2, 9, "Lumen", "B", "https://2.example/", NOW),
)
WHOLE = Answer(AnswerState.ANSWERED, (FIRST, SECOND), SOURCES, writer="model")


class _Recorder:
    """Takes what is streamed."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    async def append(self, text: str) -> None:
        self.pieces.append(text)


async def _shown(*parts: Answer) -> str:
    recorder = _Recorder()
    streamed = Streamed(cast("Reply", recorder), 5)
    for part in parts:
        await streamed.show(part)
    return "".join(recorder.pieces)


async def test_sentences_are_streamed_with_their_citations_as_they_pass() -> None:
    """What is shown at any time is the beginning of the message that ends the reply, so that the stream goes on."""
    part = replace(WHOLE, sentences=(FIRST,), sources=SOURCES[:1], writer="extractive")
    final = blocks.answer(WHOLE, 5).markdown
    first = await _shown(part)
    assert first.endswith("[1]")
    assert final.startswith(first)
    assert await _shown(part, WHOLE, WHOLE) == final


async def test_an_answer_that_turned_out_otherwise_is_left_to_the_message() -> None:
    """After a part that the final answer does not begin with, nothing more is streamed."""
    part = replace(WHOLE, sentences=(FIRST,), sources=SOURCES[:1])
    other = replace(WHOLE, sentences=(SECOND,), sources=(replace(SOURCES[1], number=1),))
    assert await _shown(part, other) == await _shown(part)


def test_an_answer_without_a_model_is_streamed_too(desk: Desk) -> None:
    """The newsroom tells each sentence as soon as it is there, with the status before it."""
    told: list[Answer] = []
    status: list[str] = []

    async def on_part(answer: Answer) -> None:
        told.append(answer)

    async def on_status(text: str) -> None:
        status.append(text)

    answer = desk.runner.run(
        desk.archive.newsroom.compose(
            "How much will Norrland invest in Halden Labs?", team_id="T1", status=on_status, on_part=on_part
        )
    )
    assert "$8 billion" in told[0].sentences[0].text
    assert told[-1] == answer
    assert len(status) == 1
    assert "articles" in status[0]
