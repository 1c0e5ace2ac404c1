"""What people do: write, reply, react, run commands, fill modals, with the mouse, the keyboard and a phone."""

from __future__ import annotations

import asyncio

import pytest

from . import page_blocks as blocks
from . import page_samples as samples
from . import page_views as views
from .conftest import Opener
from .page_fake import PageFake

#: Its assertions look again by themselves, and need no eval, which the page's content policy forbids.
expect = pytest.importorskip("playwright.async_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_composer_sends_and_keeps_the_text_on_failure(visit: Opener, fake: PageFake) -> None:
    """Enter sends with ids for names; Shift+Enter starts a line; a refusal is shown and the text stays."""
    page = await visit("#/channel/C0EMPTY")
    composer = page.get_by_role("textbox", name="Message #general")
    await composer.click()
    await composer.press_sequentially("Hello @tap")
    await page.get_by_role("option", name="Tapeout").wait_for()
    await composer.press("Enter")
    await composer.press_sequentially("1 < 2")
    await composer.press("Shift+Enter")
    await composer.press_sequentially("second")
    await composer.press("Enter")
    body = await fake.post_of("/page/send")
    assert body["text"] == "Hello <@U0BOT> 1 < 2\nsecond"
    assert body["user"] == blocks.ME
    await page.locator(".message", has_text="second").wait_for()
    assert await composer.input_value() == ""

    fake.answers["/page/send"] = lambda _: {"ok": False, "error": "Tapeout did not answer within 3 seconds"}
    await composer.fill("keep me")
    await composer.press("Enter")
    await page.get_by_role("alert").filter(has_text="Tapeout did not answer within 3 seconds").wait_for()
    assert await composer.input_value() == "keep me"


async def test_commands_complete_and_answer_privately(visit: Opener, fake: PageFake) -> None:
    """A slash offers commands with hints; the answer is for oneself only; unknown commands are explained."""
    page = await visit("#/channel/C0EMPTY")
    composer = page.get_by_role("textbox", name="Message #general")
    await composer.press_sequentially("/ta")
    offer = page.get_by_role("option", name="/tapeout")
    assert "add <address> | list | ask <question>" in await offer.inner_text()
    await composer.press("Tab")
    await composer.press_sequentially("list")
    await composer.press("Enter")
    assert (await fake.post_of("/page/command"))["text"] == "/tapeout list"
    note = page.locator(".message", has_text="You follow 12 feeds.")
    await note.wait_for()
    assert "Only visible to you" in await note.inner_text()
    await composer.fill("/nothing here")
    await composer.press("Enter")
    await page.get_by_text("/nothing is not a command that an app here knows.").wait_for()


async def test_thread_opens_replies_and_survives_a_reload(visit: Opener, fake: PageFake) -> None:
    """The summary opens the thread, a reply carries its root, and the address brings both back."""
    page = await visit("#/channel/C0NEWS")
    await page.get_by_role("button", name="3 replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_text("Who else confirms the").wait_for()
    root = next(m for m in fake.timelines[blocks.NEWS] if m.get("reply_count"))["ts"]
    assert page.url.endswith(f"#/channel/C0NEWS/thread/{root}")
    reply = thread.get_by_role("textbox", name="Reply…")
    await reply.fill("And the date?")
    await reply.press("Enter")
    assert (await fake.post_of("/page/send"))["thread_ts"] == root
    await page.reload()
    await thread.get_by_text("And the date?").wait_for()
    await thread.get_by_role("textbox", name="Reply…").press("Escape")
    await page.wait_for_url("**/#/channel/C0NEWS")
    await thread.wait_for(state="detached")


async def test_direct_message_opens_its_thread(visit: Opener, fake: PageFake) -> None:
    """A suggested prompt sends its message and leads into the thread where the answer will be."""
    page = await visit("#/channel/D0ANA")
    prompts = [{"title": "What happened this week?", "message": "What happened?"}]
    await fake.emit({"type": "prompts", "channel": samples.DM, "title": "Ask the desk", "prompts": prompts})
    await page.get_by_role("button", name="What happened this week?").click()
    assert (await fake.post_of("/page/send"))["text"] == "What happened?"
    await page.wait_for_url("**/channel/D0ANA/thread/*")
    assert (await fake.post_of("/page/open_messages"))["app_id"] == samples.APP


async def test_reactions_toggle(visit: Opener, fake: PageFake) -> None:
    """Pressing one's own reaction takes it back, and the count follows the server."""
    page = await visit("#/channel/C0NEWS")
    mine = page.get_by_role("button", name="+1, 1, from you")
    assert await mine.get_attribute("aria-pressed") == "true"
    await mine.click()
    assert (await fake.post_of("/page/react"))["add"] is False
    await mine.wait_for(state="detached")
    await page.get_by_role("button", name="eyes, 2").click()
    await page.get_by_role("button", name="eyes, 3").wait_for()


async def test_actions_confirm_and_report_failure(visit: Opener, fake: PageFake) -> None:
    """A button with a confirmation asks first; a menu sends its option; an app's silence is said."""
    page = await visit("#/channel/C0NEWS")
    await page.get_by_role("button", name="Mute the source").click()
    dialog = page.get_by_role("dialog", name="Mute Grid Monitor?")
    await dialog.get_by_role("button", name="Keep").click()
    assert not [path for path, _ in fake.posts if path == "/page/action"]
    await page.get_by_role("button", name="Mute the source").click()
    await dialog.get_by_role("button", name="Mute", exact=True).click()
    body = await fake.post_of("/page/action")
    assert body["action"]["action_id"] == "mute"
    assert body["action"]["block_id"] == "acts"
    assert body["container"]["type"] == "message"
    fake.answers["/page/action"] = lambda _: {"ok": False, "error": "Tapeout did not answer within 3 seconds"}
    await page.locator(".block-actions").get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Save for the digest").press("Enter")
    assert (await fake.post_of("/page/action", 2))["action"]["selected_option"]["value"] == "save"
    await page.locator(".toast", has_text="did not answer").wait_for()


async def test_keyboard_only(visit: Opener, fake: PageFake) -> None:
    """From the skip link to a reaction, a thread, another channel and a trapped modal, without a mouse."""
    page = await visit("#/app/A0TAPEOUT/home")

    async def focused() -> str:
        return str(
            await page.evaluate(
                "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()"
            )
        )

    await page.keyboard.press("Tab")
    assert await focused() == "Skip to the conversation"
    await page.keyboard.press("Control+k")
    assert "Tapeout, app" in await focused()
    await page.keyboard.press("Home")
    assert "chips" in await focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    assert "infra-news" in await focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Message #infra-news").wait_for()
    await page.get_by_role("button", name="3 replies").wait_for()
    await page.locator(".message").last.focus()
    await page.keyboard.press("ArrowUp")
    assert (await focused()).startswith("Tapeout,")
    await page.keyboard.press("Enter")
    await page.locator("[aria-label='Reply…']:focus").wait_for()
    await page.keyboard.press("Escape")
    assert (await focused()).startswith("Tapeout,")

    await fake.emit({"type": "view_open", "view": views.MODAL, "app_id": samples.APP})
    await page.get_by_role("dialog").wait_for()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('dialog') !== null")
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="detached")
    assert (await focused()).startswith("Tapeout,")


async def test_phone_drawer_and_thread(visit: Opener) -> None:
    """On a phone the sidebar is a drawer and the thread fills the screen, with a way back."""
    page = await visit("#/channel/C0NEWS", width=390, height=844, phone=True)
    places = page.get_by_role("navigation", name="Conversations")
    assert await places.count() == 0
    await page.get_by_role("button", name="Show the sidebar").tap()
    await places.get_by_role("link", name="general").tap()
    await page.get_by_role("heading", name="general", exact=True).wait_for()
    await expect(page.locator(".sidebar")).to_be_hidden()
    await page.goto(page.url.split("#", maxsplit=1)[0] + "#/channel/C0NEWS")
    await page.get_by_role("button", name="3 replies").tap()
    thread = page.get_by_role("complementary", name="Thread")
    box = await thread.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    await thread.get_by_role("button", name="Back to #infra-news").tap()
    await thread.wait_for(state="detached")


async def test_scroll_keeps_its_place(visit: Opener, fake: PageFake) -> None:
    """Earlier messages load above without moving what is read; a new one below is counted, not jumped to."""
    page = await visit("#/channel/C0NEWS")
    await page.locator(".message", has_text="Earlier message 69").wait_for(state="attached")
    middle = page.locator(".message").nth(5)
    name = await middle.get_attribute("data-ts")
    kept = page.locator(f"[data-ts='{name}']")
    await page.locator(".messages").evaluate("node => { node.scrollTop = 150; }")
    before = await kept.bounding_box()
    await page.locator(".message", has_text="Earlier message 0").first.wait_for(state="attached")
    after = await kept.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    await fake.say(blocks.NEWS, "U0MEI", "Something new")
    await page.get_by_role("button", name="1 new message").click()
    await page.get_by_text("Something new").first.wait_for()
    assert await page.get_by_role("button", name="Jump to the newest").count() == 0


async def test_lost_connection_is_said_and_caught_up(visit: Opener, fake: PageFake) -> None:
    """A banner shows while the server is away; afterwards what was missed is there."""
    page = await visit("#/channel/C0EMPTY", quiet=False)
    fake.down = True
    await fake.drop()
    await page.get_by_text("The connection to the workspace is lost.").wait_for()
    await fake.say("C0EMPTY", "U0MEI", "Said while you were away")
    fake.down = False
    await page.get_by_role("button", name="Try now").click()
    await page.get_by_text("Said while you were away").first.wait_for()
    await page.get_by_text("The connection to the workspace is lost.").wait_for(state="hidden")


async def test_what_happens_during_a_read_is_kept(visit: Opener, fake: PageFake) -> None:
    """A message or a Home that arrives while an older answer is on its way is not undone by it."""
    page = await visit("#/channel/C0EMPTY")
    fake.home = None
    fake.hold = asyncio.Event()
    await page.evaluate("location.hash = '#/channel/C0CHIPS'")
    await fake.holding()
    await fake.say("C0CHIPS", "U0MEI", "Said in between")
    fake.hold.set()
    await page.get_by_role("listitem").filter(has_text="Said in between").wait_for()
    await page.get_by_text("Every sentence has a quote.").wait_for()
    assert await page.get_by_role("listitem").filter(has_text="Said in between").count() == 1

    fake.hold = asyncio.Event()
    fake.held_paths.clear()
    await page.evaluate("location.hash = '#/app/A0TAPEOUT/home'")
    await fake.holding_read_of("/page/home")
    await fake.emit({"type": "home", "app_id": samples.APP, "view": views.HOME})
    await page.get_by_text("Your news desk").wait_for()
    fake.hold.set()
    await fake.answered_read_of("/page/home")
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.get_by_text("Your news desk").count() == 1


async def test_acting_as_another_person_and_theme(visit: Opener, fake: PageFake) -> None:
    """The switcher changes who POSTs and asks the state anew; the theme choice is kept over a reload."""
    page = await visit("#/channel/C0EMPTY")
    await page.get_by_role("button", name="Acting as Ana Ruiz. Change").click()
    await page.get_by_role("menuitemradio", name="Kofi Mensah").click()
    await page.get_by_role("button", name="Acting as Kofi Mensah. Change").wait_for()
    await page.get_by_role("textbox", name="Message #general").fill("as Kofi")
    await page.keyboard.press("Enter")
    assert (await fake.post_of("/page/send"))["user"] == "U0KOFI"
    await page.get_by_role("button", name="Theme: Like this device").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await page.reload()
    await page.get_by_role("button", name="Theme: Dark").wait_for()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_title_counts_what_waits(visit: Opener, fake: PageFake) -> None:
    """The document's title names the place and counts mentions elsewhere; reading a channel tells the server."""
    page = await visit("#/channel/C0NEWS")
    await expect(page).to_have_title("(2) #infra-news · Halden Compute")
    assert (await fake.post_of("/page/read"))["channel"] == blocks.NEWS
    await fake.emit({"type": "unread", "channel": "C0CHIPS", "unread": 0, "mentions": 0, "last_read": samples.ts_at(0)})
    await expect(page).to_have_title("#infra-news · Halden Compute")


async def test_a_press_is_not_lost_when_the_home_is_drawn_anew_under_it(visit: Opener, fake: PageFake) -> None:
    """What arrives between pressing a button and letting go is drawn after the click, which does what it says."""
    page = await visit("#/app/A0TAPEOUT/home")
    arrived = asyncio.Event()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda _: arrived.set()))
    before = set(fake.sockets)
    await page.reload()
    async with fake.changed:
        await asyncio.wait_for(fake.changed.wait_for(lambda: fake.sockets - before), 60)
    button = page.get_by_role("button", name="Import OPML")
    await button.hover()
    await page.mouse.down()
    arrived.clear()
    note = {"type": "section", "block_id": "new", "text": blocks.plain("Something new")}
    changed = {**views.HOME, "id": "V1HOME", "blocks": [note, *views.HOME["blocks"]]}
    await fake.emit({"type": "home", "app_id": samples.APP, "view": changed})
    await asyncio.wait_for(arrived.wait(), 60)
    assert not await page.get_by_text("Something new").is_visible()
    await page.mouse.up()
    assert (await fake.post_of("/page/action"))["action"]["action_id"] == "import"
    await page.get_by_text("Something new").wait_for()
