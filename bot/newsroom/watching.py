"""From a feed to its articles: poll politely, decide what is new, read the full text."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import metrics
from bot.errors import BlockedAddressError, FetchError, ParseError
from bot.feeds import cadence, health, identity, moves, page
from bot.feeds.fetch import Fetched
from bot.feeds.fingerprint import fingerprint
from bot.feeds.headers import HeaderHints
from bot.feeds.identity import Decision, Known
from bot.feeds.items import FeedHints, ParsedFeed
from bot.feeds.outcome import PollOutcome
from bot.feeds.pages import PageText
from bot.feeds.plain import html_text
from bot.feeds.urls import canonical_url, host_of
from bot.models import Feed
from bot.newsroom.desk import Desk
from bot.store import articles, feeds

log = structlog.get_logger(__name__)

#: Polls at the same time; a host still gets one at a time, with spacing.
AT_ONCE = 16
#: A page that an error of ours kept from being read is tried again; then the feed's own words must do.
MOST_ATTEMPTS = 3
#: A feed's own text of this many characters is taken for the whole article.
FULL_TEXT = 1500


class Watching(Desk):
    """Polls the feeds that are due and reads the articles they bring."""

    async def poll_due(self) -> int:
        """Poll what is due; how many feeds were taken up."""
        async with self._db.write() as connection:
            due = await feeds.claim_due(connection, self._clock(), AT_ONCE)
        await asyncio.gather(*(self._poll(feed) for feed in due))
        return len(due)

    async def next_poll_at(self) -> datetime | None:
        """When the next feed is due."""
        async with self._db.read() as connection:
            return await feeds.next_poll(connection)

    async def _poll(self, feed: Feed) -> None:
        try:
            with metrics.stage_seconds.labels("poll").time():
                await self._poll_once(feed)
        except Exception:
            # One feed's trouble is not the others': it is asked again later, and the log says what happened.
            metrics.errors.labels("watch").inc()
            log.exception("a poll failed", feed=feed.url)
            async with self._db.write() as connection:
                await feeds.settle(connection, feed.id, next_poll_at=self._clock() + timedelta(minutes=15))

    async def _poll_once(self, feed: Feed) -> None:
        try:
            fetched = await self._r.fetcher.get(feed.url, validators=feed.validators)
            if fetched.not_modified or fingerprint(fetched.body) == feed.body_hash:
                await self._settle_poll(feed, self._outcome("not_modified", fetched), fetched=fetched)
                return
            parsed = await self._r.pool.parse(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
        except (FetchError, ParseError) as error:
            log.warning("a feed could not be read", feed=feed.url, kind=error.kind, reason=str(error))
            await self._settle_poll(feed, PollOutcome.of_error(error))
            return
        await self.take_in(feed, fetched, parsed)

    async def take_in(self, feed: Feed, fetched: Fetched, parsed: ParsedFeed) -> None:
        """Write down what a feed holds now: new articles, edits, and why the others are not told."""
        now = self._clock()
        async with self._db.write() as connection:
            known = tuple(Known(*row) for row in await articles.known(connection, feed.id))
            decisions = identity.decide(
                parsed.items,
                known,
                now=now,
                first_poll=feed.last_success_at is None,
                first_poll_limit=self._r.pace.first_poll_limit,
            )
            new, edited = await self._write(connection, feed, decisions, now)
        kind = "new" if new else "unchanged"
        await self._settle_poll(
            feed, self._outcome(kind, fetched), fetched=fetched, parsed=parsed, new=new, edited=edited
        )
        if new or edited:
            log.info("articles", feed=feed.title, new=new, edited=edited)
            self.bells.ring("read")

    @staticmethod
    def _outcome(kind: Any, fetched: Fetched) -> PollOutcome:  # noqa: ANN401  # one of PollOutcome's kinds
        return PollOutcome(kind=kind, headers=fetched.headers, elapsed_s=fetched.elapsed_s)

    async def _write(
        self, connection: AsyncConnection, feed: Feed, decisions: Sequence[Decision], now: datetime
    ) -> tuple[int, int]:
        new = edited = 0
        for decision in decisions:
            metrics.articles.labels(decision.verdict).inc()
            if decision.verdict == "known" and not decision.changed:
                continue
            values = _columns(decision, feed, now)
            if decision.verdict in {"known", "edited"}:
                if decision.verdict == "edited":
                    edited += 1
                    values |= {"stage": "read", "due_at": now}
                    await articles.change(connection, feed.id, decision.identity, **values)
                else:
                    await articles.note(connection, feed.id, decision.identity, **values)
                continue
            is_new = decision.verdict == "new"
            # What is not told is kept all the same: questions are answered from it, and "why not?" has its answer.
            stage = {"new": "read", "backlog": "join", "withheld": "done"}[decision.verdict]
            values |= {
                "feed_id": feed.id,
                "identity": decision.identity,
                "published_at": decision.published_at,
                "first_seen_at": now,
                "verdict": decision.verdict,
                "reason": decision.reason,
                "stage": stage,
                "due_at": now if stage != "done" else None,
            }
            if await articles.add(connection, values) is not None:
                new += is_new
        return new, edited

    async def _settle_poll(
        self,
        feed: Feed,
        outcome: PollOutcome,
        *,
        fetched: Fetched | None = None,
        parsed: ParsedFeed | None = None,
        new: int = 0,
        edited: int = 0,
    ) -> None:
        now = self._clock()
        metrics.polls.labels(outcome.error_kind or outcome.kind).inc()
        hints = parsed.hints if parsed is not None else cadence.hints_from_json(feed.hints_json)
        async with self._db.write() as connection:
            times = await feeds.recent_item_times(connection, feed.id)
            verdict = health.judge(feed, outcome, now, usual_gap=_usual_gap(times))
            plan = self._schedule(
                now=now,
                outcome=outcome,
                times=times,
                hints=hints,
                fetched=fetched,
                error_count=verdict.error_count,
            )
            values: dict[str, Any] = {
                "state": verdict.state,
                "failing_since": verdict.failing_since,
                "error_count": verdict.error_count,
                "last_error": verdict.sentence if outcome.kind == "error" else None,
                "last_poll_at": now,
                "next_poll_at": plan.next_poll_at,
            }
            if fetched is not None:
                values |= {
                    "last_success_at": now,
                    "etag": fetched.validators.etag,
                    "last_modified": fetched.validators.last_modified,
                }
                values |= await self._moved(connection, feed, fetched, now)
            if parsed is not None and fetched is not None:
                values |= {
                    "body_hash": fingerprint(fetched.body),
                    "hints_json": cadence.hints_to_json(parsed.hints),
                    "site_url": parsed.site_url or feed.site_url,
                }
            if new:
                values["last_new_at"] = now
            await feeds.settle(connection, feed.id, **values)
            await feeds.record_poll(
                connection,
                feed.id,
                at=now,
                outcome=outcome.error_kind or outcome.kind,
                elapsed_ms=int(outcome.elapsed_s * 1000),
                new=new,
                edited=edited,
                why_next=plan.reason,
            )

    def _schedule(
        self,
        *,
        now: datetime,
        outcome: PollOutcome,
        times: Sequence[datetime],
        hints: FeedHints,
        fetched: Fetched | None,
        error_count: int,
    ) -> cadence.Schedule:
        return cadence.schedule(
            now=now,
            last=outcome,
            recent_item_times=times,
            hints=hints,
            headers=fetched.headers if fetched is not None else HeaderHints(),
            error_count=error_count,
            floor_s=self._r.pace.poll_floor_s,
            ceiling_s=self._r.pace.poll_ceiling_s,
            jitter=random.random(),  # noqa: S311  # spreads polls, keeps no secret
        )

    async def _moved(self, connection: AsyncConnection, feed: Feed, fetched: Fetched, now: datetime) -> dict[str, Any]:
        """Follow a permanent redirect once it was seen for some days; onto a feed that is watched already: merge."""
        move = moves.judge(
            url=feed.url,
            moved_to=feed.moved_to,
            moved_seen_at=feed.moved_seen_at,
            permanent_url=fetched.permanent_url,
            now=now,
        )
        if move.action != "follow" or move.moved_to is None:
            return {"moved_to": move.moved_to, "moved_seen_at": move.seen_at}
        target = await feeds.by_url(connection, move.moved_to)
        if target is None:
            log.info("a feed has moved", feed=feed.url, to=move.moved_to)
            return {"url": move.moved_to, "moved_to": None, "moved_seen_at": None}
        log.info("a feed has moved onto another one", feed=feed.url, to=target.url)
        await feeds.merge(connection, source_id=feed.id, target_id=target.id)
        return {"moved_to": move.moved_to, "moved_seen_at": move.seen_at}

    async def read_due(self, limit: int = 8) -> int:
        """Read the pages of new articles; how many were taken up."""
        async with self._db.write() as connection:
            rows = await articles.claim_due(connection, "read", self._clock(), limit)
        await asyncio.gather(*(self._read(row) for row in rows))
        return len(rows)

    async def next_read_at(self) -> datetime | None:
        """When the next article is to be read."""
        async with self._db.read() as connection:
            return await articles.next_at(connection, "read")

    async def _read(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        try:
            with metrics.stage_seconds.labels("read").time():
                values = await self._full_text(row)
        except Exception:
            metrics.errors.labels("read").inc()
            log.exception("an article could not be read", article=row.id)
            if row.attempts < MOST_ATTEMPTS:
                async with self._db.write() as connection:
                    await articles.postpone(connection, row.id, self._clock() + timedelta(seconds=30))
                return
            values = _own_words(row, "The page could not be read.")
        now = self._clock()
        async with self._db.write() as connection:
            await articles.settle(connection, row.id, stage="join", due_at=now, **values)
        self.bells.ring("join")

    async def _full_text(self, row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
        """The article's text, from its page or, where that is shorter or cannot be had, from the feed."""
        async with self._db.read() as connection:
            twin = await articles.text_by_url(connection, row.canonical_url, row.id) if row.version == 1 else None
        if twin is not None:
            return {"text": twin.text, "text_source": "page", "text_note": None, "language": twin.language}
        if len(row.content) >= FULL_TEXT or not row.url:
            return _own_words(row, None)
        try:
            read = await page.read(self._r.fetcher, self._r.pool, row.url)
        except BlockedAddressError as error:
            return _own_words(row, str(error))
        return _chosen(row, read)


def _chosen(row: sa.Row[*tuple[Any, ...]], read: PageText) -> dict[str, Any]:
    own = row.content if len(row.content) >= len(row.summary) else row.summary
    if read.source != "page" or len(read.text) <= len(own):
        values = _own_words(row, read.note)
        if len(read.text) > len(values["text"]):
            values["text"] = read.text
        if read.note is not None:
            values["text_source"] = "teaser"
    else:
        values = {"text": read.text, "text_source": "page", "text_note": None}
    values["language"] = row.language or read.language
    values["image_url"] = row.image_url or read.image_url
    values["authors"] = row.authors or list(read.authors)
    if read.canonical_url and host_of(read.canonical_url) == host_of(row.url):  # a page speaks for its own site only
        values["canonical_url"] = canonical_url(read.canonical_url)
    return values


def _own_words(row: sa.Row[*tuple[Any, ...]], note: str | None) -> dict[str, Any]:
    text = row.content if len(row.content) >= len(row.summary) else row.summary
    return {"text": text, "text_source": "feed", "text_note": note}


def _columns(decision: Decision, feed: Feed, now: datetime) -> dict[str, Any]:
    """What an item says, as an article's columns; HTML becomes plain text here."""
    item = decision.item
    known = decision.known(now)
    url = item.url or feed.site_url or feed.url
    return {
        "guid": known.guid,
        "url": url,
        "url_key": known.url,
        "canonical_url": canonical_url(url),
        "title": item.title or "(no title)",
        "title_key": known.title_key,
        "publisher": feed.publisher,
        "summary": html_text(item.summary_html),
        "content": html_text(item.content_html),
        "authors": list(item.authors),
        "categories": list(item.categories),
        "language": item.language,
        "image_url": item.image_url,
        "updated_at": known.updated_at,
        "content_hash": known.content_hash,
    }


def _usual_gap(times: Sequence[datetime]) -> timedelta | None:
    """The median time between two of a feed's items; None: not enough of them."""
    gaps = [later - earlier for later, earlier in pairwise(times) if later > earlier]
    return sorted(gaps)[len(gaps) // 2] if gaps else None
