"""A model that is not asked the same twice: its drafts are remembered by what it was told."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from bot.writing.endpoint import OnDelta
from bot.writing.llm import Message, ModelClient
from bot.writing.purse import Budget, Purse

Shape = TypeVar("Shape", bound=BaseModel)
KEPT = 128
"""Drafts that are remembered: a question that two people ask, a story whose change the model would not see."""


class Remembering:
    """A model with its drafts, and the budget that they are paid from.

    Args:
        model: the model.
        budget: None does not count.
    """

    def __init__(self, model: ModelClient, budget: Budget | None = None) -> None:
        self.name = model.name
        self._model = model
        self._budget = budget
        self._kept: OrderedDict[str, BaseModel] = OrderedDict()

    async def draft(
        self,
        messages: Sequence[Message],
        shape: type[Shape],
        *,
        max_tokens: int,
        team: str,
        on_delta: OnDelta | None = None,
    ) -> Shape:
        """One draft, new or remembered.

        Args:
            messages: the conversation.
            shape: what the draft must fit.
            max_tokens: the longest draft.
            team: the workspace that pays, if it costs anything.
            on_delta: gets the text so far after each piece; a remembered one comes whole.

        Raises:
            BudgetError: today's budget does not hold the call.
            DraftFailedError: no draft came of it.
        """
        key = _key(messages, shape)
        known = self._kept.get(key)
        if isinstance(known, shape):
            self._kept.move_to_end(key)
            if on_delta is not None:
                await on_delta(known.model_dump_json())
            return known
        purse = Purse(self._budget, team)
        draft = await self._model.draft(messages, shape, max_tokens=max_tokens, on_delta=on_delta, purse=purse)
        self._kept[key] = draft.value
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return draft.value


def _key(messages: Sequence[Message], shape: type[BaseModel]) -> str:
    parts = [shape.__name__, *(part for message in messages for part in (message.role, message.content))]
    return hashlib.sha256("\x1e".join(parts).encode(errors="surrogatepass")).hexdigest()
