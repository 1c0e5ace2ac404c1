"""A workspace, and a real Bolt app that is connected to it by the real Socket Mode client."""

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Newsroom"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Newsroom"},
        "agent_view": {"agent_description": "Answers questions"},
        "slash_commands": [
            {"command": "/news", "description": "News", "usage_hint": "[add|list]", "should_escape": True},
            {"command": "/plain", "description": "Unescaped"},
        ],
        "shortcuts": [
            {"name": "Explain", "type": "message", "callback_id": "explain", "description": "Explains"},
            {"name": "New feed", "type": "global", "callback_id": "new_feed", "description": "Adds a feed"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "assistant:write",
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "groups:history",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "reactions:read",
                "reactions:write",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "agent_session_stopped",
                "app_context_changed",
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "channel_archive",
                "channel_rename",
                "member_joined_channel",
                "member_left_channel",
                "message.channels",
                "message.groups",
                "message.im",
                "reaction_added",
                "tokens_revoked",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@dataclass
class Bot:
    """A Bolt app with its connection, and everything that its listeners were given."""

    app: AsyncApp
    handler: AsyncSocketModeHandler
    client: AsyncWebClient
    session: aiohttp.ClientSession
    events: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == kind]

    async def close(self) -> None:
        """Ends the connection and whatever the client started."""
        client = self.handler.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await self.handler.close_async()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        await self.session.close()


async def connect(workspace: Workspace) -> Bot:
    """A Bolt app that records every event, connected and greeted."""
    session = aiohttp.ClientSession()
    client = AsyncWebClient(
        token=workspace.bot_token,
        base_url=workspace.api_url,
        session=session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    app = AsyncApp(token=workspace.bot_token, client=client, name="test-app")
    handler = AsyncSocketModeHandler(app, workspace.app_token, ping_interval=1)
    bot = Bot(app, handler, client, session)

    @app.middleware
    async def record(body: dict[str, Any], req: Any, next: Any) -> None:  # noqa: A002 - Bolt's own name
        bot.bodies.append(body)
        if "event" in body:
            bot.events.append(body["event"])
            bot.retries.append(req.headers.get("x-slack-retry-num", ["none"])[0])
        await next()

    for kind in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:

        @app.event(kind.partition(".")[0])
        async def listen() -> None:
            """Takes the event."""

    before = workspace.connections
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await workspace.wait_for(lambda: workspace.connections > before)
    return bot


class Clock:
    """A clock that a test can set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The present."""
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The test app's manifest."""
    return copy.deepcopy(MANIFEST)


@pytest.fixture
def clock() -> Clock:
    """The workspace's clock."""
    return Clock()


@pytest.fixture
async def workspace(manifest: dict[str, Any], clock: Clock) -> AsyncIterator[Workspace]:
    """A workspace in memory, with times short enough for tests and long enough for a busy machine."""
    made = Workspace(manifest, clock=clock)
    made.timing.retries = (0.0, 0.2, 0.2)
    made.timing.regain = 0.1
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def bot(workspace: Workspace) -> AsyncIterator[Bot]:
    """An app that is connected to the workspace."""
    made = await connect(workspace)
    yield made
    await made.close()


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[AsyncWebClient]:
    """A Web API client without retries, for tests that need no socket."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url, session=session, retry_handlers=[])


@pytest.fixture
def connect_bot() -> Callable[[Workspace], Awaitable[Bot]]:
    """Connects one more app; the test closes it."""
    return connect
