"""The lasting budget, on both engines: whose day a call is counted in, and when money ends before tokens do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.newsroom.spending import StoredBudget
from bot.store import Database, budgets
from bot.writing.budget import Allowance, Rates, Usage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_call_is_counted_in_the_day_it_began_in(db: Database) -> None:
    """Begun before midnight and ended after it, a call gives nothing back to the new day."""
    now = datetime(2026, 11, 23, 23, 59, 50, tzinfo=UTC)
    budget = StoredBudget(db, allowance=Allowance(1_000), rates=Rates(), clock=lambda: now)
    held = await budget.reserve("T1", Usage(500, 400))
    assert held is not None
    now += timedelta(seconds=20)
    assert await budget.reserve("T1", Usage(1_000)) is not None
    await budget.settle(held, Usage(500, 10))
    async with db.read() as connection:
        assert await budgets.used(connection, "T1", NOON.date()) == budgets.Used(510)
        assert await budgets.used(connection, "T1", now.date()) == budgets.Used(1_000)


async def test_money_stops_before_tokens_do(db: Database) -> None:
    """With a limit in dollars the model rests once they are used up, however many tokens are left."""
    budget = StoredBudget(db, allowance=Allowance(10**9, micros=1_000_000), rates=Rates(2.0, 8.0), clock=lambda: NOON)
    first = await budget.reserve("T1", Usage(100_000, 50_000))
    assert first is not None
    assert first.most.micros == 600_000
    assert await budget.reserve("T1", Usage(100_000, 50_000)) is None
    assert await budget.reserve("T2", Usage(100_000, 50_000)) is not None
    await budget.settle(first, Usage(100_000, 20_000))
    assert await budget.reserve("T1", Usage(100_000, 50_000)) is not None
    async with db.read() as connection:
        used = await budgets.used(connection, "T1", NOON.date())
    assert (used.micros, used.stopped_at) == (360_000 + 600_000, NOON)
