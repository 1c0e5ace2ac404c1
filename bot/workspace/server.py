"""The local workspace: an HTTP server on this machine that is Slack to an app, and a page to people."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from bot.workspace import guard
from bot.workspace.answers import respond
from bot.workspace.api.dispatch import Dispatcher, RecordedCall
from bot.workspace.api.files import FileServer
from bot.workspace.core import Core, Team
from bot.workspace.door import Door
from bot.workspace.faults import Faults
from bot.workspace.ids import stable_id
from bot.workspace.journal import Journal
from bot.workspace.manifest import read_manifest
from bot.workspace.page_server import PageServer
from bot.workspace.people import DEFAULT_PEOPLE, Person
from bot.workspace.shapes import ApiError, RefusedError
from bot.workspace.state import Channel
from bot.workspace.timing import Timing

T = TypeVar("T")
log = logging.getLogger(__name__)
BODY_MOST = 16 * 1024 * 1024
"""Bytes of one request; Slack takes less."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Workspace(Door):
    """A small stand-in for Slack on loopback: Web API, Socket Mode, and a page for people.

    It knows one app, the one of the manifest, and is complete for what that app may do: methods, scopes,
    limits, errors and events are Slack's own. Tests drive it through the methods of `Door`.

    Args:
        manifest: The app's Slack manifest as parsed JSON.
        team_name: The workspace's name.
        people: Who can use it.
        channels: The public channels of a new workspace, everyone in each.
        bot_channels: Those of them that the app's bot is in from the start.
        state_path: A file for everything that must survive a restart; None keeps it in memory.
        host: A loopback address to listen on.
        port: The port; 0 takes a free one.
        faults: What goes wrong; it can be changed at any time.
        clock: Gives the present as an aware datetime.

    Raises:
        ValueError: The host is not a loopback address, or the manifest has no name.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        team_name: str = "Local workspace",
        people: Sequence[Person] = DEFAULT_PEOPLE,
        channels: Sequence[str] = ("general", "ai-infrastructure"),
        bot_channels: Sequence[str] = ("ai-infrastructure",),
        state_path: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Faults | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        if not guard.is_loopback(host):
            raise ValueError(f"the local workspace listens on this machine only, not on {host}")
        self.faults = faults or Faults()
        self.timing = Timing()
        team = Team(stable_id("T", team_name), team_name, "-".join(team_name.lower().split()))
        core = Core(
            read_manifest(manifest),
            team,
            people,
            journal=Journal(state_path),
            faults=self.faults,
            timing=self.timing,
            clock=clock,
        )
        super().__init__(core)
        self._first = (tuple(channels), tuple(bot_channels))
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._dispatcher = Dispatcher(core)

    async def start(self) -> None:
        """Loads the state, opens the port, and serves.

        Raises:
            OSError: The port is taken.
        """
        self.core.load(await self.core.journal.open())
        self._make_first_channels()
        await self.core.settle()
        application = web.Application(middlewares=[_guarded], client_max_size=BODY_MOST)
        application.add_routes(
            [
                web.get("/api/{method}", self._dispatcher.handle),
                web.post("/api/{method}", self._dispatcher.handle),
                web.get("/link/", self.core.hub.links.serve),
                web.post(r"/{kind:commands|actions|app}/{team}/{secret}", self._respond),
                *FileServer(self.core).routes(),
                *PageServer(self.core).routes(),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        port = self._runner.addresses[0][1]
        self.core.url = f"http://{self._host if ':' not in self._host else f'[{self._host}]'}:{port}"

    async def stop(self) -> None:
        """Ends sockets and connections, and writes what is left."""
        self.core.hub.close()
        self.core.feed.close()
        self.faults.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.core.journal.close()

    @property
    def dispatcher(self) -> Dispatcher:
        """The Web API's front, for another server that stands before this one."""
        return self._dispatcher

    @property
    def calls(self) -> list[RecordedCall]:
        """The latest Web API calls, oldest first, without tokens."""
        return list(self._dispatcher.calls)

    def calls_of(self, method: str) -> list[RecordedCall]:
        """The latest calls of one method, oldest first."""
        return [call for call in self._dispatcher.calls if call.method == method]

    def _make_first_channels(self) -> None:
        core, (names, with_bot) = self.core, self._first
        created = int(core.now().timestamp())
        people = list(core.people)
        for name in names:
            channel_id = stable_id("C", core.team.id, name)
            if channel_id in core.state.channels:
                continue
            members = [*people, core.app.bot_user_id] if name in with_bot else people
            core.state.keep_channel(Channel(channel_id, name, "channel", created, people[0], list(members)))
        for user_id in people:
            dm_id = stable_id("D", user_id, core.app.bot_user_id)
            if dm_id not in core.state.channels:
                members = [user_id, core.app.bot_user_id]
                core.state.keep_channel(Channel(dm_id, "", "im", created, user_id, members, user=user_id))

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """Takes what is sent to a `response_url`."""
        core = self.core
        try:
            body = await request.json()
            if not isinstance(body, dict):
                raise ApiError("invalid_payload")  # noqa: TRY301 - one place turns errors into answers
            respond(core, core.tokens.use_response(request.match_info["secret"], core.now()), body)
        except ApiError as error:
            gone = error.error in ("no_such_url", "expired_url", "used_url")
            return web.json_response(error.body(), status=404 if gone else 400)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        await core.settle()
        return web.Response(text="ok")


@web.middleware
async def _guarded(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Refuses what does not come from this machine, and turns refusals into sentences."""
    host = request.headers.get("Host", "")
    refusal = guard.refuse_host(host) or guard.refuse_origin(request.headers.get("Origin"), host)
    if refusal:
        return web.Response(status=403, text=refusal)
    try:
        response: web.StreamResponse = await handler(request)
    except RefusedError as refused:
        return web.json_response({"ok": False, "error": refused.sentence}, status=404)
    return response
