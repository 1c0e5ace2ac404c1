"""Looking before adding, packs, lists in and out, and the small verbs of admins; through every real part."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenario.path.conftest import Path1, running, shown
else:
    _spec = importlib.util.spec_from_file_location("path_conftest", Path(__file__).parent / "conftest.py")
    _module = sys.modules.get("path_conftest")
    if _module is None:
        _module = importlib.util.module_from_spec(_spec)
        sys.modules["path_conftest"] = _module
        _spec.loader.exec_module(_module)
    Path1, running, shown = _module.Path1, _module.running, _module.shown

CHANNEL = "ai-infrastructure"


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[Path1]:
    """The bot with nothing to tell yet."""
    async with running(tmp_path, release_all=True, seed=False) as path:
        yield path


async def test_a_feed_is_looked_at_before_it_is_added(quiet: Path1) -> None:
    """The preview shows posts as they would have looked, and what holds others back; its button adds the feed."""
    ws, feed = quiet.workspace, quiet.shelf.feeds[0]
    await quiet.tell("/tapeout filter add all not /./", "has a new filter")
    await quiet.tell(f"/tapeout preview {feed.url}", "0 would have been posted", "*held back*", "The filter `not /./`")
    await quiet.tell("/tapeout filter remove 1", "Undo")
    left = await quiet.tell(f"/tapeout preview {feed.url}", "Relevance ", "Add to this channel")
    await ws.click("ada", "preview_cancel", channel=left["channel"], ts=left["ts"], ephemeral=True)
    await quiet.whispered("ada", "Nothing was added")
    seen = await quiet.tell(f"/tapeout add {feed.url}", "would have been posted", "Relevance ", "Add to this channel")
    await quiet.tell("/tapeout list", "0 feeds")
    await ws.click("ada", "preview_add", channel=seen["channel"], ts=seen["ts"], ephemeral=True)
    await quiet.whispered("ada", "Added")
    await quiet.tell(f"/tapeout preview {feed.url}", "it is there already")
    await quiet.tell(f"/tapeout preview {feed.url}", "Only workspace admins", user="ben")
    await quiet.tell("/tapeout preview", "Give the address")


async def test_the_form_shows_a_preview_and_one_message_introduces_the_bot(quiet: Path1) -> None:
    """Address, look, confirm; the channel reads once who set it up and how to change it."""
    ws = quiet.workspace
    channel = await ws.create_channel("ada", "new-desk")
    await ws.shortcut("ada", "add_feed")
    await quiet.wait(lambda: ws.open_view("ada"))
    address = {"address": {"address": quiet.shelf.feeds[0].url}, "channel": {"channel": channel}}
    await ws.submit_view("ada", address)
    await quiet.wait(lambda: "newest items" in shown(ws.open_view("ada") or {}))
    await ws.submit_view("ada")
    await quiet.wait(lambda: "Added" in shown(ws.open_view("ada") or {}))
    await quiet.wait(lambda: [one for one in ws.messages("new-desk") if "set me up here" in one["text"]])
    (intro,) = [one for one in ws.messages("new-desk") if "set me up here" in one["text"]]
    assert ws.user_id("ada") in intro["text"]
    assert "/tapeout list" in intro["text"]


async def test_a_pack_is_added_and_taken_back_in_one_go(quiet: Path1) -> None:
    """Packs by name or button; Undo removes what it added and nothing else."""
    ws = quiet.workspace
    listed = await quiet.tell("/tapeout add pack", "*Packs of feeds*", "Papers", "Chips and accelerators")
    await quiet.tell("/tapeout add pack cheese", "No pack is called", "Papers")
    done = await quiet.tell("/tapeout add pack chips", "The pack *Chips and accelerators*", "feeds added", "Undo")
    await quiet.tell("/tapeout add pack chips", "0 feeds added", "were there already")
    await ws.click("ada", "audit_undo", channel=done["channel"], ts=done["ts"], ephemeral=True)
    await quiet.whispered("ada", "Taken back")
    await quiet.tell("/tapeout list", "0 feeds")
    await ws.click("ada", "pack_add:9", channel=listed["channel"], ts=listed["ts"], ephemeral=True)
    await quiet.whispered("ada", "The pack *Papers*", "feeds added")
    await quiet.tell("/tapeout audit", "added the pack *Papers*")


async def test_lists_go_in_and_out(quiet: Path1) -> None:
    """What export shows, import takes; pasted addresses do, and a list without a feed is said at its field."""
    ws, (one, two, *_) = quiet.workspace, quiet.shelf.feeds
    await ws.command("ada", CHANNEL, "/tapeout import")
    await quiet.wait(lambda: ws.open_view("ada"))
    await ws.submit_view("ada", {"list": {"list": f"{one.url}\n{two.url}\n"}})
    await quiet.wait(lambda: "2 feeds added" in shown(ws.open_view("ada") or {}))
    out = await quiet.tell("/tapeout export", "*2 feeds*", "xmlUrl")
    assert one.url in shown(out)
    await quiet.tell(f"/tapeout import {one.url}", "no list of feeds")


async def test_small_verbs_answer(quiet: Path1) -> None:
    """Refresh reads now, budget says what is spent, watch looks for what is not known yet."""
    await quiet.tell("/tapeout refresh", "no feeds yet")
    await quiet.tell(f"/tapeout add {quiet.shelf.feeds[0].url} now", "Added")
    await quiet.tell("/tapeout refresh 1", "Nothing has changed")
    await quiet.tell("/tapeout budget", "no language model is set up")
    await quiet.tell("/tapeout budget", "Only workspace admins", user="ben")
    await quiet.tell("/tapeout watch", "Nothing is watched for")
    await quiet.tell("/tapeout watch who supplies the zinc batteries of Port Vanadium?", "I watch for")
