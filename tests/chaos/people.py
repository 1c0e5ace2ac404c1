"""People who ask: in channels, in the threads of stories, one after the other in one thread, directly, too early."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from bot.workspace import Workspace

from .press import Event, Press
from .stage import CHANNELS, PEOPLE, Stage

PAUSE_S = (1.5, 5.0)
"""Between two questions."""
EARLY_S = 50.0
"""Somebody asks about an event so long before it happens, at least, and wants to be told of it then."""
ANSWER_S = 60.0
"""Whoever asked too early waits so long to hear that nothing is known yet."""

_UNKNOWN = "not in what I have read"
_WAYS = ("mention", "thread", "thread", "twice", "direct", "early", "early")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: where it was asked, and the thread that its answer belongs into."""

    channel_id: str
    ts: str
    root_ts: str
    way: str


class People:
    """Asks questions until it is cancelled, and remembers them.

    Args:
        at: where.
        seed: of who asks what.
        pause_s: the least and the most seconds between two questions.
    """

    def __init__(self, at: Stage, seed: int, pause_s: tuple[float, float] = PAUSE_S) -> None:
        self._workspace: Workspace = at.workspace
        self._press: Press = at.press
        self._dice = random.Random(seed)
        self._pause_s = pause_s
        self.asked: list[Asked] = []

    async def run(self) -> None:
        """Ask, for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(self._dice.uniform(*self._pause_s))
                way = self._dice.choice(_WAYS)
                if way == "early" and (event := self._press.coming(EARLY_S)) is not None:
                    group.create_task(self._ask_early(event, self._dice.choice(PEOPLE), self._dice.choice(CHANNELS)))
                else:
                    await self._ask(way)

    async def _ask(self, way: str) -> None:
        person, channel = self._dice.choice(PEOPLE), self._dice.choice(CHANNELS)
        if way == "direct":
            await self._say(person, self._workspace.dm_id(person), self._words(), None, way)
            return
        if way == "mention":
            await self._mention(person, channel)
            return
        if way == "twice":
            root = await self._mention(person, channel)
            await self._say(person, channel, self._words(), root, way)
            return
        roots = self._posts(channel)
        if roots:
            await self._say(person, channel, self._words(), self._dice.choice(roots[-5:]), way)

    async def _ask_early(self, event: Event, person: str, channel: str) -> None:
        """Ask what nobody can know yet; once the bot has said so, want to be told."""
        text = f"<@{self._workspace.bot_user_id}> What happened at {event.place}?"
        root = await self._say(person, channel, text, None, "early")
        for _ in range(round(ANSWER_S)):
            await asyncio.sleep(1.0)
            if any(_UNKNOWN in str(message.get("text")) for message in self._workspace.thread(channel, root)[1:]):
                await self._say(person, channel, "Please watch for it.", root, "watch")
                return

    async def _mention(self, person: str, channel: str) -> str:
        text = f"<@{self._workspace.bot_user_id}> {self._words()}"
        return await self._say(person, channel, text, None, "mention")

    async def _say(self, person: str, channel: str, text: str, root: str | None, way: str) -> str:
        ts = await self._workspace.send(person, channel, text, root)
        self.asked.append(Asked(self._workspace.core.channel(channel).id, ts, root or ts, way))
        return ts

    def _posts(self, channel: str) -> list[str]:
        """The stories that can be replied to, also those whose posting the bot has not written down yet."""
        bot = self._workspace.bot_user_id
        return [m["ts"] for m in self._workspace.messages(channel) if m.get("user") == bot and m.get("metadata")]

    def _words(self) -> str:
        """A question that nobody has asked yet: one that is put twice in a thread gets one answer."""
        return f"{self._question()} ({len(self.asked) + 1})"

    def _question(self) -> str:
        events = self._press.events()
        if not events or self._dice.random() < 0.2:
            return "How many bananas does Ecuador export to Finland each year?"
        event = self._dice.choice(events[-8:])
        return self._dice.choice(
            (
                f"What happened at {event.place}?",
                f"Which company is behind the news from {event.place}, and what is the figure?",
                f"What did {event.maker} do in {event.place}?",
            )
        )
