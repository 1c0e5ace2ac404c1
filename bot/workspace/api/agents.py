"""assistant.threads.* and agents.sessions.*: what the app says it is doing, titles, suggested prompts."""

from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family, visible_channel
from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments
from bot.workspace.state import Channel

FAMILY = Family()
PROMPTS_MOST = 4
SESSION_STATUSES = ("processing", "active", "suspended", "closed")
TITLE_MOST = 200


@FAMILY.method("assistant.threads.setStatus", "assistant:write", "chat:write")
async def threads_set_status(core: Core, args: Args) -> JsonObject:
    """Shows a status such as `is reading…` under a thread; an empty one takes it away."""
    channel = _channel(core, args)
    thread_ts = _thread(channel, args.need("thread_ts"))
    _tell_status(core, channel, thread_ts, args.text("status"))
    return {}


@FAMILY.method("assistant.threads.setTitle", "assistant:write")
async def threads_set_title(core: Core, args: Args) -> JsonObject:
    """Names a thread in the app's history."""
    channel = _channel(core, args)
    core.titles[channel.id, _thread(channel, args.need("thread_ts"))] = args.need("title")
    return {}


@FAMILY.method("assistant.threads.setSuggestedPrompts", "assistant:write")
async def threads_set_suggested_prompts(core: Core, args: Args) -> JsonObject:
    """Offers up to four prompts. An app with `agent_view` must leave out `thread_ts`: with it, nothing shows."""
    channel = _channel(core, args)
    prompts = args.parsed("prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not prompts:
        raise invalid_arguments("missing required field: prompts")
    if len(prompts) > PROMPTS_MOST:
        raise invalid_arguments(f"no more than {PROMPTS_MOST} items allowed [json-pointer:/prompts]")
    for index, prompt in enumerate(prompts):
        if not isinstance(prompt, dict) or not prompt.get("title") or not prompt.get("message"):
            raise invalid_arguments(f"missing required field: title, message [json-pointer:/prompts/{index}]")
    thread_ts = args.text("thread_ts")
    if core.app.agent_view and thread_ts:
        return {}  # what Slack does: ok, and nothing happens
    notice: JsonObject = {"type": "prompts", "channel": channel.id, "title": args.text("title"), "prompts": prompts}
    if thread_ts:
        notice["thread_ts"] = _thread(channel, thread_ts)
    core.prompts[channel.id] = notice
    core.tell(notice, core.audience(channel))
    return {}


@FAMILY.method("agents.sessions.setStatus", "chat:write")
async def sessions_set_status(core: Core, args: Args) -> JsonObject:
    """Sets a session's status, and makes the session where there is none yet."""
    channel = _channel(core, args)
    thread_ts = _thread(channel, args.need("thread_ts"))
    set_status(core, channel, thread_ts, args.need("status"))
    title = core.titles.setdefault((channel.id, thread_ts), args.text("title")[:TITLE_MOST])
    answer: JsonObject = {"status": args.text("status"), "agent_status": args.text("status"), "title": title}
    if args.text("status") == "processing" and "agent_session_stopped" not in core.app.events:
        answer["warning"] = "missing_agent_session_stopped_event_subscription"
    return answer


@FAMILY.method("agents.sessions.rename", "chat:write")
async def sessions_rename(core: Core, args: Args) -> JsonObject:
    """Gives a session another title."""
    channel = _channel(core, args)
    thread_ts = _thread(channel, args.need("thread_ts"))
    if (channel.id, thread_ts) not in core.sessions:
        raise ApiError("session_not_found")
    core.titles[channel.id, thread_ts] = args.need("title")[:TITLE_MOST]
    return {"title": core.titles[channel.id, thread_ts]}


def set_status(core: Core, channel: Channel, thread_ts: str, status: str) -> None:
    """Sets a session's status and shows it under the thread.

    Raises:
        ApiError: `invalid_arguments`: Slack has no such status.
    """
    if status not in SESSION_STATUSES:
        raise invalid_arguments(f"must be one of: {', '.join(SESSION_STATUSES)} [json-pointer:/status]")
    core.sessions[channel.id, thread_ts] = status
    _tell_status(core, channel, thread_ts, "is working on it…" if status == "processing" else "")


def _tell_status(core: Core, channel: Channel, thread_ts: str, status: str) -> None:
    core.statuses[channel.id, thread_ts] = status
    core.tell(
        {"type": "status", "channel": channel.id, "thread_ts": thread_ts, "status": status}, core.audience(channel)
    )


def _channel(core: Core, args: Args) -> Channel:
    return visible_channel(core, args.need("channel_id"))


def _thread(channel: Channel, thread_ts: str) -> str:
    if thread_ts not in channel.messages:
        raise ApiError("thread_not_found")
    return thread_ts
