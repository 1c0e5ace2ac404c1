"""A feed whose address is a secret: what it brings is for the workspaces that follow it, and for no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotFoundError
from bot.models import Actor, AnswerState

from .conftest import NOW, TEAM, Desk, Item, Posted, Reply, World

OTHERS = "T2"
HOUR = timedelta(hours=1)
SECRET = "/letter/8f3kQ29xPz71LmV0aB4t/feed"
ASKED = "How much power did Halden sign for?"
ONLY_THERE = (
    "<p>Halden has signed for 600 megawatts of nuclear power for 12 years. The cooling water of the Vinje plant costs "
    "Halden $41 million a year, said two people who know the contract.</p>"
)


async def _both(world: World, desk: Desk) -> str:
    """One workspace follows a paid letter, the other the public feed of a site that tells the same event."""
    letter = world.site.put(SECRET, Reply((Item(5, NOW - HOUR, ONLY_THERE),), title="The letter"))
    public = world.site.put("/feed", Reply((Item(12, NOW - HOUR, title="Halden signs for nuclear power"),)))
    await desk.subscribe(letter, channel="C1", team=TEAM)
    await desk.subscribe(public, channel="C2", team=OTHERS)
    await desk.settle()
    return letter


def _briefs(world: World) -> tuple[list[Posted], list[Posted]]:
    return world.room.briefs("C1"), world.room.briefs("C2")


async def test_a_private_article_is_not_told_with_others(world: World) -> None:
    """The same event, told by a paid letter and by a public site, is two stories: neither post names the other."""
    async with world.start() as desk:
        await _both(world, desk)
        (mine,), (theirs,) = _briefs(world)
    assert "/stories/5" in mine.text
    assert "/stories/12" in theirs.text
    assert "/stories/5" not in theirs.text
    assert "The letter" not in theirs.text
    assert "/stories/12" not in mine.text


async def test_private_articles_of_the_same_feed_are_still_joined(world: World) -> None:
    """A second article of the letter about the same event goes into the letter's own story."""
    async with world.start() as desk:
        await _both(world, desk)
        again = Item(19, desk.now, title="Halden signs for 600 MW of nuclear power, says more")
        world.site.put(SECRET, Reply((Item(5, NOW - HOUR, ONLY_THERE), again), title="The letter"))
        await desk.pass_time(timedelta(days=1))
        mine, _ = _briefs(world)
    assert len(mine) == 1
    assert mine[0].edits


async def test_only_followers_find_it(world: World) -> None:
    """A question in the letter's workspace is answered with it; in the other one, with the public article alone."""
    secret = "How much does the cooling water of the Vinje plant cost Halden?"
    async with world.start() as desk:
        await _both(world, desk)
        ours = await desk.newsroom.compose(secret, team_id=TEAM)
        others = [
            await desk.newsroom.compose(question, team_id=team_id)
            for question in (secret, ASKED)
            for team_id in (OTHERS, "T3")
        ]
    assert ours.state is AnswerState.ANSWERED
    assert "$41 million" in str(ours.sentences)
    for answer in others:
        assert "$41 million" not in str(answer)
        assert "/stories/5" not in str(answer)
    assert [answer.state for answer in others[2:]] == [AnswerState.ANSWERED, AnswerState.ANSWERED]


async def test_why_and_home_say_nothing_of_it_to_others(world: World) -> None:
    """Another workspace that asks for the article's address hears that nothing is known, and sees no such feed."""
    async with world.start() as desk:
        letter = await _both(world, desk)
        article = f"{world.site.base}/stories/5"
        assert await desk.newsroom.why(TEAM, article)
        with pytest.raises(NotFoundError):
            await desk.newsroom.why(OTHERS, article)
        listed = await desk.newsroom.home(Actor(OTHERS, "UBEN000000", is_admin=True, sees_all=True))
    shown = str(listed)
    assert letter not in shown
    assert "The letter" not in shown


async def test_its_address_does_not_open_it_to_others(world: World) -> None:
    """Who shares a private article's address hears what is stored, if they follow it; others, what the page says."""
    async with world.start() as desk:
        await _both(world, desk)
        shared = f"{world.site.base}/stories/5 what does the cooling water cost Halden?"
        ours = await desk.newsroom.compose(shared, team_id=TEAM)
        theirs = await desk.newsroom.compose(shared, team_id=OTHERS)
    assert "$41 million" in str(ours.sentences)
    assert "$41 million" not in str(theirs)


async def test_a_redirect_does_not_make_it_everybodys(world: World) -> None:
    """The letter's address moves for good onto the public feed: its followers go over, what it brought stays theirs."""
    async with world.start() as desk:
        await _both(world, desk)
        moved = Reply(status=301, headers={"Location": f"{world.site.base}/feed"})
        world.site.put(SECRET, moved)
        await desk.pass_time(timedelta(days=10))
        answer = await desk.newsroom.compose(ASKED, team_id=OTHERS)
        (listed,) = await desk.newsroom.list_feeds(Actor(TEAM, "UADA000000", is_admin=True, sees_all=True), "C1")
    assert [item.feed.url for item in listed.subscriptions] == [f"{world.site.base}/feed"]
    assert {source.url.rpartition("/")[2] for source in answer.sources} == {"12"}
