"""Digests: at a channel's hour, what waited becomes one delivery; and admins choose the hours.

```
rhythm due ──one transaction──► what waits is told ─► digest (day, slot: once) ─► delivery ─► rhythm's next
```
A crash repeats the whole transaction or none of it; two workers cannot make the same digest, its name is unique.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics, tenancy
from bot.delivery import digest as composing
from bot.delivery import schedule, schedule_words
from bot.models import Actor, Brief, Channel, ChannelRhythm, DeliveryState, Digest, DigestItem, Rhythm, Slot
from bot.newsroom.desk import Desk, no_feeds, require_admin
from bot.slack.blocks.rhythm import rhythm_words
from bot.store import channels, deliveries, digests, stories

log = structlog.get_logger(__name__)

#: Channels that are looked up at a time.
AT_A_TIME = 20
#: Between two tries at a digest that an error of ours stopped.
RETRY = timedelta(minutes=5)


class Digests(Desk):
    """Makes digests, and keeps rhythms."""

    async def digest_due(self) -> int:
        """Make the digests whose hour has come; how many channels were looked at."""
        async with self._db.read() as connection:
            due = await digests.due(connection, self._clock(), AT_A_TIME)
        for team_id, rhythm_id in due:
            with tenancy.within(team_id):
                await self._make_one(rhythm_id)
        return len(due)

    async def _make_one(self, rhythm_id: int) -> None:
        now = self._clock()
        try:
            async with self._db.write() as connection:
                one = await digests.take(connection, rhythm_id, now)
                if one is not None:
                    await self._make(connection, one, now)
        except (SQLAlchemyError, OSError):
            raise  # the database's trouble is everybody's: the loop waits it out
        except Exception:
            # One channel's trouble is not the others': it is tried again, and the log says what happened.
            metrics.errors.labels("digest").inc()
            log.exception("a digest could not be made", rhythm=rhythm_id)
            async with self._db.write() as connection:
                await digests.put_off(connection, rhythm_id, now + RETRY)

    async def next_digest_at(self) -> datetime | None:
        """When the next digest is due."""
        async with self._db.read() as connection:
            return await digests.next_at(connection)

    async def _make(self, connection: AsyncConnection, due: digests.DueDigest, now: datetime) -> None:
        """Tell a channel what waits, or leave it for its next hour; either way, that is when it is due again."""
        channel, rhythm = due.channel, due.rhythm
        await digests.put_off(connection, due.rhythm_id, schedule.next_slot(rhythm, now).due)
        slot = schedule.last_slot(rhythm, now)
        if slot.due <= due.set_at or channel.paused_at is not None or channel.state != "active":
            return
        if now - slot.due > schedule.LATE_MOST:
            log.warning("too late for a digest; the next one tells it", channel=channel.channel_id, slot=slot.key)
            return
        made, versions = await self._compose(connection, channel, rhythm, slot)
        if made.is_empty and not (rhythm.tells_empty and rhythm.at):
            return
        if not await digests.save(connection, made, team_id=channel.team_id, channel_id=channel.channel_id, now=now):
            return  # made before, by a clock or a zone that was set back: the next one tells it
        reason = f"It was told in the digest of {slot.day:%A} {slot.day:%d %B} {slot.at:%H:%M} ({rhythm.zone})."
        await digests.told(connection, versions, reason=reason)
        await deliveries.enqueue(
            connection,
            team_id=channel.team_id,
            channel_id=channel.channel_id,
            key=slot.key,
            state=DeliveryState.PENDING,
            now=now,
        )
        metrics.digests.inc()
        log.info("a digest", channel=channel.channel_id, slot=slot.key, stories=len(made.items))

    async def _compose(
        self, connection: AsyncConnection, channel: Channel, rhythm: Rhythm, slot: Slot
    ) -> tuple[Digest, Mapping[int, int]]:
        """A channel's digest as of now, and the story version that each waiting delivery is told as."""
        where = (channel.team_id, channel.channel_id)
        since, until = composing.window(slot, await digests.told_until(connection, *where))
        recap = bool(rhythm.at)  # what was only held back by limits is not told together with what was posted
        items: list[DigestItem] = []
        lines: list[tuple[int, Brief, str]] = []
        versions: dict[int, int] = {}
        writers: list[str] = []
        for entry in await digests.gather(connection, *where, since=since, until=until, recap=recap):
            found = await self._newest_brief(connection, channel, entry.story_id)
            if found is None:
                continue  # it waits on: the next digest has it
            version, brief = found
            versions[entry.delivery_id] = version
            writers.append(brief.writer)
            if entry.line is not None:
                lines.append((entry.story_id, brief, entry.line))
            else:
                items.append(composing.item(entry.story_id, brief, entry.relevance, was_posted=entry.is_posted))
        made = composing.compose(
            slot,
            rhythm,
            (since, until),
            items=items,
            lines=lines,
            withheld=await digests.withheld(connection, *where, since=since, until=until),
            writers=writers,
        )
        return made, versions

    @staticmethod
    async def _newest_brief(connection: AsyncConnection, channel: Channel, story_id: int) -> tuple[int, Brief] | None:
        return await stories.latest_brief(
            connection, story_id, language=channel.language, style=channel.style
        ) or await stories.latest_brief(connection, story_id)

    async def preview_digest(self, actor: Actor, channel_id: str) -> Digest:
        """A channel's digest as it would be if its hour were now; nothing is told by it.

        Raises:
            NotFoundError: nothing is set up in that channel.
        """
        now = self._clock()
        async with self._db.read() as connection:
            channel = await self._configured(connection, actor, channel_id)
            known = await digests.rhythm_of(connection, actor.team_id, channel_id)
            rhythm = known[0] if known else Rhythm()
            slot = schedule.next_slot(rhythm, now)
            as_if = Slot(now.astimezone(ZoneInfo(rhythm.zone)).date(), slot.at, now)
            # Also where stories are posted one by one: what they would make as a digest is what somebody wants to see.
            shown = rhythm if rhythm.at else replace(rhythm, at=(schedule.MORNING,))
            made, _ = await self._compose(connection, channel, shown, as_if)
        return made

    async def rhythm(self, actor: Actor, channel_id: str, *, zone: str | None = None) -> ChannelRhythm:
        """When a channel hears its news.

        Args:
            actor: who asks.
            channel_id: the channel.
            zone: theirs, for a channel that has none yet.

        Raises:
            NotFoundError: nothing is set up in that channel.
        """
        async with self._db.read() as connection:
            return await self._rhythm(connection, actor, channel_id, zone)

    async def change_rhythm(
        self, actor: Actor, channel_id: str, typed: str, *, zone: str | None = None
    ) -> ChannelRhythm:
        """Change when a channel hears its news, as typed, such as `daily 8:30` or `quiet 22-7`.

        Raises:
            NotAllowedError: the person may not.
            UserError: it is not understood, with what to type.
        """
        require_admin(actor, channel_id)
        before = await self.rhythm(actor, channel_id, zone=zone)
        return await self.set_rhythm(actor, channel_id, schedule_words.changed(before.rhythm, typed), zone=zone)

    async def set_rhythm(
        self, actor: Actor, channel_id: str, chosen: Rhythm, *, zone: str | None = None
    ) -> ChannelRhythm:
        """Keep a channel's rhythm; what waits already comes at its next hour.

        Raises:
            NotAllowedError: the person may not.
            UserError: it makes no sense, with why.
        """
        require_admin(actor, channel_id)
        chosen = schedule_words.checked(replace(chosen, zone=schedule_words.zone_named(chosen.zone)))
        now = self._clock()
        async with self._db.write() as connection:
            before = await self._rhythm(connection, actor, channel_id, zone)
            await digests.save_rhythm(
                connection,
                chosen,
                team_id=actor.team_id,
                channel_id=channel_id,
                next_at=schedule.next_slot(chosen, now).due,
                set_by=actor.user_id,
                now=now,
            )
            await self._record(
                connection,
                actor,
                "digest",
                channel_id,
                {
                    "from": rhythm_words(before.rhythm),
                    "to": rhythm_words(chosen),
                    "before": digests.as_plain(before.rhythm),
                },
            )
            after = await self._rhythm(connection, actor, channel_id, zone)
        self.bells.ring("digest")
        named = before.zone_from if chosen.zone == before.rhythm.zone else None
        return replace(after, zone_from=named)

    async def _rhythm(
        self, connection: AsyncConnection, actor: Actor, channel_id: str, zone: str | None
    ) -> ChannelRhythm:
        channel = await self._configured(connection, actor, channel_id)
        known = await digests.rhythm_of(connection, actor.team_id, channel_id)
        theirs = zone is not None and zone.casefold() in schedule_words.zones()
        rhythm = known[0] if known else Rhythm(zone=zone if zone and theirs else "UTC")
        return ChannelRhythm(
            team_id=actor.team_id,
            channel_id=channel_id,
            name=channel.name,
            rhythm=rhythm,
            is_set=known is not None,
            next_slot=schedule.next_slot(rhythm, self._clock()),
            waiting=await digests.count_waiting(connection, actor.team_id, channel_id),
            zone_from="your Slack profile" if theirs and known is None else None,
        )

    @staticmethod
    async def _configured(connection: AsyncConnection, actor: Actor, channel_id: str) -> Channel:
        found = await channels.get(connection, actor.team_id, channel_id)
        if found is None:
            raise no_feeds()
        return found
