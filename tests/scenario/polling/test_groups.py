"""Polls are written down in groups; what one of them does wrong is not the others' trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot import opening
from bot.newsroom import Newsroom, watching
from bot.settings import load
from bot.store import Database, channels, feeds, tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = (
    '<rss version="2.0"><channel><title>F</title>'
    "<item><title>{}</title><link>http://a.example/{}</link></item></channel></rss>"
)


@dataclass
class Desk:
    """A newsroom with feeds on one local server each; `held` keeps the slow one from answering."""

    newsroom: Newsroom
    db: Database
    held: asyncio.Event
    urls: list[str]

    async def polled(self) -> set[str]:
        """Addresses of the feeds whose poll is written down."""
        async with self.db.read() as connection:
            wanted = sa.select(tables.feed.c.url).where(tables.feed.c.last_success_at.is_not(None))
            return set((await connection.execute(wanted)).scalars())

    async def row(self, url: str) -> Any:
        """A feed's row."""
        async with self.db.read() as connection:
            return (await connection.execute(sa.select(tables.feed).where(tables.feed.c.url == url))).one()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Forty feeds, the first of them slow."""
    held = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name == "0":
            await held.wait()
        return web.Response(text=FEED.format(name, name), content_type="application/rss+xml")

    server = web.Application()
    server.router.add_get("/{name}", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    hosts = []
    for _ in range(40):
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        hosts.append(f"127.0.0.1:{runner.addresses[-1][1]}")
    urls = [f"http://{host}/{number}" for number, host in enumerate(hosts)]
    settings = load(
        {
            "TAPEOUT_DATA_DIR": str(tmp_path),
            "TAPEOUT_ALLOWED_HOSTS": ",".join(hosts),
            "TAPEOUT_HOST_SPACING_S": "0",
        }
    )
    async with (
        opening.open_store(settings, migrate=True) as db,
        opening.open_newsroom(settings, db, clock=lambda: NOW) as newsroom,
    ):
        await _subscribe(db, urls)
        yield Desk(newsroom, db, held, urls)
    held.set()
    await runner.cleanup()


async def _subscribe(db: Database, urls: Sequence[str]) -> None:
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T", name="T", bot_user_id="U", now=NOW)
        await connection.execute(
            sa.insert(tables.channel).values(team_id="T", channel_id="C", name="c", threshold=0.3, created_at=NOW)
        )
        for url in urls:
            feed = await feeds.add(connection, url=url, title="F", publisher="F", site_url=None, now=NOW)
            await channels.subscribe(connection, team_id="T", channel_id="C", feed_id=feed.id, created_by="U", now=NOW)


async def test_a_slow_server_holds_back_nobody_elses_feeds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More feeds than are polled at once are all read and written down while the first still waits for its answer."""
    monkeypatch.setattr(watching, "AT_ONCE", 8)
    monkeypatch.setattr(watching, "LEAST_CLAIMED", 4)
    monkeypatch.setattr(watching, "SETTLE_WITHIN_S", 0.05)
    polling = asyncio.create_task(desk.newsroom.poll_due())
    async with asyncio.timeout(90):
        while await desk.polled() != set(desk.urls[1:]):
            assert not polling.done()
            await asyncio.sleep(0.02)
    desk.held.set()
    assert await polling == len(desk.urls)
    assert await desk.polled() == set(desk.urls)


async def test_a_poll_that_cannot_be_written_down_costs_the_others_of_its_group_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group is written one by one then; the one at fault is asked again later, and not at once."""
    desk.held.set()
    bad = await desk.row(desk.urls[3])
    write = feeds.record_polls

    async def record(connection: Any, lines: Sequence[dict[str, Any]]) -> None:
        if any(line["feed_id"] == bad.id for line in lines):
            raise ValueError("a line that no column takes")
        await write(connection, lines)

    monkeypatch.setattr(feeds, "record_polls", record)
    assert await desk.newsroom.poll_due() == len(desk.urls)
    assert await desk.polled() == set(desk.urls) - {bad.url}
    after = await desk.row(bad.url)
    assert after.next_poll_at == NOW + watching.AFTER_OUR_ERROR
    assert after.lease_until is None
    assert await desk.newsroom.poll_due() == 0


async def test_a_feeds_rhythm_is_read_for_many_feeds_at_once(desk: Desk) -> None:
    """Each feed gets its own articles' times, newest first, and no more than asked for."""
    rows = [await desk.row(url) for url in desk.urls[:2]]
    values: dict[str, Any] = {
        "guid": None, "url": "u", "canonical_url": "u", "title": "t", "title_key": "t", "publisher": "p", "authors": [],
        "categories": [], "content_hash": "h", "verdict": "new", "reason": "r", "stage": "done", "first_seen_at": NOW,
    }  # fmt: skip
    async with desk.db.write() as connection:
        for row, hours in ((rows[0], (5, 1, 3)), (rows[1], (2,))):
            made = [
                values | {"feed_id": row.id, "identity": str(hour), "published_at": NOW - timedelta(hours=hour)}
                for hour in hours
            ]
            await connection.execute(sa.insert(tables.article), made)
        found = await feeds.recent_item_times(connection, [row.id for row in rows], limit=2)
    ago = {feed_id: [(NOW - at) // timedelta(hours=1) for at in times] for feed_id, times in found.items()}
    assert ago == {rows[0].id: [1, 3], rows[1].id: [2]}


async def test_a_poll_and_its_articles_are_written_together_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the poll itself cannot be written, its articles are not there either; the next poll brings them as new."""
    desk.held.set()
    bad = await desk.row(desk.urls[3])
    write = feeds.record_polls

    async def record(connection: Any, lines: Sequence[dict[str, Any]]) -> None:
        if any(line["feed_id"] == bad.id for line in lines):
            raise ValueError("a line that no column takes")
        await write(connection, lines)

    async def verdicts() -> dict[int, list[str]]:
        async with desk.db.read() as connection:
            found = await connection.execute(sa.select(tables.article.c.feed_id, tables.article.c.verdict))
            kept: dict[int, list[str]] = {}
            for feed_id, verdict in found:
                kept.setdefault(feed_id, []).append(verdict)
            return kept

    with monkeypatch.context() as patch:
        patch.setattr(feeds, "record_polls", record)
        await desk.newsroom.poll_due()
    others = {(await desk.row(url)).id: ["new"] for url in desk.urls if url != bad.url}
    assert await verdicts() == others
    async with desk.db.write() as connection:
        await feeds.settle(connection, [{"id": bad.id, "next_poll_at": NOW}])
    assert await desk.newsroom.poll_due() == 1
    assert await verdicts() == others | {bad.id: ["new"]}


async def test_a_feed_of_a_list_without_names_takes_its_own(desk: Desk) -> None:
    """At its first poll, and only where it still has its host's name; what somebody named keeps that name."""
    desk.held.set()
    nameless = await desk.row(desk.urls[1])
    async with desk.db.write() as connection:
        host = {"id": nameless.id, "title": "127.0.0.1", "publisher": "127.0.0.1"}
        named = {"id": (await desk.row(desk.urls[2])).id, "title": "The rack post", "publisher": "The rack post"}
        await feeds.settle(connection, [host, named])
    await desk.newsroom.poll_due()
    assert ((await desk.row(desk.urls[1])).title, (await desk.row(desk.urls[1])).publisher) == ("F", "F")
    assert (await desk.row(desk.urls[2])).title == "The rack post"
    async with desk.db.read() as connection:
        wanted = sa.select(tables.article.c.publisher).where(tables.article.c.feed_id == nameless.id)
        assert (await connection.execute(wanted)).scalars().all() == ["F"]
