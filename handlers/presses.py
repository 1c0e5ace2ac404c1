"""A button or a menu that somebody used: what it says, where it stands, and how who pressed it is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Message, View
from handlers.errors import Listener, guarded
from handlers.tools import whisper
from handlers.within import show_when_made


@dataclass(frozen=True, slots=True)
class Press:
    """One use of a button or a menu; Slack knows already that it arrived.

    Attributes:
        action: the element, with what was chosen, as Slack's JSON has it.
        body: all of it: where it was pressed, and the trigger that opens a window.
        client: speaks in that workspace.
        context: Bolt's.
        respond: answers in the place of the button; see `answer`.
    """

    action: Mapping[str, Any]
    body: Mapping[str, Any]
    client: AsyncWebClient
    context: AsyncBoltContext
    respond: AsyncRespond

    @property
    def value(self) -> str:
        """What the button carries; of a menu, what was chosen."""
        chosen = self.action.get("selected_option") or self.action
        return str(chosen["value"])

    @property
    def wanted(self) -> dict[str, Any]:
        """What the button carries, where that is several things by name."""
        found: dict[str, Any] = json.loads(self.value)
        return found

    @property
    def channel_id(self) -> str:
        """Where it was pressed; empty in a window or on App Home."""
        return str((self.body.get("channel") or {}).get("id", ""))

    async def answer(self, message: Message, *, replace: bool = True) -> None:
        """Answer who pressed it: in place of the button's message, or beside it."""
        await whisper(self.respond, message, replace=replace)

    async def show(self, title: str, making: Awaitable[View]) -> None:
        """Open a window with what is being made; see `handlers.within.show_when_made`."""
        await show_when_made(self.client, self.body, self.context, title, making)


def pressed(work: Callable[[Press], Awaitable[None]]) -> Listener:
    """A listener for a button or menu: acknowledges, does the work, and turns its errors into words."""

    async def listen(
        *,
        ack: AsyncAck,
        action: Mapping[str, Any],
        body: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        await ack()
        await work(Press(action, body, client, context, respond))

    return guarded(listen)
