"""What a test can see of the workspace: addresses, tokens, messages, views; and waiting for what comes."""

import copy
from collections.abc import Callable
from typing import TypeVar

from bot.workspace.core import Core
from bot.workspace.shapes import JsonObject, RefusedError

T = TypeVar("T")


class Watch:
    """Everything there is to see. Users and channels can be named by id or by name.

    Args:
        core: The workspace.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def url(self) -> str:
        """Where the workspace is, such as `http://127.0.0.1:8080`; empty before `start`."""
        return self.core.url

    @property
    def api_url(self) -> str:
        """The `base_url` of Slack clients."""
        return f"{self.core.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self.core.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self.core.app_token

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.core.team.id

    @property
    def bot_user_id(self) -> str:
        """The app's bot user."""
        return self.core.app.bot_user_id

    @property
    def connections(self) -> int:
        """How many sockets the app holds that take envelopes."""
        return self.core.hub.connections

    @property
    def unsettled_events(self) -> int:
        """How many events the app has not acknowledged yet."""
        return self.core.hub.unsettled

    def user_id(self, user: str) -> str:
        """A person's id."""
        return self.core.person(user).id

    def channel_id(self, channel: str) -> str:
        """A channel's id."""
        return self.core.channel(channel).id

    def dm_id(self, user: str) -> str:
        """The id of the direct messages between a person and the bot."""
        return self.core.dm(self.core.person(user).id).id

    def messages(self, channel: str) -> list[JsonObject]:
        """A channel's messages outside threads, oldest first, with metadata."""
        found = self.core.channel(channel)
        return [found.shown(body, metadata=True) for body in found.top_level()]

    def thread(self, channel: str, ts: str) -> list[JsonObject]:
        """A thread: its root, then its replies, oldest first, with metadata."""
        found = self.core.channel(channel)
        if ts not in found.messages:
            raise RefusedError("This message is gone.")
        return [found.shown(body, metadata=True) for body in (found.messages[ts], *found.replies(ts))]

    def ephemerals(self, user: str) -> list[JsonObject]:
        """The messages that only this user sees, oldest first, each with its `channel`."""
        user_id = self.core.person(user).id
        return [
            {**copy.deepcopy(kept["message"]), "channel": kept["channel"]}
            for (owner, _), kept in self.core.ephemerals.items()
            if owner == user_id
        ]

    def home(self, user: str) -> JsonObject | None:
        """A user's Home tab, once the app has published one."""
        return copy.deepcopy(self.core.state.homes.get(self.core.person(user).id))

    def open_view(self, user: str) -> JsonObject | None:
        """The modal that a user sees."""
        return copy.deepcopy(self.core.views.top(self.core.person(user).id))

    def status(self, channel: str, thread_ts: str) -> str:
        """What the app says it is doing in a thread; empty where it says nothing."""
        return self.core.statuses.get((self.core.channel(channel).id, thread_ts), "")

    def prompts(self, user: str) -> list[JsonObject]:
        """The prompts that the app suggests in a person's direct messages."""
        notice = self.core.prompts.get(self.dm_id(user))
        return copy.deepcopy(notice["prompts"]) if notice else []

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109 - as asked for
        """The predicate's first true value, looked at now and after each change.

        Raises:
            TimeoutError: It did not become true in `timeout` seconds.
        """
        return await self.core.feed.wait_for(predicate, timeout)
