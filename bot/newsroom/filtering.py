"""Which articles of a feed count in a channel: its filters. Admins change them, all may look.

```
story ─► its articles that the channel follows ─► each asked by the filters of its feed and of the channel
           └─► one passes all of them: the story counts here · none does: withheld, with the filter that decided
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import ChannelFilters, FeedFilter, FilterAdded
from bot.errors import NotFoundError, UserError
from bot.models import Actor, Article, Channel, Story, StoryArticle, Subscription
from bot.newsroom.desk import GRACE, no_feeds, require_admin
from bot.newsroom.ranking import Looked, Ranking
from bot.store import articles, channels, filters
from bot.stories import rules
from bot.stories.rules import Rule

#: A new filter is tried on so many of the newest articles, some milliseconds each.
TRIED_ON = 30
#: A list that a person can still read, and that fits into one message with its buttons.
FILTERS_MOST = 40


class Filtering(Ranking):
    """The admins' verbs for filters, and what filters make of a story."""

    async def filters(self, actor: Actor, channel_id: str) -> ChannelFilters:
        """A channel's filters, with its feeds.

        Raises:
            NotFoundError: nothing is set up in that channel.
        """
        async with self._db.read() as connection:
            listed = await channels.subscriptions(connection, actor.team_id, channel_id)
            if not listed:
                raise no_feeds()
            found = await filters.of_channel(connection, actor.team_id, channel_id)
        return ChannelFilters(listed[0].channel, tuple(map(understood, found)), listed[0].subscriptions)

    async def add_filter(self, actor: Actor, channel_id: str, subscription_id: int | None, text: str) -> FilterAdded:
        """Let only those articles of a feed count that pass a rule.

        Args:
            actor: who.
            channel_id: where.
            subscription_id: which feed's; None: all of the channel's.
            text: the rule; see `bot.stories.rules`.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: that feed is not in this channel.
            UserError: the rule cannot be understood, or there are too many.
        """
        require_admin(actor, channel_id)
        rule = rules.parse(text)
        known = await self.filters(actor, channel_id)
        of = _subscription(known, subscription_id)
        feed = of.feed.title if of is not None else ""
        same = (
            each for each in known.filters if each.subscription_id == subscription_id and _same(each.text, rule.text)
        )
        there = next(same, None)
        chosen = (of,) if of is not None else known.subscriptions
        tried = await self._tried_with(rule, tuple(each.feed.id for each in chosen))
        kept_out = tuple(article.title for article, passed in tried if not passed)
        if there is not None:
            return FilterAdded(known.channel, there, kept_out, len(tried), existed=True)
        if len(known.filters) >= FILTERS_MOST:
            raise UserError(f"{FILTERS_MOST} filters are the most for a channel. Remove one first, or join some by OR.")
        async with self._db.write() as connection:
            number = await filters.add(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                subscription_id=subscription_id,
                text=rule.text,
                created_by=actor.user_id,
                now=self._clock(),
            )
            detail = {"filter": rule.text, "feed": of.feed.url if of is not None else None, "title": feed}
            await self._record(connection, actor, "filter", channel_id, detail)
        made = FeedFilter(number, subscription_id, feed, rule.text, str(rule))
        return FilterAdded(known.channel, made, kept_out, len(tried))

    async def remove_filter(self, actor: Actor, channel_id: str, which: str) -> FeedFilter:
        """Forget a filter: by its number in the list, "#id", or its text.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches `which`, or several do.
        """
        require_admin(actor, channel_id)
        known = await self.filters(actor, channel_id)
        chosen = _meant(known.filters, which)
        urls = {each.id: each.feed.url for each in known.subscriptions}
        async with self._db.write() as connection:
            await filters.remove(connection, actor.team_id, channel_id, chosen.id)
            url = urls.get(chosen.subscription_id) if chosen.subscription_id is not None else None
            detail = {"filter": chosen.text, "feed": url, "title": chosen.feed}
            await self._record(connection, actor, "unfilter", channel_id, detail)
        return chosen

    async def kept_out(self, connection: AsyncConnection, looked: Looked, channel: Channel) -> str | None:
        """Why a channel's filters keep a story out, a sentence; None: one of its articles passes all of them."""
        known = await filters.of_channel(connection, channel.team_id, channel.channel_id)
        return await self.kept_out_by(connection, looked, channel, known)

    async def kept_out_by(
        self, connection: AsyncConnection, looked: Looked, channel: Channel, filters_: Sequence[FeedFilter]
    ) -> str | None:
        """As `kept_out`, with the channel's filters at hand."""
        known = [(each, rule) for each in filters_ if (rule := _rule(each)) is not None]
        if not known:
            return None
        story = looked.story
        rows = await filters.followed(
            connection,
            channel.team_id,
            channel.channel_id,
            list({member.article.feed_id for member in story.articles}),
        )
        of_feed = {row.feed_id: row for row in rows}
        said: str | None = None
        for member in story.articles:
            follows = of_feed.get(member.article.feed_id)
            seen = member.article.first_seen_at or story.created_at
            if follows is None or seen < follows.since - GRACE:
                continue
            asked = [pair for pair in known if pair[0].subscription_id in {None, follows.subscription_id}]
            stopped = self._stopped(looked, member, asked)
            if stopped is None:
                return None
            said = said or stopped
        return said

    async def kept_out_everywhere(self, connection: AsyncConnection, looked: Looked, channel: Channel) -> str | None:
        """As `kept_out`, for a story of a feed that the channel does not follow yet: only filters for every feed."""
        found = await filters.of_channel(connection, channel.team_id, channel.channel_id)
        asked = [(each, rule) for each in found if each.subscription_id is None and (rule := _rule(each)) is not None]
        return self._stopped(looked, looked.story.articles[0], asked)

    def _stopped(self, looked: Looked, member: StoryArticle, asked: Sequence[tuple[FeedFilter, Rule]]) -> str | None:
        """What the first filter says that an article does not pass; None: it passes all of them."""
        for each, rule in asked:
            if not rule.passes(looked.alone(member), self.profile):
                whose = f" on “{each.feed}”" if each.feed else ", for every feed of this channel,"
                return f"The filter `{each.text}`{whose} keeps it out: it lets {rule} pass."
        return None

    async def _tried_with(self, rule: Rule, feed_ids: tuple[int, ...]) -> tuple[tuple[Article, bool], ...]:
        """The newest articles of these feeds, each with whether it passes."""
        async with self._db.read() as connection:
            found = await articles.newest(connection, feed_ids, TRIED_ON)
        return await asyncio.to_thread(self._passing, rule, found)

    def _passing(self, rule: Rule, found: Sequence[Article]) -> tuple[tuple[Article, bool], ...]:
        now = self._clock()
        passed = []
        for article in found:
            member = StoryArticle(article, 1.0, (), now)
            story = Story(0, article.title, (member,), now, now)
            passed.append((article, rule.passes(self.read_story(story), self.profile)))
        return tuple(passed)


def understood(each: FeedFilter) -> FeedFilter:
    """A filter with the way it is understood."""
    rule = _rule(each)
    return replace(each, understood=str(rule) if rule is not None else "")


def _rule(each: FeedFilter) -> Rule | None:
    """What a filter asks; None: an older edition understood it, this one does not."""
    try:
        return rules.parse(each.text)
    except UserError:
        return None


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _subscription(known: ChannelFilters, subscription_id: int | None) -> Subscription | None:
    if subscription_id is None:
        return None
    for each in known.subscriptions:
        if each.id == subscription_id:
            return each
    raise NotFoundError("That feed is no longer in this channel. `/tapeout list` shows those that are.")


def _meant(known: Sequence[FeedFilter], which: str) -> FeedFilter:
    wanted = which.strip()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(known):
        return known[int(wanted) - 1]
    if wanted.startswith("#") and wanted[1:].isdecimal():
        matches = [each for each in known if each.id == int(wanted[1:])]
    else:
        matches = [each for each in known if wanted and _same(wanted, each.text)]
        matches = matches or [each for each in known if wanted and wanted.casefold() in each.text.casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NotFoundError(f"Several filters match “{wanted}”. Use the number from `/tapeout filter`.")
    raise NotFoundError(f"No filter here matches “{wanted}”. `/tapeout filter` shows them with their numbers.")
