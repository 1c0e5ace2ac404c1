"""The Slack app manifest that creates the app with one paste."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

MANIFEST = Path(__file__).parents[2] / "manifest.json"

SCOPES = {
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
}
"""What the bot may do, and no more."""

SCOPE_OF_EVENT = {
    "agent_session_stopped": "assistant:write",
    "app_context_changed": "assistant:write",
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_shared": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_unshared": "channels:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.im": "im:history",
    "tokens_revoked": None,
}
"""Each event that is listened to, and the scope without which Slack doesn't send it (Slack's events reference).

The two agent events come only to apps declared as agents, and the declaration brings `assistant:write`.
"""

LONGEST = {
    "display_information.name": 35,
    "display_information.description": 140,
    "display_information.long_description": 4000,
    "features.bot_user.display_name": 80,
    "features.agent_view.agent_description": 300,
    "features.shortcuts.name": 24,
    "features.shortcuts.callback_id": 255,
    "features.shortcuts.description": 150,
    "features.slash_commands.command": 32,
    "features.slash_commands.description": 2000,
    "features.slash_commands.usage_hint": 1000,
}
"""The most characters Slack takes for a text: its published manifest schema, but for `agent_description`, which is
not in it; 300 is what those report whose longer one was refused."""

SHORTEST_LONG_DESCRIPTION = 175
MOST_PROMPTS = 4


def manifest() -> dict[str, Any]:
    """Read the manifest as Slack does."""
    found: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return found


def texts_at(path: str) -> list[str]:
    """Return the texts at a dotted path; a list on the way stands for each of its entries."""
    nodes: list[Any] = [manifest()]
    for key in path.split("."):
        nodes = [inner for node in nodes for inner in (node if isinstance(node, list) else [node])]
        nodes = [node[key] for node in nodes]
    return nodes


@pytest.mark.parametrize(("path", "longest"), LONGEST.items())
def test_texts_fit_slacks_limits(path: str, longest: int) -> None:
    """Slack would refuse the paste if a text were missing or too long."""
    found = texts_at(path)
    assert found
    for text in found:
        assert 0 < len(text) <= longest


def test_long_description_is_long_enough() -> None:
    """Slack refuses a long description below its least length."""
    assert len(manifest()["display_information"]["long_description"]) >= SHORTEST_LONG_DESCRIPTION


def test_background_colour_is_hexadecimal() -> None:
    """Slack takes only # and three or six hexadecimal digits."""
    assert re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", manifest()["display_information"]["background_color"])


def test_scopes_are_the_few_that_are_needed() -> None:
    """Nobody is asked for more rights than the bot uses, and no user token is asked for."""
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    assert scopes["bot"] == sorted(SCOPES)


def test_events_are_those_that_are_handled() -> None:
    """The bot hears what it needs, and nothing is sent to it that it would drop."""
    assert manifest()["settings"]["event_subscriptions"] == {"bot_events": sorted(SCOPE_OF_EVENT)}


@pytest.mark.parametrize(("event", "scope"), SCOPE_OF_EVENT.items())
def test_each_events_scope_is_asked_for(event: str, scope: str | None) -> None:
    """Slack sends no event whose scope the app lacks."""
    assert scope is None or scope in manifest()["oauth_config"]["scopes"]["bot"], event


def test_agent_view_is_declared_the_new_way() -> None:
    """New apps can declare only agent_view, whose prompts are at most four, each with a title and a message."""
    features = manifest()["features"]
    assert "assistant_view" not in features
    prompts = features["agent_view"]["suggested_prompts"]
    assert 0 < len(prompts) <= MOST_PROMPTS
    for prompt in prompts:
        assert set(prompt) == {"title", "message"}
        assert all(prompt.values())


def test_people_can_write_to_the_bot() -> None:
    """Home and messages are both there, and messages aren't read only."""
    assert manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_one_command_whose_channels_come_as_ids() -> None:
    """`/tapeout add … #news` must reach us as an id: a channel's name alone can't be looked up reliably."""
    commands = manifest()["features"]["slash_commands"]
    assert [command["command"] for command in commands] == ["/tapeout"]
    assert commands[0]["should_escape"] is True
    assert "url" not in commands[0]


def test_shortcuts_are_those_that_are_handled() -> None:
    """One shortcut on a message, one everywhere."""
    shortcuts = manifest()["features"]["shortcuts"]
    assert {(shortcut["type"], shortcut["callback_id"]) for shortcut in shortcuts} == {
        ("message", "ask_about_story"),
        ("global", "add_feed"),
    }


def test_app_runs_by_socket_without_any_public_address() -> None:
    """One paste is enough: Socket Mode is on, buttons work, and no address has to be filled in."""
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["token_rotation_enabled"] is False
    assert settings["org_deploy_enabled"] is False
    assert "http" not in MANIFEST.read_text(encoding="utf-8")
