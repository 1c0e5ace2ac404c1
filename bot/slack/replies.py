"""An answer on its way into a thread: status, words as they come, and one message in the end.

Where the surface takes streams the words are streamed; else one message is posted and changed at most every three
seconds. Slack ends a stream about five minutes after its start; then its message is changed like any other. Whatever
happens in between, also a crash of ours, the thread ends up with one answer: a second try (`since` is set) first looks
for what the one before it left.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.slack.blocks import Message, sentence
from bot.slack.escape import clip
from bot.slack.refusals import refusals
from bot.slack.sender import Sender
from bot.slack.streams import STREAM_MOST, Place, Stopped, Stream

__all__ = ["Reply", "Stopped"]

log = structlog.get_logger(__name__)

UPDATE_EVERY_S = 3.0
"""Slack lets a message be changed once in three seconds."""
PATIENCE_S = 10.0
"""The longest pause that is waited for here; a longer one is left to whoever tries again."""
TRIES = 3


class Reply:
    """One answer in one thread.

    Args:
        client: of the workspace.
        team_id: the workspace of who asked …
        user_id: … and who they are.
        channel: where to answer.
        thread_ts: the thread there.
        key: names this answer in its message's metadata, for good.
        since: when an earlier try began; None: this is the first. One answer at a time is written in a thread, or
            a second try could take another answer's unfinished message for its own.
        title: what the conversation is called in the agent's pane, if it has no name yet.
        clock: seconds that only grow.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        team_id: str,
        channel: str,
        thread_ts: str,
        user_id: str,
        key: str,
        since: datetime | None = None,
        title: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._sender = Sender(client)
        self._place = Place(team_id=team_id, channel=channel, thread_ts=thread_ts, user_id=user_id)
        self._key = key
        self._since = since or datetime.now(UTC)
        self._title = title
        self._clock = clock
        self._sleep = sleep
        self._stream: Stream | None = Stream(client, self._place)
        self._looked = since is None
        self._sent = ""
        self._changed_at = float("-inf")
        self._ts: str | None = None
        self._in_session: bool | None = None
        self._has_status: bool | None = None

    @property
    def ts(self) -> str | None:
        """The message that holds the answer so far, once there is one."""
        return self._ts

    async def status(self, text: str) -> None:
        """Show what is being done ("Reading 14 articles …") under the thread; a surface that refuses is left alone."""
        if self._in_session is None:
            self._in_session = await self._session("processing")
        if self._has_status is not False:
            self._has_status = await self._tolerate(
                self._client.assistant_threads_setStatus(
                    channel_id=self._place.channel, thread_ts=self._place.thread_ts, status=text
                )
            )

    async def append(self, text: str) -> None:
        """Show more of the answer, as Markdown.

        Raises:
            Stopped: somebody pressed Stop.
            DeliveryError: Slack did not take it.
        """
        if not text:
            return
        await self._look()
        self._sent += text
        if self._stream is not None:
            try:
                await self._stream.append(text)
                self._ts = self._stream.ts
            except DeliveryError as error:
                await self._give_up_stream(error)
        if self._stream is None:
            await self._show()

    async def finish(self, message: Message) -> str:
        """End with this message and return its ts; what was shown before is replaced where it differs.

        Raises:
            Stopped: somebody pressed Stop.
            DeliveryError: try again, with `since`, unless its state says otherwise.
        """
        await self._look()
        if not await self._close_stream(message):
            self._ts = await self._put(message)
        await self._rest()
        assert self._ts is not None
        return self._ts

    async def fail(self, text: str) -> str:
        """End with a sentence that says what went wrong and what to do; returns the message's ts.

        Raises:
            DeliveryError: Slack did not take it.
        """
        return await self.finish(sentence(text))

    async def stop(self) -> None:
        """After `Stopped`: keep what was written, say that it was stopped, and let the thread rest.

        Raises:
            DeliveryError: Slack did not take it.
        """
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.abandon()
        if self._ts is not None:
            await self._put(_partial(f"{self._sent} … *stopped*"))
        await self._rest()

    async def _look(self) -> None:
        """On a second try: find what the first one left, and go on from there."""
        if self._looked:
            return
        place = self._place
        found = await self._sender.find(place.channel, self._key, self._since, thread_ts=place.thread_ts)
        found = found or await self._sender.find_unnamed(place.channel, self._since, thread_ts=place.thread_ts)
        if found is not None:
            self._stream = None
            await Stream(self._client, place, ts=found).abandon()
            self._ts = found
        self._looked = True

    async def _give_up_stream(self, error: DeliveryError) -> None:
        """The stream cannot go on: what it shows is changed like any message from here on."""
        stream, self._stream = self._stream, None
        assert stream is not None
        log.info("stream given up", channel=self._place.channel, state=error.state, reason=str(error))
        self._ts = stream.ts
        if self._ts is None and error.state == "ambiguous":  # it may have begun: look before posting another
            self._looked = False
            await self._look()
        await stream.abandon()

    async def _close_stream(self, message: Message) -> bool:
        """End the stream with the rest of the message; False where the message must still be put right."""
        stream, self._stream = self._stream, None
        if stream is None or not self._sent:
            return False
        whole = message.markdown
        if not whole.startswith(self._sent) or len(whole) > STREAM_MOST:
            await stream.abandon()
            return False
        try:
            await stream.close(whole[len(self._sent) :], message.below, key=self._key)
        except DeliveryError as error:
            log.info("stream not closed", channel=self._place.channel, state=error.state, reason=str(error))
            await stream.abandon()
            return False
        finally:
            self._ts = stream.ts
        return True

    async def _show(self) -> None:
        """Without a stream: post what there is, or change the post when three seconds have passed."""
        if self._clock() - self._changed_at >= UPDATE_EVERY_S:
            self._changed_at = self._clock()
            self._ts = await self._put(_partial(self._sent))

    async def _put(self, message: Message) -> str:
        """Post the message, or change the one that is there, waiting for short pauses that Slack asks for."""
        for _ in range(TRIES - 1):
            try:
                return await self._put_once(message)
            except DeliveryError as error:
                if error.state != "retry" or (error.retry_after or 0) > PATIENCE_S:
                    raise
                await self._sleep(error.retry_after or 1.0)
                if self._ts is not None:  # Slack may not have heard that its stream has ended: it takes no change then
                    await Stream(self._client, self._place, ts=self._ts).abandon()
        return await self._put_once(message)

    async def _put_once(self, message: Message) -> str:
        if self._ts is None:
            return await self._sender.post(
                self._place.channel, message, delivery_key=self._key, thread_ts=self._place.thread_ts
            )
        await self._sender.update(self._place.channel, self._ts, message, delivery_key=self._key)
        return self._ts

    async def _rest(self) -> None:
        """Leave the thread with nothing going on; Slack itself takes the status away when a message arrives."""
        if self._in_session:
            await self._session("active")
        if self._has_status and self._ts is None:
            await self._tolerate(
                self._client.assistant_threads_setStatus(
                    channel_id=self._place.channel, thread_ts=self._place.thread_ts, status=""
                )
            )

    async def _session(self, state: str) -> bool:
        return await self._tolerate(
            self._client.agents_sessions_setStatus(
                channel_id=self._place.channel,
                thread_ts=self._place.thread_ts,
                status=state,
                title=(self._title or None) if state == "processing" else None,
            )
        )

    async def _tolerate(self, call: Awaitable[object]) -> bool:
        """Whether the surface took it; guests, free plans and plain channels refuse, and the answer matters more."""
        try:
            async with refusals():
                await call
        except DeliveryError as error:
            log.debug("status refused", channel=self._place.channel, reason=str(error))
            return False
        return True


def _partial(markdown: str) -> Message:
    """What is written so far, as Markdown."""
    return Message(text=clip(markdown, 1_000), blocks=({"type": "markdown", "text": markdown[:STREAM_MOST] or "…"},))
