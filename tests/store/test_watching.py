from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.models import DeliveryState
from bot.store import Database, articles, channels, deliveries, feeds
from bot.store.tables import poll

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def _team(db: Database, team_id: str = "T1") -> None:
    async with db.write() as connection:
        await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="UBOT", now=NOW)
        await channels.add_channel(connection, team_id=team_id, channel_id="C1", name="ai", threshold=0.3, now=NOW)


async def _feed(db: Database, url: str, team_id: str = "T1", by: str = "UADA") -> int:
    async with db.write() as connection:
        made = await feeds.add(connection, url=url, title="A", publisher="A", site_url=None, now=NOW)
        await channels.subscribe(connection, team_id=team_id, channel_id="C1", feed_id=made.id, created_by=by, now=NOW)
        return made.id


def _article(feed_id: int, identity: str, url: str) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "identity": identity,
        "guid": identity,
        "url": url,
        "canonical_url": url,
        "url_key": url,
        "title": identity,
        "title_key": identity,
        "publisher": "A",
        "authors": [],
        "categories": [],
        "first_seen_at": NOW,
        "content_hash": "x",
        "verdict": "new",
        "reason": "It was not in the feed before.",
        "stage": "done",
    }


async def test_a_persons_direct_messages_take_a_notice_and_are_in_no_list(db: Database) -> None:
    """The ledger claims the notice once; lists, trouble and names know of channels alone."""
    await _team(db)
    for _ in range(2):
        async with db.write() as connection:
            await channels.add_direct(connection, team_id="T1", user_id="UADA00001", now=NOW)
            await deliveries.enqueue(
                connection,
                team_id="T1",
                channel_id="UADA00001",
                key="feed:7:broken:20261121T120000",
                state=DeliveryState.PENDING,
                now=NOW,
                body="It is broken.",
            )
    async with db.write() as connection:
        (item,) = await deliveries.claim_due(connection, NOW, 10)
        assert (item.channel_id, item.body) == ("UADA00001", "It is broken.")
        await deliveries.settle(connection, item, state=DeliveryState.HELD, reason="not visible", run_at=None, now=NOW)
    async with db.read() as connection:
        assert [entry.channel.channel_id for entry in await channels.subscriptions(connection, "T1")] == ["C1"]
        assert await channels.by_name(connection, "T1", "direct messages") is None
        assert await deliveries.troubled(connection, "T1") == []


async def test_followers_are_those_of_all_workspaces(db: Database) -> None:
    """A feed that breaks is everybody's who follows it."""
    for team_id, by in (("T1", "UADA"), ("T2", "UBOB")):
        await _team(db, team_id)
        feed_id = await _feed(db, "https://a.example/feed", team_id, by)
    async with db.read() as connection:
        rows = await channels.followers(connection, feed_id)
    assert [(row.team_id, row.created_by, row.bot_user_id) for row in rows] == [
        ("T1", "UADA", "UBOT"),
        ("T2", "UBOB", "UBOT"),
    ]


async def test_many_feeds_are_added_once(db: Database) -> None:
    """Those that are known keep their place in the schedule, and a channel's subscriptions are not doubled."""
    await _team(db)
    known = await _feed(db, "https://a.example/feed")
    rows = [
        {
            "url": f"https://{name}.example/feed",
            "title": name,
            "publisher": name,
            "site_url": None,
            "next_poll_at": NOW + DAY,
            "first_limit": 0,
        }
        for name in "abc"
    ]
    async with db.write() as connection:
        ids = await feeds.add_all(connection, rows, NOW)
        assert ids["https://a.example/feed"] == known
        for expected in (2, 0):
            added = await channels.subscribe_all(
                connection,
                team_id="T1",
                channel_id="C1",
                feed_ids=list(ids.values()),
                created_by="UADA",
                now=NOW,
            )
            assert len(added) == expected
        old = await feeds.by_url(connection, "https://a.example/feed")
        new = await feeds.by_url(connection, "https://b.example/feed")
    assert old is not None
    assert new is not None
    assert (old.next_poll_at, old.first_limit) == (NOW, None)
    assert (new.next_poll_at, new.first_limit) == (NOW + DAY, 0)


async def test_a_feed_is_claimed_by_one_for_a_refresh(db: Database) -> None:
    """Due or not, it is in one hand at a time."""
    await _team(db)
    feed_id = await _feed(db, "https://a.example/feed")
    async with db.write() as connection:
        await feeds.settle(connection, [{"id": feed_id, "next_poll_at": NOW + DAY}])
        assert await feeds.claim_one(connection, feed_id, NOW) is not None
        assert await feeds.claim_one(connection, feed_id, NOW) is None


async def test_adopted_articles_are_known_to_their_new_feed(db: Database) -> None:
    """They go over under the identity they get there, and the others stay."""
    await _team(db)
    source = await _feed(db, "https://old.example/feed")
    target = await _feed(db, "https://new.example/feed")
    async with db.write() as connection:
        await articles.add(connection, [_article(source, name, f"https://a.example/{name}") for name in ("x", "y")])
        await articles.add(connection, [_article(target, "x", "https://a.example/other")])
        await articles.adopt(connection, source_id=source, target_id=target, identities={"x": "moved:x"})
        assert [row.identity for row in await articles.known(connection, source)] == ["y"]
        assert {row.identity for row in await articles.known(connection, target)} == {"x", "moved:x"}


async def test_an_article_is_found_by_its_address_in_the_workspace_that_follows_its_feed(db: Database) -> None:
    """Another workspace's feeds are not shown, whatever is asked for."""
    await _team(db, "T1")
    await _team(db, "T2")
    feed_id = await _feed(db, "https://a.example/feed", "T1")
    async with db.write() as connection:
        await articles.add(connection, [_article(feed_id, "x", "https://a.example/x")])
        wanted = {"url": "https://a.example/x", "canonical_url": "https://a.example/x"}
        (row,) = await articles.found_at(connection, "T1", **wanted)
        assert (row.verdict, row.feed_url, row.story_id) == ("new", "https://a.example/feed", None)
        assert await articles.found_at(connection, "T2", **wanted) == []


async def test_a_history_is_forgotten_after_its_time(db: Database) -> None:
    """Older lines of the named feeds go, newer ones and other feeds' stay."""
    await _team(db)
    one, other = await _feed(db, "https://a.example/feed"), await _feed(db, "https://b.example/feed")
    lines = [
        {"feed_id": feed_id, "at": NOW - DAY * days, "outcome": "new", "elapsed_ms": 1}
        for feed_id in (one, other)
        for days in (1, 40)
    ]
    async with db.write() as connection:
        await feeds.record_polls(connection, lines)
        await feeds.prune_history(connection, [one], NOW - 30 * DAY)
        rows = (await connection.execute(sa.select(poll.c.feed_id, poll.c.at).order_by(poll.c.id))).all()
    assert [(row.feed_id, (NOW - row.at).days) for row in rows] == [(one, 1), (other, 1), (other, 40)]
