"""Posting so that nothing is lost and nothing comes twice.

Each post carries its delivery's key in the message's metadata. When it is not known whether Slack took a post, `find`
looks for that key in what the channel shows, and only if it is not there is the post sent again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.slack.blocks import Message
from bot.slack.channels import Look, has_member, is_shared, look
from bot.slack.refusals import refusals

EVENT_TYPE = "tapeout_delivery"
CLOCK_SKEW = timedelta(minutes=10)
"""How far our clock may have been ahead of Slack's: `find` looks that much further back."""
PAGE = 15
"""What Slack gives at most to apps outside its Marketplace; others get it as asked."""
PAGES_MOST = 20
_PEOPLE = ("U", "W")
"""How the ids of users start."""


def metadata(delivery_key: str) -> dict[str, Any]:
    """The metadata by which a message is known again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery_key": delivery_key}}


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over: its name, and its bytes."""

    name: str
    content: bytes


class Sender:
    """Posts, changes and finds messages of one workspace; all that Slack refuses is a `DeliveryError`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def post(self, channel: str, message: Message, *, delivery_key: str, thread_ts: str | None = None) -> str:
        """Post a message and return its ts.

        Raises:
            DeliveryError: `ambiguous` where Slack may have taken it: call `find` before posting again.
        """
        async with refusals():
            response = await self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks),
                thread_ts=thread_ts,
                metadata=metadata(delivery_key),
                unfurl_links=False,
                unfurl_media=False,
            )
        return str(response["ts"])

    async def update(self, channel: str, ts: str, message: Message, *, delivery_key: str) -> None:
        """Change a posted message; doing it twice does no harm, so nothing here is ambiguous.

        Raises:
            DeliveryError: `failed` where the message was deleted or may not be changed any more.
        """
        async with refusals(repeatable=True):
            await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=metadata(delivery_key),
                unfurl_links=False,
                unfurl_media=False,
            )

    async def upload(self, content: bytes, *, filename: str, alt: str) -> str:
        """Give Slack a picture to show in a message of ours, and return its id; nobody sees it until then.

        Raises:
            DeliveryError: Slack did not take it.
        """
        async with refusals(repeatable=True):
            response = await self._client.files_upload_v2(
                file=content, filename=filename, title=filename, alt_txt=alt, request_file_info=False
            )
        return str(response["files"][0]["id"])

    async def hand_over(self, user_id: str, files: Sequence[Document], comment: str) -> None:
        """Give somebody files in their direct messages with us, in one message.

        Raises:
            DeliveryError: Slack did not take them; `held` where the app lacks `files:write`.
        """
        channel = await self._direct_messages(user_id)
        uploads = [{"file": each.content, "filename": each.name, "title": each.name} for each in files]
        async with refusals():
            await self._client.files_upload_v2(
                channel=channel, file_uploads=uploads, initial_comment=comment, request_file_info=False
            )

    async def find(
        self, channel: str, delivery_key: str, since: datetime, *, thread_ts: str | None = None
    ) -> str | None:
        """The ts of the message that carries this key, or None when the channel certainly has none.

        Args:
            channel: where it would be; a user's id means the direct messages with them, as it does for `post`.
            delivery_key: what it would carry.
            since: when its first try began.
            thread_ts: the thread it would be in; replies are not in a channel's history.

        Raises:
            DeliveryError: `ambiguous` where that cannot be read now: hold the delivery, do not send it again.
        """
        if channel.startswith(_PEOPLE):
            channel = await self._direct_messages(channel)
        async for entry in self._entries(channel, since, thread_ts):
            if _key_of(entry) == delivery_key:
                return str(entry["ts"])
        return None

    async def _direct_messages(self, user_id: str) -> str:
        """The channel of the direct messages with a user: Slack posts to a user's id, but has no history of it."""
        try:
            async with refusals(repeatable=True):
                response = await self._client.conversations_open(users=user_id)
        except DeliveryError as error:
            raise _unreadable(error) from error
        return str(response["channel"]["id"])

    async def find_unnamed(self, channel: str, since: datetime, *, thread_ts: str) -> str | None:
        """The ts of a message of ours in this thread that carries no key: a stream that was never closed.

        Slack takes metadata only when a stream is closed, and all else that we post has its key from the start.

        Raises:
            DeliveryError: `ambiguous` where that cannot be read now.
        """
        async with refusals(repeatable=True):
            me = await self._client.auth_test()
        async for entry in self._entries(channel, since, thread_ts):
            ours = entry.get("user") == me["user_id"] and entry.get("ts") != thread_ts
            if ours and _key_of(entry) is None:
                return str(entry["ts"])
        return None

    async def _entries(self, channel: str, since: datetime, thread_ts: str | None) -> AsyncIterator[dict[str, Any]]:
        """What was posted since then, page by page."""
        oldest = f"{(since - CLOCK_SKEW).timestamp():.6f}"
        cursor: str | None = None
        for _ in range(PAGES_MOST):
            page = await self._page(channel, oldest, cursor, thread_ts)
            for entry in page["messages"] or []:
                yield entry
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise DeliveryError("Too much was posted since to be sure whether this post arrived.", state="ambiguous")

    async def _page(self, channel: str, oldest: str, cursor: str | None, thread_ts: str | None) -> Any:  # noqa: ANN401 the SDK's response
        try:
            async with refusals(repeatable=True):
                if thread_ts is not None:
                    return await self._client.conversations_replies(
                        channel=channel,
                        ts=thread_ts,
                        oldest=oldest,
                        limit=PAGE,
                        cursor=cursor,
                        include_all_metadata=True,
                    )
                return await self._client.conversations_history(
                    channel=channel, oldest=oldest, limit=PAGE, cursor=cursor, include_all_metadata=True
                )
        except DeliveryError as error:
            raise _unreadable(error) from error

    async def ephemeral(self, channel: str, user_id: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Show a message to one person in a channel; it is gone when they reload.

        Raises:
            DeliveryError: Slack did not take it.
        """
        async with refusals():
            await self._client.chat_postEphemeral(
                channel=channel,
                user=user_id,
                text=message.text,
                blocks=list(message.blocks),
                thread_ts=thread_ts,
            )

    async def is_shared(self, channel: str) -> bool:
        """Whether another organisation reads this channel; False where Slack does not say."""
        return await is_shared(self._client, channel)

    async def look(self, channel: str) -> Look | None:
        """Whether a channel is private, and whether we are in it; None where Slack does not say."""
        return await look(self._client, channel)

    async def has_member(self, channel: str, user_id: str) -> bool:
        """Whether somebody is in a channel; False where Slack does not say."""
        return await has_member(self._client, channel, user_id)

    async def join(self, channel: str) -> None:
        """Enter a public channel; being there already is fine.

        Raises:
            DeliveryError: `held` with what to do, such as inviting the bot to a private channel.
        """
        async with refusals(repeatable=True):
            await self._client.conversations_join(channel=channel)


def _unreadable(error: DeliveryError) -> DeliveryError:
    return DeliveryError(
        f"Slack may have this post; its history cannot be read: {error}",
        state="ambiguous",
        retry_after=error.retry_after,
    )


def _key_of(entry: dict[str, Any]) -> str | None:
    """The delivery key that a message carries, if any."""
    found = entry.get("metadata") or {}
    if found.get("event_type") != EVENT_TYPE:
        return None
    key = (found.get("event_payload") or {}).get("delivery_key")
    return key if isinstance(key, str) else None
