"""The real AsyncWebClient against the workspace: messages, threads, history, and Slack's own errors."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
METADATA = {"event_type": "brief", "event_payload": {"delivery": "d-1"}}


@pytest.fixture
def channel(workspace: Workspace) -> str:
    """A channel that the bot is in."""
    return workspace.channel_id("ai-infrastructure")


async def error_of(call: Any) -> dict[str, Any]:
    """The answer of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    data: dict[str, Any] = caught.value.response.data
    return data


async def test_a_token_knows_whose_it_is(workspace: Workspace, client: AsyncWebClient) -> None:
    """`auth.test` names team and bot, and its headers the scopes."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (workspace.team_id, workspace.bot_user_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_a_message_is_stored_with_blocks_and_metadata(
    workspace: Workspace, client: AsyncWebClient, channel: str
) -> None:
    """What was posted is in the channel; blocks get ids; metadata is kept."""
    answer = await client.chat_postMessage(channel=channel, text="hi", blocks=[SECTION], metadata=METADATA)
    (stored,) = workspace.messages(channel)
    assert stored["ts"] == answer["ts"]
    assert stored["blocks"][0]["block_id"]
    assert stored["metadata"] == METADATA
    assert stored["bot_profile"]["name"] == "Newsroom"


async def test_history_reconciles_by_metadata(client: AsyncWebClient, channel: str) -> None:
    """`oldest` with `include_all_metadata` finds a post by its metadata; without the flag there is none."""
    before = await client.chat_postMessage(channel=channel, text="before")
    posted = await client.chat_postMessage(channel=channel, text="hi", metadata=METADATA)
    found = await client.conversations_history(
        channel=channel, oldest=before["ts"], include_all_metadata=True, limit=15
    )
    assert [(m["ts"], m["metadata"]) for m in found["messages"]] == [(posted["ts"], METADATA)]
    plain = await client.conversations_history(channel=channel, oldest=before["ts"])
    assert "metadata" not in plain["messages"][0]


async def test_history_bounds_are_exclusive_unless_inclusive(client: AsyncWebClient, channel: str) -> None:
    """`oldest` and `latest` leave out their own messages unless `inclusive` is set."""
    ts = [(await client.chat_postMessage(channel=channel, text=str(n)))["ts"] for n in range(4)]
    between = await client.conversations_history(channel=channel, oldest=ts[0], latest=ts[3])
    assert [m["text"] for m in between["messages"]] == ["2", "1"]
    all_of_it = await client.conversations_history(channel=channel, oldest=ts[0], latest=ts[3], inclusive=True)
    assert [m["text"] for m in all_of_it["messages"]] == ["3", "2", "1", "0"]


async def test_history_is_paged_by_cursor(client: AsyncWebClient, channel: str) -> None:
    """The SDK's own iteration follows `next_cursor` through all pages, newest first."""
    for n in range(5):
        await client.chat_postMessage(channel=channel, text=str(n))
    pages = [
        ([m["text"] for m in page["messages"]], page["has_more"])
        async for page in await client.conversations_history(channel=channel, limit=2)
    ]
    assert pages == [(["4", "3"], True), (["2", "1"], True), (["0"], False)]
    assert (await error_of(client.conversations_history(channel=channel, cursor="?")))["error"] == "invalid_cursor"


async def test_threads_stand_apart(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """Replies are in the thread and not in the channel's history; a broadcast reply is in both."""
    root = await workspace.send("ada", channel, "question")
    await client.chat_postMessage(channel=channel, text="answer", thread_ts=root)
    await client.chat_postMessage(channel=channel, text="loud", thread_ts=root, reply_broadcast=True)
    thread = await client.conversations_replies(channel=channel, ts=root)
    assert [m["text"] for m in thread["messages"]] == ["question", "answer", "loud"]
    assert thread["messages"][0]["reply_count"] == 2
    history = await client.conversations_history(channel=channel)
    assert [m["text"] for m in history["messages"]] == ["loud", "question"]


async def test_update_keeps_what_is_not_sent(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """New text leaves blocks and metadata; empty blocks remove them; the message says that it was edited."""
    ts = (await client.chat_postMessage(channel=channel, text="a", blocks=[SECTION], metadata=METADATA))["ts"]
    await client.chat_update(channel=channel, ts=ts, text="b")
    (after_text,) = workspace.messages(channel)
    assert (after_text["text"], len(after_text["blocks"]), after_text["metadata"]) == ("b", 1, METADATA)
    assert after_text["edited"]["user"] == workspace.bot_user_id
    await client.chat_update(channel=channel, ts=ts, text="c", blocks=[])
    assert "blocks" not in workspace.messages(channel)[0]


async def test_only_own_messages_change(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """A person's message can be neither updated nor deleted by the app; a missing one is not found."""
    ts = await workspace.send("ada", channel, "mine")
    assert (await error_of(client.chat_update(channel=channel, ts=ts, text="x")))["error"] == "cant_update_message"
    assert (await error_of(client.chat_delete(channel=channel, ts=ts)))["error"] == "cant_delete_message"
    assert (await error_of(client.chat_delete(channel=channel, ts="1.0")))["error"] == "message_not_found"


async def test_a_deleted_root_leaves_a_tombstone(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """A root with replies stays as a tombstone; without replies it is gone."""
    root = (await client.chat_postMessage(channel=channel, text="root"))["ts"]
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=root)
    lone = (await client.chat_postMessage(channel=channel, text="lone"))["ts"]
    for ts in (root, lone):
        await client.chat_delete(channel=channel, ts=ts)
    assert [m.get("subtype") for m in workspace.messages(channel)] == ["tombstone"]


async def test_direct_messages_open_by_user(workspace: Workspace, client: AsyncWebClient) -> None:
    """Posting to a user's id and opening the DM lead to the same conversation."""
    user = workspace.user_id("ada")
    posted = await client.chat_postMessage(channel=user, text="hi")
    opened = await client.conversations_open(users=user)
    assert posted["channel"] == opened["channel"]["id"] == workspace.dm_id("ada")


async def test_ephemeral_messages_reach_one_user(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """Only the user sees it, and history does not have it."""
    await client.chat_postEphemeral(channel=channel, user=workspace.user_id("ben"), text="psst")
    assert [m["text"] for m in workspace.ephemerals("ben")] == ["psst"]
    assert workspace.ephemerals("ada") == []
    assert workspace.messages(channel) == []


async def test_text_is_cut_where_slack_cuts_it(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """40,000 characters are kept; `markdown_text` over 12,000 and updates over 4,000 are refused."""
    ts = (await client.chat_postMessage(channel=channel, text="x" * 50_000))["ts"]
    assert len(workspace.messages(channel)[0]["text"]) == 40_000
    long_markdown = client.chat_postMessage(channel=channel, markdown_text="x" * 12_001)
    assert (await error_of(long_markdown))["error"] == "msg_too_long"
    assert (await error_of(client.chat_update(channel=channel, ts=ts, text="x" * 4_001)))["error"] == "msg_too_long"


async def test_bad_blocks_are_refused_with_reasons(client: AsyncWebClient, channel: str) -> None:
    """`invalid_blocks` says what and where, as Slack does."""
    bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await error_of(client.chat_postMessage(channel=channel, text="x", blocks=bad))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"][-1] == (
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "general", "text": "x"}, "not_in_channel"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "thread_ts": "1700000000.000001"}, "thread_not_found"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "a b", "event_payload": {}}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
async def test_posting_errors(client: AsyncWebClient, channel: str, arguments: dict[str, Any], error: str) -> None:
    """Each refusal has Slack's name."""
    call = client.chat_postMessage(**{"channel": channel, **arguments})
    assert (await error_of(call))["error"] == error


async def test_an_archived_channel_takes_nothing(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """`is_archived` until it is brought back."""
    await workspace.archive("ada", channel)
    assert (await error_of(client.chat_postMessage(channel=channel, text="x")))["error"] == "is_archived"
    await workspace.archive("ada", channel, archived=False)
    assert (await client.chat_postMessage(channel=channel, text="x"))["ok"]


async def test_private_channels_are_hidden_from_those_outside(workspace: Workspace, client: AsyncWebClient) -> None:
    """A private channel without the bot does not exist for it; after an invitation it does."""
    secret = await workspace.create_channel("ada", "secret", private=True)
    assert (await error_of(client.conversations_info(channel=secret)))["error"] == "channel_not_found"
    await workspace.invite_bot("ada", secret)
    info = await client.conversations_info(channel=secret, include_num_members=True)
    assert (info["channel"]["is_private"], info["channel"]["num_members"]) == (True, 2)


async def test_joining_and_listing(workspace: Workspace, client: AsyncWebClient) -> None:
    """The bot joins a public channel; a second join warns; lists and members show it."""
    general = workspace.channel_id("general")
    mine = await client.users_conversations(types="public_channel,im")
    assert general not in [c["id"] for c in mine["channels"]]
    assert "warning" not in (await client.conversations_join(channel=general)).data
    assert (await client.conversations_join(channel=general))["warning"] == "already_in_channel"
    listed = await client.conversations_list(types=["public_channel"], exclude_archived=True)
    assert {c["name"]: c["is_member"] for c in listed["channels"]} == {"general": True, "ai-infrastructure": True}
    members = await client.conversations_members(channel=general)
    assert workspace.bot_user_id in members["members"]
    assert (await error_of(client.conversations_list(types="clubs")))["error"] == "invalid_types"


async def test_people_are_described(workspace: Workspace, client: AsyncWebClient) -> None:
    """`users.info` tells who is an admin; unknown users are not found; the bot is among the users."""
    assert (await client.users_info(user=workspace.user_id("ada")))["user"]["is_admin"] is True
    assert (await client.users_info(user=workspace.user_id("ben")))["user"]["is_admin"] is False
    assert (await error_of(client.users_info(user="U404")))["error"] == "user_not_found"
    members = (await client.users_list())["members"]
    assert [m["id"] for m in members if m["is_bot"]] == [workspace.bot_user_id]


async def test_a_missing_scope_is_named(client: AsyncWebClient) -> None:
    """Methods whose scope the manifest lacks say which they need and which there are."""
    answer = await error_of(client.team_info())
    assert (answer["error"], answer["needed"]) == ("missing_scope", "team:read")
    assert "chat:write" in answer["provided"].split(",")
    history_of_group = await error_of(client.conversations_list(types="mpim"))
    assert history_of_group["needed"] == "mpim:read"


async def test_tokens_are_checked(workspace: Workspace, client: AsyncWebClient) -> None:
    """No token, a wrong one, one of the wrong kind, and a revoked one each have their error."""
    assert (await error_of(client.auth_test(token="xoxb-wrong")))["error"] == "invalid_auth"
    wrong_kind = client.api_call("apps.connections.open")
    assert (await error_of(wrong_kind))["error"] == "not_allowed_token_type"
    async with aiohttp.ClientSession() as session, session.post(f"{workspace.api_url}auth.test") as response:
        assert (await response.json())["error"] == "not_authed"
    await workspace.uninstall()
    assert (await error_of(client.auth_test()))["error"] == "token_revoked"


async def test_forms_work_as_well_as_json(workspace: Workspace, channel: str) -> None:
    """A form with JSON inside its fields and the token beside them is understood."""
    form = {
        "token": workspace.bot_token,
        "channel": channel,
        "text": "hi",
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "x", "event_payload": {}}',
    }
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{workspace.api_url}chat.postMessage", data=form) as response:
            answer = await response.json()
        async with session.post(
            f"{workspace.api_url}chat.postMessage", data="{", headers={"Content-Type": "application/json"}
        ) as response:
            broken = await response.json()
    assert answer["message"]["blocks"][0]["type"] == "divider"
    assert broken["error"] == "invalid_json"
    assert all("token" not in call.args for call in workspace.calls)


async def test_unknown_methods_say_so(client: AsyncWebClient) -> None:
    """What the workspace does not do fails as it would at Slack, not silently."""
    assert (await error_of(client.api_call("chat.levitate")))["error"] == "unknown_method"
    assert (await error_of(client.api_test(error="boom")))["error"] == "boom"


async def test_reactions(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """A reaction is added once, shown, and taken back once."""
    ts = await workspace.send("ada", channel, "hi")
    await client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    again = client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert (await error_of(again))["error"] == "already_reacted"
    got = await client.reactions_get(channel=channel, timestamp=ts)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [workspace.bot_user_id], "count": 1}]
    await client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert "reactions" not in workspace.messages(channel)[0]


async def test_a_permalink_leads_to_the_message(workspace: Workspace, client: AsyncWebClient, channel: str) -> None:
    """The address has Slack's form, names the thread of a reply, and the workspace answers there."""
    root = await workspace.send("ada", channel, "hi")
    reply = await workspace.send("ben", channel, "yes", root)
    link = (await client.chat_getPermalink(channel=channel, message_ts=reply))["permalink"]
    assert link == (f"{workspace.url}/archives/{channel}/p{reply.replace('.', '')}?thread_ts={root}&cid={channel}")
    missing = client.chat_getPermalink(channel=channel, message_ts="1.0")
    assert (await error_of(missing))["error"] == "message_not_found"


async def test_home_tabs_are_published(workspace: Workspace, client: AsyncWebClient) -> None:
    """A Home tab is kept per user; a stale hash conflicts; a modal is no Home tab."""
    user = workspace.user_id("ada")
    first = await client.views_publish(user_id=user, view={"type": "home", "blocks": [SECTION]})
    second = await client.views_publish(user_id=user, view={"type": "home", "blocks": []}, hash=first["view"]["hash"])
    assert second["view"]["id"] == first["view"]["id"]
    home = workspace.home("ada")
    assert home is not None
    assert home["blocks"] == []
    stale = client.views_publish(user_id=user, view={"type": "home", "blocks": []}, hash=first["view"]["hash"])
    assert (await error_of(stale))["error"] == "hash_conflict"
    wrong = await error_of(client.views_publish(user_id=user, view={"type": "modal", "blocks": []}))
    assert wrong["error"] == "invalid_arguments"
    assert "[json-pointer:/view/type]" in wrong["response_metadata"]["messages"][0]


async def test_prompts_and_status(workspace: Workspace, client: AsyncWebClient) -> None:
    """Prompts show only without `thread_ts` (agent_view); status shows under a thread and is taken away."""
    dm = workspace.dm_id("ada")
    prompts = [{"title": "New?", "message": "What is new?"}]
    ts = await workspace.send("ada", dm, "hi")
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, thread_ts=ts, prompts=prompts)
    assert workspace.prompts("ada") == []
    await client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)
    assert workspace.prompts("ada") == prompts
    await client.assistant_threads_setStatus(channel_id=dm, thread_ts=ts, status="is reading…")
    assert workspace.status(dm, ts) == "is reading…"
    await client.chat_postMessage(channel=dm, text="answer", thread_ts=ts)
    assert workspace.status(dm, ts) == ""
    session = await client.agents_sessions_setStatus(channel_id=dm, thread_ts=ts, status="active", title="Hi")
    assert (session["status"], session["title"], workspace.status(dm, ts)) == ("active", "Hi", "")
    renamed = await client.agents_sessions_rename(channel_id=dm, thread_ts=ts, title="New")
    assert renamed["title"] == "New"
    five = client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts * 5)
    assert (await error_of(five))["error"] == "invalid_arguments"
