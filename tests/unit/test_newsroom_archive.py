"""What is known of the archive: read now and then, and which words are too common to be looked for alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.newsroom.archive import COUNT_EVERY, REFRESH_EARLY, Knowledge
from bot.store import Database, articles
from bot.stories.vectors import TermStats

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def test_common_words_are_known_from_what_was_read(tmp_path: Path) -> None:
    """With many articles, words of every second one are common and rare ones are not; it is looked up again in time."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")
    now = NOW
    try:
        await db.migrate()
        knowledge = Knowledge(db, lambda: now)
        await knowledge.refresh()
        before = knowledge.rarity("verdanc")
        stats = TermStats()
        for number in range(400):
            stats.add(["cost", "plant", "verdanc"] if number % 100 == 0 else ["cost", "plant"])
        async with db.write() as connection:
            await articles.remember(connection, "term_stats", stats.to_bytes(), NOW)
        await knowledge.refresh()
        assert knowledge.rarity("verdanc") == before
        now = NOW + REFRESH_EARLY
        await knowledge.refresh()
        assert knowledge.rarity("plant") < 1 < knowledge.rarity("verdanc")
        assert knowledge.common(["plant", "cost", "verdance"]) == frozenset()  # nothing to be slow with yet
        knowledge._articles = 100_000
        assert knowledge.common(["plant", "cost", "verdance"]) == {"plant", "cost"}
        assert knowledge.common(["plant", "cost"]) < {"plant", "cost"}  # the rarest stays
        now += COUNT_EVERY
        await knowledge.refresh()
        assert knowledge.articles == 0
    finally:
        await db.close()


def test_counting_is_rarer_than_asking() -> None:
    """Counting the articles costs a walk through an index: not at each question, yet fresh enough to be told."""
    assert timedelta(seconds=5) < COUNT_EVERY < timedelta(minutes=1)
