"""A question put to the newsroom, and what it found on the way to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.archive import Archive
from bot.evaluation.pipeline import TEAM
from bot.evaluation.timing import Stopwatch
from bot.models import Answer
from bot.writing.gates import archive_score
from bot.writing.question import Query
from bot.writing.retrieve import Scored


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question.

    Attributes:
        found: the passages in the order of their rank, with the store's ids.
        known: 0–1, the first gate's score: how sure it is that something read is about the question.
    """

    query: Query
    answer: Answer
    found: tuple[Scored, ...]
    known: float


async def ask(
    archive: Archive,
    text: str,
    *,
    story: int | None = None,
    history: Sequence[tuple[str, str]] = (),
    watch: Stopwatch | None = None,
) -> Asked:
    """Ask; `story` is our id of the thread's story, `history` earlier (question, answer) pairs, oldest first."""
    with (watch or Stopwatch()).step("question to answer"):
        answer = await archive.newsroom.compose(
            text,
            team_id=TEAM,
            story_id=archive.story_ids[story] if story is not None else None,
            history=tuple(history),
        )
    heard = archive.answerer
    assert heard.query is not None
    return Asked(heard.query, answer, heard.scored, archive_score(heard.query, heard.scored))


def told(answer: Answer) -> str:
    """What of an answer later questions can refer to; as `bot.store.questions.history` keeps it."""
    return answer.sentences[0].text if answer.sentences else answer.message
