"""The command line: `tapeout run` shows the bot at work; the other commands are for operators."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel

import bot
from bot import commands
from bot import settings as settings_module
from bot.errors import SettingsError, TapeoutError
from bot.evaluation import commands as evaluation
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import Service
    from bot.demo import Demo

cli = typer.Typer(
    name="tapeout",
    help="The AI-infrastructure news desk that lives in a team's Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
# Names alone: what the commands need is imported when they run, so that `--help` stays quick.
commands.register(cli)  # `feeds …`, `why`
evaluation.register(cli)  # `eval …`, `replay`

out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def main() -> None:
    """Run the command line; what goes wrong is a sentence on standard error and exit code 1 (2 for settings)."""
    try:
        # Outside its standalone mode, click hands a command's exit code back instead of leaving with it.
        code = cli(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Abort:
        sys.exit(130)
    except SettingsError as error:
        err.print(f"[red]Settings:[/red] {_redacted(error)}", highlight=False)
        sys.exit(2)
    except TapeoutError as error:
        err.print(f"[red]Error:[/red] {_redacted(error)}", highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a mistyped command or option
            error.show()
            sys.exit(error.exit_code)
        raise


def _redacted(error: Exception) -> str:
    from bot import logs  # noqa: PLC0415  # imported when it is asked for

    return logs.redact(str(error))


def _start() -> Settings:
    from bot import logs  # noqa: PLC0415  # imported when it is asked for

    settings = settings_module.load()
    logs.configure(level=settings.log_level, style=settings.log_format)
    return settings


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@cli.command()
def run(
    live: Annotated[  # noqa: FBT002  # a flag
        bool, typer.Option("--live", help="Watch the shipped list of real feeds instead of the samples.")
    ] = False,
) -> None:
    """Run the whole bot in one process.

    With SLACK_BOT_TOKEN and SLACK_APP_TOKEN: in your workspace. Without: in a local workspace with a page to look at.
    """
    _run(_serve(_start(), live=live))


async def _serve(settings: Settings, *, live: bool) -> None:
    from bot import app as application  # noqa: PLC0415  # imported when it is asked for
    from bot import demo  # noqa: PLC0415  # imported when it is asked for
    from bot.feeds import packs  # noqa: PLC0415  # the same

    out.print(f"[bold]Tapeout {bot.__version__}[/bold]")
    async with contextlib.AsyncExitStack() as stack:
        local: Demo | None = None
        if not settings.has_slack:
            local = await demo.start(settings, live=live)
            stack.push_async_callback(local.stop)
            settings = local.settings
            _tell("local workspace", local.workspace.url)
            if local.shelf is not None:
                _tell("sample feeds", f"{local.shelf.url}  ({len(local.shelf.feeds)} feeds)")
        if live:
            # The whole list at once: one article of each feed is a good first edition, five would be a flood.
            settings = settings.model_copy(update={"first_poll_limit": min(settings.first_poll_limit, 1)})
        service = application.Service(settings)
        await service.start(_tell)
        stack.push_async_callback(service.stop)
        if local is not None or (live and not settings.has_many):
            wanted = demo.sample_feeds(local.shelf) if local and local.shelf else packs.shipped_feeds()
            added = await service.seed(wanted, channel_name=settings.default_channel)
            if added:
                _tell("watching", f"{added} feeds, for #{settings.default_channel}")
        if settings.has_many:
            out.print(
                Panel("Workspaces install the app by themselves at the address above. Ctrl-C ends it.", expand=False)
            )
            await _until_stopped(service)
            return
        where = f"Open [bold]{local.workspace.url}[/bold]" if local else f"Look in Slack, in {service.team.name}"
        out.print(Panel(f"{where}: stories arrive in #{settings.default_channel}. Ctrl-C ends it.", expand=False))
        await _until_stopped(service)
    out.print("Stopped. The next start goes on from here.")


def _tell(what: str, how: str) -> None:
    out.print(f"  [green]✓[/green] {what:<20} {how}", highlight=False)


async def _until_stopped(service: Service) -> None:
    """Until Ctrl-C, SIGTERM, or the death of a loop (which is raised)."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, asked.set)
    waiting = asyncio.create_task(service.wait())
    stopping = asyncio.create_task(asked.wait())
    try:
        done, _ = await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if waiting in done:
            waiting.result()
        out.print("Stopping …")
    finally:
        for task in (waiting, stopping):
            task.cancel()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)


@cli.command()
def web() -> None:
    """Take Slack's events over HTTP (POST /slack/events), without the loops: for platforms with several processes."""
    _run(_role(_start(), listen=True, work=False))


@cli.command()
def worker() -> None:
    """Run the loops, without taking events from Slack: for platforms with several processes."""
    _run(_role(_start(), listen=False, work=True))


async def _role(settings: Settings, *, listen: bool, work: bool) -> None:
    if settings.database_url is None:
        raise SettingsError(
            "`web` and `worker` share a PostgreSQL database: set DATABASE_URL. `tapeout run` needs none."
        )
    from bot.app import Service  # noqa: PLC0415  # imported when it is asked for

    service = Service(settings, listen=listen, work=work)
    await service.start(_tell)
    try:
        await _until_stopped(service)
    finally:
        await service.stop()


@cli.command()
def release() -> None:
    """Bring the database to this edition: run it once before the new processes start."""
    _run(_release(_start()))


async def _release(settings: Settings) -> None:
    from bot.opening import open_store  # noqa: PLC0415  # imported when it is asked for

    async with open_store(settings, migrate=True) as db:
        out.print(f"The database ({db.dialect}) is up to date.")


@cli.command()
def version() -> None:
    """Print the version."""
    out.print(bot.__version__, highlight=False)
