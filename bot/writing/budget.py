"""What the model may cost in a day: counted before each call (reserve) and after it (settle); pure.

A call reserves the most that it can use, in tokens and in money, so that two calls at once cannot overshoot the day's
limits; afterwards the reservation is replaced by what was really used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

CHARS_PER_TOKEN = 3.2
"""Latin text has about four characters a token in current tokenizers; fewer is the careful side."""
WIDE_TOKENS = 1.2
"""Tokens for one character beyond Latin, Greek and Cyrillic (CJK needs about one, some scripts more)."""
_WIDE_FROM = "\u0590"
MICROS = 1_000_000
"""Money is counted in millionths of a US dollar: whole numbers, so that a thousand small calls add up exactly."""


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
class Cost:
    """What calls take out of a day: tokens, and millionths of a US dollar."""

    tokens: int = 0
    micros: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.tokens + other.tokens, self.micros + other.micros)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.tokens - other.tokens, self.micros - other.micros)


@dataclass(frozen=True, slots=True)
class Rates:
    """What a model costs, in US dollars for a million tokens; a server of one's own costs nothing."""

    prompt: float = 0.0
    completion: float = 0.0

    def cost(self, usage: Usage) -> Cost:
        """What `usage` takes out of a day, fractions of a millionth rounded up."""
        # Dollars for a million tokens are millionths of a dollar for one.
        return Cost(usage.total, math.ceil(usage.prompt * self.prompt + usage.completion * self.completion))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a workspace may use in a day (UTC).

    Attributes:
        tokens: read and written together.
        micros: millionths of a US dollar; None: only tokens are limited.
    """

    tokens: int = 0
    micros: int | None = None

    def holds(self, cost: Cost) -> bool:
        """Whether a day's `cost` is within it."""
        return cost.tokens <= self.tokens and (self.micros is None or cost.micros <= self.micros)


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` has, rather too many than too few."""
    wide = sum(1 for char in text if char >= _WIDE_FROM and not char.isspace() and not "\u2000" <= char <= "\u206f")
    return math.ceil((len(text) - wide) / CHARS_PER_TOKEN + wide * WIDE_TOKENS)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One workspace's day: `used` is settled, `reserved` is under way, `limit` is the hard stop."""

    limit: Allowance
    used: Cost = Cost()
    reserved: Cost = Cost()

    def reserve(self, most: Cost) -> Ledger | None:
        """The ledger with `most` set aside; None when it does not fit any more."""
        if most.tokens < 0 or most.micros < 0:
            raise ValueError("a reservation cannot be negative")
        after = replace(self, reserved=self.reserved + most)
        return after if self.limit.holds(after.used + after.reserved) else None

    def settle(self, reserved: Cost, used: Cost) -> Ledger:
        """The ledger after a call that had set `reserved` aside and used `used` (which may be more, or nothing)."""
        return replace(self, reserved=self.reserved - reserved, used=self.used + used)
