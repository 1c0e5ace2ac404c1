"""`tapeout apply` and `tapeout export` as operators use them, on a real store."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.errors import TapeoutError
from bot.store import Database, channels

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILE = """\
[[channel]]
name = "chips"
style = "deep"

[[channel.feed]]
url = "https://a.example/feed"
filters = ["not gaming"]
"""


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
    (tmp_path / "tapeout.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def _tapeout(folder: Path, *arguments: str, answer: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    environ = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"), None)
    given: dict[str, str | None] = {**environ, "TAPEOUT_DATA_DIR": str(folder), "COLUMNS": "200"}
    done = CliRunner().invoke(cli, list(arguments), input=answer, env=given)
    if isinstance(done.exception, TapeoutError):  # `main` makes these a sentence and exit code 1
        return 1, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def test_a_plan_is_shown_asked_for_done_and_done_only_once(folder: Path) -> None:
    """`--check` says by its exit code whether there is something to do; `export` writes what `apply` takes."""
    file = str(folder / "tapeout.toml")
    code, out, _ = _tapeout(folder, "apply", file, "--check")
    assert code == 1
    assert "#chips" in out
    assert "~ style: standard → deep" in out
    assert "+ filter `not gaming` on https://a.example/feed" in out
    assert _tapeout(folder, "apply", file, answer="n\n")[0] == 0
    assert _tapeout(folder, "apply", file, "--check")[0] == 1
    code, _, err = _tapeout(folder, "apply", file, answer="y\n")
    assert (code, "Done: 3 steps." in err) == (0, True)
    code, out, _ = _tapeout(folder, "apply", file, "--yes", "--json")
    assert (code, json.loads(out)) == (0, [])
    code, exported, _ = _tapeout(folder, "export", "--channel", "chips")
    assert code == 0
    (folder / "again.toml").write_text(exported, encoding="utf-8")
    code, out, _ = _tapeout(folder, "apply", str(folder / "again.toml"), "--check")
    assert (code, "Nothing to do" in out) == (0, True)
    code, out, _ = _tapeout(folder, "filters", "list", "--channel", "chips", "--json")
    assert [each["text"] for each in json.loads(out)] == ["not gaming"]


def test_a_mistake_in_the_file_changes_nothing(folder: Path) -> None:
    """It is named by its line, with exit code 1."""
    (folder / "tapeout.toml").write_text(FILE.replace("deep", "baroque"), encoding="utf-8")
    code, _, err = _tapeout(folder, "apply", str(folder / "tapeout.toml"), "--yes")
    assert code == 1
    assert "line 3: `style` is one of" in err
    code, _, err = _tapeout(folder, "export", "--channel", "nowhere")
    assert (code, "No channel named #nowhere" in err) == (1, True)
