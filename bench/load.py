"""An hour's news for many workspaces, in compressed time, through real `tapeout worker` processes and PostgreSQL.

```
news server (feeds fill up by the schedule) ─► tapeout worker ×N ─► Slack's stand (who got what when)
                                                  └─ PostgreSQL ─┘
```
What takes how long is read afterwards: from the schedule, the rows' own times, and the stand's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import hours, news_server, postgres, town
from bench.hours import GATHER_S, POLL_S, Sample
from bench.measure import Sizes, Table, Target, Tell, children, memory_mb, quantile, shown
from bench.news import HOUR_S
from bench.news_server import Wanted
from bench.postgres import Server
from bench.processes import ROOT, child, cpu_of
from bench.town import Town
from bot.store import Database

_HOSTS = 100
_PATIENCE_S = 300.0
_LOOK_S = 2.0


def run(sizes: Sizes, tell: Tell) -> Table:
    """Let the hour go by at `sizes.pace` times its speed."""
    with postgres.database() as server, tempfile.TemporaryDirectory(prefix="tapeout-bench-") as folder:
        if server is None:
            return Table("load", "Load", ("",), (), notes=(postgres.MISSING,))
        return _hour(sizes, server, Path(folder), tell)


def _hour(sizes: Sizes, server: Server, folder: Path, tell: Tell) -> Table:
    place = Town(teams=sizes.teams, channels=sizes.team_channels, feeds=sizes.load_feeds)
    wanted = Wanted(place.feeds, sizes.load_articles, min(_HOSTS, place.feeds), sizes.seed, sizes.pace)
    key = town.new_key()
    with contextlib.ExitStack() as stack:
        tell("load: the news is made up")
        news = stack.enter_context(child("bench.news_server"))
        news.say(str(wanted))
        ports = json.loads(news.hear())
        slack_port = int(stack.enter_context(child("bench.slack_stand")).hear())
        urls = [f"http://127.0.0.1:{ports[at % len(ports)]}/f/{at}" for at in range(place.feeds)]
        asyncio.run(_settled(server, place, urls, key))
        poll_s = f"{POLL_S / sizes.pace:.3f}"
        environ = town.environ(
            server, slack_port=slack_port, feed_ports=ports, key=key,
            TAPEOUT_POLL_FLOOR_S=poll_s, TAPEOUT_POLL_CEILING_S=poll_s,
            TAPEOUT_GATHER_S=f"{GATHER_S / sizes.pace:.3f}", TAPEOUT_FIRST_POLL_LIMIT="0",
        )  # fmt: skip
        pids = [stack.enter_context(_worker(environ, folder, number)) for number in range(sizes.load_workers)]
        began, samples = asyncio.run(_watched(server, sizes, ports[0], pids, tell))
        with urllib.request.urlopen(f"http://127.0.0.1:{slack_port}/calls") as answer:
            calls = [hours.Call(*call) for call in json.load(answer)]
        told = asyncio.run(hours.told(server.sqlalchemy_url, wanted, began, calls))
    return _table(sizes, place, told, samples)


@contextlib.contextmanager
def _worker(environ: dict[str, str], folder: Path, number: int) -> Iterator[int]:
    """`tapeout worker`; its process id."""
    with (folder / f"worker-{number}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "worker"],
            cwd=folder,
            env=environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            finally:
                process.kill()


async def _settled(server: Server, place: Town, urls: Sequence[str], key: str) -> None:
    db = Database(server.sqlalchemy_url)
    try:
        await town.settle(db, place, urls, key)
    finally:
        await db.close()


async def _watched(
    server: Server, sizes: Sizes, port: int, pids: Sequence[int], tell: Tell
) -> tuple[float, list[Sample]]:
    """Wait until all feeds were read once, let the hour begin, and look until everything is told."""
    db = Database(server.sqlalchemy_url)
    try:
        end = time.time() + _PATIENCE_S
        while left := await hours.unread(db):
            tell(f"load: {left:,} feeds are to be read for the first time")
            if time.time() > end:
                raise RuntimeError("the workers do not read the feeds")
            await asyncio.sleep(_LOOK_S / 4)
        began = time.time() + 1.0
        news_server.begin(port, began)
        over, samples = began + HOUR_S / sizes.pace, list[Sample]()
        last_poll = over + 1.2 * POLL_S / sizes.pace
        while True:
            now = time.time()
            queues = await hours.queues(db)
            samples.append(Sample(now - began, queues, _memory(pids), _cpu(pids), server.cpu_s()))
            tell(f"load: {max(0.0, now - began):.0f} s of {over - began:.0f} s")
            idle = not any(queue.items for queue in queues if queue.stage != "watch")
            if (now > last_poll and idle) or now > over + _PATIENCE_S:
                return began, samples
            await asyncio.sleep(_LOOK_S)
    finally:
        await db.close()


def _memory(pids: Sequence[int]) -> float:
    """MB of the workers and their parsers."""
    total = 0.0
    for pid in pids:
        for each in (pid, *children(pid)):
            with contextlib.suppress(OSError, StopIteration):
                total += memory_mb(each)
    return total


def _cpu(pids: Sequence[int]) -> float:
    return sum(cpu_of(each) for pid in pids for each in (pid, *children(pid)))


def _table(sizes: Sizes, place: Town, told: hours.Told, samples: Sequence[Sample]) -> Table:
    rows = [
        (what, str(len(values)), *(shown(quantile(values, share)) for share in (0.5, 0.95, 0.99, 1.0)))
        for what, values in told.spans.items()
    ]
    ages = {
        queue.stage: [other.oldest_s for one in samples for other in one.queues if other.stage == queue.stage]
        for queue in samples[0].queues
    }
    rows += [
        (f"queue's oldest: {stage}", str(len(values)), *(shown(quantile(values, s)) for s in (0.5, 0.95, 0.99, 1.0)))
        for stage, values in ages.items()
    ]
    third = max(1, len(samples) // 3)
    early, late = (max(one.memory for one in part) for part in (samples[third : 2 * third], samples[-third:]))
    first, last = samples[0], samples[-1]
    posts, seconds = max(1, told.posts), last.at - first.at
    return Table(
        name="load",
        title=(
            f"An hour's news, {sizes.pace:g} times as fast: {sizes.load_articles:,} articles of {place.feeds:,} feeds "
            f"for {place.all_channels:,} channels of {place.teams} workspaces, {sizes.load_workers} workers"
        ),
        columns=("", "measured", "median", "p95", "p99", "worst"),
        rows=tuple(rows),
        targets=(
            Target("posts that came twice", told.doubled, 0, ""),
            Target("posts that did not come", told.missing, 0, ""),
            Target("memory's growth from the middle third to the last", late - early, 0.1 * early, "MB"),
        ),
        notes=(
            (
                f"{told.posts:,} posts and {told.others:,} updates and lines in {seconds:.0f} s; "
                f"two posts in a channel were less than a second apart {told.too_close} times."
            ),
            (
                f"Processor: workers {(last.cpu - first.cpu) / posts * 1000:.1f} ms and PostgreSQL "
                f"{(last.database - first.database) / posts * 1000:.1f} ms for a post, all stages together."
            ),
            f"Memory of all workers with their parsers: {early:.0f} MB in the middle third, {late:.0f} MB in the last.",
            (
                f"A feed is asked every {POLL_S / sizes.pace:.1f} s, and a story waits {GATHER_S / sizes.pace:.1f} s "
                "for others; “apart from” leaves these and the lanes' 1.1 s a message out."
            ),
        ),
    )
