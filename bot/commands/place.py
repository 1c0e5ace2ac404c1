"""What operators' commands share: the newsroom, whose channel is meant, and how things are shown."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from bot import settings as settings_module
from bot import tenancy
from bot.errors import NotFoundError, SettingsError, UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.models import Actor
    from bot.newsroom import Newsroom
    from bot.store import Database

T = TypeVar("T")
out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
InChannel = Annotated[
    str | None, typer.Option("--channel", help="The channel's name; without it, the one of TAPEOUT_CHANNEL.")
]
OfTeam = Annotated[str | None, typer.Option("--team", help="The workspace's id, where there are several.")]

#: Who does what is done from here, in the audit trail. It is nobody's id: notices go to the channel.
OPERATOR = "command line"
#: What takes longer shows how far it is, in seconds.
SHOW_PROGRESS_AFTER_S = 2.0


def start() -> Settings:
    """The settings, and logs that do not get into the way of what is printed."""
    from bot import logs  # noqa: PLC0415  # what the work needs is imported when a command runs

    settings = settings_module.load()
    logs.configure(level="warning" if settings.log_level == "info" else settings.log_level, style=settings.log_format)
    return settings


@contextlib.asynccontextmanager
async def open_newsroom(settings: Settings) -> AsyncIterator[tuple[Database, Newsroom]]:
    """The newsroom on the store of these settings; another process may be at work on it."""
    from bot import opening  # noqa: PLC0415  # the same

    with tenancy.within(tenancy.EVERYONE):  # an operator may choose any workspace
        async with (
            opening.open_store(settings, migrate=settings.database_url is None) as db,
            opening.open_newsroom(settings, db) as newsroom,
        ):
            yield db, newsroom


async def only_team(db: Database, wanted: str | None) -> str:
    """The workspace that is meant.

    Raises:
        UserError: there are several, or none.
    """
    from bot.store import channels  # noqa: PLC0415  # the same

    async with db.read() as connection:
        known = await channels.teams(connection)
    if wanted is not None and wanted in known:
        return wanted
    if wanted is None and len(known) == 1:
        return known[0]
    if not known:
        raise NotFoundError("No workspace is known yet. Start `tapeout run` once, then try again.")
    raise UserError(f"Which workspace? Choose one with --team: {', '.join(known)}.")


async def reader(db: Database) -> str:
    """In whose place an operator asks: the only workspace; of several, none, who finds what is for all."""
    from bot.store import channels  # noqa: PLC0415  # the same

    async with db.read() as connection:
        known = await channels.teams(connection)
    return known[0] if len(known) == 1 else "cli"


async def place(settings: Settings, db: Database, name: str | None, team: str | None) -> tuple[Actor, str, str]:
    """Who acts, and the id and name of the channel that is meant.

    Raises:
        NotFoundError, SettingsError: the channel is not known, with what to do.
    """
    from bot.models import Actor  # noqa: PLC0415  # the same
    from bot.store import channels  # noqa: PLC0415  # the same

    name = (name or settings.default_channel).removeprefix("#")
    if team is None and settings.slack_bot_token is not None:
        team, channel_id = await _ask_slack(settings, db, name)
        return Actor(team, OPERATOR, is_admin=True, sees_all=True), channel_id, name
    team = await only_team(db, team)
    async with db.read() as connection:
        channel = await channels.by_name(connection, team, name)
    if channel is None:
        raise NotFoundError(f"No channel named #{name} is known. Add its first feed in Slack: `/tapeout add` there.")
    return Actor(team, OPERATOR, is_admin=True, sees_all=True), channel.channel_id, channel.name


async def operator(db: Database, team: str | None) -> Actor:
    """Who acts where no channel is meant.

    Raises:
        UserError: there are several workspaces, or none.
    """
    from bot.models import Actor  # noqa: PLC0415  # the same

    return Actor(await only_team(db, team), OPERATOR, is_admin=True, sees_all=True)


def in_workspace(team: str | None, work: Callable[[Newsroom, Actor], Awaitable[T]]) -> T:
    """Do one thing in a workspace, and hand on what came of it."""

    async def done() -> T:
        async with open_newsroom(start()) as (db, newsroom):
            return await work(newsroom, await operator(db, team))

    return asyncio.run(done())


def in_channel(channel: str | None, team: str | None, work: Callable[[Newsroom, Actor, str, str], Awaitable[T]]) -> T:
    """Do one thing in a channel, given its id and name, and hand on what came of it."""

    async def done() -> T:
        settings = start()
        async with open_newsroom(settings) as (db, newsroom):
            return await work(newsroom, *await place(settings, db, channel, team))

    return asyncio.run(done())


async def _ask_slack(settings: Settings, db: Database, name: str) -> tuple[str, str]:
    """The workspace of the token, and the channel's id there, whether or not it was ever configured."""
    from bot.clock import utc_now  # noqa: PLC0415  # the same
    from bot.slack.client import make_client, open_session  # noqa: PLC0415  # the same
    from bot.slack.start import find_channel, identify  # noqa: PLC0415  # the same
    from bot.store import channels  # noqa: PLC0415  # the same

    if settings.slack_bot_token is None:
        raise SettingsError("SLACK_BOT_TOKEN is not set.")
    async with contextlib.AsyncExitStack() as stack:
        session = open_session()
        stack.push_async_callback(session.close)
        client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        team = await identify(client)
        channel_id = await find_channel(client, name)
    async with db.write() as connection:
        await channels.add_team(
            connection, team_id=team.id, name=team.name, bot_user_id=team.bot_user_id, now=utc_now()
        )
    return team.id, channel_id


def safe(text: str) -> str:
    """Text from feeds, without control characters and without anything that rich takes for markup."""
    from rich.markup import escape  # noqa: PLC0415  # the same

    from bot.slack.escape import clean  # noqa: PLC0415  # the same

    return escape("\n".join(clean(line) for line in text.split("\n")))


def plain(value: Any) -> Any:  # noqa: ANN401  # any of our dataclasses
    """A dataclass of ours as plain data, for `--json`."""
    from pydantic import TypeAdapter  # noqa: PLC0415  # the same

    return TypeAdapter(type(value)).dump_python(value, mode="json")


def print_json(value: Any) -> None:  # noqa: ANN401  # the same, and lists of them
    """One of our dataclasses, or several, as JSON."""
    several = isinstance(value, list | tuple)
    out.print_json(json.dumps([plain(each) for each in value] if several else plain(value)))


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, none: str) -> None:
    """A table of plain words; without a row, `none` says so."""
    from rich.table import Table  # noqa: PLC0415  # the same

    table = Table(*head)
    for row in rows:
        table.add_row(*(safe(cell) for cell in row))
    out.print(table if table.rows else none, highlight=False)


def say(text: str) -> None:
    """A line of words, in which names of feeds and channels stay as they are."""
    out.print(safe(text), highlight=False, soft_wrap=True)


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that is shown once the work has taken two seconds."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415  # the same

    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True)
    began, task = time.monotonic(), bar.add_task(title, total=None)

    def progress(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if not bar.live.is_started and time.monotonic() - began > SHOW_PROGRESS_AFTER_S:
            bar.start()

    try:
        yield progress
    finally:
        bar.stop()
