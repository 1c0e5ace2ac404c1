"""What the model may cost: counted before a call (reserve) and after it (settle). The arithmetic is pure.

A call reserves the most that it can use, so that two calls at once cannot overshoot the day's limit; afterwards the
reservation is replaced by what was really used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

CHARS_PER_TOKEN = 3.2
"""Latin text has about four characters a token in current tokenizers; fewer is the careful side."""
WIDE_TOKENS = 1.2
"""Tokens for one character beyond Latin, Greek and Cyrillic (CJK needs about one, some scripts more)."""
_WIDE_FROM = "\u0590"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls."""

    prompt: int = 0
    completion: int = 0

    @property
    def total(self) -> int:
        """All tokens, read and written."""
        return self.prompt + self.completion

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.completion + other.completion)


@dataclass(frozen=True, slots=True)
class Rates:
    """What a model costs, in US dollars for a million tokens."""

    prompt: float
    completion: float

    def cost(self, usage: Usage) -> float:
        """US dollars for `usage`."""
        return (usage.prompt * self.prompt + usage.completion * self.completion) / 1_000_000


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` has, rather too many than too few."""
    wide = sum(1 for char in text if char >= _WIDE_FROM and not char.isspace() and not "\u2000" <= char <= "\u206f")
    return math.ceil((len(text) - wide) / CHARS_PER_TOKEN + wide * WIDE_TOKENS)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One workspace's day: `used` is settled, `reserved` is under way, `limit` is the hard stop; all in tokens."""

    limit: int
    used: int = 0
    reserved: int = 0

    @property
    def left(self) -> int:
        """Tokens that may still be reserved, never below zero."""
        return max(0, self.limit - self.used - self.reserved)

    def reserve(self, tokens: int) -> Ledger | None:
        """The ledger with `tokens` set aside; None when they do not fit any more."""
        if tokens < 0:
            raise ValueError("a reservation cannot be negative")
        return replace(self, reserved=self.reserved + tokens) if tokens <= self.left else None

    def settle(self, reserved: int, used: int) -> Ledger:
        """The ledger after a call that had set `reserved` aside and used `used` (which may be more, or nothing)."""
        return replace(self, reserved=max(0, self.reserved - reserved), used=self.used + max(0, used))


class Budget(Protocol):
    """Where the day's tokens are counted; the store has the lasting one."""

    async def reserve(self, team: str, tokens: int) -> bool:
        """Set `tokens` aside for `team`; False when today's limit would be passed."""
        ...

    async def settle(self, team: str, reserved: int, used: int) -> None:
        """Replace a reservation by what was used; called once for each granted reservation, also after a failure."""
        ...


class MemoryBudget:
    """A budget that lives as long as the process: for evaluation runs and the command line."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.ledgers: dict[str, Ledger] = {}

    async def reserve(self, team: str, tokens: int) -> bool:
        """Set `tokens` aside for `team`; False when the limit would be passed."""
        after = self.ledgers.get(team, Ledger(self._limit)).reserve(tokens)
        if after is None:
            return False
        self.ledgers[team] = after
        return True

    async def settle(self, team: str, reserved: int, used: int) -> None:
        """Replace a reservation by what was used."""
        self.ledgers[team] = self.ledgers.get(team, Ledger(self._limit)).settle(reserved, used)
