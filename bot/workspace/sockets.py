"""Socket Mode: envelopes to the app, their acknowledgements, and the second tries of events.

Events wait until an app is connected, are acknowledged within `Timing.ack` or sent again with
`retry_attempt` and `retry_reason`, and outlive both socket and restart. Commands and interactions are asked
once: without an answer in time, the person is told.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.workspace.faults import Faults
from bot.workspace.links import Link, Links
from bot.workspace.shapes import JsonObject
from bot.workspace.timing import Timing

WAITING_MOST = 1000
"""Events kept for an app that is away; beyond it the oldest is given up."""
RETRIES_MOST = 3
"""How often Slack sends an event again."""

log = logging.getLogger(__name__)


class NotConnectedError(Exception):
    """The app holds no socket."""


class NoAnswerError(Exception):
    """The app did not acknowledge in time."""


class Settled(Protocol):
    """What the hub tells its owner about an event: it was acknowledged, or given up."""

    def __call__(self, event_id: str, *, acknowledged: bool) -> None:
        """Called once for each event."""


@dataclass(slots=True, eq=False)
class _Event:
    """One event on its way; `attempt` counts the times it was sent again."""

    payload: JsonObject
    attempt: int = 0
    reason: str = ""
    link: Link | None = None
    timer: asyncio.TimerHandle | None = None

    @property
    def id(self) -> str:
        return str(self.payload["event_id"])

    def due(self, seconds: float, then: Callable[["_Event"], None]) -> None:
        """Does something with this event later, in place of what was due before."""
        self.stop_timer()
        self.timer = asyncio.get_running_loop().call_later(seconds, then, self)

    def stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class SocketHub:
    """Everything that goes to the app and comes back from it.

    Args:
        app_id: Said in `hello`.
        faults: What goes wrong.
        timing: How long things may take.
        settled: Told when an event was acknowledged or given up.
        changed: Told when a socket came or went.
        heard: Told when the app said anything.
    """

    def __init__(
        self,
        app_id: str,
        faults: Faults,
        timing: Timing,
        *,
        settled: Settled,
        changed: Callable[[], None],
        heard: Callable[[], None],
    ) -> None:
        self._faults = faults
        self._timing = timing
        self._settled = settled
        self._changed = changed
        self._heard = heard
        self.links = Links(app_id, timing, received=self._acknowledge, opened=self._opened, closed=self._closed)
        self._waiting: deque[_Event] = deque()
        self._gathered: list[_Event] = []
        self._gather = 0
        self._sent: dict[str, _Event] = {}
        self._asked: dict[str, asyncio.Future[JsonObject]] = {}

    @property
    def connections(self) -> int:
        """How many sockets take envelopes now."""
        return len(self.links.live)

    @property
    def unsettled(self) -> int:
        """How many events are neither acknowledged nor given up."""
        return len(self._waiting) + len(self._gathered) + len({id(event) for event in self._sent.values()})

    def offer(self, payload: JsonObject) -> None:
        """Takes an event to deliver, now or when an app connects."""
        event = _Event(payload)
        kind = str(payload["event"]["type"])
        self._gather = self._gather or self._faults.take_reorder(kind)
        if not self._gather:
            self._send(event)
            if self._faults.take_duplicate(kind):
                self._send(event)
            return
        self._gathered.append(event)
        if len(self._gathered) >= self._gather:
            turned, self._gathered, self._gather = self._gathered[::-1], [], 0
            for each in turned:
                self._send(each)

    async def ask(self, kind: str, payload: JsonObject, *, accepts_payload: bool = True) -> JsonObject:
        """Sends a command or an interaction and waits for its acknowledgement.

        Args:
            kind: `slash_commands` or `interactive`.
            payload: What the app gets.
            accepts_payload: Whether the acknowledgement may carry an answer.

        Returns:
            The payload of the acknowledgement; empty where it had none.

        Raises:
            NotConnectedError: The app holds no socket, and none is on its way back.
            NoAnswerError: No acknowledgement came within `Timing.ack`.
        """
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._timing.ack):
                link = await self.links.wait()
                if link is None:
                    raise NotConnectedError
                self._asked[envelope_id] = future
                self._put(
                    link,
                    {
                        "envelope_id": envelope_id,
                        "payload": payload,
                        "type": kind,
                        "accepts_response_payload": accepts_payload,
                    },
                )
                return await future
        except TimeoutError:
            raise NoAnswerError from None
        finally:
            self._asked.pop(envelope_id, None)

    def close(self) -> None:
        """Ends all sockets cleanly; what is under way is left to the journal."""
        for event in self._sent.values():
            event.stop_timer()
        for future in self._asked.values():
            future.cancel()
        self.links.close()

    def _put(self, link: Link, envelope: JsonObject) -> None:
        if self._faults.take_drop(envelope["type"]):
            self.links.kill(link)
        else:
            link.outgoing.put_nowait(envelope)

    def _send(self, event: _Event) -> None:
        link = self.links.next()
        if link is None:
            event.stop_timer()
            self._waiting.append(event)
            if len(self._waiting) > WAITING_MOST:
                self._give_up(self._waiting[0])
            return
        envelope_id = str(uuid.uuid4())
        event.link = link
        self._sent[envelope_id] = event
        event.due(self._timing.ack, self._late)
        self._put(
            link,
            {
                "envelope_id": envelope_id,
                "payload": event.payload,
                "type": "events_api",
                "accepts_response_payload": False,
                "retry_attempt": event.attempt,
                "retry_reason": event.reason,
            },
        )

    def _late(self, event: _Event) -> None:
        """No acknowledgement came in time: try again, later each time, and then no more."""
        if event.attempt >= min(RETRIES_MOST, len(self._timing.retries)):
            self._give_up(event)
        else:
            event.due(self._timing.retries[event.attempt], self._send_again)

    def _send_again(self, event: _Event) -> None:
        event.stop_timer()
        event.attempt += 1
        event.reason = "timeout"
        self._send(event)

    def _give_up(self, event: _Event) -> None:
        log.warning("Event %s was given up: nobody acknowledged it.", event.id)
        self._settle(event, acknowledged=False)

    def _settle(self, event: _Event, *, acknowledged: bool) -> None:
        event.stop_timer()
        for envelope_id in [key for key, value in self._sent.items() if value is event]:
            del self._sent[envelope_id]
        if event in self._waiting:
            self._waiting.remove(event)
        self._settled(event.id, acknowledged=acknowledged)

    def _acknowledge(self, answer: JsonObject) -> None:
        envelope_id = str(answer.get("envelope_id") or "")
        if future := self._asked.get(envelope_id):
            payload = answer.get("payload")
            if not future.done():
                future.set_result(payload if isinstance(payload, dict) else {})
        elif (event := self._sent.get(envelope_id)) and not self._faults.take_lost_ack(envelope_id):
            self._settle(event, acknowledged=True)
        self._heard()

    def _opened(self) -> None:
        self._changed()
        for _ in range(len(self._waiting)):
            self._send(self._waiting.popleft())

    def _closed(self, link: Link) -> None:
        self._changed()
        for event in {id(e): e for e in self._sent.values() if e.link is link}.values():
            event.due(self._timing.regain, self._send_again)
