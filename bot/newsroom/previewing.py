"""What a feed would have brought to a channel, before anybody adds it; and packs, which bring many feeds at once.

```
address ─► its feeds ─► the best one's newest items ─► each by itself: read, ranked, filtered, briefed ─► shown to one
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import UserError
from bot.feeds.discover import Candidate, discover
from bot.feeds.items import ParsedItem
from bot.feeds.packs import Pack, pack_named, packs
from bot.feeds.urls import canonical_url
from bot.models import Actor, Article, Brief, Channel, Imported, Preview, PreviewItem, Story, StoryArticle
from bot.newsroom.desk import DEFAULT_THRESHOLD, require_admin
from bot.newsroom.filtering import Filtering
from bot.newsroom.importing import Importing, first_limit
from bot.newsroom.ranking import Looked
from bot.store import channels
from bot.stories import choosing, standing
from bot.stories import facts as story_facts
from bot.writing import extract

#: Items that are shown; as many as a new feed's first poll tells.
PREVIEWED = 5


class Previewing(Importing, Filtering):
    """Looks before anything is changed."""

    async def preview(self, actor: Actor, channel_id: str, channel_name: str, address: str) -> Preview:
        """Find the feed at an address and judge its newest items as this channel would have; nothing is kept.

        Briefs are made of what the feed itself carries; once it is added, whole pages are read.

        Raises:
            NotAllowedError: the person may not add feeds here, so there is nothing to look at.
            UserError, FetchError: there is no feed, with what to do.
        """
        require_admin(actor, channel_id)
        if not address.strip():
            raise UserError("Which feed? Give the address of a site or a feed: `/tapeout preview example.com`.")
        found = await discover(self._r.fetcher, self._r.pool, address.strip())
        if len(found) > 1:
            return Preview("", "", choices=tuple((item.url, item.title, item.latest) for item in found))
        async with self._db.read() as connection:
            known = await channels.get(connection, actor.team_id, channel_id)
            listed = await channels.subscriptions(connection, actor.team_id, channel_id)
        channel = known or Channel(actor.team_id, channel_id, channel_name, threshold=DEFAULT_THRESHOLD)
        has_it = any(each.feed.url == found[0].url for entry in listed for each in entry.subscriptions)
        items = [await self._previewed(found[0], item, channel) for item in _newest(found[0].parsed.items)]
        return Preview(found[0].url, found[0].title, tuple(items), is_there=has_it)

    async def _previewed(self, found: Candidate, item: ParsedItem, channel: Channel) -> PreviewItem:
        now = self._clock()
        article = _article(found, item, now)
        story = Story(0, article.title, (StoryArticle(article, 1.0, (), now),), now, now)
        looked = Looked(self, story)
        async with self._db.read() as connection:
            ranked = await self.rank_for(connection, looked, channel)
            held = ranked.held or choosing.below(ranked, channel)
            held = held or await self.kept_out_everywhere(connection, looked, channel)
        brief = await asyncio.to_thread(_brief, story, channel) if held is None else None
        return PreviewItem(article.title, article.url, item.published_at, brief, held, ranked)

    async def packs(self) -> tuple[Pack, ...]:
        """What ships."""
        return await asyncio.to_thread(packs)

    async def add_pack(self, actor: Actor, channel_id: str, channel_name: str, name: str) -> tuple[Pack, Imported]:
        """Put all feeds of a pack into a channel. Nothing is fetched here; each is read in its turn.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: there is no such pack, with those that there are.
            UserError: the bot cannot enter the channel.
        """
        require_admin(actor, channel_id)
        pack = await asyncio.to_thread(pack_named, name)
        limit = first_limit(len(pack.entries), self._r.pace.first_poll_limit)
        done = await self.put_entries(
            actor, channel_id, channel_name, pack.entries, limit=limit, action="add pack", detail={"pack": pack.name}
        )
        return pack, done


def _newest(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """The newest items; a feed without dates has them first."""
    return sorted(items, key=lambda item: -item.published_at.timestamp() if item.published_at else 0.0)[:PREVIEWED]


def _article(found: Candidate, item: ParsedItem, now: datetime) -> Article:
    url = item.url or found.url
    return Article(
        id=0,
        feed_id=0,
        identity=canonical_url(url),
        url=url,
        title=item.title or "Untitled",
        publisher=found.publisher,
        text=max(item.content, item.summary, key=len),
        summary=item.summary,
        authors=item.authors,
        categories=item.categories,
        language=item.language or found.parsed.language,
        published_at=item.published_at,
        first_seen_at=now,
    )


def _brief(story: Story, channel: Channel) -> Brief:
    found = {member.article.id: story_facts.extract(member.article) for member in story.articles}
    written = extract.write(story, standing.standings(story, found), style=channel.style, language=channel.language)
    return replace(written, unknown=())
