"""Endpoints as they are: what each refuses, wraps, leaves out or breaks off, through the real openai SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import ModuleType
from typing import Any

import pytest

from bot.errors import ModelError
from bot.writing.drafts import AnswerDraft
from bot.writing.ladder import Rung
from bot.writing.llm import Message, TooLongError
from bot.writing.purse import MemoryBudget, Purse

ASK = (Message("system", "Answer."), Message("user", "What?"))
GOOD = {"answerable": True, "sentences": [{"quotes": [{"source": 1, "quote": "a b c"}], "text": "A b c."}]}
TEXT = json.dumps(GOOD)


def _chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}


def _usage(read: int, written: int) -> dict[str, Any]:
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


@pytest.mark.parametrize("status", [400, 404, 415, 422, 500, 501])
async def test_every_way_of_refusing_a_format_is_understood(
    server: ModuleType, client: Callable[..., Any], status: int
) -> None:
    """Whatever status a server gives to `response_format`, it is asked in words in the end, the next time at once."""

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        return (status, "response_format: extra inputs are not permitted") if "response_format" in body else None

    async with server.ModelServer(server.Reply(GOOD), refusal=refusal) as endpoint, client(endpoint.url) as model:
        assert (await model.draft(ASK, AnswerDraft)).rung is Rung.PROMPT
        assert (await model.draft(ASK, AnswerDraft)).rung is Rung.PROMPT
        assert endpoint.refused == 3


async def test_a_refusal_without_a_reason_is_taken_for_the_formats(
    server: ModuleType, client: Callable[..., Any]
) -> None:
    """A bare "Bad Request": the part that fewest servers know is left out."""

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        return (400, "Bad Request") if "json_schema" in str(body.get("response_format")) else None

    async with server.ModelServer(server.Reply(GOOD), refusal=refusal) as endpoint, client(endpoint.url) as model:
        assert (await model.draft(ASK, AnswerDraft)).rung is Rung.JSON_OBJECT


async def test_plain_json_mode_is_told_the_form_in_words(server: ModuleType, client: Callable[..., Any]) -> None:
    """A server that takes `json_object` and no schema in it is told the form at the end of the conversation."""

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        wanted = body.get("response_format") or {}
        return (422, "unknown field `schema`") if "schema" in json.dumps(wanted) else None

    async with server.ModelServer(server.Reply(GOOD), refusal=refusal) as endpoint, client(endpoint.url) as model:
        assert (await model.draft(ASK, AnswerDraft)).rung is Rung.JSON_MODE
        assert endpoint.requests[-1]["response_format"] == {"type": "json_object"}
        system, user = endpoint.requests[-1]["messages"]
        assert system["content"] == ASK[0].content
        assert "JSON" in user["content"]


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{TEXT}\n```",
        f"Here is the JSON you asked for:\n{TEXT}\nLet me know!",
        f'<think>\nMaybe {{"answerable": false, "sentences": []}}? No.\n</think>\n{TEXT}',
        f'The user wants JSON. {{"answerable": false, "sentences": []}}</think>{TEXT}',
        TEXT.replace("}]}", "},]}"),
        TEXT[:-2],
    ],
    ids=["fences", "prose", "thoughts", "thoughts opened by the template", "a comma too many", "no end"],
)
async def test_what_is_wrapped_around_an_answer_is_taken_off(
    server: ModuleType, client: Callable[..., Any], text: str
) -> None:
    """One call is enough, and what a model thought aloud is not its answer."""
    async with server.ModelServer(server.Reply(text)) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert draft.value == AnswerDraft.model_validate(GOOD)
        assert endpoint.answered == 1


@pytest.mark.parametrize(
    ("refuses", "kept", "left_out"),
    [
        ({"max_tokens"}, "max_completion_tokens", "max_tokens"),
        ({"max_tokens", "max_completion_tokens"}, "messages", "max_completion_tokens"),
        ({"temperature"}, "max_tokens", "temperature"),
        ({"stream_options"}, "stream", "stream_options"),
        ({"stream"}, "max_tokens", "stream_options"),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else None,
)
async def test_what_is_refused_is_left_out_from_then_on(
    server: ModuleType, client: Callable[..., Any], refuses: set[str], kept: str, left_out: str
) -> None:
    """The parameter is sent in its other form or not at all, and the refusal is remembered."""
    picky = server.ModelServer(server.Reply(GOOD), refuses=frozenset(refuses))
    async with picky as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft)
        refused = endpoint.refused
        draft = await model.draft(ASK, AnswerDraft)
        assert endpoint.refused == refused == len(refuses)
        assert kept in endpoint.requests[-1]
        assert left_out not in endpoint.requests[-1]
        assert draft.rung is Rung.JSON_SCHEMA
        assert draft.usage.completion > 0


async def test_two_requests_may_be_refused_for_the_same_reason(server: ModuleType, client: Callable[..., Any]) -> None:
    """Both were under way when the first refusal came; both are sent again without what was refused."""

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        if "temperature" in body or any(message["role"] == "system" for message in body["messages"]):
            return 400, "temperature is not supported" if "temperature" in body else "system role not supported"
        return None

    async with server.ModelServer(server.Reply(GOOD), refusal=refusal) as endpoint, client(endpoint.url) as model:
        drafts = await asyncio.gather(*(model.draft(ASK, AnswerDraft) for _ in range(2)))
        assert all(draft.value.answerable for draft in drafts)
        assert endpoint.refused >= 2


@pytest.mark.parametrize("status", [400, 500])
async def test_models_without_a_systems_role_hear_the_rules_all_the_same(
    server: ModuleType, client: Callable[..., Any], status: int
) -> None:
    """A chat template that knows two roles gets the instructions before the first question."""

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        told = [message["role"] for message in body["messages"]]
        return (status, "Jinja Exception: System role not supported") if "system" in told else None

    async with server.ModelServer(server.Reply(GOOD), refusal=refusal) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert endpoint.requests[-1]["messages"] == [{"role": "user", "content": "Answer.\n\nWhat?"}]
        assert draft.rung is Rung.JSON_SCHEMA


@pytest.mark.parametrize(
    ("chunks", "completion"),
    [
        ((_chunk({"content": TEXT}), _chunk({}, "stop"), _chunk(None, usage=_usage(50, 7))), 7),
        ((_chunk({"content": TEXT}, usage=_usage(50, 3)), _chunk({}, "stop", usage=_usage(50, 8))), 8),
        ((_chunk({"content": TEXT}), _chunk({}, "stop")), None),
        (
            (
                _chunk(None, prompt_filter_results=[]),
                _chunk({"role": "assistant", "content": None}),
                _chunk({"content": TEXT}),
                _chunk({"content": None}, "stop", usage=None),
            ),
            None,
        ),
        ((": still reading\n\n", _chunk({"reasoning_content": "Hm. " * 100}), _chunk({"content": TEXT}, "stop")), 150),
    ],
    ids=["usage last", "usage in every chunk", "usage never", "empty choices, null content", "thoughts apart"],
)
async def test_every_stream_is_read_and_counted(
    server: ModuleType, client: Callable[..., Any], chunks: tuple[Any, ...], completion: int | None
) -> None:
    """Tokens that nobody reports are estimated, thoughts among them, and stand in the day's budget."""
    budget = MemoryBudget(100_000)
    reply = server.Reply(chunks=(*chunks, "data: [DONE]\n\n"))
    async with server.ModelServer(reply) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft, purse=Purse(budget, "T1"))
        assert endpoint.answered == 1
    assert draft.value.sentences
    assert budget.ledgers["T1"].used.tokens == draft.usage.total == model.usage.total
    if completion is None:
        assert len(TEXT) / 6 < draft.usage.completion < len(TEXT)
    elif completion > 100:
        assert draft.usage.completion >= completion * 0.7
    else:
        assert draft.usage.completion == completion


@pytest.mark.parametrize("zipped", [False, True])
async def test_an_answer_in_one_piece_is_taken_where_a_stream_was_asked_for(
    server: ModuleType, client: Callable[..., Any], *, zipped: bool
) -> None:
    """Servers that pass over `stream`, and those that compress what they send."""
    whole = {"choices": [{"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}], "usage": _usage(40, 9)}
    script = (server.Reply(whole=whole, zipped=zipped), server.Reply(GOOD, zipped=zipped))
    async with server.ModelServer(*script) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert (draft.usage.prompt, draft.usage.completion) == (40, 9)
        assert (await model.draft(ASK, AnswerDraft)).value == draft.value


@pytest.mark.parametrize(
    "chunks",
    [
        (_chunk({"refusal": "I can't help with that."}), _chunk({}, "stop")),
        (_chunk({"content": None}, "content_filter"),),
    ],
    ids=["refusal", "filter"],
)
async def test_a_model_that_declines_is_not_asked_again(
    server: ModuleType, client: Callable[..., Any], chunks: tuple[Any, ...]
) -> None:
    """A refusal is an answer: it is counted, and neither repeated nor asked for in another form."""
    async with server.ModelServer(server.Reply(chunks=chunks)) as endpoint, client(endpoint.url) as model:
        with pytest.raises(ModelError, match="declined"):
            await model.draft(ASK, AnswerDraft)
        assert endpoint.answered == 1
        assert model.usage.total > 0


async def test_a_model_that_only_thought_gets_more_room(server: ModuleType, client: Callable[..., Any]) -> None:
    """All tokens went into thinking: the next request allows four times as many, and so do later ones."""
    thought = server.Reply("<think>First I", finish="length")
    async with server.ModelServer(thought, server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        assert (await model.draft(ASK, AnswerDraft, max_tokens=100)).value.answerable
        await model.draft(ASK, AnswerDraft, max_tokens=50)
        assert [request["max_tokens"] for request in endpoint.requests] == [100, 400, 200]


@pytest.mark.parametrize("runaway", ["and so on ", "\n"])
async def test_a_model_that_runs_on_is_stopped(server: ModuleType, client: Callable[..., Any], runaway: str) -> None:
    """A string without an end, or blanks for ever: what was finished before is used, the rest is not waited for."""
    start = TEXT[:-2] + ', {"quotes": [], "text": "It'
    text = (start if runaway.strip() else TEXT[:-2]) + runaway * 3000
    async with server.ModelServer(server.Reply(text, piece=200)) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert endpoint.answered == 1
        assert draft.value == AnswerDraft.model_validate(GOOD)
        assert draft.usage.completion < len(text) / 8


@pytest.mark.parametrize(
    "chunks",
    [
        ("data: {not json\n\n",),
        (_chunk({"content": "{"}), "data: {not json\n\n"),
        (_chunk({"content": "{"}), {"error": {"message": "overloaded", "code": 502}}),
        ("<html>Bad gateway</html>",),
    ],
    ids=["garbage", "garbage later", "an error in the middle", "a page"],
)
async def test_garbage_in_a_stream_is_a_fault_and_no_crash(
    server: ModuleType, client: Callable[..., Any], chunks: tuple[Any, ...]
) -> None:
    """Lines that are no JSON, an error in the middle, a page of a proxy: a sentence for the log, and few calls."""
    async with server.ModelServer(server.Reply(chunks=chunks)) as endpoint, client(endpoint.url) as model:
        with pytest.raises(ModelError):
            await model.draft(ASK, AnswerDraft)
        assert endpoint.answered <= 2
        assert model.usage.prompt > 0


async def test_a_stream_that_breaks_off_twice_is_given_up(server: ModuleType, client: Callable[..., Any]) -> None:
    """What broke off was paid for: one more try, not three, and both are counted."""
    async with server.ModelServer(server.Reply(GOOD, cut=24)) as endpoint, client(endpoint.url) as model:
        with pytest.raises(ModelError, match="broke"):
            await model.draft(ASK, AnswerDraft)
        assert endpoint.answered == 2
        assert model.usage.completion > 0


async def test_a_date_to_retry_after_is_waited_for(
    server: ModuleType, client: Callable[..., Any], waits: list[float]
) -> None:
    """`Retry-After` may be a date: it counts from the endpoint's own clock. Nothing else is asked of no credit."""
    now = datetime(2031, 5, 1, 8, tzinfo=UTC)
    headers = {"Date": format_datetime(now), "Retry-After": format_datetime(now + timedelta(seconds=9), usegmt=True)}
    limited = server.Reply("slow down", status=429, headers=headers)
    async with server.ModelServer(limited, server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft)
        assert waits == [9.0]
        assert endpoint.answered == 2


async def test_no_credit_is_not_tried_again(server: ModuleType, client: Callable[..., Any], waits: list[float]) -> None:
    """A 429 that says `insufficient_quota` will say so again."""
    broke = server.Reply("insufficient_quota: check your plan", status=429)
    async with server.ModelServer(broke) as endpoint, client(endpoint.url) as model:
        with pytest.raises(ModelError, match="credit"):
            await model.draft(ASK, AnswerDraft)
        assert (len(endpoint.requests), waits) == (1, [])


@pytest.mark.parametrize("status", [400, 413, 500])
async def test_too_much_text_is_told_apart(server: ModuleType, client: Callable[..., Any], status: int) -> None:
    """A model that cannot take so much text is not asked for another format: the caller may send less."""
    reply = server.Reply("the request exceeds the available context size of 4096 tokens", status=status)
    async with server.ModelServer(reply) as endpoint, client(endpoint.url) as model:
        with pytest.raises(TooLongError):
            await model.draft(ASK, AnswerDraft)
        assert {request["response_format"]["type"] for request in endpoint.requests} == {"json_schema"}


async def test_a_slow_endpoint_that_writes_is_let_write(server: ModuleType, client: Callable[..., Any]) -> None:
    """Ten pieces, half a second apart: longer in all than it may be silent, and yet an answer."""
    slow = server.Reply(GOOD, piece=len(TEXT) // 9, gap_s=0.5)
    async with server.ModelServer(slow) as endpoint, client(endpoint.url, timeout_s=120.0, silence_s=4.5) as model:
        assert (await model.draft(ASK, AnswerDraft)).value.answerable
        assert endpoint.answered == 1


async def test_a_silent_endpoint_is_given_up_and_counted(server: ModuleType, client: Callable[..., Any]) -> None:
    """Nothing for too long: no second try, a sentence that names the setting, and the prompt is counted as read."""
    never = asyncio.Event()
    reply = server.Reply(GOOD, hold=never)
    async with server.ModelServer(reply) as endpoint, client(endpoint.url, timeout_s=60.0, silence_s=0.3) as model:
        with pytest.raises(ModelError, match="TAPEOUT_MODEL_PATIENCE_S"):
            await model.draft(ASK, AnswerDraft)
        assert len(endpoint.requests) == 1
        assert model.usage.prompt > 0
        never.set()
