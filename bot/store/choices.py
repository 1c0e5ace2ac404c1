"""Queries about what channels have chosen, and what their readers' votes say. Each names the team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import TopicChoice
from bot.models import Relevance
from bot.store.claims import upsert
from bot.store.tables import channel, delivery, feedback, story, topic

#: A taste is learnt from the newest so many voted stories: old votes fade as new ones come.
VOTES_MOST = 200

_RELEVANCE = TypeAdapter(Relevance)


async def topics(connection: AsyncConnection, team_id: str, channel_id: str) -> tuple[TopicChoice, ...]:
    """What a channel has changed: its own topics, and the shipped ones that it does not simply follow."""
    return (await topics_of(connection, team_id, (channel_id,))).get(channel_id, ())


async def topics_of(
    connection: AsyncConnection, team_id: str, channel_ids: Collection[str]
) -> dict[str, tuple[TopicChoice, ...]]:
    """What each of a workspace's channels has changed; those that changed nothing are left out."""
    c = topic.c
    rows = await connection.execute(
        sa.select(c.channel_id, c.name, c.text, c.is_followed, c.muted_until)
        .where(c.team_id == team_id, c.channel_id.in_(channel_ids))
        .order_by(c.id)
    )
    found: defaultdict[str, list[TopicChoice]] = defaultdict(list)
    for row in rows:
        found[row.channel_id].append(TopicChoice(row.name, row.text, row.is_followed, row.muted_until))
    return {channel_id: tuple(changed) for channel_id, changed in found.items()}


async def save_topic(
    connection: AsyncConnection, choice: TopicChoice, *, team_id: str, channel_id: str, created_by: str, now: datetime
) -> None:
    """Keep a topic as it is now; one that is as it ships is forgotten."""
    if choice.is_default:
        await remove_topic(connection, team_id, channel_id, choice.name)
        return
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "name": choice.name,
        "text": choice.text,
        "is_followed": choice.is_followed,
        "muted_until": choice.muted_until,
        "created_by": created_by,
        "created_at": now,
    }
    await upsert(
        connection, topic, values, key=("team_id", "channel_id", "name"), update=("is_followed", "muted_until")
    )


async def remove_topic(connection: AsyncConnection, team_id: str, channel_id: str, name: str) -> None:
    """Forget a topic of a channel."""
    await connection.execute(
        sa.delete(topic).where(topic.c.team_id == team_id, topic.c.channel_id == channel_id, topic.c.name == name)
    )


async def configure(
    connection: AsyncConnection,
    team_id: str,
    channel_id: str,
    **values: Any,  # noqa: ANN401  # column values
) -> None:
    """Change a channel's columns: `threshold`, `least_substance`, `taste_since`, `style`, `language`."""
    await connection.execute(
        sa.update(channel).where(channel.c.team_id == team_id, channel.c.channel_id == channel_id).values(values)
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """The 👍 and 👎 on a channel's stories; it differs whenever a vote was given or changed."""

    up: int
    down: int
    last: datetime | None


def _story_votes(team_id: str, channel_id: str, since: datetime | None) -> list[sa.ColumnElement[bool]]:
    c = feedback.c
    conditions = [c.team_id == team_id, c.channel_id == channel_id, c.subject.startswith("story:")]
    return [*conditions, c.at >= since] if since is not None else conditions


NO_VOTES = Tally(0, 0, None)


async def tally(connection: AsyncConnection, team_id: str, channel_id: str, since: datetime | None) -> Tally:
    """How a channel's readers voted on stories since then."""
    return (await tallies(connection, team_id, {channel_id: since})).get(channel_id, NO_VOTES)


async def tallies(connection: AsyncConnection, team_id: str, since: Mapping[str, datetime | None]) -> dict[str, Tally]:
    """How readers voted on stories in each of these channels, each since its own time; those without votes left out."""
    c = feedback.c
    later = [sa.and_(c.channel_id == channel_id, c.at >= at) for channel_id, at in since.items() if at is not None]
    always = c.channel_id.in_([channel_id for channel_id, at in since.items() if at is None])
    rows = await connection.execute(
        sa.select(
            c.channel_id,
            sa.func.count().filter(c.verdict == "up").label("up"),
            sa.func.count().filter(c.verdict == "down").label("down"),
            sa.func.max(c.at, type_=c.at.type).label("last"),
        )
        .where(c.team_id == team_id, c.subject.startswith("story:"), sa.or_(always, *later))
        .group_by(c.channel_id)
    )
    return {row.channel_id: Tally(row.up, row.down, row.last) for row in rows}


async def votes(
    connection: AsyncConnection, team_id: str, channel_id: str, since: datetime | None
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(title, features, balance) of the stories that a channel voted on since then, newest vote first.

    The balance is 👍 minus 👎.
    """
    c = feedback.c
    balance = sa.func.sum(sa.case((c.verdict == "up", 1), else_=-1))
    voted = (
        sa.select(c.subject, balance.label("balance"), sa.func.max(c.at, type_=c.at.type).label("last"))
        .where(*_story_votes(team_id, channel_id, since))
        .group_by(c.subject)
        .order_by(sa.desc("last"))
        .limit(VOTES_MOST)
        .subquery()
    )
    rows = await connection.execute(
        sa.select(story.c.title, story.c.features, voted.c.balance)
        .join(voted, voted.c.subject == sa.literal("story:") + sa.cast(story.c.id, sa.String))
        .where(story.c.features.is_not(None))
        .order_by(voted.c.last.desc(), story.c.id)
    )
    return rows.all()


async def feedback_since(connection: AsyncConnection, team_id: str, since: datetime) -> tuple[int, int]:
    """(👍, 👎) on a workspace's stories and answers since then."""
    c = feedback.c
    row = (
        await connection.execute(
            sa.select(
                sa.func.count().filter(c.verdict == "up"),
                sa.func.count().filter(c.verdict == "down"),
            ).where(c.team_id == team_id, c.at >= since)
        )
    ).one()
    return int(row[0]), int(row[1])


async def recent(
    connection: AsyncConnection, team_id: str, channel_id: str, limit: int
) -> tuple[tuple[int, Relevance], ...]:
    """(story id, how it was judged) of the last stories that came up for a channel, posted or not, newest first."""
    c = delivery.c
    rows = await connection.execute(
        sa.select(c.story_id, c.relevance)
        .where(
            c.team_id == team_id,
            c.channel_id == channel_id,
            c.key.startswith("story:"),
            c.relevance.is_not(None),
        )
        .order_by(c.id.desc())
        .limit(limit)
    )
    return tuple((row.story_id, _RELEVANCE.validate_json(row.relevance)) for row in rows)


async def judged(connection: AsyncConnection, team_id: str, channel_id: str, story_id: int) -> Relevance | None:
    """How a story was judged for a channel."""
    c = delivery.c
    body = (
        await connection.execute(
            sa.select(c.relevance).where(c.team_id == team_id, c.channel_id == channel_id, c.key == f"story:{story_id}")
        )
    ).scalar_one_or_none()
    return _RELEVANCE.validate_json(body) if body else None
