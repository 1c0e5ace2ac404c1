"""Passages: found by words (`bot.store.wordindex`), or by where they belong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Passage
from bot.store import wordindex
from bot.store.feeds import hidden_from
from bot.store.tables import article, passage, story_article
from bot.store.wordindex import AllOf, AnyOf, Bounds

#: Passages in other words than the question's, beyond those in its own.
MOST_ALSO = 60
#: Where so many passages hold all of a question's words, it need not be looked for in others.
ENOUGH = 3
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


def _select() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_COLUMNS)
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
    """Passages that hold the words: those with all of them, then those with any, each kind best first.

    Args:
        connection: to read with.
        words: plain words as they were asked, each engine stems them in its own way; anything but letters and digits
            parts words, so that no search syntax gets in.
        team_id: who asks: what private feeds brought is found by those who follow them.
        limit: how many at most.
        common: those of the words that only count beside others: what every second article holds is not looked for
            alone.
        also: words that mean nearly the same; what has any of them comes last, at most `MOST_ALSO` passages beyond
            the limit, with a score of 0. They are not looked for where `ENOUGH` passages hold all of the words.
        since: published then or later.
        until: published before then.
    """
    clean = wordindex.parts(words)
    if not clean:
        return ()
    plain = set(wordindex.parts(common))
    rare = [word for word in clean if word not in plain] or clean[:1]
    plain_ones = [word for word in clean if word not in rare]
    bounds = Bounds(team_id, since, until)
    found = await wordindex.matches(connection, AllOf(clean), bounds, limit)
    is_said = len(found) >= ENOUGH
    others = [AnyOf(rare, plain_ones)] * bool(plain_ones) + [AnyOf(rare)]
    for one in others if len(clean) > 1 else ():
        if len(found) < limit:
            more = await wordindex.matches(connection, one, bounds, limit)
            found |= {number: score for number, score in more.items() if number not in found}
    found = dict(list(found.items())[:limit])
    kin = wordindex.parts(also)
    if kin and not is_said:
        more = await wordindex.matches(connection, AnyOf(kin), bounds, MOST_ALSO)
        found |= {number: 0.0 for number in more if number not in found}
    return await _read(connection, found)


async def _read(connection: AsyncConnection, found: dict[int, float]) -> tuple[Passage, ...]:
    """The passages of these ids, in their order, with what belongs to them."""
    rows = await connection.execute(_select().where(passage.c.id.in_(found)))
    by_id = {row.id: Passage(*row) for row in rows}
    return tuple(replace(by_id[number], score=score) for number, score in found.items() if number in by_id)


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
