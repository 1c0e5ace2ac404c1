"""Workers that die, end, or only sleep: what they held is done by others, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.models import Delivery, DeliveryState, IncomingQuestion
from bot.presence import Presence
from bot.signals import Bells
from bot.store import Database, articles, channels, claims, deliveries, feeds, questions, stories, workers
from bot.store.tables import article, delivery, question, worker
from bot.store.tables import feed as feed_table

Keep = Callable[..., Awaitable[int]]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def other(db: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, seen by another process."""
    assert db.worker_id
    database = Database(database_url)
    yield database
    await database.close()


async def _story_for(db: Database, channel_id: str = "C1") -> int:
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T1", channel_id=channel_id, name="ai", threshold=0.3, now=NOW)
        made = await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)
        await deliveries.enqueue(
            connection,
            team_id="T1",
            channel_id=channel_id,
            key=f"story:{made}",
            state=DeliveryState.PENDING,
            now=NOW,
            story_id=made,
        )
        return made


async def _claim(db: Database, now: datetime = NOW) -> tuple[Delivery, ...]:
    async with db.write() as connection:
        return await deliveries.claim_due(connection, now, 10)


async def _ask(db: Database, ts: str, root_ts: str | None = None, *, waits: bool = False) -> int | None:
    async with db.write() as connection:
        asked = IncomingQuestion("T1", "C1", "U1", ts, root_ts or ts, "How much?", "thread")
        return await questions.add(connection, asked, NOW, waits=waits)


async def _claimed_questions(db: Database, now: datetime = NOW) -> list[str]:
    async with db.write() as connection:
        return [row.ts for row in await questions.claim_due(connection, now, 10)]


async def _is_silent(db: Database, holder: str) -> None:
    """As if that worker had not been heard of for a minute."""
    async with db.write() as connection:
        await connection.execute(
            sa.update(worker).where(worker.c.id == holder).values(beat_at=datetime(2020, 1, 1, tzinfo=UTC))
        )


def _presence(db: Database, now: datetime = NOW) -> Presence:
    return Presence(db, bells=Bells(), clock=lambda: now, stages=("deliver",))


async def test_what_a_dead_worker_held_is_taken_up_at_once(db: Database, other: Database) -> None:
    """Feeds without waiting for the lease; what may be on its way into Slack when it can have arrived."""
    await _story_for(other)
    await _ask(other, "1.0")
    async with other.write() as connection:
        await workers.beat(connection, NOW)
        await feeds.add(connection, url="https://a.example", title="A", publisher="A", site_url=None, now=NOW)
        (polled,) = await claims.claim(
            connection, feed_table, due=feed_table.c.next_poll_at, now=NOW, lease=MINUTE, limit=1
        )
    assert len(await _claim(other)) == 1
    assert await _claimed_questions(other) == ["1.0"]
    await _is_silent(other, other.worker_id)

    await _presence(db).beat()

    async with db.write() as connection:
        again = await claims.claim(
            connection, feed_table, due=feed_table.c.next_poll_at, now=NOW, lease=MINUTE, limit=1
        )
    assert [row.id for row in again] == [polled.id]
    just_before, then = NOW + claims.SETTLING - timedelta(milliseconds=1), NOW + claims.SETTLING
    assert (await _claim(db, just_before), await _claimed_questions(db, just_before)) == ((), [])
    assert [item.state for item in await _claim(db, then)] == [DeliveryState.SENDING]
    assert await _claimed_questions(db, then) == ["1.0"]


async def test_nothing_is_taken_from_a_worker_that_lives(db: Database, other: Database) -> None:
    """As long as it shows itself, its leases hold, however long ago they began."""
    await _story_for(other)
    await _presence(other).beat()
    assert len(await _claim(other)) == 1
    await _presence(db).beat()
    assert await _claim(db, NOW + MINUTE) == ()


async def test_a_worker_that_ends_lets_go_of_its_own_only(db: Database, other: Database) -> None:
    """What it could not finish waits for nobody's lease; others keep what they hold."""
    await _story_for(db, "C1")
    await _story_for(db, "C2")
    async with other.write() as connection:
        mine = await deliveries.claim_due(connection, NOW, 1)
    theirs = await _claim(db)
    assert (len(mine), len(theirs)) == (1, 1)
    assert await _presence(other).leave() == 1
    assert [item.id for item in await _claim(db, NOW + MINUTE)] == [mine[0].id]


async def test_a_worker_that_was_asleep_finds_out_and_writes_nothing(db: Database, other: Database) -> None:
    """Its delivery and its question are another's now: it is told so, and what it settles changes nothing."""
    await _story_for(other)
    asked = await _ask(other, "1.0")
    assert asked is not None
    async with other.write() as connection:
        await workers.beat(connection, NOW)
    (item,) = await _claim(other)
    assert await _claimed_questions(other) == ["1.0"]
    await _is_silent(other, other.worker_id)
    await _presence(db).beat()
    later = NOW + MINUTE
    (taken,) = await _claim(db, later)
    assert await _claimed_questions(db, later) == ["1.0"]

    async with other.write() as connection:
        assert not await deliveries.still_ours(connection, item, later)
        assert not await questions.still_ours(connection, asked, later)
        await deliveries.settle(connection, item, state=DeliveryState.PENDING, reason="late", run_at=later, now=NOW)
        await questions.settle(connection, asked, state="failed", answer=None, reply_ts=None, now=later)
        await questions.postpone(connection, asked, later)
    async with db.write() as connection:
        assert await deliveries.still_ours(connection, taken, later)
        assert await questions.still_ours(connection, asked, later)
        row = (await connection.execute(sa.select(delivery))).one()
        assert (row.state, row.reason, row.holder) == ("sending", None, db.worker_id)
        assert (await connection.execute(sa.select(question.c.state))).scalar_one() == "pending"


async def _standing(db: Database) -> tuple[str, datetime | None, str]:
    async with db.read() as connection:
        return tuple((await connection.execute(sa.select(article.c.stage, article.c.due_at, article.c.text))).one())


async def test_a_worker_that_was_asleep_neither_moves_nor_postpones_an_article(
    db: Database, other: Database, keep: Keep
) -> None:
    """Others have read and joined it since: it is not read again, nor due for ever."""
    made = await keep("one", "", stage="read")
    async with other.write() as connection:
        await workers.beat(connection, NOW)
        assert len(await articles.claim_due(connection, "read", NOW, 1)) == 1
    await _is_silent(db, other.worker_id)
    await _presence(db).beat()
    async with db.write() as connection:
        assert len(await articles.claim_due(connection, "read", NOW, 1)) == 1
        assert await articles.settle(connection, made, stage="join", due_at=NOW, text="new")
        assert len(await articles.claim_due(connection, "join", NOW, 1)) == 1
        assert await articles.settle(connection, made, stage="done", due_at=None)
    async with other.write() as connection:
        await articles.postpone(connection, made, NOW)
        assert not await articles.settle(connection, made, stage="join", due_at=NOW, text="old")
    assert await _standing(db) == ("done", None, "new")


async def test_an_edit_that_comes_while_the_page_is_read_is_read_again(db: Database, keep: Keep) -> None:
    """What was read before it is not taken for the new edition."""
    made = await keep("one", "", stage="read")
    async with db.write() as connection:
        (row,) = await articles.claim_due(connection, "read", NOW, 1)
        await articles.change(connection, row.feed_id, row.identity, summary="new", stage="read", due_at=NOW)
        assert not await articles.settle(connection, made, stage="join", due_at=NOW, text="old")
        (again,) = await articles.claim_due(connection, "read", NOW, 1)
    assert (again.version, again.summary, again.text) == (2, "new", "")


async def test_a_worker_learns_that_it_was_taken_for_dead(db: Database, other: Database) -> None:
    """Its next beat says that it was not known any more; the one after is as usual."""
    async with other.write() as connection:
        assert not await workers.beat(connection, NOW)
        assert await workers.beat(connection, NOW)
    await _is_silent(db, other.worker_id)
    await _presence(db).beat()
    async with other.write() as connection:
        assert not await workers.beat(connection, NOW)
        assert await workers.beat(connection, NOW)


async def test_a_start_of_the_only_process_looks_for_what_may_have_arrived_after_a_while(db: Database) -> None:
    """On SQLite nobody else can hold anything; a request that was cut off may still be on its way, though."""
    await _story_for(db)
    await _claim(db)
    async with db.write() as connection:
        assert await claims.release_all(connection, NOW) == 1
    assert await _claim(db, NOW + claims.SETTLING - SECOND) == ()
    assert len(await _claim(db, NOW + claims.SETTLING)) == 1


async def test_a_thread_is_answered_in_order_whoever_answers(db: Database, other: Database) -> None:
    """The second question of a thread is nobody's until the first has its answer; other threads do not wait."""
    first = await _ask(db, "1.0")
    await _ask(db, "2.0", "1.0")
    await _ask(db, "3.0")
    assert first is not None
    assert await _claimed_questions(db) == ["1.0", "3.0"]
    assert await _claimed_questions(other) == []
    async with other.read() as connection:
        assert await questions.next_at(connection) == NOW + questions.LEASE
    async with db.write() as connection:
        await questions.settle(connection, first, state="answered", answer=None, reply_ts="1.5", now=NOW)
    assert await _claimed_questions(other) == ["2.0"]


async def test_a_reply_that_came_before_what_makes_its_thread_ours_is_answered(db: Database) -> None:
    """It waits; what was said before the bot was called into the thread is left alone."""
    await _ask(db, "2.0", "1.0", waits=True)
    await _ask(db, "4.0", "1.0", waits=True)
    assert await _claimed_questions(db) == []
    async with db.write() as connection:
        await questions.open_thread(
            connection, team_id="T1", channel_id="C1", root_ts="1.0", story_id=None, opened_by="3.0", now=NOW
        )
    assert await _claimed_questions(db) == ["4.0"]


async def test_a_reply_to_a_post_that_was_not_written_down_yet_is_answered(db: Database) -> None:
    """The process died between posting and writing it down; the reply knows its story all the same."""
    story_id = await _story_for(db)
    (item,) = await _claim(db)
    await _ask(db, "9.5", "9.0", waits=True)
    async with db.write() as connection:
        await deliveries.sent(connection, item, ts="9.0", version=1, root_ts=None, now=NOW)
        (row,) = await questions.claim_due(connection, NOW, 5)
    assert (row.ts, row.story_id) == ("9.5", story_id)


async def test_replies_in_threads_that_are_not_ours_are_deleted(db: Database) -> None:
    """After six minutes nothing is left of them; a question that waits for its answer stays."""
    await _ask(db, "1.0")
    await _ask(db, "2.0", "1.9", waits=True)
    async with db.write() as connection:
        await questions.forget_waiting(connection, NOW + questions.WAIT - SECOND)
        assert (await connection.execute(sa.select(sa.func.count()).select_from(question))).scalar_one() == 2
        await questions.forget_waiting(connection, NOW + questions.WAIT)
        assert (await connection.execute(sa.select(question.c.ts))).scalars().all() == ["1.0"]


def test_only_a_young_thread_can_still_become_ours() -> None:
    """Slack sends an event again for about six minutes, not for ever."""
    assert questions.may_become_ours(f"{(NOW - 5 * MINUTE).timestamp():.6f}", NOW)
    assert not questions.may_become_ours(f"{(NOW - 7 * MINUTE).timestamp():.6f}", NOW)


async def test_a_reply_does_not_slip_past_what_makes_its_thread_ours(db: Database, other: Database) -> None:
    """Both are written down at the same moment, in two processes: one waits for the other, and sees it."""
    asked, may_end = asyncio.Event(), asyncio.Event()

    async def reply() -> None:
        async with db.write() as connection:
            await questions.alone_in(connection, "C1", "1.0")
            assert await questions.thread_of(connection, "T1", "C1", "1.0") == (False, None)
            await questions.add(
                connection, IncomingQuestion("T1", "C1", "U1", "2.0", "1.0", "And?", "thread"), NOW, waits=True
            )
            asked.set()
            await may_end.wait()

    async def mention() -> None:
        await asked.wait()
        async with other.write() as connection:
            await questions.open_thread(
                connection, team_id="T1", channel_id="C1", root_ts="1.0", story_id=None, opened_by="1.0", now=NOW
            )

    async with asyncio.TaskGroup() as group:
        group.create_task(reply())
        opening = group.create_task(mention())
        await asked.wait()
        done, _ = await asyncio.wait({opening}, timeout=0.2)
        assert not done
        may_end.set()
    assert await _claimed_questions(db) == ["2.0"]
