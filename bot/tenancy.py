"""Whose rows the work at hand may see.

PostgreSQL shows a transaction only the rows of the workspace that it names (`store.policies`), whatever its queries
say. The name is that of the work: Bolt's requests are within their workspace from the first line on, the loops are
within `EVERYONE` while they look for what is due and narrow down to one workspace for each thing that they do. Where
nobody said, nothing is seen. SQLite has no such rule: there each query's own condition is all there is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

#: Every workspace: for the loops that look for due work, and for operators' commands. No workspace has such an id.
EVERYONE: Final = "*"

_team: ContextVar[str | None] = ContextVar("tapeout_team", default=None)


@contextlib.contextmanager
def within(team_id: str | None) -> Iterator[None]:
    """Inside, the store's new transactions see this workspace's rows (None: no workspace's).

    Tasks that are started inside stay inside.
    """
    token = _team.set(team_id)
    try:
        yield
    finally:
        _team.reset(token)


def current() -> str | None:
    """The workspace that the work at hand is for, `EVERYONE`, or None: nobody said."""
    return _team.get()
