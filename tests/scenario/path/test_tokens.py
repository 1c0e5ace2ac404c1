"""With tokens of a workspace: the same bot, and a sentence where a token is wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.errors import SettingsError
from bot.settings import Settings, load
from bot.workspace import Workspace

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """A workspace that the bot was installed in by its manifest."""
    made = Workspace(MANIFEST)
    made.timing.wait_longer(30)
    await made.start()
    yield made
    await made.stop()


def _settings(workspace: Workspace, folder: Path, **changes: str) -> Settings:
    return load(
        {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "TAPEOUT_SLACK_API_URL": workspace.api_url,
            "TAPEOUT_DATA_DIR": str(folder),
            "PORT": "0",
        }
        | changes
    )


async def test_with_tokens_the_bot_connects_and_answers_commands(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing but two tokens is needed, and `/tapeout help` answers."""
    service = Service(_settings(workspace, tmp_path))
    await service.start()
    try:
        await workspace.command("ada", "ai-infrastructure", "/tapeout help")
        found = await workspace.wait_for(lambda: workspace.ephemerals("ada"), 10)
    finally:
        await service.stop()
    assert "/tapeout add" in str(found[-1])


@pytest.mark.parametrize(
    ("name", "value"),
    [("SLACK_BOT_TOKEN", "xoxb-not-a-token-of-this"), ("SLACK_APP_TOKEN", "xapp-not-a-token-of-this")],
)
async def test_a_wrong_token_is_named_and_not_shown(
    workspace: Workspace, tmp_path: Path, name: str, value: str
) -> None:
    """The start ends with a sentence that names the setting and says where to get it, without the token."""
    service = Service(_settings(workspace, tmp_path, **{name: value}))
    with pytest.raises(SettingsError, match=name) as caught:
        await service.start()
    assert value not in str(caught.value)


async def test_an_api_that_does_not_answer_is_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody listens there: the address is named, no traceback is shown."""
    service = Service(_settings(workspace, tmp_path, TAPEOUT_SLACK_API_URL="http://127.0.0.1:9/api/"))
    with pytest.raises(SettingsError, match="cannot be reached"):
        await service.start()
