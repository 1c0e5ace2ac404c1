"""Finding passages by words: FTS5 on SQLite, a text search vector on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Passage
from bot.store.tables import article, passage, story_article

_COLUMNS = (
    passage.c.id,
    passage.c.article_id,
    story_article.c.story_id,
    passage.c.position,
    passage.c.text,
    article.c.title,
    article.c.publisher,
    article.c.url,
    passage.c.published_at,
)


def _select(*more: sa.ColumnElement[float]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS, *more)
        .join(article, article.c.id == passage.c.article_id)
        .outerjoin(story_article, story_article.c.article_id == article.c.id)
    )


async def search(
    connection: AsyncConnection,
    words: Sequence[str],
    *,
    limit: int = 60,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Passage, ...]:
    """Passages that hold the words, best first: those with all of them, then those with any.

    `words` are plain words; anything else in them is taken out, so that no search syntax gets in.
    """
    clean = [word for word in ("".join(ch for ch in raw if ch.isalnum()) for raw in words) if word]
    if not clean:
        return ()
    found = await _match(connection, clean, every=True, limit=limit, since=since, until=until)
    if len(found) < limit and len(clean) > 1:
        seen = {item.id for item in found}
        loose = await _match(connection, clean, every=False, limit=limit, since=since, until=until)
        found += tuple(item for item in loose if item.id not in seen)
    return found[:limit]


async def _match(
    connection: AsyncConnection,
    words: Sequence[str],
    *,
    every: bool,
    limit: int,
    since: datetime | None,
    until: datetime | None,
) -> tuple[Passage, ...]:
    score: sa.ColumnElement[float]
    if connection.dialect.name == "sqlite":
        query = (" AND " if every else " OR ").join(f'"{word}"' for word in words)
        # bm25() is smaller for better matches; the title weighs more than the text.
        score = sa.literal_column("-bm25(passage_words, 2.0, 1.0)", sa.Float)
        index = sa.table("passage_words", sa.column("rowid"))
        matches = (
            sa.select(passage.c.id, score.label("score"))
            .join(index, sa.literal_column("passage_words.rowid") == passage.c.id)
            .where(sa.text("passage_words MATCH :query").bindparams(query=query))
        )
    else:
        query = (" & " if every else " | ").join(words)
        tsquery = sa.func.to_tsquery("english", query)
        vector: sa.ColumnElement[str] = sa.literal_column("passage.words")
        score = sa.func.ts_rank_cd(vector, tsquery, type_=sa.Float)
        matches = sa.select(passage.c.id, score.label("score")).where(vector.op("@@")(tsquery))
    if since is not None:
        matches = matches.where(passage.c.published_at >= since)
    if until is not None:
        matches = matches.where(passage.c.published_at < until)
    # The best ones first, then what belongs to them: a plain word matches tens of thousands of passages.
    best = matches.order_by(sa.desc("score"), passage.c.published_at.desc()).limit(limit).subquery()
    rows = await connection.execute(
        _select(best.c.score)
        .join(best, best.c.id == passage.c.id)
        .order_by(best.c.score.desc(), passage.c.published_at.desc())
    )
    return tuple(Passage(*row) for row in rows)


async def of_story(connection: AsyncConnection, story_id: int, limit: int = 80) -> tuple[Passage, ...]:
    """All passages of a story's articles."""
    rows = await connection.execute(
        _select()
        .where(story_article.c.story_id == story_id)
        .order_by(passage.c.article_id, passage.c.position)
        .limit(limit)
    )
    return tuple(Passage(*row) for row in rows)


async def count(connection: AsyncConnection) -> int:
    """How many articles can be searched."""
    found = await connection.execute(sa.select(sa.func.count(sa.distinct(passage.c.article_id))))
    return int(found.scalar_one())
