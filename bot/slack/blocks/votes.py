"""What people said of answers, for admins. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models import Judged
from bot.slack.blocks.message import SECTION_MOST, TEXT_MOST, Message, context, room, section, when
from bot.slack.escape import bold, fit, prose

QUESTION_MOST, ANSWER_MOST = 300, 300


def votes(judged: Sequence[Judged]) -> Message:
    """The answers that were last voted on."""
    if not judged:
        told = "Nobody has voted on an answer yet: 👍 and 👎 are under each."
        return Message(text=told, blocks=(section(told),))
    blocks = [section(fit(_lines(one), SECTION_MOST)) for one in judged]
    tail = (context("`tapeout eval export FOLDER` makes evaluation cases of all of them."),)
    words = [f"{_counts(one)} {prose(one.question, QUESTION_MOST)}" for one in judged]
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more="There are more.", tail=tail))


def _lines(one: Judged) -> list[str]:
    return [
        f"{_counts(one)} {bold(one.question, QUESTION_MOST)}",
        f"{prose(said(one), ANSWER_MOST)} · {when(one.asked_at)}",
    ]


def _counts(one: Judged) -> str:
    counts = [f"{number} {sign}" for number, sign in ((one.up, "👍"), (one.down, "👎")) if number]
    return " ".join(counts)


def said(one: Judged) -> str:
    """What was answered, in a sentence."""
    answer = one.answer
    return answer.sentences[0].text if answer.sentences else answer.message or answer.state.value
