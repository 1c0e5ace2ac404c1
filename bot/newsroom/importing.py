"""Lists of feeds in and out. Thousands come in at once without a storm of requests or a flood of old articles.

```
file ─► lines that can be used, and what is wrong with the others
          └─► in groups: feed rows, due one after the other ─► subscriptions ─► the watching loop reads each in its turn
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFoundError, UserError
from bot.feeds import listing, opml
from bot.feeds.opml import OpmlEntry, OpmlResult
from bot.feeds.sites import with_scheme
from bot.feeds.urls import host_of
from bot.models import Actor, DeliveryState, Imported
from bot.newsroom.desk import DEFAULT_THRESHOLD, require_admin
from bot.newsroom.managing import Managing
from bot.store import channels, deliveries, feeds, managers

#: New feeds of a list are read for the first time this far apart: 1,000 of them take 17 minutes.
SPREAD = timedelta(seconds=1)
#: So many articles of a whole list's first polls are told; what else they hold is kept for questions.
MOST_TOLD = 25
#: So many lines are written down together; others get their turn to write in between.
GROUP = 200
#: The audit trail names the feeds of a list up to so many: then it can be taken back.
NAMED_MOST = 200
#: Where a file's form shows, in bytes: comments may come before the first element, but not as many.
_LOOKED_AT = 4_096
_LIST_ACCEPT = "text/x-opml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


def first_limit(feeds_in_list: int, usual: int) -> int:
    """How many articles of each new feed's first poll are told, so that the list tells about 25 altogether."""
    return min(usual, MOST_TOLD // max(feeds_in_list, 1))


def _read(body: bytes) -> OpmlResult:
    """A list in either form; what is marked up is meant as OPML."""
    return opml.read(body) if b"<" in body[:_LOOKED_AT] else listing.read(body.decode("utf-8", "replace"))


def _row(entry: OpmlEntry, due: datetime, limit: int) -> dict[str, Any]:
    title = entry.title or host_of(entry.url)
    return {
        "url": entry.url,
        "title": title,
        "publisher": title,
        "site_url": entry.site_url,
        "next_poll_at": due,
        "first_limit": limit,
    }


class Importing(Managing):
    """Lists of feeds, as OPML."""

    async def import_feeds(
        self,
        actor: Actor,
        channel_id: str,
        channel_name: str,
        body: bytes,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Imported:
        """Put the feeds of a file into a channel. Nothing is fetched here; it can be repeated without harm.

        Args:
            actor: in whose name.
            channel_id: the channel.
            channel_name: its name, without "#".
            body: the file: OPML, or an address a line.
            progress: is called with how many of how many lines are written down.

        Raises:
            NotAllowedError: the person may not.
            UserError: the bot cannot enter the channel.
        """
        require_admin(actor, channel_id)
        read = await asyncio.to_thread(_read, body)
        problems = tuple((problem.line, problem.text) for problem in read.problems)
        entries = read.entries
        if not entries:
            return Imported(0, 0, problems)
        limit = first_limit(len(entries), self._r.pace.first_poll_limit)
        done = await self.put_entries(actor, channel_id, channel_name, entries, limit=limit, progress=progress)
        return replace(done, problems=problems)

    async def import_list(
        self,
        actor: Actor,
        channel_id: str,
        channel_name: str,
        body: bytes,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Imported:
        """Put a list that somebody pasted or handed over into a channel; else as `import_feeds`.

        Raises:
            NotAllowedError: the person may not.
            UserError: there is no feed in it.
        """
        done = await self.import_feeds(actor, channel_id, channel_name, body, progress=progress)
        if not done.added and not done.existed:
            problem = done.problems[0][1] if done.problems else "No address stands in it."
            raise UserError(f"No feed was found in that list. {problem}")
        return done

    async def import_from(
        self,
        actor: Actor,
        channel_id: str,
        channel_name: str,
        address: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Imported:
        """Put the list behind an address into a channel; `progress` as in `import_feeds`.

        Raises:
            NotAllowedError: the person may not.
            UserError, FetchError: there is no such list, with what to do.
        """
        require_admin(actor, channel_id)
        fetched = await self._r.fetcher.get(with_scheme(address.strip()), accept=_LIST_ACCEPT)
        done = await self.import_feeds(actor, channel_id, channel_name, fetched.body, progress=progress)
        if not done.added and not done.existed:
            raise UserError("That is no list of feeds. For one feed: `/tapeout add` and its address.")
        return done

    async def put_entries(
        self,
        actor: Actor,
        channel_id: str,
        channel_name: str,
        entries: Sequence[OpmlEntry],
        *,
        limit: int,
        action: str = "import",
        detail: Mapping[str, object] | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Imported:
        """Put feeds into a channel; each is due in its turn. Who asks must be allowed to.

        Args:
            actor: in whose name.
            channel_id: the channel.
            channel_name: its name, without "#".
            entries: the feeds.
            limit: how many articles of each one's first poll are told.
            action: how the audit trail calls it.
            detail: what else the trail keeps, beside the feeds.
            progress: as in `import_feeds`.

        Raises:
            UserError: the bot cannot enter the channel.
        """
        is_private = await self.enter(actor.team_id, channel_id)
        started = self._clock()
        new: list[str] = []
        for at in range(0, len(entries), GROUP):
            group = entries[at : at + GROUP]
            rows = [_row(entry, started + SPREAD * (at + place), limit) for place, entry in enumerate(group)]
            async with self._db.write() as connection:
                first = at == 0 and await self._open(connection, actor, channel_id, channel_name)
                new += await self._put_in(connection, actor, channel_id, rows)
                if first:
                    await self._introduce(connection, actor, channel_id)
                if is_private is not None:
                    await managers.set_private(connection, actor.team_id, channel_id, is_private=is_private)
                if at + GROUP >= len(entries):
                    noted = {"feeds": new if len(new) <= NAMED_MOST else len(new), **(detail or {})}
                    await self._record(connection, actor, action, channel_id, noted)
            progress(at + len(group), len(entries))
        self.bells.ring("watch")
        self.bells.ring("deliver")
        done_by = started + SPREAD * len(entries) if new else None
        return Imported(len(new), len(entries) - len(new), (), done_by)

    async def _open(self, connection: AsyncConnection, actor: Actor, channel_id: str, channel_name: str) -> bool:
        """Make the channel one that gets posts; True: it is new here."""
        return await channels.add_channel(
            connection,
            team_id=actor.team_id,
            channel_id=channel_id,
            name=channel_name,
            threshold=DEFAULT_THRESHOLD,
            now=self._clock(),
        )

    async def _introduce(self, connection: AsyncConnection, actor: Actor, channel_id: str) -> None:
        await deliveries.enqueue(
            connection,
            team_id=actor.team_id,
            channel_id=channel_id,
            key="intro",
            state=DeliveryState.PENDING,
            now=self._clock(),
        )

    async def _put_in(
        self, connection: AsyncConnection, actor: Actor, channel_id: str, rows: Sequence[dict[str, Any]]
    ) -> list[str]:
        """The addresses of those that the channel did not have."""
        now = self._clock()
        ids = await feeds.add_all(connection, rows, now)
        made = await channels.subscribe_all(
            connection,
            team_id=actor.team_id,
            channel_id=channel_id,
            feed_ids=[ids[row["url"]] for row in rows],
            created_by=actor.user_id,
            now=now,
        )
        return [url for url, number in ids.items() if number in made]

    async def export_feeds(self, actor: Actor, channel_id: str | None) -> bytes:
        """The feeds of one channel, or of all with a folder for each, as OPML.

        Raises:
            NotFoundError: there are none.
        """
        listed = await self.list_feeds(actor, channel_id)
        entries = [
            OpmlEntry(item.feed.url, item.feed.title, f"#{each.channel.name}", item.feed.site_url)
            for each in listed
            for item in each.subscriptions
        ]
        if not entries:
            raise NotFoundError("There are no feeds to write down yet: `add` followed by an address adds one.")
        return await asyncio.to_thread(opml.write, entries)
