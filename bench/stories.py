"""Joining one more article into a large archive, and writing a brief without a model."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from bench import archive
from bench.archive import NEWEST, SPAN, Made
from bench.measure import Heart, Sizes, Table, Target, Tell, peak_mb, quantile, shown, spread
from bench.newsdesk import newsdesk
from bot import logs
from bot.models import Story, StoryArticle
from bot.store import Database
from bot.store.tables import article, story_article
from bot.stories import facts, features, standing
from bot.stories.index import StoryIndex
from bot.stories.vectors import TermStats, word_vectors
from bot.writing import extract

NOW = NEWEST + timedelta(minutes=5)
_MOST_ARTICLES = 5


@dataclass(slots=True)
class _Timed:
    """Seconds, by what took them."""

    found: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, started: float, used: float | None = None) -> None:
        """Keep the time since `started`, and the processor's since `used`."""
        self.found.setdefault(what, []).append(time.perf_counter() - started)
        if used is not None:
            self.found.setdefault(f"  {what}: processor", []).append(time.process_time() - used)


def run(sizes: Sizes, tell: Tell) -> Table:
    """Join `sizes.samples` new articles, one by one, and write as many briefs."""
    logs.configure(level="warning", style="json")
    timed = _Timed()
    news = _new_articles(sizes)
    with tempfile.TemporaryDirectory(prefix="tapeout-bench-") as folder:
        path = archive.copy_of(sizes.articles, sizes.seed, Path(folder), tell)
        joined, stall = asyncio.run(_joins(path, news, timed, tell))
    _index_alone(news, timed, sizes.articles, tell)
    _briefs(sizes, timed, tell)
    rows = [(what, *spread(values)) for what, values in timed.found.items()]
    rows.append(("event loop held while joining", *spread(stall)))
    joins, briefs = timed.found["join an article"], timed.found["a brief, from its articles"]
    return Table(
        name="stories",
        title=f"Joining into {sizes.articles:,} open stories, and briefs without a model",
        columns=("", "median", "p95", "worst"),
        rows=tuple(rows),
        targets=(
            Target("joining an article, p95", quantile(joins, 0.95) * 1000, 20, "ms"),
            Target("a brief without a model, p95", quantile(briefs, 0.95) * 1000, 50, "ms"),
        ),
        notes=(
            f"{joined} of {len(news)} articles joined a story that was there; half of them retell one.",
            (
                f"The first join also reads the open stories into memory: {shown(timed.found['the first join'][0])}. "
                f"Peak memory {peak_mb():.0f} MB."
            ),
        ),
    )


def _new_articles(sizes: Sizes) -> list[Made]:
    """Every second one retells an article of the archive with another title and order."""
    draw = random.Random(sizes.seed + 1)
    known = list(islice(archive.pieces(sizes.articles, sizes.seed), min(sizes.articles, 2000)))
    fresh = archive.pieces(sizes.samples + 1, sizes.seed + 7)
    news = []
    for at in range(sizes.samples + 1):
        made = next(fresh)
        if at % 2:
            told = draw.choice(known).piece
            first, *others = told.paragraphs
            piece = replace(told, title=f"{told.title}, company says", paragraphs=(first, *reversed(others)))
            made = replace(made, piece=piece)
        news.append(Made(sizes.articles + 1 + at, made.piece, NOW - timedelta(minutes=1)))
    return news


async def _joins(path: Path, news: list[Made], timed: _Timed, tell: Tell) -> tuple[int, list[float]]:
    async with newsdesk(path, NOW) as (newsroom, db), Heart.beating() as heart:
        for number, made in enumerate(news):
            if number % 20 == 0:
                tell(f"stories: joining {number:,} of {len(news):,}")
            await _put(db, made)
            started, used = time.perf_counter(), time.process_time()
            assert await newsroom.join_due(limit=1) == 1
            if number:
                timed.note("join an article", started, used)
            else:
                timed.note("the first join", started)
            if number == 0:
                heart.busy.clear()
        async with db.read() as connection:
            stories = sa.select(story_article.c.story_id).where(story_article.c.article_id > news[0].id - 1)
            found = [row.story_id for row in await connection.execute(stories)]
        assert len(found) == len(news)
        return sum(1 for story_id in found if story_id < news[0].id), heart.busy


async def _put(db: Database, made: Made) -> None:
    """An article that was read and waits to be joined."""
    one = archive.as_article(made, publisher=made.id + 17)
    async with db.write() as connection:
        await connection.execute(sa.insert(article).values(archive.columns(one, stage="join", due_at=NOW)))


def _index_alone(news: list[Made], timed: _Timed, count: int, tell: Tell) -> None:
    """What of a join is the search among the open stories, and what is reading the article."""
    tell("stories: the index alone")
    stats, vectors, index = TermStats(), word_vectors(), StoryIndex()
    seen = []
    for made in news:
        started = time.perf_counter()
        seen.append(features.features(archive.as_article(made), stats, vectors))
        timed.note("  of it: features of the article", started)
    for at in range(count):
        base = seen[at % len(seen)]
        index.put(features.opening(at, replace(base, when=NOW - SPAN * (at / count))))
    for one in seen:
        started = time.perf_counter()
        index.query(one, NOW - timedelta(days=7))
        timed.note("  of it: search among the stories", started)


def _briefs(sizes: Sizes, timed: _Timed, tell: Tell) -> None:
    """Stories of one to five articles of eight to sixteen sentences."""
    tell("stories: briefs")
    made = list(archive.pieces(2 * sizes.samples + _MOST_ARTICLES, sizes.seed + 3))
    for at in range(sizes.samples):
        story = _story(made, at, NOW)
        started, used = time.perf_counter(), time.process_time()
        found = {member.article.id: facts.extract(member.article) for member in story.articles}
        standings = standing.standings(story, found)
        timed.note("  of it: figures and their standing", started)
        middle = time.perf_counter()
        extract.write(story, standings)
        timed.note("  of it: choosing the sentences", middle)
        timed.note("a brief, from its articles", started, used)


def _story(made: list[Made], at: int, now: datetime) -> Story:
    """Articles of different publishers; those after the first retell its beginning and add their own."""
    first = made[2 * at].piece
    members = []
    for number in range(1 + at % _MOST_ARTICLES):
        own = made[2 * at + number].piece
        paragraphs = own.paragraphs if number == 0 else (first.paragraphs[0], *own.paragraphs[1:])
        piece = replace(own, title=first.title, paragraphs=(*paragraphs, *made[2 * at + 1].piece.paragraphs[:2]))
        one = archive.as_article(Made(10 * at + number + 1, piece, now), publisher=number)
        members.append(StoryArticle(article=one, score=1.0, reasons=("made up",), joined_at=now))
    return Story(id=at, title=first.title, articles=tuple(members), created_at=now, updated_at=now)
