"""Feeds that keep changing: each event is told by one paper, then by a second one, then revised with another figure."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from aiohttp import web

PAPERS = ("Northgate Courier", "Ashby Ledger", "Tidewater Gazette")
EVERY_S = 6.0
"""A new event comes this often."""
SECOND_AFTER_S = 7.0
"""Another paper has it so much later."""
REVISED_AFTER_S = 16.0
"""The first paper's revision comes so much later."""

_FIRST = ("Vant", "Quill", "Bracken", "Osk", "Merrow", "Tarn", "Hollis", "Garr", "Wexley", "Ivers", "Pell", "Stroud")
_SECOND = ("mere", "ford", "holm", "wick", "dale", "stead", "haven", "combe", "ridge", "moor", "thorpe", "bury")
_MAKERS = ("Corvale", "Denmoor", "Ellerix", "Fanshaw", "Gildan", "Hexworth", "Jorvane", "Kestwick", "Lothmar", "Nyland")
_SUBJECTS = (
    (
        "{maker} to build a {n} MW data centre campus at {place}",
        (
            "{maker} will build a data centre campus of {n} MW at {place}. Power comes from a new substation. The"
            " county's planners approved it."
        ),
    ),
    (
        "{maker} orders {n} liquid-cooled GPU racks for {place}",
        (
            "{maker} has ordered {n} liquid-cooled GPU racks for {place}. Each accelerator is cooled by a loop of"
            " its own. Delivery begins next quarter."
        ),
    ),
    (
        "Outage at {place} takes {n} servers of {maker} offline",
        (
            "A failed breaker at {place} took {n} servers of {maker} offline. Tenants of its AI cloud lost "
            "instances in one zone; the firmware is blamed."
        ),
    ),
    (
        "{maker} borrows ${n} million against its GPUs in {place}",
        (
            "{maker} has borrowed ${n} million against GPUs in {place}. Lenders price the loan by rents for "
            "accelerators; the notes mature in five years."
        ),
    ),
    (
        "Utility at {place} signs {n} MW of nuclear power for {maker}",
        (
            "The utility at {place} signed a contract with {maker} for {n} MW from a reactor. Regulators must "
            "still agree to the tariff."
        ),
    ),
    (
        "{maker} starts volume production of HBM stacks in {place}",
        (
            "The memory plant of {maker} in {place} makes {n} wafers of HBM a week. Yields are good, and next "
            "year's bits are sold out to accelerator makers."
        ),
    ),
    (
        "Subsea cable of {maker} lands at {place} with {n} Tbps",
        (
            "A subsea cable of {maker} has landed at {place}. Its fibre pairs carry {n} Tbps between AI regions "
            "on two continents."
        ),
    ),
    (
        "{maker} cuts inference prices by {n} cents at its {place} cluster",
        (
            "Tokens from the {place} cluster of {maker} cost {n} cents less per million. Batching and a smaller "
            "cache made the inference cheaper."
        ),
    ),
    (
        "Export rule bars {n} accelerators that {maker} sold to {place}",
        (
            "A licence that customs now demand stops {n} accelerators on their way from {maker} to {place}. The "
            "ministry names interconnect bandwidth."
        ),
    ),
    (
        "{maker} tests immersion cooling with {n} kW a tank in {place}",
        (
            "In a hall at {place} {maker} sinks servers into a dielectric liquid. Each tank takes {n} kW of AI "
            "load, twice what air could."
        ),
    ),
    (
        "Gas turbines of {n} MW to power {maker} at {place}",
        (
            "Behind the meter at {place}, turbines of {n} MW will feed data halls of {maker}. Air permits were "
            "issued over neighbours' protests."
        ),
    ),
    (
        "{maker} tapes out a training chip with {n} TFLOPS in {place}",
        (
            "Engineers of {maker} in {place} have taped out a chip for training, with {n} TFLOPS on two dies. The"
            " foundry ships samples in spring."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens, as it is told: `place` is named in no other."""

    number: int
    place: str
    maker: str
    figure: int
    revised: int
    at: datetime

    def title(self) -> str:
        """The headline, the same in each paper and edition."""
        return _SUBJECTS[self.number % len(_SUBJECTS)][0].format(maker=self.maker, place=self.place, n=self.figure)

    def text(self, *, revised: bool) -> str:
        """What is told; revised, with another figure."""
        n = self.revised if revised else self.figure
        return _SUBJECTS[self.number % len(_SUBJECTS)][1].format(maker=self.maker, place=self.place, n=n)


def make_events(seed: int, start: datetime, *, every_s: float = EVERY_S) -> tuple[Event, ...]:
    """All the events of a run, in the order in which they happen."""
    rng = random.Random(seed)
    places = [first + second for first in _FIRST for second in _SECOND]
    rng.shuffle(places)
    return tuple(
        Event(
            number,
            place,
            rng.choice(_MAKERS),
            figure := rng.randrange(110, 900),
            figure + rng.randrange(20, 90),
            start + timedelta(seconds=number * every_s),
        )
        for number, place in enumerate(places)
    )


class Press:
    """The papers on a local web server.

    Args:
        seed: of the events.
        heard: is called with the port that a request came from.
        every_s: seconds between two events.
    """

    def __init__(self, seed: int, heard: Callable[[int], None], *, every_s: float = EVERY_S) -> None:
        self._heard = heard
        self._events = make_events(seed, datetime.now(UTC), every_s=every_s)
        self._stands_since: datetime | None = None
        self._stood = timedelta(0)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on a free port."""
        application = web.Application()
        application.router.add_get("/{paper}/feed.xml", self._feed)
        application.router.add_get("/{paper}/{number}.html", self._page)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def freeze(self) -> None:
        """Nothing happens for now; what is out stays as it is."""
        self._stands_since = self._stands_since or datetime.now(UTC)

    def thaw(self) -> None:
        """The news goes on from where it stood."""
        if self._stands_since is not None:
            self._stood += datetime.now(UTC) - self._stands_since
            self._stands_since = None

    @property
    def feeds(self) -> tuple[tuple[str, str, str], ...]:
        """(address, title, publisher) of each feed."""
        return tuple((f"{self.url}/{number}/feed.xml", paper, paper) for number, paper in enumerate(PAPERS))

    def printed(self) -> tuple[str, ...]:
        """The addresses of all that is out now."""
        return tuple(self._link(paper, event) for paper in range(len(PAPERS)) for event, _ in self._out(paper))

    def events(self) -> tuple[Event, ...]:
        """What has happened so far."""
        now = self._now()
        return tuple(event for event in self._events if event.at <= now)

    def coming(self, after_s: float) -> Event | None:
        """The first event that happens more than so many seconds from now."""
        then = self._now() + timedelta(seconds=after_s)
        return next((event for event in self._events if event.at > then), None)

    def _now(self) -> datetime:
        return (self._stands_since or datetime.now(UTC)) - self._stood

    def _out(self, paper: int) -> list[tuple[Event, bool]]:
        """What a paper has out now, each with whether it is the revised edition."""
        now, found = self._now(), []
        for event in self._events:
            first = event.number % len(PAPERS)
            if paper == first and event.at <= now:
                found.append((event, event.at + timedelta(seconds=REVISED_AFTER_S) <= now))
            elif paper == (first + 1) % len(PAPERS) and event.at + timedelta(seconds=SECOND_AFTER_S) <= now:
                found.append((event, False))
        return found

    def _link(self, paper: int, event: Event) -> str:
        return f"{self.url}/{paper}/{event.number}.html"

    def _seen(self, request: web.Request) -> None:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        if peer is not None:
            self._heard(int(peer[1]))

    async def _feed(self, request: web.Request) -> web.Response:
        self._seen(request)
        paper = int(request.match_info["paper"])
        items = "".join(
            f"<item><guid isPermaLink='false'>p{paper}-{event.number}</guid><title>{escape(event.title())}</title>"
            f"<link>{self._link(paper, event)}</link><pubDate>{format_datetime(event.at)}</pubDate>"
            f"<description>{escape(event.text(revised=revised))}</description></item>"
            for event, revised in reversed(self._out(paper))
        )
        body = (
            f"<?xml version='1.0'?><rss version='2.0'><channel><title>{PAPERS[paper]}</title>"
            f"<link>{self.url}/{paper}/</link><description>News</description>{items}</channel></rss>"
        )
        etag = hashlib.sha256(body.encode()).hexdigest()[:20]
        if request.if_none_match is not None and any(known.value == etag for known in request.if_none_match):
            return web.Response(status=304, headers={"ETag": f'"{etag}"'})
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": f'"{etag}"'})

    async def _page(self, request: web.Request) -> web.Response:
        self._seen(request)
        paper, number = int(request.match_info["paper"]), int(request.match_info["number"])
        for event, revised in self._out(paper):
            if event.number == number:
                title = escape(event.title())
                said = escape(event.text(revised=revised))
                return web.Response(
                    text=f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{said}</p>"
                    f"<p>{PAPERS[paper]} has asked {event.maker} for more.</p></article></body></html>",
                    content_type="text/html",
                )
        raise web.HTTPNotFound
