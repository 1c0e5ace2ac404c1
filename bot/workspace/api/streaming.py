"""chat.startStream, chat.appendStream, chat.stopStream: messages written while they are read."""

from bot.workspace.api.agents import set_status
from bot.workspace.api.args import Args
from bot.workspace.api.chat import read_blocks, read_metadata
from bot.workspace.api.methods import Family, visible_channel, writable_channel
from bot.workspace.blocks import with_ids
from bot.workspace.core import Core
from bot.workspace.posting import Draft, change, new_bot_body, publish, tell_changed
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel
from bot.workspace.streams import Stream, read_chunks

FAMILY = Family()
_MODES = ("", "timeline", "plan")


@FAMILY.method("chat.startStream", "chat:write")
async def start_stream(core: Core, args: Args) -> JsonObject:
    """Begins a message that is a reply to a user."""
    channel = writable_channel(core, args.text("channel"))
    thread_ts = args.text("thread_ts")
    if channel.kind != "im":
        _check_recipient(core, args)
    elif not thread_ts:
        raise ApiError("invalid_thread_ts")
    if args.text("task_display_mode") not in _MODES:
        raise ApiError("invalid_task_display_mode")
    chunks = read_chunks(args.text("markdown_text"), args.parsed("chunks", "invalid_chunks"))
    body = new_bot_body(core, channel, Draft(thread_ts=thread_ts or None))
    stream = core.streams.start(channel.id, body["ts"], core.now(), plan=args.text("task_display_mode") == "plan")
    stream.append(chunks)
    publish(core, channel, body | _content(core, stream))
    return {"channel": channel.id, "ts": body["ts"]}


@FAMILY.method("chat.appendStream", "chat:write")
async def append_stream(core: Core, args: Args) -> JsonObject:
    """Adds text, tasks or blocks to a message that is being streamed."""
    channel, stream, ts = _streaming(core, args)
    if stream.stopped_by_user:
        raise ApiError("stopped_by_user")
    chunks = read_chunks(args.text("markdown_text"), args.parsed("chunks", "invalid_chunks"))
    if not chunks:
        raise ApiError("no_text")
    added = stream.append(chunks)
    body = channel.messages[ts] | _content(core, stream)
    core.state.keep_message(channel, body)
    if all(chunk["type"] == "markdown_text" for chunk in chunks):
        notice = {
            "type": "stream",
            "channel": channel.id,
            "ts": ts,
            "thread_ts": body.get("thread_ts"),
            "text": stream.text,
            "delta": added,
        }
        core.tell(notice, core.audience(channel))
    else:
        tell_changed(core, channel, body)
    return {"channel": channel.id, "ts": ts}


@FAMILY.method("chat.stopStream", "chat:write")
async def stop_stream(core: Core, args: Args) -> JsonObject:
    """Ends a streamed message; blocks go below what was streamed."""
    channel, stream, ts = _streaming(core, args)
    chunks = read_chunks(args.text("markdown_text"), args.parsed("chunks", "invalid_chunks"))
    if stream.stopped_by_user and chunks:
        raise ApiError("stopped_by_user")
    blocks, metadata = read_blocks(args), read_metadata(args)
    status = args.text("session_status")
    stream.append(chunks)
    changes = _content(core, stream)
    if blocks:
        changes["blocks"] = [*changes.get("blocks", ()), *with_ids(blocks, core.block_id)]
    if metadata:
        changes["metadata"] = metadata
    if status:
        set_status(core, channel, channel.messages[ts].get("thread_ts") or ts, status)
    core.streams.end(channel.id, ts)
    body = change(core, channel, ts, changes, editor="")
    return {"channel": channel.id, "ts": ts, "message": channel.shown(body, metadata=True)}


def _content(core: Core, stream: Stream) -> JsonObject:
    content: JsonObject = {"text": stream.text}
    if blocks := stream.blocks():
        content["blocks"] = with_ids(blocks, core.block_id)
    return content


def _check_recipient(core: Core, args: Args) -> None:
    for name in ("recipient_team_id", "recipient_user_id"):
        if not args.text(name):
            raise ApiError(f"missing_{name}")
    if args.text("recipient_user_id") not in core.people:
        raise ApiError("user_not_found")
    if args.text("recipient_team_id") != core.team.id:
        raise ApiError("team_not_found")


def _streaming(core: Core, args: Args) -> tuple[Channel, Stream, str]:
    channel = visible_channel(core, args.text("channel"))
    ts = args.need("ts")
    body = channel.messages.get(ts)
    if body is None:
        raise ApiError("message_not_found")
    if body.get("bot_id") != core.app.bot_id:
        raise ApiError("message_not_owned_by_app")
    return channel, core.streams.current(channel.id, ts, core.now()), ts
