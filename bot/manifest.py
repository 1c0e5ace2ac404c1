"""What the app declares to Slack, as manifest.json has it for Socket Mode; and the same for HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parent.parent / "manifest.json"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


def read() -> dict[str, Any]:
    """The manifest, as Slack's app settings take it."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def scopes() -> tuple[str, ...]:
    """What the bot asks for."""
    return tuple(str(scope) for scope in read()["oauth_config"]["scopes"]["bot"])


def over_http(url: str) -> dict[str, Any]:
    """The manifest for an app that is reached over HTTP and installed in many workspaces, with rotating tokens.

    Args:
        url: where Slack and browsers reach the web process, `https://…` without a slash at its end.
    """
    manifest = read()
    events = f"{url.rstrip('/')}{EVENTS_PATH}"
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["token_rotation_enabled"] = True
    settings["org_deploy_enabled"] = True
    settings["event_subscriptions"]["request_url"] = events
    settings["interactivity"]["request_url"] = events
    for command in manifest["features"]["slash_commands"]:
        command["url"] = events
    manifest["oauth_config"]["redirect_urls"] = [f"{url.rstrip('/')}{REDIRECT_PATH}"]
    return manifest
