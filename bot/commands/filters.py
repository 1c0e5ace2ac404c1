"""`tapeout filters list|add|remove`: which articles of a channel's feeds count there, for operators."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.place import AsJson, InChannel, OfTeam, open_newsroom, out, place, plain, safe, start
from bot.settings import Settings

filters_cli = typer.Typer(help="Which articles of a channel's feeds count there.", no_args_is_help=True)
#: The word for every feed of the channel.
ALL = "all"


@filters_cli.command("list")
def list_filters(
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """List a channel's filters, numbered, with how each is understood."""
    asyncio.run(_list(start(), channel, team, as_json=as_json))


async def _list(settings: Settings, channel: str | None, team: str | None, *, as_json: bool) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, _ = await place(settings, db, channel, team)
        known = await newsroom.filters(actor, channel_id)
    if as_json:
        out.print_json(json.dumps([plain(each) for each in known.filters]))
        return
    table = Table("", "Feed", "Filter", "Understood as")
    for number, each in enumerate(known.filters, start=1):
        table.add_row(
            str(number), safe(each.feed or "every feed"), safe(each.text), safe(each.understood or "not any more")
        )
    out.print(table)


@filters_cli.command()
def add(
    feed: Annotated[str, typer.Argument(help="The feed's number, address, or part of its title; `all`: every feed.")],
    rule: Annotated[list[str], typer.Argument(help="For example: about inference cost, or: not author: Jane Doe")],
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Let only those articles of a feed count that pass a rule.

    For example: tapeout filters add all not gaming
    """
    asyncio.run(_add(start(), feed, " ".join(rule), channel, team, as_json=as_json))


async def _add(
    settings: Settings, feed: str, rule: str, channel: str | None, team: str | None, *, as_json: bool
) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, _ = await place(settings, db, channel, team)
        chosen = None if feed.lower() == ALL else (await newsroom.find_feed(actor, channel_id, feed)).id
        added = await newsroom.add_filter(actor, channel_id, chosen, rule)
    if as_json:
        out.print_json(json.dumps(plain(added.filter)))
        return
    begin = "Was there already" if added.existed else "Added"
    out.print(f"{begin}: {safe(added.filter.understood)}.", highlight=False)
    out.print(f"It would have kept {len(added.kept_out)} of the {added.of} newest articles out.", highlight=False)


@filters_cli.command()
def remove(
    which: Annotated[str, typer.Argument(metavar="FILTER", help="Its number in the list, or its text.")],
    channel: InChannel = None,
    team: OfTeam = None,
) -> None:
    """Take a filter back.

    For example: tapeout filters remove 3
    """
    asyncio.run(_remove(start(), which, channel, team))


async def _remove(settings: Settings, which: str, channel: str | None, team: str | None) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, _ = await place(settings, db, channel, team)
        gone = await newsroom.remove_filter(actor, channel_id, which)
    out.print(f"Removed: {safe(gone.understood or gone.text)}.", highlight=False)
