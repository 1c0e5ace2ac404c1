"""The command line over an archive that another process filled: answers, search, votes, and cases made of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.errors import NotAllowedError
from bot.models import Actor, IncomingQuestion
from bot.opening import open_newsroom, open_store
from bot.settings import load
from bot.store import channels
from bot.store.tables import question

if TYPE_CHECKING:
    from bot.slack.blocks import Message
    from tests.scenario.asking.conftest import Archive

KNOWN = "How many megawatts does the Elk Narrows reactor have?"
UNKNOWN = "When does Tessellar ship the T1000?"
Run = Callable[..., Result]


class _Thread:
    """Takes what would go into a thread."""

    ts: str | None = None

    async def status(self, _text: str) -> None:
        """Nobody looks."""

    async def append(self, _text: str) -> None:
        """Nobody reads."""

    async def finish(self, _message: Message) -> str:
        """Take the message."""
        return "1.9"


async def _vote(archive: Archive) -> None:
    """Two questions are asked and judged by two people."""

    async def reply_to(*_where: Any, **_how: Any) -> Any:
        return _Thread()

    newsroom = archive.newsroom
    newsroom._r = replace(newsroom._r, reply_to=reply_to)
    async with archive.db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="Acme", bot_user_id="B1", now=newsroom._clock())
    for number, text in enumerate((KNOWN, UNKNOWN), 1):
        await newsroom.ask(IncomingQuestion("T1", "C1", "U1", f"{number}.0", f"{number}.0", text, "mention"))
        await newsroom.answer_due()
        for user, verdict in (("U1", "up"), ("U2", "up" if number == 1 else "down"), ("U2", "down")):
            await newsroom.feedback(Actor("T1", user, is_admin=False), "C1", f"question:{number}", verdict)
    await newsroom.feedback(Actor("T1", "U2", is_admin=False), "C1", "question:1", "up")
    await newsroom.feedback(Actor("T1", "U3", is_admin=False), "C1", "question:2", "down")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, build: Callable[[Path], Any]) -> Path:
    """Where an archive with two judged answers is."""
    made = tmp_path_factory.mktemp("commands")

    async def fill() -> None:
        async with build(made) as archive:
            await _vote(archive)

    asyncio.run(fill())
    return made


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `tapeout …` on it."""
    monkeypatch.setenv("TAPEOUT_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)  # no .env of anybody's

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, words)

    return command


def test_ask_answers_with_sources_and_leaves_with_3_where_it_does_not_know(run: Run) -> None:
    """The sentence with its mark, the source with its address; the same as JSON; an honest no."""
    told = run("ask", KNOWN)
    assert told.exit_code == 0, told.output
    assert "835" in told.output
    assert "[1] https://" in told.output
    data = json.loads(run("ask", KNOWN, "--json").stdout)
    assert data["state"] == "answered"
    assert data["sentences"][0]["quotes"]
    unknown = run("ask", UNKNOWN)
    assert unknown.exit_code == 3
    assert "not in what I have read" in unknown.output
    assert run("ask", " ").exit_code == 1


def test_search_lists_passages_best_first(run: Run) -> None:
    """With the publisher and the day; as JSON with address and score; 3 where nothing is found."""
    assert "Elk Narrows" in run("search", "Elk Narrows restart").output
    found = json.loads(run("search", "Elk Narrows restart", "--limit", "3", "--json").stdout)
    assert len(found) == 3
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert found[0]["url"].startswith("https://")
    assert run("search", "bananas Ecuador").exit_code == 3


async def test_what_was_asked_in_private_is_shown_to_no_other(folder: Path) -> None:
    """An admin sees the votes of open channels, not those of direct messages; others see none."""
    settings = load({"TAPEOUT_DATA_DIR": str(folder)})
    admin = Actor("T1", "U9", is_admin=True)
    async with open_store(settings, migrate=False) as db, open_newsroom(settings, db) as newsroom:
        assert len(await newsroom.judged(admin)) == 2
        for channel_id, seen in (("D1", 0), ("C1", 2)):
            async with db.write() as connection:
                await connection.execute(sa.update(question).values(channel_id=channel_id))
            assert len(await newsroom.judged(admin)) == seen
        with pytest.raises(NotAllowedError):
            await newsroom.judged(replace(admin, is_admin=False))


def test_votes_are_shown_and_become_cases_that_can_be_measured(run: Run, tmp_path: Path) -> None:
    """The liked answer is a case which the bot answers rightly again; the disliked silence is to be looked at."""
    judged = json.loads(run("feedback", "--json").stdout)
    assert [(one["question"], one["up"], one["down"]) for one in judged] == [(UNKNOWN, 1, 2), (KNOWN, 2, 0)]
    assert "835" in run("feedback").output
    assert run("eval", "export", str(tmp_path / "set")).exit_code == 0
    (line,) = (tmp_path / "set/questions.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["passages"]
    (review,) = (tmp_path / "set/review.jsonl").read_text("utf-8").splitlines()
    assert json.loads(review)["expected"] == "answered"
    files = (str(tmp_path / "set/passages.jsonl"), str(tmp_path / "set/questions.jsonl"))
    measured = json.loads(run("eval", "answers", *files, "--json").stdout)
    assert measured["recall5"] == 1.0
    assert measured["broken"] == []
