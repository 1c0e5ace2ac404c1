"""The model client, driven through the real openai SDK against the scripted server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.errors import ModelError
from bot.writing.drafts import AnswerDraft
from bot.writing.ladder import Rung
from bot.writing.llm import DraftFailedError, Message

ASK = (Message("system", "Answer."), Message("user", "What?"))
GOOD = {"answerable": True, "sentences": [{"quotes": [{"source": 1, "quote": "a b c"}], "text": "A b c."}]}
KEY = "sk-test-5f2a9c-do-not-show"


async def test_schema_is_sent_and_usage_counted(server: ModuleType, client: Callable[..., Any]) -> None:
    """The strictest way is tried first, with the key in the header, and the reported tokens are counted."""
    async with server.ModelServer(server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert draft.value.sentences[0].text == "A b c."
        assert draft.rung is Rung.JSON_SCHEMA
        asked = endpoint.requests[0]["response_format"]
        assert asked["type"] == "json_schema"
        assert asked["json_schema"]["schema"]["additionalProperties"] is False
        assert endpoint.keys == [f"Bearer {KEY}"]
        assert draft.usage.total > 0
        assert model.usage == draft.usage


@pytest.mark.parametrize("status", [400, 500])
async def test_steps_down_and_remembers(server: ModuleType, client: Callable[..., Any], status: int) -> None:
    """An endpoint without json_schema (a 400, or llama_cpp.server's 500) is asked for json_object, also next time."""
    answers = server.ModelServer(server.Reply(GOOD), formats=frozenset({"json_object"}), on_schema=status)
    async with answers as endpoint, client(endpoint.url) as model:
        first = await model.draft(ASK, AnswerDraft)
        second = await model.draft(ASK, AnswerDraft)
        assert (first.rung, second.rung) == (Rung.JSON_OBJECT, Rung.JSON_OBJECT)
        assert endpoint.refused == 1
        assert "schema" in endpoint.requests[-1]["response_format"]


async def test_steps_down_to_words(server: ModuleType, client: Callable[..., Any]) -> None:
    """An endpoint with no JSON mode is told the schema in words, and its chatter around the object is ignored."""
    chatty = server.Reply('Sure! ```json\n{"answerable": false, "sentences": []}\n``` Anything else?')
    async with server.ModelServer(chatty, formats=frozenset()) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft)
        assert draft.rung is Rung.PROMPT
        assert draft.value.answerable is False
        assert "response_format" not in endpoint.requests[-1]
        assert '"source": number' in endpoint.requests[-1]["messages"][-1]["content"]


async def test_ignored_format_is_asked_in_words(server: ModuleType, client: Callable[..., Any]) -> None:
    """An endpoint that takes the schema and answers prose is asked once more with the schema in words."""
    async with (
        server.ModelServer(server.Reply("I think so."), server.Reply(GOOD)) as endpoint,
        client(endpoint.url) as model,
    ):
        draft = await model.draft(ASK, AnswerDraft)
        assert draft.rung is Rung.PROMPT
        assert draft.usage.total > 0
        assert len(endpoint.requests) == 2


async def test_garbage_is_an_error_with_its_cost(server: ModuleType, client: Callable[..., Any]) -> None:
    """Nonsense twice is a ModelError that still says what was spent."""
    async with server.ModelServer(server.Reply("{{{{ ]]")) as endpoint, client(endpoint.url) as model:
        with pytest.raises(DraftFailedError, match="form") as caught:
            await model.draft(ASK, AnswerDraft)
        assert caught.value.usage.total > 0


async def test_waits_as_told_after_429(server: ModuleType, client: Callable[..., Any], waits: list[float]) -> None:
    """A 429 is tried again after the time that it names."""
    limited = server.Reply("slow down", status=429, headers={"Retry-After": "7"})
    async with server.ModelServer(limited, server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft)
        assert waits == [7.0]


async def test_does_not_wait_for_minutes(server: ModuleType, client: Callable[..., Any], waits: list[float]) -> None:
    """A 429 that names ten minutes is given up at once: the extractive writer is ready."""
    limited = server.Reply("quota", status=429, headers={"Retry-After": "600"})
    async with server.ModelServer(limited) as endpoint, client(endpoint.url) as model:
        with pytest.raises(ModelError, match="429"):
            await model.draft(ASK, AnswerDraft)
        assert waits == []
        assert len(endpoint.requests) == 1


async def test_proven_rung_is_kept_through_faults(
    server: ModuleType, client: Callable[..., Any], waits: list[float]
) -> None:
    """A 500 from an endpoint that has taken the schema before is a fault: retried, with the rung kept."""
    script = (server.Reply(GOOD), server.Reply("oops", status=500), server.Reply("oops", status=503))
    async with server.ModelServer(*script, server.Reply(GOOD)) as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft)
        draft = await model.draft(ASK, AnswerDraft)
        assert draft.rung is Rung.JSON_SCHEMA
        assert waits == [0.5, 1.0]


async def test_rung_left_on_a_fault_is_tried_again(server: ModuleType, client: Callable[..., Any]) -> None:
    """A 500 on the very first call may have been a fault: after a while the schema is tried again."""
    script = (server.Reply("oops", status=500), server.Reply(GOOD))
    async with server.ModelServer(*script) as endpoint, client(endpoint.url) as model:
        rungs = [(await model.draft(ASK, AnswerDraft)).rung for _ in range(51)]
        assert rungs[0] is Rung.JSON_OBJECT
        assert rungs[-1] is Rung.JSON_SCHEMA
        assert endpoint.requests[-1]["response_format"]["type"] == "json_schema"


async def test_unwanted_parameters_are_left_out(server: ModuleType, client: Callable[..., Any]) -> None:
    """A model that refuses temperature and max_tokens is asked without, and with max_completion_tokens."""
    picky = server.ModelServer(server.Reply(GOOD), refuses=frozenset({"temperature", "max_tokens"}))
    async with picky as endpoint, client(endpoint.url) as model:
        await model.draft(ASK, AnswerDraft)
        await model.draft(ASK, AnswerDraft)
        assert "temperature" not in endpoint.requests[-1]
        assert endpoint.requests[-1]["max_completion_tokens"] == 1500
        assert endpoint.refused == 2


async def test_streams_text_so_far(server: ModuleType, client: Callable[..., Any]) -> None:
    """A streamed answer arrives piece by piece and its usage is counted; without a report it is estimated."""
    seen: list[str] = []

    async def on_delta(text: str) -> None:
        seen.append(text)

    script = (server.Reply(GOOD), server.Reply(GOOD, usage=False))
    async with server.ModelServer(*script) as endpoint, client(endpoint.url) as model:
        draft = await model.draft(ASK, AnswerDraft, on_delta=on_delta)
        assert draft.value.sentences[0].text == "A b c."
        assert len(seen) > 3
        assert all(later.startswith(earlier) for earlier, later in pairwise(seen))
        unreported = await model.draft(ASK, AnswerDraft, on_delta=on_delta)
        assert unreported.usage.completion > 0


async def test_broken_stream_is_tried_again(server: ModuleType, client: Callable[..., Any]) -> None:
    """A connection lost in the middle of a stream is a fault like any other."""

    async def on_delta(_text: str) -> None:
        pass

    async with (
        server.ModelServer(server.Reply(GOOD, cut=24), server.Reply(GOOD)) as endpoint,
        client(endpoint.url) as model,
    ):
        draft = await model.draft(ASK, AnswerDraft, on_delta=on_delta)
        assert draft.value.answerable
        assert endpoint.answered == 2


async def test_slow_model_is_given_up(server: ModuleType, client: Callable[..., Any]) -> None:
    """A model that never answers ends in an error after the time that was set."""
    never = asyncio.Event()
    async with (
        server.ModelServer(server.Reply(GOOD, hold=never)) as endpoint,
        client(endpoint.url, timeout_s=0.2) as model,
    ):
        with pytest.raises(ModelError, match="longer"):
            await model.draft(ASK, AnswerDraft)
        never.set()


async def test_unreachable_endpoint(server: ModuleType, client: Callable[..., Any]) -> None:
    """Nobody listening is an error that names the setting to look at."""
    async with server.ModelServer(server.Reply(GOOD)) as endpoint:
        url = endpoint.url
    async with client(url) as model:
        with pytest.raises(ModelError, match="OPENAI_BASE_URL"):
            await model.draft(ASK, AnswerDraft)


async def test_key_is_never_shown(
    server: ModuleType, client: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal that repeats our key does not bring it into errors, reprs or logs."""
    refusal = server.Reply(f"Incorrect API key provided: {KEY}", status=401)
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        async with server.ModelServer(refusal) as endpoint, client(endpoint.url) as model:
            with pytest.raises(ModelError) as caught:
                await model.draft(ASK, AnswerDraft)
            shown = repr(model) + str(caught.value) + repr(caught.value)
    assert "OPENAI_API_KEY" in shown
    assert KEY not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert KEY not in str(logs)
    assert KEY not in caplog.text
