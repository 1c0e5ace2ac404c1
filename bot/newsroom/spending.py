"""The day's tokens and money of each workspace, kept in the store: a restart does not hand out a second budget."""

from __future__ import annotations

from bot import metrics
from bot.clock import Clock
from bot.store import Database, budgets
from bot.writing.budget import MICROS, Allowance, Rates, Usage
from bot.writing.purse import Reservation


class StoredBudget:
    """A `writing.purse.Budget`: what is reserved counts as used until it is settled.

    Args:
        allowance: what a workspace may use in a day (UTC).
        rates: what the model costs.
    """

    def __init__(self, db: Database, *, allowance: Allowance, rates: Rates, clock: Clock) -> None:
        self._db = db
        self._allowance = allowance
        self._rates = rates
        self._clock = clock

    async def reserve(self, team: str, most: Usage) -> Reservation | None:
        """Set the most that a call can use aside; None when one of today's limits would be passed."""
        now = self._clock()
        reservation = Reservation(team, now.date(), self._rates.cost(most))
        async with self._db.write() as connection:
            granted = await budgets.reserve(
                connection,
                team_id=team,
                now=now,
                tokens=reservation.most.tokens,
                micros=reservation.most.micros,
                most_tokens=self._allowance.tokens,
                most_micros=self._allowance.micros,
            )
        return reservation if granted else None

    async def settle(self, reservation: Reservation, used: Usage) -> None:
        """Replace a reservation by what was used, on the day that it was made for."""
        cost = self._rates.cost(used)
        more = cost - reservation.most
        async with self._db.write() as connection:
            await budgets.correct(
                connection, team_id=reservation.team, day=reservation.day, tokens=more.tokens, micros=more.micros
            )
        metrics.model_tokens.labels("read").inc(used.prompt)
        metrics.model_tokens.labels("written").inc(used.completion)
        metrics.model_dollars.inc(cost.micros / MICROS)
