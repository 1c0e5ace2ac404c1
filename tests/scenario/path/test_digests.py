"""When a channel hears its news, chosen from inside Slack: the command, the form, the preview, a digest's briefs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.workspace import RefusedError

from .conftest import running, shown

CHANNEL = "ai-infrastructure"


async def test_the_rhythm_is_typed_shown_and_refused(tmp_path: Path) -> None:
    """Each verb answers with what is so now; mistakes with what to type; who is no admin may look alone."""
    async with running(tmp_path, seed=False) as path:
        await path.tell("/tapeout digest", "comes as it happens", "Change …", "By typing")
        await path.tell("/tapeout digest weekdays 8:30", "on weekdays at *08:30*", "your Slack profile")
        await path.tell("/tapeout digest zone berlin", "*Europe/Berlin*", "The next digest comes")
        await path.tell("/tapeout digest posts on", "as it happens, and in a digest on weekdays")
        await path.tell("/tapeout dig quiet 22-7", "Quiet from 22:00 to 07:00")
        await path.tell("/tapeout digest limit 3/h 10/d", "At most 3 an hour and 10 a day")
        await path.tell("/tapeout digest dialy 9", "Did you mean `daily`?")
        plain = await path.tell("/tapeout digest", "Quiet from 22:00", user="ben")
        assert "Change …" not in shown(plain)
        await path.tell("/tapeout digest off", "Only workspace admins", user="ben")
        await path.tell("/tapeout digest off", "comes as it happens", "Quiet from 22:00")


async def test_the_form_says_mistakes_at_their_fields_and_saves_the_rest(tmp_path: Path) -> None:
    """It opens with what is so now; a digest without an hour, half a quiet night and an unknown zone stay in it."""
    async with running(tmp_path, seed=False) as path:
        ws = path.workspace
        listed = await path.tell("/tapeout digest limit 9/d", "Change …")
        await ws.click("ada", "rhythm_change", channel=listed["channel"], ts=listed["ts"], ephemeral=True)
        view = await path.wait(lambda: ws.open_view("ada"))
        assert '"initial_value": "9"' in shown(view or {})
        with pytest.raises(RefusedError) as refused:
            await ws.submit_view(
                "ada",
                {"mode": {"mode": "digests"}, "days": {"days": []}, "quiet_from": {"quiet_from": "23:00"}},
            )
        assert set(refused.value.errors or ()) == {"days", "quiet_until"}
        with pytest.raises(RefusedError) as refused:
            await ws.submit_view("ada", {"mode": {"mode": "digests"}, "zone": {"zone": "Europe/Berln"}})
        assert "Did you mean Europe/Berlin?" in (refused.value.errors or {})["zone"]
        await ws.submit_view(
            "ada",
            {
                "mode": {"mode": "both"},
                "first": {"first": "07:45"},
                "quiet_from": {"quiet_from": "23:00"},
                "quiet_until": {"quiet_until": "06:00"},
                "days": {"days": ["0", "3"]},
                "zone": {"zone": "Europe/Berlin"},
                "hourly": {"hourly": "4"},
                "also": {"also": ["empty"]},
            },
        )
        await path.wait(lambda: "From now on" in shown(ws.open_view("ada") or {}))
        await path.tell(
            "/tapeout digest", "on Mondays and Thursdays at *07:45*", "Quiet from 23:00 to 06:00", "At most 4 an hour"
        )


async def test_the_preview_shows_the_samples_and_opens_their_briefs(tmp_path: Path) -> None:
    """Only who asked sees it; its menu opens the whole brief of a line; nobody's digest is spent by it."""
    async with running(tmp_path, release_all=True) as path:
        ws = path.workspace
        await path.wait(lambda: len(path.posts()) >= 6)
        preview = await path.tell_until("/tapeout digest now", "Data centres and power", "Held back")
        assert not any("Preview of the digest" in shown(post) for post in path.posts())
        assert all(sign in preview["text"] for sign in ("Confirmed by", "Single source"))
        menu = next(block for block in preview["blocks"] if block["type"] == "actions")["elements"][0]
        first = menu["options"][0]
        await ws.click(
            "ada",
            "digest_open",
            channel=preview["channel"],
            ts=preview["ts"],
            ephemeral=True,
            choose=first["value"],
        )
        view = await path.wait(lambda: ws.open_view("ada"))
        assert "Reported by" in shown(view or {})
        await path.tell("/tapeout digest n", "Preview of the digest", user="ben")
