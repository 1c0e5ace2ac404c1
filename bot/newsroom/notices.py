"""When a feed breaks for a day, moves, is gone or is back, whoever put it into a channel hears of it, once.

A notice is a row of the same ledger that briefs go through, written in the transaction that keeps the feed's new
state: a crash sends it later, never twice. A person hears by direct message; where a feed was put in by nobody in
particular (the first start, the command line), the channel does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import DeliveryState, Feed
from bot.newsroom.desk import Desk
from bot.store import channels, deliveries

log = structlog.get_logger(__name__)

#: Slack's ids of people; the command line and the bot itself are none.
_PERSON = re.compile(r"[UW][A-Z0-9]{5,30}")
_TITLE_MOST = 150
_NAMED_MOST = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told of a feed.

    Attributes:
        what: what happened.
        since: when it began; with `what` it makes the notice one of a kind, however often it is written down.
        sentence: what is the matter and what to do, in health's or moves' words.
    """

    what: Literal["broken", "gone", "back", "moved"]
    since: datetime
    sentence: str

    def key(self, feed_id: int) -> str:
        """Under which the ledger knows it."""
        return f"feed:{feed_id}:{self.what}:{self.since:%Y%m%dT%H%M%S}"


def words(notice: Notice, feed: Feed, names: Sequence[str]) -> str:
    """A notice as plain text; whoever sends it escapes it.

    Args:
        notice: what happened.
        feed: to which feed, as it was before.
        names: the channels, without "#", that whoever reads this put it into; none: they read it in its channel.
    """
    title = " ".join(feed.title.split())[:_TITLE_MOST] or feed.url
    where = f" (in {_listed(names)})" if names else ""
    head = {
        "broken": f"⚠ The feed “{title}”{where} has been broken for a day, so nothing comes from it.",
        "gone": f"⚠ The feed “{title}”{where} is gone.",
        "back": f"✓ The feed “{title}”{where} is back.",
        "moved": f"The feed “{title}”{where} has moved. Nothing needs to be done.",
    }[notice.what]
    tail = {
        "broken": f" I keep trying, and say so when it is back. Its address: {feed.url}",
        "gone": f" Its address was: {feed.url}",
        "back": "",
        "moved": "",
    }[notice.what]
    return f"{head} {notice.sentence}{tail}"


def _listed(names: Sequence[str]) -> str:
    shown = [f"#{name}" for name in names[:_NAMED_MOST]]
    more = len(names) - len(shown)
    if more:
        shown.append(f"{more} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def is_person(created_by: str, bot_user_id: str) -> bool:
    """Whether somebody in particular put a feed in, who can be written to."""
    return created_by != bot_user_id and _PERSON.fullmatch(created_by) is not None


class Notices(Desk):
    """Writes notices down for delivery."""

    async def tell_followers(self, connection: AsyncConnection, feed: Feed, notice: Notice, now: datetime) -> int:
        """Write a notice down for everyone who put this feed into a channel; how many that are.

        A subscription that is paused hears nothing: nobody waits for that feed there.
        """
        people: dict[tuple[str, str], list[str]] = {}
        rooms: list[tuple[str, str]] = []
        for row in await channels.followers(connection, feed.id):
            if row.paused_at is not None:
                continue
            if is_person(row.created_by, row.bot_user_id):
                people.setdefault((row.team_id, row.created_by), []).append(row.channel_name)
            else:
                rooms.append((row.team_id, row.channel_id))
        for (team_id, user_id), names in people.items():
            await channels.add_direct(connection, team_id=team_id, user_id=user_id, now=now)
            await self._write_down(connection, (team_id, user_id), notice.key(feed.id), words(notice, feed, names), now)
        for room in rooms:
            await self._write_down(connection, room, notice.key(feed.id), words(notice, feed, ()), now)
        if people or rooms:
            log.info("a notice", feed=feed.url, what=notice.what, people=len(people), channels=len(rooms))
        return len(people) + len(rooms)

    async def _write_down(
        self, connection: AsyncConnection, where: tuple[str, str], key: str, body: str, now: datetime
    ) -> None:
        await deliveries.enqueue(
            connection,
            team_id=where[0],
            channel_id=where[1],
            key=key,
            state=DeliveryState.PENDING,
            now=now,
            body=body,
        )
