"""The real Bolt app and clients on the local workspace, with a newsroom that only remembers what it was asked."""

# ruff: noqa: D102 the fake has the newsroom's methods, which say what they do
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.choices import Writing
from bot.errors import NotFoundError
from bot.models import (
    Actor,
    Added,
    Brief,
    Change,
    Channel,
    ChannelFeeds,
    Evidence,
    Feed,
    HomeData,
    IncomingQuestion,
    Manager,
    Preview,
    Quote,
    Sentence,
    Source,
    Subscription,
)
from bot.slack import blocks
from bot.slack.client import make_client, open_session
from bot.slack.people import People
from bot.slack.prompts import about
from bot.slack.sender import Sender
from bot.workspace import Workspace

if TYPE_CHECKING:
    from bot.newsroom import Newsroom

MANIFEST = Path(__file__).parents[3] / "manifest.json"
T = TypeVar("T")


def a_brief() -> Brief:
    """A brief of one sentence and one source."""
    quote = Quote(1, "will draw 1.2 GW")
    return Brief(
        headline="A site in Ohio",
        headline_quotes=(quote,),
        what=(Sentence("It will draw 1.2 GW.", (quote,)),),
        why=None,
        facts=(),
        unknown=(),
        sources=(Source(1, 1, "DCD", "Ohio", "https://dcd.example/ohio"),),
        reported_by=1,
    )


@dataclass
class FakeNewsroom:
    """Remembers its calls, keeps feeds in lists; `errors`, `gate`, `add_feed_late` and `choices` say what goes how."""

    calls: list[tuple[str, Any]] = field(default_factory=list)
    questions: list[IncomingQuestion] = field(default_factory=list)
    feeds: dict[str, list[Subscription]] = field(default_factory=dict)
    errors: dict[str, Exception] = field(default_factory=dict)
    appointed: tuple[Manager, ...] = ()
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    gate: asyncio.Event | None = None
    add_feed_late: Exception | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    heard: set[tuple[str, str]] = field(default_factory=set)

    def _note(self, name: str, *details: Any) -> None:
        self.calls.append((name, details))
        self.changed.set()
        if name in self.errors:
            raise self.errors[name]

    async def until(self, predicate: Callable[[], T]) -> T:
        """The predicate's first true value, looked at after each call."""
        async with asyncio.timeout(90):
            while not (found := predicate()):
                self.changed.clear()
                await self.changed.wait()
        return found

    async def question(self) -> IncomingQuestion:
        """The first question, once it is there."""
        found = await self.until(lambda: self.questions)
        return found[0]

    def named(self, name: str) -> list[tuple[Any, ...]]:
        """The details of each call by this name."""
        return [details for called, details in self.calls if called == name]

    async def first_time(self, team_id: str, what: str) -> bool:
        is_new = (team_id, what) not in self.heard
        self.heard.add((team_id, what))
        return is_new

    async def add_feed(self, actor: Actor, channel_id: str, channel_name: str, address: str) -> Added:
        self._note("add_feed", actor, channel_id, channel_name, address)
        if self.gate is not None:
            await self.gate.wait()
        if self.add_feed_late is not None:
            raise self.add_feed_late
        if self.choices:
            choices, self.choices = self.choices, ()
            return Added(None, choices=choices)
        number = sum(map(len, self.feeds.values())) + 1
        feed = Feed(number, address, f"Feed {number}", "Publisher")
        channel = Channel(actor.team_id, channel_id, channel_name)
        subscription = Subscription(number, channel, feed, actor.user_id, datetime.now(UTC))
        self.feeds.setdefault(channel_id, []).append(subscription)
        return Added(subscription, latest=("Newest item",))

    async def list_feeds(self, actor: Actor, channel_id: str | None) -> tuple[ChannelFeeds, ...]:
        self._note("list_feeds", actor, channel_id)
        return tuple(
            ChannelFeeds(entries[0].channel, tuple(entries))
            for key, entries in self.feeds.items()
            if entries and channel_id in {None, key}
        )

    async def remove_feed(self, actor: Actor, channel_id: str, which: str) -> Subscription:
        self._note("remove_feed", actor, channel_id, which)
        for entry in self.feeds.get(channel_id, []):
            if f"#{entry.id}" == which or which == str(entry.id):
                self.feeds[channel_id].remove(entry)
                return entry
        raise NotFoundError(f"No feed here matches “{which}”.")

    async def pause(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Subscription, ...]:
        self._note("pause", actor, channel_id, which)
        return self._set_paused(channel_id, datetime.now(UTC))

    async def resume(self, actor: Actor, channel_id: str, which: str | None) -> tuple[Subscription, ...]:
        self._note("resume", actor, channel_id, which)
        return self._set_paused(channel_id, None)

    def _set_paused(self, channel_id: str, at: datetime | None) -> tuple[Subscription, ...]:
        self.feeds[channel_id] = [replace(entry, paused_at=at) for entry in self.feeds.get(channel_id, [])]
        return tuple(self.feeds[channel_id])

    async def preview(self, actor: Actor, channel_id: str, channel_name: str, address: str) -> Preview:
        self._note("preview", actor, channel_id, channel_name, address)
        if self.gate is not None:
            await self.gate.wait()
        if self.add_feed_late is not None:
            raise self.add_feed_late
        if self.choices:
            choices, self.choices = self.choices, ()
            return Preview("", "", choices=choices)
        return Preview(address, "Feed 1")

    async def managers(self, team_id: str) -> tuple[Manager, ...]:
        self._note("managers", team_id)
        return self.appointed

    async def require_visible(self, actor: Actor, channel_id: str) -> None:
        self._note("require_visible", actor, channel_id)

    async def last_change(self, actor: Actor, channel_id: str) -> Change | None:
        self._note("last_change", actor, channel_id)
        return None

    async def home(self, actor: Actor, page: int = 0) -> HomeData:
        self._note("home", actor, page)
        return HomeData(actor, await self.list_feeds(actor, None), 3, 9, "extractive", page=page)

    async def writing(self, actor: Actor) -> Writing:
        self._note("writing", actor)
        return Writing("extractive", 0, 0, 2, 1)

    async def ask(self, question: IncomingQuestion) -> bool:
        known = {(entry.channel_id, entry.ts) for entry in self.questions}
        self._note("ask", question)
        if (question.channel_id, question.ts) in known:
            return False
        self.questions.append(question)
        return True

    async def suggestions(self, team_id: str) -> tuple[tuple[str, str], ...]:
        self._note("suggestions", team_id)
        return about(("Ostara to build 1.2 GW campus",))

    async def brief_of(self, team_id: str, story_id: int, channel_id: str = "") -> Brief:
        self._note("brief_of", team_id, story_id, channel_id)
        return a_brief()

    async def evidence_of(self, team_id: str, story_id: int, channel_id: str = "") -> Evidence:
        self._note("evidence_of", team_id, story_id, channel_id)
        return Evidence(a_brief(), {})

    async def feedback(self, actor: Actor, channel_id: str, subject: str, verdict: str) -> None:
        self._note("feedback", actor, channel_id, subject, verdict)

    async def channel_changed(self, team_id: str, channel_id: str, state: str | None, name: str | None) -> None:
        self._note("channel_changed", team_id, channel_id, state, name)

    async def stop_answer(self, team_id: str, channel_id: str, root_ts: str) -> None:
        self._note("stop_answer", team_id, channel_id, root_ts)

    async def revoked(self, team_id: str) -> None:
        self._note("revoked", team_id)

    async def uninstalled(self, team_id: str) -> None:
        self._note("uninstalled", team_id)


@dataclass(frozen=True)
class Desk:
    """Everything of a scenario."""

    ws: Workspace
    newsroom: FakeNewsroom
    client: AsyncWebClient

    async def whispered(self, user: str, part: str) -> dict[str, Any]:
        """The ephemeral message with this in it, once it is there."""
        return await self.ws.wait_for(
            lambda: next((m for m in self.ws.ephemerals(user) if part in json.dumps(m, ensure_ascii=False)), None) or {}
        )

    async def post_brief(self) -> str:
        """Post a brief of story 12 in the channel; gives its ts."""
        channel = self.ws.channel_id("ai-infrastructure")
        return await Sender(self.client).post(
            channel, blocks.brief(a_brief(), None, story_id=12), delivery_key="story:12"
        )

    async def view(self, user: str, part: str) -> dict[str, Any]:
        """The open modal with this in it, once it is there."""

        def found() -> dict[str, Any]:
            view = self.ws.open_view(user)
            return view if view and part in json.dumps(view, ensure_ascii=False) else {}

        return await self.ws.wait_for(found)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Slack SDK sends everything to a proxy that the environment names, this machine's own addresses too."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """The local workspace with the app's own manifest."""
    ws = Workspace(json.loads(MANIFEST.read_text(encoding="utf-8")))
    ws.timing.wait_longer(30)
    await ws.start()
    yield ws
    await ws.stop()


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[AsyncWebClient]:
    """The bot's client."""
    async with open_session() as session:
        yield make_client(workspace.bot_token, workspace.api_url, session)


@pytest.fixture
async def desk(workspace: Workspace, client: AsyncWebClient) -> AsyncIterator[Desk]:
    """The app, connected by its real socket."""
    newsroom = FakeNewsroom()
    app = AsyncApp(client=client)
    handlers.register(app, cast("Newsroom", newsroom), People())
    socket = AsyncSocketModeHandler(app, workspace.app_token, ping_interval=0.2)
    await socket.connect_async()  # type: ignore[no-untyped-call]
    await workspace.wait_for(lambda: workspace.connections)
    yield Desk(workspace, newsroom, client)
    await socket.close_async()  # type: ignore[no-untyped-call]
