"""Each store test runs on both engines: SQLite in a file, and PostgreSQL in a fresh database."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from bot.store import Database, articles, feeds

_numbers = itertools.count(1)


def load(name: str, path: Path) -> ModuleType:
    """Import a helper that lies beside the tests."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server's address; skipped with the reason where PostgreSQL is not installed (in CI: failed)."""
    helper = load("tests_store_postgres", Path(__file__).parent / "postgres.py")
    programs = helper.binaries()
    if programs is None:
        common = load("tests_conftest", Path(__file__).parent.parent / "conftest.py")
        common.missing("PostgreSQL", "install the package postgresql (the server's programs are enough)")
    with helper.server(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    server: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.replace('postgresql:', 'postgresql+psycopg:')}/{name}"


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(database_url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def keep(db: Database) -> Callable[..., Awaitable[int]]:
    """What keeps an article of one feed, with a passage, and gives its id; columns can be named."""
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    async def kept(identity: str, text: str = "Text.", **more: Any) -> int:
        title, address = f"Title of {identity}", f"https://a.example/{identity}"
        async with db.write() as connection:
            feed = await feeds.add(
                connection, url="https://a.example/feed", title="A", publisher="A Daily", site_url=None, now=now
            )
            values: dict[str, Any] = {
                "feed_id": feed.id, "identity": identity, "url": address, "canonical_url": address, "title": title,
                "title_key": identity, "publisher": "A Daily", "text": text, "authors": [], "categories": [],
                "first_seen_at": now, "content_hash": "h", "verdict": "new", "stage": "join", "due_at": now,
                "reason": "It was not in the feed before.",
            }  # fmt: skip
            made = (await articles.add(connection, [values | more]))[identity]
            await articles.replace_passages(connection, made, title, [(0, text)], more.get("published_at", now))
        return made

    return kept
