"""People who ask: in channels, in the threads of stories, one after the other in one thread, and directly."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from bot.workspace import Workspace

from .press import Press
from .stage import CHANNELS, PEOPLE, Stage

PAUSE_S = (1.0, 4.0)
"""Between two questions."""

_WAYS = ("mention", "thread", "thread", "twice", "direct")


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
        while True:
            await asyncio.sleep(self._dice.uniform(*self._pause_s))
            await self._ask(self._dice.choice(_WAYS))

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
