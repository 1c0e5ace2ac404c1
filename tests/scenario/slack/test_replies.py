from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import DeliveryError
from bot.models import Answer, AnswerState, Quote, Sentence, Source
from bot.slack import blocks
from bot.slack.replies import UPDATE_EVERY_S, Reply, Stopped

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.workspace import Workspace

CHANNEL = "ai-infrastructure"
SENTENCES = (
    "The site draws 1.2 GW.",
    "It opens in 2027, its owner says, if the grid is there.",
    "Nobody says who pays.",
)
Make = Callable[..., Reply]


def an_answer() -> blocks.Message:
    """An answer of three sentences with a source."""
    source = Source(1, 101, "DCD", "Ohio", "https://dcd.example/ohio")
    told = tuple(Sentence(text, (Quote(101, text),)) for text in SENTENCES)
    return blocks.answer(Answer(AnswerState.ANSWERED, told, (source,), searched=3), 7)


class Clock:
    """A clock that stands still; sleeping moves it."""

    now = 0.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """The replies' clock."""
    return Clock()


@pytest.fixture
async def root(workspace: Workspace) -> str:
    """A question at the top of the channel."""
    return await workspace.send("ben", CHANNEL, "how much?")


@pytest.fixture
def make(workspace: Workspace, client: AsyncWebClient, root: str, clock: Clock) -> Make:
    """Makes the reply, as each try does."""

    def reply(since: datetime | None = None) -> Reply:
        return Reply(
            client,
            team_id=workspace.team_id,
            channel=workspace.channel_id(CHANNEL),
            thread_ts=root,
            user_id=workspace.user_id("ben"),
            key="question:7",
            since=since,
            clock=clock,
            sleep=clock.sleep,
        )

    return reply


def only_answer(workspace: Workspace, root: str) -> dict[str, Any]:
    """The thread's one answer: whole, closed, known by its key."""
    replies = workspace.thread(CHANNEL, root)[1:]
    assert len(replies) == 1, [entry["text"] for entry in replies]
    answer: dict[str, Any] = replies[0]
    assert answer["metadata"]["event_payload"]["delivery_key"] == "question:7"
    assert not answer.get("streaming")
    shown = json.dumps(answer, ensure_ascii=False)
    for sentence in SENTENCES:
        assert shown.count(sentence) >= 1
        assert json.dumps(answer["blocks"], ensure_ascii=False).count(sentence) == 1, "each sentence is shown once"
    assert "feedback_up" in shown
    return answer


async def streamed(reply: Reply, message: blocks.Message, pieces: int = 3) -> None:
    """Append the beginning of a message's Markdown in pieces."""
    size = len(message.markdown) // (pieces + 1)
    for number in range(pieces):
        await reply.append(message.markdown[number * size : (number + 1) * size])


async def test_an_answer_is_streamed_and_closed(workspace: Workspace, make: Make, root: str) -> None:
    """The words are streamed into one message; sources and thumbs come below when it is closed."""
    message, reply = an_answer(), make()
    await reply.status("Reading 3 articles …")
    assert "Reading 3 articles" in workspace.status(CHANNEL, root)
    await streamed(reply, message)
    ts = await reply.finish(message)
    assert only_answer(workspace, root)["ts"] == ts == reply.ts
    started = workspace.calls_of("chat.startStream")[0].args
    assert started["recipient_team_id"] == workspace.team_id
    assert started["recipient_user_id"] == workspace.user_id("ben")
    assert not workspace.calls_of("chat.update")
    assert workspace.calls_of("agents.sessions.setStatus")[-1].args["status"] == "active"


async def test_an_answer_that_was_not_streamed_is_one_post(workspace: Workspace, make: Make, root: str) -> None:
    """Where nothing was shown before, the answer is simply posted."""
    await make().finish(an_answer())
    only_answer(workspace, root)
    assert not workspace.calls_of("chat.startStream")


async def test_where_streams_are_refused_one_post_is_changed(
    workspace: Workspace, make: Make, root: str, clock: Clock
) -> None:
    """Without streams there is one message, changed at most once in three seconds."""
    workspace.faults.fail("chat.startStream", "feature_not_enabled", times=None)
    message, reply = an_answer(), make()
    await streamed(reply, message)
    assert not workspace.calls_of("chat.update")
    clock.now += UPDATE_EVERY_S
    await reply.append(message.markdown[len(message.markdown) // 4 * 3 :])
    assert len(workspace.calls_of("chat.update")) == 1
    await reply.finish(message)
    only_answer(workspace, root)
    assert len(workspace.calls_of("chat.startStream")) == 1


@pytest.mark.parametrize("code", ["message_not_in_streaming_state", "streaming_state_conflict", "internal_error"])
@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
async def test_a_stream_that_dies_is_changed_like_any_message(
    workspace: Workspace, make: Make, root: str, method: str, code: str
) -> None:
    """Slack ends streams after five minutes, and for reasons of its own; the answer is whole all the same."""
    message, reply = an_answer(), make()
    workspace.faults.fail(method, code)
    await streamed(reply, message, 8)
    await reply.finish(message)
    only_answer(workspace, root)
    assert [(fired.target, fired.kind) for fired in workspace.faults.fired] == [(method, "error")]


async def test_a_stream_whose_end_slack_did_not_hear_is_ended_again(
    workspace: Workspace, make: Make, root: str
) -> None:
    """Neither the end nor its repetition arrives, so Slack refuses to change the message; it is ended once more."""
    message, reply = an_answer(), make()
    await streamed(reply, message)
    workspace.faults.reset_before("chat.stopStream", times=2)
    await reply.finish(message)
    only_answer(workspace, root)
    assert len(workspace.calls_of("chat.update")) == 2


async def test_a_stream_older_than_slack_allows_still_ends_whole(workspace: Workspace, make: Make, root: str) -> None:
    """The five minutes' limit itself, with the workspace's own clockwork."""
    message, reply = an_answer(), make()
    await streamed(reply, message)
    workspace.timing.stream = 0.0
    await reply.finish(message)
    only_answer(workspace, root)


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage"])
async def test_a_lost_connection_leaves_one_answer(
    workspace: Workspace, make: Make, root: str, method: str, fault: str
) -> None:
    """Whichever call loses its answer, and whether Slack took it or not, the thread has one whole answer."""
    if method == "chat.postMessage":
        workspace.faults.fail("chat.startStream", "feature_not_enabled", times=None)
    getattr(workspace.faults, fault)(method)
    began = datetime.now(UTC)
    message, reply = an_answer(), make()
    try:
        await streamed(reply, message, 8)
        await reply.finish(message)
    except DeliveryError:
        await make(since=began).finish(message)
    only_answer(workspace, root)
    assert [(fired.target, fired.kind) for fired in workspace.faults.fired][-1] == (method, fault)


@pytest.mark.parametrize("pieces", [0, 1, 3])
async def test_a_restart_in_the_middle_answers_once(workspace: Workspace, make: Make, root: str, pieces: int) -> None:
    """A process that died while it wrote leaves a message; the next try finds it and goes on in it."""
    began, message = datetime.now(UTC), an_answer()
    await streamed(make(), message, pieces)
    again = make(since=began)
    await streamed(again, message)
    await again.finish(message)
    only_answer(workspace, root)


async def test_a_restart_after_the_end_answers_once(workspace: Workspace, make: Make, root: str) -> None:
    """Dying between the answer and its being written down does not answer twice."""
    began, message = datetime.now(UTC), an_answer()
    first = make()
    await streamed(first, message)
    ts = await first.finish(message)
    assert await make(since=began).finish(message) == ts
    only_answer(workspace, root)


async def test_a_draft_that_failed_the_checks_is_replaced(workspace: Workspace, make: Make, root: str) -> None:
    """What was streamed and is not in the final answer does not stay in the thread."""
    reply = make()
    await reply.append("The site draws 9 GW and glows in the dark, which nobody wrote anywhere at all.")
    await reply.finish(an_answer())
    assert "glows" not in json.dumps(only_answer(workspace, root))


async def test_stop_is_obeyed(workspace: Workspace, make: Make, root: str) -> None:
    """After Stop nothing more is written; what was written stays, marked as stopped."""
    message, reply = an_answer(), make()
    await reply.status("Reading …")
    await streamed(reply, message)
    await workspace.stop_answer("ben", CHANNEL, root)
    with pytest.raises(Stopped):
        await reply.append(message.markdown[-80:])
    await reply.stop()
    replies = workspace.thread(CHANNEL, root)[1:]
    assert len(replies) == 1
    shown = json.dumps(replies[0]["blocks"])
    assert "stopped" in shown
    assert "feedback_up" not in shown


async def test_a_failure_ends_in_a_sentence(workspace: Workspace, make: Make, root: str) -> None:
    """Whoever asked reads what went wrong, in place of what had begun."""
    reply = make()
    await reply.append("The site draws")
    await reply.fail("I could not answer: the model did not respond.")
    replies = workspace.thread(CHANNEL, root)[1:]
    assert len(replies) == 1
    assert "the model did not respond" in json.dumps(replies[0]["blocks"])
    assert "The site draws" not in json.dumps(replies[0]["blocks"])


async def test_a_surface_without_status_is_left_alone(workspace: Workspace, make: Make, root: str) -> None:
    """A refused status is not asked for again, and does not keep the answer back."""
    workspace.faults.fail("assistant.threads.setStatus", "not_allowed_token_type", times=None)
    workspace.faults.fail("agents.sessions.setStatus", "not_an_agent", times=None)
    reply = make()
    await reply.status("Reading …")
    await reply.status("Writing …")
    await reply.finish(an_answer())
    only_answer(workspace, root)
    assert len(workspace.calls_of("assistant.threads.setStatus")) == 1
    assert len(workspace.calls_of("agents.sessions.setStatus")) == 1


async def test_a_short_pause_is_waited_for(workspace: Workspace, make: Make, root: str, clock: Clock) -> None:
    """A rate limit of a few seconds does not send the answer back to the queue; a long one does."""
    workspace.faults.rate_limit("chat.postMessage", retry_after=4)
    await make().finish(an_answer())
    assert clock.now == 4.0
    only_answer(workspace, root)
    workspace.faults.rate_limit("chat.update", retry_after=60)
    with pytest.raises(DeliveryError) as raised:
        await make(since=datetime.now(UTC)).finish(an_answer())
    assert raised.value.retry_after == 60.0
