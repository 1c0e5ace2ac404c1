"""Who changed what, and the way back: each change keeps what was there before, as far as it takes to undo it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import TopicChoice
from bot.delivery import schedule
from bot.errors import NotFoundError, UserError
from bot.models import Actor, Change, ChannelFeeds
from bot.newsroom.appointing import require_appointer
from bot.newsroom.desk import require_admin
from bot.newsroom.managing import Managing
from bot.store import channels, choices, digests, feeds, filters, managers

#: So many changes are shown at once.
SHOWN = 20


class Auditing(Managing):
    """The audit trail."""

    async def changes(self, actor: Actor, channel_id: str | None) -> tuple[Change, ...]:
        """The last changes in a channel, or (None) in all that the person may see, newest first.

        Raises:
            NotAllowedError: the person may not see the whole workspace's.
        """
        if channel_id is None:
            require_admin(actor, None)
        async with self._db.read() as connection:
            found = await managers.changes(connection, actor.team_id, channel_id=channel_id, limit=SHOWN * 5)
            known = await channels.subscriptions(connection, actor.team_id)
        if channel_id is not None:
            return found[:SHOWN]
        seen = await self.visible(actor, (each.channel for each in known))
        return tuple(each for each in found if each.channel_id is None or each.channel_id in seen)[:SHOWN]

    async def last_change(self, actor: Actor, channel_id: str) -> Change | None:
        """What somebody changed last in a channel: for the button that takes it back."""
        async with self._db.read() as connection:
            return await managers.last_change(connection, actor.team_id, channel_id, actor.user_id)

    async def undo(self, actor: Actor, change_id: int) -> Change:
        """Take a change back, once; that is a change of its own in the trail.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: there is no such change.
            UserError: it cannot be taken back, or was already.
        """
        async with self._db.read() as connection:
            change = await managers.change(connection, actor.team_id, change_id)
        if change is None:
            raise NotFoundError("I don't know that change any more. `/tapeout audit` shows the last ones.")
        require_admin(actor, change.channel_id)
        back = self._ways_back.get(change.action)
        if back is None:
            raise UserError("That can't be taken back by itself. `/tapeout help` shows what changes it.")
        async with self._db.write() as connection:
            if not await managers.undone(connection, actor.team_id, change.id, self._clock()):
                raise UserError("That was taken back already.")
            await back(connection, actor, change)
            detail = {"of": change.id, "what": change.action, **_named(change.detail)}
            await self._record(connection, actor, "undo", change.channel_id, detail)
        for bell in ("watch", "deliver", "digest"):
            self.bells.ring(bell)
        return change

    @property
    def _ways_back(self) -> Mapping[str, Callable[[AsyncConnection, Actor, Change], Awaitable[None]]]:
        """How each action is undone; `bot.models.UNDOABLE` has the same words."""
        return {
            "add": self._back_from_add,
            "add pack": self._back_from_add,
            "import": self._back_from_add,
            "remove": self._back_from_remove,
            "pause": self._back_from_pause,
            "resume": self._back_from_pause,
            "filter": self._back_from_filter,
            "unfilter": self._back_from_unfilter,
            "follow": self._back_from_topic,
            "unfollow": self._back_from_topic,
            "mute": self._back_from_topic,
            "unmute": self._back_from_topic,
            "threshold": self._back_from_setting,
            "least_substance": self._back_from_setting,
            "style": self._back_from_setting,
            "language": self._back_from_setting,
            "reset taste": self._back_from_reset,
            "digest": self._back_from_digest,
            "appoint": self._back_from_appoint,
            "dismiss": self._back_from_dismiss,
        }

    async def _here(self, connection: AsyncConnection, change: Change, actor: Actor) -> ChannelFeeds:
        """The channel of a change with its subscriptions.

        Raises:
            NotFoundError: nothing is set up there any more.
        """
        listed = await channels.subscriptions(connection, actor.team_id, _place(change))
        if not listed:
            raise NotFoundError("Nothing is set up in that channel any more.")
        return listed[0]

    async def _back_from_add(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        here = await self._here(connection, change, actor)
        named = change.detail.get("feeds", [change.detail.get("feed")])
        if not isinstance(named, list):
            raise UserError("That list was too long to be taken back at once; `/tapeout list` shows its feeds.")
        urls = set(named)
        for each in here.subscriptions:
            if each.feed.url in urls:
                await channels.unsubscribe(connection, actor.team_id, each.id)

    async def _back_from_remove(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        """The feed comes back as it was: since when, by whom, paused or not, with its filters."""
        await self._here(connection, change, actor)
        detail, now = change.detail, self._clock()
        url, title = str(detail["feed"]), str(detail["title"])
        feed = await feeds.add(connection, url=url, title=title, publisher=title, site_url=None, now=now)
        since = _moment(detail.get("since")) or now
        await channels.subscribe(
            connection,
            team_id=actor.team_id,
            channel_id=_place(change),
            feed_id=feed.id,
            created_by=str(detail.get("by") or actor.user_id),
            now=since,
        )
        again = await self._here(connection, change, actor)
        subscription = next(each for each in again.subscriptions if each.feed.id == feed.id)
        if paused_at := _moment(detail.get("paused_at")):
            await channels.set_paused(connection, actor.team_id, (subscription.id,), paused_at)
        known = await filters.of_channel(connection, actor.team_id, _place(change))
        there = {each.text for each in known if each.subscription_id == subscription.id}
        for text in detail.get("filters") or ():
            if text not in there:
                await self._filter(connection, actor, change, subscription.id, str(text))

    async def _filter(
        self, connection: AsyncConnection, actor: Actor, change: Change, subscription_id: int | None, text: str
    ) -> None:
        await filters.add(
            connection,
            team_id=actor.team_id,
            channel_id=_place(change),
            subscription_id=subscription_id,
            text=text,
            created_by=actor.user_id,
            now=self._clock(),
        )

    async def _back_from_pause(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        """What was paused before is, and nothing else."""
        here = await self._here(connection, change, actor)
        before: Mapping[str, Any] = change.detail.get("before") or {}
        if change.detail.get("channel"):
            at = _moment(before.get("channel"))
            await channels.pause_channel(connection, actor.team_id, _place(change), at)
        urls, paused = set(change.detail["feeds"]), dict(before.get("feeds") or {})
        for each in here.subscriptions:
            if each.feed.url in urls:
                at = _moment(paused.get(each.feed.url))
                await channels.set_paused(connection, actor.team_id, (each.id,), at)

    async def _back_from_filter(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        subscription_id = await self._whose_filter(connection, actor, change)
        for each in await filters.of_channel(connection, actor.team_id, _place(change)):
            if each.subscription_id == subscription_id and each.text == change.detail["filter"]:
                await filters.remove(connection, actor.team_id, _place(change), each.id)

    async def _back_from_unfilter(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        subscription_id = await self._whose_filter(connection, actor, change)
        known = await filters.of_channel(connection, actor.team_id, _place(change))
        text = str(change.detail["filter"])
        if not any(each.subscription_id == subscription_id and each.text == text for each in known):
            await self._filter(connection, actor, change, subscription_id, text)

    async def _whose_filter(self, connection: AsyncConnection, actor: Actor, change: Change) -> int | None:
        url = change.detail.get("feed")
        if url is None:
            return None
        here = await self._here(connection, change, actor)
        for each in here.subscriptions:
            if each.feed.url == url:
                return each.id
        raise NotFoundError("The feed of that filter is no longer in this channel. Bring it back first.")

    async def _back_from_topic(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        before: Mapping[str, Any] | None = change.detail.get("before")
        name = str(change.detail["topic"])
        if before is None:
            await choices.remove_topic(connection, actor.team_id, _place(change), name)
            return
        choice = TopicChoice(name, before["text"], bool(before["is_followed"]), _moment(before["muted_until"]))
        await choices.save_topic(
            connection,
            choice,
            team_id=actor.team_id,
            channel_id=_place(change),
            created_by=actor.user_id,
            now=self._clock(),
        )

    async def _back_from_setting(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        values = {change.action: change.detail["from"]}
        await choices.configure(connection, actor.team_id, _place(change), **values)

    async def _back_from_reset(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        since = _moment(change.detail.get("since"))
        await choices.configure(connection, actor.team_id, _place(change), taste_since=since)

    async def _back_from_digest(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        before, now = digests.from_plain(change.detail["before"]), self._clock()
        await digests.save_rhythm(
            connection,
            before,
            team_id=actor.team_id,
            channel_id=_place(change),
            next_at=schedule.next_slot(before, now).due,
            set_by=actor.user_id,
            now=now,
        )

    async def _back_from_appoint(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        require_appointer(actor, change.channel_id)
        await managers.remove(connection, actor.team_id, change.channel_id, str(change.detail["subject"]))

    async def _back_from_dismiss(self, connection: AsyncConnection, actor: Actor, change: Change) -> None:
        require_appointer(actor, change.channel_id)
        await managers.add(
            connection,
            team_id=actor.team_id,
            channel_id=change.channel_id,
            subject=str(change.detail["subject"]),
            created_by=actor.user_id,
            now=self._clock(),
        )


def _place(change: Change) -> str:
    """The channel of a change that has one."""
    assert change.channel_id is not None, "what is undone in a channel has one"
    return change.channel_id


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _named(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What of a change names its object, for the line that says it was undone."""
    return {key: detail[key] for key in ("title", "topic", "filter", "subject") if detail.get(key)}
