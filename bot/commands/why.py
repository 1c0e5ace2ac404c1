"""`tapeout why`: what was decided about an article, step by step, with the reasons."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.commands.place import AsJson, OfTeam, only_team, open_newsroom, out, plain, safe, start
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.models import ChannelTrail, Trail


def why(
    address: Annotated[str, typer.Argument(help="The article's address.")],
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Why was an article posted, or not? Every decision about it, with its reason.

    For example: tapeout why https://example.com/article
    """
    asyncio.run(_why(start(), address, team, as_json=as_json))


async def _why(settings: Settings, address: str, team: str | None, *, as_json: bool) -> None:
    async with open_newsroom(settings) as (db, newsroom):
        trails = await newsroom.why(await only_team(db, team), address)
    if as_json:
        out.print_json(json.dumps([plain(trail) for trail in trails]))
        return
    for trail in trails:
        _show(trail)


def _show(trail: Trail) -> None:
    article = trail.article
    table = Table("Step", "Decision", "Why", title=safe(f"{article.title} ({article.publisher})"), title_justify="left")
    table.add_row("feed", safe(trail.feed_title), safe(trail.feed_url))
    table.add_row("new?", trail.verdict, safe(trail.verdict_reason))
    read = f"{len(article.text):,} characters from the {article.text_source}"
    table.add_row("text", read, safe(article.text_note or "It was read as it is."))
    if trail.story_id is None:
        table.add_row("story", "none", "It is on its way." if trail.stage != "done" else "Only news makes stories.")
    else:
        joined = safe("\n".join(trail.join_reasons) or "It began this story.")
        table.add_row("story", safe(f"{trail.story_id}: {trail.story_title}"), joined)
    for place in trail.channels:
        table.add_row(safe(f"#{place.channel.name}"), place.state.value if place.state else "not told", _said(place))
    out.print(table)


def _said(place: ChannelTrail) -> str:
    lines = [place.reason]
    if place.relevance is not None:
        lines.append(f"Relevance {place.relevance.score:.2f}, the channel wants {place.threshold:.2f}.")
        lines += place.relevance.reasons
    return safe("\n".join(lines))
