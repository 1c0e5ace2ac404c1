"""One place where commands, ids, events and scopes are compared: listeners, blocks, manifest, help, documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from slack_bolt.async_app import AsyncApp

import handlers
from bot.choices import ChannelChoices, ChannelFilters, FeedFilter, Recent, TopicAdded, TopicChoice
from bot.delivery.schedule_words import VERBS as DIGEST_VERBS
from bot.models import (
    Actor,
    Added,
    Answer,
    AnswerState,
    Brief,
    Change,
    Channel,
    ChannelFeeds,
    ChannelRhythm,
    Digest,
    DigestItem,
    Evidence,
    Feed,
    HomeData,
    OpenWatch,
    Preview,
    PreviewItem,
    Quote,
    Relevance,
    Rhythm,
    Sentence,
    Slot,
    Source,
    Subscription,
    WatchState,
)
from bot.slack import blocks
from bot.slack.blocks import COMMANDS
from bot.slack.people import People
from bot.slack.prompts import PROMPTS
from handlers.commands import COMMAND, Commands
from handlers.parsing import ALIASES, VERBS
from handlers.subcommands import ADMIN_VERBS, FILTER_VERBS, TOPIC_VERBS
from handlers.tools import Tools

ROOT = Path(__file__).parents[2]
MANIFEST = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHANNEL = Channel("T1", "C1", "ai", style="deep")
QUOTE = Quote(1, "will draw 1.2 GW")
SENTENCE = Sentence("It will draw 1.2 GW.", (QUOTE,))
SOURCES = (Source(1, 1, "DCD", "Ohio", "https://dcd.example/ohio"),)
BRIEF = Brief("A site in Ohio", (QUOTE,), (SENTENCE,), None, (), (), SOURCES, 1)
SLOT = Slot(NOW.date(), NOW.time(), NOW)
RHYTHM = ChannelRhythm("T1", "C1", "ai", Rhythm(at=(NOW.time(),)), is_set=True, next_slot=SLOT)
ITEM = DigestItem(1, "A site in Ohio", "https://dcd.example/ohio", "Chips", (), ("DCD",), 1, 0.5)
DIGEST = Digest(SLOT, "UTC", NOW, NOW, (ITEM,), ())


class Listeners:
    """What the app listens to, by kind, noted while everything registers."""

    def __init__(self) -> None:
        self.constraints: dict[str, list[Any]] = {"action": [], "view": [], "event": [], "command": [], "shortcut": []}
        app = AsyncApp(token="xoxb-no", signing_secret="no", request_verification_enabled=False)
        self._spy(app)
        handlers.register(app, cast("Any", MagicMock()), People())

    def _spy(self, app: AsyncApp) -> None:
        for method, kind in {
            "action": "action",
            "view": "view",
            "event": "event",
            "command": "command",
            "global_shortcut": "shortcut",
            "message_shortcut": "shortcut",
        }.items():
            self._wrap(app, method, kind)

    def _wrap(self, app: AsyncApp, method: str, kind: str) -> None:
        original = getattr(app, method)

        def noting(constraint: Any, *args: Any, **options: Any) -> Any:
            self.constraints[kind].append(constraint)
            return original(constraint, *args, **options)

        setattr(app, method, noting)

    def hears(self, kind: str, name: str) -> bool:
        """Whether a listener takes this id."""
        return any(
            one.search(name) is not None if isinstance(one, re.Pattern) else one == name
            for one in self.constraints[kind]
        )


@pytest.fixture(scope="module")
def listeners() -> Listeners:
    """The app's."""
    return Listeners()


def surfaces() -> Iterator[Any]:
    """One of everything that we show, with every button on it."""
    feed = Feed(1, "https://a.example/feed", "A", "A")
    paused = Subscription(2, CHANNEL, feed, "U1", NOW, paused_at=NOW)
    subscription = Subscription(1, CHANNEL, feed, "U1", NOW)
    feeds = (ChannelFeeds(CHANNEL, (subscription, paused)),)
    several = Added(None, choices=(("https://a.example/1", "One", ()), ("https://a.example/2", "Two", ())))
    topics = (
        TopicChoice("Chips"),
        TopicChoice("Gone", is_followed=False),
        TopicChoice("Mine", "Mine", muted_until=NOW),
    )
    choices = ChannelChoices(CHANNEL, topics, 1, 1, 0.1, Recent(()), NOW)
    item = PreviewItem("A", "https://a.example/1", NOW, BRIEF, None, Relevance(0.5, 0.5, (), ()))
    seen = Preview("https://a.example/feed", "A", (item, replace(item, brief=None, held="An advert.")))
    filters = ChannelFilters(
        CHANNEL, (FeedFilter(1, None, "", "not gaming", "no articles with gaming"),), (subscription,)
    )
    many = (*feeds, *(replace(each, subscriptions=(subscription,) * 60) for each in feeds * 2))
    watched = (OpenWatch(1, "C1", "U1", "Who?", NOW, may_end=True),)
    answer = Answer(AnswerState.ANSWERED, (SENTENCE,), SOURCES)
    unknown = Answer(AnswerState.UNKNOWN, (), ())
    yield from (
        blocks.brief(BRIEF, None, story_id=1),
        blocks.answer(answer, 1),
        *(blocks.answer(unknown, 1, watch=state) for state in WatchState),
        blocks.subscriptions(feeds, is_admin=True),
        blocks.added_message(several, "C1", "ai"),
        blocks.topics(choices, is_admin=True),
        blocks.topic_muted(topics[2], "C1"),
        blocks.topic_added(TopicAdded(topics[0], None, (), 0), "C1"),
        blocks.style(CHANNEL, is_admin=True),
        blocks.filters(filters, is_admin=True),
        blocks.preview(seen, "C1", "ai"),
        blocks.preview_view(seen, "C1"),
        blocks.packs([("Chips", 3)], "C1", "ai"),
        blocks.import_modal(channel_id="C1"),
        blocks.import_here("F1", "feeds.opml", "C1"),
        blocks.import_where("F1", "feeds.opml"),
        blocks.audit([Change(1, "U1", "remove", "C1", {"title": "A"}, NOW)], may_undo=True, in_channel=True),
        blocks.add_filter_modal(filters),
        blocks.rhythm(RHYTHM, is_admin=True),
        blocks.digest(DIGEST),
        blocks.watches(watched),
    )
    yield from (
        *(
            blocks.home(
                HomeData(
                    Actor("T1", "U1", is_admin=True), many, 1, 1, "extractive", page=page, watches=watched, has_web=True
                )
            )
            for page in range(3)
        ),
        blocks.add_modal(),
        blocks.added(several, "C1"),
        blocks.remove_confirm(subscription),
        blocks.ask_modal(channel_id="C1", root_ts="1.1", click_ts="1.2"),
        blocks.add_topic_modal(channel_id="C1"),
        blocks.rhythm_modal(RHYTHM),
        blocks.rhythm_saved(RHYTHM),
        blocks.brief_modal(BRIEF, 1),
        blocks.sources_modal(Evidence(BRIEF, {})),
        blocks.answer_sources_modal(answer),
    )


def found(key: str, node: Any, *, types: tuple[str, ...] = ()) -> Iterator[str]:
    """Every value of a key in a surface, of elements of these types."""
    if isinstance(node, dict):
        if key in node and (not types or node.get("type") in types):
            yield node[key]
        for inner in node.values():
            yield from found(key, inner, types=types)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from found(key, inner, types=types)


def shown(surface: Any) -> Any:
    """The blocks of a message, or a whole view."""
    return surface.blocks if isinstance(surface, blocks.Message) else surface


def unasked(surface: Any) -> list[Any]:
    """The blocks of a message or view that are no form's fields."""
    parts = surface["blocks"] if isinstance(surface, dict) else surface
    return [block for block in parts if block["type"] != "input"]


TYPES = ("button", "overflow", "static_select", "conversations_select")
#: What a form asks for comes with the form; it needs no listener of its own.
ACTIONS = {name for each in surfaces() for name in found("action_id", unasked(shown(each)), types=TYPES)}
CALLBACKS = {name for each in surfaces() for name in found("callback_id", shown(each), types=("modal",))}


def test_every_button_and_menu_has_a_listener(listeners: Listeners) -> None:
    """Nothing that we show does nothing."""
    assert ACTIONS
    assert {name for name in ACTIONS if not listeners.hears("action", name)} == set()


def test_every_form_has_a_listener(listeners: Listeners) -> None:
    """Nothing that is sent gets lost."""
    assert CALLBACKS
    assert {name for name in CALLBACKS if not listeners.hears("view", name)} == set()


def test_no_listener_waits_for_what_is_never_shown(listeners: Listeners) -> None:
    """A button that was renamed leaves no listener behind."""
    for kind, names in (("action", ACTIONS), ("view", CALLBACKS)):
        for constraint in listeners.constraints[kind]:
            pattern = constraint if isinstance(constraint, re.Pattern) else re.compile(rf"^{re.escape(constraint)}$")
            assert any(pattern.search(name) for name in names), f"{kind} {constraint} is never shown"


def test_every_event_of_the_manifest_has_a_listener_and_the_other_way_round(listeners: Listeners) -> None:
    """Slack sends nothing that we drop, and we wait for nothing that it does not send."""
    subscribed = {name.partition(".")[0] for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert subscribed == set(listeners.constraints["event"])


def test_commands_and_shortcuts_are_those_of_the_manifest(listeners: Listeners) -> None:
    """One command, and each shortcut by its callback id."""
    features = MANIFEST["features"]
    assert [each["command"] for each in features["slash_commands"]] == listeners.constraints["command"] == [COMMAND]
    assert {each["callback_id"] for each in features["shortcuts"]} == set(listeners.constraints["shortcut"])


def test_suggested_prompts_are_those_of_the_manifest() -> None:
    """What Slack suggests by itself and what we suggest are the same."""
    declared = MANIFEST["features"]["agent_view"]["suggested_prompts"]
    assert [(each["title"], each["message"]) for each in declared] == list(PROMPTS)


def test_every_verb_is_done_helped_with_and_described() -> None:
    """Verbs that are read, done, listed in the help and in the reference are the same; aliases lead to them."""
    done = set(Commands(Tools(cast("Any", MagicMock()), People()))._verbs) - {""}
    assert set(VERBS) == done == {verb for verb, _, _ in COMMANDS}
    described = set(re.findall(r"`/tapeout (\w+)", REFERENCE)) - {"rem"}  # an example of a word cut short
    assert set(re.findall(r"`/tapeout (\w+)", README)) <= described, "what the README names is in the reference"
    assert set(VERBS) <= described
    assert described - set(VERBS) == set()
    assert set(ALIASES.values()) <= set(VERBS)
    assert not set(ALIASES) & set(VERBS)


@pytest.mark.parametrize(
    ("verb", "words"),
    [("topics", TOPIC_VERBS), ("filter", FILTER_VERBS), ("digest", DIGEST_VERBS), ("admins", ADMIN_VERBS)],
)
def test_what_follows_a_verb_is_described(verb: str, words: tuple[str, ...]) -> None:
    """The help names every word that may follow it; the reference has an example of each."""
    helped = next(arguments for each, arguments, _ in COMMANDS if each == verb)
    assert set(re.findall(r"(?<!#)\b[a-z]+", helped)) == set(words)
    assert set(re.findall(rf"`/tapeout {verb} (\w+)", REFERENCE)) == set(words)


def test_the_manifests_hint_names_only_verbs() -> None:
    """What Slack shows while one types can be typed."""
    hint = MANIFEST["features"]["slash_commands"][0]["usage_hint"]
    assert {part.split()[0] for part in hint.split("|")} <= set(VERBS)


def test_every_scope_is_needed_by_something_that_we_call() -> None:
    """Each scope of the manifest has a method or an event of ours that Slack's reference asks it for."""
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot/slack", "bot", "handlers")
        for path in (ROOT / folder).glob("*.py")
    )
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    needs = {
        "app_mentions:read": "app_mention" in events,
        "assistant:write": "assistant_threads_setStatus" in source,
        "channels:history": "conversations_history" in source and "message.channels" in events,
        "channels:join": "conversations_join" in source,
        "channels:read": "conversations_info" in source,
        "chat:write": "chat_postMessage" in source,
        "files:read": "files_info" in source,
        "files:write": "files_upload_v2" in source,
        "groups:read": "conversations_members" in source,
        "usergroups:read": "usergroups_users_list" in source,
        "commands": bool(MANIFEST["features"]["slash_commands"]),
        "im:history": "message.im" in events,
        "im:write": "conversations_open" in source,
        "users:read": "users_info" in source,
    }
    assert {scope for scope, needed in needs.items() if needed} == set(MANIFEST["oauth_config"]["scopes"]["bot"])
