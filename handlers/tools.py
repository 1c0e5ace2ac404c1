"""What every listener is given, and the small things that all of them need."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowedError
from bot.models import Actor
from bot.slack.blocks import Message
from bot.slack.people import People

if TYPE_CHECKING:
    from bot.newsroom import Newsroom

QUESTION = "tapeout_question"
"""Where the middleware of an event leaves its question for the listener and the error handler."""
REMEMBERED_MOST = 2_000


class Seen:
    """Remembers the last few thousand events, for replies that nothing else keeps from being sent twice."""

    def __init__(self, most: int = REMEMBERED_MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, None] = OrderedDict()

    def first_time(self, key: str) -> bool:
        """Whether this key is new; it is known from here on."""
        if key in self._known:
            return False
        self._known[key] = None
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return True


@dataclass(frozen=True, slots=True)
class Tools:
    """What the listeners work with.

    Attributes:
        newsroom: what the bot can do.
        people: who someone is.
        seen: greetings that were answered.
    """

    newsroom: Newsroom
    people: People
    seen: Seen = field(default_factory=Seen)

    async def actor(self, client: AsyncWebClient, context: AsyncBoltContext) -> Actor:
        """Who did this, with what they may do."""
        return await self.people.actor(client, team_of(context), str(context.user_id))

    async def admin(self, client: AsyncWebClient, context: AsyncBoltContext) -> Actor:
        """Who did this, before a form is opened that only admins may send.

        Raises:
            NotAllowedError: they are none; better told now than after they filled the form.
        """
        actor = await self.actor(client, context)
        if not actor.is_admin:
            raise NotAllowedError("Only workspace admins, and people they name, can change feeds. Ask one of them.")
        return actor


def team_of(context: AsyncBoltContext) -> str:
    """The workspace (or, for an org-wide install without one, the organisation) that this came from."""
    return str(context.team_id or context.enterprise_id)


async def whisper(respond: AsyncRespond, message: Message, *, replace: bool = False) -> None:
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
