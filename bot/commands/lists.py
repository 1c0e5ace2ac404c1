"""`tapeout feeds import` and `tapeout feeds export`: lists of feeds, as OPML."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.place import (
    AsJson,
    InChannel,
    OfTeam,
    err,
    open_newsroom,
    operator,
    out,
    place,
    plain,
    progress_bar,
    safe,
    start,
)
from bot.settings import Settings


def register(feeds_cli: typer.Typer) -> None:
    """Add the commands to `tapeout feeds`."""
    feeds_cli.command("import")(import_feeds)
    feeds_cli.command("export")(export)


def import_feeds(
    file: Annotated[
        Path, typer.Argument(help="OPML, or a text with an address a line.", exists=True, dir_okay=False, readable=True)
    ],
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Put the feeds of a list into a channel: each is read in its turn, and old articles are not posted.

    Lines that cannot be used are named one by one on standard error; the others are taken all the same.

    For example: tapeout feeds import reader.opml --channel chips
    """
    asyncio.run(_import(start(), file, channel, team, as_json=as_json))


async def _import(settings: Settings, file: Path, channel: str | None, team: str | None, *, as_json: bool) -> None:
    body = await asyncio.to_thread(file.read_bytes)
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, name = await place(settings, db, channel, team)
        with progress_bar("Importing") as progress:
            report = await newsroom.import_feeds(actor, channel_id, name, body, progress=progress)
    for number, problem in report.problems:
        err.print(f"{safe(file.name)}:{number}: {safe(problem)}", highlight=False, soft_wrap=True)
    if as_json:
        out.print_json(json.dumps(plain(report)))
        return
    out.print(
        f"{report.added:,} added to #{safe(name)}, {report.existed:,} were there already, "
        f"{len(report.problems):,} {'line' if len(report.problems) == 1 else 'lines'} could not be used.",
        highlight=False,
    )
    if report.done_by is not None:
        out.print(f"They are read one after the other until {report.done_by:%d %b %H:%M} UTC.", highlight=False)


def export(
    channel: Annotated[
        str | None, typer.Option("--channel", help="The channel's name; without it, all of them.")
    ] = None,
    team: OfTeam = None,
) -> None:
    """Write the feeds of one channel, or of all with a folder for each, to standard output as OPML.

    For example: tapeout feeds export > feeds.opml
    """
    asyncio.run(_export(start(), channel, team))


async def _export(settings: Settings, channel: str | None, team: str | None) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        if channel is None:
            actor, channel_id = await operator(db, team), None
        else:
            actor, channel_id, _ = await place(settings, db, channel, team)
        body = await newsroom.export_feeds(actor, channel_id)
    sys.stdout.buffer.write(body)
    sys.stdout.flush()
