"""Runs Alembic's migrations on a connection that is already open."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema to a revision; without one, to the newest."""
    command.upgrade(_config(connection), revision)


def revisions() -> tuple[str, ...]:
    """All revisions, the oldest first."""
    script = ScriptDirectory.from_config(_config(None))
    return tuple(reversed([one.revision for one in script.walk_revisions()]))


def is_current(connection: sa.Connection) -> bool:
    """Whether the schema is at the newest revision."""
    newest = ScriptDirectory.from_config(_config(None)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest
