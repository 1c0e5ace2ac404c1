"""Every version through fingerprint, parser and identity, and the sums of what came of it."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.errors import ParseError
from bot.evaluation.replay.ledger import Ledger
from bot.evaluation.replay.repeats import Post, Repeat, Repeats
from bot.evaluation.replay.versions import History, HistoryError, Version
from bot.feeds.fingerprint import fingerprint
from bot.feeds.identity import Decision
from bot.feeds.items import ParsedFeed

#: So many versions are parsed ahead of the one that is decided about.
AHEAD = 6


class Parser(Protocol):
    """What reads a version: `bot.feeds.parser.ParserPool`, whose limits of time and memory hold here, too."""

    async def parse(self, body: bytes, *, content_type: str | None = None, url: str) -> ParsedFeed:
        """Read a feed, or raise `ParseError`."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """An item and what became of it."""

    feed: str
    version: str
    at: datetime
    title: str
    url: str | None
    date: datetime | None
    reason: str


@dataclass(slots=True)
class FeedResult:
    """One feed's sums.

    Attributes:
        unchanged: versions that hold nothing but another stamp, or nothing else at all; they are not parsed.
        failed: versions that could not be read.
        items: different items seen.
    """

    feed: str
    versions: int = 0
    unchanged: int = 0
    failed: int = 0
    items: int = 0
    posted: int = 0
    repeated: int = 0
    edited: int = 0
    backlog: int = 0
    withheld: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(slots=True)
class Group:
    """What has one reason: how often, and a few examples."""

    kind: str
    reason: str
    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class Replayed:
    """What would have come of a history.

    Attributes:
        groups: verdicts by their reasons, numbers in them written as N; the most frequent first.
    """

    feeds: list[FeedResult]
    groups: list[Group]
    repeats: list[Repeat]

    @property
    def total(self) -> FeedResult:
        """All feeds together."""
        made = FeedResult("total")
        for one in self.feeds:
            for name in (
                "versions",
                "unchanged",
                "failed",
                "items",
                "posted",
                "repeated",
                "edited",
                "backlog",
                "withheld",
            ):
                setattr(made, name, getattr(made, name) + getattr(one, name))
        return made

    @property
    def broken(self) -> tuple[str, ...]:
        """The promise that nothing is posted twice, if it was not kept."""
        return (f"{len(self.repeats)} posts repeat an earlier one.",) if self.repeats else ()


@dataclass(slots=True)
class _Watched:
    """A feed on its way through time."""

    result: FeedResult
    ledger: Ledger
    repeats: Repeats
    asked: str | None = None  # the fingerprint that was last given to the parser
    good: str | None = None  # the fingerprint of the last version that could be read
    fault: ParseError | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    version: Version
    print: str
    parsing: asyncio.Task[ParsedFeed] | None


class Replay:
    """One replay.

    Args:
        pool: parses.
        examples: how many examples of each reason to keep.
        first_poll_limit: how many of a new feed's newest items are posted.
    """

    def __init__(self, pool: Parser, *, examples: int = 3, first_poll_limit: int = 5) -> None:
        self._pool = pool
        self._examples = examples
        self._limit = first_poll_limit
        self._feeds: dict[str, _Watched] = {}
        self._groups: dict[tuple[str, str], Group] = {}
        self._repeats: list[Repeat] = []

    async def run(self, history: History, tell: Callable[[int, int], None] = lambda _done, _all: None) -> Replayed:
        """Take a history in, from its first version to its last.

        Raises:
            HistoryError: it holds no version of a feed, or can't be read.
        """
        total = history.size()
        jobs: deque[_Job] = deque()
        try:
            for version in history.versions():
                jobs.append(self._begin(version))
                if len(jobs) > AHEAD:
                    await self._finish(jobs.popleft())
                tell(history.done, total)
            while jobs:
                await self._finish(jobs.popleft())
        finally:
            left = [job.parsing for job in jobs if job.parsing is not None]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        if not self._feeds:
            raise HistoryError("No feed was found there.")
        for watched in self._feeds.values():
            watched.result.items = len(watched.ledger)
        groups = sorted(self._groups.values(), key=lambda group: (group.kind, -group.count))
        return Replayed([self._feeds[name].result for name in sorted(self._feeds)], groups, self._repeats)

    def _begin(self, version: Version) -> _Job:
        watched = self._feeds.get(version.feed)
        if watched is None:
            watched = _Watched(FeedResult(version.feed), Ledger(self._limit), Repeats())
            self._feeds[version.feed] = watched
        if version.body is None:
            return _Job(version, "", asyncio.create_task(_too_large()))
        mark = fingerprint(version.body)
        if mark == watched.asked:
            return _Job(version, mark, None)
        watched.asked = mark
        url = f"https://{_host(version.feed)}/"
        return _Job(version, mark, asyncio.create_task(self._pool.parse(version.body, url=url)))

    async def _finish(self, job: _Job) -> None:
        watched = self._feeds[job.version.feed]
        result = watched.result
        result.versions += 1
        result.first = result.first or job.version.at
        result.last = job.version.at
        if job.parsing is None and job.print == watched.good:
            result.unchanged += 1
            return
        try:
            if job.parsing is None:  # the same bytes that could not be read the time before
                assert watched.fault is not None
                raise watched.fault
            parsed = await job.parsing
        except ParseError as error:
            watched.fault = error
            result.failed += 1
            self._note("unreadable", f"{error.kind}: {error}", job.version)
            return
        watched.good = job.print
        self._take(watched, job.version, parsed)

    def _take(self, watched: _Watched, version: Version, parsed: ParsedFeed) -> None:
        watched.repeats.see(parsed.items, version.at)
        for decision in watched.ledger.take(parsed.items, version.at):
            result = watched.result
            if decision.verdict == "new":
                result.posted += 1
                post = Post(decision.item.title, decision.item.url, decision.published_at, version.at, version.name)
                repeat = watched.repeats.post(post)
                if repeat is not None:
                    result.repeated += 1
                    self._repeats.append(repeat)
            elif decision.verdict == "edited":
                result.edited += 1
            elif decision.verdict == "backlog":
                result.backlog += 1
            elif decision.verdict == "withheld":
                result.withheld += 1
            if decision.verdict != "known":
                self._note(_KINDS[decision.verdict], decision.reason, version, decision)

    def _note(self, kind: str, reason: str, version: Version, decision: Decision | None = None) -> None:
        general = _general(reason)
        group = self._groups.setdefault((kind, general), Group(kind, general))
        group.count += 1
        if len(group.examples) < self._examples:
            item = decision.item if decision is not None else None
            group.examples.append(
                Example(
                    feed=version.feed,
                    version=version.name,
                    at=version.at,
                    title=item.title if item is not None else "",
                    url=item.url if item is not None else None,
                    date=item.published_at if item is not None else None,
                    reason=reason,
                )
            )


_KINDS = {"new": "posted", "edited": "edited", "backlog": "backlog", "withheld": "withheld"}


def _general(reason: str) -> str:
    """A reason without its numbers, so that like ones are counted together."""
    return re.sub(r"\d+", "N", reason.replace("the same day", "0 days apart").replace("1 day apart", "1 days apart"))


def _host(feed: str) -> str:
    """A host name to resolve a feed's relative links against; any will do, if it stays the same."""
    return re.sub(r"[^a-z0-9]+", "-", feed.lower()).strip("-")[:60] or "feed"


async def _too_large() -> ParsedFeed:
    raise ParseError("It is larger than the bot reads.", kind="too_large")
