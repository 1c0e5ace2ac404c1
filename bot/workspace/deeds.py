"""What a person does on the page, one function for each POST. Each gives what the reply carries beside `ok`."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping

from bot.workspace import files, interactions, membership, mrkdwn
from bot.workspace.core import Core
from bot.workspace.dialogs import close, submit
from bot.workspace.interactions import Container
from bot.workspace.people import Person
from bot.workspace.posting import change, person_says, react, remove, unread_notice
from bot.workspace.shapes import JsonObject, RefusedError
from bot.workspace.state import Channel

Deed = Callable[[Core, Person, JsonObject], Awaitable[JsonObject]]


def channel_of(core: Core, body: JsonObject, person: Person) -> Channel:
    """The channel that a request names, if the person may see it.

    Raises:
        RefusedError: There is none, or the person is not in it.
    """
    channel = core.channel(str(body.get("channel", "")))
    if channel.kind != "channel" and person.id not in channel.members:
        raise RefusedError("You are not in this channel.")
    return channel


async def _send(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = channel_of(core, body, person)
    said = person_says(
        core,
        channel,
        person,
        _text(body, "text"),
        thread_ts=_text(body, "thread_ts") or None,
        broadcast=bool(body.get("broadcast")),
        files=files.chosen(core, [str(each) for each in body.get("files") or ()]),
    )
    await core.settle()
    return {"ts": said["ts"]}


async def _upload(core: Core, person: Person, body: JsonObject) -> JsonObject:
    try:
        content = base64.b64decode(_text(body, "content"), validate=True)
    except binascii.Error:
        raise RefusedError("This file could not be read.") from None
    return {"file": files.hand_over(core, person.id, _text(body, "name"), content)}


async def _command(core: Core, person: Person, body: JsonObject) -> JsonObject:
    await interactions.run_command(core, person, channel_of(core, body, person), _text(body, "text"))
    return {}


async def _action(core: Core, person: Person, body: JsonObject) -> JsonObject:
    action = body.get("action")
    if not isinstance(action, dict):
        raise RefusedError("The request names no action.")
    await interactions.act(core, person, _container(core, person, body), action, _values(body))
    return {}


async def _submit(core: Core, person: Person, body: JsonObject) -> JsonObject:
    answer = await submit(core, person, _text(body, "view_id"), _values(body))
    return {name: answer[name] for name in ("response_action",) if name in answer}


async def _close(core: Core, person: Person, body: JsonObject) -> JsonObject:
    await close(core, person, _text(body, "view_id"))
    return {}


async def _shortcut(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = channel_of(core, body, person) if body.get("type") == "message" else None
    await interactions.use_shortcut(core, person, _text(body, "callback_id"), channel=channel, ts=_text(body, "ts"))
    return {}


async def _options(core: Core, person: Person, body: JsonObject) -> JsonObject:
    return await interactions.suggest(
        core,
        person,
        _container(core, person, body),
        action_id=_text(body, "action_id"),
        block_id=_text(body, "block_id"),
        value=_text(body, "value"),
    )


async def _react(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = channel_of(core, body, person)
    react(core, channel, _text(body, "ts"), person.id, _text(body, "name"), add=bool(body.get("add", True)))
    await core.settle()
    return {}


async def _delete(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel, ts = _own(core, person, body)
    remove(core, channel, ts)
    await core.settle()
    return {}


async def _edit(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel, ts = _own(core, person, body)
    text = _text(body, "text")
    if not text.strip():
        raise RefusedError("There is nothing to send.")
    changes = {"text": mrkdwn.typed(text), "blocks": [mrkdwn.rich_text(text, core.block_id())]}
    change(core, channel, ts, changes, editor=person.id)
    await core.settle()
    return {}


async def _read(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = channel_of(core, body, person)
    if core.state.mark_read(person.id, channel.id, _text(body, "ts")):
        core.tell(unread_notice(core, person.id, channel), [person.id])
    await core.settle()
    await interactions.look_at(core, person, channel)
    return {}


async def _open_dm(core: Core, person: Person, _body: JsonObject) -> JsonObject:
    return {"channel": core.dm(person.id).id}


async def _open_home(core: Core, person: Person, _body: JsonObject) -> JsonObject:
    await interactions.open_app(core, person, "home")
    return {}


async def _open_messages(core: Core, person: Person, _body: JsonObject) -> JsonObject:
    await interactions.open_app(core, person, "messages")
    return {"channel": core.dm(person.id).id}


async def _stop(core: Core, person: Person, body: JsonObject) -> JsonObject:
    await interactions.stop(core, person, channel_of(core, body, person), _text(body, "thread_ts"))
    return {}


async def _members(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = channel_of(core, body, person)
    member = _text(body, "member")
    if core.user(member) is None:
        raise RefusedError("There is no such user.")
    if channel.kind == "im":
        raise RefusedError("Nobody can be added to direct messages.")
    if body.get("add", True):
        membership.join(core, channel, member, inviter=person.id)
    else:
        membership.leave(core, channel, member)
    await core.settle()
    return {}


async def _create_channel(core: Core, person: Person, body: JsonObject) -> JsonObject:
    channel = membership.create(core, _text(body, "name"), person.id, private=bool(body.get("is_private")))
    await core.settle()
    return {"channel": channel.id}


DEEDS: Mapping[str, Deed] = {
    "send": _send,
    "upload": _upload,
    "command": _command,
    "action": _action,
    "submit": _submit,
    "close": _close,
    "shortcut": _shortcut,
    "options": _options,
    "react": _react,
    "delete": _delete,
    "edit": _edit,
    "read": _read,
    "open_dm": _open_dm,
    "open_home": _open_home,
    "open_messages": _open_messages,
    "stop": _stop,
    "members": _members,
    "create_channel": _create_channel,
}


def _text(body: JsonObject, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _values(body: JsonObject) -> dict[str, dict[str, object]]:
    state = body.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    return values if isinstance(values, dict) else {}


def _container(core: Core, person: Person, body: JsonObject) -> Container:
    raw = body.get("container")
    if not isinstance(raw, dict):
        raise RefusedError("The request names no container.")
    if raw.get("type") == "home":
        home = core.state.homes.get(person.id)
        return Container(view_id=str(raw.get("view_id") or (home["id"] if home else "")))
    if raw.get("type") == "view":
        return Container(view_id=str(raw.get("view_id") or ""))
    channel = channel_of(core, raw, person)
    return Container(
        channel_id=channel.id,
        ts=str(raw.get("ts") or raw.get("message_ts") or ""),
        ephemeral=bool(raw.get("ephemeral")),
    )


def _own(core: Core, person: Person, body: JsonObject) -> tuple[Channel, str]:
    channel, ts = channel_of(core, body, person), _text(body, "ts")
    message = channel.messages.get(ts)
    if message is None:
        raise RefusedError("This message is gone.")
    if message["user"] != person.id:
        raise RefusedError("This message is not yours.")
    return channel, ts
