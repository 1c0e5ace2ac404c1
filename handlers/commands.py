"""`/tapeout`: one command, its first word says what to do. Every answer is seen by who typed it alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.models import IncomingQuestion
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.channels import refuse_shared
from bot.slack.sender import Sender
from handlers.audits import Audits
from handlers.calls import Call, read_call
from handlers.digests import Digests
from handlers.errors import guarded
from handlers.filters import Filters
from handlers.imports import Imports
from handlers.lists import PACK, Lists
from handlers.parsing import asks_for_help, nearest, verb_of
from handlers.styles import Styles
from handlers.tools import Tools, whisper
from handlers.topics import Topics

COMMAND = "/tapeout"
#: Who knows what is behind an address need not look at it first.
_AT_ONCE = re.compile(r"^(?P<address>\S.*?)\s+now$", re.IGNORECASE)
_END = re.compile(r"^(?:end|stop|remove)(?:\s+#?(?P<number>\d{1,3}))?$", re.IGNORECASE)


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the command."""
    commands = Commands(tools)
    app.command(COMMAND)(guarded(commands.handle))


class Commands:
    """The verbs."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._newsroom = tools.newsroom
        self._lists = Lists(tools)
        self._verbs = {
            "": self._bare,
            "add": self._add,
            "ask": self._ask,
            "list": self._list,
            "remove": self._remove,
            "pause": self._pause,
            "resume": self._resume,
            "topics": Topics(tools).command,
            "filter": Filters(tools).command,
            "style": Styles(tools).command,
            "digest": Digests(tools).command,
            "health": self._health,
            "why": self._why,
            "preview": self._lists.preview,
            "import": Imports(tools).command,
            "export": self._lists.export,
            "refresh": self._refresh,
            "watch": self._watch,
            "budget": self._budget,
            "admins": Audits(tools).admins,
            "audit": Audits(tools).audit,
            "feedback": self._feedback,
            "web": self._web,
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
        call = await read_call(command, client, context, respond, self._tools)
        verb = self._help_for if asks_for_help(call.parsed) else self._verbs.get(call.parsed.verb, self._unknown)
        message = await verb(call)
        if message is not None:
            await whisper(respond, message)

    async def _bare(self, call: Call) -> Message | None:
        """What one most likely wants: the first feed where there is none, else the list."""
        feeds = await self._newsroom.list_feeds(call.actor, None if call.in_direct else call.channel_id)
        if call.may and not any(each.subscriptions for each in feeds):
            await self._open_form(call)
            return None
        return blocks.subscriptions(feeds, is_admin=call.may)

    async def _open_form(self, call: Call) -> None:
        view = blocks.add_modal(channel_id=None if call.in_direct else call.channel_id)
        await call.client.views_open(trigger_id=call.trigger_id, view=view)

    async def _add(self, call: Call) -> Message | None:
        if not call.parsed.rest and call.may:
            await self._open_form(call)
            return None
        if call.parsed.rest.partition(" ")[0].lower() in {PACK, f"{PACK}s"}:
            return await self._lists.pack(call)
        if call.in_direct:
            raise UserError(
                f"Which channel? For example: `{call.name} add {call.parsed.rest or 'example.com'} #general`"
            )
        if (at_once := _AT_ONCE.match(call.parsed.rest)) is None:
            return await self._lists.preview(call)
        await refuse_shared(call.client, call.channel_id)
        added = await self._newsroom.add_feed(call.actor, call.channel_id, call.channel_name, at_once["address"])
        return blocks.added_message(added, call.channel_id, call.channel_name)

    async def _ask(self, call: Call) -> None:
        """Show the question to the channel, and have it answered in its thread."""
        if not call.parsed.rest:
            raise UserError(f"What would you like to know? For example: `{call.name} ask who builds gigawatt sites?`")
        ts = await self._post_question(call)
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

    async def _post_question(self, call: Call) -> str:
        return await Sender(call.client).post(
            call.channel_id,
            blocks.asked(call.parsed.rest, call.actor.user_id),
            delivery_key=f"asked:{call.trigger_id}",
        )

    async def _web(self, call: Call) -> Message:
        to = f"/?{urlencode({'q': call.parsed.rest})}" if call.parsed.rest else "/"
        url, life = await self._newsroom.web_link(call.actor, to)
        return blocks.web_link(url, minutes=int(life.total_seconds() // 60))

    async def _list(self, call: Call) -> Message:
        feeds = await self._newsroom.list_feeds(call.actor, None if call.in_direct else call.channel_id)
        return blocks.subscriptions(feeds, is_admin=call.may)

    async def _remove(self, call: Call) -> Message:
        if not call.parsed.rest:
            raise UserError(
                f"Which one? `{call.name} list` shows their numbers; then, for example, `{call.name} remove 2`."
            )
        call.require_channel(f"remove {call.parsed.rest}")
        removed = await self._newsroom.remove_feed(call.actor, call.channel_id, call.parsed.rest)
        return await self._undoable(call, blocks.removed(removed, command=call.name))

    async def _pause(self, call: Call) -> Message:
        call.require_channel("pause")
        paused = await self._newsroom.pause(call.actor, call.channel_id, call.parsed.rest or None)
        return await self._undoable(call, blocks.paused(paused, resumed=False))

    async def _undoable(self, call: Call, message: Message) -> Message:
        """An answer to a change with the button that takes it back."""
        return blocks.with_undo(message, await self._newsroom.last_change(call.actor, call.channel_id))

    async def _resume(self, call: Call) -> Message:
        call.require_channel("resume")
        if not call.parsed.rest:
            await refuse_shared(call.client, call.channel_id)
        resumed = await self._newsroom.resume(call.actor, call.channel_id, call.parsed.rest or None)
        if not call.parsed.rest:  # what was held, because somebody had to do something first, is tried again
            await self._newsroom.channel_changed(call.actor.team_id, call.channel_id, "active", None)
        return blocks.paused(resumed, resumed=True)

    async def _health(self, call: Call) -> Message:
        feeds = await self._newsroom.list_feeds(call.actor, None if call.in_direct else call.channel_id)
        return blocks.health(feeds)

    async def _refresh(self, call: Call) -> Message:
        call.require_channel("refresh")
        return blocks.refreshed(await self._newsroom.refresh(call.actor, call.channel_id, call.parsed.rest or None))

    async def _budget(self, call: Call) -> Message:
        return blocks.budget(await self._newsroom.writing(call.actor))

    async def _watch(self, call: Call) -> Message:
        """List what is watched for, end one, or show a question to the channel and look for its answer from now on."""
        where = None if call.in_direct else call.channel_id
        if not call.parsed.rest:
            return blocks.watches(await self._newsroom.open_watches(call.actor, where), command=call.name)
        if ending := _END.match(call.parsed.rest):
            if ending["number"] is None:
                raise UserError(f"Which one? `{call.name} watch` shows their numbers: `{call.name} watch end 2`.")
            return await self._end_watch(call, where, int(ending["number"]))
        ts = await self._post_question(call)
        made = await self._newsroom.watch(call.actor.team_id, call.channel_id, ts, call.actor.user_id, call.parsed.rest)
        return blocks.watching(call.parsed.rest, already=not made)

    async def _end_watch(self, call: Call, where: str | None, number: int) -> Message:
        found = await self._newsroom.open_watches(call.actor, where)
        if not 1 <= number <= len(found):
            raise UserError(f"There is no number {number}. `{call.name} watch` lists what is watched for.")
        await self._newsroom.end_watch(call.actor, found[number - 1].id)
        return blocks.watches(await self._newsroom.open_watches(call.actor, where), command=call.name)

    async def _why(self, call: Call) -> Message:
        if not call.parsed.rest:
            raise UserError(f"Which article? Give its address: `{call.name} why https://example.com/article`.")
        return blocks.why(await self._newsroom.why(call.actor.team_id, call.parsed.rest, call.actor), call.channel_id)

    async def _feedback(self, call: Call) -> Message:
        return blocks.votes(await self._newsroom.judged(call.actor))

    async def _help(self, call: Call) -> Message:
        word = call.parsed.rest.partition(" ")[0]
        if (verb := verb_of(word) or nearest(word)) is not None:
            return blocks.help_for(verb, command=call.name)
        return blocks.help_message(command=call.name, bot_id=call.bot_user_id)

    async def _help_for(self, call: Call) -> Message:
        """`/tapeout topics help`: one command's help, asked for the other way round."""
        return blocks.help_for(call.parsed.verb, command=call.name)

    async def _unknown(self, call: Call) -> Message:
        parsed = call.parsed
        return blocks.unknown(parsed.verb, parsed.rest, parsed.near, command=call.name)
