from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import COMMANDS
from handlers.parsing import (
    VERBS,
    address_problem,
    asks_for_help,
    from_mention,
    from_message,
    is_chatter,
    is_greeting,
    parse_command,
    shared_list,
)


@pytest.mark.parametrize(
    ("text", "verb", "rest", "channel"),
    [
        ("", "", "", (None, None)),
        ("list", "list", "", (None, None)),
        ("  LIST  ", "list", "", (None, None)),
        ("add https://a.example/feed", "add", "https://a.example/feed", (None, None)),
        ("add <https://a.example/feed?x=1&amp;y=2>", "add", "https://a.example/feed?x=1&y=2", (None, None)),
        ("add <http://a.example|a.example> <#C12AB|news>", "add", "http://a.example", ("C12AB", "news")),
        ("add <#G12AB|> a.example", "add", "a.example", ("G12AB", None)),
        ("add a.example #ai-news", "add", "a.example", (None, "ai-news")),
        ("a.example", "add", "a.example", (None, None)),
        ("https://a.example/#top", "add", "https://a.example/#top", (None, None)),
        ("remove #12", "remove", "#12", (None, None)),
        ("remove 2", "remove", "2", (None, None)),
        ("remove The  Register", "remove", "The Register", (None, None)),
        ("rem 2", "remove", "2", (None, None)),
        ("unsubscribe 2", "remove", "2", (None, None)),
        ("pause", "pause", "", (None, None)),
        ("pause <#C12AB|news>", "pause", "", ("C12AB", "news")),
        ("ask who builds <b> & how?", "ask", "who builds <b> & how?", (None, None)),
    ],
)
def test_commands_are_read_as_they_are_meant(
    text: str, verb: str, rest: str, channel: tuple[str | None, str | None]
) -> None:
    """Verb, address or name, and channel are found in Slack's escaped form and in the raw one."""
    command = parse_command(text)
    assert (command.verb, command.known, command.rest) == (verb, True, rest)
    assert (command.channel_id, command.channel_name) == channel


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("lsit", ("list",)),
        ("addd x", ("add",)),
        ("halp", ("help",)),
        ("puase", ("pause",)),
        ("qqqq", ()),
        ("ad x.example", ("add", "admins")),
        ("p", ("pause", "preview")),
    ],
)
def test_mistypes_get_the_nearest_verb(text: str, near: tuple[str, ...]) -> None:
    """An unknown word is not guessed, but what it probably meant is offered."""
    command = parse_command(text)
    assert not command.known
    assert command.near == near


def test_an_ambiguous_beginning_is_not_guessed() -> None:
    """`re` could remove: it is offered, not done."""
    assert not parse_command("re 2").known


@given(st.text(max_size=60))
def test_any_command_text_can_be_read(text: str) -> None:
    """Whatever is typed is read without error, and a known verb is one of ours."""
    command = parse_command(text)
    assert not command.known or command.verb in {*VERBS, ""}


def test_the_help_lists_the_verbs_that_are_read() -> None:
    """No verb is missing from the help, none in it is unknown."""
    assert {verb for verb, _, _ in COMMANDS} == set(VERBS)


@pytest.mark.parametrize(
    "text",
    ["a.example", "https://a.example/x?y=1", "http://127.0.0.1:8000/feed", "www.theregister.com/ai", "a.example:8080"],
)
def test_addresses_are_taken(text: str) -> None:
    """With or without a scheme; what may be connected to is for the guard to say."""
    assert address_problem(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "two words", "ftp://a.example", "javascript:alert(1)", "list", "12", "https://", "http://[::1", "a..b", "x@y"],
)
def test_what_is_no_address_gets_a_sentence(text: str) -> None:
    """The form says what is wrong before anything is fetched."""
    problem = address_problem(text)
    assert problem
    assert problem.endswith(".")


def event(**changes: Any) -> dict[str, Any]:
    """A reply in a channel's thread."""
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "ts": "2.0",
        "thread_ts": "1.0",
        "text": "how much &amp; when?",
        **changes,
    }


def test_a_reply_in_a_thread_is_a_question() -> None:
    """It keeps its thread, its own time and Slack's id of the event."""
    question = from_message(event(), team_id="T1", event_id="Ev1", bot_user_id="UBOT")
    assert question is not None
    assert (question.surface, question.root_ts, question.ts, question.event_id) == ("thread", "1.0", "2.0", "Ev1")
    assert question.text == "how much & when?"


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": None},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"thread_ts": None},
        {"thread_ts": "2.0"},
        {"text": "<@UBOT> how much?"},
    ],
)
def test_what_is_not_for_us_is_left_alone(changes: dict[str, Any]) -> None:
    """Bots, changes, joins, top-level messages, and mentions (which come as their own event) are no questions."""
    assert from_message(event(**changes), team_id="T1", event_id=None, bot_user_id="UBOT") is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_files_and_broadcasts_are_messages_too(subtype: str) -> None:
    """People ask while they share a file, or show their reply to the channel."""
    assert from_message(event(subtype=subtype), team_id="T1", event_id=None, bot_user_id="UBOT") is not None


def test_each_direct_message_begins_a_thread() -> None:
    """A direct message without a thread is answered in its own."""
    question = from_message(
        event(channel="D1", channel_type="im", thread_ts=None), team_id="T1", event_id=None, bot_user_id="UBOT"
    )
    assert question is not None
    assert (question.surface, question.root_ts) == ("dm", "2.0")


def test_a_mention_is_asked_without_the_mention() -> None:
    """The bot's own name is not part of the question; at the top of a channel it begins a thread."""
    question = from_mention(
        event(text="<@UBOT>  who pays <@U2>?", thread_ts=None), team_id="T1", event_id=None, bot_user_id="UBOT"
    )
    assert question is not None
    assert (question.text, question.surface, question.root_ts) == ("who pays <@U2>?", "mention", "2.0")


@pytest.mark.parametrize(
    ("text", "greeting"), [("Hi!", True), ("help", True), ("help me", False), ("hi there?", False)]
)
def test_greetings_are_told_from_questions(text: str, *, greeting: bool) -> None:
    """Only a bare greeting or call for help is answered with the help."""
    assert is_greeting(text) is greeting


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("thanks!", True), ("Thank you so much", True), ("ok", True), ("lol :joy:", True), (":+1:", True), ("👍", True),
        ("sounds good, will do", True), ("Great stuff!", True), ("why?", False), ("and the price", False),
        ("good for whom?", False), ("2027", False), ("is it done", False),
        ("watch for it", False), ("Elk Narrows", False),
    ],
)  # fmt: skip
def test_asides_are_told_from_questions(text: str, *, aside: bool) -> None:
    """People thank and cheer in our threads too; whatever has a word of its own is a question."""
    assert is_chatter(text) is aside


@pytest.mark.parametrize("text", ["thanks!", "<@U2> can you look at this?", "what did we decide, <@U2|ben>?"])
def test_what_people_say_to_each_other_in_a_thread_is_not_answered(text: str) -> None:
    """An aside, and what names somebody else; the same in a direct message is said to us."""
    event = {"user": "U1", "ts": "2.0", "thread_ts": "1.0", "channel": "C1", "text": text}
    ours: Any = {"team_id": "T1", "event_id": "E1", "bot_user_id": "B1"}
    assert from_message(event, **ours) is None
    assert from_message(event | {"channel_type": "im"}, **ours) is not None


@pytest.mark.parametrize(
    ("name", "text", "is_list"),
    [
        ("feeds.opml", "", True),
        ("Export.XML", "what is this?", True),
        ("feeds.txt", "please import these", True),
        ("notes.txt", "what do you think?", False),
        ("chart.png", "import this", False),
    ],
)
def test_a_shared_list_is_known_by_its_name(name: str, text: str, is_list: bool) -> None:  # noqa: FBT001  # a case
    """Lists from feed readers always, text files where somebody says what for; other files belong to a question."""
    found = shared_list({"text": text, "files": [{"id": "F1", "name": name}]})
    assert (found is not None) is is_list
    assert shared_list({"text": "import"}) is None


def test_packs_are_what_add_pack_is() -> None:
    """`/tapeout packs` lists them, `/tapeout packs chips` adds one."""
    assert (parse_command("packs").verb, parse_command("packs").rest) == ("add", "pack")
    assert parse_command("packs chips").rest == "pack chips"


@pytest.mark.parametrize(
    ("text", "asks"),
    [("topics help", True), ("digest ?", True), ("ask help", False), ("watch ?", False), ("topics", False)],
)
def test_help_may_be_asked_for_after_a_verb(text: str, asks: bool) -> None:  # noqa: FBT001  # a case
    """But a question that is one word is a question."""
    assert asks_for_help(parse_command(text)) is asks
