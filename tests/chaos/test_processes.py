"""Real processes that are stopped, killed, or robbed of their database, each at a chosen moment."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.tables import delivery, feed

from .children import STOP_WITHIN_S, Child
from .stage import CHANNELS, SETUPS, Stage, stage

pytestmark = pytest.mark.timeout(600)  # real processes on a machine that many may share
PATIENCE_S = 90.0
USUAL_START_S = 5.0
"""A machine on which a start takes longer is slower in everything."""
SQLITE = SETUPS[0]
ONE = CHANNELS[0]


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Stage]:
    """One process's surroundings, with the press's first events and calm weather."""
    async with stage(SQLITE, tmp_path, None, every_s=600.0, with_shelf=False) as made:
        yield made


def _posts(at: Stage, channel: str = ONE) -> list[dict[str, Any]]:
    bot = at.workspace.bot_user_id
    return [m for m in at.workspace.messages(channel) if m.get("user") == bot and m.get("metadata")]


def _answers(at: Stage, ts: str) -> list[dict[str, Any]]:
    return [m for m in at.workspace.thread(ONE, ts)[1:] if m.get("metadata")]


async def _until(at: Stage, what: Callable[[], object]) -> None:
    await at.workspace.wait_for(what, PATIENCE_S)


async def _killed_when(at: Stage, child: Child, sign: str) -> None:
    """SIGKILL at the first of these calls or events."""
    seen = asyncio.Event()

    def listen(what: str, _port: int) -> None:
        if what == sign:
            child.send(signal.SIGKILL)
            seen.set()

    at.heard.listeners.append(listen)
    async with asyncio.timeout(PATIENCE_S):
        await seen.wait()
        await child.ended()
    at.heard.listeners.remove(listen)


async def test_sigterm_ends_it_within_ten_seconds_whatever_it_waits_for(at: Stage) -> None:
    """Slack holds its answer to a post; the process ends with exit code 0, and the next start finds the post."""
    (child,) = at.children
    release = at.weather.slow("chat.postMessage", times=None)
    clock = asyncio.get_running_loop().time
    began = clock()
    await child.start()
    await _until(at, lambda: at.workspace.connections)
    slowness = max(1.0, (clock() - began) / USUAL_START_S)
    await _until(at, lambda: _posts(at))
    began = clock()
    assert await child.terminate() == 0
    assert clock() - began < STOP_WITHIN_S * slowness
    async with at.db.read() as connection:
        held = await connection.execute(sa.select(delivery.c.id).where(delivery.c.lease_until.is_not(None)))
        assert held.all() == []
    release.set()
    at.weather.clear()
    await child.start()
    await _until(at, lambda: at.workspace.calls_of("conversations.history"))
    await _until(at, lambda: all(_posts(at, name) for name in CHANNELS))
    assert await child.terminate() == 0
    assert {len(_posts(at, name)) for name in CHANNELS} == {1}


async def test_a_question_whose_event_was_cut_off_is_answered_once(at: Stage) -> None:
    """The process dies as the event arrives: it was written down, or Slack sends it again."""
    (child,) = at.children
    await child.start()
    await _until(at, lambda: at.workspace.connections)
    dying = asyncio.create_task(_killed_when(at, child, "event"))
    ts = await at.workspace.mention("ada", ONE, "What happened?")
    await dying
    await child.start()
    await _until(at, lambda: _answers(at, ts))
    await _until(at, lambda: at.workspace.unsettled_events == 0)
    assert await child.terminate() == 0
    assert len(_answers(at, ts)) == 1


async def test_an_answer_that_was_cut_off_is_finished_in_its_own_message(at: Stage) -> None:
    """The process dies as it begins to stream: the next one goes on with that message, or begins it."""
    (child,) = at.children
    await child.start()
    await _until(at, lambda: at.workspace.connections)
    dying = asyncio.create_task(_killed_when(at, child, "chat.startStream"))
    ts = await at.workspace.mention("ada", ONE, "What happened?")
    await dying
    await child.start()
    await _until(at, lambda: _answers(at, ts))
    assert await child.terminate() == 0
    assert len(at.workspace.thread(ONE, ts)) == 2


async def test_a_dead_loop_ends_the_process_and_says_why(at: Stage) -> None:
    """A row that cannot be read is nothing that waiting mends: exit code 1, with the loop and the reason."""
    (child,) = at.children
    async with at.db.write() as connection:
        await connection.execute(sa.update(feed).values(state="nonsense"))
    await child.start()
    async with asyncio.timeout(PATIENCE_S):
        assert await child.ended() == 1
    said = child.output.read_text(encoding="utf-8")
    assert "a loop died" in said
    assert "watch" in said
    assert "'nonsense' is not a valid FeedState" in said


async def test_a_database_that_another_process_locks_is_waited_for(at: Stage, tmp_path: Path) -> None:
    """Nothing can be written for some seconds; then it goes on, with each story once."""
    (child,) = at.children
    await child.start()
    await _until(at, lambda: at.workspace.connections)
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "tapeout.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ts = await at.workspace.mention("ada", ONE, "What happened?")
        with pytest.raises(TimeoutError):
            await at.workspace.wait_for(lambda: _answers(at, ts), 4.0)
        other.execute("ROLLBACK")
    await _until(at, lambda: _answers(at, ts))
    await _until(at, lambda: all(_posts(at, name) for name in CHANNELS))
    assert await child.terminate() == 0
    assert len(_answers(at, ts)) == 1
    assert {len(_posts(at, name)) for name in CHANNELS} == {1}
