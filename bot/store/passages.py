"""Finding passages by words: FTS5 on SQLite, a text search vector on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Passage
from bot.store.feeds import hidden_from
from bot.store.tables import article, passage, story_article

#: Of a question; the rest of a long text would only slow the search down.
MOST_WORDS = 40
#: Passages in other words than the question's, beyond those in its own.
MOST_ALSO = 60
#: Of the best so many times the limit those of a time are kept, before every match is held against the calendar.
_BEYOND = 6
_WORD = re.compile(r"[^\W_]+")
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
    team_id: str,
    limit: int = 120,
    common: Collection[str] = (),
    also: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Passage, ...]:
    """Passages that hold the words, best first: those with all of them, then those with any.

    Args:
        connection: to read with.
        words: plain words as they were asked, each engine stems them in its own way; anything but letters and digits
            parts words, so that no search syntax gets in.
        team_id: who asks: what private feeds brought is found by those who follow them.
        limit: how many at most.
        common: those of the words that only count beside others: what every second article holds is not looked for
            alone.
        also: words that mean nearly the same; what has any of them comes last, at most `MOST_ALSO` passages beyond
            the limit, with a score of 0: it would tell nothing beside the others'.
        since: published then or later.
        until: published before then.
    """
    clean = _clean(words)
    if not clean:
        return ()
    plain = set(_clean(common))
    rare = [word for word in clean if word not in plain] or clean[:1]
    plain_ones = [word for word in clean if word not in rare]
    asked: list[_All | _Any] = [_All(clean)]
    if len(clean) > 1 and plain_ones:
        asked.append(_Any(rare, plain_ones))
    if len(clean) > 1:
        asked.append(_Any(rare))
    bounds = _Bounds(team_id, since, until)
    found: tuple[Passage, ...] = ()
    for one in asked:
        if len(found) < limit:
            seen = {item.id for item in found}
            more = await _match(connection, one, bounds, limit)
            found += tuple(item for item in more if item.id not in seen)
    found = found[:limit]
    kin = _clean(also)
    if not kin:
        return found
    seen = {item.id for item in found}
    more = await _match(connection, _Any(kin), bounds, MOST_ALSO)
    return found + tuple(replace(item, score=0.0) for item in more if item.id not in seen)


def _clean(words: Iterable[str]) -> list[str]:
    """Letters and digits alone, each word once."""
    parts = (part for word in words for part in _WORD.findall(word.lower()))
    return list(dict.fromkeys(parts))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class _All:
    """All of some words."""

    words: Sequence[str]

    def sqlite(self) -> str:
        """For FTS5."""
        return " AND ".join(f'"{word}"' for word in self.words)

    def postgresql(self) -> str:
        """For to_tsquery."""
        return " & ".join(self.words)


@dataclass(frozen=True, slots=True)
class _Any:
    """Any of some words, and beside it any of others if there are such."""

    words: Sequence[str]
    beside: Sequence[str] = ()

    def sqlite(self) -> str:
        """For FTS5."""
        groups = (" OR ".join(f'"{word}"' for word in group) for group in (self.words, self.beside) if group)
        return " AND ".join(f"({group})" for group in groups)

    def postgresql(self) -> str:
        """For to_tsquery."""
        return " & ".join(f"({' | '.join(group)})" for group in (self.words, self.beside) if group)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Whose search it is, and of what time."""

    team_id: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def in_time(self) -> tuple[sa.ColumnElement[bool], ...]:
        """Conditions on the passages' rows; none where no time is asked for."""
        after = () if self.since is None else (passage.c.published_at >= self.since,)
        return after if self.until is None else (*after, passage.c.published_at < self.until)

    @property
    def hidden(self) -> sa.Select[int]:
        """Ids of the passages that are not for this workspace."""
        of_article = sa.select(passage.c.id).join(article, article.c.id == passage.c.article_id)
        return of_article.where(article.c.feed_id.in_(hidden_from(self.team_id)))


async def _match(connection: AsyncConnection, asked: _All | _Any, bounds: _Bounds, limit: int) -> tuple[Passage, ...]:
    if connection.dialect.name == "sqlite":
        timed = bool(bounds.in_time)
        found = await _read(connection, _by_fts5(asked, bounds, limit * (_BEYOND if timed else 1)), bounds, limit)
        if not timed or len(found) == limit:
            return found
        return await _read(connection, _by_fts5(asked, bounds, limit, in_time=True), bounds, limit)
    tsquery = sa.func.to_tsquery("english", asked.postgresql())
    vector: sa.ColumnElement[str] = sa.literal_column("passage.words")
    score = sa.func.ts_rank_cd(vector, tsquery, type_=sa.Float).label("score")
    matches = sa.select(passage.c.id, score).where(
        vector.op("@@")(tsquery), passage.c.id.not_in(bounds.hidden), *bounds.in_time
    )
    best = matches.order_by(sa.desc("score"), passage.c.published_at.desc()).limit(limit)
    return await _read(connection, best, bounds, limit)


def _by_fts5(asked: _All | _Any, bounds: _Bounds, limit: int, *, in_time: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """The best matches in SQLite's word index.

    Their rows are looked at only where a time is asked for: a plain word matches tens of thousands of passages, whose
    rows lie all over a large file.
    """
    index = sa.table("passage_words", sa.column("rowid", sa.Integer))
    # bm25() is smaller for better matches; the title weighs more than the text.
    score = sa.literal_column("-bm25(passage_words, 2.0, 1.0)", sa.Float).label("score")
    matches = sa.select(index.c.rowid.label("id"), score).where(
        sa.text("passage_words MATCH :query").bindparams(query=asked.sqlite()), index.c.rowid.not_in(bounds.hidden)
    )
    if in_time:
        matches = matches.join(passage, index.c.rowid == passage.c.id).where(*bounds.in_time)
    return matches.order_by(sa.desc("score"), index.c.rowid.desc()).limit(limit)  # what came last is mostly newest


async def _read(
    connection: AsyncConnection, matches: sa.Select[*tuple[Any, ...]], bounds: _Bounds, limit: int
) -> tuple[Passage, ...]:
    """The best of some matches, with what belongs to them, best first."""
    best = matches.subquery()
    wanted = _select(best.c.score).join(best, best.c.id == passage.c.id).where(*bounds.in_time)
    rows = await connection.execute(wanted.order_by(best.c.score.desc(), passage.c.published_at.desc()).limit(limit))
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


async def of_articles(connection: AsyncConnection, ids: Collection[int]) -> tuple[Passage, ...]:
    """All passages of some articles, in their order."""
    rows = await connection.execute(
        _select().where(passage.c.article_id.in_(ids)).order_by(passage.c.article_id, passage.c.position)
    )
    return tuple(Passage(*row) for row in rows)


async def newest(
    connection: AsyncConnection, *, team_id: str, before_id: int | None, limit: int
) -> tuple[Passage, ...]:
    """The passages that a workspace may find and that came last, newest first; if one is given, those before it."""
    statement = _select().where(article.c.feed_id.not_in(hidden_from(team_id))).order_by(passage.c.id.desc())
    statement = statement.limit(limit)
    if before_id is not None:
        statement = statement.where(passage.c.id < before_id)
    return tuple(Passage(*row) for row in await connection.execute(statement))


async def count(connection: AsyncConnection) -> int:
    """How many articles can be searched: those that have been through joining."""
    found = await connection.execute(sa.select(sa.func.count()).where(article.c.stage == "done"))
    return int(found.scalar_one())


async def oldest(connection: AsyncConnection) -> datetime | None:
    """When the first passage was published; None while there is none."""
    found: datetime | None = (await connection.execute(sa.select(sa.func.min(passage.c.published_at)))).scalar_one()
    return found
