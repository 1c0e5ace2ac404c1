"""From the address that someone pasted to the feeds behind it, each fetched and read to prove that it is one.

```
address ─► a known site's feeds? ─► a feed itself? ─► a page: Link header, <link rel=alternate>, links ─► usual paths
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.errors import BlockedAddressError, FetchError, ParseError, UserError
from bot.feeds.fetch import Fetched, Fetcher
from bot.feeds.items import ParsedFeed
from bot.feeds.pages import PageLinks
from bot.feeds.parser import ParserPool
from bot.feeds.sites import feeds_of, well_known, with_scheme
from bot.feeds.urls import canonical_url, resolve

MAX_CANDIDATES = 5
_MAX_TRIED = 12
_LATEST = 3
_OTHER_SCHEME = re.compile(r"(?!https?:|feed:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)  # "host:8080" is no scheme
_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
}
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that was found and read.

    Attributes:
        url: its address; where it redirects for good, the end of that.
        latest: the titles of its newest items, newest first.
        parsed: what it holds, so that adding it needs no second request.
        fetched: the answer, with the validators to store.
    """

    url: str
    title: str
    publisher: str
    latest: tuple[str, ...]
    parsed: ParsedFeed = field(repr=False)
    fetched: Fetched = field(repr=False)


async def discover(fetcher: Fetcher, pool: ParserPool, address: str) -> tuple[Candidate, ...]:
    """Find the feeds behind an address, best first: one when the address is a feed itself, at most five of a site.

    Raises:
        UserError: the address makes no sense, or nothing behind it is a feed; it says what to do.
        FetchError: the address could not be read.
    """
    url = None if _OTHER_SCHEME.match(address.strip()) else resolve(None, with_scheme(address))
    if url is None or not _has_host(url):
        raise UserError(
            "That is not a web address. Paste the address of a feed or of a site, such as https://example.com/blog."
        )
    search = _Search(fetcher, pool)
    await search.try_all(feeds_of(url))
    if search.found:
        return search.results()
    try:
        page = await search.open(url)
    except FetchError as error:
        error.args = (_unwatched(str(error)),)
        raise
    if page is None:
        return search.results()
    named = await _named_by(pool, page)
    await search.try_all(named)
    if not search.found:
        await search.try_all(well_known(page.final_url), enough=1)
    if not search.found:
        raise _nothing_found(page, search.failure)
    return search.results()


def _unwatched(sentence: str) -> str:
    """What a poll's error says, of an address that nobody watches: it is not asked again by itself."""
    return sentence.replace(" It is asked again later.", " Try again later.").replace(" It is not asked any more.", "")


def _has_host(url: str) -> bool:
    """Whether the host looks like one: a word alone is no address, unless it names a port."""
    host = url.partition("://")[2].partition("/")[0]
    return "." in host or ":" in host


def _nothing_found(page: Fetched, failure: FetchError | ParseError | None) -> UserError:
    where = page.final_url
    if failure is not None:
        return UserError(f"{where} names a feed, but it could not be read. {_unwatched(str(failure))}")
    return UserError(f"No feed was found at {where}. Look on the site for “RSS” or “Atom” and paste that address.")


async def _named_by(pool: ParserPool, page: Fetched) -> tuple[str, ...]:
    """The feeds that a page names, in its Link header and in its markup."""
    in_headers = [
        found
        for link in page.links
        if ("alternate" in link.rel and (link.type or "").lower() in _FEED_TYPES) or "feed" in link.rel
        if (found := resolve(page.final_url, link.href))
    ]
    try:
        links = await pool.run("links", page.body, PageLinks, url=page.final_url, charset=page.charset)
    except ParseError:
        links = PageLinks()
    return tuple(dict.fromkeys([*in_headers, *(link.url for link in links.feeds)]))


class _Search:
    """One search: what was tried, what was found, and the first thing that went wrong."""

    def __init__(self, fetcher: Fetcher, pool: ParserPool) -> None:
        self._fetcher = fetcher
        self._pool = pool
        self._tried: set[str] = set()
        self.found: dict[str, Candidate] = {}
        self.failure: FetchError | ParseError | None = None

    def results(self) -> tuple[Candidate, ...]:
        return tuple(self.found.values())[:MAX_CANDIDATES]

    async def open(self, url: str) -> Fetched | None:
        """Read an address: None when it is a feed (which is then found), else the page."""
        fetched = await self._get_either(url)
        self._tried.add(url)
        try:
            parsed = await self._pool.parse(fetched.body, content_type=_type(fetched), url=fetched.final_url)
        except ParseError as error:
            if error.kind in {"html", "not_a_feed", "malformed"}:
                return fetched
            raise
        self._keep(fetched, parsed)
        return None

    async def _get_either(self, url: str) -> Fetched:
        """Read an address that was pasted without `https://` perhaps: a site without TLS is tried without it."""
        try:
            return await self._fetcher.get(url)
        except BlockedAddressError:
            raise
        except FetchError as error:
            if error.kind not in {"connect", "tls"} or not url.startswith("https://"):
                raise
            try:
                return await self._fetcher.get("http://" + url.removeprefix("https://"))
            except FetchError:
                raise error from None

    async def try_all(self, urls: Iterable[str], *, enough: int = MAX_CANDIDATES) -> None:
        """Read addresses that should be feeds; what isn't one is passed over."""
        for url in urls:
            if len(self.found) >= enough or len(self._tried) >= _MAX_TRIED:
                return
            if url in self._tried:
                continue
            self._tried.add(url)
            try:
                fetched = await self._fetcher.get(url)
                parsed = await self._pool.parse(fetched.body, content_type=_type(fetched), url=fetched.final_url)
            except (FetchError, ParseError) as error:
                self.failure = self.failure or (None if error.kind in {"http_404", "html", "not_a_feed"} else error)
                continue
            self._keep(fetched, parsed)

    def _keep(self, fetched: Fetched, parsed: ParsedFeed) -> None:
        url = fetched.permanent_url or fetched.url
        self.found.setdefault(
            canonical_url(fetched.final_url),
            Candidate(url, parsed.title, parsed.publisher, _latest(parsed), parsed, fetched),
        )


def _latest(parsed: ParsedFeed) -> tuple[str, ...]:
    dated = sorted(parsed.items, key=lambda item: item.published_at or item.updated_at or _OLDEST, reverse=True)
    return tuple(item.title or item.url or "(no title)" for item in dated[:_LATEST])


def _type(fetched: Fetched) -> str | None:
    if fetched.content_type is None:
        return None
    return f"{fetched.content_type}; charset={fetched.charset}" if fetched.charset else fetched.content_type
