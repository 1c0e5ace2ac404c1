"""A Chromium for the browser tests, a fake server for each, and the check that the page's console stayed quiet."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from .page_fake import PageFake

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


async def reply_in_thread(message: Locator) -> None:
    """Open a message's thread by the button that is there while the pointer is over it.

    News may arrive between pointing and pressing, and move the message: then it is pointed at again, as people do.

    Raises:
        playwright.async_api.TimeoutError: It could not be pressed within a minute and a half.
    """
    from playwright.async_api import TimeoutError as NotYetError

    button = message.get_by_role("button", name="Reply in thread")
    for tries_left in reversed(range(30)):
        await message.hover()
        try:
            await button.click(timeout=3_000)
        except NotYetError:
            if not tries_left:
                raise
        else:
            return


Opener = Callable[..., Awaitable["Page"]]
Screen = Callable[..., Awaitable["BrowserContext"]]


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
    path = shutil.which("chromium", path="/usr/bin") or shutil.which("chromium")
    if not path:
        missing("no Chromium at /usr/bin/chromium (apt-get install chromium)")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[PageFake]:
    """One fake server, so that the browser reads the page's files once."""
    fake = PageFake()
    await fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def fake(server: PageFake) -> AsyncIterator[PageFake]:
    """The fake server with fresh contents."""
    server.reset()
    yield server
    await server.drop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def screen(browser: Browser) -> AsyncIterator[Screen]:
    """Gives browser contexts by their looks; each is kept for its cache."""
    kept: dict[str, BrowserContext] = {}

    async def context_for(*, width: int, height: int, scheme: Any, phone: bool) -> BrowserContext:
        look = f"{width} {height} {scheme} {phone}"
        if look not in kept:
            kept[look] = await browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                has_touch=phone,
                is_mobile=phone,
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/Berlin",
            )
            kept[look].set_default_timeout(30_000)  # a busy machine gets this much
        return kept[look]

    yield context_for
    for context in kept.values():
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(screen: Screen, fake: PageFake) -> AsyncIterator[Opener]:
    """Gives a way to open the page at a place, on a screen of a size and with a colour scheme.

    Afterwards the test fails if the page wrote an error to its console, broke its content policy or threw.
    With `quiet=False` network errors in the console are expected.
    """
    pages: list[Page] = []
    problems: list[str] = []

    async def open_page(
        place: str,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        phone: bool = False,
        quiet: bool = True,
    ) -> Page:
        context = await screen(width=width, height=height, scheme=scheme, phone=phone)
        page = await context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        if quiet:
            page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
        await page.goto(f"{fake.address}/{place}")
        await page.wait_for_selector("#app[aria-busy=false] .pane:visible")
        await fake.connected()
        return page

    yield open_page
    for page in pages:
        await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        await page.close()
    assert problems == []
