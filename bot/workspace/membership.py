"""Channels: made, joined, left, renamed, archived; and who hears of it."""

import re
from collections.abc import Iterable

from bot.workspace import events
from bot.workspace.core import Core
from bot.workspace.posting import publish, unread
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel

NAME_MOST = 80
_NAME = re.compile(r"[a-z0-9_\-\u00e0-\uffff]+")


def channel_object(core: Core, channel: Channel, *, for_user: str, count: bool = False) -> JsonObject:
    """A channel as the Web API gives it to a user (for an app: its bot user)."""
    if channel.kind == "im":
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": core.team.id,
            "updated": channel.created * 1000,
            "user": channel.user,
            "is_user_deleted": False,
            "priority": 0,
        }
    public = channel.kind == "channel"
    described: JsonObject = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": public,
        "is_group": not public,
        "is_im": False,
        "is_mpim": False,
        "is_private": not public,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": channel.external,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": core.team.id,
        "updated": channel.created * 1000,
        "parent_conversation": None,
        "creator": channel.creator,
        "is_ext_shared": channel.external,
        "shared_team_ids": [core.team.id],
        "pending_connected_team_ids": [],
        "is_member": for_user in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": list(channel.previous_names),
    }
    if count:
        described["num_members"] = len(channel.members)
    return described


def page_channel(core: Core, channel: Channel, user_id: str) -> JsonObject:
    """A channel as the page draws it for a user."""
    count, mentions = unread(core, user_id, channel)
    top = channel.top_level()
    described: JsonObject = {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.kind == "im",
        "is_private": channel.kind == "group",
        "topic": channel.topic,
        "members": list(channel.members),
        "last_ts": top[-1]["ts"] if top else None,
        "last_read": core.state.reads.get((user_id, channel.id)),
        "unread": count,
        "mentions": mentions,
        "is_archived": channel.archived,
    }
    if channel.kind == "im":
        described["user"] = core.app.bot_user_id
    return described


def tell_channel(core: Core, channel: Channel, also: Iterable[str] = ()) -> None:
    """Pages draw this channel anew; `also` are users who have just lost sight of it."""
    for user_id in {*core.audience(channel), *also} & set(core.people):
        core.tell({"type": "channel", "channel": page_channel(core, channel, user_id)}, [user_id])


def create(core: Core, name: str, creator: str, *, private: bool) -> Channel:
    """A new channel with its creator in it.

    Raises:
        ApiError: `invalid_name_required`, `invalid_name_maxlength`, `invalid_name_specials` or `name_taken`.
    """
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > NAME_MOST:
        raise ApiError("invalid_name_maxlength")
    if not _NAME.fullmatch(name):
        raise ApiError("invalid_name_specials")
    if core.find_channel(name):
        raise ApiError("name_taken")
    channel = Channel(
        id=core.new_id("C"),
        name=name,
        kind="group" if private else "channel",
        created=int(core.now().timestamp()),
        creator=creator,
        members=[creator],
    )
    core.state.keep_channel(channel)
    tell_channel(core, channel)
    return channel


def join(core: Core, channel: Channel, user_id: str, *, inviter: str | None = None) -> bool:
    """Puts a user into a channel; False where the user was in it already."""
    if user_id in channel.members:
        return False
    channel.members.append(user_id)
    core.state.keep_channel(channel)
    _say(core, channel, user_id, "channel_join" if channel.kind == "channel" else "group_join", "has joined")
    event = events.member_changed(channel, user_id, core.team.id, joined=True, inviter=inviter, ts=core.new_ts())
    core.emit(event, channel)
    tell_channel(core, channel)
    return True


def leave(core: Core, channel: Channel, user_id: str) -> bool:
    """Takes a user out of a channel; False where the user was not in it."""
    if user_id not in channel.members:
        return False
    _say(core, channel, user_id, "channel_leave" if channel.kind == "channel" else "group_leave", "has left")
    channel.members.remove(user_id)
    core.state.keep_channel(channel)
    event = events.member_changed(channel, user_id, core.team.id, joined=False, inviter=None, ts=core.new_ts())
    core.emit(event, channel)
    tell_channel(core, channel, also=[user_id])
    return True


def rename(core: Core, channel: Channel, name: str) -> None:
    """Gives a channel another name."""
    channel.previous_names.append(channel.name)
    channel.name = name
    core.state.keep_channel(channel)
    core.emit(events.channel_rename(channel, core.new_ts()), channel)
    tell_channel(core, channel)


def archive(core: Core, channel: Channel, user_id: str, *, archived: bool) -> None:
    """Archives a channel, or brings it back."""
    channel.archived = archived
    core.state.keep_channel(channel)
    core.emit(events.channel_archive(channel, user_id, core.new_ts(), archived=archived), channel)
    tell_channel(core, channel)


def share(core: Core, channel: Channel, *, external: bool) -> None:
    """Shares a channel with another organisation, or ends that."""
    channel.external = external
    core.state.keep_channel(channel)
    core.emit(events.channel_shared(channel, core.new_ts(), external=external), channel)


def _say(core: Core, channel: Channel, user_id: str, subtype: str, verb: str) -> None:
    """The line that Slack writes into a channel when someone comes or goes."""
    body = {
        "subtype": subtype,
        "user": user_id,
        "text": f"<@{user_id}> {verb} the channel",
        "type": "message",
        "ts": core.new_ts(),
    }
    publish(core, channel, body)
