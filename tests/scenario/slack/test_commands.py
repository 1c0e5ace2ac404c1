from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.errors import FetchError, NotAllowedError

if TYPE_CHECKING:
    from tests.scenario.slack.conftest import Desk

CHANNEL = "ai-infrastructure"


async def test_help_is_whispered(desk: Desk) -> None:
    """`/tapeout help` answers only who asked."""
    await desk.ws.command("ben", CHANNEL, "/tapeout help")
    assert await desk.whispered("ben", "/tapeout remove")
    assert desk.ws.messages(CHANNEL) == []


async def test_an_admin_adds_lists_pauses_resumes_and_removes(desk: Desk) -> None:
    """The whole life of a feed, by command; another channel can be named."""
    ws, newsroom = desk.ws, desk.newsroom
    await ws.command("ada", CHANNEL, "/tapeout add https://a.example/feed now")
    await desk.whispered("ada", "Added *Feed 1*")
    actor, channel_id, name, address = newsroom.named("add_feed")[0]
    assert actor.is_admin
    assert (channel_id, name, address) == (ws.channel_id(CHANNEL), CHANNEL, "https://a.example/feed")
    await ws.command("ada", CHANNEL, "/tapeout add b.example #general now")
    await desk.whispered("ada", "Added *Feed 2*")
    assert newsroom.named("add_feed")[1][1:3] == (ws.channel_id("general"), "general")
    await ws.command("ada", CHANNEL, "/tapeout list")
    await desk.whispered("ada", "1. <https://a.example/feed|Feed 1>")
    await ws.command("ada", CHANNEL, "/tapeout pause")
    await desk.whispered("ada", "Paused *Feed 1*")
    await ws.command("ada", CHANNEL, "/tapeout resume 1")
    await desk.whispered("ada", "Going on with *Feed 1*")
    assert newsroom.named("pause")[0][2] is None
    assert newsroom.named("resume")[0][2] == "1"
    await ws.command("ada", CHANNEL, "/tapeout rem 1")
    await desk.whispered("ada", "Removed *Feed 1*")
    assert newsroom.feeds[ws.channel_id(CHANNEL)] == []


async def test_nothing_typed_opens_the_form_for_admins_and_the_list_for_others(desk: Desk) -> None:
    """Where there is no feed yet an admin gets the form; everybody else, and later the admin too, gets the list."""
    ws = desk.ws
    await ws.command("ben", CHANNEL, "/tapeout")
    await desk.whispered("ben", "No feeds here yet")
    assert ws.open_view("ben") is None
    await ws.command("ada", CHANNEL, "/tapeout")
    await desk.view("ada", "Any page of the site will do")
    await ws.close_view("ada")
    await ws.command("ada", CHANNEL, "/tapeout add a.example now")
    await desk.whispered("ada", "Added")
    await ws.command("ada", CHANNEL, "/tapeout")
    await desk.whispered("ada", "1. ")


async def test_a_mistype_gets_the_nearest_command(desk: Desk) -> None:
    """Nothing is done, the right word is offered."""
    await desk.ws.command("ben", CHANNEL, "/tapeout lsit")
    await desk.whispered("ben", "Did you mean `/tapeout list`?")
    await desk.ws.command("ben", CHANNEL, "/tapeout <!channel> xyz")
    await desk.whispered("ben", "I don't know `&lt;!channel&gt;`")


async def test_refusals_are_sentences(desk: Desk) -> None:
    """An error of ours is shown as it is; a fault is shown as a reference that the log has too."""
    ws, errors = desk.ws, desk.newsroom.errors
    errors["add_feed"] = NotAllowedError("Only workspace admins can change feeds.")
    await ws.command("ben", CHANNEL, "/tapeout add a.example now")
    await desk.whispered("ben", "Only workspace admins can change feeds.")
    errors["add_feed"] = FetchError("a.example did not answer in time.", kind="timeout")
    await ws.command("ada", CHANNEL, "/tapeout add a.example now")
    await desk.whispered("ada", "did not answer in time")
    errors["list_feeds"] = RuntimeError("secret details")
    await ws.command("ada", CHANNEL, "/tapeout list")
    shown = await desk.whispered("ada", "Something went wrong on my side. It is noted as ")
    assert "secret" not in json.dumps(shown)
    await ws.command("ada", CHANNEL, "/tapeout add a.example #nowhere")
    await desk.whispered("ada", "I see no public channel named #nowhere")
    await ws.command("ada", CHANNEL, "/tapeout remove")
    await desk.whispered("ada", "Which one?")


async def test_several_feeds_are_offered_as_buttons(desk: Desk) -> None:
    """A site with several feeds is not guessed: the chosen one is looked at, then added, in place of the offer."""
    ws = desk.ws
    desk.newsroom.choices = (("https://a.example/1", "One", ("x",)), ("https://a.example/2", "Two", ()))
    await ws.command("ada", CHANNEL, "/tapeout add a.example now")
    offer = await desk.whispered("ada", "several feeds")
    await ws.click("ada", "choose_feed:1", channel=offer["channel"], ts=offer["ts"], ephemeral=True)
    seen = await desk.whispered("ada", "Add to this channel")
    await ws.click("ada", "preview_add", channel=seen["channel"], ts=seen["ts"], ephemeral=True)
    await desk.whispered("ada", "Added *Feed 1*")
    assert desk.newsroom.named("add_feed")[1][3] == "https://a.example/2"
    assert not [entry for entry in ws.ephemerals("ada") if "several feeds" in json.dumps(entry)]


async def test_a_question_can_be_asked_by_command(desk: Desk) -> None:
    """The question is shown to the channel, so that its answer has a thread for everybody."""
    ws = desk.ws
    await ws.command("ben", CHANNEL, "/tapeout ask how much power?")
    question = await desk.newsroom.question()
    post = ws.messages(CHANNEL)[-1]
    assert "asks: how much power?" in post["text"]
    assert (question.text, question.surface, question.root_ts) == ("how much power?", "command", post["ts"])
    assert question.user_id == ws.user_id("ben")
