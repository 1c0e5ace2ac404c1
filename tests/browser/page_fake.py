"""A small server with the workspace's contract and scripted contents, to try the page without the real one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from . import page_blocks as blocks
from . import page_samples as samples
from . import page_views as views

PAGE = Path(__file__).parents[2] / "bot" / "workspace" / "page"
POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)

Reply = dict[str, Any]


class PageFake:
    """Serves the page, its state and a socket; keeps every POST and lets a test answer it.

    `posts` holds (path, body) pairs. `answers[path]` replaces the built-in answer of a POST.
    While `hold` is set and clear, reads are computed but not answered; `held` counts those that wait.
    `down` makes the socket and the POSTs fail, as when the workspace stops.
    """

    def __init__(self) -> None:
        self.sockets: set[web.WebSocketResponse] = set()
        self.changed = asyncio.Condition()
        self.address = ""
        self._runner: web.AppRunner | None = None
        self.reset()

    def reset(self) -> None:
        """Begin anew, with the sample contents and nothing posted."""
        self.state = samples.state()
        self.timelines = samples.timelines()
        self.home: Reply | None = views.HOME
        self.posts: list[tuple[str, Reply]] = []
        self.answers: dict[str, Callable[[Reply], Reply]] = {}
        self.down = False
        self.hold: asyncio.Event | None = None
        self.held = 0
        self.held_paths: list[str] = []
        self._serial = 0

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; `address` says where."""
        app = web.Application(middlewares=[self._policy])
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{path:.+}", self._static)
        app.router.add_get("/page/state", self._state)
        app.router.add_get("/page/messages", self._messages)
        app.router.add_get("/page/thread", self._thread)
        app.router.add_get("/page/home", self._home)
        app.router.add_get("/page/socket", self._socket)
        app.router.add_post("/page/{name}", self._post)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Close the sockets and the server."""
        await self.drop()
        if self._runner:
            await self._runner.cleanup()

    async def drop(self) -> None:
        """Close every socket, as a lost connection does."""
        for socket in list(self.sockets):
            await socket.close()

    async def emit(self, event: Reply) -> None:
        """Tell every page of something that happened."""
        for socket in list(self.sockets):
            await socket.send_json(event)

    async def post_of(self, path: str, count: int = 1) -> Reply:
        """Wait until `path` was posted `count` times, and give the body of the last."""

        def found() -> list[Reply]:
            return [body for name, body in self.posts if name == path]

        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(found()) >= count), 60)
        return found()[count - 1]

    async def connected(self, count: int = 1) -> None:
        """Wait until so many pages listen."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.sockets) >= count), 60)

    async def holding(self, count: int = 1) -> None:
        """Wait until so many reads are held."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: self.held >= count), 60)

    async def holding_read_of(self, path: str) -> None:
        """Wait until a read of this path is held."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: path in self.held_paths), 60)

    async def answered_read_of(self, path: str) -> None:
        """Wait until no read of this path is held any more."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: path not in self.held_paths), 60)

    async def say(self, channel: str, user: str, text: str, **more: Any) -> Reply:
        """Add a message and tell the pages."""
        message = {"type": "message", "ts": self._next_ts(), "user": user, "text": text, **more}
        self.timelines[channel].append(message)
        await self.emit({"type": "message", "channel": channel, "message": message})
        return message

    def _next_ts(self) -> str:
        self._serial += 1
        return f"{int(time.time())}.{self._serial:06d}"

    @web.middleware
    async def _policy(self, request: web.Request, handler: Any) -> web.StreamResponse:
        response: web.StreamResponse = await handler(request)
        if self.hold and request.path in ("/page/messages", "/page/thread", "/page/home"):
            async with self.changed:
                self.held += 1
                self.held_paths.append(request.path)
                self.changed.notify_all()
            await self.hold.wait()
            async with self.changed:
                if request.path in self.held_paths:
                    self.held_paths.remove(request.path)
                self.changed.notify_all()
        if not isinstance(response, web.WebSocketResponse):
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Cache-Control"] = "max-age=600" if request.path.startswith("/static/") else "no-store"
        return response

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = (PAGE / request.match_info["path"]).resolve()
        if not path.is_relative_to(PAGE) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def _state(self, request: web.Request) -> web.Response:
        people = {user["id"] for user in self.state["users"]}
        user = request.query.get("user")
        return web.json_response({**self.state, "me": user if user in people else blocks.ME})

    async def _messages(self, request: web.Request) -> web.Response:
        before, limit = request.query.get("before"), int(request.query.get("limit", "50"))
        top = [m for m in self.timelines[request.query["channel"]] if m.get("thread_ts", m["ts"]) == m["ts"]]
        if before:
            top = [m for m in top if m["ts"] < before]
        return web.json_response({"messages": top[-limit:], "has_more": len(top) > limit})

    async def _thread(self, request: web.Request) -> web.Response:
        root = request.query["ts"]
        found = [m for m in self.timelines[request.query["channel"]] if root in (m["ts"], m.get("thread_ts"))]
        return web.json_response({"messages": found})

    async def _home(self, _: web.Request) -> web.Response:
        return web.json_response({"view": self.home})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async with self.changed:
            self.sockets.add(socket)
            self.changed.notify_all()
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self.sockets.discard(socket)
        return socket

    async def _post(self, request: web.Request) -> web.Response:
        if self.down:
            raise web.HTTPServiceUnavailable
        if request.headers.get("X-Workspace") != "1" or request.content_type != "application/json":
            raise web.HTTPForbidden
        path, body = request.path, await request.json()
        async with self.changed:
            self.posts.append((path, body))
            self.changed.notify_all()
        answer = self.answers.get(path)
        reply = answer(body) if answer else await self._answer(path, body)
        return web.json_response({"ok": True, **reply})

    async def _answer(self, path: str, body: Reply) -> Reply:
        """What the server does when a test says nothing else."""
        match path:
            case "/page/send":
                more = {"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {}
                return {"ts": (await self.say(body["channel"], body["user"], body["text"], **more))["ts"]}
            case "/page/command" if not body["text"].startswith("/tapeout"):
                return {"ok": False, "error": f"{body['text'].split()[0]} is not a command that an app here knows."}
            case "/page/command":
                note = {"type": "message", "ts": self._next_ts(), "user": samples.BOT, "text": "You follow *12 feeds*."}
                await self.emit({"type": "ephemeral", "channel": body["channel"], "message": note})
            case "/page/action" if body["action"]["action_id"] == "open_modal":
                await self.emit({"type": "view_open", "view": views.MODAL, "app_id": samples.APP})
            case "/page/options":
                return {"options": [blocks.option(f"Found {n}", f"x{n}") for n in range(3)]}
            case "/page/read":
                seen = {"unread": 0, "mentions": 0, "last_read": body["ts"]}
                next(c for c in self.state["channels"] if c["id"] == body["channel"]).update(seen)
                await self.emit({"type": "unread", "channel": body["channel"], **seen})
            case "/page/react":
                await self._react(body)
        return {}

    async def _react(self, body: Reply) -> None:
        message = next(m for m in self.timelines[body["channel"]] if m["ts"] == body["ts"])
        reactions: list[Reply] = message.setdefault("reactions", [])
        found = next((r for r in reactions if r["name"] == body["name"]), None)
        if not found:
            found = {"name": body["name"], "users": [], "count": 0}
            reactions.append(found)
        users = [user for user in found["users"] if user != body["user"]] + ([body["user"]] if body["add"] else [])
        found.update(users=users, count=len(users))
        await self.emit({"type": "reaction", "channel": body["channel"], "ts": body["ts"], "reactions": reactions})


async def main() -> None:
    """Serve until stopped, to look at the page by hand."""
    fake = PageFake()
    await fake.start(port=8899)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
