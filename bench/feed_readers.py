"""Three that poll the same feeds, each in a process of its own: Tapeout, the library `reader`, and a bare HTTP client.

A reader is told `poll` or `stop` on its standard input, a line each, and answers a line of JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import feedparser_sgmllib
import sqlalchemy as sa
from reader import make_reader

from bench.measure import Heart, children, cpu_s, memory_mb, peak_mb, quantile
from bot import logs, opening
from bot.settings import load
from bot.store import Database, channels, feeds, tables

# `reader` 3.26 brings an older feedparser along, which looks for this module under its former name.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)

#: Requests at the same time, for the bare client and for `reader`'s threads.
AT_ONCE = 16
_TEAM, _CHANNEL = "T1", "C1"


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of all feeds took.

    Attributes:
        cpu: seconds of processor, the parser's processes included.
        memory: MB resident at most so far, in this process and in its children now.
        stall: the longest time that the event loop was not free, in seconds: all of it, and what our own code used.
        items: what is kept.
    """

    seconds: float
    cpu: float
    memory: float
    children: float
    stall: float
    own_stall: float
    items: int


Poll = Callable[[], Awaitable[int]]


@contextlib.asynccontextmanager
async def tapeout(urls: list[str], folder: Path) -> AsyncIterator[Poll]:
    """The newsroom as the service builds it, with SQLite."""
    ahead = timedelta()

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    hosts = sorted({url.split("/")[2] for url in urls})
    settings = load(
        {
            "TAPEOUT_DATA_DIR": str(folder),
            "TAPEOUT_ALLOWED_HOSTS": ",".join(hosts),
            "TAPEOUT_HOST_SPACING_S": "0",
        }
    )
    async with (
        opening.open_store(settings, migrate=True) as db,
        opening.open_newsroom(settings, db, clock=clock) as newsroom,
    ):
        await _subscribe(db, urls, clock())
        opening.settle_down()

        async def poll() -> int:
            nonlocal ahead
            while await newsroom.poll_due():
                pass
            ahead += timedelta(days=2)  # by then every feed is due again
            async with db.read() as connection:
                return int((await connection.execute(sa.select(sa.func.count(tables.article.c.id)))).scalar_one())

        yield poll


async def _subscribe(db: Database, urls: list[str], now: datetime) -> None:
    async with db.write() as connection:
        await channels.add_team(connection, team_id=_TEAM, name="Bench", bot_user_id="U1", now=now)
        await connection.execute(
            sa.insert(tables.channel).values(
                team_id=_TEAM, channel_id=_CHANNEL, name="news", threshold=0.35, created_at=now
            )
        )
        for url in urls:
            made = await feeds.add(connection, url=url, title=url, publisher=url, site_url=None, now=now)
            await connection.execute(
                sa.insert(tables.subscription).values(
                    team_id=_TEAM, channel_id=_CHANNEL, feed_id=made.id, created_by="U1", created_at=now
                )
            )


@contextlib.asynccontextmanager
async def library(urls: list[str], folder: Path) -> AsyncIterator[Poll]:
    """The library `reader` as its documentation uses it, with threads."""
    with contextlib.closing(make_reader(str(folder / "reader.sqlite"))) as one:
        for url in urls:
            one.add_feed(url)

        async def poll() -> int:
            one.update_feeds(scheduled=False, workers=AT_ONCE)
            return int(one.get_entry_counts().total or 0)

        yield poll


@contextlib.asynccontextmanager
async def floor(urls: list[str], _folder: Path) -> AsyncIterator[Poll]:
    """Nothing but the transfer: aiohttp with the validators of the last time, bodies thrown away."""
    tags: dict[str, str] = {}
    turn = asyncio.Semaphore(AT_ONCE)

    async with aiohttp.ClientSession() as session:

        async def fetch(url: str) -> None:
            headers = {"If-None-Match": tags[url]} if url in tags else {}
            async with turn, session.get(url, headers=headers) as response:
                await response.read()
                if tag := response.headers.get("ETag"):
                    tags[url] = tag

        async def poll() -> int:
            await asyncio.gather(*map(fetch, urls))
            return 0

        yield poll


READERS = {"floor": floor, "tapeout": tapeout, "reader": library}


async def _serve(name: str, urls: list[str], folder: Path) -> None:
    async with READERS[name](urls, folder) as poll:
        while (await asyncio.to_thread(sys.stdin.readline)).strip() == "poll":
            _tell(asdict(await _measured(poll)))


async def _measured(poll: Poll) -> Polled:
    started, used = time.perf_counter(), cpu_s() + _children_cpu()
    async with Heart.beating() as heart:
        items = await poll()
    seconds = time.perf_counter() - started
    return Polled(
        seconds=seconds,
        cpu=cpu_s() + _children_cpu() - used,
        memory=peak_mb(),
        children=sum(memory_mb(pid) for pid in children()),
        stall=quantile(heart.late, 1.0),
        own_stall=quantile(heart.busy, 1.0),
        items=items,
    )


def _children_cpu() -> float:
    """Seconds of processor of the children that are still running."""
    total = 0.0
    for pid in children():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _tell(answer: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """`python -m bench.feed_readers NAME FOLDER`, the addresses as a line of JSON on standard input."""
    logs.configure(level="warning", style="json")
    logging.getLogger("reader").setLevel(logging.ERROR)
    urls: list[str] = json.loads(sys.stdin.readline())
    asyncio.run(_serve(sys.argv[1], urls, Path(sys.argv[2])))


if __name__ == "__main__":
    main()
