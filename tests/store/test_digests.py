from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from bot.models import DeliveryState, Digest, Rhythm, Slot
from bot.store import Database, channels, copies, deliveries, digests, stories

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLOT = Slot(NOW.date(), time(8, 30), NOW)
DIGEST = Digest(SLOT, "Europe/Berlin", NOW - 24 * HOUR, NOW, (), ())
RHYTHM = Rhythm("Europe/Berlin", posts=False, at=(time(8, 30), time(17)), quiet=(time(22), time(7)), hourly=3)


async def _channel(db: Database, channel_id: str = "C1") -> None:
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T1", channel_id=channel_id, name="ai", threshold=0.3, now=NOW)
        await digests.save_rhythm(
            connection, RHYTHM, team_id="T1", channel_id=channel_id, next_at=NOW, set_by="U1", now=NOW - HOUR
        )


async def _row(db: Database, key: str, state: DeliveryState, *, version: int = 1, body: str | None = None) -> None:
    async with db.write() as connection:
        story_id = int(key.split(":")[1])
        await deliveries.enqueue(
            connection,
            team_id="T1",
            channel_id="C1",
            key=key,
            state=state,
            now=NOW - HOUR,
            story_id=story_id,
            want_version=version,
            body=body,
        )


async def _story(db: Database) -> int:
    async with db.write() as connection:
        return await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)


async def test_a_rhythm_comes_back_as_it_was_and_is_one_for_a_channel(db: Database) -> None:
    """All of it survives the store; choosing again replaces it."""
    await _channel(db)
    await _channel(db)
    async with db.read() as connection:
        assert await digests.rhythm_of(connection, "T1", "C1") == (RHYTHM, NOW)
        assert await digests.rhythm_of(connection, "T2", "C1") is None
        assert await digests.next_at(connection) == NOW
        assert len(await digests.due(connection, NOW, 10)) == 1
        assert await digests.due(connection, NOW - HOUR, 10) == ()


async def test_of_two_that_take_a_due_digest_one_has_it(db: Database) -> None:
    """While one transaction has it the other finds nothing; once it is put off, it is not due any more."""
    await _channel(db)
    async with db.read() as connection:
        ((team, rhythm_id),) = await digests.due(connection, NOW, 10)
    assert team == "T1"

    async def take() -> bool:
        async with db.write() as connection:
            taken = await digests.take(connection, rhythm_id, NOW)
            if taken is not None:
                assert taken.channel.channel_id == "C1"
                assert (taken.rhythm, taken.set_at) == (RHYTHM, NOW - HOUR)
                await asyncio.sleep(0)
                await digests.put_off(connection, rhythm_id, NOW + HOUR)
            return taken is not None

    assert sorted(await asyncio.gather(take(), take())) == [False, True]
    assert not await take()


async def test_a_digest_is_kept_once_for_its_day_and_hour(db: Database) -> None:
    """A second one of the same name is refused; it is found again by the delivery's key, within its workspace."""
    await _channel(db)
    async with db.write() as connection:
        assert await digests.save(connection, DIGEST, team_id="T1", channel_id="C1", now=NOW)
        assert not await digests.save(connection, DIGEST, team_id="T1", channel_id="C1", now=NOW + HOUR)
    async with db.read() as connection:
        assert await digests.get(connection, "T1", "C1", "digest:2026-11-23:08:30") == DIGEST
        assert await digests.get(connection, "T1", "C1", "digest:2026-11-23:17:00") is None
        assert await digests.get(connection, "T2", "C1", "digest:2026-11-23:08:30") is None
        assert await digests.told_until(connection, "T1", "C1") == NOW


async def test_what_a_digest_told_stays_told_and_what_is_new_waits_for_the_next(db: Database) -> None:
    """Waiting rows are gathered until they are told; a told story that grows is not sent, its line waits."""
    await _channel(db)
    story_id = await _story(db)
    key = f"story:{story_id}"
    await _row(db, key, DeliveryState.FOR_DIGEST)

    async def waiting() -> list[str | None]:
        async with db.read() as connection:
            found = await digests.gather(connection, "T1", "C1", since=NOW - 24 * HOUR, until=NOW, recap=True)
        return [one.line for one in found]

    assert await waiting() == [None]
    async with db.write() as connection:
        assert await deliveries.claim_due(connection, NOW, 10) == ()
        (one,) = await digests.gather(connection, "T1", "C1", since=NOW - 24 * HOUR, until=NOW, recap=False)
        await digests.told(connection, {one.delivery_id: 1}, reason="It was told.")
    assert await waiting() == []
    await _row(db, key, DeliveryState.PENDING, version=2)
    async with db.write() as connection:
        assert await deliveries.claim_due(connection, NOW, 10) == ()
        assert (await deliveries.known_versions(connection, "T1", story_id)).get("C1") == 1
        assert await deliveries.told_in_digests(connection, "T1", story_id) == {"C1"}
    await _row(db, f"line:{story_id}:2", DeliveryState.FOR_DIGEST, version=2, body="Changed.")
    assert await waiting() == ["Changed."]
    async with db.read() as connection:
        assert (await deliveries.known_versions(connection, "T1", story_id)).get("C1") == 2
        assert await digests.count_waiting(connection, "T1", "C1") == 1


async def test_posts_are_counted_with_those_on_their_way(db: Database) -> None:
    """What is queued or was sent counts against a limit; what waits for the digest or was sent before does not."""
    await _channel(db)
    states = (DeliveryState.PENDING, DeliveryState.PENDING, DeliveryState.FOR_DIGEST, DeliveryState.WITHHELD)
    for state in states:
        await _row(db, f"story:{await _story(db)}", state)
    async with db.write() as connection:
        (item,) = await deliveries.claim_due(connection, NOW, 10)
        await deliveries.sent(connection, item, ts="1.1", version=1, root_ts=None, now=NOW)
        assert await deliveries.posts_since(connection, "T1", "C1", NOW - HOUR) == 2
        assert await deliveries.posts_since(connection, "T1", "C1", NOW + HOUR) == 1


async def test_a_copy_is_taken_in_hand_once(db: Database) -> None:
    """The row that permits sending is made once for each digest and target."""
    await _channel(db)
    async with db.write() as connection:
        await digests.save(connection, DIGEST, team_id="T1", channel_id="C1", now=NOW)
        (made,) = await copies.made_since(connection, NOW - HOUR)
        assert made.is_for(lambda team, name: (team, name) == ("T1", "ai"), "aa")
        first = await copies.begin(connection, made, "aa", NOW)
        assert first is not None
        assert await copies.begin(connection, made, "aa", NOW) is None
        await copies.settle(connection, first, state="sent", reason=None)
        (made,) = await copies.made_since(connection, NOW - HOUR)
        assert made.had == {"aa"}
        assert not made.is_for(lambda _team, _name: True, "aa")
        assert await copies.made_since(connection, NOW + HOUR) == ()


async def test_a_workspaces_rhythms_are_found_by_channel(db: Database) -> None:
    """Those that somebody chose, as they were chosen; another workspace's are not among them."""
    await _channel(db)
    await _channel(db, "C2")
    other = Rhythm("Asia/Tokyo", rests_weekends=True)
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T2", name="Two", bot_user_id="U0", now=NOW)
        await channels.add_channel(connection, team_id="T2", channel_id="C9", name="x", threshold=0.3, now=NOW)
        await digests.save_rhythm(connection, other, team_id="T1", channel_id="C2", next_at=NOW, set_by="U1", now=NOW)
        assert await digests.rhythms(connection, "T1") == {"C1": RHYTHM, "C2": other}
        assert await digests.rhythms(connection, "T2") == {}


async def test_why_copies_failed_is_told_by_channel(db: Database) -> None:
    """The newest reason first, each once; what was sent, is older, or is another workspace's is not told."""
    await _channel(db)
    async with db.write() as connection:
        assert await digests.save(connection, DIGEST, team_id="T1", channel_id="C1", now=NOW)
        (made,) = await copies.made_since(connection, NOW - HOUR)
        for number, (state, reason) in enumerate(
            [("failed", "No."), ("sent", None), ("failed", "Later."), ("failed", "No."), ("failed", None)]
        ):
            copy_id = await copies.begin(connection, made, f"target {number}", NOW)
            assert copy_id is not None
            await copies.settle(connection, copy_id, state=state, reason=reason)
        assert await copies.failed_since(connection, "T1", NOW - HOUR) == {
            "C1": ("It did not arrive.", "No.", "Later.")
        }
        assert await copies.failed_since(connection, "T1", NOW + HOUR) == {}
        assert await copies.failed_since(connection, "T2", NOW - HOUR) == {}
