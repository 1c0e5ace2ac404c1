"""Reads what there is in the channels and in the store, for the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.clock import utc_now
from bot.delivery.outbox import Outbox
from bot.models import Digest
from bot.slack.sender import Sender
from bot.store import Database
from bot.store.deliveries import as_delivery
from bot.store.tables import article, delivery, digest, feed, question, story, story_article, watch

from .people import People
from .stage import Stage
from .verdict import Facts, Message, Question, Row, Told, Watch

_DIGEST = TypeAdapter(Digest)
_COMPOSED = ("story:", "digest:")
"""Keys of what is composed from the store again, to be compared with what is shown."""


async def left(at: Stage) -> tuple[str, ...]:
    """What there is still to do, in words."""
    open_ = (
        ("articles", article, article.c.due_at.is_not(None)),
        ("stories", story, story.c.due_at.is_not(None)),
        ("deliveries", delivery, delivery.c.run_at.is_not(None)),
        ("waiting for a digest", delivery, delivery.c.state == "for digest"),
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
    if many := sum(one.is_out and one.state != "told" for one in await _watches(at)):
        found.append(f"{many} watches to be told")
    if at.workspace.unsettled_events:
        found.append(f"{at.workspace.unsettled_events} events")
    return tuple(found)


async def gather(at: Stage, people: People, unfinished: tuple[str, ...]) -> Facts:
    """All that the verdict is made of."""
    ids = {at.workspace.channel_id(name) for name in at.channels}
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
        digests=await _digests(at.db),
        watches=await _watches(at),
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
                text=await _text(db, row) if row.key.startswith(_COMPOSED) and row.state == "sent" else None,
            )
            for row in found
        ]
    )


async def _text(db: Database, row: sa.Row[*tuple[Any, ...]]) -> str:
    """What a story's post or a digest should say now."""

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


async def _digests(db: Database) -> tuple[Told, ...]:
    async with db.read() as connection:
        rows = (await connection.execute(sa.select(digest.c.channel_id, digest.c.body))).all()
    made = [(row.channel_id, _DIGEST.validate_json(row.body)) for row in rows]
    return tuple(
        Told(channel_id, one.slot.key, tuple(item.story_id for item in one.items if not item.was_posted))
        for channel_id, one in made
    )


async def _watches(at: Stage) -> tuple[Watch, ...]:
    """The watches; what each is for is told by the one place that its question names."""
    places = [event.place for event in at.press.events()]
    async with at.db.read() as connection:
        rows = (await connection.execute(sa.select(watch))).all()
        read = (await connection.execute(sa.select(article.c.id, article.c.title))).all()
    newest = {place: max((row.id for row in read if place in row.title), default=0) for place in places} if rows else {}
    return tuple(
        Watch(
            row.id,
            row.channel_id,
            row.root_ts,
            row.state,
            is_out=any(place in row.text and number > row.after_id for place, number in newest.items()),
        )
        for row in rows
    )
