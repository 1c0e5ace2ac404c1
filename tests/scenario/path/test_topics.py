"""What a channel hears of, chosen from inside Slack: topics, bars, votes, style; through every real part."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from bot.models import Actor
from bot.workspace import RefusedError

from .conftest import Path1, running, shown

CHANNEL = "ai-infrastructure"


async def _held(path: Path1, part: str) -> list[Any]:
    """The channel's judgements whose reason holds this, once there is one."""
    for _ in range(300):
        if held := await _held_now(path, part):
            return held
        await path.service.newsroom.bells.wait("test", 0.1)
    raise AssertionError(f"nothing was held for “{part}”")


async def _held_now(path: Path1, part: str) -> list[Any]:
    chosen = await path.service.newsroom.topics(await _actor(path), path.workspace.channel_id(CHANNEL))
    return [one for one in chosen.recent.judged if part in (one.held or "")]


async def _until_judged(path: Path1, least: int) -> None:
    """Until the channel has judged so many stories."""
    async with asyncio.timeout(60):
        while len(await _held_now(path, "")) < least:
            await path.service.newsroom.bells.wait("test", 0.1)


async def _actor(path: Path1) -> Actor:
    return Actor(path.service.team.id, path.workspace.user_id("ada"), is_admin=True)


async def test_a_channel_hears_only_of_its_own_keywords(tmp_path: Path) -> None:
    """With every shipped topic unfollowed and one filter of its own, what passes the filter is posted and no more."""
    async with running(tmp_path, release_all=True, seed=False) as path:
        for number in range(1, 9):
            await path.tell(f"/tapeout topics remove {number}", "does not follow")
        await path.tell(
            '/tapeout topics add "megawatts" OR MW OR gigawatt* NOT reactor',
            "follows",
            "filter of keywords",
            "NOT reactor",
        )
        await path.begin()
        await path.wait(lambda: len(path.posts()) >= 2)
        held = await _held(path, "None of the topics")
        assert held
        for post in path.posts():
            if "key" in shown(post.get("metadata", {})) and "story:" in shown(post["metadata"]):
                assert "Why here: has " in shown(post)
        listed = await path.tell("/tapeout topics", "this channel's own", "not followed")
        assert "of the last" in shown(listed)


async def test_topics_are_muted_unmuted_and_unfollowed_by_their_menus(tmp_path: Path) -> None:
    """Each menu changes its topic and shows the list anew, in place; who is no admin sees no menus."""
    async with running(tmp_path, seed=False) as path:
        ws, channel = path.workspace, path.workspace.channel_id(CHANNEL)
        listed = await path.tell("/tapeout topics", "1. *Chips and accelerators*", "No 👍 or 👎 yet")

        async def choose(verb: str, name: str, block: str, part: str) -> None:
            await ws.click(
                "ada",
                "topic_menu",
                channel=listed["channel"],
                ts=listed["ts"],
                ephemeral=True,
                block_id=block,
                choose=f"{verb}:{channel}:{name}",
            )
            await path.whispered("ada", part)

        await choose("mute", "Money and deals", "topic:7", "*Money and deals* · muted until")
        await choose("unmute", "Money and deals", "topic:7", '7. *Money and deals*"')
        await choose("remove", "Money and deals", "topic:7", "7. Money and deals · not followed")
        await choose("add", "Money and deals", "topic:7", '7. *Money and deals*"')
        plain = await path.tell("/tapeout topics", "Chips and accelerators", user="ben")
        assert "overflow" not in shown(plain)
        await path.tell("/tapeout topics mute 1", "Only workspace admins", user="ben")


async def test_the_topic_of_a_post_is_muted_by_its_button_and_the_mute_undone(path: Path1) -> None:
    """The confirmation is seen by who pressed alone and takes itself back; nothing of the topic is posted meanwhile."""
    ws = path.workspace
    post = await path.wait(lambda: path.post_about("Harrow Flats"))
    assert post is not None
    await ws.click("ben", "story_mute", channel=CHANNEL, ts=post["ts"])
    await path.whispered("ben", "Only workspace admins", "👎")
    await ws.click("ada", "story_mute", channel=CHANNEL, ts=post["ts"])
    muted = await path.whispered("ada", "Muted *", "Undo")
    await path.tell("/tapeout topics", "muted until")
    await ws.click("ada", "topic_unmute", channel=muted["channel"], ts=muted["ts"], ephemeral=True)
    await path.whispered("ada", "is posted in", "again")
    listed = await path.tell("/tapeout topics", "Topics of")
    assert "muted until" not in shown(listed)


async def test_a_muted_topic_holds_its_stories_back_with_the_reason(tmp_path: Path) -> None:
    """A story whose main topic is muted is not posted, and `why` could say so."""
    async with running(tmp_path, release_all=True, seed=False) as path:
        await path.tell("/tapeout topics mute data centres 14", "Muted *Data centres and power*")
        await path.begin()
        held = await _held(path, "Data centres and power, is muted here until")
        assert held[0].topics[0] == "Data centres and power"
        await _until_judged(path, 25)
        held = await _held(path, "Data centres and power, is muted here until")
        told = await path.tell("/tapeout topics unmute data centres", "is posted in", "of the last day pass")
        (many,) = re.findall(r"(\d+) stor\w+ of the last day", told["text"])
        async with asyncio.timeout(90):
            while len(await _held_now(path, "is muted here until")) > len(held) - int(many):
                await path.service.newsroom.bells.wait("test", 0.1)


async def test_a_lower_bar_tells_what_was_withheld_and_keeps_to_the_rhythm(tmp_path: Path) -> None:
    """The answer says how many; so many posts come as the hour allows, the others wait."""
    async with running(tmp_path, release_all=True, seed=False) as path:
        await path.tell("/tapeout topics threshold 0.99", "from a relevance of *0.99*")
        await path.tell("/tapeout digest limit 2/h", "2")
        await path.begin()
        actor, channel_id = await _actor(path), path.workspace.channel_id(CHANNEL)
        newsroom = path.service.newsroom
        await _until_judged(path, 12)
        assert path.posts() == []
        lowered = await path.tell("/tapeout topics threshold 0.3", "of the last day pass now")
        (many,) = re.findall(r"(\d+) stories of the last day pass now", lowered["text"])
        assert 2 < int(many) <= 10
        await path.wait(lambda: len(path.posts()) == 2)
        async with asyncio.timeout(90):
            while (await newsroom.rhythm(actor, channel_id)).waiting < int(many) - 2:
                await newsroom.bells.wait("test", 0.2)
        assert len(path.posts()) == 2


async def test_a_topic_is_added_by_the_form_and_mistakes_are_said_at_its_field(tmp_path: Path) -> None:
    """The form stays open with the filter's own error under the field, then says how it was understood."""
    async with running(tmp_path, seed=False) as path:
        ws = path.workspace
        listed = await path.tell("/tapeout topics", "Add a topic")
        await ws.click("ada", "topic_add", channel=listed["channel"], ts=listed["ts"], ephemeral=True)
        await path.wait(lambda: ws.open_view("ada"))
        with pytest.raises(RefusedError) as refused:
            await ws.submit_view("ada", {"topic": {"topic": "(HBM OR DRAM"}})
        assert refused.value.errors == {"topic": "There is a `(` without its `)`."}
        await ws.submit_view("ada", {"topic": {"topic": "inference latency on custom chips"}})
        await path.wait(lambda: "It is a sentence" in shown(ws.open_view("ada") or {}))
        await path.tell("/tapeout topics", "9. *inference latency on custom chips* · this channel's own")


async def test_bars_are_said_in_stories_and_hold_them_back(tmp_path: Path) -> None:
    """A threshold of 0.9 and a substance of 0.3 are explained by the last stories, and keep to them from then on."""
    async with running(tmp_path, release_all=True) as path:
        await path.wait(lambda: len(path.posts()) >= 6)
        await path.tell("/tapeout topics threshold 0,95", "from a relevance of *0.95*", "would have passed; before, ")
        await path.tell("/tapeout topics substance 30%", "and a substance of *0.30*")
        await path.tell("/tapeout topics threshold 3", "between 0", "0.4")
        await path.tell("/tapeout topics threshold x", "no number between 0 and 1")
        await path.tell("/tapeout topics thershold 0.4", "Did you mean `threshold`?")


async def test_votes_teach_a_channel_and_can_be_forgotten(tmp_path: Path) -> None:
    """After some 👍 a later post says that they raised it; the list counts them, and reset begins anew."""
    async with running(tmp_path) as path:
        ws = path.workspace
        await path.wait(lambda: len(path.posts()) >= 5)
        for post in path.posts()[:5]:
            await ws.click("ben", "feedback_up", channel=CHANNEL, ts=post["ts"])
        await path.tell_until("/tapeout topics", "5 👍 and 0 👎 so far", "20% of a story's relevance")
        path.shelf.release_all()
        await path.wait(lambda: any("which got 👍 here" in shown(post) for post in path.posts()))
        await path.tell("/tapeout topics reset", "No 👍 or 👎 yet")
        await path.tell("/tapeout topics reset", "Only workspace admins", user="ben")


async def test_the_style_is_chosen_and_the_next_posts_have_it(tmp_path: Path) -> None:
    """One line is one line; without a model another language is declined with what would make it work."""
    async with running(tmp_path, seed=False) as path:
        ws = path.workspace
        asked = await path.tell("/tapeout style", "are *standard*", "Deep")
        await ws.click("ada", "style_set:2", channel=asked["channel"], ts=asked["ts"], ephemeral=True)
        await path.whispered("ada", "From now on", "are *deep*")
        await path.tell("/tapeout style one line", "From now on", "are *one line*")
        await path.tell("/tapeout style language de", "I can't write German yet", "OPENAI_API_KEY")
        await path.tell("/tapeout style language klingon", "I know these languages")
        await path.tell("/tapeout style baroque", "There are three styles")
        await path.tell("/tapeout style deep", "Only workspace admins", user="ben")
        await path.begin()
        post = await path.wait(lambda: path.post_about("Harrow Flats"))
    assert post is not None
    assert not {"header", "divider"} & {block["type"] for block in post["blocks"]}
    assert "*Figures*" not in shown(post)
    assert len(post["blocks"]) <= 3


async def test_health_and_why_answer_in_words(path: Path1) -> None:
    """Every feed has its last reading; an article has its trail, and one that never came is said to be unknown."""
    await path.wait(lambda: path.post_about("Harrow Flats"))
    health = await path.tell("/tapeout health", "last read", "fine")
    assert "all well" in shown(health) or "a look" in shown(health)
    actor = await _actor(path)
    brief = await path.service.newsroom.brief_of(actor.team_id, 1)
    await path.tell(f"/tapeout why {brief.sources[0].url}", "Relevance ", "substance")
    await path.tell("/tapeout why", "Which article?")
    await path.tell("/tapeout why https://nowhere.example/x", "is followed here")


async def test_a_channel_shared_with_strangers_gets_nothing(tmp_path: Path) -> None:
    """No feed can be added there; shared later, its posts are held, and come by themselves once it is not."""
    async with running(tmp_path, seed=False) as path:
        ws = path.workspace
        await ws.share(CHANNEL)
        await path.tell(f"/tapeout add {path.shelf.feeds[0].url}", "shared with another organisation")
        await path.begin()
        await ws.open_home("ada")

        async def home() -> str:
            await ws.open_home("ada")
            return shown(ws.home("ada") or {})

        async with asyncio.timeout(90):
            while "shared with another organisation" not in await home():
                await path.service.newsroom.bells.wait("test", 0.2)
        assert path.posts() == []
        await path.tell("/tapeout resume", "shared with another organisation")
        await ws.share(CHANNEL, external=False)
        await path.wait(path.posts)
        await ws.share(CHANNEL)
        async with asyncio.timeout(90):
            while "nothing is posted" not in await home():
                await path.service.newsroom.bells.wait("test", 0.2)
        await ws.rename(CHANNEL, "ai-news")
        assert "nothing is posted" in await home(), "another name does not open it"
