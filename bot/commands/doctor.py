"""`tapeout doctor`: is everything there that the bot needs, and if not, what to do."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot import tenancy
from bot.commands.place import AsJson, err, out, plain, safe, start
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.doctor import Finding

MANIFEST = Path(__file__).parents[2] / "manifest.json"
_MARKS = {
    "good": "[green]✓[/green]",
    "attention": "[yellow]![/yellow]",
    "bad": "[red]✗[/red]",
    "off": "[dim]–[/dim]",
}


def doctor(as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """Check tokens, scopes, clock, database, workers, queues, feeds and model; say what to do. Changes nothing.

    The exit code is 1 when the bot could not do its job.
    """
    if not asyncio.run(_doctor(start(), as_json=as_json)):
        raise typer.Exit(1)


async def _doctor(settings: Settings, *, as_json: bool) -> bool:
    from bot.doctor import Health, examine  # noqa: PLC0415  # what the work needs is imported when a command runs

    scopes = frozenset(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
    found: list[Finding] = []
    with err.status("Looking …") as status, tenancy.within(tenancy.EVERYONE):
        async for finding in examine(settings, scopes=scopes):
            found.append(finding)
            status.update(f"Looked at {finding.what} …")
            if not as_json:
                _show(finding)
    if as_json:
        out.print_json(json.dumps([plain(finding) for finding in found]))
    return not any(finding.health is Health.BAD for finding in found)


def _show(finding: Finding) -> None:
    out.print(f"  {_MARKS[finding.health]} {finding.what:<12} {safe(finding.words)}", highlight=False, soft_wrap=True)
    if finding.do:
        out.print(f"    {'':<12} → {safe(finding.do)}", highlight=False, soft_wrap=True)
