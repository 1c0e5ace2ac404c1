"""Workspaces that go, and what is not kept for good.

```
app removed ──► uninstalled: its work rests, its token is forgotten ──30 min──► everything of its own is deleted
token refused ─► revoked: its work rests ──────────────────────────30 days──► the same
                    └──────── installed again: it goes on where it stopped ◄──────┘
```
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import tenancy
from bot.newsroom.desk import Desk, Resources
from bot.store import installations, teams

log = structlog.get_logger(__name__)

#: Somebody who removed the app by mistake can bring it back; within the hour that docs/privacy.md promises.
GRACE = timedelta(minutes=30)
#: A workspace that takes our token no more and does not install the app again is deleted after this.
PATIENCE = timedelta(days=30)
#: Between two times of tidying up.
TIDY = timedelta(hours=1)
#: Slack sends an event again for some minutes; a request cannot be replayed after five.
REMEMBERED = timedelta(hours=2)
#: A private feed that nobody follows any more can be put in again for so long, with all that was read of it.
ORPHANED = timedelta(days=7)


class Leaving(Desk):
    """Ends what has to end, on time, whatever is restarted meanwhile: the time is in the workspace's own row."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._tidied_at: datetime | None = None

    async def uninstalled(self, team_id: str) -> None:
        """The app was removed from a workspace, or from an organisation with all of its workspaces."""
        now = self._clock()
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.write() as connection:
                await installations.remove(connection, team_id)
                await teams.leave(connection, team_id, "uninstalled", now=now, delete_at=now + GRACE)
        log.info("uninstalled; its data is deleted soon", team=team_id, delete_at=now + GRACE)
        self.bells.ring("tidy")

    async def revoked(self, team_id: str) -> None:
        """Slack takes our token for this workspace (or organisation) no more: its work rests, the others' goes on."""
        now = self._clock()
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.write() as connection:
                await teams.rest(connection, team_id, now=now, delete_at=now + PATIENCE)
        log.warning("Slack takes the token no more; install the app there again", team=team_id)

    async def delete_team(self, team_id: str) -> None:
        """Delete a workspace with everything that is its own, and the private feeds that it alone followed."""
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.write() as connection:
                await self._delete(connection, team_id)

    async def tidy_due(self) -> int:
        """Delete a workspace whose time has come; once an hour, what is kept for a time alone. How many workspaces."""
        now = self._clock()
        async with self._db.write() as connection:
            team_id = await teams.due(connection, now)
            if team_id is not None:
                await self._delete(connection, team_id)
                return 1
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            await self._tidy(now)
            self._tidied_at = now
        return 0

    async def _delete(self, connection: AsyncConnection, team_id: str) -> None:
        private = await teams.private_feeds(connection, team_id)
        await teams.remove(connection, team_id)
        await teams.remove_orphans(connection, unread_since=self._clock() - ORPHANED, of=private)
        log.info("deleted", team=team_id)

    async def next_tidy_at(self) -> datetime | None:
        """When a workspace is to be deleted, or it is time to tidy up."""
        async with self._db.read() as connection:
            deletion = await teams.next_deletion(connection)
        times = [self._tidied_at + TIDY if self._tidied_at is not None else None, deletion]
        return min((time for time in times if time is not None), default=None)

    async def _tidy(self, now: datetime) -> None:
        async with self._db.write() as connection:
            await installations.forget_requests(connection, now - REMEMBERED)
            await teams.remove_orphans(connection, unread_since=now - ORPHANED)
            if self._r.keep_questions is not None:
                await teams.forget_questions(connection, now - self._r.keep_questions)
