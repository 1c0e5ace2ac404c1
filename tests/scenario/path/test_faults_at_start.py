"""Slack has faults of its own while the bot starts and when its first event comes: nothing is given up or lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import Service
from bot.settings import load
from bot.workspace import Workspace

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
CHANNEL = "ai-infrastructure"


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """A workspace that the bot was installed in."""
    made = Workspace(MANIFEST)
    made.timing.wait_longer(30)
    await made.start()
    yield made
    await made.stop()


def _service(workspace: Workspace, folder: Path) -> Service:
    return Service(
        load(
            {
                "SLACK_BOT_TOKEN": workspace.bot_token,
                "SLACK_APP_TOKEN": workspace.app_token,
                "TAPEOUT_SLACK_API_URL": workspace.api_url,
                "TAPEOUT_DATA_DIR": str(folder),
                "PORT": "0",
            }
        )
    )


def _answers(workspace: Workspace, ts: str) -> list[dict[str, Any]]:
    """The bot's finished replies in a thread."""
    return [message for message in workspace.thread(CHANNEL, ts)[1:] if message.get("metadata")]


async def test_a_start_waits_out_a_fault_of_slacks(workspace: Workspace, tmp_path: Path) -> None:
    """429, 503 and a broken connection are no word about a token: the bot starts all the same."""
    workspace.faults.rate_limit("auth.test")
    workspace.faults.server_error("users.info", status=503)
    workspace.faults.reset_before("apps.connections.open")
    service = _service(workspace, tmp_path)
    await service.start()
    try:
        assert await workspace.wait_for(lambda: workspace.connections, 90)
    finally:
        await service.stop()
    assert [fired.kind for fired in workspace.faults.fired] == ["rate_limited", "server_error", "reset_before"]


async def test_the_first_question_is_not_lost_while_slack_has_faults(workspace: Workspace, tmp_path: Path) -> None:
    """Bolt would ask who it is at the first event, and acknowledge and forget it where Slack does not say."""
    service = _service(workspace, tmp_path)
    await service.start()
    try:
        workspace.faults.server_error("auth.test", times=None)
        ts = await workspace.mention("ada", CHANNEL, "How many bananas does Ecuador export to Finland each year?")
        await workspace.wait_for(lambda: _answers(workspace, ts), 20)
    finally:
        await service.stop()
    assert len(_answers(workspace, ts)) == 1


async def test_a_question_that_overtakes_its_threads_first_is_answered(workspace: Workspace, tmp_path: Path) -> None:
    """The follow-up's event comes before the mention's that makes the thread ours; both are answered, in order."""
    service = _service(workspace, tmp_path)
    await service.start()
    try:
        workspace.faults.reorder_events(4)
        ts = await workspace.mention("ada", CHANNEL, "What happened at Tarnmere?")
        await workspace.send("ada", CHANNEL, "And at Oskholm?", ts)
        await workspace.send("ada", CHANNEL, "Good morning, all!")
        await workspace.wait_for(lambda: len(_answers(workspace, ts)) == 2, 20)
    finally:
        await service.stop()
    keys = [message["metadata"]["event_payload"]["delivery_key"] for message in _answers(workspace, ts)]
    assert len(set(keys)) == 2
