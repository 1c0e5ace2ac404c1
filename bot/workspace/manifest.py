"""What the workspace needs to know of an app, read from its Slack manifest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.workspace.ids import stable_id, stable_secret
from bot.workspace.shapes import JsonObject


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `command` starts with `/`. With `should_escape`, mentions arrive as `<@U…|name>`."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; `type` is `message` or `global`."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class AppConfig:
    """An installed app: its names, ids, commands, scopes and subscriptions."""

    name: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_handle: str
    verification_token: str
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    home_enabled: bool
    messages_enabled: bool
    agent_view: bool

    def command(self, name: str) -> Command | None:
        """The slash command of that name (with its `/`), if the app has it."""
        return next((c for c in self.commands if c.command == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """The shortcut of that callback id and kind, if the app has it."""
        return next((s for s in self.shortcuts if (s.callback_id, s.type) == (callback_id, kind)), None)

    def profile(self, team_id: str) -> JsonObject:
        """The `bot_profile` that messages of the app carry."""
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "user_id": self.bot_user_id,
            "name": self.name,
            "icons": {},
            "deleted": False,
            "updated": 0,
            "team_id": team_id,
        }

    def user(self, team_id: str) -> JsonObject:
        """The app's bot user as `users.info` gives it."""
        return {
            "id": self.bot_user_id,
            "team_id": team_id,
            "name": self.bot_handle,
            "deleted": False,
            "color": "e0a729",
            "real_name": self.name,
            "tz": "Etc/UTC",
            "tz_label": "Etc/UTC",
            "tz_offset": 0,
            "profile": {
                "real_name": self.name,
                "display_name": self.name,
                "api_app_id": self.app_id,
                "bot_id": self.bot_id,
                "always_active": True,
                "team": team_id,
            },
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": True,
            "is_app_user": False,
            "updated": 0,
        }


def read_manifest(manifest: Mapping[str, Any]) -> AppConfig:
    """Reads an app manifest (the parsed JSON that Slack's app settings take).

    Raises:
        ValueError: The manifest has no `display_information.name`.
    """
    name = str(_section(manifest, "display_information").get("name") or "")
    if not name:
        raise ValueError("the manifest has no display_information.name")
    features = _section(manifest, "features")
    home = _section(features, "app_home")
    bot_user = _section(features, "bot_user")
    scopes = _section(_section(manifest, "oauth_config"), "scopes")
    events = _section(_section(manifest, "settings"), "event_subscriptions")
    display = str(bot_user.get("display_name") or name)
    return AppConfig(
        name=display,
        app_id=stable_id("A", name),
        bot_id=stable_id("B", name),
        bot_user_id=stable_id("U", "bot", name),
        bot_handle=re.sub(r"[^a-z0-9_-]+", "-", display.lower()).strip("-") or "bot",
        verification_token=stable_secret("verification", name)[:24],
        commands=tuple(_command(c) for c in features.get("slash_commands") or ()),
        shortcuts=tuple(_shortcut(s) for s in features.get("shortcuts") or ()),
        scopes=frozenset(_words(scopes.get("bot"))),
        events=frozenset(_words(events.get("bot_events"))),
        home_enabled=bool(home.get("home_tab_enabled")),
        messages_enabled=bool(home.get("messages_tab_enabled")),
        agent_view="agent_view" in features,
    )


def _section(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = source.get(name)
    return value if isinstance(value, Mapping) else {}


def _words(value: Sequence[str] | None) -> Sequence[str]:
    return [str(word) for word in value or ()]


def _command(raw: Mapping[str, Any]) -> Command:
    return Command(
        command=str(raw["command"]),
        description=str(raw.get("description") or ""),
        usage_hint=str(raw.get("usage_hint") or ""),
        should_escape=bool(raw.get("should_escape")),
    )


def _shortcut(raw: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        name=str(raw.get("name") or raw["callback_id"]),
        type=str(raw.get("type") or "global"),
        callback_id=str(raw["callback_id"]),
        description=str(raw.get("description") or ""),
    )
