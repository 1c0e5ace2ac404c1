"""From a feed to its articles: poll politely, decide what is new, read the full text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
import structlog

from bot import metrics, tracing
from bot.errors import BlockedAddressError, FetchError, ParseError
from bot.feeds import page
from bot.feeds.fetch import Fetched
from bot.feeds.fingerprint import fingerprint
from bot.feeds.items import ParsedFeed
from bot.feeds.outcome import PollOutcome
from bot.feeds.pages import PageText
from bot.feeds.urls import canonical_url, host_of
from bot.models import Feed
from bot.newsroom.settling import Answered, Polled, Settling
from bot.store import articles, feeds

log = structlog.get_logger(__name__)

#: Polls at the same time; a host still gets one at a time, with spacing.
AT_ONCE = 32
#: So many feeds are taken up together, and polls written down together; fewer when no poll ends for half a second.
LEAST_CLAIMED = AT_ONCE // 2
MOST_SETTLED = 64
#: Or when they hold so many items: deciding about them holds a transaction, and they are kept in memory until then.
MOST_ITEMS = 400
SETTLE_WITHIN_S = 0.5
#: A call takes up at most so many feeds, so that a service that is asked to stop comes to an end.
MOST_AT_A_TIME = 256
#: A page that an error of ours kept from being read is tried again; then the feed's own words must do.
MOST_ATTEMPTS = 3
#: A feed's own text of this many characters is taken for the whole article.
FULL_TEXT = 1500
#: A feed whose poll ended with an error of ours is asked again after this.
AFTER_OUR_ERROR = timedelta(minutes=15)


class Watching(Settling):
    """Polls the feeds that are due and reads the articles they bring."""

    async def poll_due(self) -> int:
        """Poll what is due; how many feeds were taken up.

        Others are taken up while some are in hand, so a slow server holds back nobody else's feeds.
        """
        taken = 0
        running: set[asyncio.Task[Polled | None]] = set()
        over: list[Polled] = []
        async with asyncio.TaskGroup() as group:
            more = True
            while more or running:
                if more and len(running) <= AT_ONCE - LEAST_CLAIMED:
                    due = await self._claim(AT_ONCE - len(running))
                    taken += len(due)
                    more = bool(due) and taken < MOST_AT_A_TIME
                    running |= {group.create_task(self._poll(feed)) for feed in due}
                    if not running:
                        break
                done, running = await asyncio.wait(
                    running, timeout=SETTLE_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
                )
                over += [polled for task in done if (polled := task.result()) is not None]
                if over and (_is_group(over) or not done or not running):
                    await self._settle_or_postpone(over)
                    over = []
        return taken

    async def _claim(self, limit: int) -> tuple[Feed, ...]:
        async with self._db.write() as connection:
            return await feeds.claim_due(connection, self._clock(), limit)

    async def next_poll_at(self) -> datetime | None:
        """When the next feed is due."""
        async with self._db.read() as connection:
            return await feeds.next_poll(connection)

    async def _poll(self, feed: Feed) -> Polled | None:
        """What a poll found; None: an error of ours, and the feed is put off."""
        with tracing.stage("poll", "feed", feed.id):
            try:
                return await self._poll_once(feed)
            except Exception as error:  # noqa: BLE001  # one feed's trouble is not the others'; asked again later
                tracing.failed(error)
                await self._postpone_poll(feed, error)
                return None

    async def _poll_once(self, feed: Feed) -> Polled:
        try:
            fetched = await self._r.fetcher.get(feed.url, validators=feed.validators)
            if fetched.not_modified or fingerprint(fetched.body) == feed.body_hash:
                return _polled(feed, "not_modified", _answered(fetched), fetched)
            parsed = await self._r.pool.parse(fetched.body, content_type=fetched.content_type, url=fetched.final_url)
        except (FetchError, ParseError) as error:
            log.warning("a feed could not be read", feed=feed.url, kind=error.kind, reason=str(error))
            return Polled(feed, PollOutcome.of_error(error))
        return _found(feed, fetched, parsed)

    async def _settle_or_postpone(self, polls: Sequence[Polled]) -> None:
        """Write polls down together; when that fails, one by one, so that one feed's trouble is not the others'."""
        try:
            await self.settle_polls(polls)
        except Exception as error:
            if len(polls) == 1:
                await self._postpone_poll(polls[0].feed, error)
                return
            log.warning("some polls could not be written down together", feeds=len(polls), exc_info=True)
            for polled in polls:
                await self._settle_or_postpone((polled,))

    async def _postpone_poll(self, feed: Feed, error: Exception) -> None:
        """After an error of ours: tell the log, and ask the feed again later."""
        metrics.errors.labels("watch").inc()
        log.error("a poll failed", feed=feed.url, exc_info=error)
        async with self._db.write() as connection:
            await feeds.settle(connection, [{"id": feed.id, "next_poll_at": self._clock() + AFTER_OUR_ERROR}])

    async def take_in(self, feed: Feed, fetched: Fetched, parsed: ParsedFeed) -> None:
        """Write down what a feed holds now: new articles, edits, and why the others are not told."""
        await self.settle_polls((_found(feed, fetched, parsed),))

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
        with tracing.stage("read", "article", row.id):
            try:
                values = await self._full_text(row)
            except Exception as error:
                tracing.failed(error)
                metrics.errors.labels("read").inc()
                log.exception("an article could not be read", article=row.id)
                if row.attempts < MOST_ATTEMPTS:
                    async with self._db.write() as connection:
                        await articles.postpone(connection, row.id, self._clock() + timedelta(seconds=30))
                    return
                values = _own_words(row, "The page could not be read.")
            log.info("read", article=row.id, url=row.url, source=values.get("text_source"))
        now = self._clock()
        async with self._db.write() as connection:
            # An edit that came in meanwhile, or another worker while this one was asleep, has it read again.
            if not await articles.settle(connection, row.id, stage="join", due_at=now, **values):
                log.info("it was edited or taken over while it was read", article=row.id)
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


def _is_group(over: Sequence[Polled]) -> bool:
    """Whether these polls are enough to be written down together."""
    return len(over) >= MOST_SETTLED or sum(polled.items for polled in over) >= MOST_ITEMS


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


def _found(feed: Feed, fetched: Fetched, parsed: ParsedFeed) -> Polled:
    """A poll that found something to take in."""
    return _polled(feed, "unchanged", _answered(fetched, fingerprint(fetched.body), parsed), fetched)


def _polled(feed: Feed, kind: Literal["unchanged", "not_modified"], answer: Answered, fetched: Fetched) -> Polled:
    return Polled(feed, PollOutcome(kind=kind, headers=fetched.headers, elapsed_s=fetched.elapsed_s), answer)


def _answered(fetched: Fetched, body_hash: str | None = None, parsed: ParsedFeed | None = None) -> Answered:
    """What is kept of an answer; its body may be large, and a group of polls waits to be written down."""
    return Answered(
        validators=fetched.validators,
        headers=fetched.headers,
        permanent_url=fetched.permanent_url,
        body_hash=body_hash,
        parsed=parsed,
    )
