"""What a Web API method is: a function, and the scopes it needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.workspace.api.args import Args
from bot.workspace.core import Core
from bot.workspace.pace import Rule
from bot.workspace.shapes import ApiError, JsonObject
from bot.workspace.state import Channel

Handler = Callable[[Core, Args], Awaitable[JsonObject]]

READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


@dataclass(frozen=True, slots=True)
class Method:
    """One method: any one of `scopes` permits it (none: no scope is needed)."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    app_token: bool = False
    needs_token: bool = True


@dataclass(slots=True)
class Family:
    """Methods of one kind, by name."""

    methods: dict[str, Method] = field(default_factory=dict)

    def method(
        self, name: str, *scopes: str, app_token: bool = False, needs_token: bool = True
    ) -> Callable[[Handler], Handler]:
        """Registers a function under a method's name."""

        def register(handler: Handler) -> Handler:
            self.methods[name] = Method(handler, scopes, app_token, needs_token)
            return handler

        return register


def require_scope(core: Core, scope: str) -> None:
    """Checks a scope that depends on the call's arguments.

    Raises:
        ApiError: `missing_scope`, with what is needed and what the app has.
    """
    if scope not in core.app.scopes:
        raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(core.app.scopes)))


def keep_pace(core: Core, key: str, rule: Rule) -> None:
    """Holds a call to Slack's pace, where that is asked for.

    Raises:
        ApiError: `ratelimited`, with `retry_after` in seconds.
    """
    if core.faults.pace and (seconds := core.pace.wait(key, rule, core.now().timestamp())):
        raise ApiError("ratelimited", retry_after=seconds)


def visible_channel(core: Core, channel_id: str) -> Channel:
    """A channel that the app may know of.

    Raises:
        ApiError: `channel_not_found`, also for a private channel that the app is not in.
    """
    channel = core.state.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and not core.is_member(channel)):
        raise ApiError("channel_not_found")
    return channel


def writable_channel(core: Core, target: str) -> Channel:
    """A channel that the app may post to: by id, by name, or a user's id for the direct messages with them.

    Raises:
        ApiError: `channel_not_found`, `not_in_channel`, `is_archived` or `messages_tab_disabled`.
    """
    if target in core.people:
        channel = core.dm(target)
    else:
        found = core.find_channel(target)
        channel = visible_channel(core, found.id if found else "")
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im" and not core.app.messages_enabled:
        raise ApiError("messages_tab_disabled")
    if not core.is_member(channel) and "chat:write.public" not in core.app.scopes:
        raise ApiError("not_in_channel")
    return channel
