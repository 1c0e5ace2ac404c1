"""App Home as people use it: each channel's feeds with their days, and buttons that open what commands answer."""

from __future__ import annotations

from typing import Any

from .conftest import Path1, shown

CHANNEL = "ai-infrastructure"
QUESTION = "How many quick couplings must operators of Coldframe check?"


def block_of(view: dict[str, Any], words: str) -> str:
    """The id of the first block that says this and has something to press."""
    found = (each for each in view["blocks"] if words in shown(each) and ("accessory" in each or "elements" in each))
    return str(next(found)["block_id"])


async def test_home_shows_each_feeds_days_and_its_buttons_do_what_commands_do(path: Path1) -> None:
    """Charts; topics and filters in modals whose own buttons work there; the web link; open questions, ended."""
    ws = path.workspace
    await path.wait(path.posts)

    async def home(*parts: str, user: str = "ada") -> dict[str, Any]:
        await ws.open_home(user)
        return await path.wait(lambda: at_home(*parts, user=user))

    def at_home(*parts: str, user: str = "ada") -> dict[str, Any]:
        view = ws.home(user) or {}
        return view if all(part in shown(view) for part in parts) else {}

    def modal(*parts: str) -> dict[str, Any]:
        view = ws.open_view("ada") or {}
        return view if all(part in shown(view) for part in parts) else {}

    view = await home("in 30 days", "News comes as it happens", "home_open:digest", "home_web", "Readers' votes")
    assert "·····" in shown(view), "days on which nothing was asked"
    assert "█" in shown(view), "today's articles"
    pressed = [each["block_id"] for each in view["blocks"] if each["type"] == "actions" or "accessory" in each]
    await ws.open_home("ada")
    again = await path.wait(
        lambda: (ws.home("ada") or {}) if (ws.home("ada") or {}).get("hash") != view["hash"] else {}
    )
    assert pressed == [each["block_id"] for each in again["blocks"] if each["type"] == "actions" or "accessory" in each]

    await ws.click("ada", "home_open:topics", view_id="home")
    topics = await path.wait(lambda: modal("Chips"))
    menu = next(each["accessory"] for each in topics["blocks"] if each.get("accessory", {}).get("type") == "overflow")
    mute = next(each["value"] for each in menu["options"] if each["value"].startswith("mute:"))
    await ws.click("ada", menu["action_id"], view_id=topics["id"], block_id=block_of(topics, mute), choose=mute)
    await path.wait(lambda: modal("muted until"))
    await ws.close_view("ada")

    await ws.click("ada", "home_open:filter", view_id="home")
    listed = await path.wait(lambda: modal("filter_add"))
    await ws.click("ada", "filter_add", view_id=listed["id"])
    await path.wait(lambda: modal("add_filter"))
    await ws.submit_view("ada", {"feed": {"feed": "all"}, "rule": {"rule": "not gaming"}})
    await path.wait(lambda: modal("no articles with gaming"))
    await ws.close_view("ada")
    await ws.close_view("ada")

    await ws.click("ada", "home_open:audit", view_id="home")
    trail = await path.wait(lambda: modal("filtered", "audit_undo"))
    await ws.click("ada", "audit_undo", view_id=trail["id"], block_id=block_of(trail, "filtered"))
    await path.wait(lambda: modal("Taken back"))
    await ws.close_view("ada")

    await ws.click("ada", "home_web", view_id="home")
    await path.wait(lambda: modal("/enter?pass=", "10 minutes"))
    await ws.close_view("ada")

    await path.tell(f"/tapeout watch {QUESTION}", "I watch for", user="ben")
    seen = await home("Open questions", QUESTION)
    await ws.click("ada", "watch_end", view_id="home", block_id=block_of(seen, QUESTION))
    await path.wait(lambda: at_home("in 30 days") and QUESTION not in shown(ws.home("ada") or {}))
    await path.tell("/tapeout watch", "Nothing is watched for")

    plain = await home("in 30 days", user="ben")
    assert "home_feed" not in shown(plain)
    assert "Readers' votes" not in shown(plain)


async def test_watches_are_listed_and_ended_where_they_were_asked(path: Path1) -> None:
    """By number or button; who did not ask and is no admin may look, not end; the answer's button agrees."""
    ws = path.workspace
    await path.wait(path.posts)
    ts = await ws.mention("ada", CHANNEL, QUESTION)
    (unknown,) = await path.wait(lambda: path.replies(ts))
    await path.answered()
    await ws.click("ada", "answer_watch", channel=CHANNEL, ts=unknown["ts"])
    await path.wait(lambda: "Stop watching" in shown(path.replies(ts)[0]))
    looked = await path.tell("/tapeout watch", QUESTION, user="ben")
    assert "watch_end" not in shown(looked)
    await path.tell("/tapeout watch end 1", "Only who asked it", user="ben")
    await path.tell("/tapeout watch end 7", "There is no number 7")
    listed = await path.tell("/tapeout watch", QUESTION, "watch_end")
    await ws.click("ada", "watch_end", channel=listed["channel"], ts=listed["ts"], ephemeral=True)
    await path.whispered("ada", "Nothing is watched for")
    await path.wait(lambda: "Tell me when you read it" in shown(path.replies(ts)[0]))
