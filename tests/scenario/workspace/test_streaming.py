"""Streamed answers through the SDK's own AsyncChatStream."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.messages.chunk import TaskUpdateChunk
from slack_sdk.web.async_chat_stream import AsyncChatStream
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace

FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
        }
    ],
}


async def start(workspace: Workspace, client: AsyncWebClient, **more: Any) -> tuple[AsyncChatStream, str]:
    """A stream that answers a question of Ada's, and the question's ts."""
    question = await workspace.send("ada", "ai-infrastructure", "why?")
    stream = await client.chat_stream(
        channel=workspace.channel_id("ai-infrastructure"),
        thread_ts=question,
        recipient_team_id=workspace.team_id,
        recipient_user_id=workspace.user_id("ada"),
        buffer_size=1,
        **more,
    )
    return stream, question


async def failing(call: Any) -> str:
    """The name of the error that a call must fail with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_streamed_answer_ends_as_one_message(workspace: Workspace, client: AsyncWebClient) -> None:
    """Pieces run together; closing blocks and metadata are on the final message, in the thread."""
    stream, question = await start(workspace, client)
    for piece in ("It ", "is ", "**so**."):
        await stream.append(markdown_text=piece)
    await stream.stop(blocks=[FEEDBACK], metadata={"event_type": "answer", "event_payload": {"q": 1}})
    _, answer = workspace.thread("ai-infrastructure", question)
    assert answer["text"] == "It is **so**."
    assert [block["type"] for block in answer["blocks"]] == ["markdown", "context_actions"]
    assert answer["metadata"]["event_type"] == "answer"
    methods = [call.method for call in workspace.calls]
    assert methods == ["chat.startStream", "chat.appendStream", "chat.appendStream", "chat.stopStream"]


async def test_tasks_are_shown_as_cards(workspace: Workspace, client: AsyncWebClient) -> None:
    """Task chunks, as the SDK sends them, become task cards among the text."""
    stream, question = await start(workspace, client)
    await stream.append(
        markdown_text="Looking.", chunks=[TaskUpdateChunk(id="1", title="Search", status="in_progress")]
    )
    await stream.append(chunks=[TaskUpdateChunk(id="1", title="Search", status="complete", output="2 found")])
    await stream.stop(markdown_text="Done.")
    _, answer = workspace.thread("ai-infrastructure", question)
    assert [block["type"] for block in answer["blocks"]] == ["markdown", "task_card", "markdown"]
    assert answer["blocks"][1]["status"] == "complete"


async def test_a_stream_dies_after_five_minutes(workspace: Workspace, client: AsyncWebClient, clock: Any) -> None:
    """An append after 5 minutes fails; the message is still there to be updated."""
    stream, question = await start(workspace, client)
    await stream.append(markdown_text="Slowly")
    assert await failing(client.chat_update(channel=stream._stream_args["channel"], ts=stream.ts or "", text="x")) == (
        "streaming_state_conflict"
    )
    clock.ahead = timedelta(minutes=5, seconds=1)
    assert await failing(stream.append(markdown_text="more")) == "message_not_in_streaming_state"
    await client.chat_update(channel=stream._stream_args["channel"], ts=stream.ts or "", text="whole", blocks=[])
    assert workspace.thread("ai-infrastructure", question)[1]["text"] == "whole"


async def test_a_reader_stops_an_answer(workspace: Workspace, bot: Any) -> None:
    """Stop sends `agent_session_stopped` with the stream's ts; further text is refused, an empty stop is not."""
    stream, question = await start(workspace, bot.client)
    await stream.append(markdown_text="Long ")
    await workspace.stop_answer("ada", "ai-infrastructure", question)
    await workspace.wait_for(lambda: bot.of("agent_session_stopped"))
    (event,) = bot.of("agent_session_stopped")
    assert event["streaming_message_ts"] == [stream.ts]
    assert (event["thread_ts"], event["user"]) == (question, workspace.user_id("ada"))
    assert await failing(stream.append(markdown_text="more")) == "stopped_by_user"
    stream._buffer = ""
    await stream.stop(session_status="active")
    assert workspace.thread("ai-infrastructure", question)[1]["text"] == "Long "


async def test_streams_need_their_reader(workspace: Workspace, client: AsyncWebClient) -> None:
    """In a channel both recipient ids are needed; a DM needs a thread."""
    channel, question = workspace.channel_id("ai-infrastructure"), await workspace.send("ada", "ai-infrastructure", "?")
    bare = client.chat_startStream(channel=channel, thread_ts=question)
    assert await failing(bare) == "missing_recipient_team_id"
    half = client.chat_startStream(channel=channel, thread_ts=question, recipient_team_id=workspace.team_id)
    assert await failing(half) == "missing_recipient_user_id"
    dm = workspace.dm_id("ada")
    assert await failing(client.chat_startStream(channel=dm, thread_ts="")) == "invalid_thread_ts"
    too_long = client.chat_startStream(
        channel=dm, thread_ts=await workspace.send("ada", dm, "hi"), markdown_text="x" * 12_001
    )
    assert await failing(too_long) == "msg_too_long"


async def test_a_message_that_never_streamed_cannot_be_appended_to(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    """Appending to an ordinary message, or after the end, is refused."""
    channel = workspace.channel_id("ai-infrastructure")
    ts = (await client.chat_postMessage(channel=channel, text="plain"))["ts"]
    append = client.chat_appendStream(channel=channel, ts=ts, markdown_text="x")
    assert await failing(append) == "message_not_in_streaming_state"
    stream, _ = await start(workspace, client)
    await stream.stop(markdown_text="end")
    late = client.chat_appendStream(channel=channel, ts=stream.ts or "", markdown_text="x")
    assert await failing(late) == "message_not_in_streaming_state"
