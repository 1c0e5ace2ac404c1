"""Which articles of a feed count in a channel, chosen from inside Slack; through every real part."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.opening import open_store
from bot.store.tables import article, delivery, story
from bot.workspace import RefusedError

from .conftest import Path1, running, shown


async def _kept_out(path: Path1) -> str:
    """The address of an article that a filter has kept out of the channel, once there is one."""
    async with open_store(path.settings, migrate=False) as db:
        for _ in range(300):
            async with db.read() as connection:
                found = await connection.execute(
                    sa.select(article.c.url)
                    .join(story, story.c.lead_article_id == article.c.id)
                    .join(delivery, delivery.c.story_id == story.c.id)
                    .where(delivery.c.reason.like("The filter%"))
                )
                if url := found.scalars().first():
                    return str(url)
            await path.service.newsroom.bells.wait("test", 0.1)
    raise AssertionError("the filter kept nothing out")


async def test_a_filter_holds_articles_back_and_why_names_it(tmp_path: Path) -> None:
    """With every feed down to one site's name, only its stories are posted; `why` names the filter for the others."""
    async with running(tmp_path, release_all=True, seed=False) as path:
        await path.tell('/tapeout filter add all "Harrow Flats"', "has a new filter for every feed", "only articles")
        await path.tell('/tapeout filter add all "harrow flats"', "has that filter already")
        await path.begin()
        await path.wait(lambda: path.post_about("Harrow Flats"))
        url = await _kept_out(path)
        await path.tell(f"/tapeout why {url}", "Not posted here", "The filter", "every feed of this channel")
        told = [post for post in path.posts() if "story:" in shown(post.get("metadata", {}))]
        assert all("Harrow Flats" in shown(post) for post in told)
        listed = await path.tell("/tapeout filter", "1. *every feed*: only articles with")
        await path.workspace.click(
            "ada", "filter_remove", channel=listed["channel"], ts=listed["ts"], ephemeral=True, block_id="filter:1"
        )
        await path.whispered("ada", "none yet; every article")


async def test_a_filter_is_added_by_the_form_with_a_picker_and_mistakes_are_said_at_its_field(path: Path1) -> None:
    """The form stays open with the pattern's own error, then says what the filter would have kept out."""
    ws = path.workspace
    await path.wait(lambda: len(path.posts()) >= 3)
    listed = await path.tell("/tapeout filters", "none yet", "Add a filter")
    await ws.click("ada", "filter_add", channel=listed["channel"], ts=listed["ts"], ephemeral=True)
    view = await path.wait(lambda: ws.open_view("ada"))
    assert view is not None
    picker = next(block["element"] for block in view["blocks"] if block.get("block_id") == "feed")
    first = picker["options"][1]["value"]
    with pytest.raises(RefusedError) as refused:
        await ws.submit_view("ada", {"feed": {"feed": first}, "rule": {"rule": "/(a/"}})
    assert "That pattern cannot be used: missing )" in refused.value.errors["rule"]
    await ws.submit_view("ada", {"feed": {"feed": first}, "rule": {"rule": "not title: /zebra/"}})
    await path.wait(lambda: "would have kept 0 of its" in shown(ws.open_view("ada") or {}))
    await path.tell("/tapeout filter", "no articles whose title matches /zebra/")
    await path.tell("/tapeout filter remove zebra", "lost the filter", "brings it back")


async def test_filter_words_lead_to_the_right_ones(tmp_path: Path) -> None:
    """Who is no admin may look; what is missing or mistyped is said with an example."""
    async with running(tmp_path, seed=False) as path:
        plain = await path.tell("/tapeout filter", "none yet", user="ben")
        assert "Add a filter" not in shown(plain)
        await path.tell("/tapeout filter add all not gaming", "Only workspace admins", user="ben")
        await path.tell("/tapeout filter add", "Whose articles, and which?")
        await path.tell("/tapeout filter add 7 HBM", "no feeds yet")
        await path.tell("/tapeout filter rmove 1", "Did you mean `remove`?")
        await path.tell("/tapeout filter remove 1", "No filter here matches")
