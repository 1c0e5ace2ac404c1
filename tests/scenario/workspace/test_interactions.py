"""Commands, modals, buttons, shortcuts and menus, from a person to a real Bolt app and back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.workspace import Container, RefusedError, Workspace

CHANNEL = "ai-infrastructure"


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def modal(callback_id: str, **more: Any) -> dict[str, Any]:
    """A modal that asks for an address."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Add a feed"),
        "submit": plain("Add"),
        "blocks": [
            {
                "type": "input",
                "block_id": "address",
                "label": plain("Address"),
                "element": {"type": "url_text_input", "action_id": "url"},
            }
        ],
        **more,
    }


BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": "follow", "text": plain("Follow"), "value": "story-1"},
            {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": plain("A"), "value": "a"}, {"text": plain("B"), "value": "b"}],
            },
        ],
    }
]


async def test_a_command_is_answered_to_its_user_only(workspace: Workspace, bot: Any) -> None:
    """The payload has Slack's fields; the acknowledgement's text is shown to the user alone."""
    seen: list[dict[str, Any]] = []

    async def news(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack("added")

    bot.app.command("/news")(news)
    await workspace.command("ada", CHANNEL, "/news add #general https://x.org")
    (command,) = seen
    assert command["command"] == "/news"
    assert command["text"] == f"add <#{workspace.channel_id('general')}|general> https://x.org"
    assert (command["user_id"], command["channel_name"]) == (workspace.user_id("ada"), CHANNEL)
    assert command["response_url"].startswith(f"{workspace.url}/commands/")
    assert [(m["text"], m["channel"]) for m in workspace.ephemerals("ada")] == [
        ("added", workspace.channel_id(CHANNEL))
    ]
    assert workspace.ephemerals("ben") == []
    assert workspace.messages(CHANNEL) == []


async def test_an_answer_can_be_for_all(workspace: Workspace, bot: Any) -> None:
    """With `response_type: in_channel` the answer is a message of the channel."""

    async def news(ack: Any) -> None:
        await ack(text="for all", response_type="in_channel")

    bot.app.command("/news")(news)
    await workspace.command("ada", CHANNEL, "/news")
    assert [m["text"] for m in workspace.messages(CHANNEL)] == ["for all"]


async def test_what_cannot_be_done_is_said_in_a_sentence(workspace: Workspace) -> None:
    """Unknown commands, an app that is away, and unknown channels are told to the person."""
    with pytest.raises(RefusedError, match="/nothing is not a valid command"):
        await workspace.command("ada", CHANNEL, "/nothing at all")
    with pytest.raises(RefusedError, match="Newsroom is not connected"):
        await workspace.command("ada", CHANNEL, "/news")
    with pytest.raises(RefusedError, match="There is no channel nowhere"):
        await workspace.command("ada", "nowhere", "/news")


async def test_an_app_that_is_late_is_given_up(workspace: Workspace, bot: Any) -> None:
    """Without an acknowledgement in time the person is told so."""
    workspace.timing.ack = 0.2
    forever = asyncio.Event()

    async def news(ack: Any) -> None:
        await forever.wait()
        await ack()

    bot.app.command("/news")(news)
    with pytest.raises(RefusedError, match=r"Newsroom did not answer within 0\.2 seconds"):
        await workspace.command("ada", CHANNEL, "/news")
    forever.set()


async def test_a_modal_is_opened_refused_and_accepted(workspace: Workspace, bot: Any) -> None:
    """The whole way of a form: opened by a command, refused by field, then closed."""
    received: list[str] = []

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("add", private_metadata="C1"))

    bot.app.command("/news")(news)

    async def add(ack: Any, view: dict[str, Any]) -> None:
        url = view["state"]["values"]["address"]["url"]["value"]
        if "taken" in url:
            await ack(response_action="errors", errors={"address": "This feed is there already."})
            return
        received.append(f"{view['private_metadata']} {url}")
        await ack()

    bot.app.view("add")(add)
    await workspace.command("ada", CHANNEL, "/news")
    await workspace.wait_for(lambda: workspace.open_view("ada"))
    with pytest.raises(RefusedError) as empty:
        await workspace.submit_view("ada", {})
    assert empty.value.errors == {"address": "Please complete this required field."}
    with pytest.raises(RefusedError) as taken:
        await workspace.submit_view("ada", {"address": {"url": "https://taken.org"}})
    assert taken.value.errors == {"address": "This feed is there already."}
    assert workspace.open_view("ada") is not None
    await workspace.submit_view("ada", {"address": {"url": "https://new.org"}})
    assert workspace.open_view("ada") is None
    assert received == ["C1 https://new.org"]


async def test_modals_are_replaced_stacked_and_cleared(workspace: Workspace, bot: Any) -> None:
    """`update`, `push` and `clear` do what they say; a view pushed by trigger joins the stack."""
    answers = iter(
        [
            {"response_action": "update", "view": modal("step", title=plain("Second"))},
            {"response_action": "push", "view": modal("step", title=plain("Third"))},
            {"response_action": "clear"},
        ]
    )

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("step"))
        await ack()

    bot.app.command("/news")(news)

    async def step(ack: Any) -> None:
        await ack(next(answers))

    bot.app.view("step")(step)
    await workspace.command("ada", CHANNEL, "/news")
    titles = []
    for _ in range(3):
        view = workspace.open_view("ada")
        assert view is not None
        titles.append((view["title"]["text"], view["previous_view_id"] is None))
        await workspace.submit_view("ada", {"address": {"url": "https://x.org"}})
    assert titles == [("Add a feed", True), ("Second", True), ("Third", False)]
    assert workspace.open_view("ada") is None


async def test_a_view_that_slack_would_refuse_is_refused(workspace: Workspace, bot: Any) -> None:
    """A bad view in an acknowledgement leaves the dialog open and names the fault."""

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("add"))
        await ack()

    bot.app.command("/news")(news)

    async def add(ack: Any) -> None:
        await ack(response_action="update", view=modal("add", title=plain("x" * 25)))

    bot.app.view("add")(add)
    await workspace.command("ada", CHANNEL, "/news")
    with pytest.raises(RefusedError, match="must be less than 25 characters"):
        await workspace.submit_view("ada", {"address": {"url": "https://x.org"}})
    assert workspace.open_view("ada") is not None


async def test_triggers_are_spent_and_expire(workspace: Workspace, bot: Any, clock: Any) -> None:
    """A trigger opens one view, within 3 s, and is kept by a view that was refused."""
    errors: list[str] = []

    async def attempt(call: Any) -> None:
        try:
            await call
            errors.append("")
        except SlackApiError as error:
            errors.append(error.response["error"])

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        trigger = body["trigger_id"]
        await attempt(client.views_open(trigger_id=trigger, view=modal("x", title=plain("x" * 25))))
        await attempt(client.views_open(trigger_id=trigger, view=modal("x")))
        await attempt(client.views_open(trigger_id=trigger, view=modal("x")))
        await ack()

    bot.app.command("/news")(news)

    async def slow(ack: Any, client: Any, body: dict[str, Any]) -> None:
        clock.ahead = timedelta(seconds=4)
        await attempt(client.views_open(trigger_id=body["trigger_id"], view=modal("x")))
        await attempt(client.views_push(trigger_id="nonsense", view=modal("x")))
        await ack()

    bot.app.command("/plain")(slow)
    await workspace.command("ada", CHANNEL, "/news")
    await workspace.command("ada", CHANNEL, "/plain")
    assert errors == [
        "invalid_arguments",
        "",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
    ]


async def test_the_stack_holds_three(workspace: Workspace, bot: Any) -> None:
    """The fourth modal over each other is refused."""
    refused: list[str] = []
    step = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "deeper", "text": plain("Deeper")}],
    }

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("x", blocks=[step]))
        await ack()

    bot.app.command("/news")(news)

    async def deeper(ack: Any, client: Any, body: dict[str, Any]) -> None:
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal("x", blocks=[step]))
        except SlackApiError as error:
            refused.append(error.response["error"])
        await ack()

    bot.app.action("deeper")(deeper)
    await workspace.command("ada", CHANNEL, "/news")
    for _ in range(3):
        view = workspace.open_view("ada")
        assert view is not None
        await workspace.click("ada", "deeper", view_id=view["id"])
    assert refused == ["push_limit_reached"]
    await workspace.close_view("ada")
    await workspace.close_view("ada")
    assert workspace.open_view("ada") is not None


async def test_closing_is_told_where_asked_for(workspace: Workspace, bot: Any) -> None:
    """`notify_on_close` sends `view_closed`."""
    closed: list[dict[str, Any]] = []

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("add", notify_on_close=True))
        await ack()

    bot.app.command("/news")(news)

    async def gone(ack: Any, body: dict[str, Any]) -> None:
        closed.append(body)
        await ack()

    bot.app.view_closed("add")(gone)
    await workspace.command("ada", CHANNEL, "/news")
    await workspace.close_view("ada")
    assert [body["view"]["callback_id"] for body in closed] == ["add"]
    assert workspace.open_view("ada") is None


async def test_a_button_carries_everything_around_it(workspace: Workspace, bot: Any) -> None:
    """Message, container, state, trigger and response_url are all in the payload."""
    bodies: list[dict[str, Any]] = []

    async def follow(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    bot.app.action("follow")(follow)
    channel = workspace.channel_id(CHANNEL)
    ts = (await bot.client.chat_postMessage(channel=channel, text="story", blocks=BUTTONS))["ts"]
    await workspace.click("ben", "follow", channel=CHANNEL, ts=ts)
    (body,) = bodies
    (action,) = body["actions"]
    assert (action["value"], action["block_id"], action["type"]) == ("story-1", "row", "button")
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": channel,
        "is_ephemeral": False,
    }
    assert (body["message"]["text"], body["channel"]["id"]) == ("story", channel)
    assert body["state"]["values"]["row"]["pick"] == {"type": "static_select", "selected_option": None}
    assert body["user"]["id"] == workspace.user_id("ben")
    assert body["trigger_id"]
    with pytest.raises(RefusedError, match="no longer there"):
        await workspace.click("ben", "unfollow", channel=CHANNEL, ts=ts)


async def test_a_choice_is_in_action_and_state(workspace: Workspace, bot: Any) -> None:
    """A select sends the whole option, in the action and in the state."""
    bodies: list[dict[str, Any]] = []

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    bot.app.action("pick")(pick)
    channel = workspace.channel_id(CHANNEL)
    ts = (await bot.client.chat_postMessage(channel=channel, text="story", blocks=BUTTONS))["ts"]
    await workspace.click("ben", "pick", channel=CHANNEL, ts=ts, choose="b")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "b"
    assert bodies[0]["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "b"


async def test_home_buttons_work(workspace: Workspace, bot: Any) -> None:
    """Opening Home asks the app for it; a button there comes with the view."""
    views: list[str] = []

    async def follow(ack: Any, body: dict[str, Any]) -> None:
        views.append(body["view"]["type"])
        await ack()

    bot.app.action("follow")(follow)
    await bot.client.views_publish(user_id=workspace.user_id("ada"), view={"type": "home", "blocks": BUTTONS})
    await workspace.open_home("ada")
    await workspace.wait_for(lambda: bot.of("app_home_opened"))
    assert bot.of("app_home_opened")[0]["view"]["type"] == "home"
    await workspace.click("ada", "follow", view_id="home")
    assert views == ["home"]


async def test_response_urls_replace_delete_and_run_out(workspace: Workspace, bot: Any, clock: Any) -> None:
    """An ephemeral answer is replaced and deleted by the `response_url` of a click on it; five uses, thirty minutes."""
    urls: list[str] = []

    async def news(ack: Any) -> None:
        await ack(text="choose", blocks=BUTTONS)

    bot.app.command("/news")(news)

    async def follow(ack: Any, body: dict[str, Any]) -> None:
        assert "message" not in body
        urls.append(body["response_url"])
        await ack()

    bot.app.action("follow")(follow)
    await workspace.command("ada", CHANNEL, "/news")
    (shown,) = workspace.ephemerals("ada")
    await workspace.click("ada", "follow", channel=CHANNEL, ts=shown["ts"], ephemeral=True)
    answer = AsyncWebhookClient(urls[0])
    assert (await answer.send(text="chosen", replace_original=True)).body == "ok"
    assert [(m["ts"], m["text"]) for m in workspace.ephemerals("ada")] == [(shown["ts"], "chosen")]
    assert (await answer.send(text="for all", response_type="in_channel")).status_code == 200
    assert [m["text"] for m in workspace.messages(CHANNEL)] == ["for all"]
    assert (await answer.send(delete_original=True)).status_code == 200
    assert workspace.ephemerals("ada") == []
    assert (await answer.send(text="more")).status_code == 200
    assert (await answer.send(text="more")).status_code == 200
    assert "used_url" in (await answer.send(text="sixth")).body

    async def late(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    bot.app.command("/plain")(late)
    await workspace.command("ada", CHANNEL, "/plain")
    clock.ahead = timedelta(minutes=31)
    assert "expired_url" in (await AsyncWebhookClient(urls[-1]).send(text="late")).body


async def test_shortcuts(workspace: Workspace, bot: Any) -> None:
    """A message shortcut brings the message; a global one only the user."""
    bodies: list[dict[str, Any]] = []

    async def explain(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    bot.app.shortcut("explain")(explain)

    async def new_feed(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    bot.app.shortcut("new_feed")(new_feed)
    ts = await workspace.send("ada", CHANNEL, "what is this?")
    await workspace.shortcut("ben", "explain", CHANNEL, ts)
    await workspace.shortcut("ben", "new_feed")
    assert [body["type"] for body in bodies] == ["message_action", "shortcut"]
    assert (bodies[0]["message"]["text"], bodies[0]["message_ts"]) == ("what is this?", ts)
    assert "channel" not in bodies[1]
    with pytest.raises(RefusedError, match="no such shortcut"):
        await workspace.shortcut("ben", "nothing")


async def test_an_external_select_asks_for_its_options(workspace: Workspace, bot: Any) -> None:
    """What is typed reaches the app; its options come back, and are checked."""
    asked: list[str] = []

    async def options(ack: Any, payload: dict[str, Any]) -> None:
        asked.append(payload["value"])
        value = "x" * (151 if payload["value"] == "bad" else 1)
        await ack(options=[{"text": plain("One"), "value": value}])

    bot.app.options("story")(options)
    select = {"type": "external_select", "action_id": "story", "min_query_length": 1}
    blocks = [{"type": "actions", "elements": [select]}]
    channel = workspace.channel_id(CHANNEL)
    ts = (await bot.client.chat_postMessage(channel=channel, text="pick", blocks=blocks))["ts"]
    place = Container(channel_id=channel, ts=ts)
    found = await workspace.suggest("ada", place, "story", "gpu")
    assert (found["options"][0]["value"], asked) == ("x", ["gpu"])
    with pytest.raises(RefusedError, match="must be less than 151"):
        await workspace.suggest("ada", place, "story", "bad")
