"""Queries about channels' rhythms, and about what their digests tell. Each names the team."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Channel, DeliveryState, Digest, Relevance, Rhythm
from bot.store.channels import as_channel
from bot.store.claims import insert_new, upsert
from bot.store.tables import channel, delivery, digest, rhythm

_RHYTHM = TypeAdapter(Rhythm)
_DIGEST = TypeAdapter(Digest)
_RELEVANCE = TypeAdapter(Relevance)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A channel whose digest is due since `next_at`; one transaction alone has it."""

    rhythm_id: int
    channel: Channel
    rhythm: Rhythm
    set_at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story, or (`line`) what is new in one, that a digest tells.

    Attributes:
        relevance: how the channel judged the story; None for a line.
        is_posted: the channel had it as a post already; False: it waited for the digest.
    """

    delivery_id: int
    story_id: int
    relevance: Relevance | None
    line: str | None
    is_posted: bool


async def rhythm_of(connection: AsyncConnection, team_id: str, channel_id: str) -> tuple[Rhythm, datetime] | None:
    """A channel's rhythm and when its next digest comes; None: nobody ever chose one."""
    row = (
        await connection.execute(
            sa.select(rhythm.c.body, rhythm.c.next_at).where(
                rhythm.c.team_id == team_id, rhythm.c.channel_id == channel_id
            )
        )
    ).one_or_none()
    return (_RHYTHM.validate_json(row.body), row.next_at) if row else None


async def rhythms(connection: AsyncConnection, team_id: str) -> dict[str, Rhythm]:
    """The rhythms that a workspace's channels have chosen, by channel."""
    rows = await connection.execute(sa.select(rhythm.c.channel_id, rhythm.c.body).where(rhythm.c.team_id == team_id))
    return {row.channel_id: _RHYTHM.validate_json(row.body) for row in rows}


def as_plain(chosen: Rhythm) -> dict[str, object]:
    """A rhythm as plain data, for the audit trail."""
    plain: dict[str, object] = _RHYTHM.dump_python(chosen, mode="json")
    return plain


def from_plain(plain: object) -> Rhythm:
    """The rhythm that `as_plain` made plain data of."""
    return _RHYTHM.validate_json(json.dumps(plain))


async def save_rhythm(
    connection: AsyncConnection,
    chosen: Rhythm,
    *,
    team_id: str,
    channel_id: str,
    next_at: datetime,
    set_by: str,
    now: datetime,
) -> None:
    """Keep what an admin chose."""
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "body": _RHYTHM.dump_json(chosen).decode(),
        "next_at": next_at,
        "set_by": set_by,
        "set_at": now,
    }
    update = ("body", "next_at", "set_by", "set_at")
    await upsert(connection, rhythm, values, key=("team_id", "channel_id"), update=update)


async def due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[tuple[str, int], ...]:
    """(workspace, rhythm) of the channels whose digest is due, the longest due first."""
    rows = await connection.execute(
        sa.select(rhythm.c.team_id, rhythm.c.id)
        .where(rhythm.c.next_at <= now)
        .order_by(rhythm.c.next_at, rhythm.c.id)
        .limit(limit)
    )
    return tuple((row.team_id, row.id) for row in rows)


async def take(connection: AsyncConnection, rhythm_id: int, now: datetime) -> DueDigest | None:
    """A channel whose digest is due, held until this transaction ends; None: another process has it, or had it."""
    row = (
        await connection.execute(
            sa.select(rhythm.c.id.label("rhythm_id"), rhythm.c.body, rhythm.c.set_at, rhythm.c.next_at, channel)
            .join(channel, sa.and_(channel.c.team_id == rhythm.c.team_id, channel.c.channel_id == rhythm.c.channel_id))
            .where(rhythm.c.id == rhythm_id, rhythm.c.next_at <= now)
            .with_for_update(skip_locked=True, of=rhythm)
        )
    ).one_or_none()
    if row is None:
        return None
    chosen = _RHYTHM.validate_json(row.body)
    return DueDigest(row.rhythm_id, as_channel(row), chosen, row.set_at, row.next_at)


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next digest is due."""
    found: datetime | None = (
        await connection.execute(sa.select(sa.func.min(rhythm.c.next_at, type_=rhythm.c.next_at.type)))
    ).scalar_one_or_none()
    return found


async def put_off(connection: AsyncConnection, rhythm_id: int, until: datetime) -> None:
    """A channel's next digest comes then."""
    await connection.execute(sa.update(rhythm).where(rhythm.c.id == rhythm_id).values(next_at=until))


async def told_until(connection: AsyncConnection, team_id: str, channel_id: str) -> datetime | None:
    """Up to when a channel's last digest told."""
    found: datetime | None = (
        await connection.execute(
            sa.select(sa.func.max(digest.c.until, type_=digest.c.until.type)).where(
                digest.c.team_id == team_id, digest.c.channel_id == channel_id
            )
        )
    ).scalar_one_or_none()
    return found


async def save(connection: AsyncConnection, made: Digest, *, team_id: str, channel_id: str, now: datetime) -> bool:
    """Keep a digest as it is told; False: this one was made before."""
    values = {
        "team_id": team_id,
        "channel_id": channel_id,
        "local_date": made.slot.day,
        "slot": f"{made.slot.at:%H:%M}",
        "body": _DIGEST.dump_json(made).decode(),
        "until": made.until,
        "made_at": now,
    }
    key = ("team_id", "channel_id", "local_date", "slot")
    return await insert_new(connection, digest, values, key=key) is not None


async def get(connection: AsyncConnection, team_id: str, channel_id: str, key: str) -> Digest | None:
    """The digest that a delivery's key (`digest:2026-11-23:08:30`) names."""
    day, _, slot = key.removeprefix("digest:").partition(":")
    body = (
        await connection.execute(
            sa.select(digest.c.body).where(
                digest.c.team_id == team_id,
                digest.c.channel_id == channel_id,
                digest.c.local_date == date.fromisoformat(day),
                digest.c.slot == slot,
            )
        )
    ).scalar_one_or_none()
    return _DIGEST.validate_json(body) if body else None


async def gather(
    connection: AsyncConnection, team_id: str, channel_id: str, *, since: datetime, until: datetime, recap: bool
) -> tuple[Waiting, ...]:
    """What a digest tells: all that waits for one, and, with `recap`, what was posted in between.

    The caller may do something with the rows: they are in the order in which they came up.
    """
    c = delivery.c
    told = c.state == DeliveryState.FOR_DIGEST
    if recap:
        told = sa.or_(told, sa.and_(c.state == DeliveryState.SENT, c.sent_at > since, c.sent_at <= until))
    rows = await connection.execute(
        sa.select(c.id, c.key, c.story_id, c.state, c.relevance, c.body)
        .where(
            c.team_id == team_id,
            c.channel_id == channel_id,
            c.story_id.is_not(None),
            told,
        )
        .order_by(c.id)
    )
    return tuple(
        Waiting(
            delivery_id=row.id,
            story_id=row.story_id,
            relevance=_RELEVANCE.validate_json(row.relevance) if row.relevance else None,
            line=row.body if row.key.startswith("line:") else None,
            is_posted=row.state == DeliveryState.SENT,
        )
        for row in rows
    )


async def count_waiting(connection: AsyncConnection, team_id: str, channel_id: str) -> int:
    """How many stories and changes wait for a channel's next digest."""
    found = await connection.execute(
        sa.select(sa.func.count()).where(
            delivery.c.team_id == team_id,
            delivery.c.channel_id == channel_id,
            delivery.c.state == DeliveryState.FOR_DIGEST,
        )
    )
    return int(found.scalar_one())


async def withheld(
    connection: AsyncConnection, team_id: str, channel_id: str, *, since: datetime, until: datetime
) -> tuple[int, int]:
    """How many stories a channel did not get in between: (below its bars, for what they are)."""
    rows: Sequence[sa.Row[*tuple[Any, ...]]] = (
        await connection.execute(
            sa.select(delivery.c.relevance).where(
                delivery.c.team_id == team_id,
                delivery.c.channel_id == channel_id,
                delivery.c.state == DeliveryState.WITHHELD,
                delivery.c.created_at > since,
                delivery.c.created_at <= until,
            )
        )
    ).all()
    unfit = sum(bool(row.relevance) and _RELEVANCE.validate_json(row.relevance).held is not None for row in rows)
    return len(rows) - unfit, unfit


async def told(connection: AsyncConnection, versions: Mapping[int, int], *, reason: str) -> None:
    """These deliveries were told by a digest, each as of this version of its story."""
    for delivery_id, version in versions.items():
        await connection.execute(
            sa.update(delivery)
            .where(delivery.c.id == delivery_id, delivery.c.state == DeliveryState.FOR_DIGEST)
            .values(state=DeliveryState.IN_DIGEST, sent_version=version, reason=reason)
        )
