"""What Slack tells: questions in their three forms, and what happens to channels and to the app.

A question is written down in the middleware of its listener, which Bolt runs before it acknowledges the event: if we
die first, Slack sends the event again. The listener itself runs after the acknowledgement.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.models import IncomingQuestion
from bot.slack import blocks
from bot.slack.channels import is_shared
from bot.slack.sender import Sender
from handlers.errors import guarded
from handlers.imports import Imports
from handlers.parsing import from_mention, from_message, is_chatter, is_greeting, shared_list
from handlers.tools import QUESTION, Tools, team_of

SHARED = "tapeout_shared_list"
"""Where the middleware of an event leaves a list of feeds that was shared, with its message."""
CHANNEL_STATES: Mapping[str, str] = {
    "channel_archive": "archived",
    "channel_unarchive": "active",
    "channel_deleted": "gone",
    "channel_left": "not a member",
}


def register(app: AsyncApp, tools: Tools) -> None:
    """Listen for the events that the manifest subscribes to."""
    questions = Questions(tools)
    app.event("app_mention", middleware=[questions.take_mention])(guarded(questions.greet))
    app.event("message", middleware=[questions.take_message])(guarded(questions.greet))
    changes = Changes(tools)
    app.event("agent_session_stopped")(guarded(changes.stopped))
    app.event("member_joined_channel")(guarded(changes.joined))
    app.event("channel_rename")(guarded(changes.renamed))
    for kind in CHANNEL_STATES:
        app.event(kind)(guarded(changes.channel))
    app.event("channel_shared")(guarded(changes.shared))
    app.event("channel_unshared")(guarded(changes.unshared))
    app.event("app_uninstalled")(guarded(changes.uninstalled))
    app.event("tokens_revoked")(guarded(changes.revoked))
    app.event("app_context_changed")(guarded(nothing))


async def nothing() -> None:
    """Take note of an event that changes nothing for us, so that Slack does not send it again."""


class Questions:
    """Questions from threads, mentions and direct messages."""

    def __init__(self, tools: Tools) -> None:
        self._newsroom = tools.newsroom
        self._imports = Imports(tools)

    async def take_mention(
        self,
        event: Mapping[str, Any],
        body: Mapping[str, Any],
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[None]],
    ) -> None:
        """Write down what was asked with a mention."""
        question = from_mention(
            event, team_id=team_of(context), event_id=body.get("event_id"), bot_user_id=str(context.bot_user_id)
        )
        await self._take(question, event, context)
        await next_()

    async def take_message(
        self,
        event: Mapping[str, Any],
        body: Mapping[str, Any],
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[None]],
    ) -> None:
        """Write down what was asked in a thread or a direct message."""
        question = from_message(
            event, team_id=team_of(context), event_id=body.get("event_id"), bot_user_id=str(context.bot_user_id)
        )
        await self._take(question, event, context)
        await next_()

    async def _take(
        self, question: IncomingQuestion | None, event: Mapping[str, Any], context: AsyncBoltContext
    ) -> None:
        if question is None:
            return
        if question.surface != "thread" and (shared := shared_list(event)) is not None:
            context[SHARED] = (shared, question)
            return
        context[QUESTION] = question
        if not is_small_talk(question):
            await self._newsroom.ask(question)

    async def greet(self, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Answer a greeting, a call for help, an empty mention or a list of feeds; the answering loop does the rest."""
        if SHARED in context:
            shared, sharing = context[SHARED]
            if await self._newsroom.first_time(team_of(context), f"{sharing.channel_id}:{sharing.ts}"):
                await self._imports.offer(shared, sharing, client, context)
            return
        question: IncomingQuestion | None = context.get(QUESTION)
        if question is None or question.surface == "thread" or not is_small_talk(question):
            return
        if not await self._newsroom.first_time(team_of(context), f"{question.channel_id}:{question.ts}"):
            return
        sender = Sender(client)
        if question.text and is_chatter(question.text) and not is_greeting(question.text):
            if question.surface == "dm":
                await sender.post(
                    question.channel_id, blocks.said("👍"), delivery_key=f"ok:{question.ts}", thread_ts=question.root_ts
                )
            return
        if question.surface == "dm":
            await sender.post(
                question.channel_id,
                blocks.help_message(bot_id=context.bot_user_id),
                delivery_key=f"help:{question.ts}",
                thread_ts=question.root_ts,
            )
            return
        in_thread = question.root_ts if question.root_ts != question.ts else None
        await sender.ephemeral(question.channel_id, question.user_id, blocks.short_help(), thread_ts=in_thread)


def is_small_talk(question: IncomingQuestion) -> bool:
    """Whether there is nothing to look up; among people in a thread, "hi" is not said to us."""
    return not question.text or is_greeting(question.text) or is_chatter(question.text)


class Changes:
    """What happens to channels, answers and the app."""

    def __init__(self, tools: Tools) -> None:
        self._newsroom = tools.newsroom

    async def stopped(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Somebody pressed Stop under an answer."""
        await self._newsroom.stop_answer(team_of(context), str(event["channel"]), str(event["thread_ts"]))

    async def joined(
        self, event: Mapping[str, Any], body: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """The bot is in a channel now; it says hello if somebody invited it, not if it came by itself."""
        if event.get("user") != context.bot_user_id:
            return
        channel_id = str(event["channel"])
        await self._newsroom.channel_changed(team_of(context), channel_id, "active", None)
        invited = event.get("inviter") not in {None, context.bot_user_id}
        if invited and await self._newsroom.first_time(team_of(context), f"hello:{body.get('event_id')}"):
            key = f"hello:{event.get('event_ts') or body.get('event_id')}"
            await Sender(client).post(channel_id, blocks.hello(), delivery_key=key)

    async def renamed(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """A channel has another name."""
        channel = event["channel"]
        await self._newsroom.channel_changed(team_of(context), str(channel["id"]), None, str(channel["name"]))

    async def channel(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """A channel was archived, opened again, deleted, or left."""
        state = CHANNEL_STATES[str(event["type"])]
        await self._newsroom.channel_changed(team_of(context), str(event["channel"]), state, None)

    async def shared(self, event: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """A channel was shared; nothing more goes there if that is with another organisation, and not within ours."""
        channel_id = str(event["channel"])
        if await is_shared(client, channel_id):
            await self._newsroom.channel_changed(team_of(context), channel_id, "shared", None)

    async def unshared(self, event: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """The sharing with one organisation has ended; where it was the last one, what was held goes on."""
        channel_id = str(event["channel"])
        if not event.get("is_ext_shared") and not await is_shared(client, channel_id):
            await self._newsroom.channel_changed(team_of(context), channel_id, "active", None)

    async def uninstalled(self, context: AsyncBoltContext) -> None:
        """The app was removed: within an hour nothing of the workspace is kept."""
        await self._newsroom.uninstalled(team_of(context))

    async def revoked(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Tokens were revoked; without the bot's nothing can be done there until the app is installed again."""
        if (event.get("tokens") or {}).get("bot"):
            await self._newsroom.revoked(team_of(context))
