"""From every earlier edition to this one, with data: no row and no value is lost on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import Database, migrate

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EARLIER = migrate.revisions()[:-1]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database, at no revision."""
    made = Database(database_url)
    yield made
    await made.close()


#: Something that fits each type, and is not what a column would hold by default; texts fit every length and reference.
_VALUES: tuple[tuple[type[sa.types.TypeEngine[Any]], Any], ...] = (
    (sa.DateTime, NOW),
    (sa.Date, date(2026, 11, 22)),
    (sa.Boolean, True),
    (sa.JSON, ["kept"]),
    (sa.Integer, 1),
    (sa.Float, 0.5),
    (sa.LargeBinary, b"kept"),
    (sa.String, "1"),
)


def _value(column: sa.Column[Any]) -> Any:  # of the column's type
    return next(value for kind, value in _VALUES if isinstance(column.type, kind))


def _is_ours(table: sa.Table) -> bool:
    """Not Alembic's, and not of the word index, which is filled by what is in the passages."""
    return table.name != "alembic_version" and "words" not in table.name


def _fill(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """One row in every table; each refers to the others' only row. What was written, by table."""
    seen = sa.MetaData()
    seen.reflect(connection)
    written = {}
    for table in seen.sorted_tables:
        if _is_ours(table):
            row = {column.name: _value(column) for column in table.columns if not column.computed}
            connection.execute(sa.insert(table).values(row))
            written[table.name] = _read(connection, table.name)
    return written


def _read(connection: sa.Connection, name: str) -> dict[str, Any]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    return dict(connection.execute(sa.select(table)).mappings().one())


@pytest.mark.parametrize("revision", EARLIER)
async def test_an_upgrade_keeps_every_value(database: Database, revision: str) -> None:
    """One row in each table of the earlier edition is there afterwards, with all that the columns held."""
    async with database.write() as connection:
        await connection.run_sync(migrate.upgrade, revision)
        before = await connection.run_sync(_fill)
    assert len(before) > 10
    await database.migrate()
    assert await database.is_migrated()
    async with database.read() as connection:
        for name, row in before.items():
            after = await connection.run_sync(_read, name)
            assert {column: after[column] for column in row if column in after} == {
                column: value for column, value in row.items() if column in after
            }, name
