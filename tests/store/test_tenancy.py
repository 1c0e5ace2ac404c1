from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from bot import tenancy
from bot.models import DeliveryState
from bot.store import Database, channels, deliveries, feeds, policies
from bot.store.tables import channel, metadata, subscription, team

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture
async def confined(postgres: str) -> AsyncIterator[Database]:
    """A database of a role that is no superuser, with the same channel in two workspaces."""
    name = f"confined_{next(_numbers)}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    address = postgres.replace("postgresql://tapeout@", f"postgresql+psycopg://{name}@")
    database = Database(f"{address}/{name}", pool_size=2)
    await database.migrate()
    with tenancy.within(tenancy.EVERYONE):
        async with database.write() as connection:
            feed = await feeds.add(
                connection, url="https://a.example/feed", title="A", publisher="A", site_url=None, now=NOW
            )
            for team_id in ("T1", "T2"):
                await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="U0", now=NOW)
                await channels.add_channel(
                    connection, team_id=team_id, channel_id="C1", name="news", threshold=0.3, now=NOW
                )
                await channels.subscribe(
                    connection, team_id=team_id, channel_id="C1", feed_id=feed.id, created_by="U1", now=NOW
                )
                await deliveries.enqueue(
                    connection, team_id=team_id, channel_id="C1", key="intro", state=DeliveryState.PENDING, now=NOW
                )
    yield database
    await database.close()


async def _owners(database: Database, table: sa.Table) -> set[str]:
    column = table.c.id if table is team else table.c.team_id
    async with database.read() as connection:
        return set((await connection.execute(sa.select(column))).scalars())


async def test_every_table_with_rows_of_workspaces_is_confined(confined: Database) -> None:
    """PostgreSQL's own catalogue has a forced policy for each of them: a new table cannot be forgotten."""
    async with confined.read() as connection:
        forced = await connection.execute(
            sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        )
        policed = await connection.execute(sa.text("SELECT tablename FROM pg_policies"))
        names = {table.name for table in metadata.sorted_tables if "team_id" in table.c} | {"team", "lane"}
        assert set(forced.scalars()) == names
        assert set(policed.scalars()) == names
    assert set(policies.owners()) == names


async def test_a_query_without_a_condition_sees_its_own_workspace_alone(confined: Database) -> None:
    """`SELECT team_id FROM …`, with no WHERE at all, gives the rows of whoever asks; nobody gets none."""
    for table in (team, channel, subscription):
        assert await _owners(confined, table) == set(), "nobody asked"
        with tenancy.within("T1"):
            assert await _owners(confined, table) == {"T1"}
        with tenancy.within("T3"):
            assert await _owners(confined, table) == set()
        with tenancy.within(tenancy.EVERYONE):
            assert await _owners(confined, table) == {"T1", "T2"}
        assert await _owners(confined, table) == set(), "the setting ended with its transaction"


async def test_nothing_can_be_written_into_another_workspace(confined: Database) -> None:
    """An insert is refused; an update and a delete without a condition leave the others' rows as they are."""
    with tenancy.within("T1"):
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            async with confined.write() as connection:
                await channels.add_channel(
                    connection, team_id="T2", channel_id="C2", name="taken", threshold=0.3, now=NOW
                )
        async with confined.write() as connection:
            changed = await connection.execute(sa.update(channel).values(name="mine"))
            assert changed.rowcount == 1
            await connection.execute(sa.delete(subscription))
    with tenancy.within(tenancy.EVERYONE):
        assert await _owners(confined, subscription) == {"T2"}
        async with confined.read() as connection:
            found = await channels.get(connection, "T2", "C1")
        assert found is not None
        assert found.name == "news"


async def test_the_loops_claim_for_all_and_settle_within_one(confined: Database) -> None:
    """Due rows of both workspaces are claimed in one go; within one of them, the other's delivery cannot be settled."""
    with tenancy.within(tenancy.EVERYONE):
        async with confined.write() as connection:
            claimed = await deliveries.claim_due(connection, NOW, 10)
    assert {item.team_id for item in claimed} == {"T1", "T2"}
    with tenancy.within("T1"):
        for item in claimed:
            async with confined.write() as connection:
                await deliveries.sent(connection, item, ts="1.1", version=1, root_ts=None, now=NOW)
    with tenancy.within(tenancy.EVERYONE):
        async with confined.read() as connection:
            assert await deliveries.states(connection) == {"sent": 1, "sending": 1}


async def test_migrating_again_and_at_the_same_time_is_harmless(confined: Database) -> None:
    """The second one waits for the first and finds nothing to do; the policies stay as they are."""
    await asyncio.gather(confined.migrate(), confined.migrate())
    with tenancy.within("T1"):
        assert await _owners(confined, channel) == {"T1"}


async def test_a_role_that_passes_by_the_policies_is_noticed(confined: Database, postgres: str) -> None:
    """A superuser sees everything, whatever the policies say; so the start can warn of it."""
    assert not await confined.sees_everything()
    url = confined._url.set(username="tapeout")
    superuser = Database(url.render_as_string(hide_password=False))
    try:
        assert await superuser.sees_everything()
        assert await _owners(superuser, channel) == {"T1", "T2"}
    finally:
        await superuser.close()
    assert postgres
