"""Points 7, 8, 19 and 22 of polite feed reading, on the newsroom with its store: what the publisher and readers see."""

from __future__ import annotations

from datetime import timedelta

from bot.feeds import moves
from bot.models import FeedState
from bot.store import feeds

from .conftest import NOW, Item, Reply, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def items(*numbers: int, age: timedelta = HOUR) -> tuple[Item, ...]:
    """Items that were published a while ago."""
    return tuple(Item(number, NOW - age - timedelta(minutes=number)) for number in numbers)


async def test_point_07_a_restart_causes_no_early_poll_and_no_unconditional_get(world: World) -> None:
    """The next process waits for the time that the last one wrote down, and asks with the validators it stored."""
    url = world.site.put("/feed", Reply(items(0, 1), etag='"v1"', headers={"Cache-Control": "max-age=7200"}))
    async with world.start() as first:
        await first.subscribe(url)
        await first.settle()
        due = await first.newsroom.next_poll_at()
    assert due is not None
    assert due - NOW >= 2 * HOUR
    assert len(world.room.briefs()) == 2
    world.site.forget()
    async with world.start(due - timedelta(minutes=1)) as second:
        assert await second.turn() == 0
        assert world.site.paths() == []
        second.now = due
        await second.turn()
    assert [(path, headers.get("If-None-Match")) for path, headers in world.site.asked] == [("/feed", '"v1"')]
    assert len(world.room.briefs()) == 2


async def test_point_08_a_manual_refresh_stays_conditional(world: World) -> None:
    """Someone who asks for a feed at once causes one conditional GET, and the feed keeps its place in the schedule."""
    url = world.site.put("/feed", Reply(items(0), etag='"v1"', headers={"Cache-Control": "max-age=7200"}))
    async with world.start() as desk:
        await desk.subscribe(url)
        await desk.settle()
        world.site.forget()
        desk.now += timedelta(minutes=5)
        (done,) = await desk.newsroom.refresh(world.admin, "C1", "site news")
        assert (done.outcome, done.new, done.subscription.feed.state) == ("not_modified", 0, FeedState.FRESH)
        assert [headers.get("If-None-Match") for _, headers in world.site.asked] == ['"v1"']
        world.site.put("/feed", Reply(items(0, 1), etag='"v2"'))
        (done,) = await desk.newsroom.refresh(world.admin, "C1", None)
        assert (done.outcome, done.new) == ("new", 1)
        assert done.subscription.feed.next_poll_at is not None
        assert done.subscription.feed.next_poll_at > desk.now
        await desk.settle()
    assert len(world.room.briefs()) == 2


async def test_a_refresh_of_a_feed_in_somebodys_hands_asks_nobody(world: World) -> None:
    """A feed is never read by two at once: the second is told so."""
    url = world.site.put("/feed", Reply(items(0)))
    async with world.start() as desk:
        await desk.subscribe(url)
        async with desk.db.write() as connection:
            (held,) = await feeds.claim_due(connection, desk.now, 1)
        (done,) = await desk.newsroom.refresh(world.admin, "C1", held.url)
    assert done.outcome == "busy"
    assert world.site.paths() == []


async def test_point_19_a_move_onto_a_feed_that_is_followed_merges_without_a_repost(world: World) -> None:
    """Each channel has each story once, before and after; what only the old feed had read is known to the new one."""
    old = world.site.put("/old", Reply(items(0, 1, 2), etag='"o1"'))
    new = world.site.put("/new", Reply(items(0, 1), etag='"n1"'))
    async with world.start() as desk:
        await desk.subscribe(old, channel="C1")
        await desk.subscribe(new, channel="C1")
        await desk.subscribe(old, channel="C2")
        await desk.settle()
        assert [len(world.room.briefs(channel)) for channel in ("C1", "C2")] == [3, 3]
        # The new feed is not read while the old one moves, then holds what the old one had read first.
        async with desk.db.write() as connection:
            target = await feeds.by_url(connection, new)
            assert target is not None
            await feeds.settle(connection, [{"id": target.id, "next_poll_at": desk.now + 30 * DAY}])
        world.site.put("/old", Reply(status=301, headers={"Location": new}))
        world.site.put("/new", Reply(items(0, 1, 2), etag='"n2"'))
        await desk.pass_time(moves.WAIT + DAY)
        async with desk.db.read() as connection:
            source, target = await feeds.by_url(connection, old), await feeds.by_url(connection, new)
        assert source is not None
        assert target is not None
        assert (source.state, source.next_poll_at) == (FeedState.MOVED, None)
        world.site.forget()
        (done, *more) = await desk.newsroom.refresh(world.admin, "C2", None)
        assert (done.subscription.feed.url, done.new, more) == (new, 0, [])
        world.site.put("/new", Reply((*items(0, 1, 2), Item(5, desk.now)), etag='"n3"'))
        await desk.newsroom.refresh(world.admin, "C1", None)
        await desk.settle()
        assert set(world.site.paths()) == {"/new"}
    assert [len(world.room.briefs(channel)) for channel in ("C1", "C2")] == [4, 4]
    moved = [item for item in world.room.messages.values() if ":moved:" in item.key]
    assert len(moved) == 1  # one person put it into both channels, and hears once
    assert new in moved[0].text


async def test_point_22_one_fetch_serves_every_channel_of_every_workspace(world: World) -> None:
    """Four channels in two workspaces cost one GET, and each gets the story."""
    url = world.site.put("/feed", Reply(items(0)))
    async with world.start() as desk:
        for team, channel in (("T1", "C1"), ("T1", "C2"), ("T2", "C3"), ("T2", "C4")):
            await desk.subscribe(url, channel=channel, team=team)
        await desk.settle()
    assert world.site.paths() == ["/feed"]
    assert [len(world.room.briefs(channel)) for channel in ("C1", "C2", "C3", "C4")] == [1, 1, 1, 1]
