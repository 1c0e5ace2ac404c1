"""`tapeout teams`: the workspaces that the bot is in, what is kept of each, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot import tenancy
from bot.commands.place import AsJson, open_newsroom, out, plain, safe, start
from bot.errors import NotFoundError

if TYPE_CHECKING:
    from bot.store import Database

teams_cli = typer.Typer(help="The workspaces that the bot is in.", no_args_is_help=True)
TeamId = Annotated[str, typer.Argument(help="The workspace's id, as `tapeout teams list` shows it.")]


@contextlib.asynccontextmanager
async def _store() -> AsyncIterator[Database]:
    from bot import opening  # noqa: PLC0415  # what the work needs is imported when a command runs

    with tenancy.within(tenancy.EVERYONE):
        async with opening.open_store(start(), migrate=False) as db:
            yield db


@teams_cli.command("list")
def list_teams(as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List the workspaces: how each stands, until when its token is good, when its data is deleted."""
    asyncio.run(_list(as_json=as_json))


async def _list(*, as_json: bool) -> None:
    from bot.store import teams  # noqa: PLC0415  # the same

    async with _store() as db, db.read() as connection:
        found = await teams.listed(connection)
    if as_json:
        out.print_json(json.dumps([plain(line) for line in found]))
        return
    table = Table("Workspace", "Id", "State", "Channels", "Feeds", "Token until", "Deleted at", "What to do")
    for line in found:
        what = line.trouble or ("" if line.state == "active" else "Install the app there again, or let it go.")
        numbers = (str(line.channels), str(line.feeds), _short(line.token_until), _short(line.delete_at))
        table.add_row(*map(safe, (line.name, line.id, line.state, *numbers, what)))
    out.print(table)


def _short(moment: datetime | None) -> str:
    return f"{moment:%d %b %H:%M} UTC" if moment is not None else ""


@teams_cli.command()
def export(team: TeamId) -> None:
    """Write everything that is kept of a workspace as JSON lines, a table's name and a row in each; no tokens.

    For example: tapeout teams export T012ABCDEF > team.jsonl
    """
    asyncio.run(_export(team))


async def _export(team_id: str) -> None:
    from bot.store import channels, teams  # noqa: PLC0415  # the same

    async with _store() as db, db.read() as connection:
        if not await channels.is_known(connection, team_id):
            raise NotFoundError(f"There is no workspace {team_id}. `tapeout teams list` shows those that there are.")
        async for table, row in teams.exported(connection, team_id):
            typer.echo(json.dumps({"table": table, **row}, ensure_ascii=False, default=str))


@teams_cli.command()
def delete(
    team: TeamId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002  # a flag
) -> None:
    """Delete everything that is kept of a workspace, at once and for good.

    For example: tapeout teams delete T012ABCDEF
    """
    if not yes:
        typer.confirm(f"Delete everything that is kept of {team}?", abort=True)
    asyncio.run(_delete(team))


async def _delete(team_id: str) -> None:
    from bot.store import channels  # noqa: PLC0415  # the same

    async with open_newsroom(start()) as (db, newsroom):
        async with db.read() as connection:
            if not await channels.is_known(connection, team_id):
                raise NotFoundError(
                    f"There is no workspace {team_id}. `tapeout teams list` shows those that there are."
                )
        await newsroom.delete_team(team_id)
    out.print(f"Nothing of {safe(team_id)} is kept any more. Remove the app in Slack, too, or it comes back.")
