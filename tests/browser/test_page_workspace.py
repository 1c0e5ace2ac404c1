"""The page against the real local workspace: the two keep to one contract."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

from . import page_blocks as blocks
from .conftest import Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANIFEST = Path(__file__).parents[2] / "manifest.json"


@pytest_asyncio.fixture(loop_scope="session")
async def workspace() -> AsyncIterator[Workspace]:
    """A workspace on a free port, without its app."""
    made = Workspace(json.loads(MANIFEST.read_text()), team_name="Page trial")
    made.timing.wait_longer(30)
    await made.start()
    yield made
    await made.stop()


async def test_a_first_visit_works_end_to_end(screen: Screen, workspace: Workspace) -> None:
    """A page that knows nobody opens, shows posts, sends, reacts, follows a permalink and says who is absent."""
    client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
    channel = workspace.channel_id("ai-infrastructure")
    posted = await client.chat_postMessage(channel=channel, text="Norrland Grid signs 1.2 GW", blocks=blocks.BRIEF)
    context = await screen(width=1280, height=800, scheme="light", phone=False)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)

    await page.goto(workspace.url)
    await page.get_by_role("link", name="ai-infrastructure").click()
    brief = page.get_by_role("listitem").filter(has_text="Norrland Grid signs")
    await brief.get_by_role("button", name="Ask about this").wait_for()

    composer = page.get_by_role("textbox", name="Message #ai-infrastructure")
    await composer.fill("Is 1 < 2 & *sure*?")
    await composer.press("Enter")
    mine = page.get_by_role("listitem").filter(has_text="Is 1 < 2 & sure?")
    assert await mine.locator("strong").inner_text() == "sure"

    await brief.focus()
    await brief.get_by_role("button", name="React with eyes").click()
    await brief.get_by_role("button", name="eyes, 1, from you").wait_for()

    await client.chat_postMessage(channel=channel, text="A reply", thread_ts=posted["ts"])
    await brief.get_by_role("button", name="1 reply").click()
    await page.get_by_role("complementary", name="Thread").get_by_text("A reply").wait_for()

    await composer.fill("/tapeout help")
    await composer.press("Enter")
    await page.get_by_role("alert").filter(has_text="Tapeout").wait_for()
    assert await composer.input_value() == "/tapeout help"

    link = await client.chat_getPermalink(channel=channel, message_ts=str(posted["ts"]))
    await page.goto(str(link["permalink"]))
    await page.locator(f".is-pointed[data-ts='{posted['ts']}']").wait_for()
    assert page.url.endswith(f"#/channel/{channel}/message/{posted['ts']}")

    await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    await page.close()
    assert problems == []
