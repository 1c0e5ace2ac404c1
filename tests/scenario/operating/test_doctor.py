"""`tapeout doctor` against real sockets: what is wrong is named, with what to do, and no secret is shown."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, utc_now
from bot.doctor import Finding, Health, examine
from bot.presence import Presence
from bot.settings import load
from bot.signals import Bells
from bot.store import Database, channels, feeds
from bot.workspace import Workspace

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
SCOPES = frozenset(MANIFEST["oauth_config"]["scopes"]["bot"])


@pytest.fixture
async def slack() -> AsyncIterator[Workspace]:
    """A workspace whose app has all that the manifest asks for."""
    made = Workspace(MANIFEST, port=0)
    made.timing.wait_longer(30)
    await made.start()
    yield made
    await made.stop()


async def look(
    folder: Path,
    slack: Workspace | None = None,
    *,
    scopes: frozenset[str] = SCOPES,
    clock: Clock = utc_now,
    **more: str,
) -> dict[str, Finding]:
    """What the doctor finds, by what it looked at."""
    environ = {"TAPEOUT_DATA_DIR": str(folder), **more}
    if slack is not None:
        environ |= {"TAPEOUT_SLACK_API_URL": slack.api_url}
        environ = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token} | environ
    found = [finding async for finding in examine(load(environ), scopes=scopes, clock=clock)]
    shown = "".join(finding.words + finding.do for finding in found)
    assert "xoxb-" not in shown
    assert "xapp-" not in shown
    assert len({finding.what for finding in found}) == len(found)
    return {finding.what: finding for finding in found}


async def a_store(folder: Path) -> Database:
    """A migrated database with a worker at work on it."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'tapeout.db'}")
    await db.migrate()
    await Presence(db, bells=Bells(), clock=utc_now, stages=()).beat()
    return db


async def test_a_house_in_order(tmp_path: Path, slack: Workspace) -> None:
    """Everything that is set up is good, and what is not set up is said to be so."""
    db = await a_store(tmp_path)
    await db.close()
    found = await look(tmp_path, slack)
    good = ("Python", "disk", "database", "workers", "queues", "bot token", "scopes", "clock", "socket")
    assert {what: found[what].health for what in good} == dict.fromkeys(good, Health.GOOD)
    assert found["model"].health is Health.OFF
    assert found["feeds"].do  # nobody follows any yet


async def test_before_the_first_start_nothing_is_wrong(tmp_path: Path) -> None:
    """No database and no tokens are a newcomer's house."""
    found = await look(tmp_path / "nowhere")
    assert not [finding for finding in found.values() if finding.health is Health.BAD]
    assert not (tmp_path / "nowhere").exists()


async def test_a_missing_scope_is_named(tmp_path: Path, slack: Workspace) -> None:
    """An app that was installed before the manifest grew."""
    found = await look(tmp_path, slack, scopes=SCOPES | {"pins:read"})
    assert found["scopes"].health is Health.BAD
    assert "pins:read" in found["scopes"].words
    assert "reinstall" in found["scopes"].do


async def test_a_token_that_slack_refuses(tmp_path: Path, slack: Workspace) -> None:
    """The bot token's check says what to do, and the app token is not asked about with it."""
    slack.faults.fail("auth.test", "invalid_auth")
    found = await look(tmp_path, slack)
    assert found["bot token"].health is Health.BAD
    assert "invalid_auth" in found["bot token"].words
    assert "socket" not in found
    slack.faults.fail("apps.connections.open", "invalid_auth")
    assert (await look(tmp_path, slack))["socket"].health is Health.BAD


async def test_slack_that_is_not_there(tmp_path: Path, slack: Workspace) -> None:
    """A network without Slack is a sentence."""
    await slack.stop()
    found = await look(tmp_path, slack)
    assert (found["bot token"].health, found["bot token"].do) == (Health.BAD, "Check the network.")


@pytest.mark.parametrize(("minutes", "health"), [(1, Health.ATTENTION), (6, Health.BAD)])
async def test_a_clock_that_is_off(tmp_path: Path, slack: Workspace, minutes: int, health: Health) -> None:
    """Slack's own time is what ours is held against."""
    found = await look(tmp_path, slack, clock=lambda: utc_now() - timedelta(minutes=minutes))
    assert found["clock"].health is health


async def test_work_that_nobody_does(tmp_path: Path) -> None:
    """Old due work and no worker are both said."""
    db = await a_store(tmp_path)
    long_ago = datetime(2026, 11, 1, tzinfo=UTC)
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=long_ago)
        await channels.add_channel(connection, team_id="T1", channel_id="C1", name="ai", threshold=0.3, now=long_ago)
        feed = await feeds.add(
            connection, url="https://a.example/feed", title="A", publisher="A", site_url=None, now=long_ago
        )
        await channels.subscribe(
            connection, team_id="T1", channel_id="C1", feed_id=feed.id, created_by="U1", now=long_ago
        )
    await db.close()
    found = await look(tmp_path, clock=lambda: utc_now() + timedelta(minutes=2))
    assert found["workers"].health is Health.ATTENTION
    assert found["queues"].health is Health.ATTENTION
    assert "watch: 1 due" in found["queues"].words
    assert found["feeds"].words == "1 new"


async def test_tables_of_another_edition(tmp_path: Path) -> None:
    """A database that was never migrated wants `tapeout release`."""
    (tmp_path / "tapeout.db").touch()
    found = await look(tmp_path)
    assert found["database"].health is Health.BAD
    assert "tapeout release" in found["database"].do


async def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """The driver's reason in one line, without the password."""
    found = await look(tmp_path, DATABASE_URL="postgres://tapeout:hunter22@127.0.0.1:1/tapeout")
    assert found["database"].health is Health.BAD
    assert "hunter22" not in found["database"].words


async def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    """The endpoint's fault, and which settings to look at."""
    found = await look(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:1/v1", OPENAI_API_KEY="sk-not-to-be-shown-123")
    assert found["model"].health is Health.BAD
    assert "OPENAI_BASE_URL" in found["model"].do
    assert "not-to-be-shown" not in found["model"].words
