"""Faults on Web API calls, as the real client meets them."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace


@pytest.fixture
def channel(workspace: Workspace) -> str:
    """A channel that the bot is in."""
    return workspace.channel_id("ai-infrastructure")


async def test_a_reset_after_accepting_leaves_the_message(
    workspace: Workspace, client: AsyncWebClient, channel: str
) -> None:
    """The client sees a broken connection, though the message was posted: the case that posts twice."""
    workspace.faults.reset_after("chat.postMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=channel, text="once?")
    assert [m["text"] for m in workspace.messages(channel)] == ["once?"]
    (call,) = workspace.calls_of("chat.postMessage")
    assert (call.status, call.fault, call.ok) == (0, "reset_after", False)


async def test_the_sdks_default_retry_posts_twice(workspace: Workspace, channel: str) -> None:
    """With the connection retry that the SDK has by default, the same fault makes two messages."""
    workspace.faults.reset_after("chat.postMessage")
    async with aiohttp.ClientSession() as session:
        careless = AsyncWebClient(
            token=workspace.bot_token,
            base_url=workspace.api_url,
            session=session,
            retry_handlers=[AsyncConnectionErrorRetryHandler()],
        )
        await careless.chat_postMessage(channel=channel, text="twice")
    assert [m["text"] for m in workspace.messages(channel)] == ["twice", "twice"]


async def test_a_reset_before_leaves_nothing(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """The connection breaks before the call is carried out; the next one works."""
    workspace.faults.reset_before("chat.postMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=channel, text="lost")
    await client.chat_postMessage(channel=channel, text="kept")
    assert [m["text"] for m in workspace.messages(channel)] == ["kept"]


async def test_a_rate_limit_is_obeyed_by_the_client(workspace: Workspace, bot: Any, channel: str) -> None:
    """429 with Retry-After is waited out by the SDK's handler; one message results."""
    workspace.faults.rate_limit("chat.postMessage", retry_after=0)
    await bot.client.chat_postMessage(channel=channel, text="patient")
    assert [call.status for call in workspace.calls_of("chat.postMessage")] == [429, 200]
    assert len(workspace.messages(channel)) == 1


async def test_server_errors_and_named_errors(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """HTTP 500 without JSON, and an unavailable history, each for as many calls as asked."""
    workspace.faults.server_error("chat.postMessage")
    with pytest.raises(SlackApiError) as broken:
        await client.chat_postMessage(channel=channel, text="x")
    assert broken.value.response.status_code == 500
    assert workspace.messages(channel) == []
    workspace.faults.fail("conversations.history", "internal_error", times=2)
    errors = []
    for _ in range(3):
        try:
            await client.conversations_history(channel=channel)
            errors.append("")
        except SlackApiError as error:
            errors.append(error.response["error"])
    assert errors == ["internal_error", "internal_error", ""]


async def test_a_slow_answer_waits_for_its_release(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """The message is there while the client still waits for the answer."""
    release = workspace.faults.slow("chat.postMessage")
    call = asyncio.ensure_future(client.chat_postMessage(channel=channel, text="slow"))
    await workspace.wait_for(lambda: workspace.messages(channel))
    assert not call.done()
    release.set()
    assert (await call)["ok"]


async def test_slacks_pace_is_kept_when_asked(
    workspace: Workspace, client: AsyncWebClient, channel: str, clock: Any
) -> None:
    """Beyond a burst, posts to a channel get 429 with Retry-After; a second later one passes. Updates: one in 3 s."""
    workspace.faults.pace = True
    for n in range(4):
        ts = (await client.chat_postMessage(channel=channel, text=str(n)))["ts"]
    with pytest.raises(SlackApiError) as limited:
        await client.chat_postMessage(channel=channel, text="too fast")
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "1")
    clock.ahead += timedelta(seconds=1)
    await client.chat_postMessage(channel=channel, text="4")
    await client.chat_update(channel=channel, ts=ts, text="a")
    with pytest.raises(SlackApiError) as again:
        await client.chat_update(channel=channel, ts=ts, text="b")
    assert again.value.response.headers["Retry-After"] == "3"


async def test_history_as_apps_outside_the_marketplace_have_it(
    workspace: Workspace, client: AsyncWebClient, channel: str
) -> None:
    """Fifteen objects, once a minute."""
    for n in range(20):
        await client.chat_postMessage(channel=channel, text=str(n))
    workspace.faults.restricted_history = True
    assert len((await client.conversations_history(channel=channel, limit=100))["messages"]) == 15
    with pytest.raises(SlackApiError) as limited:
        await client.conversations_history(channel=channel)
    assert int(limited.value.response.headers["Retry-After"]) > 50
