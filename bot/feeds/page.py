"""Reading an article's page: robots.txt first, then the page, its text taken out in the killable process."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from bot.errors import BlockedAddressError, FetchError, ParseError
from bot.feeds import robots
from bot.feeds.failures import ResponseError
from bot.feeds.fetch import PAGE_ACCEPT, Fetcher
from bot.feeds.pages import PageText
from bot.feeds.parser import ParserPool
from bot.feeds.plain import html_text
from bot.feeds.urls import host_of

_MAX_ROBOTS = 512_000
_MAX_PAGE = 8_000_000
_HTML = {"text/html", "application/xhtml+xml", "application/xml", "text/xml"}
ROBOTS = "robots"
NOT_A_PAGE = "not_a_page"
_TOO_MANY = 429
_SERVER_FAULT = 500


async def read(fetcher: Fetcher, pool: ParserPool, url: str) -> PageText:
    """Read the article at `url`. What stands in the way becomes the `note`, not an exception.

    Raises:
        BlockedAddressError: the guard refused the address.
    """
    try:
        page = await load(fetcher, pool, url)
    except BlockedAddressError:
        raise
    except (FetchError, ParseError) as error:
        is_told = error.kind in {ROBOTS, NOT_A_PAGE}
        return PageText(note=str(error) if is_told else f"The page could not be read. {error}", source="teaser")
    return replace(page, source="teaser") if page.note is not None else page


async def load(fetcher: Fetcher, pool: ParserPool, url: str) -> PageText:
    """Read the article at `url`.

    Raises:
        BlockedAddressError: the guard refused the address.
        FetchError: there was no page; `kind` is `ROBOTS`, `NOT_A_PAGE`, or what `Fetcher.get` has.
        ParseError: its text could not be taken out.
    """
    if not await may_read(fetcher, url):
        raise _closed(url)
    got = await fetcher.get(url, accept=PAGE_ACCEPT, max_bytes=_MAX_PAGE)
    if got.content_type is not None and got.content_type not in _HTML:
        raise FetchError(f"The address holds no web page but {got.content_type[:60]}.", kind=NOT_A_PAGE)
    if _origin(got.final_url) != _origin(url) and not await may_read(fetcher, got.final_url):
        raise _closed(got.final_url)
    return await pool.run("page", got.body, PageText, url=got.final_url, charset=got.charset)


def _closed(url: str) -> FetchError:
    return FetchError(f"{host_of(url)} does not let robots read its articles (robots.txt).", kind=ROBOTS)


async def may_read(fetcher: Fetcher, url: str) -> bool:
    """Whether the host's robots.txt lets us read an address; it is read once a day."""
    origin = _origin(url)
    now = fetcher.now()
    rules = fetcher.robots.get(origin, now)
    if rules is None:
        rules, keep = await _rules(fetcher, origin)
        fetcher.robots.put(origin, rules, now + keep)
    return rules.allow(url)


async def _rules(fetcher: Fetcher, origin: str) -> tuple[robots.Rules, timedelta]:
    token = fetcher.user_agent.partition("/")[0].strip().lower() or "tapeout"
    try:
        got = await fetcher.get(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1", max_bytes=_MAX_ROBOTS)
    except BlockedAddressError:
        raise
    except ResponseError as error:
        if error.status >= _SERVER_FAULT or error.status == _TOO_MANY:
            return robots.ALLOW_NONE, robots.KEEP_FAILURE
        return robots.ALLOW_ALL, robots.KEEP
    except FetchError as error:
        if error.kind in {
            "too_large",
            "too_many_redirects",
            "redirect_loop",
            "downgrade",
            "bad_redirect",
            "encoding",
            "cut",
        }:
            return robots.ALLOW_ALL, robots.KEEP  # there is none that could be obeyed
        return robots.ALLOW_NONE, robots.KEEP_FAILURE
    return robots.parse(got.body, token), robots.KEEP


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


__all__ = ["NOT_A_PAGE", "ROBOTS", "PageText", "html_text", "load", "may_read", "read"]
