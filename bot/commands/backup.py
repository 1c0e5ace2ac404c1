"""`tapeout backup` and `tapeout restore`: a copy of the SQLite store, made while the bot is at work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.place import out, progress_bar, start
from bot.errors import UserError
from bot.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes; nothing may be there.", dir_okay=False)],
) -> None:
    """Copy the SQLite store into a file, while the bot is at work; the copy is checked.

    For example: tapeout backup tapeout-backup.db
    """
    from bot.store import backup as store  # noqa: PLC0415  # what the work needs is imported when a command runs

    source = _database(start(), "pg_dump --format=custom")
    with progress_bar("Copying") as progress:
        size = store.copy(source, file, progress)
    out.print(f"Copied {source} to {file} ({size / 2**20:,.1f} MB).", highlight=False)


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by `tapeout backup`.", dir_okay=False)],
) -> None:
    """Put a copy in the place of the store. Stop the bot first; what was there is kept beside it.

    For example: tapeout restore tapeout-backup.db
    """
    from bot.store import backup as store  # noqa: PLC0415  # what the work needs is imported when a command runs

    target = _database(start(), "pg_restore --clean")
    kept = store.restore(file, target)
    out.print(f"{target} is now what {file} holds; the next start brings it up to date.", highlight=False)
    if kept is not None:
        out.print(f"What was there is kept as {kept}.", highlight=False)


def _database(settings: Settings, instead: str) -> Path:
    """The store's file.

    Raises:
        UserError: the store is PostgreSQL's.
    """
    if settings.database_url is not None and settings.sqlalchemy_url.startswith("postgresql"):
        raise UserError(
            f"This store is in PostgreSQL: use its own tool, `{instead}`. docs/operations.md has an example."
        )
    return Path(settings.sqlalchemy_url.partition(":///")[2])
