"""Slack's faults by chance: each call, event and acknowledgement may meet one. The dice are seeded."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from bot.workspace import Faults
from bot.workspace.faults import CallFault, FaultKind

WRITES = frozenset({"chat.postMessage", "chat.update", "chat.startStream", "chat.appendStream", "chat.stopStream"})
ON_WRITES: tuple[tuple[FaultKind, float], ...] = (
    ("reset_after", 0.05),
    ("reset_before", 0.03),
    ("server_error", 0.03),
    ("rate_limited", 0.03),
    ("slow", 0.03),
)
ON_OTHERS: tuple[tuple[FaultKind, float], ...] = (
    ("reset_after", 0.01),
    ("reset_before", 0.02),
    ("server_error", 0.02),
    ("rate_limited", 0.02),
    ("slow", 0.02),
)
ON_EVENTS = 0.03
"""Of duplicates, of a reversed pair and of a lost acknowledgement: each."""
ON_SOCKETS = 0.006
"""Of a dropped socket: the SDK takes seconds to notice."""
SLOWEST_S = 3.0


@dataclass(slots=True)
class Weather(Faults):
    """Faults that come by chance while it is `stormy`, besides those that are asked for."""

    stormy: bool = False
    dice: random.Random = field(default_factory=random.Random)

    def calm(self) -> None:
        """No faults from here on; replies that were held are let go."""
        self.stormy = False
        self.pace = False
        self.clear()

    def counts(self) -> Counter[str]:
        """How many faults of each kind have happened."""
        return Counter(fired.kind for fired in self.fired)

    def take_call(self, method: str) -> CallFault | None:
        """A fault for this call, by chance."""
        if self.stormy:
            roll = self.dice.random()
            for kind, share in ON_WRITES if method in WRITES else ON_OTHERS:
                if roll < share:
                    return self._strike(kind, method)
                roll -= share
        return Faults.take_call(self, method)

    def _strike(self, kind: FaultKind, method: str) -> CallFault | None:
        if kind == "slow":
            release = self.slow(method)
            asyncio.get_running_loop().call_later(self.dice.uniform(0.2, SLOWEST_S), release.set)
        elif kind == "rate_limited":
            self.rate_limit(method, retry_after=self.dice.randint(1, 3))
        elif kind == "server_error":
            self.server_error(method, status=self.dice.choice((500, 502, 503)))
        elif kind == "reset_before":
            self.reset_before(method)
        else:
            self.reset_after(method)
        return Faults.take_call(self, method)

    def take_duplicate(self, event: str) -> bool:
        """Whether this event goes out twice."""
        if self._strikes():
            self.duplicate_events()
        return Faults.take_duplicate(self, event)

    def take_reorder(self, event: str) -> int:
        """How many events are gathered and turned round."""
        if self._strikes():
            self.reorder_events(2)
        return Faults.take_reorder(self, event)

    def take_drop(self, envelope: str) -> bool:
        """Whether the socket dies in place of sending this."""
        if self._strikes(ON_SOCKETS):
            self.drop_socket()
        return Faults.take_drop(self, envelope)

    def take_lost_ack(self, envelope_id: str) -> bool:
        """Whether this acknowledgement is not heard."""
        if self._strikes():
            self.lose_ack()
        return Faults.take_lost_ack(self, envelope_id)

    def _strikes(self, share: float = ON_EVENTS) -> bool:
        return self.stormy and self.dice.random() < share
