"""Reading an address: politely, guarded, bounded in time and size.

```
get ─► for each hop:  check_url ─► host's turn ─► send (again if nothing came back) ─► redirect? next hop
                                                                                     └► body, capped
```
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.client_exceptions import ClientConnectorDNSError
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from yarl import URL

from bot.errors import BlockedAddressError, FetchError
from bot.feeds.body import ACCEPT_ENCODING, BodyReader
from bot.feeds.failures import ResponseError, connection_failure, http_failure
from bot.feeds.guard import Guard
from bot.feeds.headers import HeaderHints, Link, conditional, hints, links, validators
from bot.feeds.hosts import HostQueue
from bot.feeds.robots import RobotsCache
from bot.feeds.urls import resolve
from bot.models import Validators

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

_NOT_MODIFIED = 304
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_MAX_HOPS = 8
_MAX_HEADER = 65_536  # aiohttp's 8 KB is less than some sites' Content-Security-Policy
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: a 200 with its body, or a 304 without.

    Attributes:
        url: the address that was asked.
        final_url: the address that answered, after redirects.
        permanent_url: where the leading run of permanent redirects (301, 308) ends; None when the first hop is none.
        status: 200–299, or 304.
        body: decoded; empty on 304.
        content_type: the media type in lower case, without parameters.
        charset: the charset that Content-Type names.
        validators: what to store now, in place of what is stored.
        headers: when the server says to come back.
        links: the Link header's entries, as written.
        elapsed_s: from the first byte sent to the last byte read, without waiting for the host's turn.
    """

    url: str
    final_url: str
    permanent_url: str | None
    status: int
    body: bytes = field(repr=False)
    content_type: str | None
    charset: str | None
    validators: Validators
    headers: HeaderHints
    links: tuple[Link, ...] = ()
    elapsed_s: float = 0.0

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing changed."""
        return self.status == _NOT_MODIFIED


@dataclass(slots=True)
class _Journey:
    """One `get`, hop by hop."""

    asked: str
    at: URL
    permanent_url: str | None = None
    permanent: bool = True  # all hops so far were permanent redirects
    spent_s: float = 0.0
    seen: set[str] = field(default_factory=set)

    def redirect(self, status: int, location: str | None) -> None:
        """Go to where the answer points.

        Raises:
            FetchError: of kind `redirect_loop`, `too_many_redirects`, `downgrade` or `bad_redirect`.
        """
        target = resolve(str(self.at), location)
        if target is None:
            raise FetchError("The server redirects to nowhere. Check the address in a browser.", kind="bad_redirect")
        url = _parsed(target).with_fragment(None)
        if self.at.scheme == "https" and url.scheme == "http":
            raise FetchError(
                f"{self.at.host} redirects from https to plain http, which is not followed. "
                "Ask the publisher to mend it.",
                kind="downgrade",
            )
        if str(url) in self.seen:
            raise FetchError("The address redirects in a circle. Check it in a browser.", kind="redirect_loop")
        if len(self.seen) > _MAX_HOPS:
            raise FetchError("The address redirects too many times. Check it in a browser.", kind="too_many_redirects")
        self.permanent = self.permanent and status in _PERMANENT
        if self.permanent:
            self.permanent_url = str(url)
        self.at = url


class Fetcher:
    """Reads addresses; one session, no cookies, no proxies from the environment. An async context manager.

    Args:
        user_agent: names the bot and a contact address.
        allowed_hosts: `host:port` entries that may be private (see `guard`).
        host_spacing: seconds between two requests to a host.
        max_bytes: the most that a decoded body may have.
        total_timeout: seconds for one `get`, waiting for turns not counted.
        clock: what time it is, for Retry-After and Expires.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_hosts: Collection[str] = (),
        host_spacing: float = 1.0,
        max_bytes: int = 10_000_000,
        total_timeout: float = 30.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.user_agent = user_agent
        self.robots = RobotsCache()
        self._guard = Guard(allowed_hosts)
        self._hosts = HostQueue(host_spacing)
        self._max_bytes = max_bytes
        self._total_timeout = total_timeout
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=200, ttl_dns_cache=120, socket_factory=self._guard.socket_factory),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=15),
            trust_env=False,
            auto_decompress=False,
            max_field_size=_MAX_HEADER,
            max_line_size=_MAX_HEADER,
            headers={"User-Agent": self.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session and its connections."""
        await self.close()

    async def close(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def now(self) -> datetime:
        """The time by this fetcher's clock."""
        return self._clock()

    async def get(
        self,
        url: str,
        *,
        validators: Validators = Validators(),  # noqa: B008 - frozen
        accept: str = FEED_ACCEPT,
        max_bytes: int | None = None,
    ) -> Fetched:
        """Read an address with one conditional GET, following redirects.

        Raises:
            BlockedAddressError: the guard refused.
            ResponseError: the server answered with an error; `kind` is `http_<status>` or `gone` for 410.
            FetchError: there was no usable answer; `kind` says why (`dns`, `connect`, `reset`, `tls`, `timeout`,
                `too_large`, `encoding`, `cut`, `redirect_loop`, `too_many_redirects`, `downgrade`, `bad_redirect`,
                `bad_address`, `malformed`).
        """
        journey = _Journey(asked=url, at=_parsed(url).with_fragment(None))
        while True:
            self._guard.check_url(journey.at)
            journey.seen.add(str(journey.at))
            host = f"{journey.at.host}:{journey.at.port}"
            async with self._hosts.turn(host):
                started = time.monotonic()
                try:
                    async with asyncio.timeout(max(0.01, self._total_timeout - journey.spent_s)):
                        done = await self._hop(journey, validators, accept, max_bytes or self._max_bytes)
                except TimeoutError:
                    raise FetchError(
                        f"{journey.at.host} did not finish answering within {self._total_timeout:g} seconds. "
                        "It is asked again later.",
                        kind="timeout",
                    ) from None
                except ResponseError as error:
                    self._hosts.told(host, too_fast=error.status == 429)  # noqa: PLR2004 - Too Many Requests
                    raise
                finally:
                    journey.spent_s += time.monotonic() - started
                self._hosts.told(host, too_fast=False)
            if done is not None:
                return done

    async def _hop(self, journey: _Journey, asked: Validators, accept: str, cap: int) -> Fetched | None:
        """Ask the address that the journey is at; None when it redirects."""
        started = time.monotonic()
        response = await self._send(journey.at, {"Accept": accept, **conditional(asked)})
        try:
            status = response.status
            if status in _REDIRECTS and "Location" in response.headers:
                journey.redirect(status, response.headers["Location"])
                return None
            hinted = hints(response.headers, self._clock())
            not_modified = status == _NOT_MODIFIED and asked != Validators()
            if status not in range(200, 300) and not not_modified:
                raise http_failure(status, journey.at.host or "", hinted, journey.permanent_url)
            body = b"" if not_modified else await _body(response, cap)
            kept = validators(status, response.headers, asked)
            return Fetched(
                url=journey.asked,
                final_url=str(journey.at),
                permanent_url=journey.permanent_url,
                status=status,
                body=body,
                content_type=response.content_type.lower() if "Content-Type" in response.headers else None,
                charset=response.charset,
                validators=kept,
                headers=hinted,
                links=links(response.headers.getall("Link", [])),
                elapsed_s=journey.spent_s + time.monotonic() - started,
            )
        finally:
            response.release()

    async def _send(self, url: URL, headers: dict[str, str]) -> aiohttp.ClientResponse:
        """Send the request, again when the connection broke before anything came back."""
        if self._session is None:
            raise RuntimeError("the fetcher is not open: use `async with`")
        with self._guard.dialling(url) as dial:
            try:
                async for attempt in AsyncRetrying(
                    stop=stop_after_attempt(_TRIES),
                    wait=wait_random_exponential(multiplier=0.1, max=1.0),
                    retry=retry_if_exception(_is_passing),
                    reraise=True,
                ):
                    with attempt:
                        return await self._session.get(url, headers=headers, allow_redirects=False)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if dial.refused:
                    raise self._guard.refusal(dial) from None
                if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                    raise
                raise connection_failure(error, url.host or "") from error
        raise AssertionError("tenacity either returns or raises")


def _is_passing(error: BaseException) -> bool:
    """Whether to try once more: a name server's hiccup, or a connection that broke before it answered."""
    if isinstance(error, ClientConnectorDNSError):
        return isinstance(error.os_error, socket.gaierror) and error.os_error.errno == socket.EAI_AGAIN
    return isinstance(error, (aiohttp.ServerDisconnectedError, ConnectionResetError))


async def _body(response: aiohttp.ClientResponse, cap: int) -> bytes:
    """Read the body in pieces, stopping when it is too large."""
    reader = BodyReader(response.headers.get("Content-Encoding"), cap)
    try:
        async for chunk in response.content.iter_chunked(65_536):
            reader.feed(chunk)
    except aiohttp.ClientPayloadError as error:
        raise FetchError(
            f"{response.url.host} stopped in the middle of its answer. It is asked again later.", kind="cut"
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise connection_failure(error, response.url.host or "") from error
    return reader.value()


def _parsed(url: str) -> URL:
    try:
        return URL(url.strip())
    except ValueError:
        raise FetchError(
            "That is not an address that can be read. Paste it from the browser.", kind="bad_address"
        ) from None


__all__ = ["FEED_ACCEPT", "PAGE_ACCEPT", "BlockedAddressError", "Fetched", "Fetcher", "ResponseError"]
