"""The process that reads strangers' bytes, `python -m bot.feeds.worker`; started and killed by `parser.ParserPool`.

It talks in frames over its standard input and output: a length, a JSON head, a body. It has no network connection, no
secrets in its environment, and limits on time and memory. A frame `{"started": …}` says that the job's code is loaded
and the clock runs; a second one holds the result.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, BinaryIO, cast

from bot.errors import ParseError

HEAD = struct.Struct(">II")
JOBS = {
    "parse": ("bot.feeds.parse", "parse"),
    "page": ("bot.feeds.extract", "extract_page"),
    "links": ("bot.feeds.extract", "page_links"),
    "opml": ("bot.feeds.opml", "read"),
}


def main() -> None:
    """Serve jobs until the parent closes our input."""
    limits = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limit_memory(int(limits["memory_bytes"]))
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up between frames
    while (frame := _receive(source)) is not None:
        head, body = frame
        job = _load(head["job"])
        _send(sink, {"started": True})
        # If the parent is killed while we are busy, nobody else ends a job that never does.
        signal.setitimer(signal.ITIMER_REAL, float(limits["time_limit_s"]) + 2.0)
        answer = _run(job, body, head["arguments"])
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(sink, answer)


def _load(name: str) -> Callable[..., Any]:
    module, function = JOBS[name]
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return loaded


def _run(job: Callable[..., Any], body: bytes, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": job(body, **arguments), "memory": _peak()}
    except ParseError as error:
        return {"error": str(error), "kind": error.kind, "memory": _peak()}
    except MemoryError:
        return {"error": "", "kind": "too_big", "memory": _peak()}
    except RecursionError:
        return {"error": "", "kind": "too_deep", "memory": _peak()}
    except Exception as error:  # noqa: BLE001 - a library's fault on strangers' bytes must not end the worker
        return {"error": type(error).__name__, "kind": "crashed", "memory": _peak()}


def _limit_memory(limit: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return  # some systems have no such limit; the time limit remains


def _peak() -> int:
    """The most memory this process has used, in bytes; 0 where the system does not tell.

    Linux's ru_maxrss is handed on from the parent at fork, so a large parent would make each worker look large:
    VmHWM begins anew with the program.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - pathlib is a slow import here
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if sys.platform != "darwin":
        return 0
    import resource  # noqa: PLC0415 - not on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def _receive(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    sizes = source.read(HEAD.size)
    if len(sizes) < HEAD.size:
        return None
    head_size, body_size = HEAD.unpack(sizes)
    head, body = source.read(head_size), source.read(body_size)
    return (json.loads(head), body) if len(body) == body_size else None


def _send(sink: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message, default=_plain, check_circular=False).encode()
    sink.write(HEAD.pack(len(data), 0) + data)
    sink.flush()


@cache
def _fields(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    return tuple(field.name for field in fields(kind))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field: getattr(value, field) for field in _fields(cast("Hashable", type(value)))}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    main()
