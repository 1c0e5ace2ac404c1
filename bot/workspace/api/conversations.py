"""conversations.* and users.conversations: channels, their members, their history."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.workspace import membership
from bot.workspace.api.args import Args
from bot.workspace.api.methods import HISTORY, READ, Family, require_scope, visible_channel
from bot.workspace.core import Core
from bot.workspace.ids import ts_micros
from bot.workspace.pace import HISTORY as HISTORY_PACE
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel

FAMILY = Family()
T = TypeVar("T")
RESTRICTED_MOST = 15
"""Objects a page for commercially distributed apps outside the Marketplace."""
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@FAMILY.method("conversations.list")
async def list_all(core: Core, args: Args) -> JsonObject:
    """Channels that the app may know of."""
    kinds = _kinds(core, args)
    found = [c for c in core.state.channels.values() if c.kind in kinds and (c.kind == "channel" or core.is_member(c))]
    return _channels_page(core, args, found)


@FAMILY.method("users.conversations")
async def list_of_user(core: Core, args: Args) -> JsonObject:
    """Channels that a user (without one: the app) is in."""
    user_id = args.text("user") or core.app.bot_user_id
    if core.user(user_id) is None:
        raise ApiError("user_not_found")
    kinds = _kinds(core, args)
    found = [
        c
        for c in core.state.channels.values()
        if c.kind in kinds and user_id in c.members and (c.kind == "channel" or core.is_member(c))
    ]
    return _channels_page(core, args, found)


@FAMILY.method("conversations.info")
async def info(core: Core, args: Args) -> JsonObject:
    """One channel."""
    channel = visible_channel(core, args.text("channel"))
    require_scope(core, READ[channel.kind])
    described = membership.channel_object(
        core, channel, for_user=core.app.bot_user_id, count=args.flag("include_num_members")
    )
    return {"channel": described}


@FAMILY.method("conversations.members")
async def members(core: Core, args: Args) -> JsonObject:
    """Who is in a channel."""
    channel = visible_channel(core, args.text("channel"))
    require_scope(core, READ[channel.kind])
    page, cursor = paged(channel.members, args, default=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


@FAMILY.method("conversations.history")
async def history(core: Core, args: Args) -> JsonObject:
    """A channel's messages, newest first; replies only where they were also sent to the channel."""
    channel, limit = _readable(core, args, default=100, most=999)
    wanted = _between(channel.top_level(), args)[::-1]
    page, cursor = paged(wanted, args, default=100, limit=limit)
    metadata = args.flag("include_all_metadata")
    return {
        "messages": [channel.shown(body, metadata=metadata) for body in page],
        "has_more": bool(cursor),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


@FAMILY.method("conversations.replies")
async def replies(core: Core, args: Args) -> JsonObject:
    """A thread: its root, then its replies, oldest first."""
    channel, limit = _readable(core, args, default=1000, most=1000)
    root = channel.messages.get(args.need("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    answers = _between(channel.replies(root["ts"]), args)
    page, cursor = paged([root, *answers], args, default=1000, limit=limit)
    metadata = args.flag("include_all_metadata")
    return {
        "messages": [channel.shown(body, metadata=metadata) for body in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


@FAMILY.method("conversations.join", "channels:join")
async def join(core: Core, args: Args) -> JsonObject:
    """The app comes into a public channel."""
    channel = visible_channel(core, args.text("channel"))
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    fresh = membership.join(core, channel, core.app.bot_user_id)
    answer: JsonObject = {
        "channel": membership.channel_object(core, channel, for_user=core.app.bot_user_id),
    }
    if not fresh:
        answer["warning"] = "already_in_channel"
        answer["response_metadata"] = {"warnings": ["already_in_channel"]}
    return answer


@FAMILY.method("conversations.leave", "channels:manage", "channels:write", "groups:write")
async def leave(core: Core, args: Args) -> JsonObject:
    """The app goes out of a channel."""
    channel = visible_channel(core, args.text("channel"))
    if channel.kind == "im":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise ApiError("cant_leave_general")
    return {} if membership.leave(core, channel, core.app.bot_user_id) else {"not_in_channel": True}


@FAMILY.method("conversations.create", "channels:manage", "channels:write", "groups:write")
async def create(core: Core, args: Args) -> JsonObject:
    """Makes a channel with the app in it."""
    channel = membership.create(core, args.text("name"), core.app.bot_user_id, private=args.flag("is_private"))
    return {"channel": membership.channel_object(core, channel, for_user=core.app.bot_user_id)}


@FAMILY.method("conversations.invite", "channels:manage", "channels:write", "channels:write.invites", "groups:write")
async def invite(core: Core, args: Args) -> JsonObject:
    """Puts people into a channel that the app is in."""
    channel = visible_channel(core, args.text("channel"))
    if channel.kind == "im":
        raise ApiError("method_not_supported_for_channel_type")
    if not core.is_member(channel):
        raise ApiError("not_in_channel")
    users = args.words("users")
    if not users:
        raise ApiError("no_user")
    for user_id in users:
        if user_id == core.app.bot_user_id:
            raise ApiError("cant_invite_self")
        if user_id not in core.people:
            raise ApiError("user_not_found")
        if user_id in channel.members:
            raise ApiError("already_in_channel")
    for user_id in users:
        membership.join(core, channel, user_id, inviter=core.app.bot_user_id)
    return {"channel": membership.channel_object(core, channel, for_user=core.app.bot_user_id)}


@FAMILY.method("conversations.open", "im:write", "mpim:write", "channels:manage", "groups:write")
async def open_dm(core: Core, args: Args) -> JsonObject:
    """The direct messages with a user."""
    if channel_id := args.text("channel"):
        channel = visible_channel(core, channel_id)
        if channel.kind != "im":
            raise ApiError("method_not_supported_for_channel_type")
    else:
        users = args.words("users")
        if len(users) != 1:
            raise ApiError("not_enough_users" if not users else "too_many_users")
        if users[0] == core.app.bot_user_id:
            raise ApiError("cannot_dm_bot")
        channel = core.dm(users[0])
    described: JsonObject = {"id": channel.id}
    if args.flag("return_im"):
        described = membership.channel_object(core, channel, for_user=core.app.bot_user_id)
    return {"no_op": True, "already_open": True, "channel": described}


def paged(entries: Sequence[T], args: Args, *, default: int, limit: int | None = None) -> tuple[list[T], str]:
    """One page of a list, and the cursor of the next (empty at the end).

    Raises:
        ApiError: `invalid_cursor` or `invalid_limit`.
    """
    size = limit if limit is not None else args.number("limit", default)
    start = 0
    if cursor := args.text("cursor"):
        try:
            name, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
            start = int(number)
        except (ValueError, binascii.Error):
            raise ApiError("invalid_cursor") from None
        if name != "next" or start < 0:
            raise ApiError("invalid_cursor")
    end = start + size
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(entries) else ""
    return list(entries[start:end]), following


def _kinds(core: Core, args: Args) -> set[str]:
    kinds = set()
    for name in args.words("types") or ["public_channel"]:
        if name not in _TYPES:
            raise ApiError("invalid_types")
        kind = _TYPES[name]
        require_scope(core, READ.get(kind, "mpim:read"))
        kinds.add(kind)
    return kinds


def _channels_page(core: Core, args: Args, found: list[Channel]) -> JsonObject:
    if args.flag("exclude_archived"):
        found = [channel for channel in found if not channel.archived]
    page, cursor = paged(found, args, default=100)
    described = [
        membership.channel_object(core, channel, for_user=core.app.bot_user_id, count=True) for channel in page
    ]
    return {"channels": described, "response_metadata": {"next_cursor": cursor}}


def _readable(core: Core, args: Args, *, default: int, most: int) -> tuple[Channel, int]:
    """The channel to read, and how many objects a page may hold."""
    channel = visible_channel(core, args.text("channel"))
    require_scope(core, HISTORY[channel.kind])
    if not core.is_member(channel):
        raise ApiError("not_in_channel")
    limit = args.number("limit", default, most=most)
    if core.faults.restricted_history:
        if seconds := core.pace.wait("history", HISTORY_PACE, core.now().timestamp()):
            raise ApiError("ratelimited", retry_after=seconds)
        limit = min(limit, RESTRICTED_MOST)
    return channel, limit


def _between(bodies: list[JsonObject], args: Args) -> list[JsonObject]:
    """The messages after `oldest` and before `latest`; those at the bounds only where `inclusive` is set."""
    oldest = args.micros("oldest", "invalid_ts_oldest")
    latest = args.micros("latest", "invalid_ts_latest")
    if oldest is None and latest is None:
        return bodies
    inclusive = args.flag("inclusive")

    def within(ts: int) -> bool:
        if inclusive and ts in (oldest, latest):
            return True
        return (oldest is None or ts > oldest) and (latest is None or ts < latest)

    return [body for body in bodies if within(ts_micros(body["ts"]))]
