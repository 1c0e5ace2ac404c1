"""`/tapeout`: one command, its first word says what to do. Every answer is seen by who typed it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotFoundError, UserError
from bot.models import Actor, IncomingQuestion
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.channels import find_by_name, name_of
from bot.slack.escape import clip
from bot.slack.sender import Sender
from handlers.errors import guarded
from handlers.parsing import Command, parse_command
from handlers.tools import Tools, whisper

COMMAND = "/tapeout"


@dataclass(frozen=True, slots=True)
class Call:
    """One use of the command, with the channel it is about."""

    name: str
    parsed: Command
    client: AsyncWebClient
    actor: Actor
    trigger_id: str
    channel_id: str
    channel_name: str
    bot_user_id: str | None

    @property
    def in_direct(self) -> bool:
        """Typed in a direct message, where no channel is meant unless named."""
        return self.channel_id.startswith("D")


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the command."""
    commands = Commands(tools)
    app.command(COMMAND)(guarded(commands.handle))


class Commands:
    """The verbs."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom
        self._verbs = {
            "": self._bare,
            "add": self._add,
            "ask": self._ask,
            "list": self._list,
            "remove": self._remove,
            "pause": self._pause,
            "resume": self._resume,
            "help": self._help,
        }

    async def handle(
        self,
        ack: AsyncAck,
        command: Mapping[str, Any],
        client: AsyncWebClient,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        """Acknowledge, read, do, answer."""
        await ack()
        call = await self._call(command, client, context)
        verb = self._verbs.get(call.parsed.verb, self._unknown)
        message = await verb(call)
        if message is not None:
            await whisper(respond, message)

    async def _call(self, command: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> Call:
        parsed = parse_command(str(command.get("text") or ""))
        channel_id, channel_name = await _channel(client, parsed, command)
        return Call(
            name=str(command["command"]),
            parsed=parsed,
            client=client,
            actor=await self._tools.actor(client, context),
            trigger_id=str(command["trigger_id"]),
            channel_id=channel_id,
            channel_name=channel_name,
            bot_user_id=context.bot_user_id,
        )

    async def _bare(self, call: Call) -> Message | None:
        """What one most likely wants: the first feed where there is none, else the list."""
        feeds = await self._newsroom.list_feeds(call.actor, None if call.in_direct else call.channel_id)
        if call.actor.is_admin and not any(each.subscriptions for each in feeds):
            await self._open_form(call)
            return None
        return blocks.subscriptions(feeds, is_admin=call.actor.is_admin)

    async def _open_form(self, call: Call) -> None:
        view = blocks.add_modal(channel_id=None if call.in_direct else call.channel_id)
        await call.client.views_open(trigger_id=call.trigger_id, view=view)

    async def _add(self, call: Call) -> Message | None:
        if not call.parsed.rest and call.actor.is_admin:
            await self._open_form(call)
            return None
        if call.in_direct:
            raise UserError(
                f"Which channel? For example: `{call.name} add {call.parsed.rest or 'example.com'} #general`"
            )
        added = await self._newsroom.add_feed(call.actor, call.channel_id, call.channel_name, call.parsed.rest)
        return blocks.added_message(added, call.channel_id, call.channel_name)

    async def _ask(self, call: Call) -> None:
        """Show the question to the channel, and have it answered in its thread."""
        if not call.parsed.rest:
            raise UserError(f"What would you like to know? For example: `{call.name} ask who builds gigawatt sites?`")
        ts = await Sender(call.client).post(
            call.channel_id,
            blocks.asked(call.parsed.rest, call.actor.user_id),
            delivery_key=f"asked:{call.trigger_id}",
        )
        await self._newsroom.ask(
            IncomingQuestion(
                team_id=call.actor.team_id,
                channel_id=call.channel_id,
                user_id=call.actor.user_id,
                ts=ts,
                root_ts=ts,
                text=call.parsed.rest,
                surface="command",
                event_id=call.trigger_id,
            )
        )

    async def _list(self, call: Call) -> Message:
        feeds = await self._newsroom.list_feeds(call.actor, None if call.in_direct else call.channel_id)
        return blocks.subscriptions(feeds, is_admin=call.actor.is_admin)

    async def _remove(self, call: Call) -> Message:
        if not call.parsed.rest:
            raise UserError(
                f"Which one? `{call.name} list` shows their numbers; then, for example, `{call.name} remove 2`."
            )
        removed = await self._newsroom.remove_feed(call.actor, call.channel_id, call.parsed.rest)
        return blocks.removed(removed, command=call.name)

    async def _pause(self, call: Call) -> Message:
        paused = await self._newsroom.pause(call.actor, call.channel_id, call.parsed.rest or None)
        return blocks.paused(paused, resumed=False)

    async def _resume(self, call: Call) -> Message:
        resumed = await self._newsroom.resume(call.actor, call.channel_id, call.parsed.rest or None)
        return blocks.paused(resumed, resumed=True)

    async def _help(self, call: Call) -> Message:
        return blocks.help_message(command=call.name, bot_id=call.bot_user_id)

    async def _unknown(self, call: Call) -> Message:
        typed = clip(call.parsed.verb.replace("`", ""), 60)
        if call.parsed.near:
            return blocks.said(f"I don't know `{typed}`. Did you mean `{call.name} {call.parsed.near}`?")
        return blocks.said(
            f"I don't know `{typed}`. `{call.name} help` lists what I can do; `{call.name} ask …` asks a question."
        )


async def _channel(client: AsyncWebClient, parsed: Command, command: Mapping[str, Any]) -> tuple[str, str]:
    """The channel that is meant: the one named in the text, else the one it was typed in.

    Raises:
        NotFoundError: there is no public channel with the name that was typed.
    """
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
