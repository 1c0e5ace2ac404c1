"""An endpoint's faults: which pass by themselves, how long to wait, and what to tell people; no secrets in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenacity import RetryCallState

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAIError

MAX_WAIT_S = 20.0
"""Longer than this is not waited for: the extractive writer is ready at once."""
_NEVER_REACHED = frozenset({"ConnectError", "ConnectTimeout"})
"""By their names: editions of the SDK rest on different libraries for HTTP."""
TOO_MANY, CONFLICT, TIMEOUT, SERVER_ERROR = 429, 409, 408, 500


def said(error: APIStatusError) -> str:
    """What an endpoint said about an error; used to decide, never shown or logged."""
    return f"{error.message} {error.body}"


def passing(error: BaseException) -> bool:
    """Whether the same request may work a little later."""
    from openai import APIConnectionError, APIStatusError  # noqa: PLC0415 - 50 MB, only with a model

    if isinstance(error, APIConnectionError):
        return True
    if not isinstance(error, APIStatusError):
        return False
    if _retry_after(error) > MAX_WAIT_S:
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
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return 0.0


def wait(state: RetryCallState) -> float:
    """As long as the endpoint says, else 0.5 s doubling."""
    error = state.outcome.exception() if state.outcome is not None else None
    named = _retry_after(error) if error is not None else 0.0
    doubling: float = 0.5 * 2.0 ** (state.attempt_number - 1)
    return float(min(MAX_WAIT_S, max(named, doubling)))


def sentence(model: str, status: int) -> str:
    """An error as people understand it; without the endpoint's words, which may repeat the key."""
    if status in {401, 403}:
        return f"The model's endpoint refused our key (HTTP {status}). Check OPENAI_API_KEY."
    if status == 404:  # noqa: PLR2004 - HTTP's "not found"
        return f"The endpoint has no model {model} (HTTP 404). Check TAPEOUT_MODEL and OPENAI_BASE_URL."
    if status == TOO_MANY:
        return f"The model's endpoint is limiting us (HTTP 429): too many requests, or no credit for {model}."
    return f"The model's endpoint failed (HTTP {status}) for {model}."
