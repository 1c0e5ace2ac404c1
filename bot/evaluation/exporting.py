"""Answers that people voted on, as a set that `tapeout eval answers` takes: passages, questions, and what to review.

A 👍 makes a case: the question, the passages that hold the answer's quotes, the quotes as wordings. A 👎 says only that
something was wrong, so it goes to `review.jsonl` with what it is taken for, as does what can't be asked alone; a person
mends the line and moves it to `questions.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UserError
from bot.evaluation.checks import folded
from bot.models import Actor, AnswerState, Judged, Passage
from bot.newsroom import Newsroom
from bot.store import Database, passages

#: Answers to questions; more than anybody votes on.
MOST_JUDGED = 100_000
#: Passages among which the right ones must be found; those that are cited come on top.
MOST_PASSAGES = 20_000
_AT_A_TIME = 2_000
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The lines of each file."""

    passages: tuple[Line, ...]
    questions: tuple[Line, ...]
    review: tuple[Line, ...]


def case(one: Judged, cited: Sequence[Passage]) -> tuple[bool, Line]:
    """(it can be used as it is, its line).

    Args:
        one: an answer with its votes.
        cited: the passages of the articles that it cites.
    """
    line: dict[str, Any] = {"question": one.question, "time": one.asked_at.isoformat(timespec="seconds")}
    liked = one.up > one.down
    if liked and one.answer.state is AnswerState.ANSWERED:
        gold = [_name(passage) for passage in cited if _holds(passage, one)]
        line |= {"passages": gold, "answers": list(dict.fromkeys(_wordings(one)))}
        if one.stands_alone and gold:
            return True, line
        why = "It was asked within a conversation: word it so that it stands alone."
        return False, line | {"review": why if gold else "Its source is not in the archive any more."}
    line |= {"passages": [], "answers": []}
    if liked and one.stands_alone:
        return True, line  # it was right to say that this isn't known
    if one.answer.state is AnswerState.ANSWERED:
        said = " ".join(sentence.text for sentence in one.answer.sentences)
        why = "👎: the answer below was not wanted. If the archive holds a right one, name its passages and wordings."
        return False, line | {"expected": "unknown", "said": said, "review": why}
    why = "👎: it was not answered. If the archive holds the answer, name its passages and wordings."
    return False, line | {"expected": "answered", "review": why}


def _wordings(one: Judged) -> Iterable[str]:
    first = one.answer.sentences[0]
    yield first.text
    yield from (quote.text for quote in first.quotes)


def _holds(passage: Passage, one: Judged) -> bool:
    """Whether a passage holds a quote of the answer, or is a part of one."""
    text = folded(passage.text)
    quotes = [folded(quote.text) for sentence in one.answer.sentences for quote in sentence.quotes
              if quote.article_id == passage.article_id]  # fmt: skip
    return any(quote in text or text in quote for quote in quotes)


def _name(passage: Passage) -> str:
    return f"{passage.article_id}-{passage.position}"


def passage_line(passage: Passage) -> Line:
    """A passage as its line."""
    return {
        "id": _name(passage),
        "text": passage.text,
        "title": passage.title,
        "publisher": passage.publisher,
        "time": passage.published_at.isoformat(timespec="seconds"),
        "article": str(passage.article_id),
    }


async def gather(newsroom: Newsroom, db: Database, team: str, *, most: int = MOST_PASSAGES) -> Gathered:
    """Everything that people voted on in a workspace, and the passages that it is to be found among."""
    judged = await newsroom.judged(Actor(team, "export", is_admin=True, sees_all=True), MOST_JUDGED)
    ids = {source.article_id for one in judged for source in one.answer.sources}
    cited: dict[int, list[Passage]] = {}
    async with db.read() as connection:
        for passage in await passages.of_articles(connection, ids):
            cited.setdefault(passage.article_id, []).append(passage)
        others = await _newest(connection, team, most)
    cases = [
        case(one, [passage for source in one.answer.sources for passage in cited.get(source.article_id, ())])
        for one in judged
    ]
    every = {_name(passage): passage for passage in (*(p for found in cited.values() for p in found), *others)}
    return Gathered(
        passages=tuple(passage_line(passage) for passage in every.values()),
        questions=tuple(line for fit, line in cases if fit),
        review=tuple(line for fit, line in cases if not fit),
    )


async def _newest(connection: AsyncConnection, team: str, most: int) -> list[Passage]:
    found: list[Passage] = []
    while len(found) < most:
        before = found[-1].id if found else None
        page = await passages.newest(
            connection, team_id=team, before_id=before, limit=min(_AT_A_TIME, most - len(found))
        )
        if not page:
            break
        found += page
    return found


def write(gathered: Gathered, folder: Path) -> None:
    """Write `passages.jsonl`, `questions.jsonl` and `review.jsonl` into a folder.

    Raises:
        UserError: they can't be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in (
            ("passages", gathered.passages),
            ("questions", gathered.questions),
            ("review", gathered.review),
        ):
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{folder} can't be written to: {error.strerror}.") from error
