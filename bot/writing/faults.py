"""An endpoint's faults: which pass by themselves, how long to wait, and what to tell people; no secrets in it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import RetryCallState

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAIError

MAX_WAIT_S = 20.0
"""Longer than this is not waited for: the extractive writer is ready at once."""
_NEVER_REACHED = frozenset({"ConnectError", "ConnectTimeout"})
"""By their names: editions of the SDK rest on different libraries for HTTP."""
TOO_MANY, CONFLICT, TIMEOUT, SERVER_ERROR = 429, 409, 408, 500
_NOT_PASSING = frozenset({501, 505})
_NO_CREDIT = "insufficient_quota"


class SilentError(Exception):
    """Nothing came from the endpoint for too long."""


class BrokenOffError(Exception):
    """An answer broke off: what came of it is paid for."""


class GarbledError(Exception):
    """What came is no answer of this protocol."""


def said(error: APIStatusError) -> str:
    """What an endpoint said about an error; used to decide, never shown or logged."""
    return f"{error.message} {error.body}"


def passing(error: BaseException) -> bool:
    """Whether the same request may work a little later."""
    from openai import APIConnectionError, APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

    if isinstance(error, APIConnectionError | BrokenOffError):
        return True
    if not isinstance(error, APIStatusError) or error.status_code in _NOT_PASSING:
        return False
    if _retry_after(error) > MAX_WAIT_S or _NO_CREDIT in said(error):
        return False
    return error.status_code in {TIMEOUT, CONFLICT, TOO_MANY} or error.status_code >= SERVER_ERROR


def unheard(error: OpenAIError) -> bool:
    """Whether an endpoint surely did nothing for a request, so that it cost nothing: it refused it, or was not there.

    Where the connection broke later, or the time was over, it may have done its work.
    """
    from openai import APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

    return isinstance(error, APIStatusError) or type(error.__cause__).__name__ in _NEVER_REACHED


def _retry_after(error: BaseException) -> float:
    """Seconds that the endpoint asks us to wait; 0 where it names none."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
    except ValueError:
        pass
    named = headers.get("retry-after", "")
    try:
        return max(0.0, float(named))
    except ValueError:
        return _until(named, headers.get("date", ""))


def _until(then: str, now: str) -> float:
    """Seconds until a date in a header, by the endpoint's own clock where it tells its time; 0 if it is none."""
    try:
        named = parsedate_to_datetime(then)
    except ValueError:
        return 0.0
    try:
        began = parsedate_to_datetime(now)
    except ValueError:
        began = datetime.now(UTC)
    return max(0.0, (_aware(named) - _aware(began)).total_seconds())


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo is not None else when.replace(tzinfo=UTC)


def wait(state: RetryCallState) -> float:
    """As long as the endpoint says, else 0.5 s doubling."""
    error = state.outcome.exception() if state.outcome is not None else None
    named = _retry_after(error) if error is not None else 0.0
    doubling: float = 0.5 * 2.0 ** (state.attempt_number - 1)
    return float(min(MAX_WAIT_S, max(named, doubling)))


def in_words(model: str, error: BaseException) -> str:
    """An error as people understand it; without the endpoint's words, which may repeat the key."""
    from openai import APIConnectionError, APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

    if isinstance(error, APIStatusError):
        return _status_in_words(model, error.status_code)
    if isinstance(error, APIConnectionError):
        return f"The model's endpoint for {model} cannot be reached. Check OPENAI_BASE_URL."
    if isinstance(error, SilentError):
        return f"The model's endpoint for {model} was silent for too long. Slow ones need TAPEOUT_MODEL_PATIENCE_S."
    if isinstance(error, BrokenOffError):
        return f"The model's endpoint for {model} broke its answers off."
    return f"The model's endpoint for {model} answered something unreadable."


def _status_in_words(model: str, status: int) -> str:
    if status in {401, 403}:
        return f"The model's endpoint refused our key (HTTP {status}). Check OPENAI_API_KEY."
    if status == 404:  # noqa: PLR2004 - HTTP's "not found"
        return f"The endpoint has no model {model} (HTTP 404). Check TAPEOUT_MODEL and OPENAI_BASE_URL."
    if status == TOO_MANY:
        return f"The model's endpoint is limiting us (HTTP 429): too many requests, or no credit for {model}."
    return f"The model's endpoint failed (HTTP {status}) for {model}."
