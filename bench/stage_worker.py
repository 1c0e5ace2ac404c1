"""One worker that does one stage at a time, when it is told to: what the stage costs, apart from all others.

Its first line of input is its environment as JSON. Then each line names a stage: it works until nothing is due there
and answers a `Drained` as JSON. It ends when its input is closed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from bench.measure import children, cpu_s
from bench.processes import cpu_of
from bot import logs, opening, settings, tenancy
from bot.clock import utc_now
from bot.delivery.outbox import Outbox
from bot.many import Many
from bot.slack.client import open_session

STAGES = ("watch", "read", "join", "tell", "deliver")
_PAUSE_S = 0.05
_SOON_S = 10.0


@dataclass(frozen=True, slots=True)
class Drained:
    """What one worker did at one stage.

    Attributes:
        items: how many it took up.
        cpu: seconds of processor, its parsers' included.
    """

    items: int
    seconds: float
    cpu: float


_Stage = tuple[Callable[[], Awaitable[int]], Callable[[], Awaitable[datetime | None]]]


async def _drain(stage: _Stage) -> Drained:
    """Work until nothing is due soon (what another worker has in hand is due once its lease ends)."""
    work, next_at = stage
    began, used, items = time.perf_counter(), _cpu(), 0
    while True:
        done = await work()
        items += done
        if done:
            continue
        due = await next_at()
        if due is None or (due - utc_now()).total_seconds() > _SOON_S:
            return Drained(items, time.perf_counter() - began, _cpu() - used)
        await asyncio.sleep(_PAUSE_S)


def _cpu() -> float:
    return cpu_s() + sum(map(cpu_of, children()))


async def _serve(environ: dict[str, str]) -> None:
    known = settings.load({name: value for name, value in environ.items() if name not in {"PATH", "HOME", "LANG"}})
    async with opening.open_store(known, migrate=False) as db, open_session() as session:
        many = Many.of(known, db, session, utc_now)
        async with opening.open_newsroom(known, db, workspaces=many.workspaces) as newsroom:
            outbox = Outbox(db, newsroom.sender_of, clock=utc_now)
            stages: dict[str, _Stage] = {
                "watch": (newsroom.poll_due, newsroom.next_poll_at),
                "read": (newsroom.read_due, newsroom.next_read_at),
                "join": (newsroom.join_due, newsroom.next_join_at),
                "tell": (newsroom.tell_due, newsroom.next_story_at),
                "deliver": (outbox.run_due, outbox.next_at),
            }
            opening.settle_down()
            _say("ready")
            while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
                with tenancy.within(tenancy.EVERYONE):
                    _say(json.dumps(asdict(await _drain(stages[line]))))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logs.configure(level="error", style="json")
    asyncio.run(_serve(json.loads(sys.stdin.readline())))
