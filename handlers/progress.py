"""Work that may take long, and how far it is for who waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.errors import DeliveryError
from bot.slack.refusals import refusals

log = structlog.get_logger(__name__)
T = TypeVar("T")

TOLD_AFTER_S = 2.0
"""Nobody needs to be told of what is done sooner."""
TOLD_MOST = 3
"""Slack takes five answers to one command or click; the result is the last of them."""

Note = Callable[[int, int], None]
"""Is called with how many of how many are done."""


async def in_sight(
    start: Callable[[Note], Awaitable[T]],
    show: Callable[[int, int], Awaitable[object]],
    *,
    after_s: float | None = None,
) -> T:
    """Do the work; where it takes long, show how far it is, at ever longer distances.

    Args:
        start: begins it, given what to call as it goes on.
        show: tells who waits: how many of how many. That this fails does not end the work.
        after_s: when to tell first; None: after `TOLD_AFTER_S`.
    """
    so_far = (0, 0)

    def note(done: int, whole: int) -> None:
        nonlocal so_far
        so_far = (done, whole)

    task = asyncio.ensure_future(start(note))
    pause = TOLD_AFTER_S if after_s is None else after_s
    try:
        for _ in range(TOLD_MOST):
            if (await asyncio.wait({task}, timeout=pause))[0]:
                break
            try:
                async with refusals(repeatable=True):
                    await show(*so_far)
            except DeliveryError as error:
                log.info("progress could not be shown", reason=str(error))
            pause *= 2
        return await task
    finally:
        task.cancel()
