"""Modals that a person submits or closes: what the app is sent, and what becomes of its answer."""

import copy

from bot.workspace import modals, payloads
from bot.workspace.core import Core
from bot.workspace.inputs import Values, complaints, full_state
from bot.workspace.interactions import ask, response_url, team
from bot.workspace.people import Person
from bot.workspace.shapes import ApiError, JsonObject, RefusedError


async def submit(core: Core, person: Person, view_id: str, values: Values) -> JsonObject:
    """A person submits the modal they see.

    Returns:
        The app's answer: empty, or with its `response_action`.

    Raises:
        RefusedError: A field is wrong (then with `errors`), the modal is gone, or the app is away, did not answer,
            or answered with something that Slack doesn't take.
    """
    view = core.views.top(person.id)
    if view is None or view["id"] != view_id:
        raise RefusedError("This dialog is no longer open.")
    state = full_state(view["blocks"], values)
    if wrong := complaints(view["blocks"], state):
        raise RefusedError("Some fields need another look.", wrong)
    view["state"] = state
    payload = payloads.interaction("view_submission", core.app, team(core), person)
    payload["trigger_id"] = core.tokens.new_trigger(person.id, core.now(), view_id=view_id)
    payload["view"] = copy.deepcopy(view)
    payload["response_urls"] = _response_urls(core, person, view)
    await core.settle()
    answer = await ask(core, "interactive", payload)
    try:
        _after_submit(core, person, view, answer)
    finally:
        await core.settle()
    return answer


async def close(core: Core, person: Person, view_id: str) -> None:
    """A person closes a modal; an app that asked for it is told."""
    view = core.views.find(view_id)
    if view is None or view[0] != person.id:
        return
    own = view[1]
    whole = own["root_view_id"] == own["id"] or bool(own["clear_on_close"])
    closed = modals.clear_modals(core, person.id) if whole else modals.close_modal(core, person.id, view_id)
    await core.settle()
    for each in reversed(closed):
        if each["notify_on_close"]:
            payload = payloads.interaction("view_closed", core.app, team(core), person)
            payload["view"] = copy.deepcopy(each)
            payload["is_cleared"] = whole and len(closed) > 1
            await ask(core, "interactive", payload, accepts_payload=False)


def _response_urls(core: Core, person: Person, view: JsonObject) -> list[JsonObject]:
    """For each select that asks for it, a `response_url` into the conversation that was chosen."""
    found = []
    for block in view["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        entry = view["state"]["values"][block["block_id"]][element["action_id"]]
        chosen = entry.get("selected_conversation") or entry.get("selected_channel")
        if chosen in core.state.channels:
            found.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": chosen,
                    "response_url": response_url(core, person, core.state.channels[chosen], "app"),
                }
            )
    return found


def _after_submit(core: Core, person: Person, view: JsonObject, answer: JsonObject) -> None:
    """Carries out the app's answer to a submitted modal."""
    action = answer.get("response_action")
    try:
        if action == "errors":
            _refuse_fields(core, view, answer)
        elif action == "clear":
            modals.clear_modals(core, person.id)
        elif action == "update":
            modals.update_modal(core, view["id"], answer.get("view"))
        elif action == "push":
            modals.push_modal(core, person.id, answer.get("view"))
        else:
            modals.close_modal(core, person.id, view["id"])
    except ApiError as error:
        raise RefusedError(
            f"{core.app.name} answered with a view that Slack does not take: {'; '.join(error.reasons)}."
        ) from error


def _refuse_fields(core: Core, view: JsonObject, answer: JsonObject) -> None:
    errors = answer.get("errors")
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise RefusedError(f"{core.app.name} answered with errors for fields that the dialog does not have.")
    raise RefusedError("Some fields need another look.", {str(k): str(v) for k, v in errors.items()})
