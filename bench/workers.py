"""How much each stage does with one, two and four workers on one PostgreSQL, and what it costs where."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import news_server, postgres, town
from bench.measure import Sizes, Table, Tell
from bench.news_server import Wanted
from bench.postgres import Server
from bench.processes import child
from bench.slack_stand import LATENCY_S
from bench.stage_worker import STAGES, Drained
from bench.town import Town
from bot import logs
from bot.store import Database

WORKERS = (1, 2, 4)
_HOSTS = 50
_LONG_AGO_S = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Done:
    """One stage, worked off by some workers together.

    Attributes:
        cpu: the workers' seconds of processor, their parsers' included.
        database: the server's.
    """

    items: int
    seconds: float
    cpu: float
    database: float


def run(sizes: Sizes, tell: Tell) -> Table:
    """Work the same news off with each number of workers."""
    logs.configure(level="error", style="json")
    place = town_of(sizes)
    with postgres.database() as server:
        if server is None:
            return Table("workers", "Workers", ("",), (), notes=(postgres.MISSING,))
        found = {
            many: drained(server, place, sizes.news, tell, workers=many, seed=sizes.seed)
            for many in (WORKERS if sizes != Sizes.quick() else WORKERS[:2])
        }
    rows = []
    for stage in STAGES:
        each = [of[stage] for of in found.values()]
        rows.append(
            (
                stage,
                f"{each[0].items:,}",
                *(f"{one.items / one.seconds:,.0f}" for one in each),
                *(f"{one.cpu / one.items * 1000:.1f} + {one.database / one.items * 1000:.1f} ms" for one in each),
            )
        )
    counts = [f"× {many}" for many in found]
    return Table(
        name="workers",
        title=f"{place.feeds} feeds for {place.all_channels:,} channels of {place.teams} workspaces, by workers",
        columns=("stage", "items", *(f"a second {one}" for one in counts), *(f"processor {one}" for one in counts)),
        rows=tuple(rows),
        notes=(
            "Processor: of the workers and of PostgreSQL. An item: a poll, an article, a story, a post.",
            f"One stage after the other, each until nothing is due. Slack's stand-in takes {LATENCY_S} s for a post.",
        ),
    )


def town_of(sizes: Sizes) -> Town:
    """The workspaces that `sizes.news` articles go to."""
    teams = max(2, sizes.channels // 20)
    return Town(teams=teams, channels=max(1, sizes.channels // teams), feeds=max(10, sizes.news // 2))


def drained(server: Server, place: Town, articles: int, tell: Tell, *, workers: int, seed: int) -> dict[str, Done]:
    """Some articles worked off, stage by stage, from an empty database on."""
    server.empty()
    key = town.new_key()
    with contextlib.ExitStack() as stack:
        tell(f"workers: × {workers}, the news is made up")
        news = stack.enter_context(child("bench.news_server"))
        news.say(str(Wanted(place.feeds, articles, min(_HOSTS, place.feeds), seed, pace=1.0)))
        ports = json.loads(news.hear())
        news_server.begin(ports[0], time.time() - _LONG_AGO_S)
        slack = stack.enter_context(child("bench.slack_stand"))
        urls = [f"http://127.0.0.1:{ports[at % len(ports)]}/f/{at}" for at in range(place.feeds)]
        asyncio.run(_settled(server, place, urls, key))
        environ = town.environ(
            server,
            slack_port=int(slack.hear()),
            feed_ports=ports,
            key=key,
            TAPEOUT_GATHER_S="0",
            TAPEOUT_FIRST_POLL_LIMIT="100",
        )
        crew = [stack.enter_context(child("bench.stage_worker")) for _ in range(workers)]
        for one in crew:
            one.say(json.dumps(environ))
        for one in crew:
            one.hear()
        found = {}
        for stage in STAGES:
            tell(f"workers: × {workers}, {stage}")
            used, began = server.cpu_s(), time.perf_counter()
            for one in crew:
                one.say(stage)
            parts = [Drained(**json.loads(one.hear())) for one in crew]
            found[stage] = _together(parts, time.perf_counter() - began, server.cpu_s() - used)
        return found


def _together(parts: Sequence[Drained], seconds: float, database: float) -> Done:
    items = sum(part.items for part in parts)
    return Done(items, seconds, sum(part.cpu for part in parts), database)


async def _settled(server: Server, place: Town, urls: Sequence[str], key: str) -> None:
    db = Database(server.sqlalchemy_url)
    try:
        await town.settle(db, place, urls, key)
    finally:
        await db.close()
