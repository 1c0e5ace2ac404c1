"""A newsroom over a given database, with nothing to fetch and nobody to post to."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from bot import opening
from bot.newsroom import Newsroom
from bot.settings import load
from bot.store import Database


@contextlib.asynccontextmanager
async def newsdesk(path: Path, now: datetime) -> AsyncIterator[tuple[Newsroom, Database]]:
    """The newsroom as the service builds it, without a model, its clock standing at `now`."""
    settings = load({"DATABASE_URL": f"sqlite:///{path}", "TAPEOUT_DATA_DIR": str(path.parent)})
    async with (
        opening.open_store(settings, migrate=False) as db,
        opening.open_newsroom(settings, db, clock=lambda: now) as newsroom,
    ):
        yield newsroom, db
