"""Who sees what: private channels, their feeds and what became of articles there are shown to their members alone.

A channel's member is whom Slack names as one, and whoever acts inside it. Where Slack does not say, the channel is
taken for private and its members for unknown: then only what is typed inside it shows what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.errors import DeliveryError, NotFoundError, SettingsError, UserError
from bot.models import Actor, Channel
from bot.newsroom.desk import Desk, Resources
from bot.slack.sender import Sender
from bot.store import channels, managers

#: How long somebody who has left a private channel may still see its feeds on App Home.
REMEMBERED = timedelta(minutes=2)
REMEMBERED_MOST = 5_000


class Privacy(Desk):
    """Tells who may see a channel."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._members: dict[tuple[str, str, str], tuple[datetime, bool]] = {}

    async def visible(self, actor: Actor, wanted: Iterable[Channel]) -> frozenset[str]:
        """The ids of those channels that somebody may see."""
        return frozenset([each.channel_id for each in wanted if await self._sees(actor, each)])

    async def require_visible(self, actor: Actor, channel_id: str) -> None:
        """Somebody named a channel that they are not in: private ones are as if they were not there.

        Raises:
            NotFoundError: it is private, and they are no member as far as Slack says.
        """
        if actor.sees_all or channel_id in {actor.here, actor.user_id}:
            return
        async with self._db.read() as connection:
            known = await channels.get(connection, actor.team_id, channel_id)
        wanted = known or Channel(actor.team_id, channel_id, channel_id)
        if not await self._sees(actor, wanted):
            raise NotFoundError("I see no channel of that name that you are in. Is it private? Type it there.")

    async def _sees(self, actor: Actor, channel: Channel) -> bool:
        if actor.sees_all or channel.channel_id == actor.here:
            return True
        try:
            sender = await self.sender_of(actor.team_id)
        except SettingsError:
            return not channel.is_private  # no Slack at hand that could be asked
        is_private = channel.is_private
        if is_private is None:
            is_private = await self._ask(sender, channel)
        return not is_private or await self._is_member(sender, actor, channel)

    async def _ask(self, sender: Sender, channel: Channel) -> bool:
        """Whether a channel is private, as Slack says; asked once for each."""
        looked = await sender.look(channel.channel_id)
        if looked is None:
            return True
        async with self._db.write() as connection:
            await managers.set_private(connection, channel.team_id, channel.channel_id, is_private=looked.is_private)
        return looked.is_private

    async def _is_member(self, sender: Sender, actor: Actor, channel: Channel) -> bool:
        key = (actor.team_id, channel.channel_id, actor.user_id)
        now = self._clock()
        known = self._members.get(key)
        if known is not None and now - known[0] < REMEMBERED:
            return known[1]
        found = await sender.has_member(channel.channel_id, actor.user_id)
        if len(self._members) >= REMEMBERED_MOST:
            self._members.clear()
        self._members[key] = (now, found)
        return found

    async def enter(self, team_id: str, channel_id: str) -> bool | None:
        """Be in the channel before anything is promised there; replies in it are only heard by members.

        Returns:
            Whether it is private; None: there is no Slack at hand to ask.

        Raises:
            UserError: the bot cannot join by itself, with what to do.
        """
        try:
            sender = await self.sender_of(team_id)
        except SettingsError:
            return None  # on the command line: the first post will tell
        return await self._come_in(sender, channel_id)

    @staticmethod
    async def _come_in(sender: Sender, channel_id: str) -> bool:
        try:
            await sender.join(channel_id)
        except DeliveryError as error:
            looked = await sender.look(channel_id)
            if looked is None or not looked.is_member:
                raise UserError(str(error)) from error
            return looked.is_private  # nobody joins a private channel; we were invited
        return False
