"""What every listener is given, and the small things that all of them need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NOT_ALLOWED, NotAllowedError
from bot.models import Actor
from bot.slack.blocks import Message
from bot.slack.people import People
from handlers.within import Answers

if TYPE_CHECKING:
    from bot.newsroom import Newsroom

QUESTION = "tapeout_question"
"""Where the middleware of an event leaves its question for the listener and the error handler."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the listeners work with.

    Attributes:
        newsroom: what the bot can do.
        people: who someone is.
    """

    newsroom: Newsroom
    people: People

    async def actor(self, client: AsyncWebClient, context: AsyncBoltContext) -> Actor:
        """Who did this, with what they may do: by Slack's word, or because an admin named them or a group of theirs."""
        team_id, user_id = team_of(context), str(context.user_id)
        actor = replace(await self.people.actor(client, team_id, user_id), here=context.channel_id)
        if actor.is_admin:
            return actor
        named = await self.newsroom.managers(team_id)
        groups = {each.subject for each in named if each.is_group}
        mine = {user_id, *(await self.people.groups_of(client, team_id, user_id, groups))}
        theirs = [each.channel_id for each in named if each.subject in mine]
        everywhere = None in theirs
        manages = frozenset(channel_id for channel_id in theirs if channel_id is not None)
        return replace(actor, is_admin=everywhere, is_named=everywhere, manages=manages)

    async def admin(self, client: AsyncWebClient, context: AsyncBoltContext, channel_id: str | None = None) -> Actor:
        """Who did this, before a form is opened that only admins may send.

        Args:
            client: Slack's.
            context: Bolt's.
            channel_id: what the form is about; None: the person chooses a channel in it.

        Raises:
            NotAllowedError: they are none; better told now than after they filled the form.
        """
        actor = await self.actor(client, context)
        may = actor.may(channel_id) if channel_id is not None else actor.is_admin or actor.manages
        if not may:
            raise NotAllowedError(NOT_ALLOWED)
        return actor


def team_of(context: AsyncBoltContext) -> str:
    """The workspace (or, for an org-wide install without one, the organisation) that this came from."""
    return str(context.team_id or context.enterprise_id)


async def whisper(respond: AsyncRespond | Answers, message: Message, *, replace: bool = False) -> None:
    """Answer one person through the response URL: nobody else sees it.

    Args:
        respond: Bolt's.
        message: what to say.
        replace: put it in place of the ephemeral message whose button was pressed.
    """
    await respond(
        text=message.text,
        blocks=list(message.blocks),
        response_type="ephemeral",
        replace_original=replace,
        unfurl_links=False,
        unfurl_media=False,
    )
