"""Views: modals opened, pushed, updated and closed; Home tabs published."""

import copy
import json
import secrets
from typing import Literal

from bot.workspace.blocks import check_view, with_ids
from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments

VIEW_BYTES_MOST = 250_000
"""How large a view may be (Slack's `view_too_large`)."""
ViewKind = Literal["modal", "home"]


def check(view: object, *, kind: ViewKind) -> JsonObject:
    """A view that Slack takes.

    Raises:
        ApiError: `invalid_arguments` with the faults, or `view_too_large`.
    """
    problems = check_view(view, surface=kind)
    if problems or not isinstance(view, dict):
        lines = [f"[ERROR] {problem}" for problem in problems]
        raise ApiError("invalid_arguments", response_metadata={"messages": lines})
    if len(json.dumps(view)) > VIEW_BYTES_MOST:
        raise ApiError("view_too_large")
    return view


def build(core: Core, view: JsonObject, *, view_id: str | None = None) -> JsonObject:
    """The view object that Slack makes of a checked view; a new one gets an id."""
    new_id = view_id or core.new_id("V")
    built: JsonObject = {
        "id": new_id,
        "team_id": core.team.id,
        "type": view["type"],
        "blocks": with_ids(view["blocks"], core.block_id),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "state": {"values": {}},
        "hash": f"{int(core.now().timestamp())}.{secrets.token_hex(4)}",
        "title": view.get("title"),
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "previous_view_id": None,
        "root_view_id": new_id,
        "app_id": core.app.app_id,
        "external_id": view.get("external_id") or "",
        "app_installed_team_id": core.team.id,
        "bot_id": core.app.bot_id,
    }
    if "submit_disabled" in view:
        built["submit_disabled"] = view["submit_disabled"]
    return built


def open_modal(core: Core, user_id: str, view: object) -> JsonObject:
    """Opens a first modal.

    Raises:
        ApiError: The view is not one that Slack takes, or `duplicate_external_id`.
    """
    built = build(core, _unused(core, _permitted(core, check(view, kind="modal"))))
    core.views.open(user_id, built)
    core.tell({"type": "view_open", "view": copy.deepcopy(built), "app_id": core.app.app_id}, [user_id])
    return built


def push_modal(core: Core, user_id: str, view: object) -> JsonObject:
    """Opens a modal over the visible one.

    Raises:
        ApiError: As `open_modal`, or `push_limit_reached`.
    """
    built = build(core, _unused(core, _permitted(core, check(view, kind="modal"))))
    core.views.push(user_id, built)
    core.tell({"type": "view_push", "view": copy.deepcopy(built)}, [user_id])
    return built


def update_modal(core: Core, view_id: str, view: object, *, known_hash: str = "") -> JsonObject:
    """Gives an open modal another form; `view_id` may be an external id.

    Raises:
        ApiError: `not_found`, `hash_conflict`, or the view is not one that Slack takes.
    """
    found = core.views.find(view_id)
    if found is None:
        raise ApiError("not_found")
    user_id, old = found
    if known_hash and known_hash != old["hash"]:
        raise ApiError("hash_conflict")
    built = build(core, _permitted(core, check(view, kind="modal")), view_id=old["id"])
    for name in ("root_view_id", "previous_view_id"):
        built[name] = old[name]
    built["external_id"] = built["external_id"] or old["external_id"]
    core.views.replace(user_id, built)
    core.tell({"type": "view_update", "view": copy.deepcopy(built)}, [user_id])
    return built


def close_modal(core: Core, user_id: str, view_id: str) -> list[JsonObject]:
    """Closes a modal and those over it; gives what was closed, lowest first."""
    return _tell_closed(core, user_id, core.views.close(user_id, view_id))


def clear_modals(core: Core, user_id: str) -> list[JsonObject]:
    """Closes all modals of a user; gives them, lowest first."""
    return _tell_closed(core, user_id, core.views.clear(user_id))


def _tell_closed(core: Core, user_id: str, closed: list[JsonObject]) -> list[JsonObject]:
    """The page takes modals away, the visible one first; `clear` says that none is left."""
    none_left = core.views.top(user_id) is None
    for view in reversed(closed):
        core.tell({"type": "view_close", "view_id": view["id"], "clear": none_left}, [user_id])
    return closed


def publish_home(core: Core, user_id: str, view: object, *, known_hash: str = "") -> JsonObject:
    """Sets a user's Home tab.

    Raises:
        ApiError: `not_enabled`, `user_not_found`, `hash_conflict`, or the view is not one that Slack takes.
    """
    if not core.app.home_enabled:
        raise ApiError("not_enabled")
    if user_id not in core.people:
        raise ApiError("user_not_found")
    old = core.state.homes.get(user_id)
    if known_hash and (old is None or old["hash"] != known_hash):
        raise ApiError("hash_conflict")
    built = build(core, check(view, kind="home"), view_id=old["id"] if old else None)
    core.state.keep_home(user_id, built)
    core.tell({"type": "home", "app_id": core.app.app_id, "view": copy.deepcopy(built)}, [user_id])
    return built


def _permitted(core: Core, view: JsonObject) -> JsonObject:
    """The view, unless it asks for a file and the app may not read files."""
    asked = any((block.get("element") or {}).get("type") == "file_input" for block in view["blocks"])
    if asked and "files:read" not in core.app.scopes:
        raise invalid_arguments("file_input needs the scope files:read")
    return view


def _unused(core: Core, view: JsonObject) -> JsonObject:
    external_id = view.get("external_id")
    if external_id and core.views.find(str(external_id)):
        raise ApiError("duplicate_external_id")
    return view
