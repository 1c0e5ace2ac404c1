"""What the workspace holds: channels and their messages, Home tabs, read marks, counters.

All of it lives in memory in Slack's own forms; each change is also put into the journal, so that the same
state comes back after a restart.
"""

import bisect
import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.workspace.ids import TsCounter
from bot.workspace.journal import Journal
from bot.workspace.shapes import JsonObject

ChannelKind = Literal["channel", "group", "im"]


@dataclass(slots=True)
class Channel:
    """A conversation: public (`channel`), private (`group`) or direct (`im`, between `user` and the bot).

    Args:
        messages: Bodies by ts, oldest first; replies are among them.
        threads: For each root's ts, its replies' ts, oldest first.
    """

    id: str
    name: str
    kind: ChannelKind
    created: int
    creator: str
    members: list[str]
    user: str = ""
    topic: str = ""
    archived: bool = False
    external: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, JsonObject] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)

    def top_level(self) -> list[JsonObject]:
        """The messages that the channel itself shows: roots, and replies that were also sent to the channel."""
        return [m for m in self.messages.values() if in_channel(m)]

    def replies(self, root: str) -> list[JsonObject]:
        """A thread's replies, oldest first."""
        return [self.messages[ts] for ts in self.threads.get(root, ())]

    def summary(self, root: str) -> JsonObject:
        """What a root tells of its thread: `reply_count`, `reply_users`, `latest_reply`; empty without replies."""
        replies = self.threads.get(root)
        if not replies:
            return {}
        users = list(dict.fromkeys(self.messages[ts]["user"] for ts in replies))
        return {
            "thread_ts": root,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "reply_users": users[:5],
            "latest_reply": replies[-1],
        }

    def shown(self, body: JsonObject, *, metadata: bool = False) -> JsonObject:
        """A copy of a message as Slack's API gives it, with its thread's summary; metadata only when asked."""
        shown = copy.deepcopy(body)
        if not metadata:
            shown.pop("metadata", None)
        shown.update(self.summary(shown["ts"]))
        return shown


def in_channel(body: JsonObject) -> bool:
    """Whether a message shows in its channel, and not only in its thread."""
    return body.get("thread_ts") in (None, body["ts"]) or body.get("subtype") == "thread_broadcast"


_STORED = (
    "id", "name", "kind", "created", "creator", "members", "user", "topic", "archived", "external", "previous_names",
)  # fmt: skip


class State:
    """Everything that survives a restart.

    Args:
        journal: Where changes go.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ts = TsCounter()
        self._numbers: dict[str, int] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, JsonObject] = {}
        self.reads: dict[tuple[str, str], str] = {}

    def load(self, records: Mapping[str, Mapping[str, JsonObject]]) -> None:
        """Takes over what the journal held."""
        for body in records.get("channel", {}).values():
            self.channels[body["id"]] = Channel(**body)
        for key, body in records.get("message", {}).items():
            channel = self.channels[key.partition("/")[0]]
            channel.messages[body["ts"]] = body
            self._index(channel, body)
        for user, view in records.get("home", {}).items():
            self.homes[user] = view
        for key, mark in records.get("read", {}).items():
            user, _, channel_id = key.partition("/")
            self.reads[user, channel_id] = mark["ts"]
        for name, counter in records.get("counter", {}).items():
            self._numbers[name] = counter["value"]
        self._ts.last = self._numbers.get("ts", 0)

    def next_ts(self, now: datetime) -> str:
        """A `ts` that the workspace has never used."""
        ts = self._ts.next(now)
        self._count("ts", self._ts.last)
        return ts

    def next_number(self, name: str) -> int:
        """The next number of a named counter, from 1; it goes on after a restart."""
        value = self._numbers.get(name, 0) + 1
        self._count(name, value)
        return value

    def _count(self, name: str, value: int) -> None:
        self._numbers[name] = value
        self._journal.put("counter", name, {"value": value})

    def keep_channel(self, channel: Channel) -> None:
        """Adds a channel, or notes that it changed."""
        self.channels[channel.id] = channel
        self._journal.put("channel", channel.id, {name: getattr(channel, name) for name in _STORED})

    def keep_message(self, channel: Channel, body: JsonObject) -> None:
        """Adds a message, or puts its new form in the place of the old."""
        is_new = body["ts"] not in channel.messages
        channel.messages[body["ts"]] = body
        if is_new:
            self._index(channel, body)
        self._journal.put("message", f"{channel.id}/{body['ts']}", body)

    def drop_message(self, channel: Channel, ts: str) -> None:
        """Takes a message out of its channel and its thread."""
        body = channel.messages.pop(ts)
        root = body.get("thread_ts")
        if root and root != ts and ts in channel.threads.get(root, ()):
            channel.threads[root].remove(ts)
        self._journal.put("message", f"{channel.id}/{ts}", None)

    def keep_home(self, user_id: str, view: JsonObject) -> None:
        """Sets a user's Home tab."""
        self.homes[user_id] = view
        self._journal.put("home", user_id, view)

    def mark_read(self, user_id: str, channel_id: str, ts: str) -> bool:
        """Moves a user's read mark forward; False where it already stood there or beyond."""
        if ts <= self.reads.get((user_id, channel_id), ""):
            return False
        self.reads[user_id, channel_id] = ts
        self._journal.put("read", f"{user_id}/{channel_id}", {"ts": ts})
        return True

    @staticmethod
    def _index(channel: Channel, body: JsonObject) -> None:
        root = body.get("thread_ts")
        if root and root != body["ts"]:
            bisect.insort(channel.threads.setdefault(root, []), body["ts"])
