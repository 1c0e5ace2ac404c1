"""Queries about digests' copies to e-mail and other chats. Each names the team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Digest
from bot.store.claims import insert_new
from bot.store.tables import channel, digest, digest_copy

_DIGEST = TypeAdapter(Digest)


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """A digest, with the targets that had it."""

    id: int
    team_id: str
    channel: str
    digest: Digest
    had: frozenset[str]

    def is_for(self, takes: Callable[[str, str], bool], target: str) -> bool:
        """Whether a target takes this channel's digests and did not have this one."""
        return target not in self.had and takes(self.team_id, self.channel)


async def made_since(connection: AsyncConnection, since: datetime) -> tuple[MadeDigest, ...]:
    """The digests of all channels that were made since then, oldest first."""
    rows = (
        await connection.execute(
            sa.select(digest.c.id, digest.c.team_id, digest.c.body, channel.c.name)
            .join(channel, sa.and_(channel.c.team_id == digest.c.team_id, channel.c.channel_id == digest.c.channel_id))
            .where(digest.c.made_at >= since)
            .order_by(digest.c.id)
        )
    ).all()
    had = (
        await connection.execute(
            sa.select(digest_copy.c.digest_id, digest_copy.c.target).where(
                digest_copy.c.digest_id.in_([row.id for row in rows])
            )
        )
    ).all()
    return tuple(
        MadeDigest(
            id=row.id,
            team_id=row.team_id,
            channel=row.name,
            digest=_DIGEST.validate_json(row.body),
            had=frozenset(one.target for one in had if one.digest_id == row.id),
        )
        for row in rows
    )


async def failed_since(connection: AsyncConnection, team_id: str, since: datetime) -> dict[str, tuple[str, ...]]:
    """Why copies of channels' digests did not arrive since then, by channel, newest first, each reason once."""
    rows = await connection.execute(
        sa.select(digest.c.channel_id, digest_copy.c.reason)
        .join(digest, digest.c.id == digest_copy.c.digest_id)
        .where(digest_copy.c.team_id == team_id, digest_copy.c.state == "failed", digest_copy.c.at >= since)
        .order_by(digest_copy.c.id.desc())
    )
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row.channel_id, {})[row.reason or "It did not arrive."] = None
    return {channel_id: tuple(reasons) for channel_id, reasons in found.items()}


async def begin(connection: AsyncConnection, made: MadeDigest, target: str, now: datetime) -> int | None:
    """Take a digest's copy to a target in hand, once and for all; None: somebody did before."""
    values = {"team_id": made.team_id, "digest_id": made.id, "target": target, "state": "sending", "at": now}
    return await insert_new(connection, digest_copy, values, key=("digest_id", "target"))


async def settle(connection: AsyncConnection, copy_id: int, *, state: str, reason: str | None) -> None:
    """What became of it: `sent` or `failed`."""
    await connection.execute(
        sa.update(digest_copy).where(digest_copy.c.id == copy_id).values(state=state, reason=reason)
    )
