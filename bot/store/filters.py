"""Queries about the filters of subscriptions. Each names the team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import FeedFilter
from bot.store.tables import feed, feed_filter, subscription


async def of_channel(connection: AsyncConnection, team_id: str, channel_id: str) -> tuple[FeedFilter, ...]:
    """A channel's filters, in the order they came; `understood` is empty."""
    return (await of_channels(connection, team_id, (channel_id,))).get(channel_id, ())


async def of_channels(
    connection: AsyncConnection, team_id: str, channel_ids: Collection[str]
) -> dict[str, tuple[FeedFilter, ...]]:
    """The filters of each of a workspace's channels; those without any are left out."""
    c = feed_filter.c
    rows = await connection.execute(
        sa.select(c.id, c.channel_id, c.subscription_id, c.text, feed.c.title)
        .outerjoin(subscription, subscription.c.id == c.subscription_id)
        .outerjoin(feed, feed.c.id == subscription.c.feed_id)
        .where(c.team_id == team_id, c.channel_id.in_(channel_ids))
        .order_by(c.id)
    )
    found: defaultdict[str, list[FeedFilter]] = defaultdict(list)
    for row in rows:
        found[row.channel_id].append(FeedFilter(row.id, row.subscription_id, row.title or "", row.text))
    return {channel_id: tuple(known) for channel_id, known in found.items()}


async def followed(
    connection: AsyncConnection, team_id: str, channel_id: str, feed_ids: Sequence[int]
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(feed_id, subscription_id, since) of a channel's subscriptions to these feeds that are not paused."""
    c = subscription.c
    rows = await connection.execute(
        sa.select(c.feed_id, c.id.label("subscription_id"), c.created_at.label("since")).where(
            c.team_id == team_id, c.channel_id == channel_id, c.feed_id.in_(feed_ids), c.paused_at.is_(None)
        )
    )
    return rows.all()


async def add(
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    subscription_id: int | None,
    text: str,
    created_by: str,
    now: datetime,
) -> int:
    """Keep a filter; its id."""
    made = await connection.execute(
        sa.insert(feed_filter)
        .values(
            team_id=team_id,
            channel_id=channel_id,
            subscription_id=subscription_id,
            text=text,
            created_by=created_by,
            created_at=now,
        )
        .returning(feed_filter.c.id)
    )
    return int(made.scalar_one())


async def remove(connection: AsyncConnection, team_id: str, channel_id: str, filter_id: int) -> None:
    """Forget a filter."""
    c = feed_filter.c
    await connection.execute(
        sa.delete(feed_filter).where(c.team_id == team_id, c.channel_id == channel_id, c.id == filter_id)
    )
