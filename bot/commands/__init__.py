"""Operators' commands besides `run`: names and rendering here, the work in the newsroom.

What the work needs is imported when a command runs, so that `tapeout --help` stays quick.
"""

from __future__ import annotations

import typer

from bot.commands import (
    asking,
    backup,
    channels,
    digests,
    doctor,
    feedback,
    keys,
    lists,
    looking,
    people,
    plans,
    topics,
    why,
)
from bot.commands.feeds import feeds_cli
from bot.commands.filters import filters_cli
from bot.commands.teams import teams_cli

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    """Add the commands to the command line."""
    cli.add_typer(feeds_cli, name="feeds")
    lists.register(feeds_cli)
    plans.register(cli)
    cli.add_typer(filters_cli, name="filters")
    cli.add_typer(channels.channels_cli, name="channels")
    cli.command()(channels.audit)
    cli.add_typer(topics.topics_cli, name="topics")
    cli.command()(topics.style)
    cli.command()(looking.preview)
    cli.add_typer(looking.packs_cli, name="packs")
    cli.command()(looking.health)
    cli.add_typer(people.admins_cli, name="admins")
    cli.add_typer(people.watch_cli, name="watch")
    cli.command()(people.budget)
    cli.command()(asking.ask)
    cli.command()(asking.search)
    cli.command()(feedback.feedback)
    cli.command()(why.why)
    cli.command()(digests.digest)
    cli.command()(doctor.doctor)
    cli.command()(backup.backup)
    cli.command()(backup.restore)
    cli.add_typer(teams_cli, name="teams")
    cli.add_typer(keys.keys_cli, name="keys")
    cli.command("manifest")(keys.show_manifest)
