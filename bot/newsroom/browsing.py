"""What the web view reads: the archive, a story with all of its sources, how the feeds are. It changes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from bot.errors import NotFoundError, UserError
from bot.models import Actor, FeedDay, FeedView, Pass, StoryLine, StoryView
from bot.newsroom import passes
from bot.newsroom.managing import Managing
from bot.store import articles, passages, stories, viewing

#: Stories on a page.
PAGE = 25
#: Days of a feed's history that are shown: as many as are kept.
DAYS = 30
#: Passages that a search looks at; several of one story count as one.
_PASSAGES = 80
_EXCERPT = 320
_KEY = "web_view_key"


class Browsing(Managing):
    """Read-only views of what is in the store."""

    #: Where the web view is, without a slash at its end; None: it has no address that people could open.
    web_url: str | None = None

    async def web_link(self, actor: Actor, to: str = "/") -> tuple[str, timedelta]:
        """A link into the web view for this person, and for how long it is good.

        Args:
            actor: who will open it.
            to: the page, as a path.

        Raises:
            UserError: the web view has no address here.
        """
        if self.web_url is None:
            raise UserError("The web view has no address yet: whoever runs this bot sets TAPEOUT_PUBLIC_URL.")
        given = await self.view_pass(actor)
        return f"{self.web_url}/enter?{urlencode({'pass': given, 'to': to})}", passes.LINK_LIFE

    async def view_key(self) -> bytes:
        """The key that signs passes: made once, the same in every process of this store."""
        async with self._db.read() as connection:
            known = await articles.recall(connection, _KEY)
        if known is not None:
            return known
        async with self._db.write() as connection:
            return await articles.recall_or(connection, _KEY, secrets.token_bytes(passes.KEY_BYTES), self._clock())

    async def view_pass(self, actor: Actor) -> str:
        """A pass for a link, good for ten minutes."""
        made = Pass(actor.team_id, actor.user_id, self._clock() + passes.LINK_LIFE, "link")
        return passes.sign(await self.view_key(), made)

    async def enter_view(self, text: str) -> tuple[str, Pass]:
        """A visit's pass, as text and as such, for a link's.

        Raises:
            NotAllowedError: the link is not ours, or has expired.
        """
        key = await self.view_key()
        given = passes.read(key, text, use="link", now=self._clock())
        visit = replace(given, until=self._clock() + passes.VISIT_LIFE, use="visit")
        return passes.sign(key, visit), visit

    async def view_visit(self, text: str) -> Actor:
        """Who looks, by a visit's pass. Whoever they are in Slack, here they can only read.

        Raises:
            NotAllowedError: it is not ours, or has expired.
        """
        visit = passes.read(await self.view_key(), text, use="visit", now=self._clock())
        return Actor(visit.team_id, visit.user_id, is_admin=False)

    async def view_latest(self, actor: Actor, before: datetime | None = None) -> tuple[StoryLine, ...]:
        """The last changed stories, a page of them."""
        async with self._db.read() as connection:
            return await viewing.latest(connection, actor.team_id, PAGE, before=before)

    async def view_search(self, actor: Actor, words: str) -> tuple[StoryLine, ...]:
        """Stories with a passage that holds the words, best first, each with its best passage."""
        async with self._db.read() as connection:
            found = await passages.search(connection, words.split(), team_id=actor.team_id, limit=_PASSAGES)
            by_article = await viewing.stories_of(connection, {one.article_id for one in found})
            best: dict[int, str] = {}
            for one in found:
                if (story_id := by_article.get(one.article_id)) is not None:
                    best.setdefault(story_id, one.text)
            lines = await viewing.named(connection, actor.team_id, list(best)[:PAGE])
        return tuple(replace(line, excerpt=_clipped(best[line.id])) for line in lines)

    async def view_story(self, actor: Actor, story_id: int) -> StoryView:
        """A story with its latest brief.

        Raises:
            NotFoundError: there is none, or none that this workspace may find.
        """
        async with self._db.read() as connection:
            if not await viewing.named(connection, actor.team_id, (story_id,)):
                raise NotFoundError("There is no such story.")
            found = await stories.get(connection, story_id)
            written = await stories.latest_brief(connection, story_id)
        if found is None or not found.articles:
            raise NotFoundError("There is no such story.")
        return StoryView(found, written[1] if written else None)

    async def view_feeds(self, actor: Actor) -> tuple[FeedView, ...]:
        """The feeds of the channels that this person may see, with their last days."""
        listed = await self.list_feeds(actor, None)
        names: dict[int, list[str]] = {}
        known = {}
        for channel in listed:
            for item in channel.subscriptions:
                known[item.feed.id] = item.feed
                names.setdefault(item.feed.id, []).append(channel.channel.name)
        days = await self.last_days(known)
        return tuple(
            FeedView(feed, tuple(sorted(names[feed.id])), days[feed.id])
            for feed in sorted(known.values(), key=lambda feed: feed.title.casefold())
        )

    async def last_days(self, feed_ids: Collection[int]) -> dict[int, tuple[FeedDay, ...]]:
        """The last days of feeds, today's the last, also those on which nothing was asked."""
        today = self._clock().astimezone(UTC).date()
        since = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), UTC)
        async with self._db.read() as connection:
            days = await viewing.days(connection, feed_ids, since)
        return {feed_id: _all_days(days.get(feed_id, ()), since.date()) for feed_id in feed_ids}


def _all_days(found: tuple[FeedDay, ...], first: date) -> tuple[FeedDay, ...]:
    """Every day of the span, also those on which nothing was asked."""
    by_day = {one.day: one for one in found}
    wanted = (first + timedelta(days=number) for number in range(DAYS))
    return tuple(by_day.get(day, FeedDay(day, 0, 0, 0)) for day in wanted)


def _clipped(text: str) -> str:
    """As much of a passage as a list has room for, up to a word's end."""
    if len(text) <= _EXCERPT:
        return text
    return text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
