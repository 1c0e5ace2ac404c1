"""PostgreSQL behind a transaction pooler: each transaction may have another server connection."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot import tenancy
from bot.models import DeliveryState
from bot.store import Database, channels, deliveries
from bot.store.tables import channel

from .conftest import load

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TEAMS = ("T1", "T2", "T3")
_numbers = itertools.count(1)


@pytest.fixture
def pooled(postgres: str) -> Iterator[str]:
    """The address of an empty database behind a pooler, for a role that row-level security holds for."""
    helper = load("tests_store_pgbouncer", Path(__file__).parent / "pgbouncer.py")
    program = helper.program()
    if program is None:
        common = load("tests_conftest", Path(__file__).parent.parent / "conftest.py")
        common.missing("PgBouncer", "install the package pgbouncer")
    name = f"pooled_{next(_numbers)}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    with helper.pooler(program, postgres.replace("tapeout@", f"{name}@")) as address:
        yield f"{address.replace('postgresql:', 'postgresql+psycopg:')}/{name}"


@pytest.fixture
async def two(pooled: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' databases behind the same pooler, migrated through it, with a channel in each workspace."""
    made = Database(pooled), Database(pooled)
    await asyncio.gather(*(each.migrate() for each in made))
    with tenancy.within(tenancy.EVERYONE):
        async with made[0].write() as connection:
            for team_id in TEAMS:
                await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="U0", now=NOW)
                await channels.add_channel(
                    connection, team_id=team_id, channel_id="C1", name="news", threshold=0.3, now=NOW
                )
                for number in range(5):
                    await deliveries.enqueue(
                        connection,
                        team_id=team_id,
                        channel_id="C1",
                        key=f"note:{number}",
                        state=DeliveryState.PENDING,
                        now=NOW,
                        body="x",
                    )
    yield made
    for each in made:
        await each.close()


async def test_the_workspace_ends_with_the_transaction_whoever_comes_next(two: tuple[Database, Database]) -> None:
    """A hundred transactions of three workspaces and of nobody share three connections: each sees its own rows."""

    async def look(db: Database, team_id: str | None) -> set[str]:
        with tenancy.within(team_id):
            async with db.read() as connection:
                return set((await connection.execute(sa.select(channel.c.team_id))).scalars())

    wanted = [(two[number % 2], (None, *TEAMS)[number % 4]) for number in range(100)]
    seen = await asyncio.gather(*(look(db, team_id) for db, team_id in wanted))
    assert seen == [{team_id} if team_id else set() for _, team_id in wanted]


async def test_more_clients_than_connections_claim_each_delivery_once(two: tuple[Database, Database]) -> None:
    """Two processes claim at the same time through the pooler: nobody gets what another one has."""

    async def claim(db: Database) -> list[int]:
        with tenancy.within(tenancy.EVERYONE):
            async with db.write() as connection:
                return [item.id for item in await deliveries.claim_due(connection, NOW, 1)]

    claimed = await asyncio.gather(*(claim(two[number % 2]) for number in range(10)))
    ids = [number for each in claimed for number in each]
    assert len(ids) == len(set(ids))
    # One at a time in a channel: the others wait for its lane.
    assert len(ids) == len(TEAMS)


async def test_nothing_is_prepared_on_a_connection(two: tuple[Database, Database]) -> None:
    """The same statement many times: a prepared one would be missing on the next connection."""
    with tenancy.within("T1"):
        for _ in range(20):
            async with two[0].read() as connection:
                found = await channels.get(connection, "T1", "C1")
                prepared = await connection.execute(sa.text("SELECT count(*) FROM pg_prepared_statements"))
                assert (found is not None, prepared.scalar_one()) == (True, 0)
