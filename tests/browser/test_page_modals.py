"""Modals: errors at their inputs, stacks of views, and what each kind of input gives."""

from __future__ import annotations

from typing import Any

import pytest

from . import page_blocks as blocks
from . import page_samples as samples
from . import page_views as views
from .conftest import Opener
from .page_fake import PageFake

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_modal_places_errors_and_submits(visit: Opener, fake: PageFake) -> None:
    """A modal names its missing field, shows the server's errors at their inputs, and closes once accepted."""
    page = await visit("#/app/A0TAPEOUT/home")
    await page.get_by_role("button", name="Follow a feed").click()
    modal = page.get_by_role("dialog", name="Follow a feed")
    address = modal.get_by_label("Address")
    await modal.get_by_role("button", name="Follow", exact=True).click()
    assert await address.get_attribute("aria-invalid") == "true"
    assert not [path for path, _ in fake.posts if path == "/page/submit"]

    fake.answers["/page/submit"] = lambda _: {"ok": False, "errors": {"url": "There is no feed at this address."}}
    await address.fill("https://example.com/nothing")
    await modal.get_by_role("combobox", name="What to post").click()
    await page.get_by_role("option", name="Daily digest").click()
    await modal.get_by_role("button", name="Follow", exact=True).click()
    await modal.get_by_text("There is no feed at this address.").wait_for()
    described = (await address.get_attribute("aria-describedby") or "").split()
    words = [await page.locator(f"#{one}").inner_text() for one in described]
    assert words == ["A site or a feed; both work.", "There is no feed at this address."]
    assert await address.evaluate("node => node === document.activeElement")

    fake.answers["/page/submit"] = lambda _: {}
    await address.fill("https://example.com/feed")
    await modal.get_by_role("button", name="Follow", exact=True).click()
    await modal.wait_for(state="detached")
    values = (await fake.post_of("/page/submit", 2))["state"]["values"]
    assert values["url"]["value"] == {"type": "url_text_input", "value": "https://example.com/feed"}
    assert values["how"]["value"]["selected_option"]["value"] == "digest"
    assert values["where"]["value"]["selected_conversation"] == blocks.NEWS
    assert values["words"]["value"]["value"] is None


async def test_modal_stack_updates_and_keeps_values(visit: Opener, fake: PageFake) -> None:
    """A pushed view stands on the first; closing it returns; an update keeps what was typed."""
    page = await visit("#/channel/C0EMPTY")
    await fake.emit({"type": "view_open", "view": views.MODAL, "app_id": samples.APP})
    modal = page.get_by_role("dialog")
    await modal.get_by_label("Address").fill("https://example.com/typed")
    updated = {**views.MODAL, "title": blocks.plain("Follow this feed"), "hash": "2"}
    await fake.emit({"type": "view_update", "view": updated})
    await modal.get_by_role("heading", name="Follow this feed").wait_for()
    assert await modal.get_by_label("Address").input_value() == "https://example.com/typed"
    pushed = {"id": "V0MORE", "type": "modal", "title": blocks.plain("More"), "blocks": blocks.BRIEF[:1]}
    await fake.emit({"type": "view_push", "view": pushed})
    await modal.get_by_role("heading", name="More").wait_for()
    await modal.get_by_role("button", name="Back").click()
    assert (await fake.post_of("/page/close"))["view_id"] == "V0MORE"
    assert await modal.get_by_label("Address").input_value() == "https://example.com/typed"
    await fake.emit({"type": "view_close", "view_id": views.MODAL["id"], "clear": True})
    await modal.wait_for(state="detached")


async def test_every_input_gives_its_value(visit: Opener, fake: PageFake) -> None:
    """Each kind of input submits in Slack's form, with what it began with."""
    page = await visit("#/channel/C0EMPTY")
    view = views.every_input()
    await fake.emit({"type": "view_open", "view": view, "app_id": samples.APP})
    modal = page.get_by_role("dialog", name="Every input")
    await modal.get_by_role("combobox", name="external_select 13", exact=False).first.click()
    await page.get_by_role("option", name="Found 1").click()
    await modal.get_by_role("button", name="Save").click()
    body = await fake.post_of("/page/submit")
    values: list[dict[str, Any]] = [body["state"]["values"][f"in{at}"]["value"] for at in range(len(view["blocks"]))]
    assert [value["type"] for value in values] == [block["element"]["type"] for block in view["blocks"]]
    held = {value["type"]: next(part for key, part in value.items() if key != "type") for value in values}
    assert held["number_input"] == "5"
    assert held["datepicker"] == "2026-11-22"
    assert held["timepicker"] == "08:30"
    assert held["datetimepicker"] == 1795305600
    assert [one["value"] for one in held["checkboxes"]] == ["all"]
    assert [one["value"] for one in held["multi_static_select"]] == ["all", "top"]
    assert held["external_select"]["value"] == "x1"
    assert held["users_select"] == blocks.ME
    assert held["multi_conversations_select"] == [blocks.NEWS]
