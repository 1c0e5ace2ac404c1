"""Whether a story is posted at once or waits for its channel's digest, as the channel's rhythm has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import schedule
from bot.models import Channel, DeliveryState, Rhythm
from bot.newsroom.desk import Desk
from bot.store import claims, deliveries, digests

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a story goes.

    Attributes:
        state: PENDING or FOR_DIGEST.
        reason: why it waits for the digest, as a sentence; None: it does not.
        lines_at: when a line about what is new may go into the thread of a post that is up.
    """

    state: DeliveryState
    reason: str | None
    lines_at: datetime


class Pacing(Desk):
    """Keeps to channels' rhythms."""

    async def timings(self, connection: AsyncConnection, those: Sequence[Channel]) -> dict[str, Timing]:
        """When a story that was found good enough for some channels of one workspace goes to each.

        Asked in the transaction that says so.
        """
        rhythms = await digests.rhythms(connection, those[0].team_id) if those else {}
        return {
            channel.channel_id: await self._timing(connection, channel, rhythms.get(channel.channel_id))
            for channel in those
        }

    async def _timing(self, connection: AsyncConnection, channel: Channel, rhythm: Rhythm | None) -> Timing:
        now = self._clock()
        if rhythm is None:
            return Timing(DeliveryState.PENDING, None, now)
        reason = schedule.hold(rhythm, now, await self._pace(connection, channel, rhythm, now))
        state = DeliveryState.PENDING if reason is None else DeliveryState.FOR_DIGEST
        return Timing(state, reason, schedule.quiet_until(rhythm, now))

    async def _pace(
        self, connection: AsyncConnection, channel: Channel, rhythm: Rhythm, now: datetime
    ) -> schedule.Pace:
        if rhythm.hourly is None and rhythm.daily is None:
            return schedule.Pace(0, 0)
        where = (channel.team_id, channel.channel_id)
        await claims.one_at_a_time(connection, f"pace:{where}")  # two workers must not both take the last place
        return schedule.Pace(
            last_hour=await deliveries.posts_since(connection, *where, now - HOUR),
            today=await deliveries.posts_since(connection, *where, schedule.day_began(rhythm, now)),
        )
