"""The bot's real processes with PostgreSQL behind a transaction pooler."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .servers import database, missing, pooler, postgres
from .stage import CHANNELS, SETUPS, Stage, stage

PATIENCE_S = 240.0
ONE = CHANNELS[0]


@pytest.fixture
def pooled() -> Iterator[str]:
    """The address of an empty database behind a pooler."""
    with postgres() as server:
        if server is None:
            missing("PostgreSQL", "postgresql")
        direct = database(server, "pooled")
        with pooler(direct.rpartition("/")[0]) as address:
            if address is None:
                missing("PgBouncer", "pgbouncer")
            yield f"{address}/pooled"


def _posts(at: Stage, channel: str) -> list[dict[str, Any]]:
    bot = at.workspace.bot_user_id
    return [m for m in at.workspace.messages(channel) if m.get("user") == bot and m.get("metadata")]


@pytest.mark.postgres
@pytest.mark.timeout(600)  # real processes start slowly where many share the machine
async def test_two_processes_behind_a_pooler_post_and_answer_once(pooled: str, tmp_path: Path) -> None:
    """Both share three connections; one is killed at its first post, the other does its work: each post once."""
    async with stage(SETUPS[1], tmp_path, pooled, every_s=600.0, with_shelf=False) as at:
        run, worker = at.children
        posting = asyncio.Event()
        at.heard.listeners.append(lambda what, _port: posting.set() if what == "chat.postMessage" else None)
        for child in at.children:
            await child.start()
        async with asyncio.timeout(PATIENCE_S):
            await posting.wait()
        await worker.kill()
        ts = await at.workspace.mention("ada", ONE, "What happened?")
        await at.workspace.wait_for(lambda: all(_posts(at, name) for name in CHANNELS), PATIENCE_S)
        await at.workspace.wait_for(
            lambda: [m for m in at.workspace.thread(ONE, ts)[1:] if m.get("metadata")], PATIENCE_S
        )
        assert await run.terminate() == 0
        stories = [
            m for name in CHANNELS for m in _posts(at, name) if not m.get("thread_ts") or m["thread_ts"] == m["ts"]
        ]
        assert len(stories) == len(CHANNELS), [m["text"] for m in stories]
