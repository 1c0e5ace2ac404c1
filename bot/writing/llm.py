"""The model: any OpenAI-compatible endpoint, through the openai SDK.

One client is one endpoint and one model. It asks for JSON in the strictest way that the endpoint takes (see `ladder`)
and remembers it. Answers are streamed, also where nobody reads along: an endpoint that is slow but writes is let write,
one that is silent is given up. Retries are tenacity's, not the SDK's: connection errors, 429 (after the time it names)
and 5xx.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

import structlog
from pydantic import BaseModel, SecretStr
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

from bot.errors import ModelError
from bot.writing.budget import Usage
from bot.writing.endpoint import Endpoint, Heard, OnDelta, Paid
from bot.writing.faults import BrokenOffError, GarbledError, SilentError, in_words, passing, said, wait
from bot.writing.ladder import Rung, response_format, schema_note, steps_down, too_long
from bot.writing.objects import parse, without_thoughts
from bot.writing.purse import Purse

Shape = TypeVar("Shape", bound=BaseModel)

DEFAULT_URL = "https://api.openai.com/v1"
ATTEMPTS = 4
BROKEN_ATTEMPTS = 2
"""What broke off was paid for: it is tried once more, not three times."""
PROBE_EVERY = 50
"""After so many calls at a rung that a 500 drove us to, the strictest is tried again: the 500 may have been a fault."""
SILENCE_S, WHOLE_S = 60.0, 140.0
"""A draft and its rewriting fit into the five minutes for which a worker holds a story (`bot.store.stories.LEASE`)."""
THINKING = 4
"""How many times longer the answer may be for a model that spent all of it on thinking."""
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


class TooLongError(DraftFailedError):
    """The model cannot take so much text."""


@dataclass(frozen=True, slots=True)
class Draft(Generic[Shape]):
    """What a model answered, in the shape that was asked for, with what it cost."""

    value: Shape
    usage: Usage
    rung: Rung


@dataclass(slots=True)
class _Call:
    """One draft as it is asked for, and what it has cost so far."""

    messages: Sequence[Message]
    shape: type[BaseModel]
    max_tokens: int
    on_delta: OnDelta | None
    temperature: float
    purse: Purse
    spent: Usage = field(default_factory=Usage)


class ModelClient:
    """Asks one model at one endpoint for JSON of a given shape.

    Args:
        model: the model's name at the endpoint.
        api_key: None for local servers that want none.
        base_url: the endpoint, up to and including `/v1`; None is OpenAI's own.
        timeout_s: the longest that one draft may take, with its retries; None: as is usual, and more where the endpoint
            may be silent for longer.
        silence_s: the longest that the endpoint may be silent, before its first piece and between two.
        at_once: how many calls may be under way.
        sleep: how to wait between tries; tests pass their own.
    """

    def __init__(
        self,
        *,
        model: str,
        api_key: SecretStr | None = None,
        base_url: str | None = None,
        timeout_s: float | None = None,
        silence_s: float = SILENCE_S,
        at_once: int = 4,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = model
        self.base_url = base_url or DEFAULT_URL
        self.usage = Usage()
        self._timeout_s = timeout_s if timeout_s is not None else max(WHOLE_S, 2 * silence_s)
        self._slots = asyncio.Semaphore(at_once)
        self._sleep = sleep
        self._endpoint = Endpoint(
            api_key=api_key,
            base_url=self.base_url,
            silence_s=min(silence_s, self._timeout_s),
            whole_s=self._timeout_s,
        )
        self._rung = Rung.JSON_SCHEMA
        self._proven = False
        self._calls_low = 0
        self._room = 1

    def __repr__(self) -> str:
        return f"ModelClient(model={self.name!r})"

    @property
    def rung(self) -> Rung:
        """How this endpoint is asked for JSON at present."""
        return self._rung

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

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
            on_delta: gets the text so far after each piece. Called again from the start if a try is repeated.
            temperature: 0 keeps to the sources.
            purse: pays for each call that this takes: repeated ones, and those in another form, too.

        Raises:
            BudgetError: the day's budget does not hold another call.
            TooLongError: the model cannot take so much text.
            DraftFailedError: the endpoint failed, was too slow, or answered nothing of that shape.
        """
        call = _Call(messages, shape, max_tokens, on_delta, temperature, purse)
        try:
            async with self._slots, asyncio.timeout(self._timeout_s):
                return await self._descend(call, shape)
        except TimeoutError:
            said_so = f"The model {self.name} took longer than {self._timeout_s:.0f} s."
            raise DraftFailedError(said_so, call.spent) from None
        except DraftFailedError:
            raise
        except ModelError as error:
            raise DraftFailedError(str(error), call.spent) from None
        finally:
            self.usage += call.spent

    async def _descend(self, call: _Call, shape: type[Shape]) -> Draft[Shape]:
        """Ask at the remembered rung; step down as far as the endpoint or the answer's form makes it necessary."""
        rung = self._first_rung()
        while True:
            try:
                heard = await self._ask_patiently(call, rung)
            except _StepDownError:
                rung = rung.below or Rung.PROMPT
                _log.info("model_steps_down", model=self.name, rung=rung.name)
                continue
            value = parse(heard.text, shape)
            if value is not None:
                self._rung, self._proven = rung, True
                return Draft(value, call.spent, rung)
            if heard.refused or heard.finish == "content_filter":
                raise ModelError(f"The model {self.name} declined to write this.")
            if heard.finish == "length" and not without_thoughts(heard.text).strip() and self._room == 1:
                self._room = THINKING  # all that it may write went into thinking
                continue
            if rung is Rung.PROMPT or self._proven:
                raise ModelError(f"The model {self.name} did not answer in the form that was asked for.")
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

    async def _ask_patiently(self, call: _Call, rung: Rung) -> Heard:
        """One request with its retries."""
        request, broken = self._request(call, rung), 0
        paid = Paid(call.purse, call.max_tokens * self._room)

        def worth_another(error: BaseException) -> bool:
            nonlocal broken
            broken += isinstance(error, BrokenOffError)
            return passing(error) and broken < BROKEN_ATTEMPTS

        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait,
            retry=retry_if_exception(worth_another),
            sleep=self._sleep,
            reraise=True,
        )
        from openai import APIStatusError, OpenAIError  # noqa: PLC0415 - 50 MB, only with a model

        try:
            async for attempt in retrying:
                with attempt:
                    try:
                        return await self._endpoint.ask(request, call.on_delta, paid)
                    except APIStatusError as error:
                        proven = self._proven and rung is self._rung
                        if steps_down(rung, error.status_code, said(error), proven=proven):
                            raise _StepDownError from None
                        raise
        except (OpenAIError, BrokenOffError, GarbledError, SilentError) as error:
            if isinstance(error, APIStatusError) and too_long(error.status_code, said(error)):
                raise TooLongError(f"The model {self.name} cannot take so much text.", call.spent) from None
            raise ModelError(in_words(self.name, error)) from None
        finally:
            call.spent += paid.used
        raise AssertionError("tenacity returns or raises")

    def _request(self, call: _Call, rung: Rung) -> dict[str, object]:
        """The body of a request at a rung; the form is told last, so that what stands before it can be kept."""
        told = [{"role": message.role, "content": message.content} for message in call.messages]
        told[-1]["content"] += schema_note(rung, call.shape)
        request: dict[str, object] = {
            "model": self.name,
            "messages": told,
            "temperature": call.temperature,
            "max_tokens": call.max_tokens * self._room,
        }
        wanted = response_format(rung, call.shape)
        if wanted is not None:
            request["response_format"] = wanted
        return request


class _StepDownError(Exception):
    """The endpoint cannot be asked at this rung."""
