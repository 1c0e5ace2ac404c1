"""`tapeout run` in a process of its own, watched in Chromium as a newcomer would: what the README promises."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from .conftest import Screen, reply_in_thread

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: `make screenshots` sets it: the pictures of the README are taken by this test.
PICTURES = os.environ.get("TAPEOUT_TEST_SCREENSHOTS")
#: The first posts come within seconds; a busy machine gets this much, in milliseconds.
PATIENCE_MS = 90_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the page of a freshly started bot is; Ctrl-C at the end must end it cleanly."""
    folder = tmp_path_factory.mktemp("bot")
    ports = {"PORT": "0", "TAPEOUT_WORKSPACE_PORT": "0", "TAPEOUT_SHELF_PORT": "0", "TAPEOUT_WORKSPACE_PATIENCE": "30"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env=dict(os.environ) | ports | {"TAPEOUT_DATA_DIR": str(folder / "var"), "COLUMNS": "200"},
    )
    assert process.stdout is not None
    told: list[str] = []
    async with asyncio.timeout(PATIENCE_MS / 1000):
        async for line in process.stdout:
            told.append(line.decode())
            if "Ctrl-C ends it" in told[-1]:
                break
    found = re.search(r"local workspace\s+(http://\S+)", "".join(told))
    assert found is not None, "".join(told)
    draining = asyncio.create_task(process.stdout.read())
    yield found.group(1)
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(90):
        rest = (await draining).decode()
        code = await process.wait()
    assert code == 0, rest
    assert "Traceback" not in rest


async def _open(screen: Screen, address: str, *, width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
    context = await screen(width=width, height=height, scheme=scheme, phone=width < 600)
    page = await context.new_page()
    await page.goto(address)
    return page


async def _picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/{name}.png")


async def test_stories_appear(screen: Screen, address: str) -> None:
    """Without anything typed, a story is in the channel, with its facts, its sources and its buttons."""
    page = await _open(screen, address)
    await page.get_by_role("link", name="ai-infrastructure").click()
    story = page.get_by_role("listitem").filter(has_text="Sunhae").first
    await story.get_by_text("Reported by 3 independent publishers").wait_for(timeout=PATIENCE_MS)
    await story.get_by_role("button", name="Ask a question about this story").wait_for()
    await story.scroll_into_view_if_needed()
    await _picture(page, "channel-light")
    await page.close()


async def test_a_thread_answers(screen: Screen, address: str) -> None:
    """A reply under a story gets an answer with a numbered source, in the thread."""
    page = await _open(screen, address, scheme="dark")
    await page.get_by_role("link", name="ai-infrastructure").click()
    story = page.get_by_role("listitem").filter(has_text="Sunhae").first
    await story.wait_for(timeout=PATIENCE_MS)
    await reply_in_thread(story)
    thread = page.get_by_role("complementary", name="Thread")
    box = thread.get_by_role("textbox")
    await box.fill("How much will Sunhae spend?")
    await box.press("Enter")
    # The post above has a button called Sources, and the figure: what is meant is the second of them.
    answer = thread.get_by_role("listitem").filter(has_text="Sources").nth(1)
    await answer.get_by_text("$21 b").first.wait_for(timeout=PATIENCE_MS)
    await answer.get_by_text("[1]").first.wait_for(timeout=PATIENCE_MS)
    await answer.get_by_role("link").first.wait_for(timeout=PATIENCE_MS)
    await answer.scroll_into_view_if_needed()
    await _picture(page, "thread-dark")
    await page.close()


async def test_a_command_answers_only_to_who_typed_it(screen: Screen, address: str) -> None:
    """`/tapeout help` comes back at once, visible to this person alone."""
    page = await _open(screen, address)
    await page.get_by_role("link", name="ai-infrastructure").click()
    box = page.get_by_role("textbox", name="Message #ai-infrastructure")
    await box.fill("/tapeout help")
    await box.press("Escape")  # the completion's list
    await box.press("Enter")
    answer = page.get_by_role("listitem").filter(has_text="Only visible to you").last
    await answer.get_by_text("/tapeout add", exact=False).first.wait_for(timeout=PATIENCE_MS)
    await page.close()


async def test_a_digest_is_previewed_opened_and_its_hours_chosen(screen: Screen, address: str) -> None:
    """`/tapeout digest now` shows the day in lines; the form behind *Change …* saves another hour."""
    page = await _open(screen, address)
    await page.get_by_role("link", name="ai-infrastructure").click()
    await page.get_by_role("listitem").filter(has_text="Sunhae").first.wait_for(timeout=PATIENCE_MS)
    box = page.get_by_role("textbox", name="Message #ai-infrastructure")

    async def enter(text: str) -> None:
        await box.fill(text)
        await box.press("Escape")  # the completion's list
        await box.press("Enter")

    await enter("/tapeout digest now")
    preview = page.get_by_role("listitem").filter(has_text="Preview of the digest").last
    await preview.get_by_text("Preview of the digest").first.wait_for(timeout=PATIENCE_MS)
    await preview.get_by_text("Held back", exact=False).or_(preview.get_by_text("In the articles")).first.wait_for()
    await enter("/tapeout digest")
    await page.get_by_role("button", name="Change when news comes").last.click(timeout=PATIENCE_MS)
    form = page.get_by_role("dialog")
    await form.get_by_text("In digests only").click()
    await form.get_by_role("button", name="Save").click()
    await form.get_by_text("From now on", exact=False).first.wait_for(timeout=PATIENCE_MS)
    await form.get_by_role("button", name="Done").click()
    await enter("/tapeout digest off")
    await page.get_by_text("comes as it happens", exact=False).last.wait_for(timeout=PATIENCE_MS)
    await page.close()


async def test_app_home_opens(screen: Screen, address: str) -> None:
    """App Home shows the channel and its feeds."""
    page = await _open(screen, address)
    await page.get_by_role("navigation").get_by_role("link", name="Tapeout").last.click()
    await page.get_by_text("Meridian Wire").first.wait_for(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Add a feed").first.wait_for()
    await _picture(page, "home")
    await page.close()


async def test_app_home_reads_well_on_a_phone_and_opens_what_commands_answer(screen: Screen, address: str) -> None:
    """Charts and buttons fit without sideways scrolling; *Rhythm* opens in a form, with its own buttons."""
    page = await _open(screen, address)
    await page.get_by_role("navigation").get_by_role("link", name="Tapeout").last.click()
    await page.get_by_text("in 30 days").first.wait_for(timeout=PATIENCE_MS)
    await page.set_viewport_size({"width": 390, "height": 844})
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    await page.get_by_role("button", name="Rhythm").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_text("as it happens", exact=False).first.wait_for(timeout=PATIENCE_MS)
    await page.close()


async def test_the_channel_reads_well_on_a_phone(screen: Screen, address: str) -> None:
    """On a narrow screen a story fits, without sideways scrolling."""
    page = await _open(screen, f"{address}/#/channel/", width=390, height=844)
    await page.get_by_text("Reported by").first.wait_for(timeout=PATIENCE_MS)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    story = page.get_by_role("listitem").filter(has_text="Sunhae").first
    await story.evaluate("item => item.scrollIntoView({ block: 'start' })")
    await _picture(page, "phone")
    await page.close()
