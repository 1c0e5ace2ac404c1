"""`tapeout digest`: when a channel hears its news, and a preview of it, for operators."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot.commands.place import AsJson, InChannel, OfTeam, open_newsroom, out, place, plain, safe, start
from bot.settings import Settings


def digest(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="As in Slack: weekdays 8:30 Europe/Berlin, quiet 22-7, limit 3/h, off; now: a preview."),
    ] = None,
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Show, or with words change, when a channel hears its news.

    For example: tapeout digest weekdays 8:30 Europe/Berlin --channel chips
    """
    asyncio.run(_digest(start(), " ".join(words or ()), channel, team, as_json=as_json))


async def _digest(settings: Settings, typed: str, channel: str | None, team: str | None, *, as_json: bool) -> None:
    from bot.delivery.digest_words import as_text  # noqa: PLC0415  # imported when it is asked for
    from bot.slack.blocks.rhythm import rhythm_lines  # noqa: PLC0415  # the same

    async with open_newsroom(settings) as (db, newsroom):
        actor, channel_id, name = await place(settings, db, channel, team)
        if typed == "now":
            made = await newsroom.preview_digest(actor, channel_id)
            out.print_json(json.dumps(plain(made))) if as_json else out.print(safe(as_text(made, name)))
            return
        if typed:
            shown = await newsroom.change_rhythm(actor, channel_id, typed)
        else:
            shown = await newsroom.rhythm(actor, channel_id)
    if as_json:
        out.print_json(json.dumps(plain(shown)))
        return
    for line in rhythm_lines(shown):
        out.print(safe(line), highlight=False)
