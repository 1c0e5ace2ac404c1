"""Which events a real Bolt app gets for what people do, and what is in them."""

import asyncio
from typing import Any

import pytest

from bot.workspace import Workspace

CHANNEL = "ai-infrastructure"


async def settled(workspace: Workspace) -> None:
    """Returns once the app has acknowledged every event."""
    await workspace.wait_for(lambda: workspace.unsettled_events == 0)


async def test_a_mention_is_both_a_mention_and_a_message(workspace: Workspace, bot: Any) -> None:
    """A mention in a channel sends `app_mention` and `message` with one ts and two event ids."""
    ts = await workspace.mention("ada", CHANNEL, "what's new?")
    await settled(workspace)
    assert sorted(event["type"] for event in bot.events) == ["app_mention", "message"]
    assert {event["ts"] for event in bot.events} == {ts}
    assert len({body["event_id"] for body in bot.bodies}) == 2
    (message,) = bot.of("message")
    assert (message["channel_type"], message["user"]) == ("channel", workspace.user_id("ada"))
    assert message["client_msg_id"]
    assert message["blocks"][0]["type"] == "rich_text"


async def test_a_reply_names_its_thread(workspace: Workspace, bot: Any) -> None:
    """A reply carries `thread_ts` and whose message it answers."""
    root = await workspace.send("ada", CHANNEL, "story")
    await workspace.send("ben", CHANNEL, "why?", root)
    await settled(workspace)
    reply = bot.of("message")[1]
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, workspace.user_id("ada"))


async def test_direct_messages_bring_what_the_person_looks_at(workspace: Workspace, bot: Any) -> None:
    """A DM is a `message` of type `im`, without `app_mention`; agent_view adds the channel in view."""
    await workspace.look_at("ada", CHANNEL)
    await workspace.mention("ada", workspace.dm_id("ada"), "hello")
    await workspace.open_messages("ada")
    await settled(workspace)
    context = {
        "entities": [
            {
                "type": "slack#/types/channel_id",
                "value": workspace.channel_id(CHANNEL),
                "team_id": workspace.team_id,
            }
        ]
    }
    (message,) = bot.of("message")
    assert (message["channel_type"], message["app_context"]) == ("im", context)
    assert bot.of("app_mention") == []
    assert bot.of("app_context_changed")[0]["context"] == context
    (opened,) = bot.of("app_home_opened")
    assert (opened["tab"], opened["channel"], opened["context"]) == ("messages", workspace.dm_id("ada"), context)


async def test_a_channel_without_the_bot_is_silent(workspace: Workspace, bot: Any) -> None:
    """Nothing comes from a channel that the bot is not in; once it joins, it hears of that and of what follows."""
    await workspace.mention("ada", "general", "hello?")
    await workspace.invite_bot("ada", "general")
    await workspace.send("ada", "general", "now?")
    await settled(workspace)
    joined = [event for event in bot.of("member_joined_channel") if event["user"] == workspace.bot_user_id]
    assert joined[0]["inviter"] == workspace.user_id("ada")
    assert [event["text"] for event in bot.of("message") if event["user"] == workspace.user_id("ada")] == ["now?"]
    await workspace.remove_bot("general")
    await workspace.send("ada", "general", "still there?")
    await settled(workspace)
    assert bot.of("member_left_channel")[0]["user"] == workspace.bot_user_id
    assert "still there?" not in [event.get("text") for event in bot.events]


async def test_changes_are_told(workspace: Workspace, bot: Any) -> None:
    """Edits, deletions, reactions, renames and archiving each have their event."""
    ts = await workspace.send("ada", CHANNEL, "first")
    await workspace.edit("ada", CHANNEL, ts, "second")
    await workspace.react("ben", CHANNEL, ts, "eyes")
    await workspace.delete(CHANNEL, ts)
    await workspace.rename(CHANNEL, "ai-infra")
    await workspace.archive("ada", "ai-infra")
    await settled(workspace)
    edited, deleted = bot.of("message")[1:]
    assert (edited["subtype"], edited["message"]["text"]) == ("message_changed", "second")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert bot.of("reaction_added")[0]["item"]["ts"] == ts
    assert bot.of("channel_rename")[0]["channel"]["name"] == "ai-infra"
    assert len(bot.of("channel_archive")) == 1


async def test_the_bots_own_messages_come_back_marked(workspace: Workspace, bot: Any) -> None:
    """Slack echoes the app's own posts with `bot_id`; Bolt drops them before any listener."""
    await bot.client.chat_postMessage(channel=workspace.channel_id(CHANNEL), text=f"<@{workspace.bot_user_id}> me")
    await settled(workspace)
    assert bot.events == []
    assert workspace.messages(CHANNEL)[0]["bot_id"]


async def test_shared_channels_and_removal_are_told(workspace: Workspace, bot: Any) -> None:
    """`is_ext_shared_channel` is set in the payload; an uninstalled app hears of both events."""
    await workspace.share(CHANNEL)
    await workspace.send("ada", CHANNEL, "hi")
    await settled(workspace)
    await workspace.uninstall()
    await settled(workspace)
    assert [body["is_ext_shared_channel"] for body in bot.bodies] == [True, False, False]
    assert [event["type"] for event in bot.events[1:]] == ["tokens_revoked", "app_uninstalled"]


class TestWithFewSubscriptions:
    """An app that subscribes to little."""

    @pytest.fixture
    def manifest(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Only mentions are subscribed to."""
        manifest["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"]
        return manifest

    async def test_only_subscribed_events_come(self, workspace: Workspace, bot: Any) -> None:
        """Messages, reactions and Home are not sent to an app that did not ask for them."""
        ts = await workspace.mention("ada", CHANNEL, "hi")
        await workspace.react("ada", CHANNEL, ts, "eyes")
        await workspace.open_home("ada")
        await settled(workspace)
        assert [event["type"] for event in bot.events] == ["app_mention"]


class TestSockets:
    """Connections that are refreshed, dropped, or slow, without losing an event."""

    @pytest.fixture
    def busy(self, workspace: Workspace) -> Workspace:
        """A workspace whose events must be acknowledged quickly."""
        workspace.timing.ack = 0.5
        return workspace

    async def test_events_wait_for_an_app_that_is_away(self, workspace: Workspace, connect_bot: Any) -> None:
        """What happened before the app connected is delivered when it does."""
        await workspace.send("ada", CHANNEL, "anyone?")
        assert workspace.unsettled_events == 1
        bot = await connect_bot(workspace)
        await settled(workspace)
        assert [event["text"] for event in bot.of("message")] == ["anyone?"]
        assert bot.retries == ["0"]
        await bot.close()

    @pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
    async def test_a_refresh_loses_nothing(self, workspace: Workspace, bot: Any, reason: Any) -> None:
        """Through a `disconnect` the client opens a new socket, and every message arrives exactly once."""
        for n in range(5):
            await workspace.send("ada", CHANNEL, f"before {n}")
        workspace.refresh_sockets(reason)
        assert workspace.connections == 0, "a socket whose end is announced takes no more envelopes"
        for n in range(5):
            await workspace.send("ada", CHANNEL, f"after {n}")
        await settled(workspace)
        texts = [event["text"] for event in bot.of("message")]
        assert sorted(texts) == sorted([f"{when} {n}" for when in ("before", "after") for n in range(5)])
        assert workspace.connections == 1

    async def test_a_command_during_a_refresh_is_answered(self, workspace: Workspace, bot: Any) -> None:
        """A person who acts between two sockets gets the answer from the new one."""

        async def news(ack: Any) -> None:
            await ack("here")

        bot.app.command("/news")(news)
        workspace.refresh_sockets()
        await workspace.command("ada", CHANNEL, "/news")
        assert workspace.ephemerals("ada")[0]["text"] == "here"

    async def test_a_dropped_socket_brings_its_events_again(self, workspace: Workspace, bot: Any) -> None:
        """An event lost with its socket comes on the next one, marked as a retry."""
        workspace.faults.drop_socket()
        await workspace.send("ada", CHANNEL, "hello")
        await settled(workspace)
        assert [event["text"] for event in bot.of("message")] == ["hello"]
        assert bot.retries == ["1"]
        assert [fired.kind for fired in workspace.faults.fired] == ["drop_socket"]

    async def test_all_sockets_can_die_at_once(self, workspace: Workspace, bot: Any) -> None:
        """After a sudden death the client comes back by itself and gets what was sent meanwhile."""
        workspace.drop_sockets()
        await workspace.send("ada", CHANNEL, "hello")
        await settled(workspace)
        assert [event["text"] for event in bot.of("message")] == ["hello"]

    async def test_an_event_that_is_not_acknowledged_comes_again(self, busy: Workspace, bot: Any) -> None:
        """A lost acknowledgement brings the same event_id a second time, with attempt and reason."""
        busy.faults.lose_ack()
        await busy.send("ada", CHANNEL, "hello")
        await settled(busy)
        assert bot.retries == ["0", "1"]
        assert len({body["event_id"] for body in bot.bodies}) == 1

    async def test_slack_gives_up_after_three_retries(self, busy: Workspace, bot: Any) -> None:
        """Four deliveries in all, then no more."""
        busy.timing.ack = 0.15
        busy.faults.lose_ack(times=10)
        await busy.send("ada", CHANNEL, "hello")
        await settled(busy)
        assert bot.retries == ["0", "1", "2", "3"]

    async def test_duplicates_have_one_event_id(self, workspace: Workspace, bot: Any) -> None:
        """A duplicate is the same event in another envelope."""
        workspace.faults.duplicate_events()
        await workspace.send("ada", CHANNEL, "twice")
        await workspace.wait_for(lambda: len(bot.events) == 2)
        await settled(workspace)
        assert len({body["event_id"] for body in bot.bodies}) == 1

    async def test_events_can_come_out_of_order(self, workspace: Workspace, bot: Any) -> None:
        """Three events that were asked to be turned round arrive last first."""
        workspace.faults.reorder_events(3)
        for n in range(4):
            await workspace.send("ada", CHANNEL, str(n))
        await settled(workspace)
        assert [event["text"] for event in bot.of("message")] == ["2", "1", "0", "3"]

    async def test_two_connections_share_the_work(self, workspace: Workspace, bot: Any, connect_bot: Any) -> None:
        """Each event goes to one of an app's sockets; together they get all."""
        other = await connect_bot(workspace)
        for n in range(6):
            await workspace.send("ada", CHANNEL, str(n))
        await settled(workspace)
        assert sorted(e["text"] for e in (*bot.of("message"), *other.of("message"))) == list("012345")
        assert bot.events
        assert other.events
        await other.close()

    async def test_an_eleventh_socket_is_turned_away(self, workspace: Workspace, client: Any) -> None:
        """Ten sockets are greeted; the eleventh is told `too_many_websockets`. A ticket opens one socket."""
        import aiohttp

        async with aiohttp.ClientSession() as session:
            sockets = []
            for _ in range(11):
                opened = await client.apps_connections_open(app_token=workspace.app_token)
                sockets.append(await session.ws_connect(opened["url"]))
            greetings = [await socket.receive_json() for socket in sockets]
            assert [greeting["type"] for greeting in greetings] == ["hello"] * 10 + ["disconnect"]
            assert greetings[9]["num_connections"] == 10
            assert greetings[10]["reason"] == "too_many_websockets"
            assert greetings[0]["connection_info"]["app_id"].startswith("A")
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(opened["url"])
            assert refused.value.status == 403
            await asyncio.gather(*(socket.close() for socket in sockets))
