"""A question without an answer is watched for, and answered once in its thread when an article brings the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot.errors import NotAllowedError
from bot.models import IncomingQuestion
from bot.newsroom.awaiting import MOST_OPEN
from bot.slack.blocks import Message
from bot.store import articles, feeds, watches
from bot.store.tables import question, watch

if TYPE_CHECKING:
    from tests.scenario.asking.conftest import Archive

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEAM, CHANNEL, ROOT = "T1", "C1", "100.0"
UNKNOWN = "When does Tessellar ship the T1000?"
NEWS = "Tessellar will ship the T1000 in May 2027, its finance chief Rowena Strick said on Sunday."


class _Reply:
    """Takes what would go into the thread."""

    def __init__(self, kept: list[str]) -> None:
        self._kept = kept
        self.ts: str | None = None

    async def status(self, _text: str) -> None:
        """Nobody looks."""

    async def append(self, _text: str) -> None:
        """The whole message comes at the end."""

    async def finish(self, message: Message) -> str:
        self._kept.append(message.text)
        self.ts = f"{len(self._kept)}.9"
        return self.ts

    async def fail(self, text: str) -> str:
        self._kept.append(text)
        self.ts = f"{len(self._kept)}.9"
        return self.ts


class Room:
    """The newsroom with an archive, and what it said."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.newsroom = archive.newsroom
        self.said: list[str] = []

        async def reply_to(*_where: Any, **_how: Any) -> Any:
            return _Reply(self.said)

        self.newsroom._r = replace(self.newsroom._r, reply_to=reply_to)

    async def ask(self, text: str, ts: str) -> str:
        """Ask in the thread; what was replied."""
        await self.newsroom.ask(IncomingQuestion(TEAM, CHANNEL, "U1", ts, ROOT, text, "mention"))
        await self.newsroom.answer_due()
        return self.said[-1]

    async def read(self, key: str, text: str) -> None:
        """A new article is read and joined."""
        async with self.archive.db.write() as connection:
            feed = await feeds.add(
                connection, url="https://new.example/feed", title="N", publisher="New Daily", site_url=None, now=NOW
            )
            values = {
                "feed_id": feed.id, "identity": key, "url": f"https://new.example/{key}",
                "canonical_url": f"https://new.example/{key}", "title": text[:50], "title_key": key,
                "publisher": "New Daily", "text": text, "authors": [], "categories": [], "published_at": NOW,
                "first_seen_at": NOW, "content_hash": key, "verdict": "new", "reason": "r", "stage": "join",
                "due_at": NOW,
            }  # fmt: skip
            await articles.add(connection, [values])
        await self.newsroom.join_due(16)

    async def look(self) -> None:
        """Look at all that is new, and answer what came of it."""
        while await self.newsroom.watch_due():
            pass
        await self.newsroom.answer_due()

    async def states(self) -> list[str]:
        """The watches' states."""
        async with self.archive.db.read() as connection:
            return list((await connection.execute(sa.select(watch.c.state).order_by(watch.c.id))).scalars())


@pytest.fixture
async def room(tmp_path: Path, build: Callable[[Path], Any]) -> AsyncIterator[Room]:
    """A newsroom of its own, with the sample articles read."""
    async with build(tmp_path) as archive:
        yield Room(archive)


async def test_an_answer_is_told_once_when_it_is_read(room: Room) -> None:
    """Unknown, offer, "watch for it"; articles beside the point say nothing; the right one is told, and only once."""
    unknown = await room.ask(UNKNOWN, "101.0")
    assert "not in what I have read" in unknown
    assert "Reply “watch for it”" in unknown
    assert "30 days" in await room.ask("please watch for it", "102.0")
    await room.read("beside", "Tessellar said that the T1000 will have more memory than the T900, and gave no figures.")
    await room.look()
    assert len(room.said) == 2
    await room.read("right", NEWS)
    await room.look()
    assert len(room.said) == 3
    assert "May 2027" in room.said[-1]
    assert UNKNOWN in room.said[-1]
    await room.read("again", "The T1000 ships in May 2027, Tessellar confirmed in a letter to customers on Sunday.")
    await room.look()
    assert len(room.said) == 3
    assert await room.states() == ["told"]
    async with room.archive.db.read() as connection:
        rows = (await connection.execute(sa.select(question.c.ts).where(question.c.surface == "watch"))).scalars().all()
    assert len(rows) == 1
    assert rows[0].startswith("watch:1:")


async def test_a_restart_forgets_no_watch(room: Room) -> None:
    """What was looked at is only remembered in memory; a new process looks again, and still tells once."""
    assert await room.newsroom.watch(TEAM, CHANNEL, ROOT, "U1", UNKNOWN)
    await room.read("right", NEWS)
    room.newsroom._looked.clear()
    await room.look()
    room.newsroom._looked.clear()
    await room.look()
    assert len(room.said) == 1
    assert await room.states() == ["told"]


async def test_a_writer_that_finds_no_answer_says_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the gates pass and the writer does not find it, nothing is posted and the watch goes on."""
    assert await room.newsroom.watch(TEAM, CHANNEL, ROOT, "U1", UNKNOWN)
    await room.read("right", NEWS)
    await room.newsroom.watch_due()
    assert await room.states() == ["due"]
    honest = await room.newsroom.compose("What is the boiling point of GlacierBlend?", team_id=TEAM)

    async def compose(*_args: Any, **_options: Any) -> Any:
        return honest

    with monkeypatch.context() as patched:
        patched.setattr(room.newsroom, "compose", compose)
        await room.newsroom.answer_due()
    assert room.said == []
    assert await room.states() == ["open"]
    await room.read("more", "Tessellar's T1000 ships in June 2027 and not in May 2027, Strick said on Monday.")
    await room.look()
    assert len(room.said) == 1


async def test_a_thread_watches_for_a_question_once_and_a_person_for_few(room: Room) -> None:
    """The same question twice is one watch; declined and empty ones are none; twenty are enough."""
    newsroom = room.newsroom
    assert await newsroom.watch(TEAM, CHANNEL, ROOT, "U1", UNKNOWN)
    assert not await newsroom.watch(TEAM, CHANNEL, ROOT, "U1", UNKNOWN)
    for text in ("Will the share price go up?", "and?"):
        with pytest.raises(NotAllowedError, match="nothing here to watch"):
            await newsroom.watch(TEAM, CHANNEL, ROOT, "U1", text)
    for number in range(MOST_OPEN - 1):
        assert await newsroom.watch(TEAM, CHANNEL, ROOT, "U1", f"When does the T{2000 + number} ship?")
    with pytest.raises(NotAllowedError, match="20 watches"):
        await newsroom.watch(TEAM, CHANNEL, ROOT, "U1", "When does the T9000 ship?")
    assert await newsroom.watch(TEAM, CHANNEL, ROOT, "U2", "When does the T9000 ship?")


async def test_an_old_watch_ends(room: Room) -> None:
    """After thirty days nobody is told any more."""
    async with room.archive.db.write() as connection:
        await watches.add(
            connection, team_id=TEAM, channel_id=CHANNEL, root_ts=ROOT, user_id="U1", text=UNKNOWN, story_id=None,
            now=NOW - watches.LIFE,
        )  # fmt: skip
    await room.read("right", NEWS)
    assert await room.newsroom.watch_due() == 0
