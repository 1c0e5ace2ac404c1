"""The newsroom on a real store, with a recorded web site, a clock that is moved by hand, and a channel in memory."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.delivery.outbox import Outbox
from bot.errors import DeliveryError
from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool
from bot.models import Actor
from bot.newsroom import Newsroom, Pace, Resources
from bot.signals import Bells
from bot.slack.blocks import Message
from bot.slack.channels import Look
from bot.slack.sender import Sender
from bot.store import Database, channels, claims
from bot.stories.encoder import Encoder
from bot.stories.vectors import word_vectors
from bot.writing.answer import Answerer
from bot.writing.brief import BriefWriter

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEAM = "T1"
BOT = "UBOT000000"
ADMIN = "UADA000000"

#: Events that have nothing in common, so that each is a story of its own.
EVENTS = (
    ("Kestrel opens a 90 MW data centre in Oulu", "Kestrel", "90 megawatts of power for GPU clusters in Oulu"),
    ("Brightwater orders 40,000 accelerators from Tessellar", "Brightwater", "40,000 accelerators, at $1.3 billion"),
    ("Regulator blocks export of 3 nm chips to Ardania", "The regulator", "export of 3 nm chips, $700 million of them"),
    ("Fjell releases a 70 billion parameter model", "Fjell", "a 70 billion parameter model of 2.1 million GPU hours"),
    ("Norrland cuts inference prices by 35 percent", "Norrland", "inference prices cut to $0.40 a million tokens"),
    ("Halden signs for 600 MW of nuclear power", "Halden", "600 megawatts of nuclear power for 12 years"),
    (
        "Palisade shows a switch with 512 optical ports",
        "Palisade",
        "a network switch with 512 optical ports at 1.6 Tbit/s",
    ),
)


@dataclass(frozen=True)
class Item:
    """An item of the site's feed."""

    number: int
    published: datetime
    text: str = ""
    title: str = ""

    def xml(self, base: str) -> str:
        """As RSS has it, with its whole text."""
        title, who, what = EVENTS[self.number % len(EVENTS)]
        words = self.text or (
            f"<p>{who} said on Sunday that it has {what}. The work takes {self.number + 7} months.</p>"
            + f"<p>With {what}, {who} goes further than before; {who} did not say who pays for {what}.</p>" * 12
        )
        return (
            f"<item><title>{self.title or title}</title><guid isPermaLink='false'>id-{self.number}</guid>"
            f"<link>{base}/stories/{self.number}</link><pubDate>{format_datetime(self.published)}</pubDate>"
            f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{words}]]>"
            "</content:encoded></item>"
        )


@dataclass
class Reply:
    """What the site answers at a path: a feed of these items, or something else."""

    items: tuple[Item, ...] = ()
    etag: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    title: str = "Site news"


class Site:
    """A web site on loopback that says what it is told to say, and records what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, CIMultiDict[str]]] = []
        self.replies: dict[str, Reply] = {}
        self.base = ""

    def put(self, path: str, reply: Reply) -> str:
        """Answer this from now on; the address."""
        self.replies[path] = reply
        return self.base + path

    def paths(self) -> list[str]:
        """What was asked for since `forget`."""
        return [path for path, _ in self.asked]

    def forget(self) -> None:
        """Start the record anew."""
        self.asked.clear()

    async def answer(self, request: web.Request) -> web.Response:
        """Record, and answer."""
        self.asked.append((request.path, CIMultiDict(request.headers)))
        reply = self.replies.get(request.path)
        if reply is None:
            return web.Response(status=404)
        headers = CIMultiDict(reply.headers)
        if reply.status != 200:
            return web.Response(status=reply.status, headers=headers)
        if reply.etag is not None:
            headers["ETag"] = reply.etag
            if request.headers.get("If-None-Match") == reply.etag:
                return web.Response(status=304, headers=headers)
        items = "".join(item.xml(self.base) for item in reply.items)
        head = f"<title>{reply.title}</title><link>{self.base}/</link>"
        body = f"<rss version='2.0'><channel>{head}{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml", headers=headers)


@dataclass
class Posted:
    """A message in a channel."""

    channel: str
    key: str
    thread_ts: str | None
    text: str
    edits: int = 0


class Room:
    """Slack, as far as the outbox sees it: messages by their ts, each known by its key."""

    def __init__(self) -> None:
        self.messages: dict[str, Posted] = {}

    async def post(self, channel: str, message: Message, *, delivery_key: str, thread_ts: str | None = None) -> str:
        """Keep it."""
        ts = f"{len(self.messages) + 1}.0"
        self.messages[ts] = Posted(channel, delivery_key, thread_ts, message.text + str(message.blocks))
        return ts

    async def update(self, channel: str, ts: str, message: Message, *, delivery_key: str) -> None:
        """Change it."""
        posted = self.messages[ts]
        if (posted.channel, posted.key) != (channel, delivery_key):
            raise DeliveryError("another message", state="failed")
        posted.text, posted.edits = message.text + str(message.blocks), posted.edits + 1

    async def look(self, _channel: str) -> Look:
        """All channels are public, and we are in them."""
        return Look(is_private=False, is_member=True)

    async def find(
        self, channel: str, delivery_key: str, since: datetime, *, thread_ts: str | None = None
    ) -> str | None:
        """Look for it."""
        del since
        return next(
            (
                ts
                for ts, item in self.messages.items()
                if (item.channel, item.key, item.thread_ts) == (channel, delivery_key, thread_ts)
            ),
            None,
        )

    async def is_shared(self, channel: str) -> bool:
        """Nobody else reads it."""
        del channel
        return False

    async def join(self, channel: str) -> None:
        """Being there already is fine."""

    def briefs(self, channel: str = "C1") -> list[Posted]:
        """The stories' posts in a channel, oldest first."""
        return [item for item in self.messages.values() if item.channel == channel and "/story:" in item.key]

    def digests(self, channel: str = "C1") -> list[Posted]:
        """The digests in a channel, oldest first."""
        return [item for item in self.messages.values() if item.channel == channel and "/digest:" in item.key]

    def lines(self, channel: str = "C1") -> list[Posted]:
        """What was said in threads."""
        return [item for item in self.messages.values() if item.channel == channel and "/line:" in item.key]


@dataclass
class Desk:
    """One life of the process: what `restart` replaces."""

    db: Database
    newsroom: Newsroom
    outbox: Outbox
    now: datetime

    async def turn(self) -> int:
        """Let every loop work once; how much was done."""
        done = await self.newsroom.poll_due()
        done += await self.newsroom.read_due()
        done += await self.newsroom.join_due()
        done += await self.newsroom.tell_due()
        done += await self.newsroom.digest_due()
        return done + await self.outbox.run_due()

    async def settle(self) -> None:
        """Let every loop work, three seconds further each time, until none has anything to do for ten seconds."""
        idle = 0
        while idle < 4:
            idle = 0 if await self.turn() else idle + 1
            self.now += timedelta(seconds=3)

    async def pass_time(self, span: timedelta, step: timedelta = timedelta(hours=6)) -> None:
        """Let time go by, with the loops at work."""
        end = self.now + span
        while self.now < end:
            self.now = min(end, self.now + step)
            await self.settle()

    async def subscribe(self, url: str, *, channel: str = "C1", team: str = TEAM, by: str = ADMIN) -> None:
        """Put the feed at an address into a channel without looking at it first."""
        from bot.store import feeds

        async with self.db.write() as connection:
            await channels.add_team(connection, team_id=team, name=team, bot_user_id=BOT, now=self.now)
            await channels.add_channel(
                connection, team_id=team, channel_id=channel, name=channel.lower(), threshold=0.0, now=self.now
            )
            feed = await feeds.add(
                connection, url=url, title="Site news", publisher="Site", site_url=None, now=self.now
            )
            await channels.subscribe(
                connection, team_id=team, channel_id=channel, feed_id=feed.id, created_by=by, now=self.now
            )


class World:
    """What outlives a process: the database's file, the site, the room; and one way to start a process."""

    def __init__(self, folder: Path, site: Site, fetcher: Fetcher, pool: ParserPool) -> None:
        self.folder = folder
        self.site = site
        self.room = Room()
        self.admin = Actor(TEAM, ADMIN, is_admin=True)
        self._fetcher = fetcher
        self._pool = pool
        self.encoder: Encoder | None = None

    @contextlib.asynccontextmanager
    async def start(self, now: datetime = NOW, *, name: str = "world.db", **pace: Any) -> AsyncIterator[Desk]:
        """A process on the database's file; like a real start, it lets go of what an earlier one had in hand."""
        db = Database(f"sqlite+aiosqlite:///{self.folder / name}")
        try:
            await db.migrate()
            async with db.write() as connection:
                await claims.release_all(connection, now)
            yield self.desk(db, now, **pace)
        finally:
            await db.close()

    def desk(self, db: Database, now: datetime, **pace: Any) -> Desk:
        """A newsroom and an outbox on a database."""
        made: Desk

        def clock() -> datetime:
            return made.now

        async def sender_of(_team: str) -> Sender:
            return cast("Sender", self.room)

        async def reply_to(*_: Any, **__: Any) -> Any:
            raise AssertionError("nobody asks anything here")

        vectors = word_vectors()
        made = Desk(db, cast("Newsroom", None), Outbox(db, sender_of, clock=clock), now)
        made.newsroom = Newsroom(
            Resources(
                db=db,
                clock=clock,
                bells=Bells(),
                fetcher=self._fetcher,
                pool=self._pool,
                vectors=vectors,
                encoder=self.encoder,
                brief_writer=BriefWriter(None, None),
                answerer=Answerer(None, None, vectors=vectors),
                sender_of=sender_of,
                reply_to=reply_to,
                pace=Pace(**{"gather": timedelta(0), **pace}),
            )
        )
        return made


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site on a free port."""
    made = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    """A fetcher that may read the site, without a pause between requests."""
    async with Fetcher(
        user_agent="Tapeout/0.1 (+https://example.com/tapeout)",
        allowed_hosts=[site.base.removeprefix("http://")],
        host_spacing=0,
    ) as made:
        yield made


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    """Parsers in processes of their own."""
    async with ParserPool() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, site: Site, fetcher: Fetcher, pool: ParserPool) -> World:
    """Everything but a running process."""
    return World(tmp_path, site, fetcher, pool)
