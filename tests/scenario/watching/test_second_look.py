"""An article that fits no story when it comes may fit one that has grown since, as long as nobody was told of it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.models import DeliveryState
from bot.store.tables import article, delivery, story_article

from .conftest import NOW, Desk, Item, Reply, World

TITLES = (
    "Halden scraps data centre in Ohio",
    "Residents of Licking County win fight against server farm",
    "Ohio: Halden cancels data centre in Licking County after protests by residents",
)
HOUR = timedelta(hours=1)


async def _come(world: World, desk: Desk, *, posted: str = "") -> dict[str, tuple[int, list[str]]]:
    """Let the three come out an hour apart; each one's story and reasons. The story of `posted` is in a channel."""
    old = Item(0, NOW - 2 * HOUR)
    url = world.site.put("/feed", Reply((old,)))
    await desk.subscribe(url)
    await desk.settle()
    out = [old]
    for number, title in enumerate(TITLES, 1):
        desk.now += HOUR
        out.append(Item(number, desk.now, title=title, text=f"<p>{title}.</p>"))
        world.site.put("/feed", Reply(tuple(out)))
        await desk.settle()
        if title == posted:
            async with desk.db.write() as connection:
                its = sa.select(story_article.c.story_id).join(article).where(article.c.title == title)
                sent = sa.update(delivery).where(delivery.c.story_id.in_(its)).values(state=DeliveryState.SENT)
                assert (await connection.execute(sent)).rowcount == 1
    chosen = sa.select(article.c.title, story_article.c.story_id, story_article.c.reasons).join(story_article)
    async with desk.db.read() as connection:
        rows = await connection.execute(chosen.where(article.c.title.in_(TITLES)))
        return {row.title: (row.story_id, row.reasons) for row in rows}


async def test_a_single_article_that_nobody_was_told_of_is_looked_at_again(world: World) -> None:
    """The third article brings the second, which alone was too unlike the first, into the story; it says so."""
    async with world.start() as desk:
        found = await _come(world, desk)
    assert len({story for story, _ in found.values()}) == 1
    assert [title for title, (_, reasons) in found.items() if "found on a second look" in reasons[-1]] == [TITLES[1]]


async def test_a_story_that_was_posted_stays_what_it_is(world: World) -> None:
    """The same three where a channel has the second: it keeps its story, and its post."""
    async with world.start() as desk:
        found = await _come(world, desk, posted=TITLES[1])
    assert found[TITLES[0]][0] == found[TITLES[2]][0] != found[TITLES[1]][0]
    assert not any("second look" in reason for _, reasons in found.values() for reason in reasons)
