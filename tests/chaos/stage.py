"""One trial's surroundings: the stand-in Slack with its weather, the feeds, the database, and the bot's processes."""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import tenancy
from bot.models import Rhythm
from bot.shelf import Shelf
from bot.store import Database, channels, digests, feeds
from bot.workspace import Workspace
from bot.workspace.api.dispatch import Dispatcher
from bot.workspace.core import Core

from .children import ROOT, Child
from .nursery import Nursery
from .press import EVERY_S, Press
from .weather import Weather

CHANNELS = ("ai-infrastructure", "data-centres", "power", "chips", "deals")
MORNINGS = ("mornings", "evenings")
"""Channels that hear all their news in digests, one each minute."""
MINUTES = 180
"""So many minutes' digests are asked for: longer than any run."""
PEOPLE = ("ada", "ben")
SHELF_PACE = 4.0
"""The shelf's dozen minutes go by in three."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What runs: a database, one `tapeout run`, and so many `tapeout worker` beside it."""

    name: str
    postgres: bool
    workers: int


SETUPS = (
    Setup("SQLite ×1", postgres=False, workers=0),
    Setup("PostgreSQL ×1", postgres=True, workers=1),
    Setup("PostgreSQL ×3", postgres=True, workers=3),
)


@dataclass(slots=True)
class Heard:
    """What the surroundings hear of the bot, and who wants to know: the method (or "poll", "event") and the port."""

    listeners: list[Callable[[str, int], None]] = field(default_factory=list)

    def __call__(self, what: str, port: int = 0) -> None:
        """Tell whoever listens."""
        for listener in list(self.listeners):
            listener(what, port)


class Watchful(Dispatcher):
    """The Web API's front, which tells of each call before it is carried out."""

    def __init__(self, core: Core, heard: Heard) -> None:
        super().__init__(core)
        self._heard = heard

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Tell, then answer as usual."""
        peer = request.transport.get_extra_info("peername") if request.transport else None
        self._heard(request.match_info["method"], int(peer[1]) if peer else 0)
        return await super().handle(request)


@dataclass(slots=True)
class EventWeather(Weather):
    """Weather that also tells when an event goes out."""

    heard: Heard = field(default_factory=Heard)

    def take_drop(self, envelope: str) -> bool:
        """Tell, then roll the dice."""
        self.heard("event")
        return Weather.take_drop(self, envelope)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything but the people, the reaper and the verdict."""

    setup: Setup
    workspace: Workspace
    weather: EventWeather
    press: Press
    db: Database
    children: tuple[Child, ...]
    heard: Heard
    given_up: list[tuple[str, str]]
    folder: Path
    channels: tuple[str, ...]

    def living(self) -> dict[int, Child]:
        """The children that live, by their process ids."""
        return {child.pid: child for child in self.children if child.pid is not None}


@contextlib.asynccontextmanager
async def stage(
    setup: Setup,
    folder: Path,
    database_url: str | None,
    *,
    seed: int = 0,
    every_s: float = EVERY_S,
    settings: Mapping[str, str] | None = None,
    with_shelf: bool = True,
    with_digests: bool = False,
    nursery: Nursery | None = None,
) -> AsyncIterator[Stage]:
    """Set everything up, with no child started yet.

    Args:
        setup: which processes.
        folder: for SQLite, the processes and their output.
        database_url: PostgreSQL; None: SQLite in the folder.
        seed: of the events and the weather.
        every_s: seconds between two of the press's events.
        settings: of the bot, besides the usual ones.
        with_shelf: put the sample feeds out, too.
        with_digests: two more channels, which hear their news in digests.
        nursery: most processes are started by it.
    """
    named = CHANNELS + (MORNINGS if with_digests else ())
    heard = Heard()
    weather = EventWeather(dice=random.Random(seed), heard=heard)
    workspace = _workspace(weather, heard, named)
    given_up = _note_given_up(workspace)
    press = Press(seed, lambda port: heard("poll", port), every_s=every_s)
    shelf = Shelf(pace=SHELF_PACE)
    url = database_url or f"sqlite:///{folder / 'var' / 'tapeout.db'}"
    db = Database(url.replace("postgresql://", "postgresql+psycopg://").replace("sqlite://", "sqlite+aiosqlite://"))
    async with contextlib.AsyncExitStack() as stack:
        for part in (workspace, press, *((shelf,) if with_shelf else ())):
            await part.start()
            stack.push_async_callback(part.stop)
        wanted = (*press.feeds, *((f.url, f.title, f.publisher) for f in (shelf.feeds if with_shelf else ())))
        stack.push_async_callback(db.close)
        stack.enter_context(tenancy.within(tenancy.EVERYONE))  # those who judge see everything
        await db.migrate()
        await _subscribe(db, workspace, named, wanted)
        hosts = sorted({url.split("/")[2] for url, _, _ in wanted})
        environ = _environ(workspace, hosts, folder, database_url) | dict(settings or {})
        children = [Child("run", environ, folder, "run", nursery)]
        children += [
            Child("worker", environ, folder, f"worker-{number}", nursery) for number in range(1, setup.workers + 1)
        ]
        for child in children:
            stack.push_async_callback(_gone, child)
        yield Stage(setup, workspace, weather, press, db, tuple(children), heard, given_up, folder, named)


async def _gone(child: Child) -> None:
    if child.pid is not None:
        await child.kill()


def _workspace(weather: EventWeather, heard: Heard, named: tuple[str, ...]) -> Workspace:
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    workspace = Workspace(manifest, channels=("general", *named), bot_channels=named, faults=weather)
    workspace._dispatcher = Watchful(workspace.core, heard)
    # Slack waits a minute and five before its last tries; here less than one.
    workspace.timing.retries = (0.0, 10.0, 40.0)
    return workspace


def _note_given_up(workspace: Workspace) -> list[tuple[str, str]]:
    """(channel, ts) of the messages whose events nobody acknowledged in all of Slack's tries: they never came in."""
    noted: list[tuple[str, str]] = []
    hub = workspace.core.hub
    give_up = hub._give_up

    def note(event: Any) -> None:
        told = event.payload["event"]
        noted.append((str(told.get("channel")), str(told.get("ts"))))
        give_up(event)

    hub._give_up = note  # type: ignore[method-assign]  # the only place that tells
    return noted


async def _subscribe(
    db: Database, workspace: Workspace, named: tuple[str, ...], wanted: tuple[tuple[str, str, str], ...]
) -> None:
    now = datetime.now(UTC)
    team_id, bot = workspace.team_id, workspace.bot_user_id
    async with db.write() as connection:
        await channels.add_team(connection, team_id=team_id, name="Local", bot_user_id=bot, now=now)
        for name in named:
            channel_id = workspace.channel_id(name)
            await channels.add_channel(
                connection, team_id=team_id, channel_id=channel_id, name=name, threshold=0.2, now=now
            )
            for url, title, publisher in wanted:
                feed = await feeds.add(connection, url=url, title=title, publisher=publisher, site_url=None, now=now)
                await channels.subscribe(
                    connection, team_id=team_id, channel_id=channel_id, feed_id=feed.id, created_by=bot, now=now
                )
            if name in MORNINGS:
                rhythm, where = _each_minute(now), {"team_id": team_id, "channel_id": channel_id}
                await digests.save_rhythm(connection, rhythm, **where, next_at=now, set_by=bot, now=now)


def _each_minute(now: datetime) -> Rhythm:
    """A digest each minute from now on."""
    minutes = (now + timedelta(minutes=number) for number in range(MINUTES))
    return Rhythm(posts=False, at=tuple(sorted(moment.time().replace(second=0, microsecond=0) for moment in minutes)))


def _environ(workspace: Workspace, hosts: Sequence[str], folder: Path, database_url: str | None) -> dict[str, str]:
    """All that a child gets of an environment: nothing of ours but PATH."""
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONUTF8": "1",
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "TAPEOUT_SLACK_API_URL": workspace.api_url,
        "TAPEOUT_DATA_DIR": str(folder / "var"),
        "TAPEOUT_ALLOWED_HOSTS": ",".join(hosts),
        "PORT": "0",
        "TAPEOUT_GATHER_S": "0",
        "TAPEOUT_HOST_SPACING_S": "0",
        "TAPEOUT_POLL_FLOOR_S": "3",
        "TAPEOUT_POLL_CEILING_S": "3",
        "TAPEOUT_FIRST_POLL_LIMIT": "100",
        "TAPEOUT_USER_QUESTIONS": "100000",  # two people ask more than people do
        "TAPEOUT_TEAM_QUESTIONS": "100000",
        "TAPEOUT_LOG_FORMAT": "text",
    }
    return environ if database_url is None else environ | {"DATABASE_URL": database_url}
