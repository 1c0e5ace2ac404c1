"""The main journey of who asks, in Chromium: an honest no, the button under it, and the story that arrives later."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot import demo
from bot.app import Service
from bot.settings import load
from bot.shelf import Shelf

from .conftest import Screen, reply_in_thread

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PICTURES = os.environ.get("TAPEOUT_TEST_SCREENSHOTS")
PATIENCE_MS = 90_000
#: Answered by an article that comes out late.
LATE = "How many quick couplings must operators of Coldframe check?"


@dataclass(frozen=True)
class Running:
    """The whole bot in this process, so that the test decides what the shelf puts out."""

    url: str
    shelf: Shelf


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The bot at work on the sample feeds."""
    folder = tmp_path_factory.mktemp("asking")
    ports = dict.fromkeys(("PORT", "TAPEOUT_WORKSPACE_PORT", "TAPEOUT_SHELF_PORT"), "0")
    ports["TAPEOUT_WORKSPACE_PATIENCE"] = "30"
    settings = load(ports | {"TAPEOUT_DATA_DIR": str(folder)})
    local = await demo.start(settings, live=False)
    assert local.shelf is not None
    service = Service(local.settings)
    await service.start()
    await service.seed(demo.sample_feeds(local.shelf), channel_name=settings.default_channel)
    yield Running(local.workspace.url, local.shelf)
    await service.stop()
    await local.stop()


async def _ask(page: Page, text: str) -> Locator:
    """Mention the bot in the channel, and open the thread; the thread's pane."""
    box = page.get_by_role("textbox", name="Message #ai-infrastructure")
    await box.fill(f"@Tapeout {text}")
    await box.press("Escape")  # the completion's list
    await box.press("Enter")
    question = page.get_by_role("listitem").filter(has_text=text).last
    await reply_in_thread(question)
    return page.get_by_role("complementary", name="Thread")


async def test_an_honest_no_becomes_an_answer_when_it_is_read(screen: Screen, running: Running) -> None:
    """Ask, read that it is not known, press the button, see that it is watched; the answer comes in the thread."""
    context = await screen(width=1280, height=900, scheme="light", phone=False)
    page = await context.new_page()
    await page.goto(running.url)
    await page.get_by_role("link", name="ai-infrastructure").click()
    await page.get_by_text("Reported by").first.wait_for(timeout=PATIENCE_MS)
    thread = await _ask(page, LATE)
    await thread.get_by_text("That is not in what I have read").wait_for(timeout=PATIENCE_MS)
    await thread.get_by_role("button", name="Look for an answer in what is read from now on, and tell it here").click()
    await thread.get_by_text("I'm watching for it").wait_for(timeout=PATIENCE_MS)
    await thread.get_by_role("button", name="Look for an answer no more").wait_for()
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/watching.png")
    running.shelf.release_all()
    await thread.get_by_text("38,000").first.wait_for(timeout=PATIENCE_MS)
    await thread.get_by_text("told it in this thread").wait_for(timeout=PATIENCE_MS)
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/watched.png")
    await page.close()
