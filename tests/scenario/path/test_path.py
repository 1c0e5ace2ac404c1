"""From a feed to a channel and from a question to its answer, through every real part."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .conftest import Path1, running

CHANNEL = "ai-infrastructure"


def _words(message: dict[str, Any]) -> str:
    return str(message["text"])


async def test_stories_arrive_and_each_event_is_told_once(path: Path1) -> None:
    """Several outlets' articles about one event are one post, which names its sources."""
    names = ("Meridian Wire", "Die &amp; Package", "The Daily Lumen")

    def told() -> bool:
        post = path.post_about("Sunhae")
        return post is not None and all(name in post["text"] for name in names)

    await path.wait(told)
    await path.wait(lambda: path.post_about("Harrow Flats"))
    assert len([post for post in path.posts() if "Sunhae" in _words(post).splitlines()[0]]) == 1


async def test_what_is_not_news_for_this_channel_stays_out(path: Path1) -> None:
    """An off-topic item and an event's promotion are withheld, with the reason kept."""
    await path.wait(lambda: len(path.posts()) >= 4)
    assert not any("cup final" in _words(post) or "Register now" in _words(post) for post in path.posts())


async def test_every_post_can_be_found_again_by_its_metadata(path: Path1) -> None:
    """Each post carries its delivery's key, and no key occurs twice."""
    await path.wait(lambda: len(path.posts()) >= 3)
    keys = Counter(post["metadata"]["event_payload"]["delivery_key"] for post in path.posts())
    assert set(keys.values()) == {1}


async def test_a_reply_in_a_storys_thread_is_answered_with_sources(path: Path1) -> None:
    """No mention is needed; the answer quotes an article and lists it."""
    post = await path.wait(lambda: path.post_about("Harrow Flats"))
    assert post is not None
    await path.workspace.send("ada", CHANNEL, "How much power will the campus have?", thread_ts=post["ts"])
    (reply,) = await path.wait(lambda: path.replies(post["ts"]))
    assert "1.2" in _words(reply)
    assert "[1]" in _words(reply)
    assert "Sources" in str(reply["blocks"])


async def test_the_quotes_behind_an_answer_are_a_click_away(path: Path1) -> None:
    """Its Sources button shows each sentence with the passage that it rests on."""
    post = await path.wait(lambda: path.post_about("Harrow Flats"))
    assert post is not None
    await path.workspace.send("ada", CHANNEL, "How much power will the campus have?", thread_ts=post["ts"])
    (reply,) = await path.wait(lambda: path.replies(post["ts"]))
    await path.answered()
    await path.workspace.click("ben", "answer_sources", channel=CHANNEL, ts=reply["ts"])
    view = await path.wait(lambda: path.workspace.open_view("ben"))
    assert "What this answer is made of" in str(view)
    assert ">“" in str(view)


async def test_a_mention_and_a_direct_message_are_answered(path: Path1) -> None:
    """Both find the story in the archive, wherever they are asked."""
    await path.wait(lambda: path.post_about("Elk Narrows"))
    ts = await path.workspace.mention("ada", CHANNEL, "How many megawatts does the Elk Narrows reactor have?")
    (reply,) = await path.wait(lambda: path.replies(ts))
    assert "835" in _words(reply)
    direct = path.workspace.dm_id("ada")
    ts = await path.workspace.send("ada", direct, "Who buys the output of Elk Narrows?")
    (reply,) = await path.wait(lambda: path.replies(ts, channel=direct))
    assert "Norrland" in _words(reply)


async def test_what_was_not_read_is_not_answered(path: Path1) -> None:
    """A question that the archive does not hold gets an honest no, and no invented figure."""
    await path.wait(lambda: path.post_about("Elk Narrows"))
    ts = await path.workspace.mention("ada", CHANNEL, "How many bananas does Ecuador export to Finland each year?")
    (reply,) = await path.wait(lambda: path.replies(ts))
    assert "not" in _words(reply).lower()
    assert "[1]" not in _words(reply)


async def test_a_second_start_goes_on_and_posts_nothing_twice(tmp_path: Path) -> None:
    """After a stop in the middle of the first posts, the second start sends the rest and repeats none."""
    async with running(tmp_path) as first:
        await first.wait(lambda: len(first.posts()) >= 2)
        ports = {
            "TAPEOUT_WORKSPACE_PORT": first.workspace.url.rsplit(":", 1)[1],
            "TAPEOUT_SHELF_PORT": first.shelf.url.rsplit(":", 1)[1],
        }
    async with running(tmp_path, ports) as second:
        await second.wait(lambda: len(second.posts()) >= 6)
        keys = Counter(post["metadata"]["event_payload"]["delivery_key"] for post in second.posts())
        titles = Counter(_words(post).splitlines()[0] for post in second.posts())
    assert set(keys.values()) == {1}
    assert set(titles.values()) == {1}


async def test_a_post_that_slack_took_before_the_connection_broke_is_not_sent_again(tmp_path: Path) -> None:
    """The delivery is looked up in the channel's history and adopted."""
    async with running(tmp_path) as path:
        path.workspace.faults.reset_after("chat.postMessage")
        await path.wait(lambda: len(path.posts()) >= 3)
        await path.wait(lambda: path.workspace.calls_of("conversations.history"))
        keys = Counter(post["metadata"]["event_payload"]["delivery_key"] for post in path.posts())
    assert set(keys.values()) == {1}


async def test_hostile_text_reaches_the_channel_as_text_only(tmp_path: Path) -> None:
    """With everything on the shelf out: no channel-wide mention, no markup, no link that isn't an article's."""
    async with running(tmp_path, release_all=True) as path:
        await path.wait(lambda: len(path.posts()) >= 12)
        shown = "\n".join(_words(post) + str(post.get("blocks")) for post in path.posts())
    for bad in ("<!channel", "<!here", "<!everyone", "<script", "javascript:"):
        assert bad not in shown


async def test_health_readiness_and_metrics_answer(path: Path1) -> None:
    """/healthz says ok, /readyz is true once the loops turn, /metrics counts polls."""
    await path.wait(lambda: len(path.posts()) >= 2)  # so that the first one is settled
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{path.service.url}/healthz") as response:
            assert (response.status, await response.text()) == (200, "ok\n")
        async with session.get(f"{path.service.url}/readyz") as response:
            assert response.status == 200
            checks = (await response.json())["checks"]
        async with session.get(f"{path.service.url}/metrics") as response:
            text = await response.text()
    assert {"database", "slack", "loop watch", "loop deliver"} <= set(checks)
    assert 'tapeout_polls_total{outcome="new"}' in text
    assert 'tapeout_queue_items{state="sent"}' in text
    assert 'tapeout_due_oldest_seconds{stage="deliver"}' in text
    assert "tapeout_workers 1.0" in text


@pytest.mark.parametrize("name", ["TAPEOUT_WORKSPACE_PORT", "TAPEOUT_SHELF_PORT", "PORT"])
async def test_a_taken_port_is_a_sentence_that_names_its_setting(tmp_path: Path, name: str) -> None:
    """Starting twice says which port is taken and which setting chooses another."""
    async with running(tmp_path / "one") as first:
        address = {
            "TAPEOUT_WORKSPACE_PORT": first.workspace.url,
            "TAPEOUT_SHELF_PORT": first.shelf.url,
            "PORT": first.service.url,
        }[name]
        with pytest.raises(Exception, match=name):
            async with running(tmp_path / "two", {name: address.rsplit(":", 1)[1]}):
                pass


async def test_adding_a_feed_to_another_channel_brings_the_bot_there(path: Path1) -> None:
    """It joins before it promises anything, and one message says who set it up and how to change that."""
    await path.workspace.command("ada", "general", f"/tapeout add {path.shelf.url}/wire/ now")

    def intro() -> list[dict[str, Any]]:
        bot = path.workspace.bot_user_id
        return [
            message
            for message in path.workspace.messages("general")
            if message.get("user") == bot and "set me up" in message["text"]
        ]

    (message,) = await path.wait(intro)
    assert f"<@{path.workspace.user_id('ada')}>" in message["text"]
    assert "/tapeout list" in message["text"]
