"""The page's side of the workspace, spoken to as the page does."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.workspace import Workspace

CHANNEL = "ai-infrastructure"


class Page:
    """One open page of one user."""

    def __init__(self, workspace: Workspace, session: aiohttp.ClientSession, socket: Any, user: str) -> None:
        self.workspace = workspace
        self.session = session
        self.socket = socket
        self.user = workspace.user_id(user)

    async def get(self, path: str, **query: str) -> Any:
        """What a GET gives."""
        params = {"user": self.user, **query}
        async with self.session.get(f"{self.workspace.url}/page/{path}", params=params) as response:
            return await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        """What a POST gives, sent as our own page sends it."""
        headers = {"Origin": self.workspace.url, "X-Workspace": "1"}
        url = f"{self.workspace.url}/page/{path}"
        async with self.session.post(url, json={"user": self.user, **body}, headers=headers) as response:
            return await response.json()

    async def notice(self, kind: str) -> Any:
        """The next notice of a kind; others before it are passed over."""
        while True:
            found = await self.socket.receive_json(timeout=60)
            if found["type"] == kind:
                return found


@pytest.fixture
async def page(workspace: Workspace) -> AsyncIterator[Page]:
    """Ada's page."""
    async with aiohttp.ClientSession() as session:
        user = workspace.user_id("ada")
        async with session.ws_connect(f"{workspace.url}/page/socket?user={user}") as socket:
            yield Page(workspace, session, socket, "ada")


async def test_the_state_has_all_to_draw(page: Page, workspace: Workspace, bot: Any) -> None:
    """Users, channels, direct messages and the app with its commands are there."""
    del bot
    state = await page.get("state")
    assert state["me"] == page.user
    assert [user["name"] for user in state["users"] if user["is_bot"]] == ["newsroom"]
    names = {channel["name"]: channel for channel in state["channels"]}
    assert set(names) == {"general", CHANNEL, ""}
    assert names[""]["user"] == workspace.bot_user_id
    (app,) = state["apps"]
    assert (app["connected"], app["commands"][0]["command"]) == (True, "/news")


async def test_a_first_visit_is_the_first_persons(page: Page, workspace: Workspace) -> None:
    """A page that knows no user, or one of another workspace, gets the first person's state."""
    for unknown in ("", "U404"):
        async with page.session.get(f"{workspace.url}/page/state", params={"user": unknown}) as response:
            assert (await response.json())["me"] == workspace.user_id("ada")


async def test_what_one_sends_the_others_see(page: Page, workspace: Workspace) -> None:
    """A sent message comes back by the socket, counts as unread for others, and is read when read."""
    sent = await page.post("send", channel=workspace.channel_id(CHANNEL), text="a <b> & c")
    notice = await page.notice("message")
    assert (notice["message"]["ts"], notice["message"]["text"]) == (sent["ts"], "a &lt;b&gt; &amp; c")
    ben = Page(workspace, page.session, None, "ben")
    (channel,) = [c for c in (await ben.get("state"))["channels"] if c["name"] == CHANNEL]
    assert (channel["unread"], channel["last_ts"]) == (1, sent["ts"])
    await ben.post("read", channel=channel["id"], ts=sent["ts"])
    (channel,) = [c for c in (await ben.get("state"))["channels"] if c["name"] == CHANNEL]
    assert channel["unread"] == 0


async def test_mentions_count(page: Page, workspace: Workspace) -> None:
    """A message that calls a user is told as a mention."""
    await workspace.send("ben", CHANNEL, f"<@{page.user}> look")
    notice = await page.notice("unread")
    assert (notice["unread"], notice["mentions"]) == (1, 1)


async def test_threads_and_pages_of_messages(page: Page, workspace: Workspace) -> None:
    """Roots carry their thread's summary; older messages come page by page."""
    channel = workspace.channel_id(CHANNEL)
    ts = [await workspace.send("ada", CHANNEL, str(n)) for n in range(5)]
    await workspace.send("ben", CHANNEL, "reply", ts[4])
    changed = await page.notice("thread_changed")
    assert (changed["ts"], changed["reply_count"]) == (ts[4], 1)
    latest = await page.get("messages", channel=channel, limit="2")
    assert ([m["text"] for m in latest["messages"]], latest["has_more"]) == (["3", "4"], True)
    assert latest["messages"][1]["reply_count"] == 1
    older = await page.get("messages", channel=channel, limit="9", before=ts[3])
    assert ([m["text"] for m in older["messages"]], older["has_more"]) == (["0", "1", "2"], False)
    thread = await page.get("thread", channel=channel, ts=ts[4])
    assert [m["text"] for m in thread["messages"]] == ["4", "reply"]


async def test_a_streamed_answer_is_seen_growing(page: Page, workspace: Workspace, bot: Any) -> None:
    """A message that streams, its pieces, and its end come in this order."""
    question = await workspace.send("ada", CHANNEL, "why?")
    await page.notice("message")
    stream = await bot.client.chat_stream(
        channel=workspace.channel_id(CHANNEL),
        thread_ts=question,
        recipient_team_id=workspace.team_id,
        recipient_user_id=page.user,
        buffer_size=1,
    )
    await stream.append(markdown_text="One")
    await stream.append(markdown_text=" two")
    await stream.stop()
    begun = await page.notice("message")
    assert (begun["message"]["streaming"], begun["message"]["text"]) == (True, "One")
    piece = await page.notice("stream")
    assert (piece["delta"], piece["text"], piece["thread_ts"]) == (" two", "One two", question)
    ended = await page.notice("message_changed")
    assert "streaming" not in ended["message"]


async def test_a_modal_on_the_page(page: Page, workspace: Workspace, bot: Any) -> None:
    """Command, modal, refused field and closing, as the page sees them."""

    async def news(ack: Any, client: Any, body: dict[str, Any]) -> None:
        element = {"type": "plain_text_input", "action_id": "v"}
        label = {"type": "plain_text", "text": "L"}
        view = {
            "type": "modal",
            "callback_id": "m",
            "title": label,
            "submit": label,
            "blocks": [{"type": "input", "block_id": "b", "label": label, "element": element}],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack("opened")

    bot.app.command("/news")(news)

    async def submitted(ack: Any) -> None:
        await ack()

    bot.app.view("m")(submitted)
    assert (await page.post("command", channel=workspace.channel_id(CHANNEL), text="/news"))["ok"]
    view = (await page.notice("view_open"))["view"]
    assert (await page.notice("ephemeral"))["message"]["text"] == "opened"
    refused = await page.post("submit", view_id=view["id"], state={"values": {}})
    assert (refused["ok"], refused["errors"]) == (False, {"b": "Please complete this required field."})
    values = {"b": {"v": {"type": "plain_text_input", "value": "x"}}}
    assert await page.post("submit", view_id=view["id"], state={"values": values}) == {"ok": True}
    assert (await page.notice("view_close"))["clear"] is True


async def test_what_fails_is_a_sentence(page: Page, workspace: Workspace) -> None:
    """Errors are sentences for the person, not names for programs."""
    channel = workspace.channel_id(CHANNEL)
    away = await page.post("command", channel=channel, text="/news")
    assert away == {"ok": False, "error": "Newsroom is not connected."}
    assert (await page.post("send", channel=channel, text="  "))["error"] == "There is nothing to send."
    ts = await workspace.send("ben", CHANNEL, "mine")
    assert (await page.post("delete", channel=channel, ts=ts))["error"] == "This message is not yours."
    assert (await page.post("create_channel", name="General!"))["error"].startswith("Channel names are made of")
    assert (await page.get("messages", channel="C404"))["error"] == "There is no channel C404 in this workspace."


async def test_people_edit_react_and_make_channels(page: Page, workspace: Workspace) -> None:
    """The other things that a person does on the page."""
    channel = workspace.channel_id(CHANNEL)
    sent = await page.post("send", channel=channel, text="frist")
    await page.post("edit", channel=channel, ts=sent["ts"], text="first")
    assert (await page.notice("message_changed"))["message"]["edited"]["user"] == page.user
    await page.post("react", channel=channel, ts=sent["ts"], name="eyes", add=True)
    assert (await page.notice("reaction"))["reactions"][0]["count"] == 1
    await page.post("delete", channel=channel, ts=sent["ts"])
    assert (await page.notice("message_deleted"))["ts"] == sent["ts"]
    made = await page.post("create_channel", name="gpu-prices", is_private=True)
    assert (await page.notice("channel"))["channel"]["is_private"] is True
    await page.post("members", channel=made["channel"], member=workspace.bot_user_id, add=True)
    assert workspace.messages("gpu-prices")[0]["subtype"] == "group_join"
    ben = Page(workspace, page.session, None, "ben")
    assert (await ben.post("send", channel=made["channel"], text="x"))["error"] == "You are not in this channel."


async def test_private_channels_stay_private(page: Page, workspace: Workspace) -> None:
    """Someone outside a private channel neither sees it nor hears from it."""
    secret = await workspace.create_channel("ben", "secret", private=True)
    await workspace.send("ben", secret, "hush")
    await workspace.send("ben", CHANNEL, "public")
    assert (await page.notice("message"))["message"]["text"] == "public"
    assert secret not in [channel["id"] for channel in (await page.get("state"))["channels"]]
    assert (await page.get("messages", channel=secret))["ok"] is False


async def test_a_foreign_host_or_origin_is_refused(page: Page, workspace: Workspace) -> None:
    """DNS rebinding and cross-site requests get 403 with a sentence."""
    url = workspace.url
    cases: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "/", {"Host": "evil.example"}),
        ("POST", "/api/auth.test", {"Host": "evil.example:80"}),
        ("GET", "/page/state", {"Origin": "https://evil.example"}),
        ("GET", "/page/socket", {"Origin": "null"}),
        ("POST", "/page/send", {"Origin": "https://evil.example", "X-Workspace": "1"}),
        ("POST", "/page/send", {"X-Workspace": "1"}),
        ("POST", "/page/send", {"Origin": url}),
    ]
    for method, path, headers in cases:
        async with page.session.request(method, url + path, headers=headers, json={"user": page.user}) as response:
            assert response.status == 403, (method, path, headers)
            assert (await response.text()).endswith(".")
    form = {"Origin": url, "X-Workspace": "1", "Content-Type": "text/plain"}
    async with page.session.post(f"{url}/page/send", data=json.dumps({"user": page.user}), headers=form) as response:
        assert response.status == 403
    assert workspace.messages(CHANNEL) == []


async def test_files_are_served_as_they_should_be(page: Page, workspace: Workspace) -> None:
    """The page and its parts have types, a strict policy and no caching; nothing else can be read."""
    async with page.session.get(f"{workspace.url}/") as response:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"
        assert "<script" in await response.text()
    async with page.session.get(f"{workspace.url}/archives/C1/p1700000000000100") as response:
        assert response.content_type == "text/html"
    from yarl import URL

    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static/no.js"):
        async with page.session.get(URL(workspace.url + path, encoded=True)) as response:
            assert response.status == 404, path


async def test_stopping_ends_open_pages(workspace: Workspace) -> None:
    """Pages' sockets are closed when the workspace stops."""
    async with aiohttp.ClientSession() as session:
        user = workspace.user_id("ada")
        async with session.ws_connect(f"{workspace.url}/page/socket?user={user}") as socket:
            await workspace.stop()
            assert (await socket.receive(timeout=60)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
