from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryError
from bot.slack.blocks import Message
from bot.slack.channels import find_by_name, name_of
from bot.slack.client import make_client, open_session
from bot.slack.people import REMEMBERED_S, People
from bot.slack.prompts import suggest
from bot.slack.refusals import refusal
from bot.slack.sender import EVENT_TYPE, PAGE, Sender

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HELLO = Message(text="hello", blocks=({"type": "section", "text": {"type": "mrkdwn", "text": "hello"}},))


class Api:
    """A Web API that answers each method as a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[dict[str, object] | web.Response | str]] = {}
        self.asked: list[tuple[str, dict[str, object]]] = []

    def on(self, method: str, *answers: dict[str, object] | web.Response | str) -> None:
        """Answer the next calls of a method so; `"reset"` ends the connection without an answer."""
        self.answers[method] = list(answers)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        asked = await request.json() if is_json else {**request.query, **await request.post()}
        self.asked.append((method, asked))
        answer = self.answers[method].pop(0)
        if answer == "reset":
            assert request.transport is not None
            request.transport.abort()
            await asyncio.Event().wait()
        if isinstance(answer, web.Response):
            return answer
        assert isinstance(answer, dict)
        return web.json_response({"ok": True, **answer})


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Slack SDK sends everything to a proxy that the environment names, this machine's own addresses too."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def api() -> Api:
    """A Web API to tell what to answer."""
    return Api()


@pytest.fixture
async def url(api: Api) -> AsyncIterator[str]:
    """Where it listens."""
    application = web.Application()
    application.router.add_route("*", "/api/{method}", api.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The shared session of the clients."""
    async with open_session(timeout_s=5.0) as session:
        yield session


@pytest.fixture
def sender(url: str, session: aiohttp.ClientSession) -> Sender:
    """What is tested."""
    return Sender(make_client("xoxb-1", url, session))


def refused(code: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Slack's answer with an error code."""
    return web.json_response({"ok": False, "error": code}, status=status, headers=headers)


def entry(ts: str, key: str | None = None, user: str = "UBOT") -> dict[str, object]:
    """A message in a channel's history."""
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery_key": key}} if key else None
    return {"ts": ts, "user": user, "text": "x", **({"metadata": metadata} if metadata else {})}


async def test_a_post_carries_its_key_and_no_previews(api: Api, sender: Sender) -> None:
    """Each post has the delivery's key in its metadata, and never unfurls links."""
    api.on("chat.postMessage", {"ts": "1.2"})
    assert await sender.post("C1", HELLO, delivery_key="story:1", thread_ts="1.1") == "1.2"
    _, asked = api.asked[0]
    assert asked["metadata"] == {"event_type": EVENT_TYPE, "event_payload": {"delivery_key": "story:1"}}
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)
    assert (asked["text"], asked["thread_ts"]) == ("hello", "1.1")


@pytest.mark.parametrize(
    ("answer", "state", "retry_after"),
    [
        (refused("ratelimited", 429, {"Retry-After": "30"}), "retry", 30.0),
        (refused("ratelimited"), "retry", None),
        (refused("not_in_channel"), "held", None),
        (refused("is_archived"), "held", None),
        (refused("channel_not_found"), "held", None),
        (refused("token_revoked"), "held", None),
        (refused("account_inactive"), "held", None),
        (refused("missing_scope"), "held", None),
        (refused("invalid_blocks"), "failed", None),
        (refused("msg_too_long"), "failed", None),
        (refused("something_new"), "failed", None),
        (refused("internal_error"), "ambiguous", None),
        (refused("", 503), "ambiguous", None),
        (web.Response(status=502, text="<html>", content_type="text/html"), "ambiguous", None),
        (web.Response(status=200, text="{", content_type="application/json"), "ambiguous", None),
        (web.Response(status=200, text="Sign in to this network", content_type="text/plain"), "retry", None),
        (web.Response(status=200, text="<html>Sign in", content_type="text/html"), "retry", None),
        (web.Response(status=503, text="busy", content_type="text/plain"), "ambiguous", None),
        ("reset", "ambiguous", None),
    ],
)
async def test_each_refusal_says_what_becomes_of_the_post(
    api: Api, sender: Sender, answer: web.Response | str, state: str, retry_after: float | None
) -> None:
    """A post is tried again, looked for, held or set aside according to what Slack answered, and asked once only."""
    api.on("chat.postMessage", answer)
    with pytest.raises(DeliveryError) as raised:
        await sender.post("C1", HELLO, delivery_key="k")
    assert (raised.value.state, raised.value.retry_after) == (state, retry_after)
    assert len(api.asked) == 1, "nothing is sent again behind our back"
    assert "xoxb" not in str(raised.value)


async def test_a_server_that_cannot_be_reached_took_nothing(session: aiohttp.ClientSession) -> None:
    """Where no connection was made the post is simply tried again."""
    nobody = Sender(make_client("xoxb-1", "http://127.0.0.1:9/api/", session))
    with pytest.raises(DeliveryError) as raised:
        await nobody.post("C1", HELLO, delivery_key="k")
    assert raised.value.state == "retry"


def test_a_timeout_is_ambiguous_unless_it_was_the_connection() -> None:
    """No answer in time may mean a post; no connection in time cannot."""
    assert refusal(TimeoutError()).state == "ambiguous"
    assert refusal(aiohttp.ConnectionTimeoutError()).state == "retry"
    assert refusal(TimeoutError(), repeatable=True).state == "retry"


def test_a_strange_retry_after_is_no_number_of_seconds() -> None:
    """A date, or nonsense, in Retry-After does not break anything."""

    class Odd:
        data: dict[str, str] = {"error": "ratelimited"}  # noqa: RUF012 a stand-in for a response
        status_code = 429
        headers = {"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"}  # noqa: RUF012 the same

    assert refusal(SlackApiError("x", Odd())).retry_after is None  # type: ignore[no-untyped-call]


async def test_an_update_that_was_lost_is_simply_tried_again(api: Api, sender: Sender) -> None:
    """Changing a message twice does no harm, so a lost connection is no ambiguity."""
    api.on("chat.update", "reset", {"ts": "1.2"})
    with pytest.raises(DeliveryError) as raised:
        await sender.update("C1", "1.2", HELLO, delivery_key="k")
    assert raised.value.state == "retry"
    await sender.update("C1", "1.2", HELLO, delivery_key="k")


async def test_a_post_is_found_on_a_later_page(api: Api, sender: Sender) -> None:
    """History is read page by page, from a little before the first try, with metadata."""
    api.on(
        "conversations.history",
        {"messages": [entry("9.1"), entry("9.0", "other")], "response_metadata": {"next_cursor": "c2"}},
        {"messages": [entry("8.0", "mine")]},
    )
    assert await sender.find("C1", "mine", NOW) == "8.0"
    assert [asked.get("cursor") for _, asked in api.asked] == [None, "c2"]
    first = api.asked[0][1]
    assert first["oldest"] == f"{NOW.timestamp() - 600:.6f}"
    assert first["limit"] == str(PAGE)
    assert first["include_all_metadata"] in {"1", "true"}


async def test_what_is_not_there_is_not_found(api: Api, sender: Sender) -> None:
    """None means that the channel certainly does not have it; another app's metadata does not count."""
    odd: dict[str, object] = {
        "ts": "1.0",
        "metadata": {"event_type": "other", "event_payload": {"delivery_key": "mine"}},
    }
    api.on("conversations.history", {"messages": [odd]})
    assert await sender.find("C1", "mine", NOW) is None


async def test_replies_are_looked_for_in_their_thread(api: Api, sender: Sender) -> None:
    """A channel's history has no replies, so a thread is asked for."""
    api.on("conversations.replies", {"messages": [entry("5.0"), entry("5.1", "mine")]})
    assert await sender.find("C1", "mine", NOW, thread_ts="5.0") == "5.1"


async def test_an_unreadable_history_keeps_the_post_ambiguous(api: Api, sender: Sender) -> None:
    """Where history cannot be read nothing is said about the post, and Slack's pause is handed on."""
    api.on("conversations.history", refused("ratelimited", 429, {"Retry-After": "60"}))
    with pytest.raises(DeliveryError) as raised:
        await sender.find("C1", "mine", NOW)
    assert (raised.value.state, raised.value.retry_after) == ("ambiguous", 60.0)


async def test_an_unfinished_stream_is_found_by_its_missing_key(api: Api, sender: Sender) -> None:
    """Only a reply of ours without a key counts: not the root, not other people's, not finished ones."""
    api.on("auth.test", {"user_id": "UBOT"})
    api.on(
        "conversations.replies",
        {"messages": [entry("5.0"), entry("5.1", user="U1"), entry("5.2", "done"), entry("5.3")]},
    )
    assert await sender.find_unnamed("C1", NOW, thread_ts="5.0") == "5.3"


async def test_joining_a_private_channel_says_what_to_do(api: Api, sender: Sender) -> None:
    """The sentence tells an admin to invite the bot."""
    api.on("conversations.join", refused("method_not_supported_for_channel_type"))
    with pytest.raises(DeliveryError, match="/invite"):
        await sender.join("C1")


async def test_an_ephemeral_message_names_who_sees_it(api: Api, sender: Sender) -> None:
    """A whisper goes to one person in one place."""
    api.on("chat.postEphemeral", {"message_ts": "1.0"})
    await sender.ephemeral("C1", "U1", HELLO, thread_ts="1.1")
    assert (api.asked[0][1]["user"], api.asked[0][1]["thread_ts"]) == ("U1", "1.1")


async def test_people_are_looked_up_once_in_ten_minutes(api: Api, url: str, session: aiohttp.ClientSession) -> None:
    """Admins and owners may configure, also those that the settings name; who was demoted loses it in ten minutes."""
    now = [0.0]
    people = People(["U9"], clock=lambda: now[0])
    client = make_client("xoxb-1", url, session)
    api.on("users.info", {"user": {"is_owner": True}}, {"user": {"is_admin": False}})
    assert await people.is_admin(client, "T1", "U9")
    assert (await people.actor(client, "T1", "U1")).is_admin
    now[0] = REMEMBERED_S - 1
    assert await people.is_admin(client, "T1", "U1")
    assert len(api.asked) == 1
    now[0] = REMEMBERED_S
    assert not await people.is_admin(client, "T1", "U1")


async def test_channels_are_found_by_name_and_named_by_id(api: Api, url: str, session: aiohttp.ClientSession) -> None:
    """`#name` as typed leads to an id, on any page of the list; an unknown one to None."""
    client = make_client("xoxb-1", url, session)
    pages: list[dict[str, object]] = [
        {"channels": [{"id": "C1", "name": "general"}], "response_metadata": {"next_cursor": "x"}},
        {"channels": [{"id": "C2", "name": "ai"}]},
    ]
    api.on("conversations.list", *pages, *pages)
    api.on("conversations.info", {"channel": {"id": "C2", "name": "ai"}})
    assert await find_by_name(client, "#AI") == "C2"
    assert await find_by_name(client, "other") is None
    assert await name_of(client, "C2") == "ai"


async def test_suggestions_are_offered_without_a_thread(api: Api, url: str, session: aiohttp.ClientSession) -> None:
    """Apps with agent_view must not name a thread, and a workspace without the feature is left alone."""
    client = make_client("xoxb-1", url, session)
    api.on("assistant.threads.setSuggestedPrompts", {}, refused("unknown_method"))
    await suggest(client, "D1")
    assert "thread_ts" not in api.asked[0][1]
    await suggest(client, "D1")
