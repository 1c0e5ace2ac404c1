"""Queries about workspaces as a whole: how each stands, what is kept of it, and its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import (
    article,
    channel,
    feed,
    feedback,
    installation,
    lane,
    metadata,
    question,
    story,
    story_article,
    subscription,
    team,
    watch,
)

#: `active`; `revoked`: Slack does not take our token any more; `uninstalled`: the app was removed.
State = Literal["active", "revoked", "uninstalled"]
#: What is never handed out, not even to the workspace itself.
_SECRET = {"installation": {"token", "refresh_token"}}


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A workspace in the operator's list.

    Attributes:
        token_until: when its token runs out, where tokens are exchanged.
        trouble: why its token could not be exchanged.
        delete_at: when all that is kept of it will be deleted.
    """

    id: str
    name: str
    state: str
    state_since: datetime | None
    enterprise_id: str | None
    channels: int
    feeds: int
    token_until: datetime | None
    trouble: str | None
    delete_at: datetime | None


def at_rest(team_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a workspace's work waits: its token is refused, or the app was removed."""
    return sa.exists().where(team.c.id == team_id, team.c.state != "active")


async def listed(connection: AsyncConnection) -> tuple[TeamLine, ...]:
    """Every workspace, by name."""
    channels = sa.select(sa.func.count()).where(channel.c.team_id == team.c.id, channel.c.kind == "channel")
    feeds = sa.select(sa.func.count(subscription.c.feed_id.distinct())).where(subscription.c.team_id == team.c.id)
    own = installation.c.team_id == team.c.id
    rows = await connection.execute(
        sa.select(
            team,
            channels.scalar_subquery().label("channels"),
            feeds.scalar_subquery().label("feeds"),
            installation.c.expires_at.label("token_until"),
            installation.c.trouble,
        )
        .outerjoin(installation, sa.or_(own, installation.c.team_id == team.c.enterprise_id))
        .order_by(team.c.name, team.c.id)
    )
    found = {row.id: row for row in rows}
    return tuple(TeamLine(**{name: getattr(row, name) for name in TeamLine.__slots__}) for row in found.values())


async def leave(connection: AsyncConnection, team_id: str, state: State, *, now: datetime, delete_at: datetime) -> None:
    """A workspace (or all that came with this organisation's installation) has no token any more."""
    await connection.execute(
        sa.update(team)
        .where(sa.or_(team.c.id == team_id, team.c.enterprise_id == team_id))
        .values(state=state, state_since=now, delete_at=delete_at)
    )


async def rest(connection: AsyncConnection, team_id: str, *, now: datetime, delete_at: datetime) -> None:
    """Our token is refused: unless it is gone already, a workspace waits to be installed again."""
    await connection.execute(
        sa.update(team)
        .where(sa.or_(team.c.id == team_id, team.c.enterprise_id == team_id), team.c.state == "active")
        .values(state="revoked", state_since=now, delete_at=delete_at)
    )


async def come_back(connection: AsyncConnection, enterprise_id: str, now: datetime) -> None:
    """An organisation has installed the app again: its workspaces go on."""
    await connection.execute(
        sa.update(team)
        .where(team.c.enterprise_id == enterprise_id)
        .values(state="active", state_since=now, delete_at=None)
    )


async def next_deletion(connection: AsyncConnection) -> datetime | None:
    """When the next workspace is to be deleted."""
    found: datetime | None = (
        await connection.execute(sa.select(sa.func.min(team.c.delete_at, type_=team.c.delete_at.type)))
    ).scalar_one_or_none()
    return found


async def due(connection: AsyncConnection, now: datetime) -> str | None:
    """A workspace that is to be deleted now, held until the transaction ends: it cannot come back meanwhile."""
    held = sa.select(team.c.id).where(team.c.delete_at <= now).order_by(team.c.delete_at).limit(1)
    found: str | None = (await connection.execute(held.with_for_update(skip_locked=True))).scalar_one_or_none()
    return found


async def remove(connection: AsyncConnection, team_id: str) -> None:
    """Delete a workspace with everything that is its own, in whatever tables there are."""
    for table in reversed(metadata.sorted_tables):
        if "team_id" in table.c:
            await connection.execute(sa.delete(table).where(table.c.team_id == team_id))
    await connection.execute(sa.delete(lane).where(sa.or_(lane.c.id == team_id, lane.c.id.startswith(f"{team_id}:"))))
    await connection.execute(sa.delete(team).where(team.c.id == team_id))


async def private_feeds(connection: AsyncConnection, team_id: str) -> tuple[int, ...]:
    """The private feeds that a workspace follows."""
    follows = sa.exists().where(subscription.c.feed_id == feed.c.id, subscription.c.team_id == team_id)
    return tuple((await connection.execute(sa.select(feed.c.id).where(feed.c.is_private, follows))).scalars())


async def remove_orphans(connection: AsyncConnection, *, unread_since: datetime, of: Collection[int] = ()) -> int:
    """Delete private feeds that nobody follows any more, with their articles and stories; how many feeds.

    Args:
        connection: in whose transaction.
        unread_since: those that were last read before; a feed that was removed by mistake can come back until then.
        of: and these, at once.
    """
    followed = sa.exists().where(subscription.c.feed_id == feed.c.id)
    read = sa.func.coalesce(feed.c.last_poll_at, feed.c.created_at, type_=feed.c.created_at.type)
    gone = sa.or_(read < unread_since, feed.c.id.in_(of))
    found = await connection.execute(sa.select(feed.c.id).where(feed.c.is_private, ~followed, gone))
    orphans = tuple(found.scalars())
    if not orphans:
        return 0
    # Also those of before the feed was known to be private, if nothing else is in them.
    others = article.alias("others")
    shared = (
        sa.exists()
        .where(story_article.c.story_id == story.c.id, others.c.id == story_article.c.article_id)
        .where(others.c.feed_id.not_in(orphans))
    )
    held = sa.exists().where(
        story_article.c.story_id == story.c.id,
        article.c.id == story_article.c.article_id,
        article.c.feed_id.in_(orphans),
    )
    alone = sa.or_(story.c.private_feed_id.in_(orphans), sa.and_(held, ~shared))
    await connection.execute(sa.delete(story).where(alone))
    await connection.execute(sa.delete(feed).where(feed.c.id.in_(orphans)))
    return len(orphans)


async def forget_questions(connection: AsyncConnection, before: datetime) -> int:
    """Delete questions with their answers and votes, and watches, that ended before; how many questions."""
    old = sa.and_(question.c.finished_at.is_not(None), question.c.finished_at < before)
    subject = sa.literal("question:") + sa.cast(question.c.id, sa.String)
    voted = sa.exists().where(question.c.team_id == feedback.c.team_id, subject == feedback.c.subject, old)
    await connection.execute(sa.delete(feedback).where(feedback.c.subject.startswith("question:"), voted))
    await connection.execute(sa.delete(watch).where(watch.c.ended_at < before))
    return (await connection.execute(sa.delete(question).where(old))).rowcount


async def exported(connection: AsyncConnection, team_id: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(table, row) of everything that is kept of a workspace and is its own; no tokens."""
    tables: Sequence[tuple[sa.Table, sa.ColumnElement[bool]]] = [
        (team, team.c.id == team_id),
        *((table, table.c.team_id == team_id) for table in metadata.sorted_tables if "team_id" in table.c),
    ]
    for table, own in tables:
        columns = [column for column in table.c if column.name not in _SECRET.get(table.name, set())]
        for row in await connection.execute(sa.select(*columns).where(own)):
            yield table.name, dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it
    followed = sa.exists().where(subscription.c.feed_id == feed.c.id, subscription.c.team_id == team_id)
    for row in await connection.execute(sa.select(feed.c.id, feed.c.url, feed.c.title).where(followed)):
        yield "feed", dict(row._mapping)  # noqa: SLF001  # the same
