"""Polling a thousand feeds, side by side: Tapeout, the library `reader`, and the bare client that is the floor."""

from __future__ import annotations

import contextlib
import json
import tempfile
import urllib.request
from collections import defaultdict
from pathlib import Path

from bench.feed_readers import READERS, Polled
from bench.measure import Sizes, Table, Target, Tell, median, quantile, shown
from bench.processes import Child, child

HOSTS = 100


def run(sizes: Sizes, tell: Tell) -> Table:
    """Poll all feeds once, then `sizes.rounds` times with a new edition each; the contenders take turns."""
    hosts = min(HOSTS, sizes.feeds)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tapeout-bench-")))
        tell("feeds: the server makes them up")
        server = stack.enter_context(child("bench.feed_server", str(sizes.feeds), str(hosts), str(sizes.seed)))
        stand = json.loads(server.hear())
        urls = [f"http://127.0.0.1:{stand['ports'][at % hosts]}/f/{at}" for at in range(sizes.feeds)]
        readers: dict[str, Child] = {}
        polls: defaultdict[str, list[Polled]] = defaultdict(list)
        for name in READERS:
            (folder / name).mkdir()
            readers[name] = stack.enter_context(child("bench.feed_readers", name, str(folder / name)))
            readers[name].say(json.dumps(urls))
        for edition in range(sizes.rounds + 1):
            if edition:
                urllib.request.urlopen(f"http://127.0.0.1:{stand['ports'][0]}/edition/{edition}").close()
            for name, reader in readers.items():
                what = "first poll" if edition == 0 else f"steady poll {edition} of {sizes.rounds}"
                tell(f"feeds: {what}, {name}")
                reader.say("poll")
                polls[name].append(Polled(**json.loads(reader.hear())))
        for reader in readers.values():
            reader.say("stop")
    return _table(sizes, polls, stand["bytes"] / sizes.feeds)


def _table(sizes: Sizes, polls: dict[str, list[Polled]], mean_bytes: float) -> Table:
    first = {name: found[0] for name, found in polls.items()}
    steady = {name: median([one.seconds for one in found[1:]]) for name, found in polls.items()}
    used = {name: median([one.cpu for one in found[1:]]) for name, found in polls.items()}
    # Each round is compared within itself: the machine's other work comes and goes.
    faster = median([r.seconds / t.seconds for r, t in zip(polls["reader"][1:], polls["tapeout"][1:], strict=True)])
    slower = median([t.seconds / f.seconds for t, f in zip(polls["tapeout"][1:], polls["floor"][1:], strict=True)])
    rows = []
    for name, found in polls.items():
        rounds = [one.seconds for one in found[1:]]
        rows.append(
            (
                name,
                shown(first[name].seconds),
                shown(first[name].cpu),
                shown(steady[name]),
                shown(quantile(rounds, 0.95)),
                shown(used[name]),
                f"{first['reader'].seconds / first[name].seconds:.1f} x",
                f"{steady['reader'] / steady[name]:.1f} x",
                f"{steady[name] / steady['floor']:.1f} x",
                f"{max(one.memory for one in found):.0f} + {max(one.children for one in found):.0f} MB",
                f"{found[-1].items:,}",
            )
        )
    ours = polls["tapeout"]
    return Table(
        name="feeds",
        title=f"Polling {sizes.feeds:,} feeds of {mean_bytes / 1000:.0f} KB on average",
        columns=(
            "",
            "first",
            "CPU",
            "steady",
            "p95",
            "CPU",
            "first: reader /",
            "steady: reader /",
            "steady: / floor",
            "peak memory",
            "items",
        ),
        rows=tuple(rows),
        targets=(
            Target(
                "first poll, times faster than reader",
                first["reader"].seconds / first["tapeout"].seconds,
                3,
                "x",
                at_most=False,
            ),
            Target("steady poll, times faster than reader", faster, 6, "x", at_most=False),
            Target("steady poll, times the floor", slower, 4, "x"),
            Target("longest that our code held the event loop", max(one.own_stall for one in ours) * 1000, 50, "ms"),
            Target("peak memory with the parser", max(one.memory + one.children for one in ours), 250, "MB"),
        ),
        notes=(
            "Steady: 80 % answer 304, 10 % send the same again, 8 % change a stamp, 2 % have a new item.",
            (
                f"By the wall clock the event loop was late by {max(one.stall for one in ours) * 1000:.0f} ms at most; "
                "other programs of the machine are in that."
            ),
        ),
    )
