"""One streamed message: started, added to, stopped. Text that streams is Markdown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError, TapeoutError
from bot.slack.blocks import Block
from bot.slack.refusals import error_code, refusal, refusals
from bot.slack.sender import metadata

log = structlog.get_logger(__name__)

BUFFER = 64
"""Characters gathered before a piece is sent: about a line, so that words move without a call for each."""
STREAM_MOST = 11_000
"""Slack takes 12,000 characters of Markdown a call, and a message of about 13,200 with its blocks."""
STOPPED = "stopped_by_user"


class Stopped(TapeoutError):  # noqa: N818 not a fault: someone pressed Stop
    """Somebody pressed Stop: write nothing more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: the thread, and whom it is for (Slack wants both outside direct messages)."""

    team_id: str
    channel: str
    thread_ts: str
    user_id: str


class Stream:
    """A message that grows while it is written; `ts` is None until the first piece is there."""

    def __init__(self, client: AsyncWebClient, place: Place, *, ts: str | None = None) -> None:
        self._client = client
        self._place = place
        self._waiting = ""
        self._size = 0
        self.ts = ts

    async def append(self, text: str) -> None:
        """Add Markdown; sent when there is a line's worth.

        Raises:
            Stopped: somebody pressed Stop.
            DeliveryError: the stream cannot go on; what it shows is at `ts`, if that is set.
        """
        self._waiting += text
        self._size += len(text)
        if self._size > STREAM_MOST:
            raise DeliveryError("This is too long for a stream.", state="failed")
        if self.ts is None or len(self._waiting) >= BUFFER:
            await self._flush()

    async def _flush(self) -> None:
        async with _stoppable():
            if self.ts is None:
                response = await self._client.chat_startStream(
                    channel=self._place.channel,
                    thread_ts=self._place.thread_ts,
                    recipient_team_id=self._place.team_id,
                    recipient_user_id=self._place.user_id,
                    markdown_text=self._waiting,
                )
                self.ts = str(response["ts"])
            else:
                await self._client.chat_appendStream(
                    channel=self._place.channel, ts=self.ts, markdown_text=self._waiting
                )
        self._waiting = ""

    async def close(self, rest: str, blocks: Sequence[Block], *, key: str) -> None:
        """End the stream with the rest of its text, the blocks below it, and the key to know it by.

        Raises:
            Stopped: somebody pressed Stop.
            DeliveryError: it is not known to be closed, or Slack had ended it before.
        """
        assert self.ts is not None, "a stream that never began cannot be closed"
        async with _stoppable():
            await self._client.chat_stopStream(
                channel=self._place.channel,
                ts=self.ts,
                markdown_text=(self._waiting + rest) or None,
                blocks=list(blocks) or None,
                metadata=metadata(key),
            )

    async def abandon(self) -> None:
        """End the stream as it is, so that its message can be changed; one that has ended already is fine."""
        if self.ts is None:
            return
        try:
            async with refusals():
                await self._client.chat_stopStream(channel=self._place.channel, ts=self.ts)
        except DeliveryError as error:
            log.debug("a stream had ended", channel=self._place.channel, reason=str(error))


@asynccontextmanager
async def _stoppable() -> AsyncIterator[None]:
    """As `refusals`, but the Stop button is told apart."""
    async with refusals():
        try:
            yield
        except SlackApiError as error:
            if error_code(error) == STOPPED:
                raise Stopped("Stopped.") from error
            raise refusal(error) from error
