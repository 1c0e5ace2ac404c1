"""Reading broken feeds as the bot does, and noting what must not happen."""

from __future__ import annotations

import gc
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import ParseError
from bot.feeds import identity
from bot.feeds.fingerprint import fingerprint
from bot.feeds.items import ParsedFeed
from bot.feeds.parser import ParserPool

from .agreement import compare
from .mutate import Broken, make

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TIME_LIMIT_S = 5.0
SLACK_S = 15.0
"""Beyond the limit: killing a worker and starting another on a busy machine."""
KINDS = frozenset({"html", "not_a_feed", "malformed", "too_slow", "too_big"})
GROWTH_MB = 60.0
"""What the parent may grow by after its first broken feeds; a thousand of them hold ten times as much text."""
REPEATING = 0.001
"""So many of the feeds, at most, may show something new when the very same bytes are read again."""
_WARM = 50
_URL = "http://fuzz.example/feed"


@dataclass(frozen=True, slots=True)
class Failure:
    """A broken feed that did what none may do."""

    broken: Broken
    why: str


@dataclass(slots=True)
class Report:
    """What became of the broken feeds.

    Attributes:
        outcomes: how many were read, or refused, by kind.
        agreed: how many the fast path read, each as feedparser does.
        repeating: numbers of the feeds that had something new when they were read a second time.
        grown_mb: by how much this process's memory grew after the first fifty.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    agreed: int = 0
    failures: list[Failure] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    killed: int = 0
    grown_mb: float = 0.0
    items: int = 0
    repeating: list[int] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing happened that must not."""
        few = max(1.0, REPEATING * self.outcomes.total())
        return not self.failures and self.grown_mb <= GROWTH_MB and len(self.repeating) <= few


async def read_all(numbers: Iterable[int], *, after: Callable[[Report], None] = lambda _report: None) -> Report:
    """Read the broken feeds of these numbers through a parser pool, and decide about their items."""
    report = Report()
    before: float | None = None
    async with ParserPool(time_limit_s=TIME_LIMIT_S) as pool:
        for done, number in enumerate(numbers, 1):
            broken = make(number)
            started = time.perf_counter()
            try:
                report.outcomes[await _read(pool, broken, report)] += 1
            except Exception:  # noqa: BLE001  # whatever it is, it is what is looked for
                report.failures.append(Failure(broken, traceback.format_exc(limit=-6)))
            took = time.perf_counter() - started
            report.slowest = max(report.slowest, (took, number))
            if took > TIME_LIMIT_S + SLACK_S:
                report.failures.append(Failure(broken, f"it took {took:.1f} s"))
            if done == _WARM:
                before = _memory_mb()
            report.killed = pool.killed
            after(report)
    if before is not None:
        report.grown_mb = _memory_mb() - before
    return report


async def _read(pool: ParserPool, broken: Broken, report: Report) -> str:
    """How it ended, after everything that the bot would do with it."""
    fingerprint(broken.body)
    try:
        feed = await pool.parse(broken.body, content_type=broken.content_type or None, url=_URL)
    except ParseError as error:
        kind, sentence = error.kind, str(error)
    else:
        report.items += len(feed.items)
        # Only what a worker got through within its limits is read again here, where nobody would stop it.
        report.agreed += compare(broken.body, broken.content_type or None) == "agreed"
        if _decide(feed):
            report.repeating.append(broken.number)
        return "read"
    assert kind in KINDS, kind
    assert sentence, "an error without a sentence"
    return kind


def _decide(feed: ParsedFeed) -> bool:
    """First poll, the same again, and the same with the first half missing: each must hold together.

    Returns:
        Whether the same feed again had something new: it may, when broken copies of one item vie for its identity.
    """
    first = identity.decide(feed.items, (), now=NOW, first_poll=True)
    assert len(first) == len(feed.items)
    assert sum(one.verdict == "new" for one in first) <= 5, "a first poll that floods"
    stored: dict[str, identity.Decision] = {}  # as the store keeps them: the first under each identity
    for one in first:
        if one.verdict != "known":
            kept = stored.setdefault(one.identity, one)
            assert kept is one or one.verdict == "withheld", f"lost: {one.item.url} has the identity of another item"
    known = tuple(one.known(NOW) for one in stored.values())
    again = identity.decide(feed.items, known, now=NOW + timedelta(hours=1), first_poll=False)
    repeats = any(one.verdict == "new" for one in again)
    late = known[len(known) // 2 :]
    identity.decide(feed.items, late, now=NOW + timedelta(hours=1), first_poll=False)
    for one in first:
        assert one.reason
        assert one.published_at <= NOW, "in the future"
        assert one.item.url is None or one.item.url.lower().startswith(("http://", "https://")), one.item.url
        one.identity.encode()
        (one.item.content + one.item.summary).encode()
    return repeats


def _memory_mb() -> float:
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0  # no such file on this system: growth is not measured here
    return pages * 4096 / 1e6


def save(failure: Failure, folder: Path) -> Path:
    """Write a failing feed and why it failed beside each other; where the feed is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{failure.broken.number}.feed"
    path.write_bytes(failure.broken.body)
    done = ", ".join(failure.broken.done)
    notes = (
        f"number: {failure.broken.number}\ncontent type: {failure.broken.content_type}\ndone: {done}\n\n{failure.why}"
    )
    path.with_suffix(".txt").write_text(notes, encoding="utf-8")
    return path
