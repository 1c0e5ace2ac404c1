"""usergroups.*: named groups of people, such as `@desk`."""

from bot.workspace.api.args import Args
from bot.workspace.api.methods import Family
from bot.workspace.core import Core
from bot.workspace.shapes import ApiError, JsonObject

FAMILY = Family()


@FAMILY.method("usergroups.list", "usergroups:read")
async def list_all(core: Core, _args: Args) -> JsonObject:
    """All groups."""
    found = core.user_groups.values()
    return {"usergroups": [{"id": group.id, "team_id": core.team.id, "handle": group.handle} for group in found]}


@FAMILY.method("usergroups.users.list", "usergroups:read")
async def users(core: Core, args: Args) -> JsonObject:
    """Who is in a group."""
    group = core.user_groups.get(args.need("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}
