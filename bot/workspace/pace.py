"""Slack's pace, as buckets of tokens: pure, told the time by its caller."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A bucket's size and its refill: `burst` calls at once, then one each `seconds`."""

    burst: int
    seconds: float


POST = Rule(burst=4, seconds=1.0)
"""`chat.postMessage` in one channel: one a second, short bursts tolerated (Slack's rate limit page)."""
UPDATE = Rule(burst=1, seconds=3.0)
"""`chat.update` of one message: once in 3 s."""
HISTORY = Rule(burst=1, seconds=60.0)
"""Reading history, for commercially distributed apps outside the Marketplace: once a minute."""


class Pace:
    """One bucket for each key that has called."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key: str, rule: Rule, now: float) -> int:
        """Takes one call's token at `now` (seconds).

        Returns:
            0 where the call may pass, else the whole seconds to wait, as `Retry-After` gives them.
        """
        tokens, then = self._buckets.get(key, (float(rule.burst), now))
        tokens = min(float(rule.burst), tokens + (now - then) / rule.seconds)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return max(1, math.ceil((1 - tokens) * rule.seconds))
        self._buckets[key] = (tokens - 1, now)
        return 0
