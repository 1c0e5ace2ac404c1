"""Who someone is in a workspace, and whether they may configure the bot."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.models import Actor
from bot.slack.refusals import refusals

log = structlog.get_logger(__name__)

REMEMBERED_S = 600.0
"""Ten minutes: how long someone who is no longer an admin may still configure."""
REMEMBERED_MOST = 10_000


class People:
    """Looks people up, and remembers for ten minutes what it found.

    Args:
        admins: user ids that may configure besides the workspace's admins and owners.
        clock: seconds that only grow.
    """

    def __init__(self, admins: Iterable[str] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        self._admins = frozenset(admins)
        self._clock = clock
        self._groups: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
        self._known: OrderedDict[tuple[str, str], tuple[float, bool]] = OrderedDict()

    async def zone(self, client: AsyncWebClient, user_id: str) -> str | None:
        """The time zone of somebody's Slack profile, an IANA name; None where Slack does not say.

        Raises:
            DeliveryError: Slack could not be asked.
        """
        async with refusals(repeatable=True):
            response = await client.users_info(user=user_id)
        user: dict[str, object] = response.get("user", {})
        return str(user["tz"]) if user.get("tz") else None

    async def is_admin(self, client: AsyncWebClient, team_id: str, user_id: str) -> bool:
        """Whether they may configure the bot.

        Raises:
            DeliveryError: Slack could not be asked.
        """
        if user_id in self._admins:
            return True
        known = self._known.get((team_id, user_id))
        if known and self._clock() - known[0] < REMEMBERED_S:
            return known[1]
        async with refusals(repeatable=True):
            response = await client.users_info(user=user_id)
        user: dict[str, object] = response.get("user", {})
        found = bool(user.get("is_admin") or user.get("is_owner")) and not user.get("deleted")
        self._known[team_id, user_id] = (self._clock(), found)
        self._known.move_to_end((team_id, user_id))
        while len(self._known) > REMEMBERED_MOST:
            self._known.popitem(last=False)
        return found

    async def groups_of(
        self, client: AsyncWebClient, team_id: str, user_id: str, groups: Iterable[str]
    ) -> frozenset[str]:
        """Which of these user groups someone is in. One that Slack does not show us gives nobody anything."""
        return frozenset([group for group in groups if user_id in await self._group(client, team_id, group)])

    async def _group(self, client: AsyncWebClient, team_id: str, group: str) -> frozenset[str]:
        known = self._groups.get((team_id, group))
        if known and self._clock() - known[0] < REMEMBERED_S:
            return known[1]
        try:
            async with refusals(repeatable=True):
                response = await client.usergroups_users_list(usergroup=group)
        except DeliveryError as error:
            log.warning("a user group could not be read", group=group, reason=str(error))
            return frozenset()
        members = frozenset(str(user) for user in response.get("users") or ())
        if len(self._groups) >= REMEMBERED_MOST:
            self._groups.clear()
        self._groups[team_id, group] = (self._clock(), members)
        return members

    async def actor(self, client: AsyncWebClient, team_id: str, user_id: str) -> Actor:
        """Someone, with what they may do.

        Raises:
            DeliveryError: Slack could not be asked.
        """
        return Actor(team_id, user_id, await self.is_admin(client, team_id, user_id))
