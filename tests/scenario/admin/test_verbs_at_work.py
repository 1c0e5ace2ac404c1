"""The verbs that admins have in Slack, as operators type them, on a real store."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import TapeoutError
from bot.models import FeedState
from bot.store import Database, channels
from bot.store.tables import feed as feed_table

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = ("--channel", "chips")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a workspace whose channel #chips is known."""

    async def make() -> None:
        db = Database(f"sqlite+aiosqlite:///{tmp_path / 'tapeout.db'}")
        await db.migrate()
        async with db.write() as connection:
            await channels.add_team(connection, team_id="T1", name="Desk", bot_user_id="U0", now=NOW)
            await channels.add_channel(connection, team_id="T1", channel_id="C1", name="chips", threshold=0.35, now=NOW)
        await db.close()

    asyncio.run(make())
    return tmp_path


def tapeout(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code, and what is said: on standard output, or as the sentence of an error."""
    environ = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"), None)
    given: dict[str, str | None] = {**environ, "TAPEOUT_DATA_DIR": str(folder), "COLUMNS": "200"}
    done = CliRunner().invoke(cli, list(arguments), env=given)
    if isinstance(done.exception, TapeoutError):  # `main` makes these a sentence and exit code 1
        return 1, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def said(folder: Path, *arguments: str) -> str:
    """What a command that does its work says."""
    code, out = tapeout(folder, *arguments)
    assert code == 0, out
    return out


def test_topics_are_followed_muted_and_barred(folder: Path) -> None:
    """Each verb of `topics` changes what the list shows, and says what it did."""
    assert "Following" in said(folder, "topics", "add", '"HBM" AND Samsung', *HERE)
    known = json.loads(said(folder, "topics", "list", *HERE, "--json"))
    own = next(number for number, each in enumerate(known["topics"], 1) if each["text"])
    assert "Muted until" in said(folder, "topics", "mute", str(own), "--days", "14", *HERE)
    assert "muted until" in said(folder, "topics", "list", *HERE)
    assert "No longer muted" in said(folder, "topics", "unmute", str(own), *HERE)
    assert json.loads(said(folder, "topics", "threshold", "0.5", *HERE, "--json"))["channel"]["threshold"] == 0.5
    said(folder, "topics", "substance", "0.3", *HERE)
    assert "relevance of 0.50 and a substance of 0.30" in said(folder, "topics", "list", *HERE)
    assert "forgotten" in said(folder, "topics", "reset", *HERE)
    assert "No longer followed" in said(folder, "topics", "remove", str(own), *HERE)
    assert tapeout(folder, "topics", "remove", "no such topic", *HERE)[0] == 1
    assert tapeout(folder, "topics", "threshold", "1.5", *HERE)[0] == 2


def test_style_is_shown_and_chosen(folder: Path) -> None:
    """Without words as it is; what cannot be is a sentence."""
    assert "style standard, language en" in said(folder, "style", *HERE)
    assert "style one line" in said(folder, "style", "one line", *HERE)
    assert json.loads(said(folder, "style", *HERE, "--json"))["style"] == "one line"
    code, sentence = tapeout(folder, "style", "florid", *HERE)
    assert (code, "There are three styles" in sentence) == (1, True)


def test_people_are_named_and_dismissed(folder: Path) -> None:
    """In one channel or everywhere, listed with who did it."""
    assert "Nobody was named yet." in said(folder, "admins", "list")
    said(folder, "admins", "add", "U7", *HERE)
    said(folder, "admins", "add", "S1")
    assert "already" in said(folder, "admins", "add", "S1")
    listed = json.loads(said(folder, "admins", "list", "--json"))
    assert {(each["subject"], each["channel_id"]) for each in listed} == {("U7", "C1"), ("S1", None)}
    assert "#chips" in said(folder, "admins", "list")
    said(folder, "admins", "remove", "U7", *HERE)
    assert tapeout(folder, "admins", "remove", "U7", *HERE)[0] == 1


def test_packs_are_listed_and_added(folder: Path) -> None:
    """All feeds of one, once."""
    packs = {each["pack"]: each["feeds"] for each in json.loads(said(folder, "packs", "list", "--json"))}
    assert f"{packs['Papers']} feeds added, 0 were there" in said(folder, "packs", "add", "papers", *HERE)
    assert "0 feeds added" in said(folder, "packs", "add", "papers", *HERE)
    assert "Papers" in said(folder, "packs", "list")
    assert tapeout(folder, "packs", "add", "cheese", *HERE)[0] == 1


def test_health_is_an_exit_code(folder: Path) -> None:
    """0 while all feeds are well, 1 as soon as one needs somebody, with what to do."""
    said(folder, "packs", "add", "papers", *HERE)
    assert "All feeds are well." in said(folder, "health")

    async def break_one() -> None:
        db = Database(f"sqlite+aiosqlite:///{folder / 'tapeout.db'}")
        async with db.write() as connection:
            url = (await connection.execute(feed_table.select())).first().url  # type: ignore[union-attr]
            await connection.execute(
                feed_table.update()
                .where(feed_table.c.url == url)
                .values(state=FeedState.GONE, last_error="410", failing_since=NOW - timedelta(days=2))
            )
        await db.close()

    asyncio.run(break_one())
    code, out = tapeout(folder, "health")
    assert (code, "gone" in out) == (1, True)
    assert len(json.loads(tapeout(folder, "health", "--json")[1])) == 1


def test_what_is_watched_for_and_spent(folder: Path) -> None:
    """Empty states say so, and a number that is none is a sentence."""
    assert "Nothing is watched for." in said(folder, "watch", "list")
    assert tapeout(folder, "watch", "end", "4") == (
        1,
        "Nothing with the number 4 is watched for: see `tapeout watch list`.",
    )
    assert "nothing is spent" in said(folder, "budget")
    assert json.loads(said(folder, "budget", "--json"))["used"] == 0
