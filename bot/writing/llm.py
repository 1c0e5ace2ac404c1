"""The model: any OpenAI-compatible endpoint, through the openai SDK.

One client is one endpoint and one model. It asks for JSON in the strictest way that the endpoint takes (see `ladder`)
and remembers it. Retries are tenacity's, not the SDK's: connection errors, 429 (after the time it names) and 5xx.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import structlog
from pydantic import BaseModel, SecretStr
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

from bot.errors import ModelError
from bot.writing.budget import Usage, estimate_tokens
from bot.writing.faults import passing, said, sentence, unheard, wait
from bot.writing.ladder import Rung, parse, refused_option, response_format, schema_note, steps_down
from bot.writing.purse import Call, Purse

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

Shape = TypeVar("Shape", bound=BaseModel)
OnDelta = Callable[[str], Awaitable[None]]

DEFAULT_URL = "https://api.openai.com/v1"
ATTEMPTS = 4
PROBE_EVERY = 50
"""After so many calls at a rung that a 500 drove us to, the strictest is tried again: the 500 may have been a fault."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class DraftFailedError(ModelError):
    """No draft came of a call; `usage` is what it cost nevertheless."""

    def __init__(self, message: str, usage: Usage = Usage()) -> None:  # noqa: B008 - frozen
        super().__init__(message)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Draft(Generic[Shape]):
    """What a model answered, in the shape that was asked for, with what it cost."""

    value: Shape
    usage: Usage
    rung: Rung


@dataclass(frozen=True, slots=True)
class _Order(Generic[Shape]):
    """What is asked for in one draft, however many calls it takes."""

    messages: Sequence[Message]
    shape: type[Shape]
    max_tokens: int
    temperature: float
    on_delta: OnDelta | None
    purse: Purse


class ModelClient:
    """Asks one model at one endpoint for JSON of a given shape.

    Args:
        model: the model's name at the endpoint.
        api_key: None for local servers that want none.
        base_url: the endpoint, up to and including `/v1`; None is OpenAI's own.
        timeout_s: the longest that one call may take, with its retries.
        at_once: how many calls may be under way.
        sleep: how to wait between tries; tests pass their own.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: SecretStr | None = None,
        base_url: str | None = None,
        timeout_s: float = 90.0,
        at_once: int = 4,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = model
        self.base_url = base_url or DEFAULT_URL
        self.usage = Usage()
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(at_once)
        self._sleep = sleep
        self._client: AsyncOpenAI | None = None
        self._rung = Rung.JSON_SCHEMA
        self._proven = False
        self._calls_low = 0
        self._without: set[str] = set()

    def __repr__(self) -> str:
        return f"ModelClient(model={self.name!r})"

    @property
    def rung(self) -> Rung:
        """How this endpoint is asked for JSON at present."""
        return self._rung

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def draft(
        self,
        messages: Sequence[Message],
        shape: type[Shape],
        *,
        max_tokens: int = 1500,
        on_delta: OnDelta | None = None,
        temperature: float = 0.0,
        purse: Purse = Purse(),  # noqa: B008 - frozen
    ) -> Draft[Shape]:
        """Ask for an object of `shape`.

        Args:
            messages: the conversation; the first is the system's.
            shape: what the answer must fit.
            max_tokens: the longest answer.
            on_delta: gets the text so far after each piece; the answer is then streamed. Called again from the start
                if a try is repeated.
            temperature: 0 keeps to the sources.
            purse: pays for each call that this takes: repeated ones, and those in another form, too.

        Raises:
            BudgetError: the day's budget does not hold another call.
            DraftFailedError: the endpoint failed, was too slow, or answered nothing of that shape.
        """
        spent = Usage(estimate_tokens("".join(message.content for message in messages)))
        order = _Order(messages, shape, max_tokens, temperature, on_delta, purse)
        try:
            async with self._slots, asyncio.timeout(self._timeout_s):
                return await self._descend(order)
        except TimeoutError:
            raise DraftFailedError(f"The model {self.name} took longer than {self._timeout_s:.0f} s.", spent) from None

    async def _descend(self, order: _Order[Shape]) -> Draft[Shape]:
        """Ask at the remembered rung; step down as far as the endpoint or the answer's form makes it necessary."""
        spent = Usage()
        rung = self._first_rung()
        while True:
            try:
                text, usage = await self._ask_patiently(order, rung)
            except _StepDownError:
                rung = rung.below or Rung.PROMPT
                _log.info("model_steps_down", model=self.name, rung=rung.name)
                continue
            except ModelError as error:
                raise DraftFailedError(str(error), spent) from None
            spent += usage
            value = parse(text, order.shape)
            if value is not None:
                self._rung, self._proven = rung, True
                return Draft(value, spent, rung)
            if rung is Rung.PROMPT:
                raise DraftFailedError(f"The model {self.name} did not answer in the form that was asked for.", spent)
            # The endpoint took the format and ignored it: say in words what is wanted.
            rung = Rung.PROMPT

    def _first_rung(self) -> Rung:
        """The remembered rung, or now and then the strictest again."""
        if self._rung is Rung.JSON_SCHEMA:
            return self._rung
        self._calls_low += 1
        if self._calls_low < PROBE_EVERY:
            return self._rung
        self._calls_low = 0
        return Rung.JSON_SCHEMA

    async def _ask_patiently(self, order: _Order[Shape], rung: Rung) -> tuple[str, Usage]:
        """One request with its retries; returns the text and what it cost."""
        request = self._request(order, rung)
        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait,
            retry=retry_if_exception(passing),
            sleep=self._sleep,
            reraise=True,
        )
        from openai import APIConnectionError, APIStatusError, OpenAIError  # noqa: PLC0415 - 50 MB, only with a model

        try:
            async for attempt in retrying:
                with attempt:
                    return await self._ask(request, rung, order)
        except APIStatusError as error:
            raise ModelError(sentence(self.name, error.status_code)) from None
        except APIConnectionError:
            raise ModelError(
                f"The model's endpoint for {self.name} cannot be reached. Check OPENAI_BASE_URL."
            ) from None
        except OpenAIError:
            raise ModelError(f"The model's endpoint for {self.name} answered something unreadable.") from None
        raise AssertionError("tenacity returns or raises")

    def _request(self, order: _Order[Shape], rung: Rung) -> dict[str, object]:
        """The body of a request at a rung."""
        note = schema_note(rung, order.shape)
        told = [{"role": message.role, "content": message.content} for message in order.messages]
        if note:
            told[0] = {"role": told[0]["role"], "content": told[0]["content"] + note}
        request: dict[str, object] = {
            "model": self.name,
            "messages": told,
            "temperature": order.temperature,
            "max_tokens": order.max_tokens,
        }
        wanted = response_format(rung, order.shape)
        if wanted is not None:
            request["response_format"] = wanted
        return request

    async def _ask(self, request: Mapping[str, object], rung: Rung, order: _Order[Shape]) -> tuple[str, Usage]:
        """One try, with what the endpoint would not take left out."""
        from openai import APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

        prompt = estimate_tokens(f"{request['messages']}{request.get('response_format', '')}")
        while True:
            body = self._fitting(request, stream=order.on_delta is not None)
            try:
                async with order.purse.pay(Usage(prompt, order.max_tokens)) as call:
                    return await self._call(body, call, Usage(prompt), order.on_delta)
            except APIStatusError as error:
                words = said(error)
                if steps_down(rung, error.status_code, words, proven=self._proven and rung is self._rung):
                    raise _StepDownError from None
                refused = refused_option(error.status_code, words, body)
                if refused is None:
                    raise
                self._without.add(refused)

    def _fitting(self, request: Mapping[str, object], *, stream: bool) -> dict[str, object]:
        """The request as this endpoint takes it."""
        body = dict(request)
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        for name in self._without:
            value = body.pop(name, None)
            if name == "max_tokens":
                body["max_completion_tokens"] = value
        return body

    async def _call(
        self, body: Mapping[str, object], call: Call, prompt: Usage, on_delta: OnDelta | None
    ) -> tuple[str, Usage]:
        """One request. `call` holds what it has cost even where it breaks off or takes too long."""
        from openai import OpenAIError  # noqa: PLC0415 - 50 MB, only with a model

        call.used = prompt
        try:
            if on_delta is None:
                text, reported = await self._whole(body)
            else:
                text, reported = await self._streamed(body, call, prompt, on_delta)
        except OpenAIError as error:
            if unheard(error):
                call.used = Usage()
            raise
        call.used = _counted(reported, prompt, text)
        self.usage += call.used
        return text, call.used

    async def _whole(self, body: Mapping[str, object]) -> tuple[str, CompletionUsage | None]:
        """An answer in one piece."""
        answer: ChatCompletion = await self._openai().chat.completions.create(**body)  # type: ignore[call-overload]
        return (answer.choices[0].message.content or "") if answer.choices else "", answer.usage

    async def _streamed(
        self, body: Mapping[str, object], call: Call, prompt: Usage, on_delta: OnDelta
    ) -> tuple[str, CompletionUsage | None]:
        """An answer piece by piece."""
        stream: AsyncStream[ChatCompletionChunk] = await self._openai().chat.completions.create(**body)  # type: ignore[call-overload]
        text, reported = "", None
        async with stream:
            async for chunk in stream:
                reported = chunk.usage or reported
                piece = chunk.choices[0].delta.content if chunk.choices else None
                if piece:
                    text += piece
                    call.used = _counted(reported, prompt, text)
                    await on_delta(text)
        return text, reported

    def _openai(self) -> AsyncOpenAI:
        """The SDK's client, made when it is first needed."""
        if self._client is None:
            from openai import AsyncOpenAI  # noqa: PLC0415 - 50 MB and 0.7 s, only with a model

            key = self._api_key.get_secret_value() if self._api_key is not None else "none-needed"
            self._client = AsyncOpenAI(api_key=key, base_url=self.base_url, max_retries=0, timeout=self._timeout_s)
        return self._client


def _counted(reported: CompletionUsage | None, prompt: Usage, text: str) -> Usage:
    """What a call cost: as the endpoint says, or estimated where it says nothing."""
    read, written = getattr(reported, "prompt_tokens", None), getattr(reported, "completion_tokens", None)
    return Usage(
        read if isinstance(read, int) else prompt.prompt,
        written if isinstance(written, int) else estimate_tokens(text),
    )


class _StepDownError(Exception):
    """The endpoint cannot be asked at this rung."""
