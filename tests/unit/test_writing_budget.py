"""Counting tokens: the arithmetic, and that two calls at once cannot pass the limit."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.budget import Ledger, MemoryBudget, Rates, Usage, estimate_tokens


def test_usage_and_cost_add_up() -> None:
    """Two calls' tokens add; their cost follows the rates per million."""
    usage = Usage(1_000_000, 0) + Usage(0, 500_000)
    assert usage.total == 1_500_000
    assert Rates(prompt=0.4, completion=1.6).cost(usage) == pytest.approx(1.2)


def test_estimates_are_rather_too_high() -> None:
    """English text is taken for more than a token per four characters, Chinese for more than one a character."""
    english = "Norrland Cloud will invest up to eight billion dollars in Halden Labs. " * 20
    assert len(english) / 4 < estimate_tokens(english) < len(english) / 2
    assert estimate_tokens("数据中心将于明年开放") >= 10
    assert estimate_tokens("") == 0


@given(st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 500)), max_size=12))
def test_the_ledger_never_grants_more_than_is_left(limit: int, calls: list[tuple[int, int]]) -> None:
    """Whatever is reserved and used, a grant never passes the limit and nothing stays reserved at the end."""
    ledger = Ledger(limit)
    for reserve, used in calls:
        after = ledger.reserve(reserve)
        assert (after is not None) == (reserve <= ledger.left)
        if after is not None:
            assert after.used + after.reserved <= max(limit, ledger.used + ledger.reserved)
            ledger = after.settle(reserve, used)
    assert ledger.reserved == 0


def test_a_negative_reservation_is_a_mistake() -> None:
    """Nobody gets tokens back by reserving less than nothing."""
    with pytest.raises(ValueError, match="negative"):
        Ledger(10).reserve(-1)


async def test_memory_budget_counts_each_team() -> None:
    """Two calls at once share one team's limit; another team has its own."""
    budget = MemoryBudget(100)
    granted = await asyncio.gather(budget.reserve("T1", 60), budget.reserve("T1", 60), budget.reserve("T2", 60))
    assert list(granted) == [True, False, True]
    await budget.settle("T1", 60, 10)
    assert budget.ledgers["T1"] == Ledger(100, used=10, reserved=0)
    assert await budget.reserve("T1", 90)
