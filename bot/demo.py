"""What `tapeout run` brings up when there are no tokens: a local workspace and, unless it is live, the sample feeds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Settings, forget_proxies
from bot.shelf import Shelf
from bot.workspace import Workspace

#: The sample feeds say that they may be asked every five seconds, so that one can watch.
SHELF_POLL_FLOOR_S = 4.0
#: How long a story waits for other publishers here: a person is watching.
SHELF_GATHER_S = 2.0

MANIFEST = Path(__file__).parent.parent / "manifest.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """The local stand-ins, running, and the settings that make the bot use them."""

    workspace: Workspace
    shelf: Shelf | None
    settings: Settings

    async def stop(self) -> None:
        """Shut both down; what they hold stays for the next start."""
        if self.shelf is not None:
            await self.shelf.stop()
        await self.workspace.stop()


async def start(settings: Settings, *, live: bool) -> Demo:
    """Start the stand-ins.

    Raises:
        SettingsError: a port is taken; the message names the setting that chooses another.
    """
    forget_proxies()
    folder = settings.data_dir / "local"
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(
        json.loads(MANIFEST.read_text(encoding="utf-8")),
        channels=("general", settings.default_channel),
        bot_channels=(settings.default_channel,),
        state_path=folder / "workspace.db",
        port=settings.workspace_port,
    )
    workspace.timing.wait_longer(settings.workspace_patience)
    try:
        await workspace.start()
    except OSError as error:
        raise _taken(settings.workspace_port, "TAPEOUT_WORKSPACE_PORT", error) from None
    changes: dict[str, object] = {
        "slack_bot_token": SecretStr(workspace.bot_token),
        "slack_app_token": SecretStr(workspace.app_token),
        "slack_api_url": workspace.api_url,
    }
    shelf = None
    if not live:
        shelf = Shelf(state_path=folder / "shelf.json", port=settings.shelf_port)
        try:
            await shelf.start()
        except OSError as error:
            await workspace.stop()
            raise _taken(settings.shelf_port, "TAPEOUT_SHELF_PORT", error) from None
        changes |= {
            "allowed_hosts": (*settings.allowed_hosts, shelf.url.removeprefix("http://")),
            "poll_floor_s": min(settings.poll_floor_s, SHELF_POLL_FLOOR_S),
            "poll_ceiling_s": min(settings.poll_ceiling_s, SHELF_POLL_FLOOR_S),
            "gather_s": min(settings.gather_s, SHELF_GATHER_S),
            "host_spacing_s": 0.0,
        }
    return Demo(workspace=workspace, shelf=shelf, settings=settings.model_copy(update=changes))


def _taken(port: int, name: str, error: OSError) -> SettingsError:
    return SettingsError(
        f"Port {port} cannot be used ({error.strerror}). Is Tapeout running already? "
        f"Otherwise set {name} to another port."
    )


def sample_feeds(shelf: Shelf) -> tuple[tuple[str, str, str], ...]:
    """(address, title, publisher) of the sample feeds."""
    return tuple((feed.url, feed.title, feed.publisher) for feed in shelf.feeds)
