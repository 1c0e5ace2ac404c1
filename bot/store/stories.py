"""Queries about stories and briefs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Article, Brief, DeliveryState, Story, StoryArticle
from bot.store.articles import as_article
from bot.store.claims import claim, keep, next_due, upsert
from bot.store.tables import article, brief, channel, delivery, story, story_article

#: A brief by a slow model, with its second try, stays below this.
LEASE = timedelta(minutes=5)

_BRIEF = TypeAdapter(Brief)

_FEATURES = sa.select(story.c.id, story.c.features).where(story.c.id.in_(sa.bindparam("ids", expanding=True)))
_MEMBERS = (
    sa.select(article)
    .join(story_article, story_article.c.article_id == article.c.id)
    .where(story_article.c.story_id == sa.bindparam("story"))
)
_OPENED = sa.insert(story).returning(story.c.id)
_CHANGED = (
    sa.update(story)
    .where(story.c.id == sa.bindparam("which"))
    .values(
        version=story.c.version + 1,
        updated_at=sa.bindparam("at"),
        due_at=sa.func.coalesce(story.c.due_at, sa.bindparam("due", type_=story.c.due_at.type)),
        attempts=0,
    )
)


async def recent(connection: AsyncConnection, since: datetime) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(id, updated_at) of the shared stories that may still grow."""
    c = story.c
    shared = sa.select(c.id, c.updated_at).where(c.updated_at >= since, c.private_feed_id.is_(None))
    return (await connection.execute(shared)).all()


async def recent_private(connection: AsyncConnection, feed_id: int, since: datetime, limit: int) -> tuple[int, ...]:
    """Ids of a private feed's own stories that may still grow, the newest first."""
    c = story.c
    own = sa.select(c.id).where(c.private_feed_id == feed_id, c.updated_at >= since).order_by(c.updated_at.desc())
    return tuple((await connection.execute(own.limit(limit))).scalars())


async def features_of(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """(id, features) of some stories."""
    if not ids:
        return ()
    return (await connection.execute(_FEATURES, {"ids": list(ids)})).all()


async def members(connection: AsyncConnection, story_id: int) -> tuple[Article, ...]:
    """A story's articles."""
    return tuple(as_article(row) for row in await connection.execute(_MEMBERS, {"story": story_id}))


async def create(
    connection: AsyncConnection,
    *,
    title: str,
    lead_article_id: int,
    features: bytes,
    related: Sequence[int],
    now: datetime,
    private_feed_id: int | None = None,
    version: int = 0,
    due_at: datetime | None = None,
) -> int:
    """A new story; its articles are joined next.

    Args:
        connection: of the transaction that joins them.
        title: its lead's.
        lead_article_id: the article that tells it best.
        features: for `features_of`.
        related: stories near it.
        now: the present.
        private_feed_id: it is for those alone who follow that feed.
        version: 0: `changed` comes next. 1: all of it is here.
        due_at: when it is to be told; None: `changed` will say.
    """
    values = {
        "title": title,
        "lead_article_id": lead_article_id,
        "features": features,
        "related": list(related),
        "private_feed_id": private_feed_id,
        "created_at": now,
        "updated_at": now,
        "version": version,
        "due_at": due_at,
    }
    return int((await connection.execute(_OPENED, values)).scalar_one())


async def join(
    connection: AsyncConnection,
    *,
    story_id: int,
    article_id: int,
    score: float,
    reasons: Sequence[str],
    wire_of: int | None,
    now: datetime,
) -> None:
    """Put an article into a story; it can be in one only."""
    await upsert(
        connection,
        story_article,
        {
            "article_id": article_id,
            "story_id": story_id,
            "score": score,
            "reasons": list(reasons),
            "joined_at": now,
            "wire_of": wire_of,
        },
        key=("article_id",),
        update=("story_id", "score", "reasons", "wire_of"),
    )


async def withdraw(connection: AsyncConnection, story_id: int, now: datetime) -> bool:
    """Take a story back that nobody has been told; False: somebody was, or a worker is about to.

    What channels decided against goes with it, as do its brief and its place for its article. A worker that tells a
    story holds its lease for as long as it writes deliveries down.
    """
    seen = sa.exists().where(delivery.c.story_id == story.c.id, delivery.c.state != DeliveryState.WITHHELD)
    free = sa.or_(story.c.lease_until.is_(None), story.c.lease_until < now)
    gone = await connection.execute(sa.delete(story).where(story.c.id == story_id, free, ~seen))
    return bool(gone.rowcount)


async def changed(
    connection: AsyncConnection,
    story_id: int,
    *,
    now: datetime,
    due_at: datetime,
    **values: Any,  # noqa: ANN401  # column values
) -> None:
    """A story is one version further and due to be told; one that is due already is not put off."""
    await connection.execute(_CHANGED, {"which": story_id, "at": now, "due": due_at, **values})


async def story_of_article(connection: AsyncConnection, article_id: int) -> int | None:
    """The story that an article is in."""
    found: int | None = (
        await connection.execute(sa.select(story_article.c.story_id).where(story_article.c.article_id == article_id))
    ).scalar_one_or_none()
    return found


async def get(connection: AsyncConnection, story_id: int) -> Story | None:
    """A story with its articles, the lead first, then in the order they joined."""
    head = (await connection.execute(sa.select(story).where(story.c.id == story_id))).one_or_none()
    if head is None:
        return None
    rows = (
        await connection.execute(
            sa.select(
                article,
                story_article.c.score,
                story_article.c.reasons,
                story_article.c.joined_at,
                story_article.c.wire_of,
            )
            .join(story_article, story_article.c.article_id == article.c.id)
            .where(story_article.c.story_id == story_id)
            .order_by(
                sa.case((article.c.id == head.lead_article_id, 0), else_=1), story_article.c.joined_at, article.c.id
            )
        )
    ).all()
    members = tuple(
        StoryArticle(
            article=as_article(row),
            score=row.score,
            reasons=tuple(row.reasons),
            joined_at=row.joined_at,
            wire_of=row.wire_of,
        )
        for row in rows
    )
    return Story(
        id=head.id,
        title=head.title,
        articles=members,
        created_at=head.created_at,
        updated_at=head.updated_at,
        version=head.version,
    )


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Stories to rank, brief and hand to delivery."""
    return await claim(connection, story, due=story.c.due_at, now=now, lease=LEASE, limit=limit)


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next story is due."""
    return await next_due(connection, story, story.c.due_at)


async def hold(connection: AsyncConnection, story_id: int, now: datetime) -> bool:
    """Hold a claimed story for another lease; False: it is not ours any more."""
    return await keep(connection, story, story_id, now=now, lease=LEASE)


async def settle(connection: AsyncConnection, story_id: int, told_version: int, due_at: datetime) -> None:
    """A story was told as of `told_version`; if it has changed since, or is to be told anew, it stays due.

    Args:
        connection: of a transaction.
        story_id: which.
        told_version: as of which version.
        due_at: when it was due as it was claimed; another time says that it is to be told anew (`due_again`).
    """
    stays_due = sa.or_(story.c.version > told_version, story.c.due_at != due_at)
    await connection.execute(
        sa.update(story)
        .where(story.c.id == story_id)
        .values(
            lease_until=None,
            attempts=0,
            told_version=told_version,
            due_at=sa.case((stays_due, story.c.due_at), else_=None),
        )
    )


async def due_again(connection: AsyncConnection, story_id: int, now: datetime) -> None:
    """A story is to be told anew where it was not; if somebody is telling it at this moment, after that: see `settle`.

    Who tells it keeps it, for two at once would have its brief written, and paid for, twice.
    """
    await connection.execute(sa.update(story).where(story.c.id == story_id).values(due_at=now))


async def postpone(connection: AsyncConnection, story_id: int, due_at: datetime) -> None:
    """Try again later."""
    await connection.execute(sa.update(story).where(story.c.id == story_id).values(lease_until=None, due_at=due_at))


async def save_brief(
    connection: AsyncConnection,
    text: Brief,
    *,
    story_id: int,
    version: int,
    input_hash: str,
    now: datetime,
    language: str | None = None,
) -> None:
    """Keep a brief; the same input never needs a second one.

    It is found again by the `language` that was asked for: without a model it is in the sources' own all the same.
    """
    await upsert(
        connection,
        brief,
        {
            "story_id": story_id,
            "language": language or text.language,
            "style": text.style,
            "input_hash": input_hash,
            "story_version": version,
            "writer": text.writer,
            "body": _BRIEF.dump_json(text).decode(),
            "created_at": now,
        },
        key=("story_id", "language", "style", "input_hash"),
        update=("story_version", "body", "writer"),
    )


async def brief_by_hash(
    connection: AsyncConnection, story_id: int, language: str, style: str, input_hash: str
) -> Brief | None:
    """The brief that was written for exactly this input."""
    body = (
        await connection.execute(
            sa.select(brief.c.body).where(
                brief.c.story_id == story_id,
                brief.c.language == language,
                brief.c.style == style,
                brief.c.input_hash == input_hash,
            )
        )
    ).scalar_one_or_none()
    return _BRIEF.validate_json(body) if body else None


async def latest_brief(
    connection: AsyncConnection,
    story_id: int,
    *,
    language: str | None = None,
    style: str | None = None,
    version: int | None = None,
) -> tuple[int, Brief] | None:
    """(story version, brief): the newest in this language and style, at most of `version`."""
    statement = sa.select(brief.c.story_version, brief.c.body).where(brief.c.story_id == story_id)
    if language is not None:
        statement = statement.where(brief.c.language == language)
    if style is not None:
        statement = statement.where(brief.c.style == style)
    if version is not None:
        statement = statement.where(brief.c.story_version <= version)
    row = (
        await connection.execute(statement.order_by(brief.c.story_version.desc(), brief.c.id.desc()).limit(1))
    ).one_or_none()
    return (row.story_version, _BRIEF.validate_json(row.body)) if row else None


async def count_since(connection: AsyncConnection, since: datetime) -> int:
    """How many stories began since then."""
    count = await connection.execute(sa.select(sa.func.count()).where(story.c.created_at >= since))
    return int(count.scalar_one())


async def was_told_to(connection: AsyncConnection, team_id: str, story_id: int) -> bool:
    """Whether a workspace has this story among its posts."""
    found = await connection.execute(
        sa.select(delivery.c.id).where(delivery.c.team_id == team_id, delivery.c.story_id == story_id).limit(1)
    )
    return found.first() is not None


async def lately_told(connection: AsyncConnection, team_id: str, since: datetime, limit: int) -> tuple[str, ...]:
    """The titles of the stories that a workspace's open channels were told since then, the newest first, each once."""
    sent = sa.func.max(delivery.c.sent_at)
    rows = await connection.execute(
        sa.select(story.c.title)
        .join(delivery, delivery.c.story_id == story.c.id)
        .join(
            channel,
            sa.and_(channel.c.team_id == delivery.c.team_id, channel.c.channel_id == delivery.c.channel_id),
        )
        .where(
            delivery.c.team_id == team_id,
            delivery.c.sent_at >= since,
            delivery.c.key.startswith("story:"),
            channel.c.is_private.is_not(True),
        )
        .group_by(story.c.id, story.c.title)
        .order_by(sent.desc(), story.c.id.desc())
        .limit(limit)
    )
    return tuple(rows.scalars())
