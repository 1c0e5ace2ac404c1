"""Articles in a store of their own, and a newsroom that answers from it: the very code that answers in Slack.

An emulation of the search would measure the emulation. So a throw-away SQLite database is filled, and the newsroom is
asked.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from bot.clock import Clock
from bot.errors import FetchError, SettingsError
from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool
from bot.models import Answer, Article, Story
from bot.newsroom import Newsroom, Resources
from bot.signals import Bells
from bot.store import Database, articles, feeds, stories
from bot.stories.features import terms_of
from bot.stories.vectors import TermStats, WordVectors
from bot.writing.answer import Answerer
from bot.writing.brief import BriefWriter
from bot.writing.question import Query
from bot.writing.retrieve import Scored

#: As `bot.newsroom.joining` names it in the store.
_STATS = "term_stats"
_CHUNK = 200


class Listening(Answerer):
    """Answers, and keeps what it was given to answer from."""

    query: Query | None = None
    scored: tuple[Scored, ...] = ()

    async def answer(  # what it is given is the newsroom's business
        self,
        query: Query,
        scored: Sequence[Scored],
        story: Story | None = None,
        **rest: Any,  # noqa: ANN401
    ) -> Answer:
        """Answer as `Answerer` does."""
        self.query, self.scored = query, tuple(scored)
        return await super().answer(query, scored, story, **rest)


class Offline(Fetcher):
    """Reads nothing: a link in a question leads nowhere, so that two runs give the same."""

    async def get(self, url: str, **_: object) -> NoReturn:
        """Refuse.

        Raises:
            FetchError: always.
        """
        raise FetchError(f"{url} is not read here.", kind="dns")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with the passages by which it can be found."""

    article: Article
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """A newsroom over its own store.

    Attributes:
        db: the store.
        answerer: what it answered last, and from which passages.
        article_ids: the store's ids of articles by ours; `story_ids` the same of stories.
    """

    newsroom: Newsroom
    db: Database
    answerer: Listening
    article_ids: Mapping[int, int]
    story_ids: Mapping[int, int]


@contextlib.asynccontextmanager
async def open_archive(
    entries: Sequence[Entry],
    told: Sequence[Story],
    *,
    vectors: WordVectors,
    answerer: Listening,
    clock: Clock,
) -> AsyncIterator[Archive]:
    """Fill a store and open a newsroom over it; both are gone afterwards.

    Args:
        entries: the articles.
        told: their stories, if any.
        vectors: word vectors.
        answerer: writes the answers.
        clock: when questions are asked.
    """
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite+aiosqlite:///{Path(folder) / 'archive.db'}")
        try:
            await db.migrate()
            ids = await _fill(db, entries, clock())
            story_ids = await _join(db, told, ids)
            yield Archive(Newsroom(_resources(db, vectors, answerer, clock)), db, answerer, ids, story_ids)
        finally:
            await db.close()


def _resources(db: Database, vectors: WordVectors, answerer: Listening, clock: Clock) -> Resources:
    """What a newsroom needs; nothing is fetched, parsed or posted here."""
    return Resources(
        db=db,
        clock=clock,
        bells=Bells(),
        fetcher=Offline(user_agent="evaluation"),
        pool=ParserPool(),
        vectors=vectors,
        brief_writer=BriefWriter(),
        answerer=answerer,
        sender_of=_no_slack,
        reply_to=_no_slack,
    )


async def _no_slack(*_: object, **__: object) -> NoReturn:
    raise SettingsError("There is no Slack here to post to.")


async def _fill(db: Database, entries: Sequence[Entry], now: datetime) -> dict[int, int]:
    """Write articles, passages and word frequencies down as they are after joining; the store's ids by ours."""
    stats = TermStats()
    ids: dict[int, int] = {}
    async with db.write() as connection:
        feed = await feeds.add(
            connection, url="https://feed.example/", title="Evaluation", publisher="", site_url=None, now=now
        )
        for chunk in _chunks(entries):
            made = await articles.add(connection, [_row(one.article, feed.id) for one in chunk])
            for one in chunk:
                article = one.article
                ids[article.id] = made[str(article.id)]
                await articles.replace_passages(
                    connection, ids[article.id], article.title, tuple(enumerate(one.passages)), article.when
                )
                stats.add(terms_of(article))
        await articles.remember(connection, _STATS, stats.to_bytes(), now)
    return ids


def _chunks(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    yield from (entries[at : at + _CHUNK] for at in range(0, len(entries), _CHUNK))


def _row(article: Article, feed_id: int) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "identity": str(article.id),
        "url": article.url,
        "canonical_url": article.url,
        "title": article.title,
        "title_key": "",
        "publisher": article.publisher,
        "text": article.text,
        "text_source": article.text_source,
        "text_note": article.text_note,
        "summary": article.summary,
        "authors": list(article.authors),
        "categories": list(article.categories),
        "published_at": article.published_at,
        "first_seen_at": article.when,
        "content_hash": "",
        "verdict": "new",
        "reason": "",
        "stage": "done",
        "due_at": None,
    }


async def _join(db: Database, told: Sequence[Story], ids: Mapping[int, int]) -> dict[int, int]:
    """Write stories down; the store's ids by ours."""
    made: dict[int, int] = {}
    async with db.write() as connection:
        for story in told:
            lead = ids[story.articles[0].article.id]
            made[story.id] = await stories.create(
                connection, title=story.title, lead_article_id=lead, features=b"", related=(), now=story.created_at
            )
            for one in story.articles:
                await stories.join(
                    connection,
                    story_id=made[story.id],
                    article_id=ids[one.article.id],
                    score=one.score,
                    reasons=one.reasons,
                    wire_of=ids.get(one.wire_of) if one.wire_of is not None else None,
                    now=one.joined_at,
                )
    return made
