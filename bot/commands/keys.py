"""`tapeout keys`, which seal the workspaces' tokens, and `tapeout manifest`, which an app in Slack is made of."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot import manifest, tenancy
from bot.commands.place import out, start
from bot.errors import UserError

keys_cli = typer.Typer(help="The keys that seal the workspaces' tokens.", no_args_is_help=True)


@keys_cli.command()
def new() -> None:
    """Make a key for TAPEOUT_ENCRYPTION_KEYS; it is printed, and kept nowhere."""
    from bot.keyring import new_key  # noqa: PLC0415  # what the work needs is imported when a command runs

    typer.echo(new_key())


@keys_cli.command()
def rotate() -> None:
    """Seal all tokens with the first of TAPEOUT_ENCRYPTION_KEYS; then the others can be taken out."""
    asyncio.run(_rotate())


async def _rotate() -> None:
    from bot import opening  # noqa: PLC0415  # the same
    from bot.keyring import Keyring  # noqa: PLC0415  # the same
    from bot.store import installations  # noqa: PLC0415  # the same

    settings = start()
    keyring = Keyring(settings.encryption_keys)
    with tenancy.within(tenancy.EVERYONE):
        async with opening.open_store(settings, migrate=False) as db, db.write() as connection:
            rows = await installations.all_of(connection)
            for row in rows:
                refresh = keyring.renew(row.refresh_token) if row.refresh_token is not None else None
                await installations.reseal(connection, row.id, keyring.renew(row.token), refresh, was=row.token)
    out.print(f"{len(rows)} installations are sealed with the first key.")


def show_manifest(
    url: Annotated[
        str | None, typer.Option("--url", help="https://…: for HTTP and many workspaces; without it, Socket Mode.")
    ] = None,
) -> None:
    """Print the app's manifest: paste it at api.slack.com/apps, “Create New App”, “From a manifest”."""
    if url is not None and not url.startswith("https://"):
        raise UserError("Slack sends events to https:// addresses alone: `tapeout manifest --url https://…`.")
    typer.echo(
        json.dumps(manifest.over_http(url) if url is not None else manifest.read(), indent=2, ensure_ascii=False)
    )
