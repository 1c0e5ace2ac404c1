"""Names of channels, from ids and back."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.refusals import refusals

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
