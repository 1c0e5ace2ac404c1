"""api.test, auth.test, apps.connections.open, and the small look-ups: users, bots, team."""

from bot.workspace.api.args import Args
from bot.workspace.api.conversations import paged
from bot.workspace.api.methods import Family
from bot.workspace.core import Core
from bot.workspace.people import profile_object, user_object
from bot.workspace.shapes import ApiError, JsonObject

FAMILY = Family()


@FAMILY.method("api.test", needs_token=False)
async def api_test(_core: Core, args: Args) -> JsonObject:
    """Says what it was sent; with `error`, fails with it."""
    if error := args.text("error"):
        raise ApiError(error, args=args.values)
    return {"args": args.values}


@FAMILY.method("auth.test")
async def auth_test(core: Core, _args: Args) -> JsonObject:
    """Whose token it is."""
    return {
        "url": f"{core.url}/",
        "team": core.team.name,
        "user": core.app.bot_handle,
        "team_id": core.team.id,
        "user_id": core.app.bot_user_id,
        "bot_id": core.app.bot_id,
        "is_enterprise_install": False,
    }


@FAMILY.method("apps.connections.open", app_token=True)
async def connections_open(core: Core, _args: Args) -> JsonObject:
    """The address of a new socket, good for one use."""
    address = core.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={core.hub.links.ticket()}&app_id={core.app.app_id}"}


@FAMILY.method("users.info", "users:read")
async def users_info(core: Core, args: Args) -> JsonObject:
    """One user."""
    user = core.user(args.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user}


@FAMILY.method("users.list", "users:read")
async def users_list(core: Core, args: Args) -> JsonObject:
    """All users, the bot's included."""
    users = [user_object(person, core.team.id) for person in core.people.values()]
    page, cursor = paged([*users, core.app.user(core.team.id)], args, default=1000)
    return {"members": page, "cache_ts": int(core.now().timestamp()), "response_metadata": {"next_cursor": cursor}}


@FAMILY.method("users.profile.get", "users.profile:read")
async def users_profile_get(core: Core, args: Args) -> JsonObject:
    """One user's profile."""
    user_id = args.text("user") or core.app.bot_user_id
    if user_id == core.app.bot_user_id:
        return {"profile": core.app.user(core.team.id)["profile"]}
    if user_id not in core.people:
        raise ApiError("user_not_found")
    return {"profile": profile_object(core.people[user_id], core.team.id)}


@FAMILY.method("bots.info", "users:read")
async def bots_info(core: Core, args: Args) -> JsonObject:
    """The app's bot."""
    if args.text("bot") not in ("", core.app.bot_id):
        raise ApiError("bot_not_found")
    profile = core.app.profile(core.team.id)
    return {"bot": {name: profile[name] for name in ("id", "app_id", "user_id", "name", "icons", "deleted", "updated")}}


@FAMILY.method("team.info", "team:read")
async def team_info(core: Core, args: Args) -> JsonObject:
    """The workspace."""
    if args.text("team") not in ("", core.team.id):
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": core.team.id,
            "name": core.team.name,
            "url": f"{core.url}/",
            "domain": core.team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }
