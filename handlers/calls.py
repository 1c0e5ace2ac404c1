"""One use of `/tapeout`, with the channel it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NOT_ALLOWED, NotAllowedError, NotFoundError, UserError
from bot.models import Actor
from bot.slack.channels import find_by_name, name_of
from handlers.parsing import Command, parse_command
from handlers.tools import Tools


@dataclass(frozen=True, slots=True)
class Call:
    """One use of the command.

    Attributes:
        name: the command itself, as it is called in this workspace.
        channel_id: the channel that is meant: the one named in the text, else the one it was typed in.
        respond: answers who typed it, before the verb's own answer.
        is_named: it was named in the text.
    """

    name: str
    parsed: Command
    client: AsyncWebClient
    respond: AsyncRespond
    actor: Actor
    trigger_id: str
    channel_id: str
    channel_name: str
    bot_user_id: str | None
    is_named: bool

    @property
    def may(self) -> bool:
        """Whether they may change what the channel gets; in a direct message, whether they may change anything."""
        return bool(self.actor.manages) or self.actor.is_admin if self.in_direct else self.actor.may(self.channel_id)

    @property
    def in_direct(self) -> bool:
        """Typed in a direct message, where no channel is meant unless named."""
        return self.channel_id.startswith("D")

    def require_admin(self) -> None:
        """Some verbs open a form: better told now than after it was filled.

        Raises:
            NotAllowedError: they may not change the channel.
        """
        if not self.may:
            raise NotAllowedError(NOT_ALLOWED)

    def require_channel(self, example: str, *, word: str = "Of") -> None:
        """Some verbs are about a channel.

        Raises:
            UserError: it was typed in a direct message, and no channel named.
        """
        if self.in_direct:
            raise UserError(f"{word} which channel? For example: `{self.name} {example} #general`")


async def read_call(
    command: Mapping[str, Any],
    client: AsyncWebClient,
    context: AsyncBoltContext,
    respond: AsyncRespond,
    tools: Tools,
) -> Call:
    """Read what Slack sends for a command.

    Raises:
        NotFoundError: there is no public channel with the name that was typed, or they are not in a private one.
    """
    parsed = parse_command(str(command.get("text") or ""))
    channel_id, channel_name = await _channel(client, parsed, command)
    actor = await tools.actor(client, context)
    is_named = bool(parsed.channel_id or parsed.channel_name)
    if is_named:  # who types inside a channel is in it; who names another one may not be
        await tools.newsroom.require_visible(actor, channel_id)
    return Call(
        name=str(command["command"]),
        parsed=parsed,
        client=client,
        respond=respond,
        actor=actor,
        trigger_id=str(command["trigger_id"]),
        channel_id=channel_id,
        channel_name=channel_name,
        bot_user_id=context.bot_user_id,
        is_named=is_named,
    )


async def _channel(client: AsyncWebClient, parsed: Command, command: Mapping[str, Any]) -> tuple[str, str]:
    if parsed.channel_id:
        return parsed.channel_id, parsed.channel_name or await name_of(client, parsed.channel_id)
    if parsed.channel_name:
        found = await find_by_name(client, parsed.channel_name)
        if found is None:
            raise NotFoundError(
                f"I see no public channel named #{parsed.channel_name}. Is it private? Invite me there."
            )
        return found, parsed.channel_name
    channel_id, name = str(command["channel_id"]), str(command.get("channel_name") or "")
    if name in {"privategroup", ""}:  # Slack does not name private channels in commands
        name = await name_of(client, channel_id)
    return channel_id, name
