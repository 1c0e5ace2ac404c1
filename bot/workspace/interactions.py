"""What a person does: commands, clicks, shortcuts. Each asks the app, and carries out its answer."""

import copy
from dataclasses import dataclass

from bot.workspace import events, mrkdwn, payloads
from bot.workspace.answers import Place, read_draft, whisper
from bot.workspace.blocks import action_element, check_blocks
from bot.workspace.core import Core
from bot.workspace.inputs import Values, full_state
from bot.workspace.people import Person
from bot.workspace.posting import new_bot_body, publish, tell_changed
from bot.workspace.shapes import ApiError, JsonObject, RefusedError
from bot.workspace.sockets import NoAnswerError, NotConnectedError
from bot.workspace.state import Channel

OPTIONS_MOST = 100


@dataclass(frozen=True, slots=True)
class Container:
    """Where an action happened: a message (perhaps an ephemeral one) or a view (a modal or a Home tab)."""

    channel_id: str = ""
    ts: str = ""
    ephemeral: bool = False
    view_id: str = ""


async def run_command(core: Core, person: Person, channel: Channel, line: str) -> None:
    """A slash command, as typed (`/news add …`).

    Raises:
        RefusedError: The app has no such command, is away, or did not answer.
    """
    name, _, text = line.strip().partition(" ")
    command = core.app.command(name)
    if command is None:
        raise RefusedError(f"{name} is not a valid command.")
    if person.id not in channel.members:
        raise RefusedError(f"{person.real_name} is not in #{channel.name}.")
    payload = payloads.slash_command(
        core.app,
        team(core),
        person,
        channel,
        command=name,
        text=mrkdwn.command_text(
            text.strip(),
            escaped=command.should_escape,
            users={p.id: p.name for p in core.people.values()} | {core.app.bot_user_id: core.app.bot_handle},
            channels={c.id: c.name for c in core.state.channels.values() if c.kind != "im"},
        ),
        trigger_id=core.tokens.new_trigger(person.id, core.now()),
        response_url=response_url(core, person, channel, "commands"),
    )
    await core.settle()
    answer = await ask(core, "slash_commands", payload)
    if answer.get("text") or answer.get("blocks"):
        _show_answer(core, person, channel, answer)
    await core.settle()


async def act(
    core: Core, person: Person, container: Container, given: JsonObject, values: Values | None = None
) -> None:
    """A person uses an element: a button, a select, a date picker.

    Args:
        core: The workspace.
        person: Who.
        container: Where.
        given: `action_id`, `block_id`, and what was chosen.
        values: What else is filled in there, by block_id and action_id.

    Raises:
        RefusedError: There is no such element, or the app is away or did not answer.
    """
    payload = payloads.interaction("block_actions", core.app, team(core), person)
    blocks = _describe(core, person, container, payload)
    found = action_element(blocks, str(given.get("action_id") or ""), given.get("block_id") or None)
    if found is None:
        raise RefusedError("This button or menu is no longer there.")
    block, element = found
    payload["trigger_id"] = core.tokens.new_trigger(person.id, core.now(), view_id=container.view_id)
    payload["actions"] = [payloads.action_of(block, element, given, core.new_ts())]
    state = full_state(blocks, _with_chosen(values or {}, payload["actions"][0]))
    if "view" in payload:
        payload["view"]["state"] = state
    else:
        payload["state"] = state
    await core.settle()
    await ask(core, "interactive", payload, accepts_payload=False)
    await core.settle()


async def use_shortcut(
    core: Core, person: Person, callback_id: str, *, channel: Channel | None = None, ts: str = ""
) -> None:
    """A person uses a shortcut: one on a message where channel and ts are given, else a global one.

    Raises:
        RefusedError: There is no such shortcut or message, or the app is away or did not answer.
    """
    kind = "message" if channel is not None else "global"
    if core.app.shortcut(callback_id, kind) is None:
        raise RefusedError("The app has no such shortcut.")
    name = "message_action" if channel is not None else "shortcut"
    payload = payloads.interaction(name, core.app, team(core), person)
    payload["callback_id"] = callback_id
    payload["action_ts"] = core.new_ts()
    payload["trigger_id"] = core.tokens.new_trigger(person.id, core.now())
    if channel is not None:
        body = channel.messages.get(ts)
        if body is None:
            raise RefusedError("This message is gone.")
        payload["channel"] = payloads.channel_ref(channel)
        payload["message_ts"] = ts
        payload["message"] = channel.shown(body)
        payload["response_url"] = response_url(core, person, channel, "app", message_ts=ts)
    await core.settle()
    await ask(core, "interactive", payload, accepts_payload=False)
    await core.settle()


async def suggest(
    core: Core, person: Person, container: Container, *, action_id: str, block_id: str, value: str
) -> JsonObject:
    """Asks the app for the options of an external select.

    Returns:
        `options` or `option_groups`.

    Raises:
        RefusedError: There is no such select, or the app is away, did not answer, or sent no options.
    """
    payload = payloads.interaction("block_suggestion", core.app, team(core), person)
    blocks = _describe(core, person, container, payload)
    found = action_element(blocks, action_id, block_id or None)
    if found is None or not found[1]["type"].endswith("external_select"):
        raise RefusedError("This menu is no longer there.")
    payload |= {"action_id": action_id, "block_id": found[0]["block_id"], "value": value}
    answer = await ask(core, "interactive", payload)
    options: JsonObject = {name: answer[name] for name in ("options", "option_groups") if name in answer}
    if not options:
        raise RefusedError(f"{core.app.name} sent no options.")
    _check_options(core, options)
    return options


async def stop(core: Core, person: Person, channel: Channel, thread_ts: str) -> None:
    """A person presses Stop while the app is at work in a thread."""
    thread = [thread_ts, *(m["ts"] for m in channel.replies(thread_ts))]
    stopped = core.streams.stop_thread(channel.id, thread, core.now())
    for ts in stopped:
        tell_changed(core, channel, channel.messages[ts])
    event = events.agent_session_stopped(person.id, channel.id, thread_ts, stopped, core.new_ts())
    core.emit(event, channel)
    await core.settle()


async def open_app(core: Core, person: Person, tab: str) -> None:
    """A person opens the app's `home` or `messages` tab."""
    dm = core.dm(person.id)
    event = events.app_home_opened(person.id, dm.id, tab, core.state.homes.get(person.id), core.new_ts())
    if core.app.agent_view and (seen := core.looking_at.get(person.id)):
        event["context"] = events.context_entities(seen, core.team.id)
    core.emit(event)
    await core.settle()


async def look_at(core: Core, person: Person, channel: Channel) -> None:
    """A person looks at a channel; an app with `agent_view` learns when that changes."""
    if channel.kind == "im" or core.looking_at.get(person.id) == channel.id:
        return
    core.looking_at[person.id] = channel.id
    if core.app.agent_view:
        context = events.context_entities(channel.id, core.team.id)
        core.emit(events.app_context_changed(person.id, core.dm(person.id).id, context, core.new_ts()))
        await core.settle()


async def ask(core: Core, kind: str, payload: JsonObject, *, accepts_payload: bool = True) -> JsonObject:
    """Asks the app; what goes wrong becomes the sentence that Slack's client shows.

    Raises:
        RefusedError: The app is away or did not answer.
    """
    try:
        return await core.hub.ask(kind, payload, accepts_payload=accepts_payload)
    except NotConnectedError:
        raise RefusedError(f"{core.app.name} is not connected.") from None
    except NoAnswerError:
        raise RefusedError(f"{core.app.name} did not answer within {core.timing.ack:g} seconds.") from None


def team(core: Core) -> JsonObject:
    """The workspace as payloads give it."""
    return {"id": core.team.id, "domain": core.team.domain}


def response_url(
    core: Core, person: Person, channel: Channel, kind: str, *, message_ts: str | None = None, ephemeral: bool = False
) -> str:
    """A new `response_url` into a channel; `kind` is the first part of its path, as in Slack."""
    thread_ts = None
    if message_ts and not ephemeral:
        thread_ts = channel.messages[message_ts].get("thread_ts")
    secret = core.tokens.new_response(
        person.id, channel.id, core.now(), thread_ts=thread_ts, message_ts=message_ts, ephemeral=ephemeral
    )
    return f"{core.url}/{kind}/{core.team.id}/{secret}"


def _show_answer(core: Core, person: Person, channel: Channel, answer: JsonObject) -> None:
    try:
        draft = read_draft(answer, thread_ts=None)
    except ApiError as error:
        raise RefusedError(f"{core.app.name} answered with something that can't be shown ({error.error}).") from error
    if answer.get("response_type") == "in_channel":
        publish(core, channel, new_bot_body(core, channel, draft))
    else:
        whisper(core, Place(person.id, channel.id), draft)


def _describe(core: Core, person: Person, container: Container, payload: JsonObject) -> list[JsonObject]:
    """Adds to a payload where it comes from; gives the blocks that stand there."""
    if container.view_id:
        view = _view(core, person, container.view_id)
        payload["container"] = {"type": "view", "view_id": view["id"]}
        payload["view"] = copy.deepcopy(view)
        return list(view["blocks"])
    channel = core.channel(container.channel_id)
    where: JsonObject = {"type": "message", "message_ts": container.ts, "channel_id": channel.id}
    where["is_ephemeral"] = container.ephemeral
    payload["channel"] = payloads.channel_ref(channel)
    if container.ephemeral:
        kept = core.ephemerals.get((person.id, container.ts))
        body = kept["message"] if kept else None
    else:
        body = channel.messages.get(container.ts)
    if body is None:
        raise RefusedError("This message is gone.")
    if body.get("thread_ts"):
        where["thread_ts"] = body["thread_ts"]
    if not container.ephemeral:
        # Slack does not send an ephemeral message's content back.
        payload["message"] = channel.shown(body)
    payload["container"] = where
    payload["response_url"] = response_url(
        core, person, channel, "actions", message_ts=container.ts, ephemeral=container.ephemeral
    )
    return list(body.get("blocks") or ())


def _view(core: Core, person: Person, view_id: str) -> JsonObject:
    found = core.views.find(view_id)
    if found and found[0] == person.id:
        return found[1]
    home = core.state.homes.get(person.id)
    if home is not None and home["id"] == view_id:
        return home
    raise RefusedError("This view is no longer open.")


def _with_chosen(values: Values, action: JsonObject) -> Values:
    """The values with what was just chosen among them."""
    merged = {block_id: dict(entries) for block_id, entries in values.items()}
    if action["type"] not in ("button", "overflow", "feedback_buttons", "icon_button"):
        merged.setdefault(action["block_id"], {})[action["action_id"]] = action
    return merged


def _check_options(core: Core, options: JsonObject) -> None:
    element: JsonObject = {"type": "static_select", "action_id": "options", **options}
    if any(options.values()):
        problems = check_blocks([{"type": "actions", "elements": [element]}])
        if problems:
            raise RefusedError(f"{core.app.name} sent options that Slack does not take: {problems[0]}")
