"""The page's side: its files, its state, its socket, and what a person does on it.

The person is whoever the page says; the server trusts the page, which `guard` makes sure is ours.
"""

import asyncio
import contextlib
import json
from pathlib import Path

from aiohttp import WSMsgType, web

from bot.workspace import membership
from bot.workspace.core import Core
from bot.workspace.deeds import DEEDS, channel_of
from bot.workspace.guard import CSP, refuse_post
from bot.workspace.people import Person, color_of
from bot.workspace.posting import shown_on_page
from bot.workspace.shapes import ApiError, JsonObject, RefusedError
from bot.workspace.state import Channel

FILES = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
_TEXT = frozenset({"text/html", "text/css", "text/javascript", "application/json", "text/plain"})
_HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGE_MOST = 200
_API_SENTENCES = {
    "already_reacted": "You have reacted with this already.",
    "no_reaction": "You have not reacted with this.",
    "message_not_found": "This message is gone.",
    "name_taken": "A channel with this name exists already.",
    "invalid_name_specials": "Channel names are made of lower-case letters, digits, hyphens and underscores.",
    "invalid_name_required": "A channel needs a name.",
    "invalid_name_maxlength": "A channel's name holds at most 80 characters.",
}


class PageServer:
    """Routes for the page.

    Args:
        core: The workspace.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    def routes(self) -> list[web.RouteDef]:
        """All that the page asks for."""
        return [
            web.get("/", self.index),
            web.get("/archives/{channel}/{message}", self.index),
            web.get("/static/{path:.+}", self.file),
            web.get("/page/state", self.state),
            web.get("/page/messages", self.messages),
            web.get("/page/thread", self.thread),
            web.get("/page/home", self.home),
            web.get("/page/socket", self.socket),
            web.post("/page/{deed}", self.do),
        ]

    # --- files ---------------------------------------------------------------------------------------------

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """The page; a message's permalink opens it too."""
        return await _file(FILES / "index.html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """One of the page's files."""
        path = (FILES / request.match_info["path"]).resolve()
        if not path.is_relative_to(FILES.resolve()):
            raise web.HTTPNotFound
        return await _file(path)

    # --- reading -------------------------------------------------------------------------------------------

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Everything that the page needs to draw; a page that knows no user yet is the first person's."""
        core = self.core
        me = core.people.get(request.query.get("user", "")) or next(iter(core.people.values()))
        channels = [
            membership.page_channel(core, channel, me.id)
            for channel in core.state.channels.values()
            if channel.kind == "channel" or me.id in channel.members
        ]
        return _json(
            {
                "team": {"id": core.team.id, "name": core.team.name},
                "me": me.id,
                "users": [*(_page_user(person) for person in core.people.values()), self._bot()],
                "channels": channels,
                "apps": [core.app_object()],
                "drafts": None,
            }
        )

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """A channel's latest messages, oldest first; `before` pages back."""
        core, channel = self.core, self._channel_for(request)
        before = request.query.get("before", "")
        limit = _limit(request.query.get("limit", ""))
        bodies = [body for body in channel.top_level() if not before or body["ts"] < before]
        shown = [shown_on_page(core, channel, body) for body in bodies[-limit:]]
        return _json({"messages": shown, "has_more": len(bodies) > limit, "prompts": core.prompts.get(channel.id)})

    async def thread(self, request: web.Request) -> web.StreamResponse:
        """A thread: its root, then its replies, oldest first."""
        core, channel = self.core, self._channel_for(request)
        root = channel.messages.get(request.query.get("ts", ""))
        if root is None:
            raise RefusedError("This message is gone.")
        bodies = [root, *channel.replies(root["ts"])]
        status = core.statuses.get((channel.id, root["ts"]), "")
        return _json({"messages": [shown_on_page(core, channel, body) for body in bodies], "status": status})

    async def home(self, request: web.Request) -> web.StreamResponse:
        """The app's Home tab for a user."""
        me = self._person(request.query.get("user", ""))
        return _json({"view": self.core.state.homes.get(me.id)})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """What happens, as it happens."""
        me = self._person(request.query.get("user", ""))
        ws = web.WebSocketResponse(heartbeat=self.core.timing.ping)
        await ws.prepare(request)
        notices = self.core.feed.subscribe(me.id)
        sender = asyncio.create_task(_send_notices(ws, notices))
        try:
            async for message in ws:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self.core.feed.unsubscribe(notices)
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
        return ws

    # --- doing ---------------------------------------------------------------------------------------------

    async def do(self, request: web.Request) -> web.StreamResponse:
        """Something that a person does."""
        if refusal := refuse_post(
            request.headers.get("Origin"), request.content_type, request.headers.get("X-Workspace")
        ):
            return web.Response(status=403, text=refusal)
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        try:
            body = _object(await request.json())
            answer = await deed(self.core, self._person(str(body.get("user", ""))), body)
        except RefusedError as refused:
            await self.core.settle()
            failure: JsonObject = {"ok": False, "error": refused.sentence}
            if refused.errors:
                failure["errors"] = refused.errors
            return _json(failure)
        except ApiError as error:
            await self.core.settle()
            return _json({"ok": False, "error": _API_SENTENCES.get(error.error, error.error)})
        except json.JSONDecodeError:
            return _json({"ok": False, "error": "The request is not JSON."}, status=400)
        return _json({"ok": True, **answer})

    def _person(self, user_id: str) -> Person:
        person = self.core.people.get(user_id)
        if person is None:
            raise RefusedError(f"There is no user {user_id or '(none given)'} in this workspace.")
        return person

    def _channel_for(self, request: web.Request) -> Channel:
        person = self._person(request.query.get("user", ""))
        return channel_of(self.core, {"channel": request.query.get("channel", "")}, person)

    def _bot(self) -> JsonObject:
        app = self.core.app
        return {
            "id": app.bot_user_id,
            "name": app.bot_handle,
            "real_name": app.name,
            "is_bot": True,
            "is_admin": False,
            "color": "e0a729",
            "app_id": app.app_id,
        }


def _page_user(person: Person) -> JsonObject:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "is_bot": False,
        "is_admin": person.is_admin,
        "color": color_of(person.id),
    }


def _object(body: object) -> JsonObject:
    if not isinstance(body, dict):
        raise RefusedError("The request is not a JSON object.")
    return body


def _limit(given: str) -> int:
    return min(max(int(given), 1), _PAGE_MOST) if given.isdecimal() else 50


def _json(body: JsonObject, *, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})


async def _file(path: Path) -> web.Response:
    kind = _TYPES.get(path.suffix)
    is_file = await asyncio.to_thread(path.is_file)
    if kind is None or not is_file:
        raise web.HTTPNotFound(text="There is no such file.", headers=_HEADERS)
    content = await asyncio.to_thread(path.read_bytes)
    charset = "utf-8" if kind in _TEXT else None
    return web.Response(body=content, content_type=kind, charset=charset, headers=_HEADERS)


async def _send_notices(ws: web.WebSocketResponse, notices: asyncio.Queue[JsonObject | None]) -> None:
    while (notice := await notices.get()) is not None:
        try:
            await ws.send_str(json.dumps(notice))
        except ConnectionError:
            return
    await ws.close()
