"""What admins do: add, list, remove, pause and resume feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import NotFoundError, UserError
from bot.feeds.discover import Candidate, discover
from bot.models import Actor, Added, ChannelFeeds, DeliveryState, Feed, FoundFeed, Refreshed, Subscription
from bot.newsroom.desk import DEFAULT_THRESHOLD, no_feeds, require_admin
from bot.newsroom.privacy import Privacy
from bot.newsroom.watching import Watching
from bot.slack.blocks.message import count
from bot.store import channels, deliveries, feeds, filters, managers


class Managing(Watching, Privacy):
    """The admins' verbs. Each change is written to the audit trail in the same transaction."""

    async def add_feed(self, actor: Actor, channel_id: str, channel_name: str, address: str) -> Added:
        """Find the feed at an address and put it into a channel; several feeds: offer them.

        Raises:
            NotAllowedError: the person may not.
            UserError, FetchError: there is no feed, with what to do.
        """
        require_admin(actor, channel_id)
        if not address.strip():
            raise UserError("Which feed? Give the address of a site or a feed: `/tapeout add https://example.com`.")
        found = await discover(self._r.fetcher, self._r.pool, address.strip())
        if len(found) > 1:
            return Added(subscription=None, choices=tuple((item.url, item.title, item.latest) for item in found))
        is_private = await self.enter(actor.team_id, channel_id)
        return await self._subscribe(actor, channel_id, channel_name, found[0], is_private=is_private)

    async def _subscribe(
        self, actor: Actor, channel_id: str, channel_name: str, found: Candidate, *, is_private: bool | None
    ) -> Added:
        now = self._clock()
        async with self._db.write() as connection:
            feed = await feeds.add(
                connection,
                url=found.url,
                title=found.title,
                publisher=found.publisher,
                site_url=found.parsed.site_url,
                now=now,
            )
            first = await channels.add_channel(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                name=channel_name,
                threshold=DEFAULT_THRESHOLD,
                now=now,
            )
            if is_private is not None:
                await managers.set_private(connection, actor.team_id, channel_id, is_private=is_private)
            added = await channels.subscribe(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                feed_id=feed.id,
                created_by=actor.user_id,
                now=now,
            )
            if added:
                detail = {"feed": feed.url, "title": feed.title}
                await self._record(connection, actor, "add", channel_id, detail)
            if first:
                await deliveries.enqueue(
                    connection,
                    team_id=actor.team_id,
                    channel_id=channel_id,
                    key="intro",
                    state=DeliveryState.PENDING,
                    now=now,
                )
        if feed.last_poll_at is None:
            # What was fetched to find the feed is its first poll: nobody is asked twice.
            await self.take_in(feed, found.fetched, found.parsed)
        subscription = await self.find_feed(actor, channel_id, feed.url)
        self.bells.ring("deliver")
        return Added(subscription=subscription, existed=not added, latest=found.latest)

    async def seed(
        self, actor: Actor, channel_id: str, channel_name: str, wanted: Sequence[tuple[str, str, str]]
    ) -> int:
        """Where a workspace has no subscription at all, put feeds into a channel; how many.

        Args:
            actor: in whose name.
            channel_id: the channel.
            channel_name: its name, without "#".
            wanted: (address, title, publisher) of each feed.
        """
        now = self._clock()
        async with self._db.write() as connection:
            if await channels.has_any(connection, actor.team_id):
                return 0
            await channels.add_channel(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                name=channel_name,
                threshold=DEFAULT_THRESHOLD,
                now=now,
            )
            for url, title, publisher in wanted:
                feed = await feeds.add(connection, url=url, title=title, publisher=publisher, site_url=None, now=now)
                await channels.subscribe(
                    connection,
                    team_id=actor.team_id,
                    channel_id=channel_id,
                    feed_id=feed.id,
                    created_by=actor.user_id,
                    now=now,
                )
            await self._record(connection, actor, "seed", channel_id, {"feeds": [url for url, _, _ in wanted]})
        self.bells.ring("watch")
        return len(wanted)

    async def list_feeds(self, actor: Actor, channel_id: str | None) -> tuple[ChannelFeeds, ...]:
        """The feeds of one channel, or of all that the person may see."""
        since = self._clock() - timedelta(days=1)
        async with self._db.read() as connection:
            found = await channels.subscriptions(connection, actor.team_id, channel_id)
            numbers = await deliveries.counts(connection, actor.team_id, since)
        if channel_id is None:
            seen = await self.visible(actor, (item.channel for item in found))
            found = tuple(item for item in found if item.channel.channel_id in seen)
        return tuple(
            ChannelFeeds(item.channel, item.subscriptions, *numbers.get(item.channel.channel_id, (0, 0)))
            for item in found
        )

    async def check_feed(self, address: str) -> tuple[FoundFeed, ...]:
        """The feeds behind an address, best first, each read but not added.

        Raises:
            UserError, FetchError: there is no feed, with what to do.
        """
        found = await discover(self._r.fetcher, self._r.pool, address.strip())
        return tuple(FoundFeed(item.url, item.title, item.publisher, item.latest) for item in found)

    async def refresh(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Refreshed, ...]:
        """Read one feed of a channel now, or (`which` None) all of them, as politely as any poll: conditionally.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches `which`, or several do.
        """
        require_admin(actor, channel_id)
        chosen = await self._meant(actor, channel_id, which)
        done = []
        for item in chosen:
            async with self._db.write() as connection:
                feed = await feeds.claim_one(connection, item.feed.id, self._clock())
            if feed is None:
                done.append(Refreshed(item, "busy", 0, 0, "It is being read at this moment."))
                continue
            done.append(await self._refreshed(actor, item, feed))
        return tuple(done)

    async def _refreshed(self, actor: Actor, item: Subscription, feed: Feed) -> Refreshed:
        polled = await self._poll(feed)
        if polled is None:
            return Refreshed(item, "error", 0, 0, "An error of ours kept it from being read; it is in the log.")
        (polled,) = await self.settle_polls((polled,))
        outcome = polled.outcome
        if outcome.kind == "error":
            said = outcome.sentence or "It could not be read."
        elif outcome.kind == "not_modified":
            said = "Nothing has changed since it was last read."
        else:
            said = f"{count(polled.new, 'new article')}, {count(polled.edited, 'edited one')}."
        after = await self._again(actor, item)
        return Refreshed(after, outcome.error_kind or outcome.kind, polled.new, polled.edited, said)

    async def _again(self, actor: Actor, item: Subscription) -> Subscription:
        """A subscription as it is now; one that was merged into another is as it was."""
        async with self._db.read() as connection:
            (listed, *_) = await channels.subscriptions(connection, actor.team_id, item.channel.channel_id)
        return next((entry for entry in listed.subscriptions if entry.id == item.id), item)

    async def _meant(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Subscription, ...]:
        """The feed that someone means, or all of a channel's."""
        if which is not None:
            return (await self.find_feed(actor, channel_id, which),)
        found = await self.list_feeds(actor, channel_id)
        chosen = found[0].subscriptions if found else ()
        if not chosen:
            raise no_feeds()
        return chosen

    async def remove_feed(self, actor: Actor, channel_id: str, which: str) -> Subscription:
        """Take a feed out of a channel.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches `which`, or several do.
        """
        require_admin(actor, channel_id)
        chosen = await self.find_feed(actor, channel_id, which)
        async with self._db.write() as connection:
            known = await filters.of_channel(connection, actor.team_id, channel_id)
            await channels.unsubscribe(connection, actor.team_id, chosen.id)
            # All that it takes to bring it back as it was.
            detail = {
                "feed": chosen.feed.url,
                "title": chosen.feed.title,
                "by": chosen.created_by,
                "since": chosen.created_at.isoformat(),
                "paused_at": _written(chosen.paused_at),
                "filters": [each.text for each in known if each.subscription_id == chosen.id],
            }
            await self._record(connection, actor, "remove", channel_id, detail)
        return chosen

    async def pause(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Subscription, ...]:
        """Pause one feed in a channel, or (`which` None) the whole channel."""
        return await self._set_paused(actor, channel_id, which, self._clock())

    async def resume(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Subscription, ...]:
        """Resume one feed in a channel, or (`which` None) the channel and all its feeds."""
        changed = await self._set_paused(actor, channel_id, which, None)
        self.bells.ring("watch")
        self.bells.ring("deliver")
        return changed

    async def _set_paused(
        self, actor: Actor, channel_id: str, which: str | None, paused_at: datetime | None
    ) -> tuple[Subscription, ...]:
        require_admin(actor, channel_id)
        chosen = await self._meant(actor, channel_id, which)
        action = "resume" if paused_at is None else "pause"
        async with self._db.write() as connection:
            if which is None:
                await channels.pause_channel(connection, actor.team_id, channel_id, paused_at)
            if which is not None or paused_at is None:
                await channels.set_paused(connection, actor.team_id, tuple(item.id for item in chosen), paused_at)
            before = {
                "channel": _written(chosen[0].channel.paused_at),
                "feeds": {item.feed.url: _written(item.paused_at) for item in chosen if item.paused_at},
            }
            detail = {"feeds": [item.feed.url for item in chosen], "channel": which is None, "before": before}
            if len(chosen) == 1:
                detail["title"] = chosen[0].feed.title
            await self._record(connection, actor, action, channel_id, detail)
        return chosen

    async def channel_changed(self, team_id: str, channel_id: str, state: str | None, name: str | None) -> None:
        """A channel was archived, shared, left, or is open to us again; or (no state) it has another name alone."""
        async with self._db.write() as connection:
            await channels.set_state(connection, team_id, channel_id, state, name)
            if state == "active":
                await deliveries.resume_held(connection, team_id, channel_id, self._clock())
        self.bells.ring("deliver")

    async def find_feed(self, actor: Actor, channel_id: str, which: str) -> Subscription:
        """The subscription that someone means: its number in the list, "#id", an address, or a part of its title."""
        listed = await self.list_feeds(actor, channel_id)
        entries = listed[0].subscriptions if listed else ()
        wanted = which.strip()
        if wanted.isdigit() and 1 <= int(wanted) <= len(entries):
            return entries[int(wanted) - 1]
        if wanted.startswith("#") and wanted[1:].isdigit():
            matches = [item for item in entries if item.id == int(wanted[1:])]
        else:
            matches = [item for item in entries if wanted in {item.feed.url, item.feed.site_url}]
            matches = matches or [item for item in entries if wanted.casefold() in item.feed.title.casefold()]
        if len(matches) == 1:
            return matches[0]
        if not entries:
            raise no_feeds()
        if matches:
            names = ", ".join(item.feed.title for item in matches)
            raise NotFoundError(f"Several feeds match “{wanted}”: {names}. Use the number from `/tapeout list`.")
        raise NotFoundError(f"No feed here matches “{wanted}”. `/tapeout list` shows them with their numbers.")


def _written(moment: datetime | None) -> str | None:
    """A moment as the trail keeps it."""
    return moment.isoformat() if moment is not None else None
