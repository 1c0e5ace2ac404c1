"""What App Home shows, and the watches that are open: each person sees what they may see."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import NotAllowedError, NotFoundError
from bot.models import Actor, Channel, HomeData, OpenWatch
from bot.newsroom.awaiting import Awaiting
from bot.newsroom.browsing import Browsing
from bot.slack.blocks.home import pages_of
from bot.slack.blocks.rhythm import rhythm_words
from bot.store import articles, channels, copies, deliveries, digests, feeds, stories, watches

#: So long App Home says that a digest's copy did not arrive.
COPIES_SINCE = timedelta(days=7)


class Homing(Awaiting, Browsing):
    """Draws together what somebody wants to see first."""

    async def home(self, actor: Actor, page: int = 0) -> HomeData:
        """What App Home shows to this person.

        Args:
            actor: who looks.
            page: which page of their channels and feeds; one that is not there any more: the last.
        """
        now = self._clock()
        since = now - timedelta(days=1)
        listed = await self.list_feeds(actor, None)
        pages = pages_of(listed)
        page = min(max(page, 0), len(pages) - 1)
        shown = {entry.feed.id for item, _ in pages[page] for entry in item.subscriptions}
        days = await self.last_days(shown)
        async with self._db.read() as connection:
            troubled = await deliveries.troubled(connection, actor.team_id)
            broken = await feeds.broken(connection)
            told = await stories.count_since(connection, since)
            read = await articles.count_since(connection, since)
            rhythms = await digests.rhythms(connection, actor.team_id)
            failed = await copies.failed_since(connection, actor.team_id, now - COPIES_SINCE)
        names = {item.channel.channel_id: item.channel.name for item in listed}
        mine = {entry.feed.id for item in listed for entry in item.subscriptions}
        problems = [
            f"#{names[row.channel_id]}, {row.many} waiting: {row.reason}"
            for row in troubled
            if row.channel_id in names  # others are private, and not theirs to see
        ]
        problems += [f"{item.title}: {item.last_error or item.state.value}" for item in broken if item.id in mine]
        return HomeData(
            actor=actor,
            channels=listed,
            stories_today=told,
            articles_today=read,
            writer=self._r.writer_name,
            problems=tuple(problems),
            page=page,
            days=days,
            rhythms={channel_id: rhythm_words(rhythm) for channel_id, rhythm in rhythms.items() if channel_id in names},
            failed_copies={channel_id: reasons for channel_id, reasons in failed.items() if channel_id in names},
            watches=await self.open_watches(actor),
            has_web=self.web_url is not None,
        )

    async def open_watches(self, actor: Actor, channel_id: str | None = None) -> tuple[OpenWatch, ...]:
        """What is still looked for in one channel, or (None) wherever the person may look; their own first."""
        now = self._clock()
        async with self._db.read() as connection:
            rows = await watches.listed(connection, actor.team_id, now, channel_id=channel_id)
        # Somebody else's direct message is theirs alone: it is not asked of Slack, but left out.
        others = {row.channel_id for row in rows if row.user_id != actor.user_id and not row.channel_id.startswith("D")}
        seen = await self.visible(actor, [await self._known(actor, each) for each in sorted(others)])
        found = [
            OpenWatch(
                id=row.id,
                channel_id=row.channel_id,
                user_id=row.user_id,
                text=row.text,
                until=row.created_at + watches.LIFE,
                may_end=row.user_id == actor.user_id or actor.may(row.channel_id),
            )
            for row in rows
            if row.user_id == actor.user_id or row.channel_id in seen
        ]
        return tuple(sorted(found, key=lambda each: (each.user_id != actor.user_id, each.id)))

    async def _known(self, actor: Actor, channel_id: str) -> Channel:
        """A channel as we know it; questions are asked in others, too."""
        async with self._db.read() as connection:
            known = await channels.get(connection, actor.team_id, channel_id)
        return known or Channel(actor.team_id, channel_id, channel_id)

    async def end_watch(self, actor: Actor, watch_id: int) -> OpenWatch:
        """Look no more for an answer; its author may say so, and who may change what the channel gets.

        Raises:
            NotFoundError: it is not open any more, or not theirs to see.
            NotAllowedError: the person may not.
        """
        found = next((each for each in await self.open_watches(actor) if each.id == watch_id), None)
        if found is None:
            raise NotFoundError("That watch is not open any more. `/tapeout watch` lists those that are.")
        if not found.may_end:
            raise NotAllowedError("Only who asked it, and admins, can end that watch.")
        async with self._db.write() as connection:
            row = await watches.end_one(connection, self._clock(), team_id=actor.team_id, watch_id=watch_id)
        if row is not None:
            await self.show_watch(row)
        return found
