"""Looking before adding, packs, lists in and out, and the small verbs of admins; through every real part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.workspace import RefusedError

from .conftest import Path1, running, shown

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


def opml_of(*urls: str) -> bytes:
    """A list with a folder, and a line that is no feed."""
    lines = "".join(f'<outline type="rss" text="F" xmlUrl="{url}"/>\n' for url in urls)
    return (
        f'<?xml version="1.0"?>\n<opml version="2.0"><body><outline text="Chips">\n{lines}'
        '<outline type="rss" text="Lost"/></outline></body></opml>'
    ).encode()


async def test_lists_go_in_by_the_form_and_out_as_files(quiet: Path1) -> None:
    """Pasted addresses and a chosen file come in, bad lines by their numbers; out go OPML and settings as files."""
    ws, (one, two, three, *_) = quiet.workspace, quiet.shelf.feeds
    await ws.command("ada", CHANNEL, "/tapeout import")
    await quiet.wait(lambda: ws.open_view("ada"))
    with pytest.raises(RefusedError) as refused:
        await ws.submit_view("ada", {})
    assert "Choose a file, or paste" in refused.value.errors["list"]
    await ws.submit_view("ada", {"list": {"list": f"{one.url}\nno feed here\n{two.url}\n"}})
    await quiet.wait(lambda: "2 feeds added" in shown(ws.open_view("ada") or {}))
    assert "Line 2: “no feed here” is not an address" in shown(ws.open_view("ada") or {})
    await ws.close_view("ada")
    await ws.command("ada", CHANNEL, "/tapeout import")
    await quiet.wait(lambda: ws.open_view("ada"))
    file = ws.upload("ada", "mine.opml", opml_of(two.url, three.url))
    await ws.submit_view("ada", {"file": {"file": [file]}})
    await quiet.wait(lambda: "1 feed added, 1 were there already" in shown(ws.open_view("ada") or {}))
    assert "“Lost” has no xmlUrl" in shown(ws.open_view("ada") or {})
    await quiet.tell("/tapeout export", "*3 feeds*", f"{CHANNEL}.opml", f"{CHANNEL}.toml")
    (sent,) = [each for each in ws.messages(ws.dm_id("ada")) if each.get("files")]
    contents = {each["name"]: ws.core.files[each["id"]].content.decode() for each in sent["files"]}
    assert three.url in contents[f"{CHANNEL}.opml"]
    assert one.url in contents[f"{CHANNEL}.toml"]
    assert "[[" in contents[f"{CHANNEL}.toml"]
    await quiet.tell(f"/tapeout import {one.url}", "no list of feeds")
    await quiet.tell("/tapeout import", "Only workspace admins", user="ben")


async def test_a_list_that_is_shared_is_taken_in_on_a_click(quiet: Path1) -> None:
    """In a direct message the bot asks for the channel; with a mention there is a button. Others are told who may."""
    ws, (one, two, *_) = quiet.workspace, quiet.shelf.feeds
    dm = ws.dm_id("ada")
    await ws.send("ada", dm, "", files=[ws.upload("ada", "reader.opml", opml_of(one.url))])
    (asked,) = await quiet.wait(
        lambda: [each for each in quiet.workspace.core.channel(dm).messages.values() if "Into which" in each["text"]]
    )
    await ws.click("ada", "import_into", channel=dm, ts=asked["ts"], choose=ws.channel_id(CHANNEL))
    await quiet.wait(lambda: any("1 feed added" in shown(each) for each in ws.thread(dm, asked["thread_ts"])))
    file = ws.upload("ada", "more.opml", opml_of(one.url, two.url))
    await ws.send("ada", CHANNEL, f"<@{ws.bot_user_id}> here is our list", files=[file])
    found = await quiet.whispered("ada", "more.opml", "shall I add its feeds")
    await ws.click("ada", "import_file", channel=found["channel"], ts=found["ts"], ephemeral=True)
    await quiet.whispered("ada", "1 feed added, 1 were there already", "Line 5: “Lost” has no xmlUrl", "Undo")
    await ws.send("ben", CHANNEL, f"<@{ws.bot_user_id}> take mine", files=[file])
    await quiet.whispered("ben", "Only workspace admins")


async def test_without_the_permissions_lists_go_as_text(quiet: Path1) -> None:
    """An app that was installed with an older manifest still gives and takes lists, and says what it lacks."""
    ws, (one, *_) = quiet.workspace, quiet.shelf.feeds
    object.__setattr__(ws.core.app, "scopes", ws.core.app.scopes - {"files:read", "files:write"})
    await ws.command("ada", CHANNEL, "/tapeout import")
    await quiet.wait(lambda: ws.open_view("ada"))
    assert "A file" not in shown(ws.open_view("ada") or {})
    await ws.submit_view("ada", {"list": {"list": one.url}})
    await quiet.wait(lambda: "1 feed added" in shown(ws.open_view("ada") or {}))
    await quiet.tell("/tapeout export", "xmlUrl", one.url, "install it again")
    await ws.send("ada", CHANNEL, f"<@{ws.bot_user_id}>", files=[ws.upload("ada", "a.opml", opml_of(one.url))])
    found = await quiet.whispered("ada", "shall I add its feeds")
    await ws.click("ada", "import_file", channel=found["channel"], ts=found["ts"], ephemeral=True)
    await quiet.whispered("ada", "I may not read files here")


async def test_small_verbs_answer(quiet: Path1) -> None:
    """Refresh reads now, budget says what is spent, watch looks for what is not known yet."""
    await quiet.tell("/tapeout refresh", "no feeds yet")
    await quiet.tell(f"/tapeout add {quiet.shelf.feeds[0].url} now", "Added")
    await quiet.tell("/tapeout refresh 1", "Nothing has changed")
    await quiet.tell("/tapeout budget", "no language model is set up")
    await quiet.tell("/tapeout budget", "Only workspace admins", user="ben")
    await quiet.tell("/tapeout watch", "Nothing is watched for")
    await quiet.tell("/tapeout watch end", "Which one?")
    await quiet.tell("/tapeout filter add all not", "Not what?")
    await quiet.tell("/tapeout watch who supplies the zinc batteries of Port Vanadium?", "I watch for")


async def test_lines_that_no_message_holds_come_as_a_file(quiet: Path1) -> None:
    """Twenty bad lines are named at once, all of them in a file."""
    ws = quiet.workspace
    await ws.command("ada", CHANNEL, "/tapeout import")
    await quiet.wait(lambda: ws.open_view("ada"))
    lines = [quiet.shelf.feeds[0].url, *(f"nothing number {number}" for number in range(30))]
    await ws.submit_view("ada", {"list": {"list": "\n".join(lines)}})
    await quiet.wait(lambda: "and 10 more lines that could not be used" in shown(ws.open_view("ada") or {}))
    (sent,) = await quiet.wait(lambda: [each for each in ws.messages(ws.dm_id("ada")) if each.get("files")])
    (file,) = sent["files"]
    assert ws.core.files[file["id"]].content.decode().count("\n") == 30
