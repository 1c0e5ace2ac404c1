"""Configuration as code: what the channels are like, and the steps to what a file wants, done as they were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import TopicChoice
from bot.delivery import schedule
from bot.errors import NotFoundError
from bot.feeds.urls import host_of
from bot.models import Actor, ChannelFeeds
from bot.models.digests import Rhythm
from bot.newsroom.desk import DEFAULT_THRESHOLD, require_admin
from bot.newsroom.managing import Managing
from bot.plans import Step, WantedChannel, WantedFeed, steps, write
from bot.store import channels, choices, digests, feeds, filters

#: New feeds of a file are read for the first time this far apart; see `importing.SPREAD`.
SPREAD = timedelta(seconds=1)


class Applying(Managing):
    """The operator's verbs `apply` and `export`."""

    async def configuration(self, actor: Actor) -> tuple[WantedChannel, ...]:
        """What every channel that the person may see is like."""
        return await self._configuration(actor, None)

    async def export_settings(self, actor: Actor, channel_id: str | None) -> bytes:
        """What one channel is like, or all that the person may see, as a file that `tapeout apply` takes."""
        return write(await self._configuration(actor, channel_id)).encode()

    async def _configuration(self, actor: Actor, channel_id: str | None) -> tuple[WantedChannel, ...]:
        listed = await self.list_feeds(actor, channel_id)
        async with self._db.read() as connection:
            return tuple([await self._as_it_is(connection, each) for each in listed])

    async def plan(self, actor: Actor, wanted: Sequence[WantedChannel]) -> tuple[Step, ...]:
        """What it takes to get to what a file wants; nothing is changed.

        Raises:
            NotAllowedError: the person may not.
        """
        require_admin(actor, None)
        return steps(await self.configuration(actor), wanted)

    async def apply(self, actor: Actor, wanted: Sequence[WantedChannel], ids: Mapping[str, str]) -> tuple[Step, ...]:
        """Do what it takes, a channel at a time, each whole or not at all; the steps that were done.

        Args:
            actor: in whose name.
            wanted: what the file wants.
            ids: the channels' ids by name, for those that are new here.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: a channel has no id.
        """
        done = await self.plan(actor, wanted)
        places = {each.channel.name: each.channel.channel_id for each in await self.list_feeds(actor, None)}
        for name in dict.fromkeys(step.channel for step in done):
            channel_id = places.get(name) or ids.get(name)
            if channel_id is None:
                raise NotFoundError(f"No channel named #{name} is known. Is its name right, and am I in it?")
            mine = [step for step in done if step.channel == name]
            async with self._db.write() as connection:
                for at, step in enumerate(mine):
                    await self._do(connection, actor, channel_id, step, at)
                detail = {"steps": [step.said for step in mine]}
                await self._record(connection, actor, "apply", channel_id, detail)
        for bell in ("watch", "deliver", "digest"):
            self.bells.ring(bell)
        return done

    async def _as_it_is(self, connection: AsyncConnection, each: ChannelFeeds) -> WantedChannel:
        channel = each.channel
        where = (channel.team_id, channel.channel_id)
        known = await filters.of_channel(connection, *where)
        rhythm = await digests.rhythm_of(connection, *where)
        return WantedChannel(
            name=channel.name,
            style=channel.style,
            language=channel.language,
            threshold=channel.threshold,
            least_substance=channel.least_substance,
            paused=channel.paused_at is not None,
            filters=tuple(one.text for one in known if one.subscription_id is None),
            feeds=tuple(
                WantedFeed(
                    item.feed.url,
                    item.feed.title,
                    item.paused_at is not None,
                    tuple(one.text for one in known if one.subscription_id == item.id),
                )
                for item in each.subscriptions
            ),
            topics=await choices.topics(connection, *where),
            rhythm=rhythm[0] if rhythm else Rhythm(),
        )

    async def _do(self, connection: AsyncConnection, actor: Actor, channel_id: str, step: Step, at: int) -> None:  # noqa: C901, PLR0912  # a deed a case
        team_id, now, value = actor.team_id, self._clock(), step.value
        match step.deed:
            case "channel":
                await channels.add_channel(
                    connection,
                    team_id=team_id,
                    channel_id=channel_id,
                    name=step.channel,
                    threshold=DEFAULT_THRESHOLD,
                    now=now,
                )
            case "set":
                await choices.configure(connection, team_id, channel_id, **{step.name: value})
            case "pause channel":
                await channels.pause_channel(connection, team_id, channel_id, now if value else None)
            case "subscribe":
                await self._follow(connection, actor, channel_id, step, at)
            case "unsubscribe":
                number = await self._number(connection, team_id, channel_id, step.url)
                await channels.unsubscribe(connection, team_id, number)
            case "pause feed":
                number = await self._number(connection, team_id, channel_id, step.url)
                await channels.set_paused(connection, team_id, (number,), now if value else None)
            case "filter":
                whose = await self._number(connection, team_id, channel_id, step.url) if step.url else None
                await filters.add(
                    connection,
                    team_id=team_id,
                    channel_id=channel_id,
                    subscription_id=whose,
                    text=step.name,
                    created_by=actor.user_id,
                    now=now,
                )
            case "unfilter":
                whose = await self._number(connection, team_id, channel_id, step.url) if step.url else None
                for each in await filters.of_channel(connection, team_id, channel_id):
                    if each.subscription_id == whose and each.text == step.name:
                        await filters.remove(connection, team_id, channel_id, each.id)
            case "topic":
                assert isinstance(value, TopicChoice)
                await choices.remove_topic(connection, team_id, channel_id, step.name)
                await choices.save_topic(
                    connection, value, team_id=team_id, channel_id=channel_id, created_by=actor.user_id, now=now
                )
            case "untopic":
                await choices.remove_topic(connection, team_id, channel_id, step.name)
            case "rhythm":
                assert isinstance(value, Rhythm)
                await digests.save_rhythm(
                    connection,
                    value,
                    team_id=team_id,
                    channel_id=channel_id,
                    next_at=schedule.next_slot(value, now).due,
                    set_by=actor.user_id,
                    now=now,
                )

    async def _follow(self, connection: AsyncConnection, actor: Actor, channel_id: str, step: Step, at: int) -> None:
        """Put a feed into the channel; a new one is read in its turn."""
        assert step.url is not None
        title = step.name or host_of(step.url)
        row = {
            "url": step.url,
            "title": title,
            "publisher": title,
            "site_url": None,
            "next_poll_at": self._clock() + SPREAD * at,
            "first_limit": None,
        }
        ids = await feeds.add_all(connection, [row], self._clock())
        await channels.subscribe(
            connection,
            team_id=actor.team_id,
            channel_id=channel_id,
            feed_id=ids[step.url],
            created_by=actor.user_id,
            now=self._clock(),
        )

    @staticmethod
    async def _number(connection: AsyncConnection, team_id: str, channel_id: str, url: str | None) -> int:
        """The subscription to an address in a channel."""
        for entry in await channels.subscriptions(connection, team_id, channel_id):
            for item in entry.subscriptions:
                if item.feed.url == url:
                    return item.id
        raise NotFoundError(f"The feed {url} is no longer in that channel: somebody changed it meanwhile. Try again.")
