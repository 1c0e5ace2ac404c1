"""Queries of the web view: the last stories, the stories of articles, and what feeds' polls brought day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Brief, FeedDay, StoryLine
from bot.store.feeds import hidden_from
from bot.store.tables import brief, poll, story, story_article

#: The outcomes of polls that a server answered as it should; all others are the kinds of errors.
ANSWERED = ("new", "unchanged", "not_modified")
#: The figures of a story in a list.
_FIGURES = 3
_BRIEF = TypeAdapter(Brief)


async def latest(
    connection: AsyncConnection, team_id: str, limit: int, *, before: datetime | None = None
) -> tuple[StoryLine, ...]:
    """The stories that a workspace may find, the last changed first; only those changed earlier than `before`.

    Those without a brief are left out: they are on their way, or were held back everywhere (adverts, lists).
    """
    statement = _stories(team_id).where(brief.c.id.is_not(None))
    statement = statement.order_by(story.c.updated_at.desc(), story.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(story.c.updated_at < before)
    return tuple(_line(row) for row in await connection.execute(statement))


async def named(connection: AsyncConnection, team_id: str, ids: Sequence[int]) -> tuple[StoryLine, ...]:
    """These stories, in this order; those that do not exist, or are not for this workspace, are left out."""
    rows = await connection.execute(_stories(team_id).where(story.c.id.in_(ids)))
    found = {row.id: _line(row) for row in rows}
    return tuple(found[one] for one in ids if one in found)


def _stories(team_id: str) -> sa.Select[Any]:
    counted = (
        sa.select(story_article.c.story_id, sa.func.count().label("many")).group_by(story_article.c.story_id).subquery()
    )
    other = brief.alias()
    newest = sa.select(sa.func.max(other.c.id)).where(other.c.story_id == story.c.id).scalar_subquery()
    return (
        sa.select(story.c.id, story.c.title, story.c.updated_at, counted.c.many, brief.c.body)
        .join(counted, counted.c.story_id == story.c.id)
        .outerjoin(brief, brief.c.id == newest)
        .where(sa.or_(story.c.private_feed_id.is_(None), story.c.private_feed_id.not_in(hidden_from(team_id))))
    )


def _line(row: sa.Row[*tuple[Any, ...]]) -> StoryLine:
    written = _BRIEF.validate_json(row.body) if row.body else None
    return StoryLine(
        id=row.id,
        headline=written.headline if written else row.title,
        told=written.what[0].text if written and written.what else "",
        figures=tuple(fact.shown for fact in written.facts[:_FIGURES]) if written else (),
        publishers=written.reported_by if written else 1,
        articles=row.many,
        updated_at=row.updated_at,
    )


async def stories_of(connection: AsyncConnection, article_ids: Collection[int]) -> dict[int, int]:
    """The stories that articles belong to, by article."""
    rows = await connection.execute(
        sa.select(story_article.c.article_id, story_article.c.story_id).where(
            story_article.c.article_id.in_(article_ids)
        )
    )
    return {row.article_id: row.story_id for row in rows}


async def days(
    connection: AsyncConnection, feed_ids: Collection[int], since: datetime
) -> dict[int, tuple[FeedDay, ...]]:
    """What each feed's polls brought from `since` on, by days in UTC, the oldest first; only days with polls."""
    on_day = sa.func.date(poll.c.at) if connection.dialect.name == "sqlite" else sa.func.date(_in_utc())
    went_well = poll.c.outcome.in_(ANSWERED)
    rows = await connection.execute(
        sa.select(
            poll.c.feed_id,
            on_day.label("on_day"),
            sa.func.sum(sa.case((went_well, 1), else_=0)).label("answered"),
            sa.func.sum(sa.case((went_well, 0), else_=1)).label("failed"),
            sa.func.sum(poll.c.new).label("new"),
        )
        .where(poll.c.feed_id.in_(feed_ids), poll.c.at >= since)
        .group_by(poll.c.feed_id, on_day)
        .order_by(poll.c.feed_id, on_day)
    )
    found: defaultdict[int, list[FeedDay]] = defaultdict(list)
    for row in rows:
        day = date.fromisoformat(row.on_day) if isinstance(row.on_day, str) else row.on_day
        found[row.feed_id].append(FeedDay(day, int(row.answered), int(row.failed), int(row.new)))
    return {feed_id: tuple(listed) for feed_id, listed in found.items()}


def _in_utc() -> sa.ColumnElement[Any]:
    """PostgreSQL would take the session's time zone for the day."""
    return sa.func.timezone("UTC", poll.c.at)
