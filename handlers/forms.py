"""A form that is still open: where its errors belong, and how it waits for slow work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import View

FORM = "tapeout_form"
"""Where a view's listener leaves its form for the error handler."""
ACK_WITHIN_S = 2.0
"""Slack waits three seconds for a submission's answer; one is left for the way."""
SETTLE_S = 0.5
"""After the answer, how long before the view is changed again: the two travel by different ways, and the answer,
arriving last, would put the waiting view back for good."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form:
    """An open form.

    Attributes:
        view_id: the view.
        field: the block under which an error is shown, while the submission is not answered yet …
        again: … and the form with the error in it, for when it was.
    """

    view_id: str
    field: str
    again: Callable[[str], View]


async def show(result: View, view: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
    """Put a result in the form's place: as the submission's answer, or after it, where the work took longer."""
    if context.ack.response is None:
        await context.ack(response_action="update", view=result)
    else:
        await client.views_update(view_id=str(view["id"]), view=result)


async def at_leisure(work: Awaitable[T], context: AsyncBoltContext, *, meanwhile: View) -> T:
    """Answer a submission with `meanwhile` at once, then do its work: for forms that have no field for an error."""
    task = asyncio.ensure_future(work)
    try:
        await context.ack(response_action="update", view=meanwhile)
        await asyncio.gather(asyncio.wait({task}), asyncio.sleep(SETTLE_S))
        return await task
    finally:
        task.cancel()


async def patiently(work: Awaitable[T], context: AsyncBoltContext, *, meanwhile: View) -> T:
    """Do the work of a submission; if it takes longer than Slack waits, show `meanwhile` until it is done."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=ACK_WITHIN_S)
        if not done:
            await context.ack(response_action="update", view=meanwhile)
            await asyncio.gather(asyncio.wait({task}), asyncio.sleep(SETTLE_S))
        return await task
    finally:
        task.cancel()
