"""Counting tokens and money: the arithmetic, and that two calls at once cannot pass a limit."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BudgetError
from bot.writing.budget import Allowance, Cost, Ledger, Rates, Usage, estimate_tokens
from bot.writing.purse import MemoryBudget, Purse

costs = st.builds(Cost, st.integers(0, 400), st.integers(0, 4_000))


def test_usage_and_cost_add_up() -> None:
    """Two calls' tokens add; their cost follows the prices per million, and a fraction counts as a whole."""
    usage = Usage(1_000_000, 0) + Usage(0, 500_000)
    assert usage.total == 1_500_000
    assert Rates(prompt=0.4, completion=1.6).cost(usage) == Cost(1_500_000, 1_200_000)
    assert Rates(prompt=0.4, completion=1.6).cost(Usage(1, 0)) == Cost(1, 1)
    assert Rates().cost(usage) == Cost(1_500_000, 0)


def test_estimates_are_rather_too_high() -> None:
    """English text is taken for more than a token per four characters, Chinese for more than one a character."""
    english = "Norrland Cloud will invest up to eight billion dollars in Halden Labs. " * 20
    assert len(english) / 4 < estimate_tokens(english) < len(english) / 2
    assert estimate_tokens("数据中心将于明年开放") >= 10
    assert estimate_tokens("") == 0


@given(st.integers(0, 1000), st.none() | st.integers(0, 9_000), st.lists(st.tuples(costs, costs), max_size=12))
def test_the_ledger_never_grants_more_than_is_left(
    tokens: int, micros: int | None, calls: list[tuple[Cost, Cost]]
) -> None:
    """Whatever is reserved and used, a grant passes neither limit and nothing stays reserved at the end."""
    ledger = Ledger(Allowance(tokens, micros))
    for reserve, used in calls:
        after = ledger.reserve(reserve)
        fits = ledger.used.tokens + reserve.tokens <= tokens
        assert (after is not None) == (fits and (micros is None or ledger.used.micros + reserve.micros <= micros))
        if after is not None:
            ledger = after.settle(reserve, used)
    assert ledger.reserved == Cost()


@pytest.mark.parametrize("most", [Cost(-1, 0), Cost(0, -1)])
def test_a_negative_reservation_is_a_mistake(most: Cost) -> None:
    """Nobody gets anything back by reserving less than nothing."""
    with pytest.raises(ValueError, match="negative"):
        Ledger(Allowance(10)).reserve(most)


async def test_memory_budget_counts_each_team() -> None:
    """Two calls at once share one team's limit; another team has its own."""
    budget = MemoryBudget(100)
    most = Usage(50, 10)
    first, second, other = await asyncio.gather(*(budget.reserve(team, most) for team in ("T1", "T1", "T2")))
    assert first is not None
    assert (second is None, other is None) == (True, False)
    await budget.settle(first, Usage(5, 5))
    assert budget.ledgers["T1"] == Ledger(Allowance(100), used=Cost(10))
    assert await budget.reserve("T1", Usage(90)) is not None


async def test_a_call_that_breaks_off_is_counted_as_far_as_it_went() -> None:
    """What was used up to a failure is paid, and nothing stays set aside; a refused call is not made at all."""
    budget = MemoryBudget(100)

    async def breaking_off() -> None:
        async with Purse(budget, "T1").pay(Usage(50, 40)) as call:
            call.used = Usage(50, 3)
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await breaking_off()
    assert budget.ledgers["T1"] == Ledger(Allowance(100), used=Cost(53))
    with pytest.raises(BudgetError):
        await breaking_off()


async def test_without_a_budget_nothing_is_counted() -> None:
    """The command line's purse has no bottom."""
    async with Purse().pay(Usage(10**9, 10**9)) as call:
        call.used = Usage(1, 1)
