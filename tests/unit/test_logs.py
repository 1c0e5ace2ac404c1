from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRETS = (
    "xoxb-123456789012-abcdef",
    "xapp-1-A012-345-deadbeef",
    "sk-proj-abcdefghijklmnop",
    "xoxe.xoxp-1-abcdefgh",
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines; logging is as it was afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(level="info", style="json")
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_taken_out_wherever_it_is(written: io.StringIO, secret: str) -> None:
    """In an event's text, in a value, in a library's message and in a traceback."""
    log = structlog.get_logger("bot.test")
    log.info("token %s", secret, token=secret)
    logging.getLogger("library").warning("calling with %s", secret)
    try:
        int(secret)  # its error holds the value
    except ValueError:
        log.exception("failed")
    text = written.getvalue()
    assert text.count("[secret]") >= 4
    assert secret not in text


def test_a_password_in_an_address_is_taken_out() -> None:
    """The address stays readable without its user and password."""
    assert logs.redact("postgresql://tapeout:hunter2@db.example/x") == "postgresql://[secret]@db.example/x"


def test_lines_are_json_outside_a_terminal(written: io.StringIO) -> None:
    """Each line is one object with its event, level, logger and time."""
    structlog.get_logger("bot.test").info("delivered", key="story:1")
    (line,) = written.getvalue().splitlines()
    found = json.loads(line)
    assert (found["event"], found["key"], found["level"], found["logger"]) == (
        "delivered",
        "story:1",
        "info",
        "bot.test",
    )
    assert found["timestamp"].endswith("Z")


def test_libraries_are_quieter_than_we_are(written: io.StringIO) -> None:
    """At info, Slack's SDK and the HTTP clients say only what is wrong."""
    logging.getLogger("slack_sdk.web").info("a call")
    logging.getLogger("httpx").info("a request")
    assert written.getvalue() == ""
