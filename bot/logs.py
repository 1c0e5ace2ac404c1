"""Structured logs: readable in a terminal, JSON elsewhere, with secrets taken out wherever they turn up."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Tokens of Slack (xoxb-, xapp-, xoxe. …), keys of model providers, passwords in addresses, bearer headers.
_SECRETS = re.compile(
    r"xox[a-z]?[.-][A-Za-z0-9.-]{6,}|xapp-[A-Za-z0-9-]{6,}|sk-[A-Za-z0-9_-]{8,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?i:(?<=bearer )[A-Za-z0-9._~+/-]{8,}=*)"
)


#: Tokens in addresses of feeds and pages, by the name that they are given there.
_IN_ADDRESSES = re.compile(
    r"(?i)([?&;](?:\w*[_-])?(?:token|key|apikey|auth\w*|secret|sig|signature|pass\w*|pwd|jwt|code|state)=)[^&\s\"'<>]+"
)


def redact(text: str) -> str:
    """The text with everything that looks like a secret taken out."""
    return _IN_ADDRESSES.sub(r"\1[secret]", _SECRETS.sub("[secret]", text))


def _redact_event(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
        elif isinstance(value, BaseException):
            event[key] = redact(repr(value))
    return event


def configure(*, level: str = "info", style: str = "auto") -> None:
    """Set up logging once, at the start.

    Args:
        level: the least level that is written.
        style: `text`, `json`, or `auto`: text in a terminal.
    """
    text = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if text else "iso", utc=not text),
        structlog.stdlib.ExtraAdder(),
    ]
    finish: list[structlog.typing.Processor] = (
        [
            _redact_event,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # A traceback with the values of variables would show articles, questions and secrets.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ]
        if text
        else [structlog.processors.format_exc_info, _redact_event, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _RedactingHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Libraries tell what only their authors want to know; ours stay at the chosen level.
    for name in ("slack_bolt", "slack_sdk", "aiohttp.access", "httpx", "openai", "alembic", "trafilatura", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _RedactingHandler(logging.StreamHandler[Any]):
    """The last gate: whatever a library or a traceback put into the line, no secret leaves."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
