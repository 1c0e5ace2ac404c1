"""Messages: posted by the app or a person, changed, deleted, reacted to; and who hears of it."""

import copy
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.workspace import events, mrkdwn
from bot.workspace.blocks import with_ids
from bot.workspace.core import Core
from bot.workspace.people import Person
from bot.workspace.shapes import ApiError, JsonObject, RefusedError
from bot.workspace.state import Channel, in_channel

TEXT_MOST = 40_000
"""Where Slack cuts a message's `text`."""
UNREAD_MOST = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What the app wants to post: blocks and metadata are checked already."""

    text: str = ""
    blocks: list[JsonObject] | None = None
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    broadcast: bool = False


def shown_on_page(core: Core, channel: Channel, body: JsonObject) -> JsonObject:
    """A message in the page's form: with metadata, thread summary and whether it is being streamed."""
    shown = channel.shown(body, metadata=True)
    if core.streams.is_streaming(channel.id, body["ts"], core.now()):
        shown["streaming"] = True
    return shown


def new_bot_body(core: Core, channel: Channel, draft: Draft) -> JsonObject:
    """The message that a draft becomes, not yet posted.

    Raises:
        ApiError: The thread is not one that can be replied to.
    """
    body: JsonObject = {
        "type": "message",
        "user": core.app.bot_user_id,
        "ts": core.new_ts(),
        "bot_id": core.app.bot_id,
        "app_id": core.app.app_id,
        "text": draft.text[:TEXT_MOST],
        "team": core.team.id,
        "bot_profile": core.app.profile(core.team.id),
    }
    if draft.blocks:
        body["blocks"] = with_ids(draft.blocks, core.block_id)
    if draft.metadata:
        body["metadata"] = copy.deepcopy(draft.metadata)
    _thread(channel, body, draft.thread_ts, broadcast=draft.broadcast)
    return body


def person_says(
    core: Core,
    channel: Channel,
    person: Person,
    text: str,
    *,
    thread_ts: str | None,
    broadcast: bool = False,
    files: Sequence[JsonObject] = (),
) -> JsonObject:
    """A person posts what they typed, with the files that they chose.

    Raises:
        RefusedError: It is empty or too long, the channel is archived, or the person is not in it.
    """
    if not text.strip() and not files:
        raise RefusedError("There is nothing to send.")
    if len(text) > TEXT_MOST:
        raise RefusedError(f"A message holds at most {TEXT_MOST:,} characters; this one has {len(text):,}.")
    if channel.archived:
        raise RefusedError(f"#{channel.name} is archived.")
    if person.id not in channel.members:
        raise RefusedError(f"{person.real_name} is not in #{channel.name}.")
    if channel.kind == "im" and not core.app.messages_enabled:
        raise RefusedError(f"Sending messages to {core.app.name} has been turned off.")
    body: JsonObject = {
        "user": person.id,
        "type": "message",
        "ts": core.new_ts(),
        "client_msg_id": str(uuid.uuid4()),
        "text": mrkdwn.typed(text),
        "team": core.team.id,
    }
    if text.strip():
        body["blocks"] = [mrkdwn.rich_text(text, core.block_id())]
    if files:
        body |= {"subtype": "file_share", "files": list(files), "upload": False}
    try:
        _thread(channel, body, thread_ts, broadcast=broadcast)
    except ApiError:
        raise RefusedError("The message that you reply to is gone.") from None
    publish(core, channel, body)
    if in_channel(body):
        core.state.mark_read(person.id, channel.id, body["ts"])
    return body


def publish(core: Core, channel: Channel, body: JsonObject) -> None:
    """Adds a message to its channel, and tells pages and the app."""
    core.state.keep_message(channel, body)
    audience = list(core.audience(channel))
    core.tell({"type": "message", "channel": channel.id, "message": shown_on_page(core, channel, body)}, audience)
    _tell_thread(core, channel, body)
    if in_channel(body):
        for user_id in core.feed.watching.intersection(audience) - {body["user"]}:
            core.tell(unread_notice(core, user_id, channel), [user_id])
    elif body.get("bot_id"):
        _status_done(core, channel, body["thread_ts"])
    _emit_message(core, channel, body)


def _status_done(core: Core, channel: Channel, thread_ts: str) -> None:
    """A thread's status goes when the app answers there; a session's is the app's own to end."""
    key = (channel.id, thread_ts)
    if core.statuses.get(key) and core.sessions.get(key) != "processing":
        core.statuses[key] = ""
        notice = {"type": "status", "channel": channel.id, "thread_ts": thread_ts, "status": ""}
        core.tell(notice, core.audience(channel))


def _emit_message(core: Core, channel: Channel, body: JsonObject) -> None:
    event = events.message(channel, body)
    if channel.kind == "im" and core.app.agent_view and (seen := core.looking_at.get(body["user"])):
        event["app_context"] = events.context_entities(seen, core.team.id)
    if channel.kind != "im" and core.app.bot_user_id in mrkdwn.mentioned(body["text"]) and not body.get("bot_id"):
        core.emit(events.app_mention(channel, body), channel)
    core.emit(event, channel)


def change(core: Core, channel: Channel, ts: str, changes: JsonObject, *, editor: str) -> JsonObject:
    """Gives a message other fields (None removes one), marks it as edited, and tells pages and the app.

    `editor` is the user who changes it; empty for a change that Slack doesn't mark as an edit.
    """
    old = channel.messages[ts]
    body = {**copy.deepcopy(old), **copy.deepcopy(changes)}
    body = {name: value for name, value in body.items() if value is not None}
    event_ts = core.new_ts()
    if editor:
        body["edited"] = {"user": editor, "ts": event_ts}
    core.state.keep_message(channel, body)
    tell_changed(core, channel, body)
    core.emit(events.message_changed(channel, channel.shown(body), channel.shown(old), event_ts), channel)
    return body


def tell_changed(core: Core, channel: Channel, body: JsonObject) -> None:
    """Pages draw this message anew."""
    core.tell(
        {"type": "message_changed", "channel": channel.id, "message": shown_on_page(core, channel, body)},
        core.audience(channel),
    )


def remove(core: Core, channel: Channel, ts: str) -> None:
    """Deletes a message. A root with replies leaves a tombstone, as in Slack."""
    old = channel.messages[ts]
    core.streams.end(channel.id, ts)
    if channel.threads.get(ts):
        tombstone = {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "text": "This message was deleted.",
            "hidden": True,
            "ts": ts,
            "thread_ts": ts,
        }
        core.state.keep_message(channel, tombstone)
        tell_changed(core, channel, tombstone)
    else:
        core.state.drop_message(channel, ts)
        notice = {"type": "message_deleted", "channel": channel.id, "ts": ts}
        if not in_channel(old) or old.get("thread_ts"):
            notice["thread_ts"] = old["thread_ts"]
        core.tell(notice, core.audience(channel))
        _tell_thread(core, channel, old)
    core.emit(events.message_deleted(channel, channel.shown(old), core.new_ts()), channel)


def react(core: Core, channel: Channel, ts: str, user_id: str, name: str, *, add: bool) -> None:
    """Adds a user's reaction to a message, or takes it back.

    Raises:
        ApiError: `message_not_found`, `invalid_name`, `already_reacted` or `no_reaction`.
    """
    name = name.strip(":")
    body = channel.messages.get(ts)
    if body is None:
        raise ApiError("message_not_found")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise ApiError("invalid_name")
    reactions = {r["name"]: list(r["users"]) for r in body.get("reactions", ())}
    users = reactions.setdefault(name, [])
    if add == (user_id in users):
        raise ApiError("already_reacted" if add else "no_reaction")
    if add:
        users.append(user_id)
    else:
        users.remove(user_id)
    kept = [{"name": n, "users": u, "count": len(u)} for n, u in reactions.items() if u]
    new = {**body, "reactions": kept}
    if not kept:
        del new["reactions"]
    core.state.keep_message(channel, new)
    core.tell({"type": "reaction", "channel": channel.id, "ts": ts, "reactions": kept}, core.audience(channel))
    event = events.reaction(
        user_id,
        name,
        item_user=body["user"],
        channel_id=channel.id,
        message_ts=ts,
        ts=core.new_ts(),
        added=add,
    )
    core.emit(event, channel)


def unread(core: Core, user_id: str, channel: Channel) -> tuple[int, int]:
    """How many messages of others a user has not seen in a channel, and how many of them call the user.

    Only the latest `UNREAD_MOST` messages are looked at: a page shows no larger number.
    """
    mark = core.state.reads.get((user_id, channel.id), "")
    count = mentions = 0
    for ts in islice(reversed(channel.messages), UNREAD_MOST):
        if ts <= mark:
            break
        body = channel.messages[ts]
        if in_channel(body) and body["user"] != user_id:
            count += 1
            called = mrkdwn.mentioned(body["text"]) & {user_id, "here", "channel", "everyone"}
            mentions += bool(called) or channel.kind == "im"
    return count, mentions


def unread_notice(core: Core, user_id: str, channel: Channel) -> JsonObject:
    """The page's notice of what is unread."""
    count, mentions = unread(core, user_id, channel)
    return {
        "type": "unread",
        "channel": channel.id,
        "unread": count,
        "mentions": mentions,
        "last_read": core.state.reads.get((user_id, channel.id)),
    }


def _thread(channel: Channel, body: JsonObject, thread_ts: str | None, *, broadcast: bool) -> None:
    """Puts a new message into its thread."""
    if not thread_ts:
        return
    root = channel.messages.get(thread_ts)
    if root is None:
        raise ApiError("thread_not_found")
    if root.get("thread_ts", thread_ts) != thread_ts:
        # Slack wants the root's ts; a reply's own ts starts no thread.
        raise ApiError("cannot_reply_to_message")
    body["thread_ts"] = thread_ts
    body["parent_user_id"] = root["user"]
    if broadcast:
        body["subtype"] = "thread_broadcast"


def _tell_thread(core: Core, channel: Channel, body: JsonObject) -> None:
    root = body.get("thread_ts")
    if root and root != body["ts"] and root in channel.messages:
        summary = channel.summary(root) or {"reply_count": 0, "reply_users": [], "latest_reply": None}
        notice = {"type": "thread_changed", "channel": channel.id, "ts": root}
        for name in ("reply_count", "reply_users", "latest_reply"):
            notice[name] = summary[name]
        core.tell(notice, core.audience(channel))
