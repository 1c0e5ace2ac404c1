"""The index of passages by words: FTS5 on SQLite, a text search vector on PostgreSQL. It gives ids; no row is read.

What takes time in FTS5 is its measure: bm25() costs a microsecond for each match, and counts each word's matches in the
whole index first. So it is asked only where there are more matches than are wanted, and for the newest of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.feeds import hidden_from
from bot.store.tables import article, passage

#: Of a question; the rest of a long text would only slow the search down.
MOST_WORDS = 40
#: So many matches, the newest, are measured against each other: 20 ms on SQLite.
MOST_MEASURED = 20_000
#: Of a time that was asked for, so many passages, its newest, are held against the words: 20 ms.
MOST_OF_TIME = 50_000
#: Of the best so many times the limit those of a time are kept, before every match is held against the calendar.
_BEYOND = 6
_WORD = re.compile(r"[^\W_]+")
_INDEX = sa.table("passage_words", sa.column("rowid", sa.Integer))
# bm25() is smaller for better matches; the title weighs more than the text.
_BM25 = sa.literal_column("-bm25(passage_words, 2.0, 1.0)", sa.Float).label("score")


def parts(words: Iterable[str]) -> list[str]:
    """Letters and digits alone, each word once: no search syntax gets in."""
    found = (part for word in words for part in _WORD.findall(word.lower()))
    return list(dict.fromkeys(found))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of some words."""

    words: Sequence[str]

    def sqlite(self) -> str:
        """For FTS5."""
        return " AND ".join(f'"{word}"' for word in self.words)

    def postgresql(self) -> str:
        """For to_tsquery."""
        return " & ".join(self.words)


@dataclass(frozen=True, slots=True)
class AnyOf:
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
class Bounds:
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


async def matches(connection: AsyncConnection, asked: AllOf | AnyOf, bounds: Bounds, limit: int) -> dict[int, float]:
    """Ids of at most `limit` passages that match, best first, with the index's measure.

    Where no more match, there is nothing to choose: they come newest first, and the measure is 0.
    """
    if connection.dialect.name != "sqlite":
        return await _by_vector(connection, asked, bounds, limit)
    wanted = limit * (_BEYOND if bounds.in_time else 1)
    found = await _pairs(connection, _newest(asked, bounds).limit(wanted + 1))
    is_all = len(found) <= wanted
    if not is_all:
        found = await _pairs(connection, _best(_newest(asked, bounds, _BM25), wanted))
    if not bounds.in_time:
        return found
    in_time = await _in_time(connection, found, bounds)
    if is_all or len(in_time) >= limit:
        return dict(list(in_time.items())[:limit])
    timely = sa.select(passage.c.id).where(*bounds.in_time).order_by(passage.c.published_at.desc()).limit(MOST_OF_TIME)
    # "+" keeps SQLite from asking the index once for each of these ids.
    of_time = _newest(asked, bounds, _BM25).where(sa.literal_column("+passage_words.rowid").in_(timely))
    return await _pairs(connection, _best(of_time, limit))


def _newest(
    asked: AllOf | AnyOf, bounds: Bounds, score: sa.ColumnElement[float] | None = None
) -> sa.Select[*tuple[Any, ...]]:
    """What matches in SQLite's index, newest first, which is its own order: it stops at a limit."""
    measure = sa.literal(0.0).label("score") if score is None else score
    matching = sa.text("passage_words MATCH :query").bindparams(query=asked.sqlite())
    return (
        sa.select(_INDEX.c.rowid.label("id"), measure)
        .where(matching, _INDEX.c.rowid.not_in(bounds.hidden))
        .order_by(_INDEX.c.rowid.desc())
    )


def _best(newest: sa.Select[*tuple[Any, ...]], limit: int) -> sa.Select[*tuple[Any, ...]]:
    measured = newest.limit(MOST_MEASURED).subquery()
    return sa.select(measured).order_by(measured.c.score.desc(), measured.c.id.desc()).limit(limit)


async def _pairs(connection: AsyncConnection, statement: sa.Select[*tuple[Any, ...]]) -> dict[int, float]:
    return {row.id: row.score for row in await connection.execute(statement)}


async def _in_time(connection: AsyncConnection, found: dict[int, float], bounds: Bounds) -> dict[int, float]:
    rows = await connection.execute(sa.select(passage.c.id).where(passage.c.id.in_(found), *bounds.in_time))
    kept = set(rows.scalars())
    return {number: score for number, score in found.items() if number in kept}


async def _by_vector(connection: AsyncConnection, asked: AllOf | AnyOf, bounds: Bounds, limit: int) -> dict[int, float]:
    """What matches in PostgreSQL's index: the newest of them, measured. Unbounded, a common word ranks the archive."""
    tsquery = sa.func.to_tsquery("english", asked.postgresql())
    vector: sa.ColumnElement[str] = sa.literal_column("passage.words")
    newest = (
        sa.select(passage.c.id)
        .where(vector.op("@@")(tsquery), passage.c.id.not_in(bounds.hidden), *bounds.in_time)
        .order_by(passage.c.id.desc())
        .limit(MOST_MEASURED)
        .cte()
    )
    score = sa.func.ts_rank_cd(vector, tsquery, type_=sa.Float).label("score")
    found = sa.select(passage.c.id, score).join(newest, newest.c.id == passage.c.id)
    return await _pairs(connection, found.order_by(sa.desc("score"), passage.c.published_at.desc()).limit(limit))


async def best_score(connection: AsyncConnection, words: Sequence[str], team_id: str) -> float:
    """The index's own measure of what fits best, with all of the words counted; 0 where nothing matches."""
    clean = parts(words)
    if not clean:
        return 0.0
    asked, bounds = AnyOf(clean), Bounds(team_id)
    if connection.dialect.name == "sqlite":
        found = await _pairs(connection, _best(_newest(asked, bounds, _BM25), 1))
    else:
        found = await _by_vector(connection, asked, bounds, 1)
    return max(found.values(), default=0.0)
