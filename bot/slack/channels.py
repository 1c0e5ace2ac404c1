"""Channels: their names, from ids and back, and whether strangers read them."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError, UserError
from bot.slack.refusals import refusals

SHARED = (
    "That channel is shared with another organisation, which has not asked for this news: choose another channel, "
    "or end the sharing; `/tapeout resume` goes on, should I not do so by myself."
)

PAGE = 1_000


async def name_of(client: AsyncWebClient, channel_id: str) -> str:
    """A channel's name, without `#`.

    Raises:
        DeliveryError: the channel cannot be seen; the sentence says what to do.
    """
    async with refusals(repeatable=True):
        response = await client.conversations_info(channel=channel_id)
    channel: dict[str, object] = response.get("channel", {})
    return str(channel.get("name") or channel_id)


async def find_by_name(client: AsyncWebClient, name: str) -> str | None:
    """The id of the public channel with this name, or None.

    Raises:
        DeliveryError: the list cannot be read now.
    """
    wanted = name.removeprefix("#").lower()
    async with refusals(repeatable=True):
        first = await client.conversations_list(limit=PAGE, exclude_archived=True, types="public_channel")
        async for page in first:
            for channel in page["channels"] or []:
                if channel.get("name", "").lower() == wanted:
                    return str(channel["id"])
    return None


async def is_shared(client: AsyncWebClient, channel_id: str) -> bool:
    """Whether people of another organisation read a channel; False where Slack does not say.

    Private channels can be looked at only with `groups:read`, which is opt-in: not knowing is no reason to be silent.
    """
    try:
        async with refusals(repeatable=True):
            response = await client.conversations_info(channel=channel_id)
    except DeliveryError:
        return False
    channel: dict[str, object] = response.get("channel", {})
    return bool(channel.get("is_ext_shared"))


@dataclass(frozen=True, slots=True)
class Look:
    """What Slack says of a channel."""

    is_private: bool
    is_member: bool


async def look(client: AsyncWebClient, channel_id: str) -> Look | None:
    """Whether a channel is private, and whether we are in it; None where Slack does not say."""
    try:
        async with refusals(repeatable=True):
            response = await client.conversations_info(channel=channel_id)
    except DeliveryError:
        return None
    channel: dict[str, object] = response.get("channel", {})
    return Look(is_private=bool(channel.get("is_private")), is_member=bool(channel.get("is_member")))


async def has_member(client: AsyncWebClient, channel_id: str, user_id: str) -> bool:
    """Whether somebody is in a channel; False where Slack does not say."""
    try:
        async with refusals(repeatable=True):
            first = await client.conversations_members(channel=channel_id, limit=PAGE)
            async for page in first:
                if user_id in (page["members"] or ()):
                    return True
    except DeliveryError:
        return False
    return False


async def refuse_shared(client: AsyncWebClient, channel_id: str) -> None:
    """Keep feeds out of channels that another organisation reads.

    Raises:
        UserError: it is one, with what to do.
    """
    if await is_shared(client, channel_id):
        raise UserError(SHARED)
