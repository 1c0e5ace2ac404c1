from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.models import DeliveryState
from bot.store import Database, articles, channels, deliveries, feeds, installations, passages, stories, teams
from bot.store.tables import article, feed, metadata, passage, story

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECRET = "https://letter.example/rss/8f3kQ29xPz71LmV0aB4t"


@pytest.fixture
async def two(db: Database) -> Database:
    """Two workspaces with the same channel; the first follows a private feed."""
    async with db.write() as connection:
        for team_id in ("T1", "T2"):
            await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="U0", now=NOW)
            await channels.add_channel(
                connection, team_id=team_id, channel_id="C1", name="news", threshold=0.3, now=NOW
            )
            await _install(connection, team_id)
        private = await feeds.add(connection, url=SECRET, title="L", publisher="L", site_url=None, now=NOW)
        assert private.is_private
        await channels.subscribe(
            connection, team_id="T1", channel_id="C1", feed_id=private.id, created_by="U1", now=NOW
        )
        values: dict[str, Any] = {
            "feed_id": private.id, "identity": "x", "url": "https://l.example/x", "canonical_url": "https://l.example/x",
            "title": "Halden", "title_key": "halden", "publisher": "L", "text": "The plant was restarted.",
            "authors": [], "categories": [], "first_seen_at": NOW, "content_hash": "h", "verdict": "new",
            "reason": "new", "stage": "done",
        }  # fmt: skip
        made = (await articles.add(connection, [values]))["x"]
        await articles.replace_passages(connection, made, "Halden", [(0, "The plant was restarted.")], NOW)
        told = await stories.create(
            connection, title="Halden", lead_article_id=made, features=b"", related=(), now=NOW,
            private_feed_id=private.id,
        )  # fmt: skip
        await stories.join(
            connection, story_id=told, article_id=made, score=1.0, reasons=("new",), wire_of=None, now=NOW
        )
    return db


async def _install(connection: Any, team_id: str) -> None:
    await installations.save(
        connection, team_id=team_id, enterprise_id=None, is_enterprise=False, name=team_id, bot_id="B",
        bot_user_id="U0", installed_by="U1", scopes="", token=f"sealed-{team_id}", refresh_token="sealed-too",
        expires_at=NOW + 12 * HOUR, rotate_at=NOW + 10 * HOUR, installed_at=NOW,
    )  # fmt: skip


async def _count(db: Database, table: sa.Table) -> int:
    async with db.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def test_deleting_a_workspace_leaves_nothing_of_it(two: Database) -> None:
    """Not a row in any table with a `team_id`; the private feed that it alone followed goes with all it brought."""
    async with two.write() as connection:
        private = await teams.private_feeds(connection, "T1")
        await teams.remove(connection, "T1")
        assert await teams.remove_orphans(connection, unread_since=NOW - HOUR, of=private) == 1
    async with two.read() as connection:
        for table in metadata.sorted_tables:
            if "team_id" in table.c:
                left = await connection.execute(sa.select(table.c.team_id).where(table.c.team_id == "T1"))
                assert left.all() == [], table.name
        assert [line.id for line in await teams.listed(connection)] == ["T2"]
        assert await passages.search(connection, ["plant"], team_id="T1") == ()
    for table in (feed, article, passage, story):
        assert await _count(two, table) == 0, table.name


async def test_a_private_feed_that_was_removed_waits_before_it_is_forgotten(two: Database) -> None:
    """Nobody follows it any more: it stays while it was read lately, so that it can be put in again."""
    async with two.write() as connection:
        await channels.unsubscribe(connection, "T1", 1)
        assert await teams.remove_orphans(connection, unread_since=NOW - HOUR) == 0
        assert await teams.remove_orphans(connection, unread_since=NOW + HOUR) == 1


async def test_a_workspace_at_rest_is_sent_nothing(two: Database) -> None:
    """Its deliveries are not claimed until the app is installed there again; the other workspace's are."""
    async with two.write() as connection:
        for team_id in ("T1", "T2"):
            await deliveries.enqueue(
                connection, team_id=team_id, channel_id="C1", key="intro", state=DeliveryState.PENDING, now=NOW
            )
        await teams.rest(connection, "T1", now=NOW, delete_at=NOW + HOUR)
        assert [item.team_id for item in await deliveries.claim_due(connection, NOW, 10)] == ["T2"]
        await channels.add_team(connection, team_id="T1", name="T1", bot_user_id="U0", now=NOW)
        assert [item.team_id for item in await deliveries.claim_due(connection, NOW, 10)] == ["T1"]
        assert await teams.next_deletion(connection) is None


async def test_an_export_holds_one_workspace_and_no_token(two: Database) -> None:
    """Every row of its own, and none of another's; the sealed tokens are left out."""
    async with two.read() as connection:
        lines = [line async for line in teams.exported(connection, "T1")]
    assert {name for name, _ in lines} >= {"team", "channel", "subscription", "installation", "feed"}
    assert "T2" not in str(lines)
    assert "sealed" not in str(lines)


async def test_a_token_is_exchanged_by_one_worker_and_not_over_a_new_installation(two: Database) -> None:
    """Claimed once; where the app was installed anew meanwhile, what the exchange brought is thrown away."""
    due = NOW + 11 * HOUR
    async with two.write() as connection:
        first, second = await installations.claim_due(connection, due, 10)
        assert await installations.claim_due(connection, due, 10) == []
        assert await installations.settle(connection, first.id, token="new", rotate_at=due + 10 * HOUR)
        await _install(connection, second.team_id)
        assert not await installations.settle(connection, second.id, token="late", rotate_at=due + 10 * HOUR)
        found = await installations.of_team(connection, second.team_id)
    assert found is not None
    assert found.token == f"sealed-{second.team_id}"


async def test_a_request_is_done_once_and_forgotten_later(db: Database) -> None:
    """The second one is known, until nobody sends it again any more."""
    async with db.write() as connection:
        assert await installations.take(connection, "event:Ev1", NOW)
        assert not await installations.take(connection, "event:Ev1", NOW)
        assert await installations.is_done(connection, "event:Ev1")
        await installations.forget_requests(connection, NOW + HOUR)
        assert not await installations.is_done(connection, "event:Ev1")
