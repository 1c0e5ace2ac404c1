"""`tapeout preview`, `tapeout packs …` and `tapeout health`: what a feed would bring, what ships, how feeds are."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.place import (
    AsJson,
    InChannel,
    OfTeam,
    err,
    in_channel,
    in_workspace,
    out,
    print_json,
    print_table,
    safe,
    say,
    start,
)
from bot.commands.rows import all_subscriptions
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.models import Actor, Imported, Preview
    from bot.newsroom import Newsroom

packs_cli = typer.Typer(help="Packs of feeds that ship.", no_args_is_help=True)

#: Left with where a feed needs somebody, as `doctor` does.
IN_TROUBLE = 1
#: The states in which nobody needs to do anything.
_WELL = frozenset({"new", "fresh", "quiet", "slow", "moved", "paused"})


def preview(
    address: Annotated[str, typer.Argument(help="A site's or a feed's address.")],
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """What a feed would have brought to a channel, what would have been held back, and why. Nothing is added.

    For example: tapeout preview servethehome.com --channel chips
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, name: str) -> Preview:
        with err.status(f"Looking behind {safe(address)} …"):
            return await newsroom.preview(actor, channel_id, name, address)

    seen = in_channel(channel, team, work)
    if as_json:
        print_json(seen)
        return
    if seen.choices:
        rows: tuple[tuple[str, ...], ...] = tuple((title, url) for url, title, _ in seen.choices)
        print_table(("Feed", "Address"), rows, none="")
        raise UserError("There are several feeds. Look at one of them by its own address.")
    items = (
        (item.title, "held back" if item.held else "posted", f"{item.relevance.score:.2f}", item.held or "")
        for item in seen.items
    )
    print_table(("Article", "Would have been", "Relevance", "Why"), items, none="The feed holds nothing yet.")


@packs_cli.command("list")
def list_packs(team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List the packs.

    For example: tapeout packs list
    """

    async def work(newsroom: Newsroom, _actor: Actor) -> list[tuple[str, int]]:
        return [(pack.name, len(pack.entries)) for pack in await newsroom.packs()]

    known = in_workspace(team, work)
    if as_json:
        out.print_json(json.dumps([{"pack": name, "feeds": many} for name, many in known]))
        return
    print_table(("Pack", "Feeds"), ((name, str(many)) for name, many in known), none="No pack ships.")


@packs_cli.command()
def add(
    pack: Annotated[str, typer.Argument(help="Its name, or the beginning of it.")],
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Put all feeds of a pack into a channel.

    For example: tapeout packs add chips --channel chips
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, name: str) -> tuple[str, Imported]:
        found, done = await newsroom.add_pack(actor, channel_id, name, pack)
        return found.name, done

    name, done = in_channel(channel, team, work)
    if as_json:
        print_json(done)
        return
    say(f"{name}: {done.added} feeds added, {done.existed} were there already.")


def health(as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """The feeds that need somebody, and what to do; exit code 1 where there are any.

    For example: tapeout health --json
    """
    rows = [row for row in asyncio.run(all_subscriptions(start())) if row["state"] not in _WELL]
    if as_json:
        out.print_json(json.dumps(rows))
    else:
        shown = (
            (f"#{row['channel']}", row["title"] or "", row["state"] or "", row["last_error"] or "", row["advice"] or "")
            for row in rows
        )
        print_table(("Channel", "Feed", "State", "What happened", "What to do"), shown, none="All feeds are well.")
    raise typer.Exit(IN_TROUBLE if rows else 0)
