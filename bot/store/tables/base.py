"""What all tables share: the metadata, and the kinds of columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC datetimes in and out; SQLite, which keeps no zone, gets them without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they would mean something else on each machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the store are aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def identity() -> sa.Column[int]:
    """The column `id`, numbered by the database."""
    # SQLite numbers rows by itself only where the key's type is exactly INTEGER.
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def reference(name: str, target: str, **options: Any) -> sa.Column[int]:  # noqa: ANN401  # handed on to Column
    """A column that names a row of another table, and goes with it."""
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target, ondelete="CASCADE"), **options)


def moment(name: str, **options: Any) -> sa.Column[datetime]:  # noqa: ANN401  # handed on to Column
    """A column with an aware UTC time."""
    return sa.Column(name, UtcDateTime, **options)


#: A channel's key, as foreign keys name it.
CHANNEL_KEY = ["channel.team_id", "channel.channel_id"]
