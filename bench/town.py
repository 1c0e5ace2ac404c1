"""Many workspaces in one database, as if people had installed the app there and subscribed channels to feeds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bench.postgres import Server
from bot import tenancy
from bot.keyring import Keyring
from bot.models import FeedState
from bot.slack.workspaces import installed
from bot.store import Database, tables

FEEDS_A_CHANNEL = 10


@dataclass(frozen=True, slots=True)
class Town:
    """How many there are of each."""

    teams: int
    channels: int
    feeds: int

    @property
    def all_channels(self) -> int:
        """The channels of all workspaces."""
        return self.teams * self.channels


def feeds_of(channel: int, feeds: int) -> list[int]:
    """Which feeds a channel follows, counted from 0: the same number of channels for each feed."""
    many = min(FEEDS_A_CHANNEL, feeds)
    return [(channel * many + at) % feeds for at in range(many)]


async def settle(db: Database, town: Town, urls: Sequence[str], key: str) -> None:
    """Fill an empty database: workspaces with their sealed tokens, channels, feeds that are due, subscriptions."""
    now, keyring = datetime.now(UTC), Keyring((SecretStr(key),))
    await db.migrate()
    for team in range(town.teams):
        await installed(
            db, keyring, owner=f"T{team}", enterprise_id=None, is_enterprise=False, name=f"Workspace {team}",
            bot_id=f"B{team}", bot_user_id=f"U{team}", installed_by=None, scopes="chat:write", token=f"xoxb-{team}",
            refresh_token=None, expires_at=None, now=now,
        )  # fmt: skip
    places = [(f"T{at // town.channels}", f"C{at}") for at in range(town.all_channels)]
    rows: list[tuple[sa.Table, list[dict[str, Any]]]] = [
        (
            tables.channel,
            [
                {"team_id": team, "channel_id": channel, "name": channel.lower(), "threshold": 0.0, "created_at": now}
                for team, channel in places
            ],
        ),
        (
            tables.feed,
            [
                {
                    "id": at + 1, "url": url, "title": f"Paper {at}", "publisher": f"Paper {at}",
                    "state": FeedState.NEW, "next_poll_at": now, "created_at": now,
                }
                for at, url in enumerate(urls)
            ],
        ),
        (
            tables.subscription,
            [
                {"team_id": team, "channel_id": channel, "feed_id": feed + 1, "created_by": "U", "created_at": now}
                for at, (team, channel) in enumerate(places)
                for feed in feeds_of(at, town.feeds)
            ],
        ),
    ]  # fmt: skip
    with tenancy.within(tenancy.EVERYONE):
        async with db.write() as connection:
            for table, values in rows:
                await connection.execute(sa.insert(table), values)


def new_key() -> str:
    """A key for the workspaces' tokens."""
    return Fernet.generate_key().decode()


def environ(server: Server, *, slack_port: int, feed_ports: Sequence[int], key: str, **more: str) -> dict[str, str]:
    """All of a worker's environment: many workspaces, one PostgreSQL, nothing of this shell but PATH and HOME."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DATABASE_URL": server.url,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "made-up",
        "SLACK_SIGNING_SECRET": "made-up",
        "TAPEOUT_PUBLIC_URL": "https://tapeout.example",
        "TAPEOUT_ENCRYPTION_KEYS": key,
        "TAPEOUT_SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "TAPEOUT_ALLOWED_HOSTS": ",".join(f"127.0.0.1:{port}" for port in feed_ports),
        "TAPEOUT_HOST_SPACING_S": "0",
        "TAPEOUT_LOG_LEVEL": "warning",
        "TAPEOUT_LOG_FORMAT": "json",
        "PORT": "0",
    } | more  # fmt: skip
