"""The first words with Slack: who we are there, and a socket; faults of the moment are waited out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_random_exponential

from bot.errors import SettingsError
from bot.slack.refusals import error_code, refusal

T = TypeVar("T")

#: So many seconds a fault of Slack's may last while we start.
SLACK_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace that the bot's token belongs to."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    bot_name: str
    url: str


async def connect(socket: AsyncSocketModeHandler) -> None:
    """Open the socket. The SDK tries a token that Slack refuses again and again, so it is tried here first.

    Raises:
        SettingsError: Slack does not accept the app-level token.
    """
    client = socket.client
    try:
        await _patiently(lambda: client.web_client.apps_connections_open(app_token=client.app_token))
    except SlackApiError as error:
        if _may_pass(error):
            raise SettingsError(f"Slack has a fault of its own at {client.web_client.base_url}; start again.") from None
        raise SettingsError(
            f"Slack does not accept SLACK_APP_TOKEN ({error_code(error)}). Make an app-level token with the "
            "scope connections:write under “Basic Information” of your app, and switch Socket Mode on."
        ) from None
    await socket.connect_async()  # type: ignore[no-untyped-call]  # the SDK leaves it bare


async def _patiently(call: Callable[[], Awaitable[T]]) -> T:
    """What Slack answers once it has no fault of its own (429, 5xx, a connection that breaks); 20 s at most."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(_may_pass),
        wait=wait_random_exponential(multiplier=0.3, max=5),
        stop=stop_after_delay(SLACK_PATIENCE_S),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("tenacity ends by returning or raising")


def _may_pass(error: BaseException) -> bool:
    """Whether it is a fault of the moment; a server that is not there at all is told at once."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return False
    known = isinstance(error, SlackApiError | aiohttp.ClientError | TimeoutError)
    return known and refusal(error).state in {"retry", "ambiguous"}


async def identify(client: AsyncWebClient) -> Team:
    """Whose token this is.

    Raises:
        SettingsError: Slack does not accept it, or cannot be reached.
    """
    try:
        who = await _patiently(client.auth_test)
        user = await _patiently(lambda: client.users_info(user=who["user_id"]))
    except SlackApiError as error:
        if _may_pass(error):
            raise SettingsError(f"Slack has a fault of its own at {client.base_url}; start again.") from None
        raise SettingsError(
            f"Slack does not accept SLACK_BOT_TOKEN ({error_code(error)}). Copy it anew from "
            "“OAuth & Permissions” of your app."
        ) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SettingsError(f"Slack cannot be reached at {client.base_url} ({type(error).__name__}).") from None
    profile = user["user"]
    return Team(
        id=who["team_id"],
        name=who.get("team") or who["team_id"],
        bot_id=who.get("bot_id") or "",
        bot_user_id=who["user_id"],
        bot_name=profile.get("profile", {}).get("display_name") or profile.get("real_name") or profile["name"],
        url=who.get("url", ""),
    )


async def find_channel(client: AsyncWebClient, name: str) -> str:
    """The id of the channel with this name that the bot is in.

    Raises:
        SettingsError: there is none.
    """
    cursor = ""
    while True:
        page = await client.conversations_list(exclude_archived=True, limit=200, cursor=cursor)
        for channel in page["channels"]:
            if channel["name"] == name and channel.get("is_member"):
                return str(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise SettingsError(
                f"The bot is not in a channel named #{name}: invite it there, "
                "or set TAPEOUT_CHANNEL to a channel that it is in."
            )
