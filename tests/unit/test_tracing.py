"""Trace ids in logs, and spans where OpenTelemetry is installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import tracing


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What would have been exported."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def test_a_things_trace_is_the_same_in_every_process() -> None:
    """It is made of what it is about, and as long as W3C has it."""
    assert tracing.trace_id("story", 12) == tracing.trace_id("story", 12)
    assert len({tracing.trace_id(noun, 12) for noun in ("story", "article", "question")}) == 3
    assert len(tracing.trace_id("story", 12)) == 32
    assert int(tracing.trace_id("story", 12), 16)


def test_log_lines_of_a_stage_carry_the_trace() -> None:
    """Inside a stage all lines have it, outside none; the line that joins an article to a story has both."""
    log = structlog.get_logger()
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        with tracing.stage("join", "article", 3):
            log.info("before")
            tracing.is_about("story", 12)
            log.info("joined")
        log.info("after")
    article, story = tracing.trace_id("article", 3), tracing.trace_id("story", 12)
    assert [line.get("trace_id") for line in lines] == [article, article, None]
    assert [line.get("story_trace_id") for line in lines] == [None, story, None]


def test_stages_of_one_story_are_spans_of_one_trace(spans: InMemorySpanExporter) -> None:
    """The article's joining links to the story's trace; telling and delivering are in it; an error is on its span."""
    with tracing.stage("join", "article", 3):
        tracing.is_about("story", 12)
    with tracing.stage("tell", "story", 12):
        pass
    with tracing.stage("deliver", "story", 12):
        tracing.failed(ValueError("no"))
    join, tell, deliver = spans.get_finished_spans()
    story = int(tracing.trace_id("story", 12), 16)
    assert [span.context.trace_id for span in (tell, deliver) if span.context] == [story, story]
    assert [link.context.trace_id for link in join.links] == [story]
    assert join.attributes == {"tapeout.article": 3, "tapeout.story": 12}
    assert not deliver.status.is_ok
    assert tell.status.is_ok or tell.status.is_unset
    assert [event.name for event in deliver.events] == ["exception"]


def test_without_opentelemetry_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is an extra."""
    monkeypatch.setattr(tracing, "_otel", None)
    with tracing.stage("join", "article", 3):
        tracing.is_about("story", 12)
        tracing.failed(ValueError("no"))
