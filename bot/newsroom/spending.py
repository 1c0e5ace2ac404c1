"""The day's tokens of each workspace, kept in the store: a restart does not hand out a second budget."""

from __future__ import annotations

from bot import metrics
from bot.clock import Clock
from bot.store import Database, budgets


class StoredBudget:
    """A `writing.budget.Budget`: what is reserved counts as used until it is settled.

    Args:
        limit: tokens a workspace may use in a day (UTC).
    """

    def __init__(self, db: Database, *, limit: int, clock: Clock) -> None:
        self._db = db
        self._limit = limit
        self._clock = clock

    async def reserve(self, team: str, tokens: int) -> bool:
        """Set tokens aside; False when today's limit would be passed."""
        async with self._db.write() as connection:
            return await budgets.reserve(
                connection, team_id=team, day=self._clock().date(), tokens=tokens, limit=self._limit
            )

    async def settle(self, team: str, reserved: int, used: int) -> None:
        """Replace a reservation by what was used."""
        async with self._db.write() as connection:
            await budgets.correct(connection, team_id=team, day=self._clock().date(), by=used - reserved)
        metrics.model_tokens.labels("used").inc(used)
