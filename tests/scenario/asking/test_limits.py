"""Too much, too long, twice at once; and an answer that is there before its message."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot.models import AnswerState, IncomingQuestion
from bot.newsroom.limits import Limits
from bot.slack.blocks import Message
from bot.store.tables import question

if TYPE_CHECKING:
    from tests.scenario.asking.conftest import Archive

NOW = datetime(2026, 11, 22, 12, 2, tzinfo=UTC)
TEAM, CHANNEL = "T1", "C1"
KNOWN = "How many megawatts does the Elk Narrows reactor have?"


class Room:
    """The newsroom with an archive, what it said in threads, and what it told one person alone."""

    def __init__(self, archive: Archive) -> None:
        self.newsroom, self.db = archive.newsroom, archive.db
        self.said: list[str] = []
        self.whispered: list[tuple[str, str]] = []
        self.on_finish: Callable[[], Any] | None = None

        async def reply_to(*_where: Any, **_how: Any) -> Any:
            return self

        async def sender_of(_team_id: str) -> Any:
            return self

        resources = replace(self.newsroom._r, reply_to=reply_to, limits=Limits(user=2, team=3))
        self.newsroom._r, self.newsroom.sender_of = resources, sender_of

    async def status(self, _text: str) -> None:
        """Nobody looks."""

    async def append(self, _text: str) -> None:
        """The whole message comes at the end."""

    async def finish(self, message: Message) -> str:
        """Take the message."""
        if self.on_finish is not None:
            await self.on_finish()
        self.said.append(message.text)
        return f"{len(self.said)}.9"

    async def fail(self, text: str) -> str:
        """Take the sentence."""
        self.said.append(text)
        return f"{len(self.said)}.9"

    async def ephemeral(self, _channel: str, user: str, message: Message, *, thread_ts: str) -> None:
        """Take what only one person sees, in the thread."""
        assert thread_ts
        self.whispered.append((user, message.text))

    async def ask(self, text: str, ts: str, *, user: str = "U1", root: str | None = None) -> bool:
        """Ask, and let what is due be answered; whether it was written down."""
        taken = await self.newsroom.ask(IncomingQuestion(TEAM, CHANNEL, user, ts, root or ts, text, "mention"))
        while await self.newsroom.answer_due():
            pass
        return taken

    async def states(self) -> list[str]:
        """The questions' states, oldest first."""
        async with self.db.read() as connection:
            return list((await connection.execute(sa.select(question.c.state).order_by(question.c.id))).scalars())


@pytest.fixture
async def room(tmp_path: Path, build: Callable[[Path], Any]) -> AsyncIterator[Room]:
    """A newsroom of its own, with the sample articles read, that allows two questions a person and three in all."""
    async with build(tmp_path) as archive:
        yield Room(archive)


async def test_who_asks_too_much_is_told_alone_and_others_are_answered(room: Room) -> None:
    """The third question of a person waits; another's is answered; the workspace's fourth waits; then all may again."""
    for ts in ("1.0", "2.0", "3.0"):
        assert await room.ask(KNOWN, ts)
    assert await room.ask(KNOWN, "4.0", user="U2")
    assert await room.ask(KNOWN, "5.0", user="U3")
    assert await room.states() == ["answered", "answered", "limited", "answered", "limited"]
    assert [user for user, _ in room.whispered] == ["U1", "U3"]
    assert "You have asked me 2 questions" in room.whispered[0][1]
    assert "This workspace" in room.whispered[1][1]
    assert len(room.said) == 3
    room.newsroom._clock = lambda: NOW + timedelta(minutes=61)
    assert await room.ask(KNOWN, "6.0")
    assert (await room.states())[-1] == "answered"


async def test_a_question_asked_twice_at_once_is_answered_once(room: Room) -> None:
    """The same words in the same thread within seconds, also another's; a moment later they are a question again."""
    assert await room.ask(KNOWN, "1.0", root="1.0")
    assert not await room.ask(KNOWN.upper(), "1.1", root="1.0", user="U2")
    assert await room.ask(KNOWN, "2.0", root="2.0")
    assert len(room.said) == 2
    room.newsroom._clock = lambda: NOW + timedelta(minutes=11)
    assert await room.ask(KNOWN, "1.2", root="1.0")
    assert len(room.said) == 3


async def test_a_question_of_three_thousand_characters_is_read_and_a_longer_one_is_not(room: Room) -> None:
    """Nothing is cut in silence."""
    filler = "the reactor at Elk Narrows " * 200
    assert await room.ask(f"{filler[: 3000 - len(KNOWN) - 1]} {KNOWN}", "1.0")
    assert await room.ask("a" * 3001, "2.0")
    assert "longer than the 3,000 characters" in room.said[-1]
    assert (await room.states())[-1] == "declined"
    assert "longer" not in room.said[0]


async def test_an_answer_is_written_down_before_its_message_can_be_seen(room: Room) -> None:
    """A click on "Sources" right after the message is there finds the answer, and whose it is is checked."""
    seen = []

    async def look() -> None:
        seen.append(await room.newsroom.reply_of(TEAM, 1))

    room.on_finish = look
    await room.ask(KNOWN, "1.0")
    assert seen[0].answer.state is AnswerState.ANSWERED
    assert seen[0].ts is None
    assert (await room.newsroom.reply_of(TEAM, 1)).ts == "1.9"
