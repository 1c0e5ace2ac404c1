from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.workspace import RefusedError
from handlers import forms, within

if TYPE_CHECKING:
    from bot.models import Evidence
    from tests.scenario.slack.conftest import Desk

CHANNEL = "ai-infrastructure"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow work is slow after 0.1 s, so that the tests need not wait two."""
    monkeypatch.setattr(forms, "ACK_WITHIN_S", 0.1)


async def open_form(desk: Desk) -> None:
    """The form for a new feed, by its shortcut."""
    await desk.ws.shortcut("ada", "add_feed")
    await desk.view("ada", "Any page of the site will do")


def filled(desk: Desk, address: str) -> dict[str, Any]:
    """The form's fields."""
    return {"address": {"address": address}, "channel": {"channel": desk.ws.channel_id(CHANNEL)}}


async def test_a_feed_is_added_by_the_form(desk: Desk) -> None:
    """The shortcut's form shows what the feed would bring; confirmed, it adds it and says so in its place."""
    await open_form(desk)
    await desk.ws.submit_view("ada", filled(desk, "a.example"))
    await desk.view("ada", "the feed holds nothing yet")
    assert desk.newsroom.named("add_feed") == []
    await desk.ws.submit_view("ada")
    view = await desk.view("ada", "Added *Feed 1*")
    assert "Newest item" in json.dumps(view)
    assert desk.newsroom.named("add_feed")[0][1:] == (desk.ws.channel_id(CHANNEL), CHANNEL, "a.example")


async def test_what_is_no_address_is_said_at_the_field(desk: Desk) -> None:
    """The form stays open with a sentence under its field; the newsroom's own refusal too, when it comes in time."""
    await open_form(desk)
    with pytest.raises(RefusedError) as raised:
        await desk.ws.submit_view("ada", filled(desk, "not an address"))
    assert raised.value.errors == {"address": "That is more than one word: one address, please."}
    assert desk.newsroom.named("preview") == []
    desk.newsroom.errors["preview"] = UserError("There is no feed at a.example.")
    with pytest.raises(RefusedError) as raised:
        await desk.ws.submit_view("ada", filled(desk, "a.example"))
    assert raised.value.errors == {"address": "There is no feed at a.example."}


async def test_slow_discovery_shows_that_it_looks_and_then_the_result(desk: Desk) -> None:
    """Slack's three seconds are kept however long the site takes."""
    desk.newsroom.gate = asyncio.Event()
    await open_form(desk)
    await desk.ws.submit_view("ada", filled(desk, "a.example"))
    await desk.view("ada", "Looking for a feed at *a.example*")
    desk.newsroom.gate.set()
    await desk.view("ada", "Add it")
    desk.newsroom.errors["add_feed"] = UserError("The feed has gone meanwhile.")
    await desk.ws.submit_view("ada")
    await desk.view("ada", "The feed has gone meanwhile.")


async def test_a_late_refusal_brings_the_form_back(desk: Desk) -> None:
    """What was typed is still there, with what went wrong above it."""
    desk.newsroom.gate = asyncio.Event()
    await open_form(desk)
    submitted = asyncio.create_task(desk.ws.submit_view("ada", filled(desk, "a.example")))
    await desk.view("ada", "Looking for a feed")
    await submitted
    desk.newsroom.add_feed_late = UserError("There is no feed at a.example.")
    desk.newsroom.gate.set()
    view = await desk.view("ada", "There is no feed at a.example.")
    field = next(block for block in view["blocks"] if block.get("block_id") == "address")
    assert field["element"]["initial_value"] == "a.example"


async def test_one_of_several_feeds_is_chosen_in_the_form(desk: Desk) -> None:
    """The choice leads to the very address."""
    desk.newsroom.choices = (("https://a.example/1", "One", ("x",)), ("https://a.example/2", "Two", ()))
    await open_form(desk)
    await desk.ws.submit_view("ada", filled(desk, "a.example"))
    await desk.view("ada", "Which one?")
    await desk.ws.submit_view("ada", {"choice": {"choice": "1"}})
    await desk.view("ada", "Add it")
    assert desk.newsroom.named("preview")[1][1:] == (desk.ws.channel_id(CHANNEL), CHANNEL, "https://a.example/2")


async def test_others_are_told_before_they_fill_a_form(desk: Desk) -> None:
    """Who may not add feeds reads so at once."""
    await desk.ws.shortcut("ben", "add_feed")
    await desk.view("ben", "Only workspace admins")
    assert {name for name, _ in desk.newsroom.calls} == {"managers"}


async def test_home_shows_pauses_resumes_and_removes(desk: Desk) -> None:
    """An admin's tab has a menu at each feed; what it does is seen at once."""
    ws, newsroom = desk.ws, desk.newsroom
    await ws.command("ada", CHANNEL, "/tapeout add a.example now")
    await desk.whispered("ada", "Added")
    await ws.open_home("ada")
    await ws.wait_for(lambda: "Feed 1" in json.dumps(ws.home("ada")))
    channel = ws.channel_id(CHANNEL)
    await ws.click("ada", "home_feed", view_id="home", choose=f"pause:{channel}:1")
    await ws.wait_for(lambda: f"resume:{channel}:1" in json.dumps(ws.home("ada")))
    await ws.click("ada", "home_feed", view_id="home", choose=f"resume:{channel}:1")
    await ws.wait_for(lambda: f"pause:{channel}:1" in json.dumps(ws.home("ada")))
    assert newsroom.named("pause")[0][1:] == (channel, "#1")
    await ws.click("ada", "home_feed", view_id="home", choose=f"remove:{channel}:1")
    await desk.view("ada", "Stop following")
    await ws.submit_view("ada")
    await ws.wait_for(lambda: "No feeds yet" in json.dumps(ws.home("ada")))
    assert newsroom.named("remove_feed")[0][1:] == (channel, "#1")


async def test_home_opens_the_form_and_shows_others_no_buttons(desk: Desk) -> None:
    """Only admins find the button, and it opens the form."""
    ws = desk.ws
    await ws.open_home("ada")
    await ws.wait_for(lambda: ws.home("ada"))
    await ws.click("ada", "home_add", view_id="home")
    await desk.view("ada", "Any page of the site will do")
    await ws.open_home("ben")
    home = await ws.wait_for(lambda: ws.home("ben"))
    assert "home_add" not in json.dumps(home)


async def test_a_refusal_in_home_is_a_window(desk: Desk) -> None:
    """There is no message to answer in, so the sentence comes in a window over the tab."""
    ws = desk.ws
    await ws.command("ada", CHANNEL, "/tapeout add a.example now")
    await desk.whispered("ada", "Added")
    await ws.open_home("ada")
    await ws.wait_for(lambda: "Feed 1" in json.dumps(ws.home("ada")))
    desk.newsroom.errors["pause"] = NotAllowedError("You may not change this channel.")
    await ws.click("ada", "home_feed", view_id="home", choose=f"pause:{ws.channel_id(CHANNEL)}:1")
    await desk.view("ada", "You may not change this channel.")


async def test_the_buttons_of_a_brief_work(desk: Desk) -> None:
    """Thumbs are kept and thanked for, Sources shows quotes, Ask takes a question to the story's thread."""
    ws, newsroom = desk.ws, desk.newsroom
    ts, channel = await desk.post_brief(), desk.ws.channel_id(CHANNEL)
    await ws.click("ben", "feedback_up", channel=CHANNEL, ts=ts)
    await desk.whispered("ben", "noted as useful")
    await ws.click("ben", "feedback_down", channel=CHANNEL, ts=ts)
    await desk.whispered("ben", "noted as not useful")
    assert [call[1:] for call in newsroom.named("feedback")] == [
        (channel, "story:12", "up"),
        (channel, "story:12", "down"),
    ]
    await ws.click("ben", "story_sources", channel=CHANNEL, ts=ts)
    await desk.view("ben", "“will draw 1.2 GW” — <https://dcd.example/ohio|DCD> [1]")
    await ws.close_view("ben")
    await ws.click("ben", "story_ask", channel=CHANNEL, ts=ts)
    await desk.view("ben", "Your question")
    await ws.submit_view("ben", {"question": {"question": "How much?"}})
    question = await newsroom.question()
    assert (question.text, question.surface, question.story_id, question.root_ts, question.channel_id) == (
        "How much?",
        "shortcut",
        12,
        ts,
        channel,
    )
    assert question.user_id == ws.user_id("ben")


async def test_two_questions_from_the_form_are_two(desk: Desk) -> None:
    """Each opening of the form is a question of its own, though there is no message to tell them apart."""
    ws, ts = desk.ws, await desk.post_brief()
    for text in ("How much?", "Since when?"):
        await ws.click("ben", "story_ask", channel=CHANNEL, ts=ts)
        await desk.view("ben", "Your question")
        await ws.submit_view("ben", {"question": {"question": text}})
    await desk.newsroom.until(lambda: len(desk.newsroom.questions) == 2)


async def test_any_message_can_be_asked_about(desk: Desk) -> None:
    """The message shortcut asks in the message's thread."""
    ws = desk.ws
    ts = await desk.post_brief()
    await ws.shortcut("chen", "ask_about_story", CHANNEL, ts)
    await desk.view("chen", "Your question")
    await ws.submit_view("chen", {"question": {"question": "Who pays?"}})
    question = await desk.newsroom.question()
    assert (question.text, question.story_id, question.root_ts) == ("Who pays?", None, ts)


async def test_a_message_with_a_link_is_asked_about_that_page(desk: Desk) -> None:
    """What a colleague shared is what the question is about, in that message's thread."""
    ws = desk.ws
    ts = await ws.send("ben", CHANNEL, "worth a look: <https://a.example/x|a.example/x>")
    await ws.shortcut("chen", "ask_about_story", CHANNEL, ts)
    await desk.view("chen", "Your question")
    await ws.submit_view("chen", {"question": {"question": "Who pays?"}})
    question = await desk.newsroom.question()
    assert (question.text, question.root_ts) == ("Who pays? https://a.example/x", ts)


async def test_a_window_that_came_too_late_is_explained(desk: Desk) -> None:
    """Where Slack no longer opens a window the person is asked to try again, not shown a reference."""
    ts = await desk.post_brief()
    desk.ws.faults.fail("views.open", "expired_trigger_id")
    await desk.ws.click("ben", "story_sources", channel=CHANNEL, ts=ts)
    await desk.whispered("ben", "Please try again.")


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_window_is_there_before_what_it_shows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """What takes longer than Slack lets one wait is filled in later, or said to have failed, in an open window."""
    monkeypatch.setattr(within, "OPEN_WITHIN_S", 0.05)
    found, evidence_of = asyncio.Event(), desk.newsroom.evidence_of

    async def slowly(team_id: str, story_id: int, channel_id: str) -> Evidence:
        await found.wait()
        if not is_there:
            raise NotFoundError("I no longer have that story.")
        return await evidence_of(team_id, story_id, channel_id)

    monkeypatch.setattr(desk.newsroom, "evidence_of", slowly)
    ts = await desk.post_brief()
    await desk.ws.click("ben", "story_sources", channel=CHANNEL, ts=ts)
    opened = await desk.view("ben", "One moment")
    found.set()
    filled = await desk.view("ben", "“" if is_there else "I no longer have that story.")
    assert filled["id"] == opened["id"]
