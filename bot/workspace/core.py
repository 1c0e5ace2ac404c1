"""The heart of the workspace: who is there, what has happened, and what the app must be told.

A change is made in memory, its records go to the journal, and what follows from it (events, notices to
pages) is staged. `settle` writes the journal and only then lets the staged things go: nobody hears of a
message that a crash could take back.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.workspace import events
from bot.workspace.faults import Faults
from bot.workspace.feed import Feed
from bot.workspace.ids import stable_id, stable_secret
from bot.workspace.journal import Journal
from bot.workspace.manifest import AppConfig
from bot.workspace.pace import Pace
from bot.workspace.people import Person, UserGroup, user_object
from bot.workspace.shapes import ApiError, JsonObject, RefusedError
from bot.workspace.sockets import SocketHub
from bot.workspace.state import Channel, State
from bot.workspace.stored import StoredFile
from bot.workspace.streams import Streams
from bot.workspace.timing import Timing
from bot.workspace.tokens import Tokens
from bot.workspace.viewstack import ViewStacks


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace's own name and ids."""

    id: str
    name: str
    domain: str


class Core:
    """Everything that the Web API, the sockets and the page share.

    Args:
        app: The installed app.
        team: The workspace.
        people: Who can use it.
        journal: Where state goes.
        faults: What goes wrong.
        timing: How long things may take.
        clock: Gives the present as an aware datetime.
    """

    def __init__(
        self,
        app: AppConfig,
        team: Team,
        people: Sequence[Person],
        *,
        journal: Journal,
        faults: Faults,
        timing: Timing,
        clock: Callable[[], datetime],
    ) -> None:
        self.app = app
        self.team = team
        self.people = {person.id: person for person in people}
        self.user_groups: dict[str, UserGroup] = {}
        self.journal = journal
        self.faults = faults
        self.timing = timing
        self.clock = clock
        self.url = ""
        self.revoked = False
        self.bot_token = f"xoxb-local-{stable_secret('bot', team.id, app.app_id)}"
        self.more_tokens: set[str] = set()
        self.app_token = f"xapp-1-{app.app_id}-{stable_secret('app', team.id, app.app_id)}"
        self.state = State(journal)
        self.feed = Feed()
        self.pace = Pace()
        self.tokens = Tokens(timing)
        self.streams = Streams(timing)
        self.views = ViewStacks()
        self.ephemerals: dict[tuple[str, str], JsonObject] = {}
        self.looking_at: dict[str, str] = {}
        self.sessions: dict[tuple[str, str], str] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.files: dict[str, StoredFile] = {}
        self.prompts: dict[str, JsonObject] = {}
        self.hub = SocketHub(
            app.app_id,
            faults,
            timing,
            settled=self._event_settled,
            changed=self._link_changed,
            heard=self.feed.wake,
        )
        self._event_keys: dict[str, str] = {}
        self._staged: deque[tuple[int, Callable[[], None]]] = deque()

    def now(self) -> datetime:
        """The present."""
        return self.clock()

    def new_ts(self) -> str:
        """A `ts` never used before."""
        return self.state.next_ts(self.now())

    def new_id(self, prefix: str) -> str:
        """An id never used before, such as `V…` for a view."""
        return stable_id(prefix, self.team.id, str(self.state.next_number(f"id-{prefix}")))

    def block_id(self) -> str:
        """A short id for a block or element that came without one."""
        return self.new_id("")[:5]

    # --- finding -------------------------------------------------------------------------------------------

    def person(self, name_or_id: str) -> Person:
        """A person by id or by name.

        Raises:
            RefusedError: There is none.
        """
        wanted = name_or_id.removeprefix("@")
        for person in self.people.values():
            if wanted in (person.id, person.name):
                return person
        raise RefusedError(f"There is no user {name_or_id} in this workspace.")

    def user(self, user_id: str) -> JsonObject | None:
        """A user, the bot's included, as `users.info` gives it."""
        if user_id == self.app.bot_user_id:
            return self.app.user(self.team.id)
        person = self.people.get(user_id)
        return user_object(person, self.team.id) if person else None

    def channel(self, name_or_id: str) -> Channel:
        """A channel by id, or by name with or without `#`.

        Raises:
            RefusedError: There is none.
        """
        if found := self.find_channel(name_or_id):
            return found
        raise RefusedError(f"There is no channel {name_or_id} in this workspace.")

    def find_channel(self, name_or_id: str) -> Channel | None:
        """A channel by id, or by name with or without `#`; None where there is none."""
        wanted = name_or_id.removeprefix("#")
        if wanted in self.state.channels:
            return self.state.channels[wanted]
        return next((c for c in self.state.channels.values() if c.kind != "im" and c.name == wanted), None)

    def dm(self, user_id: str) -> Channel:
        """The direct messages between a person and the bot.

        Raises:
            ApiError: `user_not_found`.
        """
        found = self.state.channels.get(stable_id("D", user_id, self.app.bot_user_id))
        if found is None:
            raise ApiError("user_not_found")
        return found

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in a channel."""
        return self.app.bot_user_id in channel.members

    def audience(self, channel: Channel) -> Iterable[str]:
        """Who may see what happens in a channel."""
        return self.people if channel.kind == "channel" else channel.members

    # --- telling -------------------------------------------------------------------------------------------

    def stage(self, action: Callable[[], None]) -> None:
        """Something to do once all that was changed so far is in the journal."""
        self._staged.append((self.journal.number, action))

    async def settle(self) -> None:
        """Writes what changed, then does what was staged."""
        await self.journal.flush()
        while self._staged and self._staged[0][0] <= self.journal.written:
            self._staged.popleft()[1]()
        self.feed.wake()

    def tell(self, notice: JsonObject, users: Iterable[str] | None = None) -> None:
        """Stages a notice to the open pages of these users (None: all)."""
        wanted = None if users is None else list(users)
        self.stage(lambda: self.feed.tell(notice, wanted))

    def emit(self, event: JsonObject, channel: Channel | None = None) -> None:
        """Stages an event, if the app subscribes to it and, for one of a channel, is in that channel."""
        if events.subscription(event) not in self.app.events or self.revoked:
            return
        bot_itself = event.get("user") == self.app.bot_user_id and event["type"].startswith("member_")
        if channel is not None and not self.is_member(channel) and not bot_itself:
            return
        number = self.state.next_number("event")
        payload = events.callback(
            self.app,
            self.team.id,
            event,
            event_id=stable_id("Ev", self.team.id, str(number)),
            event_time=int(self.now().timestamp()),
            external=channel is not None and channel.external,
        )
        self._keep_event(f"{number:012d}", payload)
        self.stage(lambda: self.hub.offer(payload))

    def load(self, records: Mapping[str, Mapping[str, JsonObject]]) -> None:
        """Takes over what the journal held; events that nobody had acknowledged are offered again."""
        self.state.load(records)
        for key, payload in records.get("event", {}).items():
            self._event_keys[payload["event_id"]] = key
            self.hub.offer(payload)

    def app_object(self) -> JsonObject:
        """The app as the page draws it."""
        app = self.app
        return {
            "app_id": app.app_id,
            "name": app.name,
            "bot_user_id": app.bot_user_id,
            "home_enabled": app.home_enabled,
            "messages_enabled": app.messages_enabled,
            "commands": [
                {"command": c.command, "description": c.description, "usage_hint": c.usage_hint} for c in app.commands
            ],
            "shortcuts": [
                {"name": s.name, "type": s.type, "callback_id": s.callback_id, "description": s.description}
                for s in app.shortcuts
            ],
            "connected": self.hub.connections > 0,
        }

    def _keep_event(self, key: str, payload: JsonObject) -> None:
        self._event_keys[payload["event_id"]] = key
        self.journal.put("event", key, payload)

    def _event_settled(self, event_id: str, *, acknowledged: bool) -> None:
        del acknowledged  # given up or done: either way it is not sent again
        if key := self._event_keys.pop(event_id, None):
            self.journal.put("event", key, None)
        self.feed.wake()

    def _link_changed(self) -> None:
        self.feed.tell({"type": "app", "app": self.app_object()})
