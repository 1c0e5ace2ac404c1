from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.models import DeliveryState, FeedState
from bot.store import Database, channels, deliveries, feeds, teams

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def _subscribe(db: Database, team_id: str, channel_id: str, url: str) -> bool:
    async with db.write() as connection:
        await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="U0", now=NOW)
        await channels.add_channel(
            connection, team_id=team_id, channel_id=channel_id, name=channel_id.lower(), threshold=0.3, now=NOW
        )
        feed = await feeds.add(connection, url=url, title=f"Feed {url}", publisher="P", site_url=None, now=NOW)
        return await channels.subscribe(
            connection, team_id=team_id, channel_id=channel_id, feed_id=feed.id, created_by="U1", now=NOW
        )


async def test_a_feed_is_put_into_a_channel_once(db: Database) -> None:
    """Subscribing again says so and changes nothing."""
    assert await _subscribe(db, "T1", "C1", "https://a.example/feed")
    assert not await _subscribe(db, "T1", "C1", "https://a.example/feed")
    async with db.read() as connection:
        (entry,) = await channels.subscriptions(connection, "T1")
    assert [item.feed.url for item in entry.subscriptions] == ["https://a.example/feed"]


async def test_one_feed_serves_every_workspace(db: Database) -> None:
    """Two workspaces with one feed make one poll, and neither sees the other's channels."""
    await _subscribe(db, "T1", "C1", "https://a.example/feed")
    await _subscribe(db, "T2", "C2", "https://a.example/feed")
    async with db.write() as connection:
        assert len(await feeds.claim_due(connection, NOW, 10)) == 1
    async with db.read() as connection:
        assert [entry.channel.channel_id for entry in await channels.subscriptions(connection, "T1")] == ["C1"]
        assert await channels.subscriptions(connection, "T1", "C2") == ()


async def test_a_feed_that_nobody_wants_is_not_polled(db: Database) -> None:
    """Removing or pausing its last subscription ends the polls; resuming starts them again."""
    await _subscribe(db, "T1", "C1", "https://a.example/feed")
    async with db.read() as connection:
        (entry,) = await channels.subscriptions(connection, "T1")
    (subscription,) = entry.subscriptions
    async with db.write() as connection:
        await channels.set_paused(connection, "T1", (subscription.id,), NOW)
        assert await feeds.claim_due(connection, NOW, 10) == ()
        assert await feeds.next_poll(connection) is None
        await channels.set_paused(connection, "T1", (subscription.id,), None)
        assert len(await feeds.claim_due(connection, NOW, 10)) == 1
        await channels.unsubscribe(connection, "T1", subscription.id)
        assert await feeds.claim_due(connection, NOW + timedelta(hours=1), 10) == ()


async def test_another_workspace_cannot_remove_a_subscription(db: Database) -> None:
    """Queries name the team: a foreign id does nothing."""
    await _subscribe(db, "T1", "C1", "https://a.example/feed")
    async with db.write() as connection:
        (entry,) = await channels.subscriptions(connection, "T1")
        await channels.unsubscribe(connection, "T2", entry.subscriptions[0].id)
        await channels.set_paused(connection, "T2", (entry.subscriptions[0].id,), NOW)
        (after,) = await channels.subscriptions(connection, "T1")
    assert after == entry


async def test_channels_that_want_a_feed_leave_out_the_paused(db: Database) -> None:
    """`wanting` gives each channel once, with the feeds that it follows and since when."""
    await _subscribe(db, "T1", "C1", "https://a.example/feed")
    await _subscribe(db, "T1", "C1", "https://b.example/feed")
    await _subscribe(db, "T2", "C2", "https://a.example/feed")
    async with db.write() as connection:
        await channels.pause_channel(connection, "T2", "C2", NOW)
        ids = tuple([feed.id for feed in await feeds.claim_due(connection, NOW, 10)])
        found = await channels.wanting(connection, ids)
    assert [(channel.channel_id, since) for channel, since in found] == [("C1", dict.fromkeys(ids, NOW))]


async def test_a_feed_that_moves_onto_another_gives_it_its_subscriptions(db: Database) -> None:
    """Merging leaves no channel with the feed twice and none without it."""
    await _subscribe(db, "T1", "C1", "https://old.example/feed")
    await _subscribe(db, "T1", "C1", "https://new.example/feed")
    await _subscribe(db, "T1", "C2", "https://old.example/feed")
    async with db.write() as connection:
        old = await feeds.by_url(connection, "https://old.example/feed")
        new = await feeds.by_url(connection, "https://new.example/feed")
        assert old is not None
        assert new is not None
        await feeds.merge(connection, source_id=old.id, target_id=new.id)
        entries = await channels.subscriptions(connection, "T1")
        moved = await feeds.by_url(connection, "https://old.example/feed")
    assert {entry.channel.channel_id: [item.feed.url for item in entry.subscriptions] for entry in entries} == {
        "C1": ["https://new.example/feed"],
        "C2": ["https://new.example/feed"],
    }
    assert moved is not None
    assert moved.state is FeedState.MOVED


async def test_a_workspace_that_leaves_takes_everything_with_it(db: Database) -> None:
    """`teams.remove` deletes its rows and no one else's."""
    await _subscribe(db, "T1", "C1", "https://a.example/feed")
    await _subscribe(db, "T2", "C2", "https://a.example/feed")
    async with db.write() as connection:
        for team_id, channel_id in (("T1", "C1"), ("T2", "C2")):
            await deliveries.enqueue(
                connection, team_id=team_id, channel_id=channel_id, key="intro", state=DeliveryState.PENDING, now=NOW
            )
        await deliveries.claim_due(connection, NOW, 10)
        await teams.remove(connection, "T1")
        assert await channels.teams(connection) == ("T2",)
        assert await channels.subscriptions(connection, "T1") == ()
        assert await deliveries.counts(connection, "T1", NOW) == {}
        assert await deliveries.counts(connection, "T2", NOW) == {"C2": (0, 1)}
