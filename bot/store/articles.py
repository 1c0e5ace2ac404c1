"""Queries about articles: what is known of a feed, what waits to be read or joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Article
from bot.store.claims import claim, holder_of, insert_missing, insert_new_all, next_due, upsert
from bot.store.feeds import hidden_from
from bot.store.tables import article, delivery, feed, memory, passage, story, story_article, subscription

#: Reading a page takes at most a minute; joining is quick.
LEASE = timedelta(minutes=2)
#: So many of a feed's latest articles are what new ones are compared with.
REMEMBERED = 3000

_AT_STAGE = {stage: (article.c.stage == stage,) for stage in ("read", "join")}
_IS_PRIVATE = sa.select(feed.c.is_private).where(feed.c.id == article.c.feed_id).scalar_subquery()
#: This process claimed it, nobody has taken it over since, and no edit has come in meanwhile.
_IN_HAND = sa.and_(
    article.c.id == sa.bindparam("which"), article.c.holder == sa.bindparam("by"), article.c.lease_until.is_not(None)
)
_STILL_OURS = (
    sa.update(article)
    .where(_IN_HAND)
    .values(lease_until=sa.bindparam("until"))
    .returning(_IS_PRIVATE.label("is_private"))
)
_SETTLED = sa.update(article).where(_IN_HAND).values(lease_until=None, attempts=0)
_POSTPONED = sa.update(article).where(_IN_HAND).values(lease_until=None)
_FEATURES = sa.select(article.c.features).where(
    article.c.id.in_(sa.bindparam("ids", expanding=True)), article.c.features.is_not(None)
)
_PASSAGES = sa.insert(passage)


def as_article(row: sa.Row[*tuple[Any, ...]]) -> Article:
    """A row as an `Article`."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it begins with an underscore
    fields = {name: values[name] for name in Article.__dataclass_fields__ if name not in {"authors", "categories"}}
    return Article(**fields, authors=tuple(values["authors"]), categories=tuple(values["categories"]))


async def feeds_with_any(connection: AsyncConnection, feed_ids: Sequence[int]) -> set[int]:
    """Those of these feeds of which at least one article is kept."""
    if not feed_ids:
        return set()
    has_one = sa.exists().where(article.c.feed_id == feed.c.id)
    rows = await connection.execute(sa.select(feed.c.id).where(feed.c.id.in_(feed_ids), has_one))
    return set(rows.scalars())


async def known(
    connection: AsyncConnection, feed_id: int, limit: int = REMEMBERED
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """What identity needs to know of a feed's articles, oldest first, in the order of `feeds.identity.Known`."""
    c = article.c
    columns = (
        c.identity,
        c.guid,
        c.url_key,
        c.title_key,
        c.published_at,
        c.content_hash,
        c.first_seen_at,
        c.updated_at,
    )
    statement = sa.select(*columns).where(c.feed_id == feed_id).order_by(c.id.desc()).limit(limit)
    return tuple(reversed((await connection.execute(statement)).all()))


async def add(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Write articles of one feed down; the ids, by identity, of those that were not there already."""
    made = await insert_new_all(
        connection, article, rows, key=("feed_id", "identity"), told=(article.c.identity, article.c.id)
    )
    return {row.identity: row.id for row in made}


async def add_all(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write articles of any feeds down, all with the same columns; those that are there already stay as they are."""
    await insert_missing(connection, article, rows, key=("feed_id", "identity"))


async def among(connection: AsyncConnection, feed_id: int, identities: Sequence[str]) -> set[str]:
    """Those of these identities that are kept of a feed."""
    statement = sa.select(article.c.identity).where(article.c.feed_id == feed_id, article.c.identity.in_(identities))
    return set((await connection.execute(statement)).scalars())


async def change(connection: AsyncConnection, feed_id: int, identity: str, **values: Any) -> None:  # noqa: ANN401  # column values
    """Write an edit down: the article is one version further."""
    await connection.execute(
        sa.update(article)
        .where(article.c.feed_id == feed_id, article.c.identity == identity)
        .values(version=article.c.version + 1, attempts=0, lease_until=None, **values)
    )


async def note(connection: AsyncConnection, feed_id: int, identity: str, **values: Any) -> None:  # noqa: ANN401  # column values
    """Write down how an item can be recognised from now on; nothing that a reader sees has changed."""
    kept = {name: values[name] for name in ("guid", "url", "url_key", "canonical_url")}
    await connection.execute(
        sa.update(article).where(article.c.feed_id == feed_id, article.c.identity == identity).values(kept)
    )


async def claim_due(
    connection: AsyncConnection, stage: str, now: datetime, limit: int
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Articles to read (`stage` "read") or to join ("join"), with all their columns."""
    return await claim(
        connection,
        article,
        due=article.c.due_at,
        now=now,
        lease=LEASE,
        limit=limit,
        where=_AT_STAGE[stage],
    )


async def still_ours(connection: AsyncConnection, article_id: int, now: datetime) -> sa.Row[*tuple[Any, ...]] | None:
    """Hold a claimed article for another lease: (is_private,) of its feed; None: another worker has it."""
    ours = {"which": article_id, "by": holder_of(connection), "until": now + LEASE}
    found: sa.Row[*tuple[Any, ...]] | None = (await connection.execute(_STILL_OURS, ours)).one_or_none()
    return found


async def next_at(connection: AsyncConnection, stage: str) -> datetime | None:
    """When the next article of this stage is due."""
    return await next_due(connection, article, article.c.due_at, (article.c.stage == stage,))


async def settle(connection: AsyncConnection, article_id: int, **values: Any) -> bool:  # noqa: ANN401  # column values
    """Write down how far a claimed article has come and let it go; False: it is not ours any more, or was edited."""
    done = await connection.execute(_SETTLED, {"which": article_id, "by": holder_of(connection), **values})
    return bool(done.rowcount)


async def postpone(connection: AsyncConnection, article_id: int, due_at: datetime) -> None:
    """Try a claimed article again later, if it is still ours; the attempts stay counted."""
    mine = {"which": article_id, "by": holder_of(connection)}
    await connection.execute(_POSTPONED, mine | {"due_at": due_at})


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Article]:
    """Articles by their ids."""
    if not ids:
        return {}
    rows = await connection.execute(sa.select(article).where(article.c.id.in_(ids)))
    return {row.id: as_article(row) for row in rows}


async def features_of(connection: AsyncConnection, ids: Sequence[int]) -> tuple[bytes, ...]:
    """What joining keeps of some articles, in no order."""
    if not ids:
        return ()
    return tuple((await connection.execute(_FEATURES, {"ids": list(ids)})).scalars())


async def text_by_url(connection: AsyncConnection, canonical_url: str, not_id: int) -> Article | None:
    """The same page, already read for another feed: it is fetched once."""
    row = (
        await connection.execute(
            sa.select(article)
            .where(
                article.c.canonical_url == canonical_url,
                article.c.id != not_id,
                article.c.text_source == "page",
                article.c.text != "",
            )
            .order_by(article.c.id)
            .limit(1)
        )
    ).one_or_none()
    return as_article(row) if row else None


async def newest(connection: AsyncConnection, feed_ids: Sequence[int], limit: int) -> tuple[Article, ...]:
    """The newest articles of these feeds, newest first."""
    c = article.c
    rows = await connection.execute(
        sa.select(article)
        .where(c.feed_id.in_(feed_ids))
        .order_by(sa.func.coalesce(c.published_at, c.first_seen_at).desc(), c.id.desc())
        .limit(limit)
    )
    return tuple(as_article(row) for row in rows)


async def read_at(connection: AsyncConnection, team_id: str, *, url: str, canonical_url: str) -> Article | None:
    """The article at an address that this workspace can search; of several the one with the most text."""
    row = (
        await connection.execute(
            sa.select(article)
            .where(
                sa.or_(article.c.canonical_url == canonical_url, article.c.canonical_url == url),
                article.c.feed_id.not_in(hidden_from(team_id)),
                article.c.stage == "done",
                article.c.text != "",
            )
            .order_by(sa.func.length(article.c.text).desc(), article.c.id)
            .limit(1)
        )
    ).one_or_none()
    return as_article(row) if row else None


async def found_at(
    connection: AsyncConnection, team_id: str, *, url: str, canonical_url: str
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The articles at an address, of feeds that this workspace follows or was told of, oldest first.

    Rows with all of the article's columns and its feed's, `feed_title`, `feed_url`, and the story's that it is in:
    `story_id`, `story_title`, `story_due_at`, `score`, `reasons`, `wire_of`.
    """
    follows = sa.exists().where(subscription.c.feed_id == article.c.feed_id, subscription.c.team_id == team_id)
    was_told = sa.exists().where(delivery.c.story_id == story_article.c.story_id, delivery.c.team_id == team_id)
    rows = await connection.execute(
        sa.select(
            article,
            feed.c.title.label("feed_title"),
            feed.c.url.label("feed_url"),
            story_article.c.story_id,
            story_article.c.score,
            story_article.c.reasons,
            story_article.c.wire_of,
            story.c.title.label("story_title"),
            story.c.due_at.label("story_due_at"),
        )
        .join(feed, feed.c.id == article.c.feed_id)
        .outerjoin(story_article, story_article.c.article_id == article.c.id)
        .outerjoin(story, story.c.id == story_article.c.story_id)
        .where(
            sa.or_(article.c.url == url, article.c.canonical_url == canonical_url, article.c.guid == url),
            sa.or_(follows, was_told),
        )
        .order_by(article.c.id)
    )
    return rows.all()


async def adopt(connection: AsyncConnection, *, source_id: int, target_id: int, identities: Mapping[str, str]) -> None:
    """Give articles of one feed to another, each under the identity that it gets there: what is known stays known."""
    if not identities:
        return
    await connection.execute(
        sa.update(article)
        .where(article.c.feed_id == source_id, article.c.identity == sa.bindparam("old"))
        .values(feed_id=target_id, identity=sa.bindparam("new")),
        [{"old": old, "new": new} for old, new in identities.items()],
    )


async def replace_passages(
    connection: AsyncConnection,
    article_id: int,
    title: str,
    texts: Sequence[tuple[int, str]],
    published_at: datetime,
    *,
    is_new: bool = False,
) -> None:
    """Make an article findable: its passages, in place of those of an earlier version unless it is new."""
    if not is_new:
        await connection.execute(sa.delete(passage).where(passage.c.article_id == article_id))
    if texts:
        await connection.execute(
            _PASSAGES,
            [
                {
                    "article_id": article_id,
                    "position": position,
                    "title": title,
                    "text": text,
                    "published_at": published_at,
                }
                for position, text in texts
            ],
        )


async def remember(connection: AsyncConnection, name: str, value: bytes, now: datetime) -> None:
    """Keep a small thing that was learnt."""
    values = {"name": name, "value": value, "at": now}
    await upsert(connection, memory, values, key=("name",), update=("value", "at"))


async def recall(connection: AsyncConnection, name: str) -> bytes | None:
    """A small thing that was learnt."""
    value: bytes | None = (
        await connection.execute(sa.select(memory.c.value).where(memory.c.name == name))
    ).scalar_one_or_none()
    return value


async def recall_or(connection: AsyncConnection, name: str, value: bytes, now: datetime) -> bytes:
    """What is known under this name, or from now on `value`; all processes get the same."""
    values = {"name": name, "value": value, "at": now}
    await upsert(connection, memory, values, key=("name",), update=())
    return await recall(connection, name) or value


async def count_since(connection: AsyncConnection, since: datetime) -> int:
    """How many articles were first seen since then."""
    count = await connection.execute(sa.select(sa.func.count()).where(article.c.first_seen_at >= since))
    return int(count.scalar_one())
