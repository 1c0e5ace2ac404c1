"""The whole bot over real sockets: local workspace, sample feeds, Bolt app, loops, SQLite."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot import demo
from bot.app import Service
from bot.settings import Settings, load
from bot.shelf import Shelf
from bot.workspace import Workspace

T = TypeVar("T")
CHANNEL = "ai-infrastructure"
#: Everything happens within milliseconds to seconds; a busy machine gets this much.
PATIENCE_S = 90.0


@dataclass(frozen=True)
class Path1:
    """The running parts."""

    workspace: Workspace
    shelf: Shelf
    service: Service
    settings: Settings

    def posts(self) -> list[dict[str, Any]]:
        """The bot's posts in the channel, oldest first."""
        bot = self.workspace.bot_user_id
        return [
            message
            for message in self.workspace.messages(CHANNEL)
            if message.get("user") == bot and message.get("subtype") is None
        ]

    def post_about(self, words: str) -> dict[str, Any] | None:
        """The bot's post whose text holds these words."""
        return next((post for post in self.posts() if words in post["text"]), None)

    def replies(self, ts: str, *, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """The bot's finished replies in a thread: an unfinished one carries no key yet."""
        bot = self.workspace.bot_user_id
        return [
            message
            for message in self.workspace.thread(channel, ts)
            if message.get("user") == bot and message["ts"] != ts and message.get("metadata")
        ]

    async def whispered(self, user: str, *parts: str, after: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The newest message that only this person sees and that holds all of this, once it is there.

        What was there before, by its ts in `after`, is passed over.
        """

        def found() -> dict[str, Any]:
            seen = [one for one in reversed(self.workspace.ephemerals(user)) if one["ts"] not in after]
            return next((one for one in seen if all(part in shown(one) for part in parts)), {})

        return await self.wait(found)

    async def tell(self, text: str, *parts: str, user: str = "ada") -> dict[str, Any]:
        """Type a command in the channel; its answer, which holds all of this."""
        before = frozenset(one["ts"] for one in self.workspace.ephemerals(user))
        await self.workspace.command(user, CHANNEL, text)
        return await self.whispered(user, *parts, after=before)

    async def tell_until(self, text: str, *parts: str, user: str = "ada") -> dict[str, Any]:
        """Type a command that changes nothing, again and again, until its answer holds all of this.

        For what follows from something that is still under way: a click, a story that is being read.
        """
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self.tell(text, user=user)
                if all(part in shown(answer) for part in parts):
                    return answer
                await self.service.newsroom.bells.wait("test", 0.2)

    async def answered(self) -> None:
        """Until no question is open: an answer is in its thread a moment before it is settled."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.service.newsroom.next_question_at() is not None:
                await self.service.newsroom.bells.wait("test", 0.05)

    async def begin(self) -> None:
        """Let the channel follow the sample feeds."""
        await self.service.seed(demo.sample_feeds(self.shelf), channel_name=CHANNEL)

    async def wait(self, predicate: Callable[[], T]) -> T:
        """Until something in the workspace is so."""
        return await self.workspace.wait_for(predicate, PATIENCE_S)


def shown(message: dict[str, Any]) -> str:
    """All that a message says, in words and blocks."""
    return json.dumps(message, ensure_ascii=False)


@contextlib.asynccontextmanager
async def running(
    folder: Path, environ: Mapping[str, str] | None = None, *, release_all: bool = False, seed: bool = True
) -> AsyncIterator[Path1]:
    """Start everything in `folder`; a second start with the same folder and ports goes on where the first stopped.

    Without `seed` the channel is there but follows nothing until `begin`: it can be configured first.
    """
    settings = load(
        {
            "TAPEOUT_DATA_DIR": str(folder),
            "TAPEOUT_WORKSPACE_PORT": "0",
            "TAPEOUT_WORKSPACE_PATIENCE": "30",
            "TAPEOUT_SHELF_PORT": "0",
            "PORT": "0",
        }
        | dict(environ or {})
    )
    local = await demo.start(settings, live=False)
    assert local.shelf is not None
    if release_all:
        local.shelf.release_all()
    service = Service(local.settings)
    try:
        await service.start()
        await service.seed(demo.sample_feeds(local.shelf) if seed else (), channel_name=CHANNEL)
        yield Path1(local.workspace, local.shelf, service, local.settings)
    finally:
        await service.stop()
        await local.stop()


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path1]:
    """The bot at work on the sample feeds."""
    async with running(tmp_path) as parts:
        yield parts
