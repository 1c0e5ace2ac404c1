"""What every part of the newsroom shares: the store, the clock, the bells, the readers and the writers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NOT_ALLOWED, NotAllowedError, NotFoundError
from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool
from bot.models import Actor
from bot.newsroom.limits import Limits
from bot.signals import Bells
from bot.slack.replies import Reply
from bot.slack.sender import Sender
from bot.slack.streams import Place
from bot.store import Database, channels
from bot.stories.encoder import Encoder
from bot.stories.vectors import WordVectors
from bot.writing.answer import Answerer
from bot.writing.brief import BriefWriter
from bot.writing.budget import Allowance

#: A story below this relevance is not posted, unless an admin chooses otherwise for the channel.
DEFAULT_THRESHOLD = 0.35
#: An article seen just before a channel subscribed is still news to it.
GRACE = timedelta(minutes=1)


class ReplyMaker(Protocol):
    """Opens a reply in a thread, in whatever way the surface takes it."""

    async def __call__(self, where: Place, *, key: str, since: datetime | None, title: str) -> Reply:
        """A reply that can be streamed into; `since` is when an earlier try began, if there was one.

        `title` names the conversation where the surface has a list of them.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the newsroom moves.

    Attributes:
        poll_floor_s: the least seconds between two polls of a feed.
        poll_ceiling_s: the most.
        gather: how long a new story waits for other publishers before it is told.
        first_poll_limit: how many of a new feed's newest articles are told.
    """

    poll_floor_s: float = 300.0
    poll_ceiling_s: float = 86_400.0
    gather: timedelta = timedelta(seconds=30)
    first_poll_limit: int = 5


@dataclass(frozen=True, slots=True)
class Resources:
    """Built once by `bot.opening`, handed to the newsroom."""

    db: Database
    clock: Clock
    bells: Bells
    fetcher: Fetcher
    pool: ParserPool
    vectors: WordVectors
    brief_writer: BriefWriter
    answerer: Answerer
    sender_of: Callable[[str], Awaitable[Sender]]
    reply_to: ReplyMaker
    writer_name: str = "extractive"
    allowance: Allowance = field(default_factory=Allowance)
    keep_questions: timedelta | None = None  # None: for good
    pace: Pace = Pace()
    limits: Limits = field(default_factory=Limits)
    encoder: Encoder | None = None  # beside the word vectors, for joining alone


class Desk:
    """Base of the newsroom's parts."""

    def __init__(self, resources: Resources) -> None:
        self._r = resources
        self._db = resources.db
        self._clock = resources.clock
        self.bells = resources.bells
        self.sender_of = resources.sender_of

    async def _record(
        self,
        connection: AsyncConnection,
        actor: Actor,
        action: str,
        channel_id: str | None,
        detail: Mapping[str, object],
    ) -> None:
        """Keep who changed what, in the transaction that changes it.

        Args:
            connection: that transaction's.
            actor: who.
            action: what was done, as the audit trail names it.
            channel_id: where; None: in the whole workspace.
            detail: with what, and all that taking it back needs.
        """
        await channels.record(
            connection,
            team_id=actor.team_id,
            actor=actor.user_id,
            action=action,
            channel_id=channel_id,
            detail=detail,
            now=self._clock(),
        )


def no_feeds() -> NotFoundError:
    """What to say where a channel was never set up."""
    return NotFoundError("This channel has no feeds yet. `/tapeout add` followed by an address adds one.")


def require_admin(actor: Actor, channel_id: str | None) -> None:
    """Only admins, and whom they name for a channel, change what it gets; None: things of the whole workspace.

    Raises:
        NotAllowedError: with who may.
    """
    if not actor.may(channel_id):
        raise NotAllowedError(NOT_ALLOWED)
