"""What polls have found, written down in groups: the feed's health, when to ask again, and a line of its history.

Most polls find nothing new, and a transaction for each of them costs more than the poll. One for a group of them is as
safe: a poll that is not written down is a poll that is made again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics, tenancy
from bot.feeds import cadence, health, moves
from bot.feeds.headers import HeaderHints
from bot.feeds.identity import Known
from bot.feeds.items import ParsedFeed
from bot.feeds.outcome import PollOutcome
from bot.models import Feed, FeedState, Validators
from bot.newsroom.notices import Notice, Notices
from bot.newsroom.taking import Find, named, take_in
from bot.store import articles, feeds

log = structlog.get_logger(__name__)

#: A feed's history of polls is kept this long.
KEEP_HISTORY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is kept of a server's answer; its body is not.

    Attributes:
        body_hash, parsed: of a body that was parsed; None: it was not.
    """

    validators: Validators
    headers: HeaderHints
    permanent_url: str | None
    body_hash: str | None = None
    parsed: ParsedFeed | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll that is over.

    Attributes:
        feed: as it was before.
        answer: None when there was none that could be used.
        new, edited: articles, once it is written down.
    """

    feed: Feed
    outcome: PollOutcome
    answer: Answered | None = None
    new: int = 0
    edited: int = 0

    @property
    def items(self) -> int:
        """How many items wait to be decided about."""
        return len(self.answer.parsed.items) if self.answer is not None and self.answer.parsed is not None else 0


class Settling(Notices):
    """Writes down what polls have found and lets their feeds go."""

    async def settle_polls(self, polls: Sequence[Polled]) -> tuple[Polled, ...]:
        """Write down some polls of different feeds, with the articles they brought: all of them or none.

        A feed is everybody's who follows it, also where one workspace asked for it to be read now.

        Returns:
            the polls, with what they brought.
        """
        with tenancy.within(tenancy.EVERYONE):
            return await self._settle_all(polls)

    async def _settle_all(self, polls: Sequence[Polled]) -> tuple[Polled, ...]:
        now = self._clock()
        async with self._db.write() as connection:
            polls, verdicts = await self._take_in_all(connection, polls, now)
            times = await feeds.recent_item_times(connection, [polled.feed.id for polled in polls])
            rows, lines = [], []
            told = 0
            for polled in polls:
                values, line, notice = self._judged(polled, times.get(polled.feed.id, ()), now)
                if notice is not None:
                    told += await self.tell_followers(connection, polled.feed, notice, now)
                if polled.answer is not None:
                    values |= await self._moved(connection, polled.feed, polled.answer.permanent_url, now)
                rows.append(values)
                lines.append(line)
            await feeds.settle(connection, rows)
            await feeds.record_polls(connection, lines)
            await feeds.prune_history(connection, _first_today(polls, now), now - KEEP_HISTORY)
        if told or any(polled.answer is not None and polled.answer.permanent_url for polled in polls):
            self.bells.ring("deliver")
        for verdict, count in verdicts.items():
            metrics.articles.labels(verdict).inc(count)
        for polled in polls:
            metrics.polls.labels(_name(polled.outcome)).inc()
            if polled.new or polled.edited:
                log.info("articles", feed=polled.feed.title, new=polled.new, edited=polled.edited)
                self.bells.ring("read")
        return tuple(polls)

    async def _take_in_all(
        self, connection: AsyncConnection, polls: Sequence[Polled], now: datetime
    ) -> tuple[list[Polled], Counter[str]]:
        """Write the items of some polls down; the polls with their counts, and how often each verdict was given."""
        finds = {
            polled.feed.id: Find(named(polled.feed, parsed), parsed, self._limit_of(polled.feed))
            for polled in polls
            if polled.answer is not None and (parsed := polled.answer.parsed) is not None
        }
        taken = await take_in(connection, tuple(finds.values()), now)
        verdicts: Counter[str] = Counter()
        settled = []
        for polled in polls:
            if (counts := taken.get(polled.feed.id)) is None:
                settled.append(polled)
                continue
            verdicts.update(counts.verdicts)
            outcome = replace(polled.outcome, kind="new") if counts.new else polled.outcome
            feed = finds[polled.feed.id].feed
            settled.append(replace(polled, feed=feed, outcome=outcome, new=counts.new, edited=counts.edited))
        return settled, verdicts

    def _limit_of(self, feed: Feed) -> int:
        """How many articles of a feed's first poll are told."""
        return self._r.pace.first_poll_limit if feed.first_limit is None else feed.first_limit

    def _judged(
        self, polled: Polled, times: Sequence[datetime], now: datetime
    ) -> tuple[dict[str, Any], dict[str, Any], Notice | None]:
        """A feed's new columns, the line of its history, and what whoever follows it should hear."""
        feed, outcome, answer = polled.feed, polled.outcome, polled.answer
        parsed = answer.parsed if answer is not None else None
        verdict = health.judge(feed, outcome, now, usual_gap=_usual_gap(times))
        plan = cadence.schedule(
            now=now,
            last=outcome,
            recent_item_times=times,
            hints=parsed.hints if parsed is not None else cadence.hints_from_json(feed.hints_json),
            headers=answer.headers if answer is not None else HeaderHints(),
            error_count=verdict.error_count,
            floor_s=self._r.pace.poll_floor_s,
            ceiling_s=self._r.pace.poll_ceiling_s,
            jitter=random.random(),  # noqa: S311  # spreads polls, keeps no secret
        )
        values: dict[str, Any] = {
            "id": feed.id,
            "state": verdict.state,
            "failing_since": verdict.failing_since,
            "error_count": verdict.error_count,
            "last_error": verdict.sentence if outcome.kind == "error" else None,
            "last_poll_at": now,
            "next_poll_at": plan.next_poll_at,
        }
        if answer is not None:
            values |= {
                "last_success_at": now,
                "etag": answer.validators.etag,
                "last_modified": answer.validators.last_modified,
            }
            if parsed is not None:
                values |= {
                    "body_hash": answer.body_hash,
                    "hints_json": cadence.hints_to_json(parsed.hints),
                    "site_url": parsed.site_url or feed.site_url,
                }
            if feed.last_success_at is None:
                values |= {"title": feed.title, "publisher": feed.publisher}
        if polled.new:
            values["last_new_at"] = now
        line = {
            "feed_id": feed.id,
            "at": now,
            "outcome": _name(outcome),
            "elapsed_ms": int(outcome.elapsed_s * 1000),
            "new": polled.new,
            "edited": polled.edited,
            "why_next": plan.reason,
        }
        since = verdict.failing_since or feed.failing_since or now
        return values, line, Notice(verdict.tell, since, verdict.sentence) if verdict.tell is not None else None

    async def _moved(
        self, connection: AsyncConnection, feed: Feed, permanent_url: str | None, now: datetime
    ) -> dict[str, Any]:
        """Follow a permanent redirect once it was seen for some days; onto a feed that is watched already: merge."""
        move = moves.judge(
            url=feed.url,
            moved_to=feed.moved_to,
            moved_seen_at=feed.moved_seen_at,
            permanent_url=permanent_url,
            now=now,
        )
        if move.action != "follow" or move.moved_to is None:
            return {"moved_to": move.moved_to, "moved_seen_at": move.seen_at}
        await self.tell_followers(connection, feed, Notice("moved", move.seen_at or now, move.sentence), now)
        target = await feeds.by_url(connection, move.moved_to)
        if target is None:
            log.info("a feed has moved", feed=feed.url, to=move.moved_to)
            # At once: the next of this group may have moved to the same address.
            await feeds.relocate(connection, feed.id, move.moved_to)
            return {"moved_to": None, "moved_seen_at": None}
        log.info("a feed has moved onto another one", feed=feed.url, to=target.url)
        await self._merge(connection, feed, target)
        # Nobody follows it any more: it is not asked again.
        return {
            "state": FeedState.MOVED,
            "next_poll_at": None,
            "moved_to": move.moved_to,
            "moved_seen_at": move.seen_at,
        }

    async def _merge(self, connection: AsyncConnection, source: Feed, target: Feed) -> None:
        """Give a feed's followers and all that is known of its items to the one that it has become.

        What a private feed brought does not become everybody's by a redirect: then the followers alone go over.
        """
        if source.is_private and not target.is_private:
            await feeds.merge(connection, source_id=source.id, target_id=target.id)
            return
        known = tuple(Known(*row) for row in await articles.known(connection, target.id))
        mine = tuple(Known(*row) for row in await articles.known(connection, source.id))
        taken = {one.identity for one in known}
        kept = {one.identity for one in moves.merged(known, mine)} - taken
        adopted = {
            one.identity: name for one in mine for name in (one.identity, f"moved:{one.identity}") if name in kept
        }
        await articles.adopt(connection, source_id=source.id, target_id=target.id, identities=adopted)
        await feeds.merge(connection, source_id=source.id, target_id=target.id)


def _first_today(polls: Sequence[Polled], now: datetime) -> list[int]:
    """The feeds that had no poll yet today: once a day is often enough to tidy a history up."""
    return [
        polled.feed.id
        for polled in polls
        if polled.feed.last_poll_at is None or polled.feed.last_poll_at.date() != now.date()
    ]


def _name(outcome: PollOutcome) -> str:
    return outcome.error_kind or outcome.kind


def _usual_gap(times: Sequence[datetime]) -> timedelta | None:
    """The median time between two of a feed's items; None: not enough of them."""
    gaps = [later - earlier for later, earlier in pairwise(times) if later > earlier]
    return sorted(gaps)[len(gaps) // 2] if gaps else None
