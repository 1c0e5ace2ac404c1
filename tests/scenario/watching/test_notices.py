"""A feed breaks, is gone, moves, comes back: its admin hears once, by a direct message over a real connection."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.outbox import Outbox
from bot.feeds import moves
from bot.models import Actor
from bot.slack.client import make_client, open_session
from bot.slack.sender import Sender
from bot.workspace import Workspace

from .conftest import BOT, NOW, TEAM, Desk, Item, Reply, World

MANIFEST = Path(__file__).parents[3] / "manifest.json"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ITEMS = (Item(0, NOW - HOUR),)


@pytest.fixture
async def slack() -> AsyncIterator[Workspace]:
    """A local workspace, with the app's own scopes."""
    made = Workspace(json.loads(MANIFEST.read_text(encoding="utf-8")), port=0)
    made.timing.wait_longer(30)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def desk(world: World, slack: Workspace) -> AsyncIterator[Desk]:
    """A process that posts over HTTP."""
    session = open_session()
    sender = Sender(make_client(slack.bot_token, slack.api_url, session))

    async def sender_of(_team: str) -> Sender:
        return sender

    async with world.start() as made:
        made.outbox = Outbox(made.db, sender_of, clock=lambda: made.now)
        yield made
    await session.close()


def told(slack: Workspace, where: str) -> list[str]:
    """What the bot said in somebody's direct messages, or in a channel."""
    return [str(message["text"]) for message in slack.messages(where) if message.get("user") == slack.bot_user_id]


async def follow(desk: Desk, slack: Workspace, url: str, by: str) -> None:
    """The feed in the workspace's channel, put there by somebody."""
    await desk.subscribe(url, channel=slack.channel_id("ai-infrastructure"), by=by)


async def test_the_admin_hears_once_that_a_feed_broke_and_once_that_it_is_back(
    world: World, slack: Workspace, desk: Desk
) -> None:
    """Nothing for the first day of errors; then one message with what to do; then nothing until it is back."""
    url = world.site.put("/feed", Reply(ITEMS, etag='"1"'))
    await follow(desk, slack, url, slack.user_id("ada"))
    await desk.settle()
    dm = slack.dm_id("ada")
    world.site.put("/feed", Reply(status=404))
    await desk.pass_time(20 * HOUR, step=2 * HOUR)
    assert told(slack, dm) == []
    await desk.pass_time(4 * DAY)
    (broken,) = told(slack, dm)
    assert "“Site news” (in #" in broken
    assert "nothing at this address (404). Look for the feed's new address on the site." in broken
    assert url in broken
    world.site.put("/feed", Reply(ITEMS, etag='"2"'))
    await desk.pass_time(3 * DAY)
    assert [text[:1] for text in told(slack, dm)] == ["⚠", "✓"]
    assert "is back. It answers again after" in told(slack, dm)[1]
    assert not any("Site news” " in text for text in told(slack, "ai-infrastructure"))


async def test_gone_is_told_at_once_and_the_feed_is_not_asked_again(world: World, slack: Workspace, desk: Desk) -> None:
    """410 ends the polling, with a word to whoever put the feed in."""
    url = world.site.put("/feed", Reply(status=410))
    await follow(desk, slack, url, slack.user_id("ada"))
    await desk.pass_time(5 * DAY)
    assert world.site.paths() == ["/feed"]
    (gone,) = told(slack, slack.dm_id("ada"))
    assert "is gone." in gone
    assert "Remove it, or add its new address." in gone


async def test_a_move_is_told_once(world: World, slack: Workspace, desk: Desk) -> None:
    """A permanent redirect is followed after some days, and then said."""
    url = world.site.put("/old", Reply(status=301, headers={"Location": "/new"}))
    world.site.put("/new", Reply(ITEMS, etag='"1"'))
    await follow(desk, slack, url, slack.user_id("ada"))
    await desk.pass_time(moves.WAIT + 4 * DAY)
    (moved,) = told(slack, slack.dm_id("ada"))
    assert "has moved. Nothing needs to be done." in moved
    assert f"{world.site.base}/new" in moved
    assert world.site.paths()[-1] == "/new"
    assert world.site.paths().count("/old") < 10


async def test_a_feed_that_nobody_in_particular_added_is_told_of_in_its_channel(
    world: World, slack: Workspace, desk: Desk
) -> None:
    """The first start and the command line add feeds too: then the channel hears."""
    url = world.site.put("/feed", Reply(status=410))
    await follow(desk, slack, url, BOT)
    await desk.settle()
    (gone,) = told(slack, "ai-infrastructure")
    assert "is gone." in gone


async def test_a_hostile_title_is_text_and_the_person_is_no_channel(world: World, slack: Workspace, desk: Desk) -> None:
    """Markup in a feed's title stays text; the direct messages are in no list and no App Home."""
    url = world.site.put("/feed", Reply(status=410))
    await follow(desk, slack, url, slack.user_id("ada"))
    from bot.store.tables import feed

    async with desk.db.write() as connection:
        await connection.execute(feed.update().values(title="<!channel> <@U1> *now*"))
    await desk.settle()
    (message,) = [item for item in slack.messages(slack.dm_id("ada")) if item.get("user") == slack.bot_user_id]
    shown: dict[str, Any] = message
    assert "&lt;!channel&gt;" in shown["text"]
    assert "<!channel" not in json.dumps(shown)
    actor = Actor(TEAM, slack.user_id("ada"), is_admin=True)
    listed = await desk.newsroom.list_feeds(actor, None)
    home = await desk.newsroom.home(actor)
    assert [each.channel.channel_id for each in listed] == [slack.channel_id("ai-infrastructure")]
    assert [each.channel.channel_id for each in home.channels] == [slack.channel_id("ai-infrastructure")]
