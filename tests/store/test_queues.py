"""Queue ages: what is due at each stage, and since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.models import DeliveryState, IncomingQuestion
from bot.store import Database, channels, deliveries, questions, queues, stories, workers
from bot.store.tables import delivery

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def test_an_empty_house_has_nothing_due(db: Database) -> None:
    """Each stage is named, with nothing in it."""
    async with db.read() as connection:
        found = await queues.due(connection, NOW)
    assert [(one.stage, one.items, one.oldest_s) for one in found] == [
        (stage, 0, 0.0) for stage in ("watch", "read", "join", "tell", "deliver", "answer")
    ]


async def test_ages_are_those_of_the_oldest_and_only_of_what_is_due(db: Database) -> None:
    """Two deliveries, one of them for later; a question that waits for its thread is nobody's work yet."""
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T1", channel_id="C1", name="ai", threshold=0.3, now=NOW)
        for at in (NOW, NOW + 60 * SECOND):
            made = await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=at)
            await deliveries.enqueue(
                connection,
                team_id="T1",
                channel_id="C1",
                key=f"story:{made}",
                state=DeliveryState.PENDING,
                now=at,
                story_id=made,
            )
        for ts, waits in (("1.1", False), ("1.2", True)):
            asked = IncomingQuestion("T1", "C1", "U1", ts, ts, "How much?", "thread")
            await questions.add(connection, asked, NOW, waits=waits)
    async with db.read() as connection:
        found = {one.stage: one for one in await queues.due(connection, NOW + 30 * SECOND)}
    assert (found["deliver"].items, found["deliver"].oldest_s) == (1, 30.0)
    assert (found["answer"].items, found["answer"].oldest_s) == (1, 30.0)
    async with db.write() as connection:
        await connection.execute(sa.update(delivery).values(state=DeliveryState.AMBIGUOUS))
    async with db.read() as connection:
        found = {one.stage: one for one in await queues.due(connection, NOW + 30 * SECOND)}
    assert found["deliver"].items == 0


async def test_who_is_alive_is_counted(db: Database) -> None:
    """A worker counts from its first beat until it has been silent for too long."""
    async with db.write() as connection:
        assert await workers.alive(connection, NOW) == 0
        await workers.beat(connection, NOW)
        assert await workers.alive(connection, NOW) == 1
        if db.dialect == "sqlite":  # PostgreSQL goes by its own clock
            assert await workers.alive(connection, NOW + workers.DEAD_AFTER + SECOND) == 0
