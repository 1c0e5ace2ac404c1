"""What the app sends back where a person acted: acknowledgements with text, and `response_url`."""

from dataclasses import dataclass

from bot.workspace.blocks import blocks_error, with_ids
from bot.workspace.core import Core
from bot.workspace.posting import Draft, change, new_bot_body, publish, remove
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.tokens import ResponseGrant


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: the user, the channel, and the thread, if any."""

    user_id: str
    channel_id: str
    thread_ts: str | None = None


def respond(core: Core, grant: ResponseGrant, body: JsonObject) -> None:
    """Carries out what was sent to a `response_url`.

    Raises:
        ApiError: `no_text`, `invalid_blocks`, `cannot_update_message` and the like.
    """
    channel = core.state.channels[grant.channel_id]
    if body.get("delete_original"):
        _delete_original(core, grant)
        return
    draft = read_draft(body, thread_ts=body.get("thread_ts") or grant.thread_ts)
    if body.get("replace_original") and grant.message_ts:
        _replace_original(core, grant, draft)
    elif body.get("response_type") == "in_channel":
        publish(core, channel, new_bot_body(core, channel, draft))
    else:
        whisper(core, Place(grant.user_id, grant.channel_id, draft.thread_ts), draft)


def read_draft(body: JsonObject, *, thread_ts: str | None) -> Draft:
    """The message in a JSON body.

    Raises:
        ApiError: `no_text` or `invalid_blocks`.
    """
    text, blocks = body.get("text") or "", body.get("blocks")
    if not text and not blocks:
        raise ApiError("no_text")
    if blocks is not None and (error := blocks_error(blocks)):
        raise error
    return Draft(text=str(text), blocks=blocks, metadata=body.get("metadata"), thread_ts=thread_ts)


def whisper(core: Core, place: Place, draft: Draft) -> str:
    """Shows a message to one user only; gives its ts. Slack keeps no such message, and neither do we."""
    body: JsonObject = {
        "type": "message",
        "user": core.app.bot_user_id,
        "bot_id": core.app.bot_id,
        "app_id": core.app.app_id,
        "text": draft.text,
        "ts": core.new_ts(),
        "team": core.team.id,
        "is_ephemeral": True,
        "ephemeral": True,
    }
    if draft.blocks:
        body["blocks"] = with_ids(draft.blocks, core.block_id)
    if place.thread_ts:
        body["thread_ts"] = place.thread_ts
    core.ephemerals[place.user_id, body["ts"]] = {"channel": place.channel_id, "message": body}
    _tell_ephemeral(core, place.user_id, place.channel_id, body)
    return str(body["ts"])


def _tell_ephemeral(core: Core, user_id: str, channel_id: str, body: JsonObject) -> None:
    notice = {"type": "ephemeral", "channel": channel_id, "message": body}
    if body.get("thread_ts"):
        notice["thread_ts"] = body["thread_ts"]
    core.tell(notice, [user_id])


def _replace_original(core: Core, grant: ResponseGrant, draft: Draft) -> None:
    assert grant.message_ts is not None
    blocks = with_ids(draft.blocks, core.block_id) if draft.blocks else None
    if grant.ephemeral:
        kept = core.ephemerals.get((grant.user_id, grant.message_ts))
        if kept is None:
            raise ApiError("message_not_found")
        body = {**kept["message"], "text": draft.text, "blocks": blocks}
        kept["message"] = {name: value for name, value in body.items() if value is not None}
        _tell_ephemeral(core, grant.user_id, grant.channel_id, kept["message"])
        return
    channel = core.state.channels[grant.channel_id]
    if grant.message_ts not in channel.messages:
        raise ApiError("message_not_found")
    changes: JsonObject = {"text": draft.text, "blocks": blocks}
    if draft.metadata is not None:
        changes["metadata"] = draft.metadata
    change(core, channel, grant.message_ts, changes, editor=core.app.bot_user_id)


def _delete_original(core: Core, grant: ResponseGrant) -> None:
    channel = core.state.channels[grant.channel_id]
    if grant.message_ts is None:
        raise ApiError("message_not_found")
    if grant.ephemeral:
        if core.ephemerals.pop((grant.user_id, grant.message_ts), None) is None:
            raise ApiError("message_not_found")
        notice = {"type": "message_deleted", "channel": channel.id, "ts": grant.message_ts}
        core.tell(notice, [grant.user_id])
    elif grant.message_ts in channel.messages:
        remove(core, channel, grant.message_ts)
    else:
        raise ApiError("message_not_found")
