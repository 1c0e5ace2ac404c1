"""Who may change what: whom the workspace's admins name, for all of it or for one channel."""

from __future__ import annotations

from bot.errors import NotAllowedError, NotFoundError
from bot.models import Actor, Manager
from bot.newsroom.desk import Desk, require_admin
from bot.store import managers as appointed


class Appointing(Desk):
    """The verbs of `/tapeout admins`."""

    async def managers(self, team_id: str) -> tuple[Manager, ...]:
        """Whom a workspace's admins have named."""
        async with self._db.read() as connection:
            return await appointed.of_team(connection, team_id)

    async def appoint(self, actor: Actor, channel_id: str | None, subject: str) -> bool:
        """Let a person or a user group change a channel, or (None) everything. False: they could already.

        Raises:
            NotAllowedError: the person may not say that.
        """
        require_appointer(actor, channel_id)
        async with self._db.write() as connection:
            added = await appointed.add(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                subject=subject,
                created_by=actor.user_id,
                now=self._clock(),
            )
            if added:
                await self._record(connection, actor, "appoint", channel_id, {"subject": subject})
        return added

    async def dismiss(self, actor: Actor, channel_id: str | None, subject: str) -> None:
        """Take that back.

        Raises:
            NotAllowedError: the person may not say that.
            NotFoundError: they were not named there.
        """
        require_appointer(actor, channel_id)
        async with self._db.write() as connection:
            if not await appointed.remove(connection, actor.team_id, channel_id, subject):
                raise NotFoundError("They are not named there. `/tapeout admins` shows who is.")
            await self._record(connection, actor, "dismiss", channel_id, {"subject": subject})


def require_appointer(actor: Actor, channel_id: str | None) -> None:
    """Who may say who may: admins for a channel, the workspace's own admins for everything.

    Raises:
        NotAllowedError: they may not.
    """
    if channel_id is not None:
        require_admin(actor, channel_id)
    elif not actor.is_admin or actor.is_named:
        raise NotAllowedError("Only the workspace's own admins name who may change everything. Ask one of them.")
