"""Queries about workspaces, channels and their subscriptions. Each names the team."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Channel, ChannelFeeds, Subscription
from bot.store.claims import insert_new, insert_new_all, upsert
from bot.store.feeds import as_feed
from bot.store.tables import audit, channel, feed, subscription, team
from bot.store.teams import at_rest


def as_channel(row: sa.Row[*tuple[Any, ...]]) -> Channel:
    """A row as a `Channel`."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it begins with an underscore
    return Channel(**{name: values[name] for name in Channel.__dataclass_fields__})


async def add_team(
    connection: AsyncConnection,
    *,
    team_id: str,
    name: str,
    bot_user_id: str,
    now: datetime,
    enterprise_id: str | None = None,
) -> None:
    """A workspace that the bot is in; one that had gone is back, and is not deleted."""
    values = {
        "id": team_id,
        "name": name,
        "bot_user_id": bot_user_id,
        "enterprise_id": enterprise_id,
        "state": "active",
        "state_since": now,
        "delete_at": None,
        "created_at": now,
    }
    update = ("name", "bot_user_id", "enterprise_id", "state", "delete_at")
    await upsert(connection, team, values, key=("id",), update=update)


async def add_channel(
    connection: AsyncConnection, *, team_id: str, channel_id: str, name: str, threshold: float, now: datetime
) -> bool:
    """A channel that gets posts. True: it is new here."""
    found = await get(connection, team_id, channel_id)
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "name": name,
        "threshold": threshold,
        "created_at": now,
        "state": "active",
    }
    await upsert(connection, channel, values, key=("team_id", "channel_id"), update=("name", "state"))
    return found is None


async def add_direct(connection: AsyncConnection, *, team_id: str, user_id: str, now: datetime) -> None:
    """Somebody's direct messages, as a place for notices; it is no channel to subscribe or to list."""
    values = {
        "team_id": team_id,
        "channel_id": user_id,
        "name": "direct messages",
        "kind": "direct",
        "threshold": 1.0,
        "created_at": now,
    }
    await upsert(connection, channel, values, key=("team_id", "channel_id"), update=())


async def get(connection: AsyncConnection, team_id: str, channel_id: str) -> Channel | None:
    """A channel of this workspace."""
    row = (
        await connection.execute(
            sa.select(channel).where(channel.c.team_id == team_id, channel.c.channel_id == channel_id)
        )
    ).one_or_none()
    return as_channel(row) if row else None


async def set_state(
    connection: AsyncConnection, team_id: str, channel_id: str, state: str | None, name: str | None
) -> None:
    """Keep that a channel was archived, shared or left, or has another name; None: as it was."""
    values = {key: value for key, value in (("state", state), ("name", name)) if value}
    await connection.execute(
        sa.update(channel).where(channel.c.team_id == team_id, channel.c.channel_id == channel_id).values(values)
    )


async def subscribe(
    connection: AsyncConnection, *, team_id: str, channel_id: str, feed_id: int, created_by: str, now: datetime
) -> bool:
    """Put a feed into a channel. False: it was there already."""
    made = await insert_new(
        connection,
        subscription,
        {
            "team_id": team_id,
            "channel_id": channel_id,
            "feed_id": feed_id,
            "created_by": created_by,
            "created_at": now,
        },
        key=("team_id", "channel_id", "feed_id"),
    )
    return made is not None


async def unsubscribe(connection: AsyncConnection, team_id: str, subscription_id: int) -> None:
    """Take a feed out of a channel; what was read from it stays in the archive."""
    await connection.execute(
        sa.delete(subscription).where(subscription.c.team_id == team_id, subscription.c.id == subscription_id)
    )


async def set_paused(
    connection: AsyncConnection, team_id: str, subscription_ids: tuple[int, ...], paused_at: datetime | None
) -> None:
    """Pause subscriptions, or resume them with None."""
    await connection.execute(
        sa.update(subscription)
        .where(subscription.c.team_id == team_id, subscription.c.id.in_(subscription_ids))
        .values(paused_at=paused_at)
    )


async def pause_channel(connection: AsyncConnection, team_id: str, channel_id: str, paused_at: datetime | None) -> None:
    """Pause a whole channel, or resume it with None."""
    await connection.execute(
        sa.update(channel)
        .where(channel.c.team_id == team_id, channel.c.channel_id == channel_id)
        .values(paused_at=paused_at)
    )


async def subscriptions(
    connection: AsyncConnection, team_id: str, channel_id: str | None = None
) -> tuple[ChannelFeeds, ...]:
    """The workspace's channels (or one of them), each with its subscriptions in the order they were made."""
    heads = (
        sa.select(channel)
        .where(channel.c.team_id == team_id, channel.c.kind == "channel")
        .order_by(channel.c.name, channel.c.channel_id)
    )
    if channel_id is not None:
        heads = heads.where(channel.c.channel_id == channel_id)
    channels = {row.channel_id: as_channel(row) for row in await connection.execute(heads)}
    rows = await connection.execute(
        sa.select(
            feed,
            subscription.c.id.label("subscription_id"),
            subscription.c.channel_id,
            subscription.c.created_by,
            subscription.c.created_at.label("subscribed_at"),
            subscription.c.paused_at,
        )
        .join(subscription, subscription.c.feed_id == feed.c.id)
        .where(subscription.c.team_id == team_id, subscription.c.channel_id.in_(list(channels)))
        .order_by(subscription.c.id)
    )
    grouped: dict[str, list[Subscription]] = {key: [] for key in channels}
    for row in rows:
        grouped[row.channel_id].append(
            Subscription(
                id=row.subscription_id,
                channel=channels[row.channel_id],
                feed=as_feed(row),
                created_by=row.created_by,
                created_at=row.subscribed_at,
                paused_at=row.paused_at,
            )
        )
    return tuple(ChannelFeeds(channel=channels[key], subscriptions=tuple(items)) for key, items in grouped.items())


async def wanting(
    connection: AsyncConnection, feed_ids: Collection[int]
) -> tuple[tuple[Channel, Mapping[int, datetime]], ...]:
    """The channels of all workspaces that follow any of these feeds now: which, and each since when."""
    c = subscription.c
    rows = await connection.execute(
        sa.select(channel, c.feed_id.label("follows"), c.created_at.label("since"))
        .join(subscription, sa.and_(c.team_id == channel.c.team_id, c.channel_id == channel.c.channel_id))
        .where(
            c.feed_id.in_(feed_ids),
            c.paused_at.is_(None),
            channel.c.paused_at.is_(None),
            channel.c.state == "active",
            ~at_rest(channel.c.team_id),
        )
        .order_by(channel.c.team_id, channel.c.channel_id)
    )
    found: dict[tuple[str, str], tuple[Channel, dict[int, datetime]]] = {}
    for row in rows:
        where = (row.team_id, row.channel_id)
        if where not in found:
            found[where] = (as_channel(row), {})
        found[where][1][row.follows] = row.since
    return tuple(found.values())


async def followers(connection: AsyncConnection, feed_id: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Who follows a feed in all workspaces, paused or not.

    Rows of (team_id, bot_user_id, channel_id, channel_name, created_by, since, paused_at).
    """
    rows = await connection.execute(
        sa.select(
            subscription.c.team_id,
            team.c.bot_user_id,
            subscription.c.channel_id,
            channel.c.name.label("channel_name"),
            subscription.c.created_by,
            subscription.c.created_at.label("since"),
            subscription.c.paused_at,
        )
        .join(team, team.c.id == subscription.c.team_id)
        .join(
            channel,
            sa.and_(channel.c.team_id == subscription.c.team_id, channel.c.channel_id == subscription.c.channel_id),
        )
        .where(subscription.c.feed_id == feed_id)
        .order_by(subscription.c.id)
    )
    return rows.all()


async def by_name(connection: AsyncConnection, team_id: str, name: str) -> Channel | None:
    """The channel with this name, without "#"; the newest, where a name was used again."""
    row = (
        await connection.execute(
            sa.select(channel)
            .where(channel.c.team_id == team_id, channel.c.name == name, channel.c.kind == "channel")
            .order_by(channel.c.created_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return as_channel(row) if row else None


async def subscribe_all(
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    feed_ids: Sequence[int],
    created_by: str,
    now: datetime,
) -> frozenset[int]:
    """Put feeds into a channel; the ids of those that it did not have."""
    rows = [
        {
            "team_id": team_id,
            "channel_id": channel_id,
            "feed_id": feed_id,
            "created_by": created_by,
            "created_at": now,
        }
        for feed_id in feed_ids
    ]
    made = await insert_new_all(
        connection, subscription, rows, key=("team_id", "channel_id", "feed_id"), told=(subscription.c.feed_id,)
    )
    return frozenset(row.feed_id for row in made)


async def teams(connection: AsyncConnection) -> tuple[str, ...]:
    """Ids of all workspaces."""
    return tuple((await connection.execute(sa.select(team.c.id).order_by(team.c.id))).scalars())


async def is_known(connection: AsyncConnection, team_id: str) -> bool:
    """Whether there is such a workspace."""
    return (await connection.execute(sa.select(team.c.id).where(team.c.id == team_id))).first() is not None


async def has_any(connection: AsyncConnection, team_id: str) -> bool:
    """Whether the workspace has any subscription."""
    found = await connection.execute(sa.select(subscription.c.id).where(subscription.c.team_id == team_id).limit(1))
    return found.first() is not None


async def record(
    connection: AsyncConnection,
    *,
    team_id: str,
    actor: str,
    action: str,
    channel_id: str | None,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep who changed what."""
    await connection.execute(
        sa.insert(audit).values(
            team_id=team_id, actor=actor, action=action, channel_id=channel_id, detail=dict(detail), at=now
        )
    )
