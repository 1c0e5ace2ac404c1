"""reactions.*: emoji on messages, by the app."""

from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family, visible_channel
from bot.workspace.core import Core
from bot.workspace.posting import react
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel

FAMILY = Family()


@FAMILY.method("reactions.add", "reactions:write")
async def add(core: Core, args: Args) -> JsonObject:
    """Adds a reaction."""
    channel, ts = _item(core, args)
    react(core, channel, ts, core.app.bot_user_id, args.need("name"), add=True)
    return {}


@FAMILY.method("reactions.remove", "reactions:write")
async def remove(core: Core, args: Args) -> JsonObject:
    """Takes the app's reaction back."""
    channel, ts = _item(core, args)
    react(core, channel, ts, core.app.bot_user_id, args.need("name"), add=False)
    return {}


@FAMILY.method("reactions.get", "reactions:read")
async def get(core: Core, args: Args) -> JsonObject:
    """A message with its reactions."""
    channel, ts = _item(core, args)
    body = channel.messages.get(ts)
    if body is None:
        raise ApiError("message_not_found")
    return {"type": "message", "channel": channel.id, "message": channel.shown(body)}


def _item(core: Core, args: Args) -> tuple[Channel, str]:
    if not args.text("channel") or not args.text("timestamp"):
        raise ApiError("no_item_specified")
    return visible_channel(core, args.text("channel")), args.text("timestamp")
