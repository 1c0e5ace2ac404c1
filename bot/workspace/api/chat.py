"""chat.*: posting, changing and deleting messages (streams have a module of their own)."""

import json
import re

from bot.workspace.answers import Place, whisper
from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family, keep_pace, visible_channel, writable_channel
from bot.workspace.blocks import blocks_error, with_ids
from bot.workspace.core import Core
from bot.workspace.pace import POST, UPDATE
from bot.workspace.posting import Draft, change, new_bot_body, publish, remove
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel
from bot.workspace.streams import TEXT_MOST as MARKDOWN_MOST

FAMILY = Family()
UPDATE_TEXT_MOST = 4_000
"""Characters of `text` that `chat.update` takes (its reference page)."""
METADATA_MOST = 16_000
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_.\-]{1,255}")


@FAMILY.method("chat.postMessage", "chat:write", "chat:write.public")
async def post_message(core: Core, args: Args) -> JsonObject:
    """Posts a message to a channel, a thread or a user."""
    channel = writable_channel(core, args.text("channel"))
    keep_pace(core, f"post/{channel.id}", POST)
    draft = _draft(args)
    body = new_bot_body(core, channel, draft)
    publish(core, channel, body)
    return {"channel": channel.id, "ts": body["ts"], "message": channel.shown(body, metadata=True)}


@FAMILY.method("chat.postEphemeral", "chat:write")
async def post_ephemeral(core: Core, args: Args) -> JsonObject:
    """Shows a message to one user of a channel."""
    channel = writable_channel(core, args.text("channel"))
    user_id = args.need("user")
    if user_id not in core.people:
        raise ApiError("user_not_found")
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    draft = _draft(args)
    return {"message_ts": whisper(core, Place(user_id, channel.id, draft.thread_ts), draft)}


@FAMILY.method("chat.update", "chat:write")
async def update(core: Core, args: Args) -> JsonObject:
    """Changes a message that the app posted. Blocks and metadata that are not sent stay as they are."""
    channel = visible_channel(core, args.text("channel"))
    ts = _own_message(core, channel, args, "cant_update_message")
    if channel.archived:
        raise ApiError("is_archived")
    keep_pace(core, f"update/{channel.id}/{ts}", UPDATE)
    if core.streams.is_streaming(channel.id, ts, core.now()):
        raise ApiError("streaming_state_conflict")
    if len(args.text("text")) > UPDATE_TEXT_MOST:
        raise ApiError("msg_too_long")
    draft = _draft(args)
    changes: JsonObject = {}
    if args.has("text") or args.has("markdown_text"):
        changes["text"] = draft.text
    if draft.blocks is not None:
        changes["blocks"] = with_ids(draft.blocks, core.block_id) or None
    if draft.metadata is not None:
        changes["metadata"] = draft.metadata or None
    core.streams.end(channel.id, ts)
    body = change(core, channel, ts, changes, editor=core.app.bot_user_id)
    return {
        "channel": channel.id,
        "ts": ts,
        "text": body["text"],
        "message": channel.shown(body, metadata=True),
    }


@FAMILY.method("chat.delete", "chat:write")
async def delete(core: Core, args: Args) -> JsonObject:
    """Deletes a message that the app posted."""
    channel = visible_channel(core, args.text("channel"))
    ts = _own_message(core, channel, args, "cant_delete_message")
    remove(core, channel, ts)
    return {"channel": channel.id, "ts": ts}


@FAMILY.method("chat.getPermalink")
async def get_permalink(core: Core, args: Args) -> JsonObject:
    """The address of a message."""
    channel = visible_channel(core, args.text("channel"))
    body = channel.messages.get(args.need("message_ts"))
    if body is None:
        raise ApiError("message_not_found")
    link = f"{core.url}/archives/{channel.id}/p{body['ts'].replace('.', '')}"
    root = body.get("thread_ts")
    if root and root != body["ts"]:
        link += f"?thread_ts={root}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def read_metadata(args: Args) -> JsonObject | None:
    """The message metadata of a call, checked.

    Raises:
        ApiError: `invalid_metadata_format`, `invalid_metadata_schema` or `metadata_too_large`.
    """
    metadata = args.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not metadata:
        return {}
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not _EVENT_TYPE.fullmatch(event_type) or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_MOST:
        raise ApiError("metadata_too_large")
    return {"event_type": event_type, "event_payload": payload}


def read_blocks(args: Args) -> list[JsonObject] | None:
    """The blocks of a call, checked.

    Raises:
        ApiError: `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`.
    """
    blocks = args.parsed("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if error := blocks_error(blocks):
        raise error
    return blocks


def _draft(args: Args) -> Draft:
    text, markdown = args.text("text"), args.text("markdown_text")
    blocks = read_blocks(args)
    if markdown:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_MOST:
            raise ApiError("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if not text and not blocks:
        raise ApiError("no_text")
    return Draft(
        text=text,
        blocks=blocks,
        metadata=read_metadata(args),
        thread_ts=args.text("thread_ts") or None,
        broadcast=args.flag("reply_broadcast"),
    )


def _own_message(core: Core, channel: Channel, args: Args, error: str) -> str:
    ts = args.need("ts")
    body = channel.messages.get(ts)
    if body is None:
        raise ApiError("message_not_found")
    if body.get("bot_id") != core.app.bot_id:
        raise ApiError(error)
    return ts
