"""`tapeout feeds list|check|add|remove|refresh`: what admins do in Slack, for operators."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.place import AsJson, InChannel, OfTeam, err, open_newsroom, out, place, plain, safe, start
from bot.commands.rows import all_subscriptions
from bot.errors import UserError
from bot.settings import Settings

feeds_cli = typer.Typer(help="Feeds that are watched.", no_args_is_help=True)


@feeds_cli.command("list")
def list_feeds(as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List the feeds of every channel with their health, and what to do about it."""
    asyncio.run(_list(start(), as_json=as_json))


async def _list(settings: Settings, *, as_json: bool) -> None:
    rows = await all_subscriptions(settings)
    if as_json:
        out.print_json(json.dumps(rows))
        return
    table = Table("Channel", "Feed", "State", "Last read", "Next", "How it is, and what to do")
    table.columns[1].overflow = "fold"  # an address is of no use without its end
    for row in rows:
        feed = f"{row['title']}\n{row['url']}"
        times = (_short(row["last_success"]), _short(row["next_poll"]))
        table.add_row(*map(safe, (f"#{row['channel']}", feed, row["state"] or "", *times, row["advice"] or "")))
    out.print(table)


def _short(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%d %b %H:%M}" if moment else "never"


@feeds_cli.command()
def check(
    address: Annotated[str, typer.Argument(help="A site's or a feed's address.")],
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Look which feeds are behind an address, with their latest titles. Nothing is added.

    For example: tapeout feeds check servethehome.com
    """
    asyncio.run(_check(start(), address, as_json=as_json))


async def _check(settings: Settings, address: str, *, as_json: bool) -> None:
    async with open_newsroom(settings) as (_, newsroom):
        with err.status(f"Looking behind {safe(address)} …"):
            found = await newsroom.check_feed(address)
    if as_json:
        out.print_json(json.dumps([plain(item) for item in found]))
        return
    _candidates(tuple((item.url, item.title, item.latest) for item in found))


def _candidates(found: tuple[tuple[str, str, tuple[str, ...]], ...]) -> None:
    table = Table("Feed", "Latest", "Address")
    table.columns[2].overflow = "fold"  # it is what to add
    for url, title, latest in found:
        table.add_row(safe(title), safe("\n".join(latest)), safe(url))
    out.print(table)


@feeds_cli.command()
def add(
    address: Annotated[str, typer.Argument(help="A site's or a feed's address.")],
    channel: InChannel = None,
    team: OfTeam = None,
) -> None:
    """Find the feed at an address and put it into a channel.

    For example: tapeout feeds add servethehome.com --channel chips
    """
    asyncio.run(_add(start(), address, channel, team))


async def _add(settings: Settings, address: str, channel: str | None, team: str | None) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, name = await place(settings, db, channel, team)
        with err.status(f"Looking behind {safe(address)} …"):
            added = await newsroom.add_feed(actor, channel_id, name, address)
    if added.subscription is None:
        _candidates(added.choices)
        raise UserError("There are several feeds. Add one of them by its own address.")
    words = "was in" if added.existed else "is now in"
    out.print(f"“{safe(added.subscription.feed.title)}” {words} #{safe(name)}.", highlight=False)
    for title in added.latest:
        out.print(f"  latest: {safe(title)}", highlight=False)


@feeds_cli.command()
def remove(
    feed: Annotated[str, typer.Argument(help="Its number in the list, its address, or a part of its title.")],
    channel: InChannel = None,
    team: OfTeam = None,
) -> None:
    """Take a feed out of a channel; what was read from it stays in the archive.

    For example: tapeout feeds remove 2 --channel chips
    """
    asyncio.run(_remove(start(), feed, channel, team))


async def _remove(settings: Settings, feed: str, channel: str | None, team: str | None) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, name = await place(settings, db, channel, team)
        gone = await newsroom.remove_feed(actor, channel_id, feed)
    out.print(f"“{safe(gone.feed.title)}” is no longer in #{safe(name)}.", highlight=False)


@feeds_cli.command()
def refresh(
    feed: Annotated[str | None, typer.Argument(help="Which one, as in `remove`; without it, all of them.")] = None,
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Read a channel's feeds now, asking their servers only for what has changed.

    For example: tapeout feeds refresh 2 --channel chips
    """
    asyncio.run(_refresh(start(), feed, channel, team, as_json=as_json))


async def _refresh(
    settings: Settings, feed: str | None, channel: str | None, team: str | None, *, as_json: bool
) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, _ = await place(settings, db, channel, team)
        with err.status("Reading …"):
            done = await newsroom.refresh(actor, channel_id, feed)
    if as_json:
        out.print_json(json.dumps([plain(item) for item in done]))
        return
    table = Table("Feed", "State", "What came of it")
    for item in done:
        state = item.subscription.feed.state.value
        table.add_row(safe(item.subscription.feed.title), state, safe(item.said))
    out.print(table)
