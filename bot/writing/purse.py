"""Paying for the model's calls out of a workspace's day: set aside before each call, counted after it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.errors import BudgetError
from bot.writing.budget import Allowance, Cost, Ledger, Rates, Usage

OVER_BUDGET = "Today's budget for the model is used up: these are the sources' own sentences."


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was set aside for a call. It belongs to the day on which it was made, whenever the call ends."""

    team: str
    day: date
    most: Cost


class Budget(Protocol):
    """Where the day's use is counted; the store has the lasting one."""

    async def reserve(self, team: str, most: Usage) -> Reservation | None:
        """Set the most that a call can use aside for `team`; None when one of today's limits would be passed."""
        ...

    async def settle(self, reservation: Reservation, used: Usage) -> None:
        """Replace a reservation by what was used; called once for each reservation, also after a failure."""
        ...


class MemoryBudget:
    """A budget of a single day that lives as long as the process: for evaluation runs."""

    def __init__(self, tokens: int, rates: Rates = Rates()) -> None:  # noqa: B008 - frozen
        self._limit = Allowance(tokens)
        self._rates = rates
        self.ledgers: dict[str, Ledger] = {}

    async def reserve(self, team: str, most: Usage) -> Reservation | None:
        """Set the most that a call can use aside for `team`; None when the limit would be passed."""
        cost = self._rates.cost(most)
        after = self.ledgers.get(team, Ledger(self._limit)).reserve(cost)
        if after is None:
            return None
        self.ledgers[team] = after
        return Reservation(team, date.min, cost)

    async def settle(self, reservation: Reservation, used: Usage) -> None:
        """Replace a reservation by what was used."""
        ledger = self.ledgers[reservation.team]
        self.ledgers[reservation.team] = ledger.settle(reservation.most, self._rates.cost(used))


class Call:
    """A call under way: `used` is what it has cost so far, to be kept up to date by who makes it."""

    def __init__(self) -> None:
        self.used = Usage()


@dataclass(frozen=True, slots=True)
class Purse:
    """Out of which a draft's calls are paid: a workspace's budget; without one nothing is counted."""

    budget: Budget | None = None
    team: str = ""

    @contextlib.asynccontextmanager
    async def pay(self, most: Usage) -> AsyncIterator[Call]:
        """Make one call: `most` is set aside before, what it used is counted after, however it ends.

        Raises:
            BudgetError: one of today's limits would be passed; the call must not be made.
        """
        call = Call()
        if self.budget is None:
            yield call
            return
        reservation = await self.budget.reserve(self.team, most)
        if reservation is None:
            raise BudgetError(OVER_BUDGET)
        try:
            yield call
        finally:
            await self.budget.settle(reservation, call.used)
