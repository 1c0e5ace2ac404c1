"""What became of an hour's news: who was told what, when, and what the time in between went into."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bench import news
from bench.news_server import Wanted
from bot import tenancy
from bot.store import Database, lanes
from bot.store import queues as store_queues
from bot.store.queues import Queue
from bot.store.tables import article, delivery, feed, story_article, subscription

POLL_S, GATHER_S = 300.0, 30.0
"""The settings as they ship: seconds between two polls of a feed, and that a story waits for others."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the stand took; `at`: seconds since the epoch."""

    method: str
    channel: str
    key: str
    at: float


@dataclass(frozen=True, slots=True)
class Sample:
    """How things stood; `at`: seconds since the hour began; memory in MB, processor in seconds."""

    at: float
    queues: tuple[Queue, ...]
    memory: float
    cpu: float
    database: float


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it.

    Attributes:
        spans: seconds, by what they went into, one for each post.
        too_close: how often two posts came into a channel within a second.
    """

    spans: dict[str, list[float]]
    posts: int
    others: int
    doubled: int
    missing: int
    too_close: int


async def unread(db: Database) -> int:
    """How many feeds were never read."""
    with tenancy.within(tenancy.EVERYONE):
        async with db.read() as connection:
            never = sa.select(sa.func.count()).where(feed.c.last_success_at.is_(None))
            return int((await connection.execute(never)).scalar_one())


async def queues(db: Database) -> tuple[Queue, ...]:
    """What is due at each stage."""
    with tenancy.within(tenancy.EVERYONE):
        async with db.read() as connection:
            return await store_queues.due(connection, datetime.now(UTC))


async def told(url: str, wanted: Wanted, began: float, calls: Sequence[Call]) -> Told:
    """Compare the schedule, the ledger and what Slack's stand took."""
    out = {one.key: began + one.at / wanted.pace for one in news.hour(wanted.feeds, wanted.articles, wanted.seed)}
    db = Database(url)
    try:
        with tenancy.within(tenancy.EVERYONE):
            async with db.read() as connection:
                members = (
                    await connection.execute(
                        sa.select(
                            story_article.c.story_id,
                            article.c.guid,
                            article.c.first_seen_at,
                            story_article.c.joined_at,
                            subscription.c.team_id,
                            subscription.c.channel_id,
                        )
                        .join(article, article.c.id == story_article.c.article_id)
                        .join(subscription, subscription.c.feed_id == article.c.feed_id)
                    )
                ).all()
                rows = (
                    await connection.execute(
                        sa.select(
                            delivery.c.id,
                            delivery.c.key,
                            delivery.c.story_id,
                            delivery.c.team_id,
                            delivery.c.channel_id,
                            delivery.c.state,
                            delivery.c.created_at,
                        ).where(delivery.c.state != "withheld")
                    )
                ).all()
    finally:
        await db.close()
    return _compare(out, members, rows, calls, wanted.pace)


def _compare(
    out: dict[str, float],
    members: Sequence[sa.Row[*tuple[Any, ...]]],
    rows: Sequence[sa.Row[*tuple[Any, ...]]],
    calls: Sequence[Call],
    pace: float,
) -> Told:
    # A channel hears of a story when the first of the feeds that it follows tells it.
    firsts: dict[tuple[int, str, str], tuple[float, float, float]] = {}
    for member in members:
        if member.guid in out:
            times = (out[member.guid], member.first_seen_at.timestamp(), member.joined_at.timestamp())
            heard = (member.story_id, member.team_id, member.channel_id)
            firsts[heard] = min(firsts.get(heard, times), times, key=lambda each: each[2])
    due = {f"{row.id}/{row.key}": row.created_at.timestamp() for row in rows}
    free = _lanes(calls, due)
    arrived = {call.key: call.at for call in calls if call.method == "chat.postMessage"}
    spans: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        key = f"{row.id}/{row.key}"
        heard = (row.story_id, row.team_id, row.channel_id)
        if not row.key.startswith("story:") or key not in arrived or heard not in firsts:
            continue
        published, seen, joined = firsts[heard]
        lane = free[key] - due[key]
        spans["out → seen (polling)"].append(seen - published)
        spans["seen → joined (read, join)"].append(joined - seen)
        spans["joined → told (gather, tell)"].append(due[key] - joined)
        spans["told → posted (deliver)"].append(arrived[key] - due[key])
        spans["  of it: the lane's pace"].append(lane)
        spans["out → posted"].append(arrived[key] - published)
        spans["  apart from the lane's pace"].append(arrived[key] - published - lane)
        own = arrived[key] - seen - lane - GATHER_S / pace
        spans["  apart from polling, gathering and the lane"].append(max(0.0, own))
    posted = Counter(call.key for call in calls if call.method == "chat.postMessage")
    stories = sum(1 for key in posted if "/story:" in key)
    return Told(
        spans=dict(spans),
        posts=stories,
        others=len(calls) - stories,
        doubled=sum(many - 1 for many in posted.values()),
        missing=len(due.keys() - posted.keys()),
        too_close=_too_close(calls),
    )


def _lanes(calls: Sequence[Call], due: dict[str, float]) -> dict[str, float]:
    """When each call could have come in if only its channel's pace held it up: one in 1.1 s, in their order."""
    spacing, free, found = lanes.SPACING.total_seconds(), dict[str, float](), dict[str, float]()
    for call in sorted(calls, key=lambda call: call.at):
        ready = due.get(call.key, call.at) if call.method == "chat.postMessage" else call.at
        at = min(call.at, max(ready, free.get(call.channel, ready)))
        free[call.channel] = at + spacing
        found.setdefault(call.key, at)
    return found


def _too_close(calls: Sequence[Call]) -> int:
    last, found = dict[str, float](), 0
    for call in sorted(calls, key=lambda call: call.at):
        if call.method == "chat.postMessage":
            found += call.at - last.get(call.channel, 0.0) < 1.0
            last[call.channel] = call.at
    return found
