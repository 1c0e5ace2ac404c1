"""Lists of feeds come in without a storm or a flood, and what became of an article can always be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotAllowedError, NotFoundError
from bot.feeds import opml
from bot.models import Actor, DeliveryState
from bot.newsroom.importing import SPREAD

from .conftest import NOW, TEAM, Item, Reply, World

HOUR = timedelta(hours=1)


def outlines(*urls: str) -> bytes:
    """A list with one feed a line, from line 2 on."""
    lines = "\n".join(f'<outline type="rss" text="A feed" xmlUrl="{url}"/>' for url in urls)
    return f"<opml version='2.0'><body>\n{lines}\n</body></opml>".encode()


async def test_thousands_of_lines_cause_no_request_and_are_due_one_after_the_other(world: World) -> None:
    """Three thousand feeds: nothing is fetched, bad lines are named with their number, a second time adds nothing."""
    urls = [f"https://host{number}.example/feed" for number in range(3000)]
    urls[10] = "javascript:alert(1)"
    urls[20] = urls[19]
    steps: list[tuple[int, int]] = []
    async with world.start() as desk:
        await desk.subscribe(world.site.base + "/other")
        done = await desk.newsroom.import_feeds(
            world.admin, "C1", "c1", outlines(*urls), progress=lambda at, of: steps.append((at, of))
        )
        assert (done.added, done.existed) == (2998, 0)
        assert [line for line, _ in done.problems] == [12, 22]
        assert done.done_by == NOW + SPREAD * 2998
        assert steps[-1] == (2998, 2998)
        assert len(steps) > 10
        again = await desk.newsroom.import_feeds(world.admin, "C1", "c1", outlines(*urls))
        assert (again.added, again.existed, again.done_by) == (0, 2998, None)
        (listed,) = await desk.newsroom.list_feeds(world.admin, "C1")
        due = sorted(item.feed.next_poll_at for item in listed.subscriptions[1:] if item.feed.next_poll_at)
        assert len(set(due)) == 2998
        assert due[1] - due[0] == SPREAD
        written = opml.read(await desk.newsroom.export_feeds(world.admin, "C1"))
    assert world.site.paths() == []
    assert len(written.entries) == 2999
    assert written.problems == ()
    assert {entry.folder for entry in written.entries} == {"#c1"}


async def test_a_long_list_does_not_flood_the_channel_but_misses_nothing_new(world: World) -> None:
    """What thirty new feeds hold already is kept, not posted; what they bring afterwards is posted."""
    urls = [world.site.put(f"/feed{number}", Reply()) for number in range(30)]
    world.site.put("/feed0", Reply((Item(0, NOW - HOUR), Item(1, NOW - HOUR))))
    async with world.start() as desk:
        await desk.subscribe(world.site.put("/other", Reply()))
        await desk.newsroom.import_feeds(world.admin, "C1", "c1", outlines(*urls))
        await desk.pass_time(timedelta(minutes=2), step=timedelta(minutes=1))
        assert len(set(world.site.paths())) == 31
        assert world.room.briefs() == []
        (trail,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/0")
        assert (trail.verdict, trail.story_id) == ("backlog", None)
        world.site.put("/feed0", Reply((Item(0, NOW - HOUR), Item(1, NOW - HOUR), Item(3, desk.now))))
        await desk.newsroom.refresh(world.admin, "C1", urls[0])
        await desk.settle()
    assert len(world.room.briefs()) == 1


async def test_only_admins_import(world: World) -> None:
    """Others are told who may."""
    async with world.start() as desk:
        await desk.subscribe(world.site.base + "/feed")
        with pytest.raises(NotAllowedError):
            await desk.newsroom.import_feeds(Actor(TEAM, "U1", is_admin=False), "C1", "c1", outlines())
        with pytest.raises(NotFoundError):
            await desk.newsroom.export_feeds(Actor("T9", "U1", is_admin=True), None)


async def test_why_follows_an_article_from_the_feed_to_each_channel(world: World) -> None:
    """Posted, too old, and put into a channel too late: each with its reason; other workspaces' feeds stay theirs."""
    url = world.site.put("/feed", Reply((Item(0, NOW - HOUR), Item(3, NOW - timedelta(days=90)))))
    async with world.start() as desk:
        await desk.subscribe(url)
        await desk.settle()
        desk.now += timedelta(days=1)
        await desk.subscribe(url, channel="C2")
        (posted,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/0?utm_source=rss")
        assert posted.verdict == "new"
        assert posted.article.text_source == "feed"
        assert posted.join_reasons
        first, second = posted.channels
        assert (first.channel.channel_id, first.state, first.ts) == ("C1", DeliveryState.SENT, "1.0")
        assert first.relevance is not None
        assert first.relevance.reasons
        assert (second.channel.channel_id, second.state) == ("C2", None)
        assert "follows the feed since" in second.reason
        (old,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/3")
        assert old.verdict == "backlog"
        assert "older than 30 days" in old.channels[0].reason
        with pytest.raises(NotFoundError, match="Site news"):
            await desk.newsroom.why(TEAM, f"{world.site.base}/stories/99")
        with pytest.raises(NotFoundError, match="followed here"):
            await desk.newsroom.why("T2", f"{world.site.base}/stories/0")
