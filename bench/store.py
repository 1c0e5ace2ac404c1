"""The ledger: feeds claimed and settled, and posts sent through the outbox, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient

from bench import postgres
from bench.measure import Sizes, Table, Tell, median, shown
from bot import logs, tenancy
from bot.delivery.outbox import Outbox
from bot.models import DeliveryState
from bot.slack.blocks import Message
from bot.slack.sender import Sender
from bot.store import Database, deliveries, feeds, tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_TEAM = "T1"
_CHANNELS = 50
_GROUP = 64


class _Slack(Sender):
    """Takes every post at once and remembers its key; asks no server."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient())
        self.keys: list[str] = []

    async def is_shared(self, channel: str) -> bool:
        """No channel is."""
        del channel
        return False

    async def post(self, channel: str, message: Message, *, delivery_key: str, thread_ts: str | None = None) -> str:
        """Take it."""
        del channel, message, thread_ts
        self.keys.append(delivery_key)
        return f"{len(self.keys)}.0"


class _Clock:
    """A clock that the measurement turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def run(sizes: Sizes, tell: Tell) -> Table:
    """Claim and settle `sizes.rows` feeds one by one and in groups, and send as many posts."""
    logs.configure(level="error", style="json")
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory(prefix="tapeout-bench-") as folder, contextlib.ExitStack() as stack:
        engines = {"SQLite": f"sqlite+aiosqlite:///{folder}/store.db"}
        server = stack.enter_context(postgres.database())
        if server is not None:
            engines["PostgreSQL"] = server.sqlalchemy_url
        for name, url in engines.items():
            tell(f"store: {name}")
            rows += [(f"{name}: {what}", *values) for what, *values in asyncio.run(_measure(url, sizes, tell))]
    notes = [
        "A group is what polls are written down in. Posts go to fifty channels through the outbox to a fake Slack."
    ]
    if "PostgreSQL" not in engines:
        notes.append("PostgreSQL is not installed here, so it was not measured.")
    return Table(
        name="store",
        title=f"The ledger, {sizes.rows:,} rows",
        columns=("", "a second", "each, median"),
        rows=tuple(rows),
        notes=tuple(notes),
    )


async def _measure(url: str, sizes: Sizes, tell: Tell) -> list[tuple[str, str, str]]:
    with tenancy.within(tenancy.EVERYONE):
        return await _all_of_it(Database(url), sizes, tell)


async def _all_of_it(db: Database, sizes: Sizes, tell: Tell) -> list[tuple[str, str, str]]:
    try:
        await db.migrate()
        await _fill(db, sizes.rows)
        tell(f"store: {db.dialect}, one by one")
        single = await _settle(db, sizes.rows // 4, group=1)
        tell(f"store: {db.dialect}, in groups")
        grouped = await _settle(db, sizes.rows, group=_GROUP)
        tell(f"store: {db.dialect}, posts")
        sent = await _deliver(db, sizes.rows // 2)
    finally:
        await db.close()
    return [
        ("claim and settle a feed", *_rate(single, 1)),
        (f"the same in groups of {_GROUP}", *_rate(grouped, _GROUP)),
        ("claim, send and settle a post", *_rate(sent, 1)),
    ]


def _rate(seconds: list[float], size: int) -> tuple[str, str]:
    return f"{size * len(seconds) / sum(seconds):,.0f}", shown(median(seconds) / size)


async def _fill(db: Database, count: int) -> None:
    async with db.write() as connection:
        await connection.execute(sa.insert(tables.team).values(id=_TEAM, name="B", bot_user_id="U", created_at=NOW))
        await connection.execute(
            sa.insert(tables.channel),
            [
                {"team_id": _TEAM, "channel_id": f"C{at}", "name": f"c{at}", "threshold": 0.3, "created_at": NOW}
                for at in range(_CHANNELS)
            ],
        )
        await connection.execute(
            sa.insert(tables.feed),
            [
                {
                    "id": at + 1, "url": f"https://a.example/{at}", "title": "A", "publisher": "A", "state": "fresh",
                    "next_poll_at": NOW, "created_at": NOW,
                }
                for at in range(count)
            ],
        )  # fmt: skip
        await connection.execute(
            sa.insert(tables.subscription),
            [
                {"team_id": _TEAM, "channel_id": "C0", "feed_id": at + 1, "created_by": "U", "created_at": NOW}
                for at in range(count)
            ],
        )


async def _settle(db: Database, count: int, *, group: int) -> list[float]:
    """Seconds of each group: claimed, then written down with a line of history."""
    later, took = NOW + timedelta(hours=1), []
    for _ in range(max(1, count // group)):
        started = time.perf_counter()
        async with db.write() as connection:
            due = await feeds.claim_due(connection, NOW, group)
        rows: list[dict[str, Any]] = [
            {"id": one.id, "next_poll_at": later, "last_poll_at": NOW, "state": "fresh", "etag": '"1"'} for one in due
        ]
        lines = [{"feed_id": one.id, "at": NOW, "outcome": "not_modified", "elapsed_ms": 10} for one in due]
        async with db.write() as connection:
            await feeds.recent_item_times(connection, [one.id for one in due])
            await feeds.settle(connection, rows)
            await feeds.record_polls(connection, lines)
        took.append(time.perf_counter() - started)
    async with db.write() as connection:
        await connection.execute(sa.update(tables.feed).values(next_poll_at=NOW))
    return took


async def _deliver(db: Database, count: int) -> list[float]:
    """Seconds of each post, on average over a call of the outbox."""
    async with db.write() as connection:
        for at in range(count):
            await deliveries.enqueue(
                connection,
                team_id=_TEAM,
                channel_id=f"C{at % _CHANNELS}",
                key=f"note:{at}",
                state=DeliveryState.PENDING,
                now=NOW,
                body="A line.",
            )
    slack, clock = _Slack(), _Clock()

    async def sender_of(_team: str) -> Sender:
        return slack

    outbox = Outbox(db, sender_of, clock=clock)
    took: list[float] = []
    while len(slack.keys) < count:
        started = time.perf_counter()
        sent = await outbox.run_due(10)
        if len(took) > 2 * count:
            raise RuntimeError("the outbox sends without anything arriving; its log says why")
        if sent:
            took += [(time.perf_counter() - started) / sent] * sent
        else:
            clock.now += timedelta(seconds=2)  # each channel's next slot
    assert len(set(slack.keys)) == count
    return took
