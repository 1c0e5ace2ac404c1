"""One trial: some minutes of weather and kills, then calm, then the verdict."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import utc_now
from bot.delivery.outbox import Outbox
from bot.slack.sender import Sender
from bot.store import Database
from bot.store.deliveries import as_delivery
from bot.store.tables import article, delivery, feed, question, story, story_article

from .people import PAUSE_S, People
from .press import EVERY_S
from .reaper import Reaper
from .stage import CHANNELS, Setup, Stage, stage
from .verdict import Facts, Message, Question, Row, Verdict, judge

PATIENCE_S = 600.0
"""How long everything may take to settle once the weather is calm."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one trial showed."""

    setup: Setup
    kills: Counter[str]
    slept: int
    ended: list[tuple[str, int]]
    faults: Counter[str]
    updates: int
    asked: int
    seconds: float
    settled_s: float
    orphans: int
    verdict: Verdict


async def run(
    setup: Setup,
    folder: Path,
    database_url: str | None,
    *,
    kills: int,
    seed: int,
    within_s: float = math.inf,
    struck: Callable[[], None] = lambda: None,
    every_s: float = EVERY_S,
    pause_s: tuple[float, float] = PAUSE_S,
    patience_s: float = PATIENCE_S,
    with_shelf: bool = True,
) -> Result:
    """Run one trial in a folder of its own.

    Args:
        setup: which processes.
        folder: an empty one.
        database_url: an empty PostgreSQL database; None: SQLite.
        kills: how many …
        within_s: … in at most so many seconds.
        seed: of all dice.
        struck: is called after each kill.
        every_s: seconds between two events of the press.
        pause_s: the least and the most seconds between two questions.
        patience_s: how long everything may take to settle.
        with_shelf: put the sample feeds out, too.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    async with stage(setup, folder, database_url, seed=seed, every_s=every_s, with_shelf=with_shelf) as at:
        updates: Counter[str] = Counter()
        at.heard.listeners.append(lambda what, _port: updates.update([what]))
        people, reaper = People(at, seed, pause_s), Reaper(at, seed, most=kills, within_s=within_s, struck=struck)
        at.weather.stormy = at.weather.pace = True
        asking = asyncio.create_task(people.run())
        try:
            await reaper.run()
        finally:
            asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asking
        at.press.freeze()
        at.weather.calm()
        calm = clock()
        supervising = asyncio.create_task(reaper.stay())
        unfinished = await _settle(at, patience_s)
        settled_s = clock() - calm
        verdict = judge(await _facts(at, people, unfinished))
        supervising.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await supervising
        for child in at.children:
            if child.pid is not None:
                await child.terminate()
        return Result(
            setup=setup,
            kills=reaper.kills,
            slept=reaper.slept,
            ended=reaper.ended_by_themselves,
            faults=at.weather.counts(),
            updates=updates["chat.update"],
            asked=len(people.asked),
            seconds=clock() - began,
            settled_s=settled_s,
            orphans=sum(len(child.orphans()) for child in at.children),
            verdict=verdict,
        )


async def _settle(at: Stage, patience_s: float) -> tuple[str, ...]:
    """Wait until nothing is left to do; what was left when patience ended."""
    clock = asyncio.get_running_loop().time
    end, quiet = clock() + patience_s, 0
    left: tuple[str, ...] = ("nothing was looked at",)
    while clock() < end and quiet < 3:
        # One event that waits for a second one, to be turned round with it, gets it.
        if at.workspace.core.hub._gathered:
            await at.workspace.send("ada", CHANNELS[0], "Good morning!")
        left = await _left(at)
        quiet = 0 if left else quiet + 1
        await asyncio.sleep(1.0)
    return left


async def _left(at: Stage) -> tuple[str, ...]:
    """What there is to do."""
    open_ = (
        ("articles", article, article.c.due_at.is_not(None)),
        ("stories", story, story.c.due_at.is_not(None)),
        ("deliveries", delivery, delivery.c.run_at.is_not(None)),
        ("questions", question, question.c.state == "pending"),
        ("articles never seen", feed, feed.c.last_success_at.is_(None)),
    )
    found = []
    async with at.db.read() as connection:
        for name, table, condition in open_:
            many = (await connection.execute(sa.select(sa.func.count()).select_from(table).where(condition))).scalar()
            if many:
                found.append(f"{many} {name}")
        known = set((await connection.execute(sa.select(article.c.url))).scalars())
    if missing := [address for address in at.press.printed() if address not in known]:
        found.append(f"{len(missing)} articles to be read, such as {missing[0]}")
    if at.workspace.unsettled_events:
        found.append(f"{at.workspace.unsettled_events} events")
    return tuple(found)


async def _facts(at: Stage, people: People, unfinished: tuple[str, ...]) -> Facts:
    ids = {at.workspace.channel_id(name) for name in CHANNELS}
    return Facts(
        messages=_messages(at),
        rows=await _rows(at.db),
        questions=await _asked(at.db),
        printed=frozenset(at.press.printed()),
        stories=await _stories(at.db),
        channels=frozenset(ids),
        asked=frozenset((asked.channel_id, asked.ts) for asked in people.asked),
        given_up=frozenset(at.given_up),
        unfinished=unfinished,
    )


def _messages(at: Stage) -> tuple[Message, ...]:
    """The bot's messages everywhere, joins and the like apart."""
    bot = at.workspace.bot_user_id
    return tuple(
        Message(channel.id, body["ts"], root if (root := body.get("thread_ts")) != body["ts"] else None, _key(body),
                str(body.get("text") or ""))
        for channel in at.workspace.core.state.channels.values()
        for body in channel.messages.values()
        if body.get("user") == bot and not body.get("subtype")
    )  # fmt: skip


def _key(body: Mapping[str, object]) -> str | None:
    metadata = body.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload["delivery_key"]) if isinstance(payload, dict) else None


async def _rows(db: Database) -> tuple[Row, ...]:
    async with db.read() as connection:
        found = (await connection.execute(sa.select(delivery))).all()
    return tuple(
        [
            Row(
                id=row.id,
                channel_id=row.channel_id,
                key=row.key,
                state=row.state,
                ts=row.ts,
                story_id=row.story_id,
                is_due=row.run_at is not None,
                reason=row.reason,
                text=await _text(db, row) if row.key.startswith("story:") and row.state == "sent" else None,
            )
            for row in found
        ]
    )


async def _text(db: Database, row: sa.Row[*tuple[Any, ...]]) -> str:
    """What a story's post should say now."""

    async def nobody(_team_id: str) -> Sender:
        raise AssertionError("nothing is sent")

    message = await Outbox(db, nobody, clock=utc_now)._compose(as_delivery(row))
    return message.text


async def _asked(db: Database) -> tuple[Question, ...]:
    c = question.c
    async with db.read() as connection:
        rows = await connection.execute(sa.select(c.id, c.channel_id, c.ts, c.root_ts, c.state, c.reply_ts))
        return tuple(Question(*row) for row in rows)


async def _stories(db: Database) -> dict[str, int | None]:
    async with db.read() as connection:
        rows = await connection.execute(
            sa.select(article.c.url, story_article.c.story_id).outerjoin(
                story_article, story_article.c.article_id == article.c.id
            )
        )
        return {row.url: row.story_id for row in rows}
