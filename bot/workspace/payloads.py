"""The payloads of commands and interactions, in Slack's full form. Pure but for the ids they are given."""

import copy

from bot.workspace.manifest import AppConfig
from bot.workspace.people import Person
from bot.workspace.shapes import JsonObject
from bot.workspace.state import Channel


def slash_command(
    app: AppConfig,
    team: JsonObject,
    person: Person,
    channel: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> JsonObject:
    """What a slash command sends."""
    return {
        "token": app.verification_token,
        "team_id": team["id"],
        "team_domain": team["domain"],
        "channel_id": channel.id,
        "channel_name": named(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(kind: str, app: AppConfig, team: JsonObject, person: Person) -> JsonObject:
    """What all interactions share."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": team["id"]},
        "api_app_id": app.app_id,
        "token": app.verification_token,
        "team": dict(team),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def named(channel: Channel) -> str:
    """A channel's name as payloads give it."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def channel_ref(channel: Channel) -> JsonObject:
    """A channel within a payload."""
    return {"id": channel.id, "name": named(channel)}


def action_of(block: JsonObject, element: JsonObject, given: JsonObject, action_ts: str) -> JsonObject:
    """One entry of `actions`: what the element is, and what the person chose.

    Args:
        block: The block that holds it.
        element: The element that was used.
        given: What the page says was chosen: `value`, `selected_option` and the like.
        action_ts: When.
    """
    action: JsonObject = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    for name in ("text", "style", "placeholder", "value", "confirm", "initial_option", "initial_options"):
        if name in element and name != "confirm":
            action[name] = copy.deepcopy(element[name])
    if element["type"] == "feedback_buttons":
        action["text"] = _feedback_text(element, given)
    kept = ("type", "action_id", "block_id", "action_ts", "text", "style", "placeholder")
    action.update({name: value for name, value in given.items() if name not in kept})
    if element["type"] == "button" and "value" in element:
        # A button's value is the app's own; a page can't send another.
        action["value"] = element["value"]
    return action


def _feedback_text(element: JsonObject, given: JsonObject) -> JsonObject:
    for side in ("positive_button", "negative_button"):
        if element[side]["value"] == given.get("value"):
            return dict(element[side]["text"])
    return {}
