"""The bot's own small web server: is it alive, can it do its job, what does it count; and Slack's events over HTTP."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import sqlalchemy.exc
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot import metrics, tenancy
from bot.clock import Clock
from bot.errors import SettingsError
from bot.manifest import EVENTS_PATH
from bot.models import DeliveryState
from bot.store import Database, deliveries, queues, workers
from bot.viewing import View

#: A loop that has not turned for this long does not do its job. Loops turn at least every 5 s.
STALE = timedelta(minutes=2)


class Web:
    """Serves /healthz, /readyz and /metrics; the web view; with a Bolt app, also POST /slack/events."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        host: str,
        port: int,
        is_connected: Callable[[], Awaitable[bool]],
        app: AsyncApp | None = None,
        view: View | None = None,
        routes: Sequence[web.RouteDef] = (),
    ) -> None:
        self._db = db
        self._clock = clock
        self._host = host
        self._port = port
        self._is_connected = is_connected
        self._app = app
        self._view = view
        self._routes = tuple(routes)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen.

        Raises:
            SettingsError: the port is taken.
        """
        server = web.Application()
        server.router.add_get("/healthz", self._healthz)
        server.router.add_get("/readyz", self._readyz)
        server.router.add_get("/metrics", self._metrics)
        if self._app is not None:
            server.router.add_post(EVENTS_PATH, self._slack)
        server.add_routes(self._routes)
        if self._view is not None:
            self._view.add_to(server.router)
        self._runner = web.AppRunner(server, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError(
                f"Port {self._port} on {self._host} is taken ({error.strerror}). Set PORT to another one, or 0 for any."
            ) from None
        self._port = self._runner.addresses[0][1]
        self.url = f"http://{self._host}:{self._port}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        """Alive: the event loop turns."""
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Ready: the database answers and is migrated, Slack is connected, and every loop has turned lately."""
        checks = {"database": await self._database_ready(), "slack": await self._is_connected()}
        now = self._clock().timestamp()
        for loop, at in metrics.beats().items():
            checks[f"loop {loop}"] = now - at < STALE.total_seconds()
        ready = all(checks.values())
        return web.Response(
            status=200 if ready else 503,
            text=json.dumps({"ready": ready, "checks": checks}) + "\n",
            content_type="application/json",
        )

    async def _database_ready(self) -> bool:
        try:
            return await self._db.is_migrated()
        except (sqlalchemy.exc.SQLAlchemyError, OSError):
            return False

    async def _metrics(self, _request: web.Request) -> web.Response:
        try:
            with tenancy.within(tenancy.EVERYONE):
                await self._read_gauges()
        except (sqlalchemy.exc.SQLAlchemyError, OSError):
            metrics.errors.labels("metrics").inc()
        return web.Response(body=metrics.render(), headers={"Content-Type": metrics.CONTENT_TYPE})

    async def _read_gauges(self) -> None:
        async with self._db.read() as connection:
            # A state that has no rows any more is 0, not what it last was.
            states = dict.fromkeys(DeliveryState, 0) | await deliveries.states(connection)
            waiting = await queues.due(connection, self._clock())
            metrics.workers.set(await workers.alive(connection, self._clock()))
        for state, many in states.items():
            metrics.queue.labels(str(state)).set(many)
        for one in waiting:
            metrics.due_items.labels(one.stage).set(one.items)
            metrics.due_oldest.labels(one.stage).set(one.oldest_s)

    async def _slack(self, request: web.Request) -> web.Response:
        assert self._app is not None
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))
