"""The routes of the shelf's web server.

::

    GET / ──────────────► index        GET /<publisher>/<slug> ► article page, 404 until it is out
    GET /<publisher>/ ──► front page   GET <feed> ► 304 if the validators match, else the feed
    GET <old feed> ─────► 301          GET /robots.txt, /style.css, icons
"""

import gzip
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.shelf import pages
from bot.shelf.catalog import Catalog
from bot.shelf.conditional import http_date, make_etag, not_modified
from bot.shelf.feeds import CONTENT_TYPES, render_feed
from bot.shelf.items import Publisher
from bot.shelf.timeline import Out

FEED_MAX_AGE = 5
PAGE_MAX_AGE = 30
HEADERS_KEPT = (
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "If-Modified-Since",
    "Cache-Control",
    "Cookie",
    "Referer",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the shelf answered, with the headers that tests ask about."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """What a route may know of the shelf at the moment of a request."""

    base: str
    now: datetime
    out: tuple[Out, ...]
    next_in: timedelta | None

    def of(self, publisher: Publisher) -> list[Out]:
        """What is out of one publisher's, newest first."""
        return [out for out in self.out if out.article.publisher.key == publisher.key]


class Site:
    """Answers requests with what `look` shows to be out, and notes them in `requests`."""

    def __init__(self, catalog: Catalog, look: Callable[[], View], requests: deque[Request]) -> None:
        self._catalog = catalog
        self._look = look
        self._requests = requests
        self._templates = pages.Templates()

    def application(self) -> web.Application:
        """An aiohttp application with every route."""
        app = web.Application(middlewares=[self._recorder()])
        app.router.add_get("/", self._index)
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/style.css", self._style)
        app.router.add_get("/favicon.svg", self._favicon)
        app.router.add_get("/pixel.gif", self._pixel)
        for publisher in self._catalog.publishers:
            _PublisherRoutes(publisher, self._look, self._templates).add_to(app.router)
        return app

    def _recorder(self) -> Middleware:
        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            status = web.HTTPInternalServerError.status_code
            try:
                response = await handler(request)
                status = response.status
            except web.HTTPException as error:
                status = error.status
                raise
            finally:
                headers = {name: request.headers[name] for name in HEADERS_KEPT if name in request.headers}
                self._requests.append(Request(request.method, request.path, status, headers))
            return response

        return record

    async def _index(self, request: web.Request) -> web.Response:
        del request
        view = self._look()
        total = len(self._catalog.articles)
        page = pages.index_page(self._templates, self._catalog.publishers, view.out, total, view.next_in)
        return web.Response(text=page, content_type="text/html")

    async def _robots(self, request: web.Request) -> web.Response:
        del request
        closed = [f"Disallow: {p.home_path}members/" for p in self._catalog.publishers]
        return web.Response(text="\n".join(["User-agent: *", *closed, "Disallow: /pixel.gif", ""]))

    async def _style(self, request: web.Request) -> web.Response:
        del request
        headers = {"Cache-Control": "max-age=300"}
        return web.Response(text=self._templates.style, content_type="text/css", headers=headers)

    async def _favicon(self, request: web.Request) -> web.Response:
        del request
        return web.Response(text=pages.icon("#1b1d21", "S"), content_type="image/svg+xml")

    async def _pixel(self, request: web.Request) -> web.Response:
        del request
        return web.Response(status=204)


class _PublisherRoutes:
    """The routes of one publisher."""

    def __init__(self, publisher: Publisher, look: Callable[[], View], templates: pages.Templates) -> None:
        self._publisher = publisher
        self._look = look
        self._templates = templates

    def add_to(self, router: web.UrlDispatcher) -> None:
        publisher = self._publisher
        router.add_get(publisher.feed_path, self._feed)
        if publisher.moved_from is not None:
            router.add_get(publisher.subscribe_path, self._moved)
        router.add_get(publisher.home_path, self._front)
        router.add_get(publisher.home_path.rstrip("/"), self._front)
        router.add_get(f"{publisher.home_path}icon.svg", self._icon)
        router.add_get(publisher.home_path + "{slug:.+}", self._article)

    async def _feed(self, request: web.Request) -> web.Response:
        view, publisher = self._look(), self._publisher
        items = view.of(publisher)
        body = render_feed(publisher, items, view.base, view.now)
        headers = {"Cache-Control": f"max-age={FEED_MAX_AGE}", "Content-Type": CONTENT_TYPES[publisher.format]}
        zipped = "gzip" in publisher.quirks and "gzip" in request.headers.get("Accept-Encoding", "")
        etag, modified = self._validators(body, items, "-gzip" if zipped else "")
        if etag is not None:
            headers["ETag"] = etag
        if modified is not None:
            headers["Last-Modified"] = http_date(modified)
        if "gzip" in publisher.quirks:
            headers["Vary"] = "Accept-Encoding"
        if not_modified(request.headers, etag, modified):
            return web.Response(status=304, headers=headers)
        if zipped:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        return web.Response(body=body, headers=headers)

    def _validators(self, body: bytes, items: list[Out], suffix: str) -> tuple[str | None, datetime | None]:
        kinds = self._publisher.validators
        tagged = "etag" in kinds or "weak-etag" in kinds
        etag = make_etag(body, weak="weak-etag" in kinds, suffix=suffix) if tagged else None
        modified = max((item.updated for item in items), default=None) if "last-modified" in kinds else None
        return etag, modified

    async def _moved(self, request: web.Request) -> web.Response:
        del request
        return web.Response(status=301, headers={"Location": self._look().base + self._publisher.feed_path})

    async def _front(self, request: web.Request) -> web.Response:
        del request
        view, publisher = self._look(), self._publisher
        headers = {}
        if publisher.discovery == "header":
            kind = CONTENT_TYPES[publisher.format]
            headers["Link"] = f'<{publisher.feed_path}>; rel="alternate"; type="{kind}"'
        page = pages.front_page(self._templates, publisher, view.of(publisher), view.base)
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def _icon(self, request: web.Request) -> web.Response:
        del request
        mark = pages.icon(self._publisher.colour, pages.initials(self._publisher))
        return web.Response(text=mark, content_type="image/svg+xml")

    async def _article(self, request: web.Request) -> web.Response:
        view = self._look()
        siblings = view.of(self._publisher)
        for out in siblings:
            if out.article.path == request.path:
                page = pages.article_page(self._templates, out, siblings, view.base)
                headers = {"Cache-Control": f"max-age={PAGE_MAX_AGE}"}
                return web.Response(text=page, content_type="text/html", headers=headers)
        raise web.HTTPNotFound(text="There is no such page (it may not be out yet).")
