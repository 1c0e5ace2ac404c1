"""What belongs together in logs, over stages and processes: a trace for each article, story, question and delivery.

A trace's id is made of what it is about, so that any process knows it without being told. The line that joins an
article to a story carries both ids: from there one follows the article back to its reading, and the story to its posts.

Where OpenTelemetry is installed, each stage is also a span of that trace; where its spans go is set up as its own
documentation says (`opentelemetry-instrument tapeout run` with the `OTEL_…` variables).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from hashlib import blake2s
from typing import TYPE_CHECKING, Literal

import structlog

from bot import metrics

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext

try:
    from opentelemetry import trace as _otel
except ImportError:  # an extra: nothing else needs it
    _otel = None  # type: ignore[assignment]

Noun = Literal["feed", "article", "story", "question", "delivery"]

TRACE_BYTES, SPAN_BYTES = 16, 8
"""As long as W3C Trace Context has them."""


def trace_id(noun: Noun, number: int) -> str:
    """The id, in 32 hexadecimal digits, of all that is done about one row of ours."""
    return blake2s(f"tapeout:{noun}:{number}".encode(), digest_size=TRACE_BYTES).hexdigest()


def is_about(noun: Noun, number: int) -> None:
    """The stage under way turned out to be about something else, too: the story that an article joined."""
    structlog.contextvars.bind_contextvars(**{f"{noun}_trace_id": trace_id(noun, number)})
    if _otel is not None:
        span = _otel.get_current_span()
        span.set_attribute(f"tapeout.{noun}", number)
        span.add_link(_root(noun, number))


def failed(error: BaseException) -> None:
    """The stage under way came to an error; whoever works on the queue goes on."""
    if _otel is not None:
        span = _otel.get_current_span()
        span.record_exception(error)
        span.set_status(_otel.StatusCode.ERROR, type(error).__name__)


@contextlib.contextmanager
def stage(name: str, noun: Noun, number: int) -> Iterator[None]:
    """Time a stage's work on one thing, and let all log lines of it carry the thing's trace id.

    Args:
        name: the stage, as /metrics names it.
        noun: what it works on.
        number: that row's id.
    """
    before = dict(structlog.contextvars.get_contextvars())
    structlog.contextvars.bind_contextvars(trace_id=trace_id(noun, number))
    try:
        with metrics.stage_seconds.labels(name).time(), _span(name, noun, number):
            yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**before)


def _span(name: str, noun: Noun, number: int) -> contextlib.AbstractContextManager[object]:
    if _otel is None:
        return contextlib.nullcontext()
    parent = _otel.set_span_in_context(_otel.NonRecordingSpan(_root(noun, number)))
    tracer = _otel.get_tracer("tapeout")
    return tracer.start_as_current_span(name, context=parent, attributes={f"tapeout.{noun}": number})


def _root(noun: Noun, number: int) -> SpanContext:
    """Where a thing's trace begins; every stage's span hangs from it."""
    identity = trace_id(noun, number)
    return _otel.SpanContext(
        trace_id=int(identity, 16),
        span_id=int(identity[: 2 * SPAN_BYTES], 16),
        is_remote=True,
        trace_flags=_otel.TraceFlags(_otel.TraceFlags.SAMPLED),
    )
