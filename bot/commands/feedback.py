"""`tapeout feedback`: what people said of answers."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.place import AsJson, OfTeam, open_newsroom, operator, out, plain, safe, start
from bot.settings import Settings


def feedback(
    team: OfTeam = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many answers at most.")] = 50,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """The answers that got 👍 or 👎, the last vote first; `tapeout eval export` makes evaluation cases of them."""
    asyncio.run(_feedback(start(), team, limit, as_json=as_json))


async def _feedback(settings: Settings, team: str | None, limit: int, *, as_json: bool) -> None:
    from bot.slack.blocks.votes import said  # noqa: PLC0415  # the same

    async with open_newsroom(settings) as (db, newsroom):
        actor = await operator(db, team)
        judged = await newsroom.judged(actor, limit)
    if as_json:
        out.print_json(json.dumps([plain(one) for one in judged]))
        return
    if not judged:
        out.print("Nobody has voted on an answer yet: 👍 and 👎 are under each.")
        return
    table = Table("👍", "👎", "Asked", "Question", "Answer", header_style="dim", show_lines=True)
    for one in judged:
        table.add_row(str(one.up), str(one.down), f"{one.asked_at:%d %b %Y}", safe(one.question), safe(said(one)))
    out.print(table)
