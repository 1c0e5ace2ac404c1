"""A newsroom, its outbox and a local workspace over real sockets; articles are handed in, and time is moved by hand."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import opening
from bot.delivery.outbox import Outbox
from bot.newsroom import Newsroom
from bot.settings import load
from bot.slack.client import make_client, open_session
from bot.slack.start import identify
from bot.slack.workspaces import OneWorkspace
from bot.store import Database, articles, channels, claims, feeds
from bot.workspace import Workspace
from tests.scenario.ticking import Clock, deliver

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
DAY = timedelta(days=1)


@dataclass
class Room:
    """One life of the process, and the workspace that it posts to."""

    workspace: Workspace
    db: Database
    newsroom: Newsroom
    outbox: Outbox
    clock: Clock

    async def channel(self, *names: str) -> None:
        """Set channels up that follow all publishers since yesterday."""
        since = self.clock() - DAY
        async with self.db.write() as connection:
            known = [feed.id for feed in [await self._feed(connection, publisher) for publisher in PUBLISHERS]]
            for name in names:
                where = self.workspace.channel_id(name)
                team = self.workspace.team_id
                await channels.add_channel(
                    connection, team_id=team, channel_id=where, name=name, threshold=0.0, now=since
                )
                await channels.subscribe_all(
                    connection, team_id=team, channel_id=where, feed_ids=known, created_by="U1", now=since
                )

    async def _feed(self, connection: Any, publisher: str) -> Any:
        address = f"https://{publisher.lower()}.example/feed"
        return await feeds.add(
            connection, url=address, title="", publisher=publisher, site_url=None, now=self.clock() - DAY
        )

    async def publish(self, publisher: str, title: str, text: str, *, path: str = "") -> None:
        """Take an article in and join it; nothing is told yet."""
        now = self.clock()
        address = f"https://{publisher.lower()}.example{path}/{next(_numbers)}"
        async with self.db.write() as connection:
            feed = await self._feed(connection, publisher)
            row: dict[str, Any] = {
                "feed_id": feed.id, "identity": address, "url": address, "canonical_url": address, "title": title,
                "title_key": title, "publisher": publisher, "text": " ".join(text.split()), "authors": [],
                "categories": [], "first_seen_at": now, "published_at": now, "content_hash": "h", "verdict": "new",
                "reason": "It was not in the feed before.", "stage": "join", "due_at": now,
            }  # fmt: skip
            await articles.add(connection, [row])
        while await self.newsroom.join_due():
            pass

    async def tell(self) -> None:
        """Tell what is due."""
        while await self.newsroom.tell_due():
            pass

    async def deliver(self) -> None:
        """Send until nothing is due any more, letting time pass as the ledger asks for."""
        await deliver(self.outbox, self.clock)

    async def settle(self) -> None:
        """Tell, and send."""
        await self.tell()
        await self.deliver()

    def posts(self, channel: str) -> list[dict[str, Any]]:
        """The bot's posts in a channel, joins apart."""
        bot = self.workspace.bot_user_id
        return [
            message
            for message in self.workspace.messages(channel)
            if message.get("user") == bot and not message.get("subtype")
        ]

    def lines(self, channel: str) -> list[str]:
        """What the bot said under its only post in a channel."""
        (post,) = self.posts(channel)
        return [reply["text"] for reply in self.workspace.thread(channel, post["ts"])[1:]]


CHANNELS = ("ai-infrastructure", "chips", "money")
PUBLISHERS = ("Rackpost", "Meridian", "Gridline", "Halden", "Ledger")
_numbers = itertools.count(1)


class World:
    """What outlives a process: the workspace and the database."""

    def __init__(self, workspace: Workspace, folder: Path, session: aiohttp.ClientSession) -> None:
        self.workspace = workspace
        self.clock = Clock()
        self._folder = folder
        self._session = session

    @contextlib.asynccontextmanager
    async def start(self, **settings: str) -> AsyncIterator[Room]:
        """A process; like a real start, it lets go of what an earlier one had in hand."""
        known = load({
            "DATABASE_URL": f"sqlite:///{self._folder}/t.db", "TAPEOUT_DATA_DIR": str(self._folder),
            "TAPEOUT_GATHER_S": "0", **settings,
        })  # fmt: skip
        client = make_client(self.workspace.bot_token, self.workspace.api_url, self._session)
        spaces = OneWorkspace(client, await identify(client))
        async with (
            opening.open_store(known, migrate=True) as db,
            opening.open_newsroom(known, db, workspaces=spaces, clock=self.clock) as newsroom,
        ):
            async with db.write() as connection:
                await claims.release_all(connection, self.clock())
                await channels.add_team(
                    connection,
                    team_id=self.workspace.team_id,
                    name="Local",
                    bot_user_id=self.workspace.bot_user_id,
                    now=self.clock(),
                )
            outbox = Outbox(db, newsroom.sender_of, clock=self.clock)
            yield Room(self.workspace, db, newsroom, outbox, self.clock)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Everything but a running process."""
    workspace = Workspace(MANIFEST, channels=CHANNELS, bot_channels=CHANNELS)
    workspace.timing.wait_longer(30)
    await workspace.start()
    async with open_session(timeout_s=30) as session:
        yield World(workspace, tmp_path, session)
    await workspace.stop()


@pytest.fixture
async def room(world: World) -> AsyncIterator[Room]:
    """A running process."""
    async with world.start() as made:
        yield made
