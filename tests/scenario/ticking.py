"""Time that tests move by hand, and sending until nothing is due at any time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.delivery.outbox import Outbox


@dataclass
class Clock:
    """Starts at the real time, so that Slack's times and ours are comparable."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


async def deliver(outbox: Outbox, clock: Clock) -> None:
    """Send until nothing is due any more, letting time pass as the ledger asks for."""
    for _ in range(60):
        if await outbox.run_due():
            continue
        due = await outbox.next_at()
        if due is None:
            return
        clock.now = max(clock.now, due) + timedelta(milliseconds=1)
    raise AssertionError("deliveries do not come to an end")
