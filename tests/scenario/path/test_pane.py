"""The conversation with the bot: what it suggests, what it is called, and Stop while an answer is looked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.models import Answer

from .conftest import Path1


async def test_what_is_suggested_was_told_lately_and_can_be_answered(path: Path1) -> None:
    """The newest stories that the archive answers, and help; pressing the first gets an answer with its source."""
    await path.wait(lambda: len(path.posts()) >= 4)
    await path.workspace.open_messages("ada")
    offered = await path.wait(lambda: path.workspace.prompts("ada"))
    assert len(offered) == 4
    assert offered[-1]["message"] == "help"
    assert offered[0]["message"].startswith("What is new: ")
    direct = path.workspace.dm_id("ada")
    ts = await path.workspace.send("ada", direct, offered[0]["message"])
    (reply,) = await path.wait(lambda: path.replies(ts, channel=direct))
    assert "[1]" in reply["text"]


async def test_a_conversation_is_named_by_its_first_question(path: Path1) -> None:
    """The session is working, then at rest, and has a name in the list."""
    direct = path.workspace.dm_id("ada")
    ts = await path.workspace.send("ada", direct, "Who buys the output of Elk Narrows?")
    await path.wait(lambda: path.replies(ts, channel=direct))
    await path.answered()
    calls = [call.args for call in path.workspace.calls_of("agents.sessions.setStatus")]
    assert [(call["status"], call.get("title")) for call in calls] == [
        ("processing", "Who buys the output of Elk Narrows?"),
        ("active", None),
    ]


async def test_stop_ends_an_answer_that_is_still_looked_for(path: Path1, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said any more, the session rests, and the next question in the thread is answered."""
    newsroom = path.service.newsroom
    compose = newsroom.compose
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> Answer:
        await options["status"]("is looking …")
        looking.set()
        await go_on.wait()
        return await compose(*args, **options)

    monkeypatch.setattr(newsroom, "compose", slowly)
    direct = path.workspace.dm_id("ada")
    ts = await path.workspace.send("ada", direct, "Who buys the output of Elk Narrows?")
    await looking.wait()
    await path.workspace.stop_answer("ada", direct, ts)
    await path.wait(lambda: path.workspace.unsettled_events == 0)
    monkeypatch.undo()
    go_on.set()
    await path.answered()
    assert path.replies(ts, channel=direct) == []
    await path.workspace.send("ada", direct, "How many megawatts does the reactor at Elk Narrows have?", thread_ts=ts)
    await path.wait(lambda: path.replies(ts, channel=direct))
