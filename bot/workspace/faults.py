"""Faults that a test asks the workspace for: the next calls of a method fail, the next events go astray.

Every fault is counted, never random: the same test meets the same faults on each run.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["error", "rate_limited", "server_error", "reset_before", "reset_after", "slow"]


@dataclass(slots=True)
class CallFault:
    """A fault waiting for calls of one method; `left` is how many it still takes (None: all)."""

    kind: FaultKind
    method: str
    left: int | None
    error: str = ""
    status: int = 500
    retry_after: int = 1
    release: asyncio.Event | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """One fault that happened: what it was, and the method or event it hit."""

    kind: str
    target: str


@dataclass(slots=True)
class Faults:
    """What goes wrong, and when. All of it can be changed while the workspace runs.

    Args:
        pace: Whether Slack's pace is enforced: `chat.postMessage` about once a second a channel (short bursts
            pass), `chat.update` once in 3 s a message. Beyond it: 429 with `Retry-After`.
        restricted_history: Whether `conversations.history` and `.replies` answer as they do for commercially
            distributed apps outside the Marketplace: one request a minute, 15 objects.

    In each method below `method` is a Web API method's name or `*`, and `times` is how many calls it hits
    (None: until `clear`). Faults fire in the order they were asked for.
    """

    pace: bool = False
    restricted_history: bool = False
    fired: list[Fired] = field(default_factory=list)
    _calls: list[CallFault] = field(default_factory=list)
    _duplicates: int = 0
    _reorder: int = 0
    _drops: int = 0
    _lost_acks: int = 0

    def fail(self, method: str, error: str, *, times: int | None = 1) -> None:
        """The next calls answer `{"ok": false, "error": error}` and do nothing."""
        self._calls.append(CallFault("error", method, times, error=error))

    def rate_limit(self, method: str, *, times: int | None = 1, retry_after: int = 1) -> None:
        """The next calls answer HTTP 429 with `Retry-After` (seconds) and do nothing."""
        self._calls.append(CallFault("rate_limited", method, times, retry_after=retry_after))

    def server_error(self, method: str, *, times: int | None = 1, status: int = 500) -> None:
        """The next calls answer with this HTTP status and no JSON, and do nothing."""
        self._calls.append(CallFault("server_error", method, times, status=status))

    def reset_before(self, method: str, *, times: int | None = 1) -> None:
        """The connection is reset before the call is carried out."""
        self._calls.append(CallFault("reset_before", method, times))

    def reset_after(self, method: str, *, times: int | None = 1) -> None:
        """The call is carried out (a message is stored), then the connection is reset without an answer."""
        self._calls.append(CallFault("reset_after", method, times))

    def slow(self, method: str, *, times: int | None = 1) -> asyncio.Event:
        """The call is carried out, but its answer waits until the returned event is set."""
        release = asyncio.Event()
        self._calls.append(CallFault("slow", method, times, release=release))
        return release

    def duplicate_events(self, times: int = 1) -> None:
        """The next events are each delivered twice, in two envelopes with one event_id."""
        self._duplicates += times

    def reorder_events(self, count: int = 2) -> None:
        """The next `count` events are held until all of them are there, then delivered last first."""
        self._reorder = count

    def drop_socket(self, times: int = 1) -> None:
        """Each of the next envelopes is lost, and its socket dies with it; events come again on another."""
        self._drops += times

    def lose_ack(self, times: int = 1) -> None:
        """The next acknowledgements of events are not heard, so those events come again."""
        self._lost_acks += times

    def clear(self) -> None:
        """Takes all faults back that have not fired; held replies are released."""
        for fault in self._calls:
            if fault.release is not None:
                fault.release.set()
        self._calls.clear()
        self._duplicates = self._reorder = self._drops = self._lost_acks = 0

    def take_call(self, method: str) -> CallFault | None:
        """The fault for this call of a method, if one is waiting; it counts as fired."""
        for fault in self._calls:
            if fault.method in (method, "*"):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left == 0:
                        self._calls.remove(fault)
                self.fired.append(Fired(fault.kind, method))
                return fault
        return None

    def take_duplicate(self, event: str) -> bool:
        """Whether this event goes out twice."""
        if self._duplicates == 0:
            return False
        self._duplicates -= 1
        self.fired.append(Fired("duplicate_event", event))
        return True

    def take_reorder(self, event: str) -> int:
        """How many events are to be gathered and turned round, this one included; 0 for none."""
        count, self._reorder = self._reorder, 0
        if count:
            self.fired.append(Fired("reorder_events", event))
        return count

    def take_drop(self, envelope: str) -> bool:
        """Whether the socket dies in place of sending this envelope."""
        if self._drops == 0:
            return False
        self._drops -= 1
        self.fired.append(Fired("drop_socket", envelope))
        return True

    def take_lost_ack(self, envelope_id: str) -> bool:
        """Whether this acknowledgement is not heard."""
        if self._lost_acks == 0:
            return False
        self._lost_acks -= 1
        self.fired.append(Fired("lost_ack", envelope_id))
        return True
