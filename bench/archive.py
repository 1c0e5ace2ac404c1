"""An archive of many made-up articles, each a story of its own, made once and kept.

Making a hundred thousand takes a minute or two, so the file stays below `var/bench/` under a name that tells its size,
its seed and the form of the tables that it fills; measurements work on a copy, brought to the newest revision.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.measure import Tell
from bench.texts import Desk, Piece
from bot.models import Article
from bot.store import Database, articles
from bot.store.tables import article, feed, passage, story, story_article
from bot.stories import features
from bot.stories.vectors import BUCKETS, DIMENSIONS, Terms, TermStats, unit_rows, word_vectors

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench"
#: All of the archive is younger than the time in which a story may still grow: the worst case for joining.
NEWEST = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPAN = timedelta(days=6)
_BATCH = 2000
_REAL = 2000  # articles whose features are computed; the others' are variations of these
_PUBLISHERS = 40
_READ = 5000  # articles whose words are counted, which tells what share of all holds a word
_FILLED = (article, feed, story, story_article, passage)


@dataclass(frozen=True, slots=True)
class Made:
    """One article of the archive, as it was made up."""

    id: int
    piece: Piece
    when: datetime


def pieces(count: int, seed: int) -> Iterator[Made]:
    """The archive's articles, oldest first; the same ones for the same seed."""
    desk = Desk(seed)
    start = NEWEST - SPAN
    for at in range(count):
        yield Made(at + 1, desk.write(4, 8), start + SPAN * (at / count))


def as_article(made: Made, *, article_id: int | None = None, publisher: int | None = None) -> Article:
    """It as the store gives it."""
    number = (made.id if publisher is None else publisher) % _PUBLISHERS
    key = article_id or made.id
    return Article(
        id=key,
        feed_id=number + 1,
        identity=f"guid:{key}",
        url=f"https://paper{number}.example/{key}",
        title=made.piece.title,
        publisher=f"Paper {number}",
        text=made.piece.text,
        text_source="page",
        summary=made.piece.paragraphs[0],
        published_at=made.when,
        first_seen_at=made.when,
    )


def copy_of(count: int, seed: int, folder: Path, tell: Tell) -> Path:
    """A copy of the archive in `folder`; makes the archive first where it is not there yet."""
    form = hashlib.sha256("".join(str(sa.schema.CreateTable(table)) for table in _FILLED).encode())
    kept = FOLDER / f"archive-{count}-{seed}-{form.hexdigest()[:8]}.db"
    if not kept.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob(f"archive-{count}-{seed}-*.db"):
            old.unlink()  # of another form of the tables
        with tempfile.TemporaryDirectory(dir=FOLDER) as making:
            path = Path(making) / "archive.db"
            asyncio.run(_make(path, count, seed, tell))
            path.replace(kept)
    path = Path(shutil.copyfile(kept, folder / "archive.db"))
    asyncio.run(_brought_up(path, count, seed))
    return path


async def _brought_up(path: Path, count: int, seed: int) -> None:
    """Migrate a copy, and let it know how rare words are, as a bot does that has read them."""
    stats = TermStats()
    for made in islice(pieces(count, seed), _READ):
        stats.add(features.terms_of(as_article(made)))
    db = Database(f"sqlite+aiosqlite:///{path}")
    try:
        await db.migrate()
        async with db.write() as connection:
            await articles.remember(connection, "term_stats", stats.to_bytes(), NEWEST)
    finally:
        await db.close()


async def _make(path: Path, count: int, seed: int, tell: Tell) -> None:
    db = Database(f"sqlite+aiosqlite:///{path}")
    try:
        await db.migrate()
        async with db.write() as connection:
            await connection.execute(sa.insert(feed), [_feed(number) for number in range(_PUBLISHERS)])
        forms = _Forms(seed)
        batch: list[Made] = []
        for made in pieces(count, seed):
            batch.append(made)
            if len(batch) == _BATCH or made.id == count:
                async with db.write() as connection:
                    await _write(connection, batch, forms)
                tell(f"the archive is made: {made.id:,} of {count:,} articles (kept for the next time)")
                batch = []
        async with db.read() as connection:
            await connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    finally:
        await db.close()


class _Forms:
    """Stories' features: computed for the first, varied for the others."""

    def __init__(self, seed: int) -> None:
        self._draw = np.random.default_rng(seed)
        self._real: list[features.StoryFeatures] = []
        self._stats = TermStats()
        self._vectors = word_vectors()

    def of(self, made: Made) -> bytes:
        if len(self._real) < _REAL:
            found = features.opening(made.id, features.features(as_article(made), self._stats, self._vectors))
            self._real.append(found)
            return features.story_to_bytes(found)
        base = self._real[made.id % _REAL]
        noise = self._draw.standard_normal(DIMENSIONS).astype(np.float32) / np.sqrt(DIMENSIONS)
        other = self._draw.integers(0, BUCKETS, base.terms.ids.size, dtype=np.uint32)
        ids = np.unique(np.where(self._draw.random(base.terms.ids.size) < 0.6, other, base.terms.ids))
        weights = self._draw.permutation(base.terms.weights)[: ids.size]
        varied = replace(
            base,
            story_id=made.id,
            first=made.when,
            last=made.when,
            vector=unit_rows((base.vector + 0.7 * noise)[None, :])[0],
            terms=Terms(ids.astype(np.uint32), unit_rows(weights[None, :])[0]),
            copies=(replace(base.copies[0], article_id=made.id, url=f"https://paper.example/{made.id}"),),
        )
        return features.story_to_bytes(varied)


async def _write(connection: AsyncConnection, batch: list[Made], forms: _Forms) -> None:
    await connection.execute(sa.insert(article), [columns(as_article(made)) for made in batch])
    await connection.execute(sa.insert(story), [_story(made, forms.of(made)) for made in batch])
    await connection.execute(
        sa.insert(story_article),
        [
            {"article_id": made.id, "story_id": made.id, "score": 0.0, "reasons": ["made up"], "joined_at": made.when}
            for made in batch
        ],
    )
    await connection.execute(
        sa.insert(passage),
        [
            {
                "article_id": made.id,
                "position": position,
                "title": made.piece.title,
                "text": text,
                "published_at": made.when,
            }
            for made in batch
            for position, text in enumerate(made.piece.paragraphs)
        ],
    )


def columns(one: Article, *, stage: str = "done", due_at: datetime | None = None) -> dict[str, Any]:
    """An article as a row."""
    return {
        "id": one.id,
        "feed_id": one.feed_id,
        "identity": one.identity,
        "guid": one.identity,
        "url": one.url,
        "canonical_url": one.url,
        "title": one.title,
        "title_key": one.title.lower(),
        "publisher": one.publisher,
        "summary": one.summary,
        "content": one.text,
        "text": one.text,
        "text_source": one.text_source,
        "authors": [],
        "categories": [],
        "published_at": one.published_at,
        "first_seen_at": one.first_seen_at,
        "content_hash": one.identity,
        "verdict": "new",
        "reason": "It was not in the feed before.",
        "stage": stage,
        "due_at": due_at,
    }


def _feed(number: int) -> dict[str, Any]:
    return {
        "id": number + 1,
        "url": f"https://paper{number}.example/feed",
        "title": f"Paper {number}",
        "publisher": f"Paper {number}",
        "state": "fresh",
        "created_at": NEWEST - SPAN,
    }


def _story(made: Made, form: bytes) -> dict[str, Any]:
    return {
        "id": made.id,
        "title": made.piece.title,
        "lead_article_id": made.id,
        "created_at": made.when,
        "updated_at": made.when,
        "version": 1,
        "told_version": 1,
        "features": form,
        "related": [],
    }
