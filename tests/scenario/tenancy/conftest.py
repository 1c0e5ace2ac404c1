"""The bot in this process, behind the place's address; and databases that row-level security holds for."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot import tenancy
from bot.app import Service
from bot.settings import load
from bot.store.tables import metadata, team
from bot.workspace import Workspace

from .place import PATIENCE_S, ROOT, Place, listening, place

_numbers = itertools.count(1)
LOOPS = ("watch", "read", "join", "tell", "deliver", "answer", "tidy", "rotate")


@dataclass
class Town(Place):
    """The bot is in this process."""

    service: Service
    ahead: timedelta = timedelta()

    def clock(self) -> datetime:
        """The bot's time and Slack's, which tests put forward."""
        return datetime.now(UTC) + self.ahead

    def pass_time(self, span: timedelta) -> None:
        """Put the clocks forward, and wake the loops."""
        self.ahead += span
        for name in LOOPS:
            self.service.newsroom.bells.ring(name)

    async def rows(self, team_id: str) -> dict[str, int]:
        """How many rows each table has of a workspace."""
        counted = {}
        with tenancy.within(tenancy.EVERYONE):
            async with self.service.db.read() as connection:
                for table in metadata.sorted_tables:
                    owner = table.c.id if table is team else table.c.get("team_id")
                    if owner is not None:
                        many = await connection.execute(sa.select(sa.func.count()).where(owner == team_id))
                        counted[table.name] = int(many.scalar_one())
        return {name: many for name, many in counted.items() if many}

    async def state(self, workspace: Workspace) -> str:
        """How the bot thinks that a workspace stands; "gone": it does not know it."""
        with tenancy.within(tenancy.EVERYONE):
            async with self.service.db.read() as connection:
                found = await connection.execute(sa.select(team.c.state).where(team.c.id == workspace.team_id))
                return str(found.scalar_one_or_none() or "gone")

    async def until(self, what: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something in the store."""
        async with asyncio.timeout(PATIENCE_S):
            while not await what():
                await self.service.newsroom.bells.wait("tests", 0.05)


@contextlib.asynccontextmanager
async def town(
    folder: Path, *, database: str | None = None, rotates: bool = False, org: str = ""
) -> AsyncIterator[Town]:
    """Start everything, the bot in this process."""
    made: Town

    def clock() -> datetime:
        return made.clock()

    async with place(
        folder,
        url=lambda: made.service.url,
        clock=clock,
        database=database,
        rotates=rotates,
        org=org,
    ) as around:
        service = Service(load(around.settings), clock=clock)
        made = Town(**{each.name: getattr(around, each.name) for each in fields(around)}, service=service)
        try:
            await service.start()
            async with listening(made):
                yield made
        finally:
            await service.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server of our own; skipped where PostgreSQL is not installed."""
    path = ROOT / "tests" / "store" / "postgres.py"
    spec = importlib.util.spec_from_file_location("tenancy_postgres", path)
    assert spec is not None
    assert spec.loader is not None
    helper = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(helper)
    programs = helper.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is missing: install the package postgresql")
    with helper.server(programs) as address:
        yield address


@pytest.fixture
def confined(postgres: str) -> str:
    """An empty database of a role that row-level security holds for."""
    name = f"confined_{next(_numbers)}"
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    return f"{postgres.replace('tapeout@', f'{name}@')}/{name}"
