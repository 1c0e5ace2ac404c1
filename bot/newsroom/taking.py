"""What polls have brought, decided about and written down: new articles, edits, and why the others are not told.

```
polls of some feeds ─► what is known of each ─► identity decides ─► all their rows, in one statement
```
It happens in the caller's transaction, so it is decided against what is stored at that moment, and the articles of a
poll are kept together with the poll itself or not at all.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.feeds import identity
from bot.feeds.identity import Decision, Known
from bot.feeds.items import ParsedFeed
from bot.feeds.urls import canonical_url, host_of
from bot.models import Feed
from bot.store import articles

#: A feed of more items, new and remembered, is decided about in a thread: it takes longer than others should wait.
DECIDED_AT_ONCE = 100
#: So many rows are handed to the database at once: more would hold the event loop for too long.
ROWS_AT_ONCE = 500
_STAGES = {"new": "read", "backlog": "join", "withheld": "done"}


@dataclass(frozen=True, slots=True)
class Find:
    """What a feed held when it was polled.

    Attributes:
        first_limit: how many items are told where this is its first poll.
    """

    feed: Feed
    parsed: ParsedFeed
    first_limit: int


@dataclass(slots=True)
class Taken:
    """What came of a find: how many articles are new, how many edited, and how often each verdict was given."""

    new: int = 0
    edited: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)


def named(feed: Feed, parsed: ParsedFeed) -> Feed:
    """A feed that came in a list without a name takes its own at its first poll; one that somebody named keeps that."""
    if feed.last_success_at is not None or feed.title != host_of(feed.url) or not parsed.title:
        return feed
    publisher = parsed.publisher if feed.publisher == feed.title else feed.publisher
    return replace(feed, title=parsed.title, publisher=publisher or feed.publisher)


async def take_in(connection: AsyncConnection, finds: Sequence[Find], now: datetime) -> dict[int, Taken]:
    """Decide about the items of some feeds and write them down; what came of each, by the feed's id."""
    begun = await articles.feeds_with_any(connection, [find.feed.id for find in finds])
    added: list[dict[str, Any]] = []
    done: dict[int, Taken] = {}
    for find in finds:
        rows = await articles.known(connection, find.feed.id) if find.feed.id in begun else ()
        if len(find.parsed.items) + len(rows) <= DECIDED_AT_ONCE:
            changes = _changes(find, rows, now)
            await asyncio.sleep(0)  # a group's feeds together would hold the loop for too long
        else:
            changes = await asyncio.to_thread(_changes, find, rows, now)
        done[find.feed.id] = await _change_known(connection, find.feed, changes, now)
        fresh = changes.added
        if len(rows) >= articles.REMEMBERED:  # what is no longer remembered may be there all the same
            there = await articles.among(connection, find.feed.id, [row["identity"] for row in fresh])
            fresh = tuple(row for row in fresh if row["identity"] not in there)
        done[find.feed.id].new = sum(1 for row in fresh if row["verdict"] == "new")
        added += fresh
    for at in range(0, len(added), ROWS_AT_ONCE):
        await articles.add_all(connection, added[at : at + ROWS_AT_ONCE])
    return done


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is to be written of a poll's items: new rows, and the columns of known ones."""

    verdicts: Counter[str]
    added: tuple[dict[str, Any], ...]
    known: tuple[tuple[Decision, dict[str, Any]], ...]


def _changes(find: Find, rows: Sequence[sa.Row[*tuple[Any, ...]]], now: datetime) -> _Changes:
    """Decide about a feed's items."""
    feed = find.feed
    decisions = identity.decide(
        find.parsed.items,
        tuple(Known(*row) for row in rows),
        now=now,
        first_poll=feed.last_success_at is None,
        first_poll_limit=find.first_limit,
    )
    added, known = [], []
    for decision in decisions:
        if decision.verdict in {"known", "edited"}:
            if decision.changed:
                known.append((decision, _columns(decision, feed, now)))
            continue
        # What is not told is kept all the same: questions are answered from it, and "why not?" has its answer.
        stage = _STAGES[decision.verdict]
        added.append(
            _columns(decision, feed, now)
            | {
                "feed_id": feed.id,
                "identity": decision.identity,
                "published_at": decision.published_at,
                "first_seen_at": now,
                "verdict": decision.verdict,
                "reason": decision.reason,
                "stage": stage,
                "due_at": now if stage != "done" else None,
            }
        )
    return _Changes(Counter(decision.verdict for decision in decisions), tuple(added), tuple(known))


async def _change_known(connection: AsyncConnection, feed: Feed, changes: _Changes, now: datetime) -> Taken:
    """Write down what has changed about items that were there."""
    taken = Taken(verdicts=changes.verdicts)
    for decision, values in changes.known:
        if decision.verdict == "edited":
            taken.edited += 1
            await articles.change(connection, feed.id, decision.identity, **values, stage="read", due_at=now)
        else:
            await articles.note(connection, feed.id, decision.identity, **values)
    return taken


def _columns(decision: Decision, feed: Feed, now: datetime) -> dict[str, Any]:
    """What an item says, as an article's columns."""
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
        "summary": item.summary,
        "content": item.content,
        "authors": list(item.authors),
        "categories": list(item.categories),
        "language": item.language,
        "image_url": item.image_url,
        "updated_at": known.updated_at,
        "content_hash": known.content_hash,
    }
