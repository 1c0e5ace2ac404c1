"""Who may change what, who changed what and takes it back, and who sees what; through every real part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .conftest import Path1, running, shown

CHANNEL = "ai-infrastructure"


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[Path1]:
    """The bot with nothing to tell: every article is still to come."""
    async with running(tmp_path, seed=False) as path:
        yield path


async def test_admins_name_people_and_groups_for_everything_or_one_channel(quiet: Path1) -> None:
    """A named person may change things at once, a group's members may, and a channel's manager only there."""
    ws = quiet.workspace
    general = ws.channel_id("general")
    await quiet.tell("/tapeout style deep", "Only workspace admins, and people they name", user="ben")
    await quiet.tell("/tapeout admins add @ben", "Only the workspace's own admins", user="ben")
    await quiet.tell("/tapeout admins add @ben #ai-infrastructure", "may change what <#")
    await quiet.tell("/tapeout style deep", "From now on", user="ben")
    await quiet.tell("/tapeout admins add @chen #general", "Only workspace admins", user="ben")
    desk = ws.make_group("desk", "dana")
    await quiet.tell(f"/tapeout admins add <!subteam^{desk}|@desk>", "may change everything")
    await quiet.tell("/tapeout topics threshold 0.5", "*0.50*", user="dana")
    await quiet.tell("/tapeout admins add @chen", "Only the workspace's own admins", user="dana")
    listed = await quiet.tell("/tapeout admins", desk, "Only <#", ws.user_id("ben"))
    assert general not in shown(listed)
    await quiet.tell("/tapeout admins remove @ben #ai-infrastructure", "no longer named")
    await quiet.tell("/tapeout style standard", "Only workspace admins", user="ben")
    await quiet.tell("/tapeout admins remove @ben", "They are not named there")
    await quiet.tell("/tapeout admins add somebody", "Whom?")


async def test_what_was_removed_comes_back_with_all_that_was_its_own(quiet: Path1) -> None:
    """A feed with its filter and its pause, by the button under the answer; the trail tells of both."""
    ws, feed = quiet.workspace, quiet.shelf.feeds[0]
    await quiet.tell(f"/tapeout add {feed.url} now", "Added")
    await quiet.tell("/tapeout filter add 1 not gaming", "has a new filter")
    await quiet.tell("/tapeout pause 1", "Paused", "Undo")
    gone = await quiet.tell("/tapeout remove 1", "Removed", "Undo")
    await quiet.tell("/tapeout filter", "none yet")
    await ws.click("ada", "audit_undo", channel=gone["channel"], ts=gone["ts"], ephemeral=True)
    await quiet.whispered("ada", "Taken back", "removed")
    await quiet.tell("/tapeout list", "paused")
    await quiet.tell("/tapeout filter", "no articles with gaming")
    trail = await quiet.tell("/tapeout audit", "took back", "removed", "filtered", "added", "taken back")
    plain = await quiet.tell("/tapeout audit", "took back", user="ben")
    assert "audit_undo" not in shown(plain)
    undo = [block for block in trail["blocks"] if "accessory" in block]
    filtered = next(block for block in undo if "filtered" in shown(block))
    await ws.click(
        "ada",
        "audit_undo",
        channel=trail["channel"],
        ts=trail["ts"],
        ephemeral=True,
        block_id=filtered["block_id"],
    )
    await quiet.whispered("ada", "Taken back", "filtered")
    await quiet.tell("/tapeout filter", "none yet")


async def test_a_private_channel_is_shown_to_its_members_alone(quiet: Path1) -> None:
    """Its name, feeds, changes and what became of its articles: in lists, on App Home, in the trail and for `why`."""
    ws, feed = quiet.workspace, quiet.shelf.feeds[0]
    secret = await ws.create_channel("ben", "deal-room", private=True)
    await ws.invite_bot("ben", secret)
    await quiet.tell("/tapeout admins add @ben", "may change everything")
    before = frozenset(one["ts"] for one in ws.ephemerals("ben"))
    await ws.command("ben", secret, f"/tapeout add {feed.url} now")
    await quiet.whispered("ben", "Added", after=before)

    async def home(user: str) -> str:
        await ws.open_home(user)
        await quiet.wait(lambda: ws.home(user))
        return shown(ws.home(user) or {})

    assert secret in await home("ben")
    assert secret not in await home("ada")
    await ws.command("ada", CHANNEL, f"/tapeout list <#{secret}|deal-room>")
    await quiet.whispered("ada", "no channel of that name that you are in")
    dm = await quiet.tell("/tapeout admins", "Who may change what")
    assert secret not in shown(dm)
    await ws.add_person("ada", secret)
    before = frozenset(one["ts"] for one in ws.ephemerals("ada"))
    await ws.command("ada", secret, "/tapeout list")
    await quiet.whispered("ada", secret, after=before)
