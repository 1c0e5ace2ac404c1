"""A Chromium for the browser tests, a fake server for each, and the check that the page's console stayed quiet."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from .page_fake import PageFake

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

Opener = Callable[..., Awaitable["Page"]]


def missing(reason: str) -> None:
    """Skip on a developer's machine; fail in CI, where the browser has to be there."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all browser tests of a process."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        missing("playwright is not installed (pip install -e '.[dev]')")
    path = CHROMIUM if CHROMIUM.exists() else shutil.which("chromium")
    if not path:
        missing("no Chromium at /usr/bin/chromium (apt-get install chromium)")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(path), args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[PageFake]:
    """A fresh fake server."""
    server = PageFake()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, fake: PageFake) -> AsyncIterator[Opener]:
    """Open the page at a place: `await visit("#/channel/C1", width=390, scheme="dark")`.

    Afterwards the test fails if the page wrote an error to its console, broke its content policy or threw.
    With `quiet=False` network errors in the console are expected.
    """
    contexts = []
    problems: list[str] = []

    async def open_page(
        place: str,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Any = "light",
        phone: bool = False,
        quiet: bool = True,
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        context.set_default_timeout(5000)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        if quiet:
            page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
        await page.goto(f"{fake.address}/{place}")
        await page.wait_for_selector("#app[aria-busy=false] .pane:visible")
        await fake.connected()
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert problems == []
