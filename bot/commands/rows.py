"""Plain rows of what the store holds, as tables and `--json` show them."""

from __future__ import annotations

from datetime import datetime

from bot import tenancy
from bot.settings import Settings


async def all_subscriptions(settings: Settings) -> list[dict[str, str | None]]:
    """Every workspace's subscriptions as plain rows with their health in words, for operators."""
    from bot import opening  # noqa: PLC0415  # what the work needs is imported when a command runs
    from bot.clock import utc_now  # noqa: PLC0415  # the same
    from bot.newsroom.explaining import doing  # noqa: PLC0415  # the same
    from bot.store import channels  # noqa: PLC0415  # the same

    rows, now = [], utc_now()
    with tenancy.within(tenancy.EVERYONE):
        async with opening.open_store(settings, migrate=False) as db, db.read() as connection:
            for team_id in await channels.teams(connection):
                for entry in await channels.subscriptions(connection, team_id):
                    rows += [
                        {
                            "team": team_id,
                            "channel": entry.channel.name,
                            "title": item.feed.title,
                            "publisher": item.feed.publisher,
                            "state": "paused" if item.paused_at or entry.channel.paused_at else item.feed.state.value,
                            "last_success": _moment(item.feed.last_success_at),
                            "next_poll": _moment(item.feed.next_poll_at),
                            "failing_since": _moment(item.feed.failing_since),
                            "last_error": item.feed.last_error,
                            "advice": doing(item.feed, paused=bool(item.paused_at or entry.channel.paused_at), now=now),
                            "url": item.feed.url,
                        }
                        for item in entry.subscriptions
                    ]
    return rows


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
