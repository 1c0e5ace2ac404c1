"""Queries about feeds: which are due, what a poll found, what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Feed, FeedState, Validators
from bot.secrecy import holds_secret
from bot.store.claims import claim, insert_new, insert_new_all, next_due
from bot.store.tables import article, feed, poll, subscription

#: A poll takes at most half a minute (fetch) and some seconds (parse); a crashed one is taken up again after this.
LEASE = timedelta(minutes=3)

_is_wanted = sa.exists().where(subscription.c.feed_id == feed.c.id, subscription.c.paused_at.is_(None))


def hidden_from(team_id: str) -> sa.Select[int]:
    """Ids of the private feeds that this workspace does not follow; looked up once in a query, as there are few."""
    follows = sa.exists().where(subscription.c.feed_id == feed.c.id, subscription.c.team_id == team_id)
    return sa.select(feed.c.id).where(feed.c.is_private, ~follows)


def as_feed(row: sa.Row[*tuple[Any, ...]]) -> Feed:
    """A row as a `Feed`."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it begins with an underscore
    fields = {name: values[name] for name in Feed.__dataclass_fields__ if name not in {"state", "validators"}}
    return Feed(
        **fields, state=FeedState(values["state"]), validators=Validators(values["etag"], values["last_modified"])
    )


async def add(
    connection: AsyncConnection, *, url: str, title: str, publisher: str, site_url: str | None, now: datetime
) -> Feed:
    """The feed at `url`, made if it is new; due at once."""
    await insert_new(
        connection,
        feed,
        {
            "url": url,
            "title": title,
            "publisher": publisher,
            "site_url": site_url,
            "is_private": holds_secret(url),
            "state": FeedState.NEW,
            "next_poll_at": now,
            "created_at": now,
        },
        key=("url",),
    )
    found = await by_url(connection, url)
    assert found is not None
    return found


async def add_all(connection: AsyncConnection, rows: Sequence[dict[str, Any]], now: datetime) -> dict[str, int]:
    """The ids, by address, of the feeds at these addresses; those that are new are made.

    Args:
        connection: in whose transaction.
        rows: `url`, `title`, `publisher`, `site_url`, `next_poll_at` and `first_limit` of each.
        now: when.
    """
    new = [row | {"is_private": holds_secret(row["url"]), "state": FeedState.NEW, "created_at": now} for row in rows]
    await insert_new_all(connection, feed, new, key=("url",), told=(feed.c.id,))
    urls = [row["url"] for row in rows]
    found = await connection.execute(sa.select(feed.c.url, feed.c.id).where(feed.c.url.in_(urls)))
    return {row.url: row.id for row in found}


async def claim_one(connection: AsyncConnection, feed_id: int, now: datetime) -> Feed | None:
    """A feed, to be polled now although it may not be due; None: it is in somebody's hands."""
    rows = await claim(
        connection, feed, due=feed.c.created_at, now=now, lease=LEASE, limit=1, where=(feed.c.id == feed_id,)
    )
    return as_feed(rows[0]) if rows else None


async def prune_history(connection: AsyncConnection, feed_ids: Sequence[int], before: datetime) -> None:
    """Forget the lines of these feeds' histories that are older than this."""
    if feed_ids:
        await connection.execute(sa.delete(poll).where(poll.c.feed_id.in_(feed_ids), poll.c.at < before))


async def by_url(connection: AsyncConnection, url: str) -> Feed | None:
    """The feed at this address."""
    row = (await connection.execute(sa.select(feed).where(feed.c.url == url))).one_or_none()
    return as_feed(row) if row else None


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Feed, ...]:
    """Feeds to poll now: due, wanted by at least one channel, and in nobody's hands."""
    rows = await claim(
        connection, feed, due=feed.c.next_poll_at, now=now, lease=LEASE, limit=limit, where=(_is_wanted,)
    )
    return tuple(as_feed(row) for row in rows)


async def next_poll(connection: AsyncConnection) -> datetime | None:
    """When the next poll of any wanted feed is due."""
    return await next_due(connection, feed, feed.c.next_poll_at, (_is_wanted,))


async def settle(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what polls found, a row with the feed's `id` and its new columns for each, and let the feeds go."""
    alike: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        values = {"lease_until": None, **row}
        values["feed_id"] = values.pop("id")
        alike[frozenset(values)].append(values)
    for same in alike.values():  # one statement sets the same columns of all its rows
        await connection.execute(sa.update(feed).where(feed.c.id == sa.bindparam("feed_id")), same)


async def release(connection: AsyncConnection, feed_ids: Sequence[int]) -> None:
    """Let feeds go that were claimed and not polled."""
    await connection.execute(sa.update(feed).where(feed.c.id.in_(feed_ids)).values(lease_until=None))


async def record_polls(connection: AsyncConnection, lines: Sequence[dict[str, Any]]) -> None:
    """Keep a line of each feed's history."""
    if lines:
        await connection.execute(sa.insert(poll), lines)


async def recent_item_times(
    connection: AsyncConnection, feed_ids: Sequence[int], limit: int = 20
) -> dict[int, tuple[datetime, ...]]:
    """When each feed's latest articles came out, newest first: the feeds' own rhythms."""
    c = article.c
    when = sa.func.coalesce(c.published_at, c.first_seen_at, type_=c.first_seen_at.type).label("at")
    place = sa.func.row_number().over(partition_by=c.feed_id, order_by=(c.first_seen_at.desc(), c.published_at.desc()))
    latest = sa.select(c.feed_id, when, place.label("place")).where(c.feed_id.in_(feed_ids)).subquery()
    rows = await connection.execute(
        sa.select(latest.c.feed_id, latest.c.at).where(latest.c.place <= limit).order_by(latest.c.at.desc())
    )
    times: defaultdict[int, list[datetime]] = defaultdict(list)
    for feed_id, at in rows:
        times[feed_id].append(at)
    return {feed_id: tuple(found) for feed_id, found in times.items()}


async def relocate(connection: AsyncConnection, feed_id: int, url: str) -> None:
    """A feed is read at another address from now on. One that is private stays so, wherever it goes."""
    changes: dict[str, Any] = {"url": url} | ({"is_private": True} if holds_secret(url) else {})
    await connection.execute(sa.update(feed).where(feed.c.id == feed_id).values(changes))


async def merge(connection: AsyncConnection, *, source_id: int, target_id: int) -> None:
    """A feed moved to where another one is already: its subscriptions go there, nothing is posted again."""
    taken = sa.alias(subscription)
    already = sa.exists().where(
        taken.c.team_id == subscription.c.team_id,
        taken.c.channel_id == subscription.c.channel_id,
        taken.c.feed_id == target_id,
    )
    await connection.execute(sa.delete(subscription).where(subscription.c.feed_id == source_id, already))
    await connection.execute(
        sa.update(subscription).where(subscription.c.feed_id == source_id).values(feed_id=target_id)
    )
    await connection.execute(
        sa.update(feed).where(feed.c.id == source_id).values(next_poll_at=None, lease_until=None, state=FeedState.MOVED)
    )


async def broken(connection: AsyncConnection) -> tuple[Feed, ...]:
    """Feeds that somebody should look at."""
    bad = (FeedState.FAILING, FeedState.BLOCKED, FeedState.GONE, FeedState.NOT_A_FEED)
    rows = await connection.execute(sa.select(feed).where(feed.c.state.in_(bad), _is_wanted).order_by(feed.c.title))
    return tuple(as_feed(row) for row in rows)


async def states(connection: AsyncConnection) -> dict[FeedState, int]:
    """How many of the feeds that somebody follows are in each state."""
    rows = await connection.execute(sa.select(feed.c.state, sa.func.count()).where(_is_wanted).group_by(feed.c.state))
    return {FeedState(state): int(many) for state, many in rows}
