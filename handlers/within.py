"""Buttons that were made for a command's answer, at work in a modal: what they answer takes its place there.

Slack gives no response URL for what is pressed in a modal. A middleware puts in Bolt's `respond` one that changes the
modal, so that one listener serves both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import blocks
from bot.slack.blocks import View
from handlers.forms import FORM, Form

OPEN_WITHIN_S = 1.5
"""How long a window's contents may take before one that asks for a moment is opened: half of Slack's three seconds."""


class Answers(Protocol):
    """Bolt's `respond`, as much of it as `handlers.tools.whisper` uses."""

    async def __call__(
        self,
        text: str | dict[str, Any] = "",
        blocks: Sequence[dict[str, Any] | Block] | None = None,
        *,
        response_type: str | None = None,
        replace_original: bool | None = None,
        unfurl_links: bool | None = None,
        unfurl_media: bool | None = None,
    ) -> object:
        """Answer who pressed."""


class InModal:
    """Answers in the modal in which something was pressed."""

    def __init__(self, client: AsyncWebClient, view: Mapping[str, Any], trigger_id: str) -> None:
        self._client = client
        self._view = view
        self._trigger_id = trigger_id

    async def __call__(
        self,
        text: str | dict[str, Any] = "",
        blocks: Sequence[dict[str, Any] | Block] | None = None,
        *,
        response_type: str | None = None,  # noqa: ARG002  # only messages have these
        replace_original: bool | None = None,
        unfurl_links: bool | None = None,  # noqa: ARG002
        unfurl_media: bool | None = None,  # noqa: ARG002
    ) -> object:
        """In place of what the modal shows, or on top of it."""
        shown = _as_view(self._view, str(text), blocks or ())
        if replace_original:
            return await self._client.views_update(view_id=str(self._view["id"]), view=shown)
        return await self._client.views_push(trigger_id=self._trigger_id, view=shown)


def _as_view(view: Mapping[str, Any], text: str, parts: Sequence[dict[str, Any] | Block]) -> View:
    title = str((view.get("title") or {}).get("text") or "Tapeout")
    message = blocks.Message(text=text, blocks=tuple(part for part in parts if isinstance(part, dict)))
    return blocks.shown(title, message)


async def answer_in_modals(
    body: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
) -> None:
    """The middleware: where something in a modal was pressed, answers go there."""
    view = body.get("view") or {}
    if body.get("type") == "block_actions" and view.get("type") == "modal":
        context["respond"] = InModal(client, view, str(body["trigger_id"]))
    await next_()


async def show_when_made(
    client: AsyncWebClient, body: Mapping[str, Any], context: AsyncBoltContext, title: str, making: Awaitable[View]
) -> None:
    """Open a window with what is being made; one that says so is opened first where that takes long.

    Slack lets a window be opened within three seconds of a click, but changed whenever. What goes wrong afterwards is
    said in the window.
    """
    task = asyncio.ensure_future(making)
    try:
        done, _ = await asyncio.wait({task}, timeout=OPEN_WITHIN_S)
        if done:
            await show_modal(client, body, await task)
            return
        opened = await show_modal(client, body, blocks.notice(title, "One moment …"))
        view_id = str(opened["view"]["id"])
        context[FORM] = Form(view_id, field="", again=lambda sentence: blocks.notice(title, sentence))
        await client.views_update(view_id=view_id, view=await task)
    finally:
        task.cancel()


async def show_modal(client: AsyncWebClient, body: Mapping[str, Any], view: View) -> AsyncSlackResponse:
    """Open a modal; over the one in which something was pressed, if it was in one."""
    trigger_id = str(body["trigger_id"])
    if (body.get("view") or {}).get("type") == "modal":
        return await client.views_push(trigger_id=trigger_id, view=view)
    return await client.views_open(trigger_id=trigger_id, view=view)
