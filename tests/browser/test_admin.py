"""The main journeys of admins, in Chromium: look at a feed, add it, filter it, ask why, remove it, take that back."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot import demo
from bot.app import Service
from bot.settings import load
from bot.shelf import Shelf

from .conftest import Screen

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURES = os.environ.get("TAPEOUT_TEST_SCREENSHOTS")
PATIENCE_MS = 90_000


@dataclass(frozen=True)
class Running:
    """The whole bot in this process; its channel follows nothing yet."""

    url: str
    shelf: Shelf


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The bot, and a shelf whose articles are all out."""
    folder = tmp_path_factory.mktemp("admin")
    ports = dict.fromkeys(("PORT", "TAPEOUT_WORKSPACE_PORT", "TAPEOUT_SHELF_PORT"), "0")
    ports["TAPEOUT_WORKSPACE_PATIENCE"] = "30"
    settings = load(ports | {"TAPEOUT_DATA_DIR": str(folder)})
    local = await demo.start(settings, live=False)
    assert local.shelf is not None
    local.shelf.release_all()
    service = Service(local.settings)
    await service.start()
    await service.seed((), channel_name=settings.default_channel)
    yield Running(local.workspace.url, local.shelf)
    await service.stop()
    await local.stop()


async def _type(page: Page, text: str, part: str) -> Locator:
    """Type a command; the newest answer that only this person sees and that holds this."""
    box = page.get_by_role("textbox", name="Message #ai-infrastructure")
    await box.fill(text)
    await box.press("Escape")  # the completion's list
    await box.press("Enter")
    answer = page.get_by_role("listitem").filter(has_text="Only visible to you").filter(has_text=part).last
    await answer.wait_for(timeout=PATIENCE_MS)
    return answer


async def _picture(page: Page, shown: Locator, name: str) -> None:
    if PICTURES:
        await shown.scroll_into_view_if_needed()
        await page.screenshot(path=f"{PICTURES}/{name}.png")


async def test_a_feed_is_looked_at_added_filtered_explained_removed_and_brought_back(
    screen: Screen, running: Running
) -> None:
    """Each step answers where it was typed, and each change can be taken back by the button under it."""
    context = await screen(width=1280, height=1000, scheme="light", phone=False)
    page = await context.new_page()
    await page.goto(running.url)
    await page.get_by_role("link", name="ai-infrastructure").click()
    feed = running.shelf.feeds[0]
    seen = await _type(page, f"/tapeout preview {feed.url}", "newest items")
    await seen.get_by_text("would have been posted").first.wait_for()
    await _picture(page, seen, "admin-preview")
    await seen.get_by_role("button", name="Add to this channel").click()
    added = page.get_by_role("listitem").filter(has_text="will be told here").last
    await added.wait_for(timeout=PATIENCE_MS)
    await _type(page, "/tapeout filter add 1 not gaming", "has a new filter")
    listed = await _type(page, "/tapeout filter", "no articles with")
    await listed.get_by_role("button", name="Remove filter 1").wait_for()
    await _picture(page, listed, "admin-filter")
    posted = page.get_by_role("listitem").filter(has_text="Reported by").first
    await posted.wait_for(timeout=PATIENCE_MS)
    link = await posted.get_by_role("link").filter(has_text=feed.title).first.get_attribute("href")
    why = await _type(page, f"/tapeout why {link}", "Relevance")
    await why.get_by_text("here", exact=False).first.wait_for()
    await _picture(page, why, "admin-why")
    await page.get_by_role("listitem").filter(has_text="Reported by").nth(3).wait_for(timeout=PATIENCE_MS)
    told = await _type(page, "/tapeout digest now", "Preview of the digest")
    await _picture(page, told.get_by_text("Preview of the digest").first, "admin-digest")
    gone = await _type(page, "/tapeout remove 1", "Removed")
    await gone.get_by_role("button", name="Take back").click()
    await page.get_by_text("Taken back", exact=False).last.wait_for(timeout=PATIENCE_MS)
    trail = await _type(page, "/tapeout audit", "took back")
    await _picture(page, trail, "admin-audit")
    await _type(page, "/tapeout filter", "no articles with")
    await page.close()


async def test_a_list_of_feeds_is_handed_over_and_comes_back_as_a_file(
    screen: Screen, running: Running, tmp_path: Path
) -> None:
    """A file with a mention is taken in on a click, one in the form at once; what export hands over can be saved."""
    context = await screen(width=1280, height=1000, scheme="light", phone=False)
    page = await context.new_page()
    await page.goto(running.url)
    one, two, *_ = running.shelf.feeds
    await page.get_by_role("link", name="ai-infrastructure").click()
    await _type(page, "/tapeout help", "import")
    listed = tmp_path / "reader.opml"
    listed.write_text(f'<opml version="2.0"><body><outline text="F" xmlUrl="{one.url}"/></body></opml>')
    await page.get_by_label("Files to attach").set_input_files(listed)
    await page.get_by_role("list", name="Files to send").get_by_text("reader.opml").wait_for(timeout=PATIENCE_MS)
    box = page.get_by_role("textbox", name="Message #ai-infrastructure")
    await box.fill("@Tapeout our reader's list")
    await box.press("Escape")
    await box.press("Enter")
    asked = page.get_by_role("listitem").filter(has_text="shall I add its feeds").last
    await asked.get_by_role("button", name="Import").click(timeout=PATIENCE_MS)
    await (
        page.get_by_text("1 feed added")
        .or_(page.get_by_text("1 were there already"))
        .last.wait_for(timeout=PATIENCE_MS)
    )
    await page.get_by_role("link", name="reader.opml").wait_for(timeout=PATIENCE_MS)
    listed.write_text(f"{two.url}\nno address\n")
    await box.fill("/tapeout import")
    await box.press("Escape")
    await box.press("Enter")
    form = page.get_by_role("dialog")
    await form.get_by_label("A file").set_input_files(listed.rename(tmp_path / "more.txt"))
    await form.get_by_text("more.txt").wait_for(timeout=PATIENCE_MS)
    await form.get_by_role("button", name="Import").click()
    await form.get_by_text("Line 2: “no address” is not an address").wait_for(timeout=PATIENCE_MS)
    await form.get_by_role("button", name="Done").click()
    await _type(page, "/tapeout export", "two files are in our direct messages")
    await page.get_by_role("navigation").get_by_role("link", name="Tapeout").first.click()
    async with page.expect_download(timeout=PATIENCE_MS) as saving:
        await page.get_by_role("link", name="ai-infrastructure.opml").last.click(timeout=PATIENCE_MS)
    saved = tmp_path / "saved.opml"
    await (await saving.value).save_as(saved)
    assert two.url in saved.read_text()
    await page.close()
