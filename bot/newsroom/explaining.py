"""What a brief rests on, and why something was not posted: every decision was written down with its reason.

```
identity's verdict ─► where its text came from ─► the story it joined, and why ─► each channel: posted, or why not
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFoundError, UserError
from bot.feeds.urls import canonical_url, host_of
from bot.models import (
    Actor,
    Brief,
    Channel,
    ChannelFeeds,
    ChannelTrail,
    DeliveryState,
    Evidence,
    Feed,
    FeedState,
    Relevance,
    Trail,
)
from bot.newsroom.desk import GRACE
from bot.newsroom.privacy import Privacy
from bot.store import articles, channels, deliveries, stories

#: Why an article is in a story that had none before.
BEGAN = "it came first"
_RELEVANCE = TypeAdapter(Relevance)
_Row = sa.Row[tuple[Any, ...]]
#: What a delivery's state means for a reader, where the row itself gives no reason.
_SAID: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "It is waiting for its turn in this channel.",
    DeliveryState.SENDING: "It is being sent at this moment.",
    DeliveryState.SENT: "It is posted.",
    DeliveryState.AMBIGUOUS: "Slack may have it already: the channel's history is looked at before it is sent again.",
    DeliveryState.HELD: "It is held.",
    DeliveryState.FAILED: "Slack does not take it.",
    DeliveryState.GONE: "It was posted, and somebody deleted it.",
    DeliveryState.WITHHELD: "It is withheld.",
    DeliveryState.FOR_DIGEST: "It waits for this channel's next digest.",
    DeliveryState.IN_DIGEST: "It was told in a digest.",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an article has come, and when a channel began to follow its feed."""

    verdict: str
    verdict_reason: str
    stage: str
    first_seen_at: datetime
    story_due_at: datetime | None
    since: datetime | None
    paused: bool


def unwritten(now: Progress) -> str:  # noqa: PLR0911  # a reason a line, the first that applies
    """Why a channel has no row for an article's story."""
    if now.verdict != "new":
        return f"It was not told anywhere. {now.verdict_reason}"
    if now.stage == "read":
        return "Its page is still to be read."
    if now.stage == "join":
        return "It is still to be joined with other articles about the same event."
    if now.since is None:
        return "This channel does not follow its feed any more."
    if now.first_seen_at < now.since - GRACE:
        return f"This channel follows the feed since {_shown(now.since)}; the article was there before."
    if now.paused:
        return "The feed or the channel was paused when the story was told."
    if now.story_due_at is not None:
        return f"Its story waits for other publishers until {_shown(now.story_due_at)}."
    return "Its story was told before this channel followed the feed, or while it was paused."


def _shown(moment: datetime) -> str:
    return f"{moment:%d %b %Y %H:%M} UTC"


def doing(feed: Feed, *, paused: bool, now: datetime) -> str:
    """How a feed is, in a sentence that says what to do; for lists."""
    if paused:
        return "It is paused. Resume it to go on."
    if feed.state is FeedState.NEW:
        due = feed.next_poll_at
        return f"It was not read yet; its turn comes at {_shown(due)}." if due and due > now else "It is read shortly."
    if feed.last_error:
        return feed.last_error
    said = {
        FeedState.FRESH: "It is fine.",
        FeedState.SLOW: "It answers, but very slowly. Nothing needs to be done.",
        FeedState.QUIET: "It answers, but brings nothing new. Look on the site whether it was given up.",
        FeedState.MOVED: f"It is read at {feed.moved_to} now.",
    }.get(feed.state, f"It is {feed.state.value}. Look at its address in a browser.")
    if feed.moved_to is not None and feed.state is not FeedState.MOVED:
        said += f" It redirects to {feed.moved_to}; that is followed if it lasts."
    return said


class Explaining(Privacy):
    """Answers for what became of an article."""

    async def brief_of(self, team_id: str, story_id: int, channel_id: str = "") -> Brief:
        """The newest brief of a story that this workspace was told, in a channel's language and style.

        Raises:
            NotFoundError: there is none.
        """
        async with self._db.read() as connection:
            return await self._brief_of(connection, team_id, story_id, channel_id)

    async def evidence_of(self, team_id: str, story_id: int, channel_id: str = "") -> Evidence:
        """That brief, with why its articles were joined.

        Raises:
            NotFoundError: there is none.
        """
        async with self._db.read() as connection:
            found = await self._brief_of(connection, team_id, story_id, channel_id)
            story = await stories.get(connection, story_id)
        members = sorted(story.articles if story is not None else (), key=lambda one: (one.joined_at, one.article.id))
        joined = {one.article.id: one.reasons for one in members}
        if members:
            joined[members[0].article.id] = (BEGAN,)
        return Evidence(found, joined)

    @staticmethod
    async def _brief_of(connection: AsyncConnection, team_id: str, story_id: int, channel_id: str) -> Brief:
        where = await channels.get(connection, team_id, channel_id)
        found = None
        if where is not None:
            found = await stories.latest_brief(connection, story_id, language=where.language, style=where.style)
        found = found or await stories.latest_brief(connection, story_id)
        if found is None or not await stories.was_told_to(connection, team_id, story_id):
            raise NotFoundError("I don't have that story any more.")
        return found[1]

    async def why(self, team_id: str, url: str, viewer: Actor | None = None) -> tuple[Trail, ...]:
        """What was decided about the article at an address, once for each feed that carries it.

        Only feeds that this workspace follows, or stories that it was told, are shown.

        Args:
            team_id: the workspace.
            url: the article's address.
            viewer: who asks: what only private channels follow that they are not in is as if it were not there.
                None: an operator, who sees all.

        Raises:
            UserError: that is no address.
            NotFoundError: none of the workspace's feeds ever carried it, with what that means.
        """
        wanted = url.strip()
        host = host_of(wanted)
        if not host:
            slash = "/" if viewer is not None else ""
            raise UserError(f"Which article? Give its address: `{slash}tapeout why https://example.com/article`.")
        async with self._db.read() as connection:
            rows = await articles.found_at(connection, team_id, url=wanted, canonical_url=canonical_url(wanted))
            trails = [await self._trail(connection, team_id, row) for row in rows]
            listed = await channels.subscriptions(connection, team_id)
        if viewer is not None:
            seen = await self.visible(viewer, (entry.channel for entry in listed))
            listed = tuple(entry for entry in listed if entry.channel.channel_id in seen)
            trails = [for_viewer for trail in trails if (for_viewer := _seen_by(trail, seen)) is not None]
        if not trails:
            raise _never_seen(listed, host, "tapeout feeds add" if viewer is None else "/tapeout add")
        return tuple(trails)

    async def _trail(self, connection: AsyncConnection, team_id: str, row: _Row) -> Trail:
        posts = {}
        if row.story_id is not None:
            posts = {post.channel_id: post for post in await deliveries.told(connection, team_id, row.story_id)}
        follows = {
            entry.channel_id: entry
            for entry in await channels.followers(connection, row.feed_id)
            if entry.team_id == team_id
        }
        found = []
        for channel_id in dict.fromkeys([*posts, *follows]):
            channel = await channels.get(connection, team_id, channel_id)
            if channel is not None:
                found.append(_in_channel(channel, row, posts.get(channel_id), follows.get(channel_id)))
        return Trail(
            article=articles.as_article(row),
            feed_title=row.feed_title,
            feed_url=row.feed_url,
            verdict=row.verdict,
            verdict_reason=row.reason,
            stage=row.stage,
            story_id=row.story_id,
            story_title=row.story_title,
            join_score=row.score,
            join_reasons=tuple(row.reasons or ()),
            wire_of=row.wire_of,
            channels=tuple(found),
        )


def _in_channel(channel: Channel, row: _Row, post: _Row | None, follows: _Row | None) -> ChannelTrail:
    if post is None:
        progress = Progress(
            verdict=row.verdict,
            verdict_reason=row.reason,
            stage=row.stage,
            first_seen_at=row.first_seen_at,
            story_due_at=row.story_due_at,
            since=follows.since if follows is not None else None,
            paused=channel.paused_at is not None or (follows is not None and follows.paused_at is not None),
        )
        return ChannelTrail(channel, None, unwritten(progress), channel.threshold)
    state = DeliveryState(post.state)
    relevance = _RELEVANCE.validate_json(post.relevance) if post.relevance else None
    reason = post.reason or _SAID[state]
    return ChannelTrail(channel, state, reason, channel.threshold, relevance, post.ts, post.sent_at)


def _seen_by(trail: Trail, seen: frozenset[str]) -> Trail | None:
    """A trail with those of its channels that somebody may see; None: it has others alone."""
    shown = tuple(each for each in trail.channels if each.channel.channel_id in seen)
    return replace(trail, channels=shown) if shown or not trail.channels else None


def _never_seen(listed: Sequence[ChannelFeeds], host: str, how: str) -> NotFoundError:
    near = dict.fromkeys(
        item.feed.title
        for entry in listed
        for item in entry.subscriptions
        if host in {host_of(item.feed.url), host_of(item.feed.site_url or "")}
    )
    if near:
        return NotFoundError(
            f"No feed has brought that address. Feeds of that site here: {', '.join(near)}. An article that was "
            "never in its feed, or left it between two readings, is not known."
        )
    return NotFoundError(f"No feed of {host} is followed here. `{how} {host}` finds its feed.")
