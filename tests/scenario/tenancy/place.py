"""Two workspaces behind one address, the bot reached over HTTP, and a site with feeds."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.keyring import new_key
from bot.workspace import Workspace
from bot.workspace.grid import Grid

ROOT = Path(__file__).parents[3]
MANIFEST = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
SECRET = "a-signing-secret-of-the-tests"
PUBLIC = "https://tapeout.example"
CHANNEL = "ai-infrastructure"
PATIENCE_S = 90.0

#: What the articles say, by the first word of their titles: nothing in one is like another.
TEXTS = {
    "Halden": "Halden has signed for 600 megawatts of nuclear power for 12 years; the contract is worth $4.1 billion.",
    "Kestrel": "Kestrel has ordered 40,000 accelerators from Tessellar, at $1.3 billion, to train its next models.",
    "Brightwater": "Brightwater has opened a 90 megawatt data centre for GPU clusters in Oulu, built in 18 months.",
}


async def serve(routes: list[web.RouteDef]) -> tuple[web.AppRunner, str]:
    """A server on a free port; its address."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


class Bridge:
    """Slack's deliveries over HTTP: what a workspace sends into a socket goes to the bot as signed requests."""

    def __init__(self, workspace: Workspace, url: Callable[[], str], organisation: str) -> None:
        self._workspace = workspace
        self._organisation = organisation
        self._url = url
        self._task: asyncio.Task[None] | None = None
        self.statuses: list[int] = []

    async def start(self) -> None:
        """Listen to the workspace."""
        self._session = aiohttp.ClientSession()
        token = {"Authorization": f"Bearer {self._workspace.app_token}"}
        async with self._session.post(f"{self._workspace.api_url}apps.connections.open", headers=token) as answer:
            address = (await answer.json())["url"]
        self._socket = await self._session.ws_connect(address)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Listen no more."""
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._socket.close()
        await self._session.close()

    async def _run(self) -> None:
        async for message in self._socket:
            envelope = json.loads(message.data)
            if "envelope_id" in envelope:
                answer = await self._deliver(envelope)
                if answer is not None:
                    await self._socket.send_json({"envelope_id": envelope["envelope_id"], "payload": answer})

    async def _deliver(self, envelope: dict[str, Any]) -> dict[str, Any] | None:
        payload = envelope["payload"]
        if self._organisation:
            payload |= {"enterprise_id": self._organisation, "is_enterprise_install": True}
        if envelope["type"] == "events_api":
            body, kind = json.dumps(payload), "application/json"
        else:
            form = payload if envelope["type"] == "slash_commands" else {"payload": json.dumps(payload)}
            body, kind = urlencode(form), "application/x-www-form-urlencoded"
        try:
            status, text = await post(self._session, self._url(), body, kind=kind)
        except aiohttp.ClientConnectionError:
            return None  # nobody listens: Slack sends it again
        self.statuses.append(status)
        if status != 200:
            return None
        with contextlib.suppress(ValueError):
            return dict(json.loads(text))
        return {}


async def post(
    session: aiohttp.ClientSession, url: str, body: str, *, kind: str, at: float | None = None
) -> tuple[int, str]:
    """A signed request to the bot."""
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    assert signature is not None
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    async with session.post(f"{url}/slack/events", data=body, headers=headers) as answer:
        return answer.status, await answer.text()


@dataclass
class Place:
    """Two workspaces, a site with feeds, and the bot at an address."""

    url: Callable[[], str]
    one: Workspace
    two: Workspace
    grid: Grid
    bridges: dict[str, Bridge]
    site: str
    feeds: dict[str, list[str]]
    settings: dict[str, str]
    browser: aiohttp.ClientSession

    def clock(self) -> datetime:
        """The bot's time and Slack's."""
        return datetime.now(UTC)

    def article(self, feed: str, title: str) -> str:
        """Put an article into a feed; the feed's address."""
        items = self.feeds.setdefault(feed, [])
        date, text = format_datetime(self.clock()), TEXTS[title.split(maxsplit=1)[0]]
        items.append(
            f"<item><title>{title}</title><guid>{feed}-{len(items)}</guid><link>{self.site}/a/{feed}/{len(items)}</link>"
            f"<pubDate>{date}</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
        )
        return f"{self.site}/{feed}"

    async def begin(self, team_id: str = "") -> tuple[str, str]:
        """Set out to install; where Slack asks, and the cookie."""
        async with self.browser.get(f"{self.url()}/slack/install?team={team_id}") as answer:
            page = await answer.text()
            cookie = answer.cookies["slack-app-oauth-state"].value
        found = re.search(r'href="([^"]+authorize[^"]+)"', page)
        assert found is not None, page
        return html.unescape(found[1]), cookie

    async def come_back(self, asked: str, cookie: str) -> tuple[int, str]:
        """Allow it, and go where Slack sends one."""
        async with self.browser.get(asked, allow_redirects=False) as answer:
            parts = urlsplit(answer.headers["Location"])
        assert f"{parts.scheme}://{parts.netloc}" == PUBLIC
        headers = {"Cookie": f"slack-app-oauth-state={cookie}"}
        async with self.browser.get(f"{self.url()}{parts.path}?{parts.query}", headers=headers) as answer:
            return answer.status, await answer.text()

    async def install(self, *workspaces: Workspace) -> None:
        """Install the app in each of these, or with none in the organisation."""
        for team_id in [one.team_id for one in workspaces] or [""]:
            status, page = await self.come_back(*await self.begin(team_id))
            assert status == 200, page

    async def add(self, workspace: Workspace, feed: str) -> None:
        """An admin adds a feed to the channel, by the command."""
        await workspace.command("ada", CHANNEL, f"/tapeout add {self.site}/{feed} now")
        await workspace.wait_for(lambda: "Added" in shown(workspace.ephemerals("ada")) or None, PATIENCE_S)

    def posts(self, workspace: Workspace) -> list[dict[str, Any]]:
        """The bot's posts in the channel."""
        return posts(workspace)

    async def posted(self, workspace: Workspace, words: str) -> dict[str, Any]:
        """The bot's post with these words, once it is there."""
        return await workspace.wait_for(
            lambda: next((m for m in self.posts(workspace) if words in m["text"]), {}), PATIENCE_S
        )


def posts(workspace: Workspace) -> list[dict[str, Any]]:
    """The bot's posts in the channel."""
    bot = workspace.bot_user_id
    return [m for m in workspace.messages(CHANNEL) if m.get("user") == bot and m.get("metadata")]


def shown(message: object) -> str:
    """All that a message says."""
    return json.dumps(message, ensure_ascii=False)


@contextlib.asynccontextmanager
async def place(
    folder: Path,
    *,
    url: Callable[[], str],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    database: str | None = None,
    rotates: bool = False,
    org: str = "",
) -> AsyncIterator[Place]:
    """Start everything but the bot; what Slack has for it waits until `listening`."""
    async with contextlib.AsyncExitStack() as stack:
        feeds: dict[str, list[str]] = {}

        async def feed(request: web.Request) -> web.Response:
            items = "".join(feeds.get(request.match_info["feed"], ()))
            text = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
            return web.Response(text=text, content_type="application/rss+xml")

        runner, site = await serve([web.get("/{feed}", feed)])
        stack.push_async_callback(runner.cleanup)
        workspaces = [Workspace(MANIFEST, team_name=name) for name in ("One", "Two")]
        for each in workspaces:
            each.timing.wait_longer(30)
            await each.start()
            stack.push_async_callback(each.stop)
        grid = Grid(workspaces, "1.2", "a-client-secret", rotates=rotates, organisation=org, clock=clock)
        await grid.start()
        stack.push_async_callback(grid.stop)
        settings = {
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "a-client-secret",
            "SLACK_SIGNING_SECRET": SECRET,
            "TAPEOUT_PUBLIC_URL": PUBLIC,
            "TAPEOUT_ENCRYPTION_KEYS": new_key(),
            "TAPEOUT_SLACK_API_URL": grid.api_url,
            "TAPEOUT_DATA_DIR": str(folder),
            "TAPEOUT_ALLOWED_HOSTS": site.removeprefix("http://"),
            "TAPEOUT_GATHER_S": "0",
            "TAPEOUT_HOST_SPACING_S": "0",
            "TAPEOUT_POLL_FLOOR_S": "1",
            "TAPEOUT_POLL_CEILING_S": "1",
            "PORT": "0",
        } | ({"DATABASE_URL": database} if database is not None else {})
        browser = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        bridges = {each.team_id: Bridge(each, url, org) for each in workspaces}
        yield Place(url, workspaces[0], workspaces[1], grid, bridges, site, feeds, settings, browser)


@contextlib.asynccontextmanager
async def listening(at: Place) -> AsyncIterator[None]:
    """The bot is up: bring it what Slack has for it."""
    async with contextlib.AsyncExitStack() as stack:
        for bridge in at.bridges.values():
            await bridge.start()
            stack.push_async_callback(bridge.stop)
        yield
