from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import DeliveryError
from bot.slack.blocks import said
from bot.slack.sender import Sender

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.workspace import Workspace

CHANNEL = "ai-infrastructure"
NEWS = said("news")


@pytest.fixture
def sender(client: AsyncWebClient) -> Sender:
    """What is tested."""
    return Sender(client)


async def deliver(sender: Sender, channel: str, key: str, thread_ts: str | None = None) -> str:
    """What the outbox does: post; when it is not known what became of it, look, and only then post again."""
    began = datetime.now(UTC)
    try:
        return await sender.post(channel, NEWS, delivery_key=key, thread_ts=thread_ts)
    except DeliveryError as error:
        found = await sender.find(channel, key, began, thread_ts=thread_ts) if error.state == "ambiguous" else None
        return found or await sender.post(channel, NEWS, delivery_key=key, thread_ts=thread_ts)


@pytest.mark.parametrize("fault", ["reset_after", "reset_before", "server_error", "rate_limit"])
async def test_a_fault_leaves_one_post(workspace: Workspace, sender: Sender, fault: str) -> None:
    """A lost connection (before or after Slack took the post), a fault of Slack's and a pause each end in one post."""
    getattr(workspace.faults, fault)("chat.postMessage")
    ts = await deliver(sender, workspace.channel_id(CHANNEL), "story:1")
    posts = workspace.messages(CHANNEL)
    assert [post["ts"] for post in posts] == [ts]
    assert [fired.kind for fired in workspace.faults.fired]


async def test_a_reply_that_was_lost_is_found_in_its_thread(workspace: Workspace, sender: Sender) -> None:
    """Replies are not in the channel's history; they are looked for where they are."""
    channel = workspace.channel_id(CHANNEL)
    root = await sender.post(channel, NEWS, delivery_key="story:1")
    workspace.faults.reset_after("chat.postMessage")
    ts = await deliver(sender, channel, "update:1", root)
    assert [entry["ts"] for entry in workspace.thread(CHANNEL, root)] == [root, ts]


async def test_a_post_is_found_among_many(workspace: Workspace, sender: Sender) -> None:
    """It is found beyond the first page, with other apps' and people's messages around it."""
    channel = workspace.channel_id(CHANNEL)
    began = datetime.now(UTC)
    ts = await sender.post(channel, NEWS, delivery_key="story:1")
    for number in range(40):
        await workspace.send("ben", CHANNEL, f"talk {number}")
    assert await sender.find(channel, "story:1", began) == ts
    assert await sender.find(channel, "story:2", began) is None


async def test_history_that_may_not_be_read_keeps_the_post_open(workspace: Workspace, sender: Sender) -> None:
    """Outside the Marketplace history is read once a minute; until then nothing is said, and nothing is sent."""
    channel = workspace.channel_id(CHANNEL)
    workspace.faults.restricted_history = True
    began = datetime.now(UTC)
    assert await sender.find(channel, "story:1", began) is None
    with pytest.raises(DeliveryError) as raised:
        await sender.find(channel, "story:1", began)
    assert raised.value.state == "ambiguous"
    assert raised.value.retry_after


async def test_an_archived_or_foreign_channel_holds_the_post(workspace: Workspace, sender: Sender) -> None:
    """Each says what to do; joining a public channel is something the bot can do itself."""
    general = workspace.channel_id("general")
    with pytest.raises(DeliveryError, match="/invite") as raised:
        await sender.post(general, NEWS, delivery_key="story:1")
    assert raised.value.state == "held"
    await sender.join(general)
    await sender.post(general, NEWS, delivery_key="story:1")
    await workspace.archive("ada", "general")
    with pytest.raises(DeliveryError, match="archived") as raised:
        await sender.post(general, NEWS, delivery_key="story:2")
    assert raised.value.state == "held"


async def test_a_post_is_changed_in_place(workspace: Workspace, sender: Sender) -> None:
    """An update keeps the post's ts and key."""
    channel = workspace.channel_id(CHANNEL)
    ts = await sender.post(channel, NEWS, delivery_key="story:1")
    await sender.update(channel, ts, said("newer news"), delivery_key="story:1")
    post: dict[str, Any] = workspace.messages(CHANNEL)[0]
    assert (post["ts"], post["text"]) == (ts, "newer news")
    assert post["metadata"]["event_payload"]["delivery_key"] == "story:1"
    await workspace.delete(CHANNEL, ts)
    with pytest.raises(DeliveryError, match="deleted") as raised:
        await sender.update(channel, ts, NEWS, delivery_key="story:1")
    assert raised.value.state == "gone"
