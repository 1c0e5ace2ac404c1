from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.models import Delivery, DeliveryState
from bot.store import Database, channels, claims, deliveries, lanes, questions, stories

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


async def _channel(db: Database, channel_id: str = "C1") -> None:
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T1", channel_id=channel_id, name="ai", threshold=0.3, now=NOW)


async def _story(db: Database) -> int:
    async with db.write() as connection:
        return await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)


async def _enqueue(
    db: Database,
    story_id: int,
    *,
    version: int = 1,
    state: DeliveryState = DeliveryState.PENDING,
    channel_id: str = "C1",
    now: datetime = NOW,
) -> None:
    async with db.write() as connection:
        await deliveries.enqueue(
            connection,
            team_id="T1",
            channel_id=channel_id,
            key=f"story:{story_id}",
            state=state,
            now=now,
            story_id=story_id,
            want_version=version,
            reason="held" if state is DeliveryState.WITHHELD else None,
        )


async def _claim(db: Database, now: datetime) -> tuple[Delivery, ...]:
    async with db.write() as connection:
        return await deliveries.claim_due(connection, now, 10)


async def _sent(db: Database, item: Delivery, *, version: int, ts: str = "1.1", now: datetime = NOW) -> None:
    async with db.write() as connection:
        await deliveries.sent(connection, item, ts=ts, version=version, root_ts=None, now=now)


async def test_a_story_is_queued_once_for_a_channel(db: Database) -> None:
    """Telling a story again, as a crash would, makes no second row."""
    await _channel(db)
    story_id = await _story(db)
    for _ in range(3):
        await _enqueue(db, story_id)
    assert len(await _claim(db, NOW)) == 1
    assert await _claim(db, NOW + timedelta(seconds=10)) == ()


async def test_a_claimed_delivery_is_nobody_elses_until_its_lease_ends(db: Database) -> None:
    """A second sender gets it only after the lease, and then as one that may be in the channel already."""
    await _channel(db)
    await _enqueue(db, await _story(db))
    (first,) = await _claim(db, NOW)
    assert first.state is DeliveryState.PENDING
    assert await _claim(db, NOW + deliveries.LEASE - SECOND) == ()
    (again,) = await _claim(db, NOW + deliveries.LEASE + SECOND)
    assert again.state is DeliveryState.SENDING
    assert again.first_try_at == NOW
    assert again.attempts == 1


async def test_workers_that_want_the_same_channels_do_not_stop_each_other(db: Database, database_url: str) -> None:
    """Two that come at once share the channels' slots: none is taken twice, and neither waits in a circle."""
    names = [f"C{at:02}" for at in range(10)]
    for name in names:
        await _channel(db, name)
    for order in (names, names[::-1]) * 4:
        story_id = await _story(db)
        for at, name in enumerate(order):
            await _enqueue(db, story_id, channel_id=name, now=NOW + timedelta(microseconds=at))
    other, taken = Database(database_url), 0
    try:
        for turn in range(1, 13):
            now = NOW + turn * 2 * SECOND
            mine, others = await asyncio.gather(_claim(db, now), _claim(other, now))
            places = [item.channel_id for item in (*mine, *others)]
            assert len(places) == len(set(places))
            taken += len(places)
            for item in (*mine, *others):
                await _sent(db if item in mine else other, item, version=1, now=now)
    finally:
        await other.close()
    assert taken == 80


async def test_a_channel_gets_one_message_at_a_time(db: Database) -> None:
    """A second story goes 1.1 s after the first is settled, however long that took; other channels don't wait."""
    for channel_id in ("C1", "C2"):
        await _channel(db, channel_id)
    one, two = await _story(db), await _story(db)
    for story_id in (one, two):
        await _enqueue(db, story_id, channel_id="C1")
    await _enqueue(db, one, channel_id="C2")
    first, other = await _claim(db, NOW)
    assert {first.channel_id, other.channel_id} == {"C1", "C2"}
    late = NOW + 3 * SECOND
    assert await _claim(db, late) == ()
    await _sent(db, first, version=1, now=late)
    async with db.read() as connection:
        assert await deliveries.next_at(connection) == late + lanes.SPACING
    assert await _claim(db, late + SECOND) == ()
    (second,) = await _claim(db, late + lanes.SPACING)
    assert (second.channel_id, second.story_id) == ("C1", two)


async def test_a_lane_is_open_again_when_what_held_it_is_let_go_of(db: Database) -> None:
    """A process that died with a post in hand holds its channel up no longer than the look for that post takes."""
    await _channel(db)
    for _ in range(2):
        await _enqueue(db, await _story(db))
    assert len(await _claim(db, NOW)) == 1
    async with db.write() as connection:
        await claims.let_go(connection, None, NOW)
    assert await _claim(db, NOW + claims.SETTLING - SECOND) == ()
    assert len(await _claim(db, NOW + claims.SETTLING)) == 1


async def test_a_sent_story_that_grows_is_updated_not_posted_again(db: Database) -> None:
    """A newer version makes the same row due, with the ts of its post."""
    await _channel(db)
    story_id = await _story(db)
    await _enqueue(db, story_id)
    (item,) = await _claim(db, NOW)
    await _sent(db, item, version=1)
    await _enqueue(db, story_id, version=2)
    (update,) = await _claim(db, NOW + timedelta(seconds=10))
    assert (update.id, update.state, update.ts, update.want_version) == (item.id, DeliveryState.SENT, "1.1", 2)
    await _sent(db, update, version=2)
    await _enqueue(db, story_id, version=2)
    assert await _claim(db, NOW + timedelta(minutes=10)) == ()


async def test_a_story_that_grew_while_it_was_sent_is_updated_afterwards(db: Database) -> None:
    """What joined between claim and settle is not forgotten."""
    await _channel(db)
    story_id = await _story(db)
    await _enqueue(db, story_id)
    (item,) = await _claim(db, NOW)
    await _enqueue(db, story_id, version=2)
    await _sent(db, item, version=1)
    assert [update.want_version for update in await _claim(db, NOW + timedelta(seconds=10))] == [2]


async def test_sending_writes_the_thread_that_replies_come_in(db: Database) -> None:
    """A reply under the post finds its story without asking Slack."""
    await _channel(db)
    story_id = await _story(db)
    await _enqueue(db, story_id)
    (item,) = await _claim(db, NOW)
    await _sent(db, item, version=1, ts="9.9")
    async with db.read() as connection:
        assert await questions.thread_of(connection, "T1", "C1", "9.9") == (True, story_id)
        assert await questions.thread_of(connection, "T2", "C1", "9.9") == (False, None)


async def test_a_withheld_story_goes_out_when_it_has_grown_enough(db: Database) -> None:
    """A withheld row keeps its reason, and becomes pending with a newer version only."""
    await _channel(db)
    story_id = await _story(db)
    await _enqueue(db, story_id, state=DeliveryState.WITHHELD)
    await _enqueue(db, story_id, state=DeliveryState.PENDING)
    assert await _claim(db, NOW) == ()
    await _enqueue(db, story_id, version=2)
    assert [item.want_version for item in await _claim(db, NOW)] == [2]


async def test_a_paused_or_archived_channel_gets_nothing_and_loses_nothing(db: Database) -> None:
    """What waits for a channel goes out when the channel is open again."""
    await _channel(db)
    await _enqueue(db, await _story(db))
    async with db.write() as connection:
        await channels.pause_channel(connection, "T1", "C1", NOW)
    assert await _claim(db, NOW) == ()
    async with db.write() as connection:
        await channels.pause_channel(connection, "T1", "C1", None)
        await channels.set_state(connection, "T1", "C1", "archived", None)
    assert await _claim(db, NOW) == ()
    async with db.write() as connection:
        await channels.set_state(connection, "T1", "C1", "active", None)
    assert len(await _claim(db, NOW)) == 1


async def test_what_is_held_is_looked_up_before_it_goes_again(db: Database) -> None:
    """A held row comes back as ambiguous: it may have arrived before it was held."""
    await _channel(db)
    await _enqueue(db, await _story(db))
    (item,) = await _claim(db, NOW)
    async with db.write() as connection:
        await deliveries.settle(connection, item, state=DeliveryState.HELD, reason="not a member", run_at=None, now=NOW)
    async with db.read() as connection:
        assert [(row.state, row.reason, row.many) for row in await deliveries.troubled(connection, "T1")] == [
            ("held", "not a member", 1)
        ]
    later = NOW + timedelta(minutes=5)
    async with db.write() as connection:
        await deliveries.resume_held(connection, "T1", "C1", later)
    assert [entry.state for entry in await _claim(db, later)] == [DeliveryState.AMBIGUOUS]


async def test_slack_can_ask_a_lane_to_wait(db: Database) -> None:
    """After Retry-After, nothing goes to that channel before its time."""
    await _channel(db)
    await _enqueue(db, await _story(db))
    await _enqueue(db, await _story(db))
    (item,) = await _claim(db, NOW)
    until = NOW + timedelta(seconds=30)
    async with db.write() as connection:
        await deliveries.settle(
            connection, item, state=DeliveryState.PENDING, reason="later", run_at=NOW, now=NOW, lane_until=until
        )
    assert await _claim(db, NOW + timedelta(seconds=29)) == ()
    assert len(await _claim(db, NOW + timedelta(seconds=30))) == 1


async def test_a_line_is_told_from_what_the_last_line_told(db: Database) -> None:
    """While the post's update is late, the thread knows more than the post: the next line must not repeat it."""
    await _channel(db)
    story_id = await _story(db)

    async def known() -> int | None:
        async with db.read() as connection:
            return (await deliveries.known_versions(connection, "T1", story_id)).get("C1")

    await _enqueue(db, story_id)
    assert await known() is None
    (item,) = await _claim(db, NOW)
    await _sent(db, item, version=1)
    assert await known() == 1
    async with db.write() as connection:
        await deliveries.enqueue(
            connection,
            team_id="T1",
            channel_id="C1",
            key=f"line:{story_id}:2",
            state=DeliveryState.PENDING,
            now=NOW,
            story_id=story_id,
            want_version=2,
            body="Now also reported by B.",
        )
    assert await known() == 2
    await _sent(db, item, version=3)
    assert await known() == 3


async def test_a_story_is_withdrawn_only_while_nobody_was_told(db: Database) -> None:
    """What channels decided against goes with it; a post, one on its way, or a worker that is telling it keep it."""
    await _channel(db)
    for state in DeliveryState:
        story_id = await _story(db)
        await _enqueue(db, story_id, state=state)
        async with db.write() as connection:
            assert await stories.withdraw(connection, story_id, NOW) is (state is DeliveryState.WITHHELD)
    alone = await _story(db)
    async with db.write() as connection:
        await stories.changed(connection, alone, now=NOW, due_at=NOW)
        assert alone in {row.id for row in await stories.claim_due(connection, NOW, 20)}
    async with db.write() as connection:
        assert not await stories.withdraw(connection, alone, NOW + SECOND)
        assert await stories.withdraw(connection, alone, NOW + stories.LEASE + SECOND)
        assert await stories.get(connection, alone) is None


async def test_what_a_channel_was_not_told_lately_can_be_judged_anew(db: Database) -> None:
    """The newest first, since a moment, of this channel; forgotten it is gone, and what was told is never forgotten."""
    await _channel(db)
    await _channel(db, "C2")
    old, told, first, second, elsewhere = [await _story(db) for _ in range(5)]
    await _enqueue(db, old, state=DeliveryState.WITHHELD, now=NOW - 2 * SECOND)
    await _enqueue(db, told)
    await _enqueue(db, first, state=DeliveryState.WITHHELD)
    await _enqueue(db, second, state=DeliveryState.WITHHELD)
    await _enqueue(db, elsewhere, state=DeliveryState.WITHHELD, channel_id="C2")
    async with db.write() as connection:
        assert await deliveries.withheld_since(connection, "T1", "C1", NOW, 10) == (second, first)
        assert await deliveries.withheld_since(connection, "T1", "C1", NOW - 2 * SECOND, 10) == (second, first, old)
        assert await deliveries.withheld_since(connection, "T1", "C1", NOW, 1) == (second,)
        assert await deliveries.withheld_since(connection, "T2", "C1", NOW, 10) == ()
        assert not await deliveries.forget_withheld(connection, "T1", "C1", told)
        assert not await deliveries.forget_withheld(connection, "T1", "C1", elsewhere)
        assert await deliveries.forget_withheld(connection, "T1", "C1", first)
        assert not await deliveries.forget_withheld(connection, "T1", "C1", first)
        assert await deliveries.withheld_since(connection, "T1", "C1", NOW, 10) == (second,)
        assert len(await deliveries.told(connection, "T1", told)) == 1
