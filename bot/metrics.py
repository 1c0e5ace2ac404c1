"""What Prometheus reads at /metrics. Counters are moved where the thing happens; gauges are read from the store."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST

registry = CollectorRegistry()

polls = Counter("tapeout_polls_total", "Polls of feeds, by outcome.", ["outcome"], registry=registry)
articles = Counter("tapeout_articles_total", "Articles, by identity's verdict.", ["verdict"], registry=registry)
joins = Counter("tapeout_joins_total", "Articles joined into stories, new or known.", ["story"], registry=registry)
briefs = Counter("tapeout_briefs_total", "Briefs written, by writer.", ["writer"], registry=registry)
deliveries = Counter("tapeout_deliveries_total", "Attempts at delivery, by result.", ["result"], registry=registry)
copies = Counter("tapeout_digest_copies_total", "Digests sent elsewhere, by result.", ["result"], registry=registry)
digests = Counter("tapeout_digests_total", "Digests made.", registry=registry)
answers = Counter("tapeout_answers_total", "Questions finished, by state.", ["state"], registry=registry)
model_tokens = Counter("tapeout_model_tokens_total", "Tokens read and written.", ["kind"], registry=registry)
model_dollars = Counter("tapeout_model_dollars_total", "US dollars spent on them.", registry=registry)
errors = Counter("tapeout_errors_total", "Unexpected errors, by loop.", ["loop"], registry=registry)
stage_seconds = Histogram(
    "tapeout_stage_seconds",
    "Time that one item takes in a stage.",
    ["stage"],
    registry=registry,
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
queue = Gauge("tapeout_queue_items", "Deliveries by state.", ["state"], registry=registry)
due_items = Gauge("tapeout_due_items", "What is due at each stage.", ["stage"], registry=registry)
due_oldest = Gauge(
    "tapeout_due_oldest_seconds", "For how long the oldest has been due at each stage.", ["stage"], registry=registry
)
workers = Gauge("tapeout_workers", "Processes that showed lately that they live.", registry=registry)
loop_beat = Gauge("tapeout_loop_beat_timestamp_seconds", "When each loop was last alive.", ["loop"], registry=registry)


def beats() -> dict[str, float]:
    """When each loop of this process last turned, in seconds since the epoch."""
    return {sample.labels["loop"]: sample.value for family in loop_beat.collect() for sample in family.samples}


def render() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(registry)
