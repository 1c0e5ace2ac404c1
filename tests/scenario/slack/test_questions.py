from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.blocks import said
from bot.slack.prompts import PROMPTS
from bot.slack.sender import Sender

if TYPE_CHECKING:
    from tests.scenario.slack.conftest import Desk

CHANNEL = "ai-infrastructure"


async def post(desk: Desk) -> str:
    """A post of the bot's in the channel."""
    return await Sender(desk.client).post(desk.ws.channel_id(CHANNEL), said("news"), delivery_key="story:1")


async def settled(desk: Desk) -> None:
    """Until the app has acknowledged every event so far."""
    await desk.ws.wait_for(lambda: desk.ws.unsettled_events == 0)


async def test_each_way_of_asking_is_written_down_once(desk: Desk) -> None:
    """A reply in a thread, a mention, a mention in a thread and a direct message become one question each."""
    ws, newsroom = desk.ws, desk.newsroom
    root = await post(desk)
    reply = await ws.send("ben", CHANNEL, "how much <b> & when?", root)
    mention = await ws.mention("ben", CHANNEL, "what is new?")
    both = await ws.mention("ben", CHANNEL, "and here?", root)
    direct = await ws.send("ben", ws.dm_id("ben"), "who builds in Ohio?")
    await newsroom.until(lambda: len(newsroom.questions) == 4)
    await settled(desk)
    asked = sorted((q.ts, q.surface, q.root_ts, q.text) for q in newsroom.questions)
    assert asked == [
        (reply, "thread", root, "how much <b> & when?"),
        (mention, "mention", mention, "what is new?"),
        (both, "mention", root, "and here?"),
        (direct, "dm", direct, "who builds in Ohio?"),
    ]
    assert all(q.event_id and q.team_id == ws.team_id for q in newsroom.questions)


async def test_what_is_no_question_is_left_alone(desk: Desk) -> None:
    """Talk at the top of a channel, edits, deletions and the bot's own posts ask nothing, and are acknowledged."""
    ws = desk.ws
    ts = await ws.send("ben", CHANNEL, "good morning")
    await ws.edit("ben", CHANNEL, ts, "good evening")
    await ws.delete(CHANNEL, ts)
    await post(desk)
    await settled(desk)
    assert desk.newsroom.questions == []


async def test_help_answers_in_a_direct_message_and_an_empty_mention_gets_a_hint(desk: Desk) -> None:
    """A greeting is answered with the help in its own thread, once, even where Slack delivers it twice."""
    ws = desk.ws
    ws.faults.duplicate_events()
    ts = await ws.send("ben", ws.dm_id("ben"), "Help!")
    thread = await ws.wait_for(lambda: ws.thread(ws.dm_id("ben"), ts)[1:])
    await settled(desk)
    assert "/tapeout add" in str(thread[0]["blocks"])
    await ws.send("ben", CHANNEL, f"<@{ws.bot_user_id}>")
    await desk.whispered("ben", "Ask me something")
    assert len(ws.thread(ws.dm_id("ben"), ts)) == 2
    assert desk.newsroom.questions == []


async def test_a_question_that_could_not_be_written_down_comes_again(desk: Desk) -> None:
    """The event is acknowledged only once the question is kept, so Slack delivers it again after a fault."""
    ws, newsroom = desk.ws, desk.newsroom
    newsroom.errors["ask"] = RuntimeError("database is locked")
    ws.timing.ack = 0.3
    await ws.mention("ben", CHANNEL, "what is new?")
    await newsroom.until(lambda: newsroom.named("ask"))
    assert newsroom.questions == []
    newsroom.errors.clear()
    await newsroom.until(lambda: newsroom.questions)
    await settled(desk)
    assert len(newsroom.questions) == 1
    await desk.whispered("ben", "It is noted as")


@pytest.mark.parametrize("fault", ["duplicate_events", "lose_ack", "drop_socket"])
async def test_no_fault_of_delivery_loses_or_doubles_a_question(desk: Desk, fault: str) -> None:
    """Duplicates, lost acknowledgements and dying sockets leave one question."""
    ws = desk.ws
    ws.timing.ack, ws.timing.regain = 0.3, 0.05
    getattr(ws.faults, fault)()
    await ws.mention("ben", CHANNEL, "what is new?")
    await desk.newsroom.until(lambda: desk.newsroom.questions)
    await ws.wait_for(lambda: ws.unsettled_events == 0, timeout=90)
    assert len(desk.newsroom.questions) == 1


async def test_stop_reaches_the_newsroom(desk: Desk) -> None:
    """Pressing Stop under an answer names its channel and thread."""
    ws = desk.ws
    root = await post(desk)
    await ws.stop_answer("ben", CHANNEL, root)
    details = await desk.newsroom.until(lambda: desk.newsroom.named("stop_answer"))
    assert details == [(ws.team_id, ws.channel_id(CHANNEL), root)]


async def test_channels_and_the_app_are_followed(desk: Desk) -> None:
    """An invitation is greeted once; renaming, archiving and removal are passed on."""
    ws, newsroom = desk.ws, desk.newsroom
    await ws.invite_bot("ada", "general")
    await ws.wait_for(lambda: [m for m in ws.messages("general") if "Hello!" in m["text"]])
    await ws.rename("general", "all-hands")
    await ws.archive("ada", "all-hands")
    await newsroom.until(lambda: len(newsroom.named("channel_changed")) == 3)
    channel = ws.channel_id("all-hands")
    assert newsroom.named("channel_changed") == [
        (ws.team_id, channel, "active", None),
        (ws.team_id, channel, None, "all-hands"),
        (ws.team_id, channel, "archived", None),
    ]
    await ws.uninstall()
    await newsroom.until(lambda: newsroom.named("uninstalled"))


async def test_questions_are_suggested_where_messages_are_opened(desk: Desk) -> None:
    """Opening the bot's messages offers what was told lately, what never grows old, and help."""
    await desk.ws.open_messages("ben")
    offered = await desk.ws.wait_for(lambda: desk.ws.prompts("ben"))
    told = ("Ostara to build 1.2 GW campus", "What is new: Ostara to build 1.2 GW campus")
    assert [(prompt["title"], prompt["message"]) for prompt in offered] == [told, *PROMPTS[:2], PROMPTS[-1]]


async def test_thanks_are_taken_and_ask_nothing(desk: Desk) -> None:
    """In a thread they are for everybody; in a direct message they get a thumb; neither is looked up."""
    ws = desk.ws
    root = await post(desk)
    await ws.send("ben", CHANNEL, "thanks, great stuff!", root)
    direct = await ws.send("ben", ws.dm_id("ben"), "thank you!")
    await ws.wait_for(lambda: len(ws.thread(ws.dm_id("ben"), direct)) == 2)
    await settled(desk)
    assert desk.newsroom.questions == []
    assert len(ws.thread(CHANNEL, root)) == 2
