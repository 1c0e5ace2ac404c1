"""The pure parts: ids, text, pace, streams, forms, faults, and who may speak to the workspace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.workspace import DEFAULT_PEOPLE, Workspace
from bot.workspace.faults import Faults
from bot.workspace.guard import is_loopback, refuse_host, refuse_origin, refuse_post
from bot.workspace.ids import TsCounter, stable_id, ts_micros, ts_text
from bot.workspace.inputs import complaints, full_state
from bot.workspace.manifest import read_manifest
from bot.workspace.mrkdwn import command_text, mentioned, rich_text, typed
from bot.workspace.pace import POST, UPDATE, Pace
from bot.workspace.shapes import ApiError
from bot.workspace.streams import Streams, read_chunks
from bot.workspace.timing import Timing
from bot.workspace.tokens import Tokens

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Json = dict[str, Any]


def test_ts_grow_even_when_the_clock_stands_still_or_goes_back() -> None:
    """No two messages share a ts, whatever the clock says."""
    counter = TsCounter()
    given = [counter.next(NOW), counter.next(NOW), counter.next(NOW - timedelta(hours=1))]
    assert given == sorted(set(given))
    assert given[0] == f"{int(NOW.timestamp())}.000000"


def test_ts_go_on_after_a_restart() -> None:
    """A counter that starts from the last value gives no earlier one."""
    first = TsCounter()
    last = first.next(NOW)
    assert TsCounter(first.last).next(NOW - timedelta(days=1)) > last


@pytest.mark.parametrize(
    ("text", "micros"), [("1700000000.000100", 1_700_000_000_000_100), ("17", 17_000_000), ("1.5", 1_500_000)]
)
def test_a_ts_is_read(text: str, micros: int) -> None:
    """Full ts, whole seconds and short fractions are all read."""
    assert ts_micros(text) == micros


@pytest.mark.parametrize("text", ["", "now", "1.2.3", "-1", "1e9"])
def test_what_is_no_ts_is_refused(text: str) -> None:
    """Anything else is an error, not a wrong time."""
    with pytest.raises(ValueError, match="not a Slack timestamp"):
        ts_micros(text)


def test_ts_text_and_back() -> None:
    """A ts survives the way to a number and back."""
    assert ts_text(ts_micros("1700000000.000100")) == "1700000000.000100"


def test_ids_are_stable_and_differ() -> None:
    """The same parts give the same id on every start, other parts another."""
    assert stable_id("C", "a", "b") == stable_id("C", "a", "b")
    assert stable_id("C", "a", "b") != stable_id("C", "ab", "")
    assert len({person.id for person in DEFAULT_PEOPLE}) == len(DEFAULT_PEOPLE)
    assert sum(person.is_admin for person in DEFAULT_PEOPLE) == 1


# --- text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("see https://x.org/a?b=1&c=2.", "see <https://x.org/a?b=1&amp;c=2>."),
        ("(http://x.org)", "(<http://x.org>)"),
        ("<@U1|ada> hi <#C1|general> <!here>", "<@U1> hi <#C1|general> <!here>"),
        ("<!subteam^S1> <script>", "&lt;!subteam^S1&gt; &lt;script&gt;"),
        ("<!nobody>", "&lt;!nobody&gt;"),
    ],
)
def test_typed_text_is_stored_as_slack_stores_it(given: str, stored: str) -> None:
    """Markup characters become entities, addresses links, and mentions stay."""
    assert typed(given) == stored


def test_typed_text_becomes_rich_text() -> None:
    """The rich_text block of a person's message has an element for each kind of piece."""
    block = rich_text("hi <@U1> in <#C1>, see https://x.org <!channel>", "b")
    kinds = [element["type"] for element in block["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text", "channel", "text", "link", "text", "broadcast"]


def test_mentions_are_found() -> None:
    """Users and broadcasts count as called; channels don't."""
    assert mentioned("<@U1> <#C1> <!here> plain @U2") == {"U1", "here"}


@pytest.mark.parametrize(
    ("text", "escaped", "expected"),
    [
        ("add #general", True, "add <#C1|general>"),
        ("add #general", False, "add #general"),
        ("ask <@U1>", True, "ask <@U1|ada>"),
        ("ask <@U1>", False, "ask @ada"),
        ("ask @ada", True, "ask <@U1|ada>"),
        ("add https://x.org/#general", True, "add https://x.org/#general"),
        ("add #nowhere", True, "add #nowhere"),
    ],
)
def test_command_text_follows_should_escape(text: str, escaped: bool, expected: str) -> None:  # noqa: FBT001 - a case
    """With `should_escape`, mentions carry ids; without, they are plain names. Addresses are left alone."""
    assert command_text(text, escaped=escaped, users={"U1": "ada"}, channels={"C1": "general"}) == expected


# --- pace and permissions --------------------------------------------------------------------------------------


def test_posts_may_burst_and_then_come_once_a_second() -> None:
    """Four posts pass at once; the fifth waits a second; other channels are not held up."""
    pace = Pace()
    assert [pace.wait("C1", POST, 100.0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert pace.wait("C2", POST, 100.0) == 0
    assert pace.wait("C1", POST, 101.0) == 0
    assert pace.wait("C1", POST, 101.0) == 1


def test_a_message_is_updated_once_in_three_seconds() -> None:
    """A second update within 3 s is told how long to wait."""
    pace = Pace()
    assert pace.wait("m", UPDATE, 10.0) == 0
    assert pace.wait("m", UPDATE, 10.5) == 3
    assert pace.wait("m", UPDATE, 13.0) == 0


def test_a_trigger_opens_one_view_within_three_seconds() -> None:
    """Unknown, used and old triggers each have their own error."""
    tokens = Tokens(Timing())
    trigger_id = tokens.new_trigger("U1", NOW)
    assert tokens.check_trigger(trigger_id, NOW + timedelta(seconds=3)).user_id == "U1"
    with pytest.raises(ApiError, match="expired_trigger_id"):
        tokens.check_trigger(trigger_id, NOW + timedelta(seconds=3.1))
    tokens.check_trigger(trigger_id, NOW).used = True
    with pytest.raises(ApiError, match="exchanged_trigger_id"):
        tokens.check_trigger(trigger_id, NOW)
    with pytest.raises(ApiError, match="invalid_trigger_id"):
        tokens.check_trigger("none", NOW)


def test_a_response_url_works_five_times_in_thirty_minutes() -> None:
    """The sixth use and a late use are refused."""
    tokens = Tokens(Timing())
    secret = tokens.new_response("U1", "C1", NOW)
    for _ in range(5):
        tokens.use_response(secret, NOW + timedelta(minutes=29))
    with pytest.raises(ApiError, match="used_url"):
        tokens.use_response(secret, NOW)
    late = tokens.new_response("U1", "C1", NOW)
    with pytest.raises(ApiError, match="expired_url"):
        tokens.use_response(late, NOW + timedelta(minutes=31))


# --- streams ---------------------------------------------------------------------------------------------------


def test_a_stream_keeps_text_and_tasks_in_their_order() -> None:
    """Text runs together; a task is updated where it first stood."""
    stream = Streams(Timing()).start("C1", "1.0", NOW, plan=False)
    stream.append(read_chunks("Reading. ", None))
    stream.append([{"type": "task_update", "id": "t", "title": "Search", "status": "in_progress"}])
    stream.append([{"type": "markdown_text", "text": "Found "}, {"type": "markdown_text", "text": "it."}])
    stream.append([{"type": "task_update", "id": "t", "title": "Search", "status": "complete", "output": "3 hits"}])
    blocks = stream.blocks()
    assert [block["type"] for block in blocks] == ["markdown", "task_card", "markdown"]
    assert blocks[1]["status"] == "complete"
    assert blocks[2]["text"] == "Found it."
    assert stream.text == "Reading. Found it."


def test_in_plan_mode_tasks_stand_in_one_plan() -> None:
    """Tasks and the plan's title go into a single plan block."""
    stream = Streams(Timing()).start("C1", "1.0", NOW, plan=True)
    stream.append([{"type": "task_update", "id": "a", "title": "A", "status": "pending"}])
    stream.append([{"type": "plan_update", "title": "My plan"}])
    stream.append([{"type": "task_update", "id": "b", "title": "B", "status": "pending"}])
    (plan,) = stream.blocks()
    assert (plan["title"], [task["task_id"] for task in plan["tasks"]]) == ("My plan", ["a", "b"])


def test_a_stream_dies_after_five_minutes() -> None:
    """Five minutes after its start a stream takes nothing more."""
    streams = Streams(Timing())
    streams.start("C1", "1.0", NOW, plan=False)
    assert streams.is_streaming("C1", "1.0", NOW + timedelta(seconds=300))
    with pytest.raises(ApiError, match="message_not_in_streaming_state"):
        streams.current("C1", "1.0", NOW + timedelta(seconds=301))


@pytest.mark.parametrize(
    ("chunks", "error"),
    [
        ([{"type": "markdown_text", "text": "x" * 12_001}], "msg_too_long"),
        ([{"type": "song"}], "invalid_arguments"),
        ([{"type": "task_update", "id": "1", "title": "T", "status": "done"}], "invalid_arguments"),
        ("text", "invalid_arguments"),
    ],
)
def test_bad_chunks_are_refused(chunks: object, error: str) -> None:
    """12,000 characters a call, and only chunks that Slack knows."""
    with pytest.raises(ApiError, match=error):
        read_chunks("", chunks)


# --- forms -----------------------------------------------------------------------------------------------------


def field(element: Json, **more: object) -> Json:
    """An input block."""
    return {"type": "input", "block_id": "b", "label": {}, "element": {"action_id": "a", **element}, **more}


OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("x", "y")]


@pytest.mark.parametrize(
    ("element", "given", "value"),
    [
        ({"type": "plain_text_input"}, "hi", {"value": "hi"}),
        ({"type": "plain_text_input", "initial_value": "first"}, None, {"value": "first"}),
        ({"type": "plain_text_input", "initial_value": "first"}, "", {"value": None}),
        ({"type": "plain_text_input"}, {"type": "plain_text_input", "value": "full"}, {"value": "full"}),
        ({"type": "static_select", "options": OPTIONS}, "y", {"selected_option": OPTIONS[1]}),
        ({"type": "checkboxes", "options": OPTIONS}, ["x"], {"selected_options": [OPTIONS[0]]}),
        ({"type": "checkboxes", "options": OPTIONS}, None, {"selected_options": []}),
        ({"type": "channels_select", "initial_channel": "C1"}, None, {"selected_channel": "C1"}),
        ({"type": "datepicker"}, "2026-11-22", {"selected_date": "2026-11-22"}),
    ],
)
def test_state_has_slacks_form(element: Json, given: object, value: Json) -> None:
    """Given values, first values and empty ones all end up in `state.values` as Slack sends them."""
    values = {"b": {"a": given}} if given is not None else {}
    state = full_state([field(element)], values)
    assert state == {"values": {"b": {"a": {"type": element["type"], **value}}}}


@pytest.mark.parametrize(
    ("element", "given", "complaint"),
    [
        ({"type": "plain_text_input"}, None, "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "email_text_input"}, "ada", "valid email"),
        ({"type": "url_text_input"}, "ftp:/x", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "10", "at most 9"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "x", "a number"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1", "U2"], "at most 1"),
    ],
)
def test_slacks_client_complains_before_it_submits(element: Json, given: object, complaint: str) -> None:
    """Required, too short, too long, and of the wrong form: the app is not asked."""
    block = field(element)
    state = full_state([block], {"b": {"a": given}} if given is not None else {})
    assert complaint in complaints([block], state)["b"]


def test_an_optional_field_may_be_empty() -> None:
    """An empty optional field is fine."""
    block = field({"type": "url_text_input"}, optional=True)
    assert complaints([block], full_state([block], {})) == {}


# --- faults, guard, manifest -----------------------------------------------------------------------------------


def test_faults_fire_in_order_and_as_often_as_asked() -> None:
    """Faults of one method queue up; other methods don't use them up; all that fired are recorded."""
    faults = Faults()
    faults.rate_limit("chat.postMessage")
    faults.server_error("chat.postMessage", times=2)
    kinds = []
    for method in ("chat.update", "chat.postMessage", "chat.postMessage", "chat.postMessage", "chat.postMessage"):
        fault = faults.take_call(method)
        kinds.append(fault.kind if fault else None)
    assert kinds == [None, "rate_limited", "server_error", "server_error", None]
    assert len(faults.fired) == 3


def test_a_star_hits_every_method_until_cleared() -> None:
    """`*` with no count goes on; `clear` ends it and releases held replies."""
    faults = Faults()
    faults.fail("*", "internal_error", times=None)
    release = faults.slow("auth.test")
    assert all(faults.take_call(method) for method in ("auth.test", "chat.delete", "auth.test"))
    faults.clear()
    assert faults.take_call("auth.test") is None
    assert release.is_set()


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:1", "[::1]:80", "127.0.0.1"])
def test_this_machine_is_let_in(host: str) -> None:
    """Every name of loopback is right, on any port."""
    assert refuse_host(host) is None


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8080", "10.0.0.1:80", ""])
def test_other_names_are_refused(host: str) -> None:
    """A name that merely points here (DNS rebinding) is refused with a sentence."""
    refusal = refuse_host(host)
    assert refusal is not None
    assert "this machine only" in refusal


def test_only_our_own_page_may_post() -> None:
    """Origin, JSON and the header are all needed; a foreign origin is refused everywhere."""
    assert refuse_origin("http://localhost:1", "localhost:1") is None
    assert refuse_origin(None, "localhost:1") is None
    assert refuse_origin("http://localhost:2", "localhost:1")
    assert refuse_origin("null", "localhost:1")
    assert refuse_post("http://localhost:1", "application/json", "1") is None
    assert refuse_post(None, "application/json", "1")
    assert refuse_post("http://localhost:1", "text/plain", "1")
    assert refuse_post("http://localhost:1", "application/json", None)


def test_the_workspace_listens_on_loopback_only() -> None:
    """Another address is an error at once, not a surprise later."""
    assert not is_loopback("0.0.0.0")
    with pytest.raises(ValueError, match="this machine only"):
        Workspace({"display_information": {"name": "App"}}, host="0.0.0.0")


def test_a_manifest_is_read() -> None:
    """Names, commands, scopes and subscriptions come from where Slack's manifests have them."""
    app = read_manifest(
        {
            "display_information": {"name": "My App"},
            "features": {
                "bot_user": {"display_name": "My Bot"},
                "app_home": {"home_tab_enabled": True},
                "slash_commands": [{"command": "/go", "description": "Go", "should_escape": True}],
                "shortcuts": [{"name": "N", "type": "message", "callback_id": "c", "description": "D"}],
            },
            "oauth_config": {"scopes": {"bot": ["chat:write"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
        }
    )
    assert (app.name, app.bot_handle, app.home_enabled, app.agent_view) == ("My Bot", "my-bot", True, False)
    command = app.command("/go")
    assert command is not None
    assert command.should_escape
    assert app.shortcut("c", "message") is not None
    assert app.shortcut("c", "global") is None
    assert (app.scopes, app.events) == (frozenset({"chat:write"}), frozenset({"app_mention"}))


def test_a_manifest_needs_a_name() -> None:
    """A manifest without a name is refused with the field's name."""
    with pytest.raises(ValueError, match=r"display_information\.name"):
        read_manifest({})
