"""`tapeout apply` and `tapeout export`: configuration as code."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.place import AsJson, OfTeam, err, open_newsroom, operator, out, place, plain, safe, start
from bot.errors import NotFoundError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.models import Actor
    from bot.newsroom import Newsroom
    from bot.plans import Step, WantedChannel
    from bot.store import Database

#: Left with where a plan was shown and there is something to do, as `diff` does.
CHANGES = 1


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command("apply")(apply)
    cli.command("export")(export)


def apply(
    file: Annotated[Path, typer.Argument(help="A tapeout.toml.", exists=True, dir_okay=False, readable=True)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,  # noqa: FBT002  # a flag
    check: Annotated[  # noqa: FBT002  # a flag
        bool, typer.Option("--check", help="Only show the plan; exit code 1 where there is something to do.")
    ] = False,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Bring channels to what a file wants: shows the plan first, then asks. The same again changes nothing.

    For example: tapeout apply tapeout.toml --check
    """
    asyncio.run(_apply(start(), file, team, yes=yes, check=check, as_json=as_json))


async def _apply(settings: Settings, file: Path, team: str | None, *, yes: bool, check: bool, as_json: bool) -> None:
    from bot import plans  # noqa: PLC0415  # what the work needs is imported when a command runs

    wanted = plans.read(await asyncio.to_thread(file.read_text, "utf-8"))
    async with open_newsroom(settings) as (db, newsroom):
        actor = await operator(db, team)
        steps = await newsroom.plan(actor, wanted)
        if as_json:
            out.print_json(json.dumps([plain(step) for step in steps]))
        else:
            _show(steps)
        if check:
            raise typer.Exit(CHANGES if steps else 0)
        if not steps or not (yes or typer.confirm("Do it?", err=True)):
            return
        ids = {step.channel: await _id(settings, db, step.channel, team) for step in steps if step.deed == "channel"}
        await newsroom.apply(actor, wanted, ids)
    err.print(f"Done: {len(steps)} steps." if len(steps) != 1 else "Done: 1 step.", highlight=False)


async def _id(settings: Settings, db: Database, name: str, team: str | None) -> str:
    try:
        return (await place(settings, db, name, team))[1]
    except NotFoundError as error:
        raise NotFoundError(f"#{name}: {error}") from error


def _show(steps: tuple[Step, ...]) -> None:
    if not steps:
        out.print("Nothing to do: everything is as the file wants it.")
    for name in dict.fromkeys(step.channel for step in steps):
        out.print(safe(f"#{name}"), style="bold", highlight=False)
        for step in steps:
            if step.channel == name:
                colour = {"+": "green", "-": "red"}.get(step.said[:1], "yellow")
                out.print(f"  {safe(step.said)}", style=colour, highlight=False, soft_wrap=True)


def export(
    channel: Annotated[
        str | None, typer.Option("--channel", help="The channel's name; without it, all of them.")
    ] = None,
    team: OfTeam = None,
) -> None:
    """Write what all channels are like to standard output, as a tapeout.toml that `apply` takes.

    For example: tapeout export --channel chips > tapeout.toml
    """
    asyncio.run(_export(start(), channel, team))


async def _export(settings: Settings, channel: str | None, team: str | None) -> None:
    from bot import plans  # noqa: PLC0415  # the same

    async with open_newsroom(settings) as (db, newsroom):
        found = await _chosen(newsroom, await operator(db, team), channel)
    sys.stdout.write(plans.write(found))


async def _chosen(newsroom: Newsroom, actor: Actor, channel: str | None) -> tuple[WantedChannel, ...]:
    found = await newsroom.configuration(actor)
    if channel is None:
        return found
    one = tuple(each for each in found if each.name == channel.removeprefix("#"))
    if not one:
        raise NotFoundError(f"No channel named #{channel.removeprefix('#')} is known.")
    return one
