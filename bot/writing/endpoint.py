"""One request to an endpoint: sent as the endpoint takes it, read piece by piece, counted whatever becomes of it.

Endpoints differ in what they refuse (`ladder.refused_option`); what one has refused is not sent to it again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.writing.budget import Usage, estimate_tokens
from bot.writing.faults import BrokenOffError, GarbledError, SilentError, said, unheard
from bot.writing.ladder import SYSTEM, refused_option
from bot.writing.objects import runs_on
from bot.writing.purse import Purse

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

OnDelta = Callable[[str], Awaitable[None]]
CONNECT_S = 10.0
_JSON = "application/json"


@dataclass(slots=True)
class Heard:
    """What has come of an answer so far.

    Attributes:
        text: the answer.
        aside: what the model thought aloud or said in refusing; counted, never shown.
        finish: why it ended: `stop`, `length`, `content_filter` …; None while it goes on.
        refused: the model declined to answer.
        began: something came.
        nobody: the endpoint surely did nothing for it, so that it cost nothing.
    """

    text: str = ""
    aside: str = ""
    finish: str | None = None
    refused: bool = False
    began: bool = False
    nobody: bool = False
    prompt: int | None = None
    completion: int | None = None

    def take(self, part: object, reported: object) -> str:
        """Add a piece of a stream, or a whole message; returns what is new of the text."""
        self.began = True
        self._count(reported)
        piece = getattr(part, "content", None)
        refusal = getattr(part, "refusal", None)
        self.refused = self.refused or bool(refusal)
        for aside in (refusal, getattr(part, "reasoning_content", None), getattr(part, "reasoning", None)):
            self.aside += aside if isinstance(aside, str) else ""
        new = piece if isinstance(piece, str) else ""
        self.text += new
        return new

    def _count(self, reported: object) -> None:
        prompt, completion = getattr(reported, "prompt_tokens", None), getattr(reported, "completion_tokens", None)
        self.prompt = prompt if isinstance(prompt, int) else self.prompt
        self.completion = completion if isinstance(completion, int) else self.completion

    def usage(self, prompt: int) -> Usage:
        """What the call cost: as the endpoint says, or estimated where it says nothing."""
        return Usage(self.prompt or prompt, self.completion or estimate_tokens(self.text + self.aside))


@dataclass(slots=True)
class Paid:
    """What pays for requests, and what they have cost so far.

    Attributes:
        purse: a workspace's budget.
        most: tokens that an answer may have.
    """

    purse: Purse
    most: int
    used: Usage = field(default_factory=Usage)


class Endpoint:
    """Sends requests for one model.

    Args:
        api_key: None for local servers that want none.
        base_url: up to and including `/v1`.
        silence_s: the longest that it may be silent, before its first piece and between two.
        whole_s: the longest that one answer may take.
    """

    def __init__(self, *, api_key: SecretStr | None, base_url: str, silence_s: float, whole_s: float) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._silence_s = silence_s
        self._whole_s = whole_s
        self._client: AsyncOpenAI | None = None
        self._without: set[str] = set()

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def ask(self, request: Mapping[str, object], on_delta: OnDelta | None, paid: Paid) -> Heard:
        """One answer, with what the endpoint would not take left out.

        Args:
            request: the body, without `stream`.
            on_delta: gets the text so far after each piece.
            paid: pays for each request; one that came to nothing may have been answered, and counts.

        Raises:
            BudgetError: the day's budget does not hold the request.
            openai.OpenAIError: the endpoint refused or could not be reached.
            BrokenOffError: the answer broke off.
            GarbledError: what came was no answer of this protocol.
            SilentError: nothing came for too long.
        """
        from openai import APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

        prompt = estimate_tokens(f"{request['messages']}{request.get('response_format', '')}")
        while True:
            body, heard = self._fitting(request), Heard()
            try:
                async with paid.purse.pay(Usage(prompt, paid.most)) as call:
                    try:
                        await self._listen(body, on_delta, heard)
                    finally:
                        call.used = Usage() if heard.nobody else heard.usage(prompt)
                        paid.used += call.used
            except APIStatusError as error:
                refused = refused_option(error.status_code, said(error), body)
                if refused is None:
                    raise
                self._without.add(refused)
                continue
            return heard

    def _fitting(self, request: Mapping[str, object]) -> dict[str, Any]:
        """The request as this endpoint takes it."""
        body = dict(request) | {"stream": True, "stream_options": {"include_usage": True}}
        if SYSTEM in self._without:
            body["messages"] = _without_system(body["messages"])
        for name in self._without & body.keys():
            value = body.pop(name)
            if name == "max_tokens" and "max_completion_tokens" not in self._without:
                body["max_completion_tokens"] = value
        if "stream" in self._without:
            body.pop("stream_options", None)
        return body

    async def _listen(self, body: Mapping[str, Any], on_delta: OnDelta | None, heard: Heard) -> None:
        """Send a request and take in what comes, as long as something comes."""
        from openai import APIConnectionError, APIError, APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

        try:
            if body.get("stream"):
                await self._streamed(body, on_delta, heard)
            else:
                await self._whole(body, heard)
        except APIConnectionError as error:
            if heard.began:
                raise BrokenOffError from None
            heard.nobody = unheard(error)
            raise
        except APIStatusError:
            heard.nobody = True
            raise
        except (APIError, json.JSONDecodeError, UnicodeDecodeError):
            # An error in the middle of a stream, or lines that are no JSON.
            raise (BrokenOffError if heard.began else GarbledError) from None

    async def _streamed(self, body: Mapping[str, Any], on_delta: OnDelta | None, heard: Heard) -> None:
        """An answer piece by piece: each piece starts the wait anew, so that a slow endpoint that works is let work."""
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(self._silence_s) as limit:
                stream: AsyncStream[ChatCompletionChunk] = await self._openai().chat.completions.create(**body)
                async with stream:
                    if _JSON in stream.response.headers.get("content-type", ""):
                        _one_piece(heard, await stream.response.aread())
                        return
                    async for chunk in stream:
                        limit.reschedule(None)  # who reads along may be slow; that is not the endpoint's silence
                        if _took(heard, chunk) and on_delta is not None:
                            await on_delta(heard.text)
                        if runs_on(heard.text):
                            heard.finish = "length"
                            break
                        limit.reschedule(clock() + self._silence_s)
        except TimeoutError:
            raise SilentError from None

    async def _whole(self, body: Mapping[str, Any], heard: Heard) -> None:
        """An answer in one piece, from an endpoint that does not stream."""
        answer = await self._openai().chat.completions.create(**body)
        _took_whole(heard, answer)

    def _openai(self) -> AsyncOpenAI:
        """The SDK's client, made when it is first needed."""
        if self._client is None:
            from openai import AsyncOpenAI, Timeout  # noqa: PLC0415 - 50 MB and 0.7 s, only with a model

            key = self._api_key.get_secret_value() if self._api_key is not None else "none-needed"
            timeout = Timeout(self._whole_s, connect=min(CONNECT_S, self._whole_s))
            self._client = AsyncOpenAI(api_key=key, base_url=self._base_url, max_retries=0, timeout=timeout)
        return self._client


def _took(heard: Heard, chunk: ChatCompletionChunk) -> str:
    """Take in a chunk; some have no choices (usage, filters' results), some no delta."""
    choice = chunk.choices[0] if chunk.choices else None
    heard.finish = getattr(choice, "finish_reason", None) or heard.finish
    return heard.take(getattr(choice, "delta", None), chunk.usage)


def _took_whole(heard: Heard, answer: Any) -> None:  # noqa: ANN401 - the SDK believes what it gets
    choice = next(iter(getattr(answer, "choices", None) or ()), None)
    heard.finish = getattr(choice, "finish_reason", None) or "stop"
    heard.take(getattr(choice, "message", None), getattr(answer, "usage", None))


def _one_piece(heard: Heard, content: bytes) -> None:
    """An answer in one piece where a stream was asked for."""
    from openai.types.chat import ChatCompletion  # noqa: PLC0415 - 50 MB, only with a model

    value = json.loads(content)
    if not isinstance(value, dict):
        raise GarbledError
    _took_whole(heard, ChatCompletion.construct(**value))


def _without_system(messages: object) -> list[dict[str, str]]:
    """The same conversation for models that know no system's role: the first person to speak says it all."""
    told: list[dict[str, str]] = []
    before = ""
    for message in messages if isinstance(messages, list) else []:
        if message["role"] == "system":
            before += f"{message['content']}\n\n"
        else:
            told.append({"role": message["role"], "content": before + message["content"]})
            before = ""
    return told
