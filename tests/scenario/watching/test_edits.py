"""The shelf's publishers change figures in articles that are out: the post changes, and its thread hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.feeds.fetch import Fetcher
from bot.shelf import Shelf

from .conftest import NOW, Desk, World

MINUTES = timedelta(minutes=1)


@pytest.fixture
async def shelf() -> AsyncIterator[tuple[Shelf, list[datetime]]]:
    """The sample feeds, with a clock that is moved by hand."""
    now = [NOW]
    made = Shelf(port=0, clock=lambda: now[0])
    await made.start()
    yield made, now
    await made.stop()


@pytest.fixture
async def fetcher(shelf: tuple[Shelf, list[datetime]]) -> AsyncIterator[Fetcher]:
    """A fetcher that may read the shelf."""
    async with Fetcher(
        user_agent="Tapeout/0.1 (+https://example.com/tapeout)",
        allowed_hosts=[shelf[0].url.removeprefix("http://")],
        host_spacing=0,
    ) as made:
        yield made


async def _until(desk: Desk, now: list[datetime], end: datetime) -> None:
    """Let time go by on the shelf and in the newsroom, three seconds at a time."""
    while desk.now < end:
        await desk.turn()
        desk.now = now[0] = desk.now + timedelta(seconds=3)


@dataclass(frozen=True)
class Change:
    """A figure that a publisher changes `at` a time on the shelf."""

    publisher: str
    words: str
    before: str
    after: str
    at: timedelta


@pytest.mark.parametrize(
    "change",
    [
        Change("Rackpost", "Port Ellery", "9,600", "14,200", timedelta(seconds=96)),
        Change("Meridian Wire", "$8 bln", "$3 billion", "$3.5 billion", timedelta(minutes=5, seconds=12)),
    ],
    ids=lambda change: change.publisher,
)
async def test_a_changed_figure_changes_the_post_and_is_one_line_in_its_thread(
    world: World, shelf: tuple[Shelf, list[datetime]], change: Change
) -> None:
    """One post with the old figure becomes the same post with the new one, and one line says so."""
    site, now = shelf
    (url,) = [feed.url for feed in site.feeds if feed.publisher == change.publisher]
    async with world.start(poll_floor_s=4.0, poll_ceiling_s=4.0, first_poll_limit=20) as desk:
        await desk.subscribe(url)
        await _until(desk, now, NOW + change.at - timedelta(seconds=3))
        (post,) = [item for item in world.room.briefs() if change.words in item.text]
        first = post.text
        assert change.before in first
        assert change.after not in first
        assert not [item for item in world.room.lines() if change.after in item.text]
        await _until(desk, now, NOW + change.at + 2 * MINUTES)
        (again,) = [item for item in world.room.briefs() if change.words in item.text]
        assert again is post
        assert change.after in post.text
        assert post.edits >= 1
        (line,) = [item for item in world.room.lines() if change.after in item.text]
    assert world.room.messages[line.thread_ts or ""] is post
    assert change.before in line.text
