"""The events that Slack sends to an app, in their full form. Pure: data in, JSON out."""

import copy

from bot.workspace.manifest import AppConfig
from bot.workspace.shapes import JsonObject
from bot.workspace.state import Channel

_SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_CHANNEL_LETTER = {"channel": "C", "group": "G", "im": "D"}


#: The organisation with which channels are shared here.
_STRANGERS = "T0STRANGERS"


def callback(
    app: AppConfig, team_id: str, event: JsonObject, *, event_id: str, event_time: int, external: bool
) -> JsonObject:
    """The payload around an event (`event_callback`); `external` is `is_ext_shared_channel`."""
    return {
        "token": app.verification_token,
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": external,
        "event_context": f"4-{event_id}",
    }


def subscription(event: JsonObject) -> str:
    """The name under which a manifest subscribes to this event, such as `message.im`."""
    if event["type"] == "message":
        return _SUBSCRIPTION[event["channel_type"]]
    return str(event["type"])


def message(channel: Channel, body: JsonObject) -> JsonObject:
    """A message that was posted; threads and subtypes are in the body."""
    return {
        **copy.deepcopy(body),
        "channel": channel.id,
        "event_ts": body["ts"],
        "channel_type": channel.kind,
    }


def app_mention(channel: Channel, body: JsonObject) -> JsonObject:
    """The second event of a message that mentions the app's bot."""
    event = {**copy.deepcopy(body), "type": "app_mention", "channel": channel.id, "event_ts": body["ts"]}
    event.pop("metadata", None)
    return event


def message_changed(channel: Channel, new: JsonObject, old: JsonObject, ts: str) -> JsonObject:
    """A message's text, blocks or thread changed; `ts` is the event's own."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": copy.deepcopy(new),
        "previous_message": copy.deepcopy(old),
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def message_deleted(channel: Channel, old: JsonObject, ts: str) -> JsonObject:
    """A message was deleted; `ts` is the event's own."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": copy.deepcopy(old),
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": old["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def app_home_opened(user_id: str, channel_id: str, tab: str, view: JsonObject | None, ts: str) -> JsonObject:
    """A user came to the app: `tab` is `home` or `messages`; the view is there once one was published."""
    event: JsonObject = {"type": "app_home_opened", "user": user_id, "channel": channel_id, "tab": tab, "event_ts": ts}
    if tab == "home" and view is not None:
        event["view"] = copy.deepcopy(view)
    return event


def context_entities(channel_id: str, team_id: str) -> JsonObject:
    """What a user looks at, as `agent_view` apps learn it: the channel."""
    return {"entities": [{"type": "slack#/types/channel_id", "value": channel_id, "team_id": team_id}]}


def app_context_changed(user_id: str, channel_id: str, context: JsonObject, ts: str) -> JsonObject:
    """What a user looks at changed while the app was open beside it; `channel_id` is the app's DM."""
    return {
        "type": "app_context_changed",
        "user": user_id,
        "channel": channel_id,
        "context": context,
        "event_ts": ts,
    }


def agent_session_stopped(user_id: str, channel_id: str, thread_ts: str, streaming: list[str], ts: str) -> JsonObject:
    """A user pressed Stop; `streaming` are the messages whose streams Slack ended."""
    return {
        "type": "agent_session_stopped",
        "channel": channel_id,
        "user": user_id,
        "thread_ts": thread_ts,
        "streaming_message_ts": streaming,
        "event_ts": ts,
    }


def member_changed(
    channel: Channel, user_id: str, team_id: str, *, joined: bool, inviter: str | None, ts: str
) -> JsonObject:
    """Someone (perhaps the bot) came into a channel or left it."""
    event = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": _CHANNEL_LETTER[channel.kind],
        "team": team_id,
        "event_ts": ts,
    }
    if joined and inviter:
        event["inviter"] = inviter
    return event


def channel_archive(channel: Channel, user_id: str, ts: str, *, archived: bool) -> JsonObject:
    """A channel was archived, or brought back."""
    kind = "channel_archive" if archived else "channel_unarchive"
    return {"type": kind, "channel": channel.id, "user": user_id, "is_moved": 0, "event_ts": ts}


def channel_shared(channel: Channel, ts: str, *, external: bool) -> JsonObject:
    """A channel was shared with another organisation, or is no longer."""
    if external:
        return {"type": "channel_shared", "connected_team_id": _STRANGERS, "channel": channel.id, "event_ts": ts}
    ended = {"type": "channel_unshared", "previously_connected_team_id": _STRANGERS, "is_ext_shared": False}
    return ended | {"channel": channel.id, "event_ts": ts}


def channel_rename(channel: Channel, ts: str) -> JsonObject:
    """A channel has a new name."""
    described = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "is_channel": channel.kind == "channel",
        "is_mpim": False,
    }
    return {"type": "channel_rename", "channel": described, "event_ts": ts}


def reaction(
    user_id: str, name: str, *, item_user: str, channel_id: str, message_ts: str, ts: str, added: bool
) -> JsonObject:
    """Someone reacted to a message, or took it back."""
    return {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user_id,
        "reaction": name,
        "item": {"type": "message", "channel": channel_id, "ts": message_ts},
        "item_user": item_user,
        "event_ts": ts,
    }
