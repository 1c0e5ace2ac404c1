"""views.*: modals and Home tabs."""

import copy

from bot.workspace import modals
from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family
from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject, invalid_arguments
from bot.workspace.tokens import Trigger

FAMILY = Family()


@FAMILY.method("views.open")
async def open_view(core: Core, args: Args) -> JsonObject:
    """Opens a modal for the user whose action gave the `trigger_id`."""
    trigger = _trigger(core, args)
    built = modals.open_modal(core, trigger.user_id, _view(args))
    trigger.used = True
    return {"view": copy.deepcopy(built)}


@FAMILY.method("views.push")
async def push_view(core: Core, args: Args) -> JsonObject:
    """Opens a modal over the one that the `trigger_id` came from."""
    trigger = _trigger(core, args)
    if not trigger.view_id or core.views.find(trigger.view_id) is None:
        raise ApiError("invalid_trigger_id")
    built = modals.push_modal(core, trigger.user_id, _view(args))
    trigger.used = True
    return {"view": copy.deepcopy(built)}


@FAMILY.method("views.update")
async def update_view(core: Core, args: Args) -> JsonObject:
    """Gives an open modal another form."""
    view_id = args.text("view_id") or args.text("external_id")
    if not view_id:
        raise invalid_arguments("missing required field: view_id")
    built = modals.update_modal(core, view_id, _view(args), known_hash=args.text("hash"))
    return {"view": copy.deepcopy(built)}


@FAMILY.method("views.publish")
async def publish_view(core: Core, args: Args) -> JsonObject:
    """Sets a user's Home tab."""
    built = modals.publish_home(core, args.need("user_id"), _view(args), known_hash=args.text("hash"))
    return {"view": copy.deepcopy(built)}


def _trigger(core: Core, args: Args) -> Trigger:
    trigger_id = args.text("trigger_id")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    return core.tokens.check_trigger(trigger_id, core.now())


def _view(args: Args) -> object:
    view = args.parsed("view", "invalid_arguments")
    if view is None:
        raise invalid_arguments("missing required field: view")
    return view
