"""A question without an answer, the button under it, and the answer that comes when it was read: through every part."""

from __future__ import annotations

from typing import Any

from .conftest import Path1, shown

CHANNEL = "ai-infrastructure"
#: Answered by an article that comes out late.
LATE = "How many quick couplings must operators of Coldframe check?"


async def test_the_button_begins_a_watch_which_can_be_stopped_and_tells_once(path: Path1) -> None:
    """Offered, watching, stopped, watching again; the answer comes in that thread, once, and the button goes."""
    await path.wait(path.posts)
    ts = await path.workspace.mention("ada", CHANNEL, LATE)
    (unknown,) = await path.wait(lambda: path.replies(ts))
    assert "Tell me when you read it" in shown(unknown)
    await path.answered()

    def message() -> dict[str, Any]:
        return path.replies(ts)[0]

    async def press(button: str, then: str) -> None:
        await path.workspace.click("ben", button, channel=CHANNEL, ts=unknown["ts"])
        await path.wait(lambda: then in shown(message()))

    await press("answer_watch", "I'm watching for it")
    await press("answer_unwatch", "Tell me when you read it")
    await press("answer_watch", "Stop watching")
    path.shelf.release_all()
    await path.wait(lambda: len(path.replies(ts)) == 2)
    told = path.replies(ts)[1]
    assert "38,000" in told["text"]
    assert LATE in told["text"]
    await path.wait(lambda: "told it in this thread" in shown(message()))
    assert "Stop watching" not in shown(message())
    await path.answered()
    assert len(path.replies(ts)) == 2


async def test_saying_it_changes_the_button_too(path: Path1) -> None:
    """Who replies "watch for it" sees the same under the answer as who pressed the button."""
    await path.wait(path.posts)
    ts = await path.workspace.mention("ada", CHANNEL, LATE)
    await path.wait(lambda: path.replies(ts))
    await path.answered()
    await path.workspace.send("ada", CHANNEL, "watch for it", thread_ts=ts)
    await path.wait(lambda: len(path.replies(ts)) == 2)
    assert "I'm watching for it" in shown(path.replies(ts)[0])
