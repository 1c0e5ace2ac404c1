"""What the bot remembers of a feed, kept as `bot.newsroom.watching` keeps it, but in memory. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.feeds.identity import Decision, Known, decide
from bot.feeds.items import ParsedItem
from bot.feeds.witness import url_key

#: As `bot.store.articles.known` has it: so many of the latest items are looked at.
REMEMBERED = 3000


class Ledger:
    """One feed's items.

    Args:
        first_poll_limit: as `bot.newsroom.desk.Pace` has it.
    """

    def __init__(self, first_poll_limit: int = 5) -> None:
        self._known: dict[str, Known] = {}
        self._limit = first_poll_limit
        self._read = False

    def __len__(self) -> int:
        return len(self._known)

    def take(self, items: Sequence[ParsedItem], now: datetime) -> tuple[Decision, ...]:
        """Decide about a version's items and remember them; only what is really written down as new is `new`."""
        latest = tuple(self._known.values())[-REMEMBERED:]
        decisions = decide(items, latest, now=now, first_poll=not self._read, first_poll_limit=self._limit)
        self._read = True
        return tuple(self._written(decision, now) for decision in decisions)

    def _written(self, decision: Decision, now: datetime) -> Decision:
        old = self._known.get(decision.identity)
        if decision.verdict in {"known", "edited"}:
            if old is not None and decision.changed:
                self._known[decision.identity] = _changed(old, decision)
        elif old is None:
            self._known[decision.identity] = decision.known(now)
        elif decision.verdict == "new":  # the store has an item of this name, from longer ago than is looked at
            return replace(decision, verdict="known", reason="It is known from long ago.")
        return decision


def _changed(old: Known, decision: Decision) -> Known:
    """An edit writes all that an item says but its dates; another id or link alone is noted, and nothing else."""
    if decision.verdict == "known":
        return replace(old, guid=decision.item.guid, url=url_key(decision.item.url))
    return decision.known(old.first_seen_at)
