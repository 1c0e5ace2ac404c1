"""The web view's addresses: `/enter` takes a link from Slack, everything else wants the visit's cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot import metrics, tenancy
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.models import Actor
from bot.newsroom import passes
from bot.newsroom.browsing import PAGE
from bot.viewing import pages

if TYPE_CHECKING:
    from bot.newsroom import Newsroom

log = structlog.get_logger(__name__)

COOKIE = "tapeout_visit"
MOST_WORDS = 200
"""Characters of a search; the field takes no more either."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_Page = Callable[[web.Request, Actor], Awaitable[str]]


class View:
    """Serves the web view.

    Args:
        newsroom: what is read.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the addresses."""
        router.add_get("/enter", self._enter)
        router.add_get("/view.css", self._style)
        router.add_get("/", self._page(self._stories))
        router.add_get(r"/stories/{id:\d{1,18}}", self._page(self._story))
        router.add_get("/feeds", self._page(self._feeds))

    async def _enter(self, request: web.Request) -> web.Response:
        """Change a link for a visit, and go on to where the link led."""
        try:
            text, visit = await self._newsroom.enter_view(request.query.get("pass", ""))
        except NotAllowedError as error:
            return _said("Ask for a new link", str(error), HTTPStatus.FORBIDDEN)
        answer = web.Response(status=HTTPStatus.SEE_OTHER, headers={**_HEADERS, "Location": _inside(request)})
        answer.set_cookie(
            COOKIE,
            text,
            max_age=int(passes.VISIT_LIFE.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=urlsplit(self._newsroom.web_url or "").scheme == "https",
        )
        log.info("the web view is visited", team=visit.team_id, user=visit.user_id)
        return answer

    async def _style(self, _request: web.Request) -> web.Response:
        return web.Response(text=pages.STYLE, content_type="text/css", headers={"Cache-Control": "max-age=3600"})

    def _page(self, make: _Page) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            try:
                actor = await self._newsroom.view_visit(request.cookies.get(COOKIE, ""))
                with tenancy.within(actor.team_id):
                    return _html(await make(request, actor))
            except NotAllowedError:
                words = "This is a team's archive. Type /tapeout web in Slack: it answers with a link for you."
                return _said("Come in from Slack", words, HTTPStatus.FORBIDDEN)
            except NotFoundError as error:
                return _said("Not found", str(error), HTTPStatus.NOT_FOUND)
            except UserError as error:
                return _said("That is not understood", str(error), HTTPStatus.BAD_REQUEST)
            except Exception:
                metrics.errors.labels("view").inc()
                log.exception("a page could not be shown", path=request.path)
                words = "An error of ours; it is in the log. Try again in a minute."
                return _said("That did not work", words, HTTPStatus.INTERNAL_SERVER_ERROR)

        return serve

    async def _stories(self, request: web.Request, actor: Actor) -> str:
        words = request.query.get("q", "").strip()[:MOST_WORDS]
        if words:
            return pages.stories(actor, await self._newsroom.view_search(actor, words), q=words)
        found = await self._newsroom.view_latest(actor, _moment(request.query.get("before")))
        older = found[-1].updated_at.isoformat() if len(found) == PAGE else ""
        return pages.stories(actor, found, older=older)

    async def _story(self, request: web.Request, actor: Actor) -> str:
        return pages.story(actor, await self._newsroom.view_story(actor, int(request.match_info["id"])))

    async def _feeds(self, _request: web.Request, actor: Actor) -> str:
        return pages.feeds(actor, await self._newsroom.view_feeds(actor))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UserError("`before` is a time, such as 2026-11-22T12:00:00Z.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _inside(request: web.Request) -> str:
    """Where the link leads: a page of ours, whatever somebody has put into the address."""
    to = request.query.get("to", "/")
    parts = urlsplit(to)
    inside = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return parts._replace(fragment="").geturl() if inside and not parts.netloc else "/"


def _html(text: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


def _said(title: str, words: str, status: HTTPStatus) -> web.Response:
    return _html(pages.notice(title, words), status)
