"""Joining with a sentence encoder that was switched on while stories were about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.store.tables import article, story_article
from bot.stories.encoder import Floats

from .conftest import NOW, Item, Reply, World

TITLES = (
    "Halden scraps data centre in Ohio",
    "Sewage plant warms a swimming pool in Turku",
    "Residents of Licking County celebrate",
)
HOUR = timedelta(hours=1)


class Same:
    """Finds that all texts say the same."""

    name = "same"

    def embed(self, texts: Sequence[str]) -> Floats:
        """Ones."""
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


async def test_stories_from_before_are_compared_by_word_vectors_alone(world: World) -> None:
    """What the encoder finds alike joins, but not a story that it never saw; the log says that there are such."""
    items = [Item(0, NOW - 2 * HOUR)]
    url = world.site.put("/feed", Reply(tuple(items)))
    now = NOW
    for number, title in enumerate(TITLES):
        now += HOUR
        items.append(Item(number + 1, now, title=title, text=f"<p>{title}.</p>"))
        world.encoder = Same() if number else None
        with capture_logs() as said:
            async with world.start(now) as desk:
                if not number:
                    world.site.put("/feed", Reply(tuple(items[:1])))
                    await desk.subscribe(url)
                    await desk.settle()
                world.site.put("/feed", Reply(tuple(items)))
                desk.now += 6 * HOUR  # beyond the feed's next poll
                await desk.settle()
                now = desk.now
        told = [entry["stories"] for entry in said if entry["event"].startswith("stories that another encoder saw")]
        assert bool(told) is bool(number)
    async with world.start(now) as desk, desk.db.read() as connection:
        rows = await connection.execute(sa.select(article.c.title, story_article.c.story_id).join(story_article))
        story_of = {row.title: row.story_id for row in rows}
    assert story_of[TITLES[0]] != story_of[TITLES[1]] == story_of[TITLES[2]]
