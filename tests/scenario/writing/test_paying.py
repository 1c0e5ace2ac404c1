"""What a draft costs is counted call by call, in the day's budget, through the real openai SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from bot.errors import BudgetError, ModelError
from bot.writing.budget import Cost, Usage
from bot.writing.drafts import AnswerDraft
from bot.writing.llm import Message
from bot.writing.purse import MemoryBudget, Purse, Reservation

ASK = (Message("system", "Answer."), Message("user", "What?"))
GOOD = {"answerable": True, "sentences": [{"quotes": [{"source": 1, "quote": "a b c"}], "text": "A b c."}]}
MOST = 200


class Watched(MemoryBudget):
    """A budget that remembers what each call set aside and used."""

    def __init__(self, tokens: int) -> None:
        super().__init__(tokens)
        self.calls: list[tuple[int, int]] = []

    async def settle(self, reservation: Reservation, used: Usage) -> None:
        """Settle, and remember."""
        self.calls.append((reservation.most.tokens, used.total))
        await super().settle(reservation, used)

    @property
    def used(self) -> Cost:
        """All that was counted."""
        assert self.ledgers["T1"].reserved == Cost()
        return self.ledgers["T1"].used


async def test_each_call_of_a_draft_is_paid(server: ModuleType, client: Callable[..., Any]) -> None:
    """An endpoint that ignores the form is asked twice, and both calls are counted; its refusals cost nothing."""
    budget = Watched(100_000)
    async with (
        server.ModelServer(server.Reply("prose"), server.Reply(GOOD), formats=frozenset({"json_object"})) as endpoint,
        client(endpoint.url) as model,
    ):
        await model.draft(ASK, AnswerDraft, max_tokens=MOST, purse=Purse(budget, "T1"))
        assert (endpoint.refused, endpoint.answered) == (1, 2)
    assert [used for _, used in budget.calls if not used] == [0]
    assert budget.used == Cost(model.usage.total)
    assert all(most > MOST for most, _ in budget.calls)


async def test_the_stop_is_between_two_calls_of_a_draft(server: ModuleType, client: Callable[..., Any]) -> None:
    """A day that holds one call does not pay for the second that the same draft would take."""
    once = Watched(100_000)
    async with server.ModelServer(server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft, max_tokens=MOST, purse=Purse(once, "T1"))
    budget = Watched(once.calls[0][0])
    async with server.ModelServer(server.Reply("prose " * 200)) as endpoint, client(endpoint.url) as model:
        with pytest.raises(BudgetError):
            await model.draft(ASK, AnswerDraft, max_tokens=MOST, purse=Purse(budget, "T1"))
        assert endpoint.answered == 1
    assert budget.used.tokens > 0


async def test_a_broken_stream_is_paid_as_far_as_it_came(server: ModuleType, client: Callable[..., Any]) -> None:
    """What was streamed before the connection broke is counted, and so is the repetition."""
    budget = Watched(100_000)

    async def on_delta(_text: str) -> None:
        pass

    async with (
        server.ModelServer(server.Reply(GOOD, cut=60), server.Reply(GOOD)) as endpoint,
        client(endpoint.url) as model,
    ):
        await model.draft(ASK, AnswerDraft, max_tokens=MOST, on_delta=on_delta, purse=Purse(budget, "T1"))
    (_, broken), (_, whole) = budget.calls
    assert broken > 0
    assert budget.used == Cost(broken + whole)


@pytest.mark.parametrize("fault", ["500", "nobody"])
async def test_a_call_that_never_was_costs_nothing(server: ModuleType, client: Callable[..., Any], fault: str) -> None:
    """A refusal, and an endpoint that is not there."""
    budget = Watched(100_000)
    async with (
        server.ModelServer(server.Reply("oops", status=500)) as endpoint,
        client(endpoint.url if fault == "500" else "http://127.0.0.1:1/v1") as model,
    ):
        with pytest.raises(ModelError):
            await model.draft(ASK, AnswerDraft, max_tokens=MOST, purse=Purse(budget, "T1"))
    assert budget.calls
    assert budget.used == Cost()


async def test_a_call_that_is_given_up_may_have_been_made(server: ModuleType, client: Callable[..., Any]) -> None:
    """The endpoint has the request and nobody waits for its answer any more: what it read is counted."""
    budget, asked, never = Watched(100_000), asyncio.Event(), asyncio.Event()

    def hanging(_request: dict[str, Any]) -> Any:
        asked.set()
        return server.Reply(GOOD, hold=never)

    async with server.ModelServer(hanging) as endpoint, client(endpoint.url) as model:
        drafting = asyncio.create_task(model.draft(ASK, AnswerDraft, max_tokens=MOST, purse=Purse(budget, "T1")))
        async with asyncio.timeout(90):
            await asked.wait()
        drafting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drafting
    ((most, used),) = budget.calls
    assert used == most - MOST == budget.used.tokens > 0
