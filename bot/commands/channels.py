"""`tapeout channels list|pause|resume` and `tapeout audit`: what is set up where, and who changed it, for operators."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.place import (
    AsJson,
    InChannel,
    OfTeam,
    open_newsroom,
    operator,
    out,
    place,
    plain,
    safe,
    start,
)
from bot.settings import Settings

channels_cli = typer.Typer(help="The channels that are set up.", no_args_is_help=True)
Which = Annotated[str | None, typer.Argument(metavar="[FEED]", help="Its number, address, or part of its title.")]
Undo = Annotated[int | None, typer.Option("--undo", metavar="NUMBER", help="Take this change back, once.")]


@channels_cli.command("list")
def list_channels(team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List the channels: how many feeds each has, when its news comes, what was posted today and what waits."""
    asyncio.run(_list(start(), team, as_json=as_json))


async def _list(settings: Settings, team: str | None, *, as_json: bool) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor = await operator(db, team)
        home = await newsroom.home(actor)
    rows = [
        {
            "channel": each.channel.name,
            "id": each.channel.channel_id,
            "state": "paused" if each.channel.paused_at else each.channel.state,
            "feeds": len(each.subscriptions),
            "rhythm": home.rhythms.get(each.channel.channel_id, "as it happens"),
            "posted_today": each.posted_today,
            "waiting": each.waiting,
        }
        for each in home.channels
    ]
    if as_json:
        out.print_json(json.dumps(rows))
        return
    table = Table("Channel", "State", "Feeds", "News comes", "Today", "Waiting")
    for row in rows:
        shown = (f"#{row['channel']}", *(row[key] for key in ("state", "feeds", "rhythm", "posted_today", "waiting")))
        table.add_row(*(safe(str(cell)) for cell in shown))
    out.print(table)


@channels_cli.command()
def pause(which: Which = None, channel: InChannel = None, team: OfTeam = None) -> None:
    """Rest one feed, or the whole channel.

    For example: tapeout channels pause --channel chips
    """
    asyncio.run(_set_paused(start(), which, channel, team, paused=True))


@channels_cli.command()
def resume(which: Which = None, channel: InChannel = None, team: OfTeam = None) -> None:
    """Go on with one feed, or with the whole channel.

    For example: tapeout channels resume 2 --channel chips
    """
    asyncio.run(_set_paused(start(), which, channel, team, paused=False))


async def _set_paused(
    settings: Settings, which: str | None, channel: str | None, team: str | None, *, paused: bool
) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, name = await place(settings, db, channel, team)
        change = newsroom.pause if paused else newsroom.resume
        changed = await change(actor, channel_id, which)
    what = f"#{name}" if which is None else changed[0].feed.title
    out.print(f"{'Paused' if paused else 'Going on with'} {safe(what)}.", highlight=False)


def audit(
    channel: InChannel = None,
    team: OfTeam = None,
    undo: Undo = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Who changed what in a channel, newest first; with `--undo` takes one change back.

    For example: tapeout audit --undo 12
    """
    asyncio.run(_audit(start(), channel, team, undo, as_json=as_json))


async def _audit(settings: Settings, channel: str | None, team: str | None, undo: int | None, *, as_json: bool) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, _ = await place(settings, db, channel, team)
        if undo is not None:
            taken = await newsroom.undo(actor, undo)
            out.print(f"Taken back: {safe(taken.action)}.", highlight=False)
            return
        changes = await newsroom.changes(actor, channel_id)
    if as_json:
        out.print_json(json.dumps([plain(each) for each in changes]))
        return
    table = Table("Number", "When (UTC)", "Who", "What", "Taken back")
    for each in changes:
        named = each.detail.get("title") or each.detail.get("topic") or each.detail.get("filter") or ""
        back = f"{each.undone_at:%d %b %H:%M}" if each.undone_at else ""
        cells = (str(each.id), f"{each.at:%Y-%m-%d %H:%M}", each.actor, f"{each.action} {named}".strip(), back)
        table.add_row(*(safe(cell) for cell in cells))
    out.print(table)
