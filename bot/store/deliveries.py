"""Queries about deliveries: the ledger of what goes, went, or may have gone to a channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Delivery, DeliveryState
from bot.store import lanes
from bot.store.claims import holder_of, insert_new_all, keep, unless_anothers
from bot.store.questions import open_thread
from bot.store.tables import channel, delivery, lane
from bot.store.teams import at_rest

#: Longer than the client's HTTP time-out (30 s) and a reconciliation, so that no second sender starts meanwhile.
LEASE = timedelta(minutes=2)

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
_DIGESTED = (DeliveryState.FOR_DIGEST, DeliveryState.IN_DIGEST)
# A post that is held was there before, or has no version yet.
_TOLD = (DeliveryState.SENT, DeliveryState.IN_DIGEST, DeliveryState.HELD)


def as_delivery(row: sa.Row[*tuple[Any, ...]]) -> Delivery:
    """A row as a `Delivery`."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's public name for it begins with an underscore
    fields = {name: values[name] for name in Delivery.__dataclass_fields__ if name != "state"}
    return Delivery(**fields, state=DeliveryState(values["state"]))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to go to a channel (WITHHELD: that and why it is not; FOR_DIGEST: that it waits).

    Attributes:
        run_at: when a pending one goes; None: at once.
    """

    team_id: str
    channel_id: str
    key: str
    state: DeliveryState
    story_id: int | None = None
    want_version: int = 1
    reason: str | None = None
    relevance: str | None = None
    body: str | None = None
    run_at: datetime | None = None

    def due_at(self, now: datetime) -> datetime | None:
        """When it is to be sent; None: it is not."""
        return (self.run_at or now) if self.state is DeliveryState.PENDING else None


async def enqueue(
    connection: AsyncConnection,
    *,
    team_id: str,
    channel_id: str,
    key: str,
    state: DeliveryState,
    now: datetime,
    **more: Any,  # noqa: ANN401  # the other attributes of `Entry`
) -> None:
    """Write down that something is to go to a channel; see `enqueue_all`."""
    await enqueue_all(connection, [Entry(team_id, channel_id, key, state, **more)], now)


async def enqueue_all(connection: AsyncConnection, entries: Sequence[Entry], now: datetime) -> None:
    """Write down what is to go to channels.

    What is there already is never doubled: a sent post is only asked to show `want_version`, a withheld one may
    become pending when the story has grown, and what a digest tells stays with the digest.
    """
    rows = [
        {
            "team_id": entry.team_id,
            "channel_id": entry.channel_id,
            "key": entry.key,
            "story_id": entry.story_id,
            "state": entry.state,
            "run_at": entry.due_at(now),
            "want_version": entry.want_version,
            "reason": entry.reason,
            "relevance": entry.relevance,
            "body": entry.body,
            "created_at": now,
        }
        for entry in entries
    ]
    names = ("team_id", "channel_id", "key")
    told = tuple(delivery.c[name] for name in names)
    made = {tuple(row) for row in await insert_new_all(connection, delivery, rows, key=names, told=told)}
    known = [entry for entry in entries if (entry.team_id, entry.channel_id, entry.key) not in made]
    for statement, change in _CHANGES if known else ():
        await connection.execute(statement, [change(entry, now) for entry in known])


def _same(entry: Entry) -> dict[str, Any]:
    return {
        "of_team": entry.team_id,
        "of_channel": entry.channel_id,
        "of_key": entry.key,
        "wanted": entry.want_version,
        "judged": entry.relevance,
    }


_KNOWN = sa.update(delivery).where(
    delivery.c.team_id == sa.bindparam("of_team"),
    delivery.c.channel_id == sa.bindparam("of_channel"),
    delivery.c.key == sa.bindparam("of_key"),
    delivery.c.want_version < sa.bindparam("wanted"),
)
_NEWER: dict[str, Any] = {"want_version": sa.bindparam("wanted"), "relevance": sa.bindparam("judged")}


def _is(states: Sequence[DeliveryState]) -> sa.ColumnElement[bool]:
    """As `in_`, which a statement for many rows cannot have."""
    return sa.or_(*(delivery.c.state == state for state in states))


_GROWN = _KNOWN.where(_is((*_OPEN, DeliveryState.SENT))).values(
    _NEWER | {"run_at": sa.func.coalesce(delivery.c.run_at, sa.bindparam("at", type_=delivery.c.run_at.type))}
)
_LET_THROUGH = _KNOWN.where(_is((DeliveryState.WITHHELD,))).values(
    _NEWER | {"state": sa.bindparam("becomes"), "run_at": sa.bindparam("due"), "reason": sa.bindparam("why")}
)
_STAYS = _KNOWN.where(_is((*_DIGESTED, DeliveryState.HELD))).values(_NEWER)
#: What becomes of entries that are there already, and what each statement is to be given.
_CHANGES: tuple[tuple[sa.Update, Callable[[Entry, datetime], dict[str, Any]]], ...] = (
    (_GROWN, lambda entry, now: _same(entry) | {"at": now}),
    (
        _LET_THROUGH,
        lambda entry, now: _same(entry) | {"becomes": entry.state, "due": entry.due_at(now), "why": entry.reason},
    ),
    (_STAYS, lambda entry, _now: _same(entry)),
)


async def claim_due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Take deliveries whose time has come, at most one for each channel, each with its channel's lane.

    They come back as they were: one that was SENDING or AMBIGUOUS may be in the channel already.
    """
    rows = (
        await connection.execute(
            sa.select(delivery)
            .join(
                channel,
                sa.and_(channel.c.team_id == delivery.c.team_id, channel.c.channel_id == delivery.c.channel_id),
            )
            .outerjoin(lane, lane.c.id == lanes.ID)
            .where(
                delivery.c.run_at <= now,
                sa.or_(delivery.c.lease_until.is_(None), delivery.c.lease_until < now),
                sa.or_(lane.c.next_at.is_(None), lane.c.next_at <= now),
                channel.c.state == "active",
                channel.c.paused_at.is_(None),
                ~at_rest(delivery.c.team_id),
            )
            .order_by(delivery.c.run_at, delivery.c.id)
            .limit(limit * 4)
            .with_for_update(skip_locked=True, of=delivery)
        )
    ).all()
    first: dict[str, sa.Row[*tuple[Any, ...]]] = {}
    for row in rows:
        key = lanes.id_of(row.team_id, row.channel_id)
        if len(first) < limit:
            first.setdefault(key, row)
    free = await lanes.take(connection, list(first), now, LEASE)
    taken = tuple(as_delivery(row) for key, row in first.items() if key in free)
    if taken:
        is_up = delivery.c.state == DeliveryState.SENT
        await connection.execute(
            sa.update(delivery)
            .where(delivery.c.id.in_([item.id for item in taken]))
            .values(
                # A post that is up and only wants updating stays SENT: a crash in between repeats a harmless update.
                state=sa.case((is_up, delivery.c.state), else_=DeliveryState.SENDING),
                lease_until=now + LEASE,
                holder=holder_of(connection),
                attempts=delivery.c.attempts + 1,
                first_try_at=sa.func.coalesce(delivery.c.first_try_at, now, type_=delivery.c.first_try_at.type),
            )
        )
    return taken


async def still_ours(connection: AsyncConnection, item: Delivery, now: datetime) -> bool:
    """Hold a claimed delivery and its lane for another lease; False: another worker has it, so send nothing."""
    if not await keep(connection, delivery, item.id, now=now, lease=LEASE):
        return False
    await lanes.hold(connection, lanes.id_of(item.team_id, item.channel_id), now + LEASE)
    return True


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next delivery can go: due, its channel's lane free, and in nobody's hands."""
    rows = await connection.execute(
        sa.select(delivery.c.run_at, delivery.c.lease_until, lane.c.next_at)
        .join(channel, sa.and_(channel.c.team_id == delivery.c.team_id, channel.c.channel_id == delivery.c.channel_id))
        .outerjoin(lane, lane.c.id == lanes.ID)
        .where(
            delivery.c.run_at.is_not(None),
            channel.c.state == "active",
            channel.c.paused_at.is_(None),
            ~at_rest(delivery.c.team_id),
        )
        .order_by(delivery.c.run_at)
        .limit(50)
    )
    times = [max(moment for moment in row if moment is not None) for row in rows]
    return min(times, default=None)


async def sent(
    connection: AsyncConnection, item: Delivery, *, ts: str, version: int, root_ts: str | None, now: datetime
) -> None:
    """It is in the channel: written with the thread that replies will come in, in one transaction.

    Where another worker has it by now nothing is written: that one finds it in the channel.
    """
    done = await connection.execute(
        sa.update(delivery)
        .where(delivery.c.id == item.id, unless_anothers(connection, delivery))
        .values(
            state=DeliveryState.SENT,
            ts=ts,
            sent_at=sa.func.coalesce(delivery.c.sent_at, now, type_=delivery.c.sent_at.type),
            sent_version=version,
            lease_until=None,
            holder=None,
            attempts=0,
            reason=None,
            run_at=sa.case((delivery.c.want_version > version, now), else_=None),
        )
    )
    if done.rowcount:
        await lanes.free(connection, lanes.id_of(item.team_id, item.channel_id), now)
    is_root = root_ts is None and (item.story_id is not None or item.key.startswith("digest:"))
    if done.rowcount and is_root:
        await open_thread(
            connection,
            team_id=item.team_id,
            channel_id=item.channel_id,
            root_ts=ts,
            story_id=item.story_id,
            opened_by=ts,
            now=now,
        )


async def settle(
    connection: AsyncConnection,
    item: Delivery,
    *,
    state: DeliveryState,
    reason: str | None,
    run_at: datetime | None,
    now: datetime,
    lane_until: datetime | None = None,
) -> None:
    """It is not in the channel (or nobody knows): what it is now, why, and when to look again.

    Where Slack asked for it, nothing else goes to that channel before `lane_until`.
    """
    done = await connection.execute(
        sa.update(delivery)
        .where(delivery.c.id == item.id, unless_anothers(connection, delivery))
        .values(state=state, reason=reason, run_at=run_at, lease_until=None, holder=None)
    )
    if done.rowcount:
        await lanes.free(connection, lanes.id_of(item.team_id, item.channel_id), now, lane_until)


async def resume_held(connection: AsyncConnection, team_id: str, channel_id: str, now: datetime) -> None:
    """The channel is open to us again: what was held for it may go; what may be there already is looked up first.

    A post that is known to be there was held for its update alone.
    """
    same = (delivery.c.team_id == team_id, delivery.c.channel_id == channel_id, delivery.c.state == DeliveryState.HELD)
    state = sa.case((delivery.c.ts.is_not(None), DeliveryState.SENT), else_=DeliveryState.AMBIGUOUS)
    await connection.execute(sa.update(delivery).where(*same).values(state=state, run_at=now, reason=None, attempts=0))


async def withheld_since(
    connection: AsyncConnection, team_id: str, channel_id: str, since: datetime, limit: int
) -> tuple[int, ...]:
    """The stories that a channel was not told since then, the newest first."""
    rows = await connection.execute(
        sa.select(delivery.c.story_id)
        .where(
            delivery.c.team_id == team_id,
            delivery.c.channel_id == channel_id,
            delivery.c.state == DeliveryState.WITHHELD,
            delivery.c.story_id.is_not(None),
            delivery.c.created_at >= since,
        )
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )
    return tuple(row.story_id for row in rows)


async def forget_withheld(connection: AsyncConnection, team_id: str, channel_id: str, story_id: int) -> bool:
    """A story is to be judged anew for a channel; False: it was told there meanwhile."""
    gone = await connection.execute(
        sa.delete(delivery).where(
            delivery.c.team_id == team_id,
            delivery.c.channel_id == channel_id,
            delivery.c.key == f"story:{story_id}",
            delivery.c.state == DeliveryState.WITHHELD,
        )
    )
    return bool(gone.rowcount)


async def of_story(connection: AsyncConnection, story_id: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """All of a story's posts, in every channel."""
    rows = await connection.execute(
        sa.select(delivery).where(delivery.c.story_id == story_id, delivery.c.key.startswith("story:"))
    )
    return rows.all()


async def told(connection: AsyncConnection, team_id: str, story_id: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """What became of a story in each of a workspace's channels: the rows of its posts."""
    rows = await connection.execute(
        sa.select(delivery).where(delivery.c.team_id == team_id, delivery.c.key == f"story:{story_id}")
    )
    return rows.all()


async def post_of(
    connection: AsyncConnection, team_id: str, channel_id: str, story_id: int
) -> tuple[str | None, DeliveryState | None]:
    """The ts of a story's post in a channel, once it is there, and its state."""
    row = (
        await connection.execute(
            sa.select(delivery.c.ts, delivery.c.state).where(
                delivery.c.team_id == team_id,
                delivery.c.channel_id == channel_id,
                delivery.c.key == f"story:{story_id}",
            )
        )
    ).one_or_none()
    return (row.ts, DeliveryState(row.state)) if row is not None else (None, None)


async def known_versions(connection: AsyncConnection, team_id: str, story_id: int) -> dict[str, int | None]:
    """The story version that each of a workspace's channels knows of; those that were not told are left out.

    That is what the post shows, what the digest told, or what the newest line says that is in its thread or on its
    way: an update of the post may be late, or held, and the next line must not say again what the last one said.
    """
    c = delivery.c
    rows = (
        await connection.execute(
            sa.select(c.channel_id, c.key, c.state, c.want_version, c.sent_version).where(
                c.team_id == team_id, c.story_id == story_id
            )
        )
    ).all()
    posts = [row for row in rows if row.key == f"story:{story_id}" and row.state in _TOLD]
    shown = {row.channel_id: row.sent_version for row in posts}
    for row in rows:
        if row.key.startswith("line:") and shown.get(row.channel_id):
            shown[row.channel_id] = max(shown[row.channel_id], row.want_version)
    return shown


async def told_in_digests(connection: AsyncConnection, team_id: str, story_id: int) -> frozenset[str]:
    """The channels that a digest told a story: they have no post whose thread could tell what is new in it."""
    c = delivery.c
    rows = await connection.execute(
        sa.select(c.channel_id).where(
            c.team_id == team_id, c.key == f"story:{story_id}", c.state == DeliveryState.IN_DIGEST
        )
    )
    return frozenset(rows.scalars())


async def posts_since(connection: AsyncConnection, team_id: str, channel_id: str, since: datetime) -> int:
    """How many stories a channel got as posts since then, those on their way included."""
    found = await connection.execute(
        sa.select(sa.func.count()).where(
            delivery.c.team_id == team_id,
            delivery.c.channel_id == channel_id,
            delivery.c.key.startswith("story:"),
            sa.or_(delivery.c.state.in_(_OPEN), delivery.c.sent_at >= since),
        )
    )
    return int(found.scalar_one())


async def counts(connection: AsyncConnection, team_id: str, since: datetime) -> dict[str, tuple[int, int]]:
    """For each channel: (stories posted since then, deliveries waiting)."""
    posted = sa.func.sum(
        sa.case((sa.and_(delivery.c.sent_at >= since, delivery.c.key.startswith("story:")), 1), else_=0)
    )
    waiting = sa.func.sum(sa.case((delivery.c.state.in_(_OPEN), 1), else_=0))
    rows = await connection.execute(
        sa.select(delivery.c.channel_id, posted, waiting)
        .where(delivery.c.team_id == team_id)
        .group_by(delivery.c.channel_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


async def troubled(connection: AsyncConnection, team_id: str) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Deliveries that somebody should know of: (channel_id, state, reason, how many).

    Notices to single people are left out: what they say is theirs, and lists and App Home show the same of the feed.
    """
    states = (DeliveryState.AMBIGUOUS, DeliveryState.HELD, DeliveryState.FAILED)
    rows = await connection.execute(
        sa.select(delivery.c.channel_id, delivery.c.state, delivery.c.reason, sa.func.count().label("many"))
        .join(channel, sa.and_(channel.c.team_id == delivery.c.team_id, channel.c.channel_id == delivery.c.channel_id))
        .where(delivery.c.team_id == team_id, delivery.c.state.in_(states), channel.c.kind == "channel")
        .group_by(delivery.c.channel_id, delivery.c.state, delivery.c.reason)
    )
    return rows.all()


async def states(connection: AsyncConnection) -> dict[str, int]:
    """How many deliveries are in each state, for /metrics."""
    rows = await connection.execute(sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state))
    return {row[0]: int(row[1]) for row in rows}
