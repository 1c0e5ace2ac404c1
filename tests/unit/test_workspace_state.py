"""What the workspace holds survives, and events have Slack's full form."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.workspace import events
from bot.workspace.journal import Journal
from bot.workspace.manifest import read_manifest
from bot.workspace.state import Channel, State

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
APP = read_manifest({"display_information": {"name": "App"}})


def channel(kind: Any = "channel") -> Channel:
    """An empty channel."""
    return Channel("C1", "general", kind, 0, "U1", ["U1", APP.bot_user_id])


def body(ts: str, thread_ts: str | None = None, user: str = "U1", **more: object) -> dict[str, Any]:
    """A message."""
    made: dict[str, Any] = {"type": "message", "user": user, "text": "hi", "ts": ts, **more}
    return made | ({"thread_ts": thread_ts} if thread_ts else {})


async def test_all_state_comes_back(tmp_path: Path) -> None:
    """Channels, messages, threads, metadata, Home tabs, read marks and counters survive a restart."""
    path = tmp_path / "workspace.db"
    journal = Journal(path)
    state = State(journal)
    state.load(await journal.open())
    made = channel()
    state.keep_channel(made)
    root = state.next_ts(NOW)
    state.keep_message(made, body(root, metadata={"event_type": "brief", "event_payload": {"id": "d1"}}))
    state.keep_message(made, body(state.next_ts(NOW), root))
    state.keep_message(made, body(gone := state.next_ts(NOW)))
    state.drop_message(made, gone)
    state.keep_home("U1", {"id": "V1"})
    assert state.mark_read("U1", "C1", root)
    state.next_number("event")
    await journal.close()

    again = Journal(path)
    restored = State(again)
    restored.load(await again.open())
    found = restored.channels["C1"]
    assert list(found.messages) == list(made.messages)
    assert found.summary(root)["reply_count"] == 1
    assert found.shown(found.messages[root], metadata=True)["metadata"]["event_payload"] == {"id": "d1"}
    assert restored.homes == {"U1": {"id": "V1"}}
    assert restored.reads == {("U1", "C1"): root}
    assert restored.next_ts(datetime(2020, 1, 1, tzinfo=UTC)) > gone
    assert restored.next_number("event") == 2
    await again.close()


async def test_what_is_flushed_is_in_the_file_before_close(tmp_path: Path) -> None:
    """A second reader sees a flushed record while the first is still open, as after a crash."""
    path = tmp_path / "workspace.db"
    journal, reader = Journal(path), Journal(path)
    await journal.open()
    journal.put("message", "C1/1", {"text": "kept"})
    await journal.flush()
    journal.put("message", "C1/2", {"text": "not yet"})
    assert await reader.open() == {"message": {"C1/1": {"text": "kept"}}}
    await reader.close()
    await journal.close()


async def test_a_deletion_outweighs_an_earlier_write(tmp_path: Path) -> None:
    """Several changes of one record within a group leave the last one."""
    journal = Journal(tmp_path / "workspace.db")
    await journal.open()
    journal.put("event", "1", {"a": 1})
    journal.put("event", "1", None)
    journal.put("event", "2", None)
    journal.put("event", "2", {"b": 2})
    await journal.close()
    again = Journal(tmp_path / "workspace.db")
    assert await again.open() == {"event": {"2": {"b": 2}}}
    await again.close()


def test_read_marks_only_move_forward() -> None:
    """An older mark changes nothing."""
    state = State(Journal(None))
    assert state.mark_read("U1", "C1", "2.000000")
    assert not state.mark_read("U1", "C1", "1.000000")
    assert state.reads["U1", "C1"] == "2.000000"


def test_a_thread_is_summed_up_on_its_root() -> None:
    """The root tells count, users and the latest reply; a deleted reply no longer counts."""
    state, made = State(Journal(None)), channel()
    for message in (body("1.0"), body("2.0", "1.0"), body("3.0", "1.0", "U2")):
        state.keep_message(made, message)
    assert made.summary("1.0") == {
        "thread_ts": "1.0",
        "reply_count": 2,
        "reply_users_count": 2,
        "reply_users": ["U1", "U2"],
        "latest_reply": "3.0",
    }
    state.drop_message(made, "3.0")
    assert made.summary("1.0")["latest_reply"] == "2.0"


def test_a_channel_shows_roots_and_broadcast_replies() -> None:
    """A reply shows in the channel only where it was also sent there."""
    state, made = State(Journal(None)), channel()
    for message in (body("1.0"), body("2.0", "1.0"), body("3.0", "1.0", subtype="thread_broadcast")):
        state.keep_message(made, message)
    assert [message["ts"] for message in made.top_level()] == ["1.0", "3.0"]


def test_metadata_is_shown_only_when_asked() -> None:
    """Without `include_all_metadata` a message has no metadata; the stored one keeps it."""
    message = body("1.0", metadata={"event_type": "x", "event_payload": {}})
    assert "metadata" not in channel().shown(message)
    assert channel().shown(message, metadata=True)["metadata"]["event_type"] == "x"


def test_an_event_has_slacks_envelope() -> None:
    """The payload names team, app, authorization, id and time, and says whether the channel is shared."""
    event = events.message(channel(), body("1.0", team="T1"))
    payload = events.callback(APP, "T1", event, event_id="Ev1", event_time=5, external=True)
    assert payload["type"] == "event_callback"
    assert (payload["event_id"], payload["event_time"], payload["is_ext_shared_channel"]) == ("Ev1", 5, True)
    assert payload["authorizations"] == [
        {
            "enterprise_id": None,
            "team_id": "T1",
            "user_id": APP.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]
    assert (event["channel"], event["channel_type"], event["event_ts"]) == ("C1", "channel", "1.0")


def test_subscriptions_follow_the_kind_of_channel() -> None:
    """A message is `message.channels`, `.groups` or `.im`; other events go by their type."""
    kinds = {
        kind: events.subscription(events.message(channel(kind), body("1.0"))) for kind in ("channel", "group", "im")
    }
    assert kinds == {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
    assert events.subscription({"type": "app_mention"}) == "app_mention"


def test_changes_and_deletions_carry_the_earlier_message() -> None:
    """`message_changed` and `message_deleted` are hidden messages with the earlier form in them."""
    old, new = body("1.0"), body("1.0") | {"text": "new"}
    changed = events.message_changed(channel(), new, old, "2.0")
    assert (changed["subtype"], changed["hidden"], changed["ts"]) == ("message_changed", True, "2.0")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("new", "hi")
    deleted = events.message_deleted(channel(), old, "3.0")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == ("1.0", "hi")


def test_home_opened_carries_the_view_once_there_is_one() -> None:
    """Only the Home tab's event has the view."""
    assert events.app_home_opened("U1", "D1", "home", {"id": "V1"}, "1.0")["view"] == {"id": "V1"}
    assert "view" not in events.app_home_opened("U1", "D1", "home", None, "1.0")
    assert "view" not in events.app_home_opened("U1", "D1", "messages", {"id": "V1"}, "1.0")
