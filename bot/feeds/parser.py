"""Parsing in processes that can be killed: hostile markup costs its time limit, never the service.

A worker starts with the first job, is told one job at a time, and is killed and replaced when it breaks a limit.
Bytes go in and JSON comes out, checked against the expected form: what a subverted worker says is data, too.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

import bot
from bot.errors import ParseError
from bot.feeds.items import ParsedFeed
from bot.feeds.worker import HEAD

T = TypeVar("T")
_START_LIMIT_S = 60.0  # loading our own code on a busy machine
_MAX_ANSWER = 100_000_000
_ROOT = str(Path(bot.__file__).resolve().parent.parent)


@dataclass(slots=True, eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    jobs: int = 0
    peak: int = 0

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def send(self, head: dict[str, Any], body: bytes) -> None:
        data = json.dumps(head).encode()
        stdin = self.process.stdin
        assert stdin is not None
        stdin.write(HEAD.pack(len(data), len(body)) + data)
        stdin.write(body)
        await stdin.drain()

    async def receive(self) -> bytes:
        stdout = self.process.stdout
        assert stdout is not None
        size, _ = HEAD.unpack(await stdout.readexactly(HEAD.size))
        if size > _MAX_ANSWER:
            raise ConnectionError("an answer larger than any that we make")
        return await stdout.readexactly(size)

    async def stop(self, *, kill: bool) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.alive and kill:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        try:
            await asyncio.wait_for(self.process.wait(), 2.0)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                await self.process.stdin.wait_closed()


class ParserPool:
    """Worker processes for parsing; an async context manager, or call `close`.

    Args:
        workers: how many processes at most; they start when they are first needed.
        time_limit_s: seconds that a job may take before its worker is killed.
        memory_limit_mb: megabytes of address space that a worker may use.
        jobs_per_worker: after so many jobs a worker is replaced, so that memory it leaked comes back.
    """

    def __init__(
        self, *, workers: int = 1, time_limit_s: float = 5.0, memory_limit_mb: int = 512, jobs_per_worker: int = 5000
    ) -> None:
        self._time_limit_s = time_limit_s
        self._memory_limit = memory_limit_mb * 1_000_000
        self._jobs_per_worker = jobs_per_worker
        self._free: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(workers):
            self._free.put_nowait(None)
        self._running: set[_Worker] = set()
        self._closed = False
        self.killed = 0

    async def __aenter__(self) -> Self:
        """Nothing starts yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers."""
        await self.close()

    async def parse(self, body: bytes, *, content_type: str | None = None, url: str) -> ParsedFeed:
        """Read a feed (see `parse.parse`) in a worker.

        Raises:
            ParseError: what `parse.parse` raises, or of kind `too_slow` or `too_big`.
        """
        return await self.run("parse", body, ParsedFeed, content_type=content_type, url=url)

    async def run(self, job: str, body: bytes, kind: type[T], **arguments: Any) -> T:  # noqa: ANN401 - the job's own
        """Run one of `worker.JOBS` and read its result as `kind`.

        Raises:
            ParseError: the job's own, or of kind `too_slow`, `too_big` or `malformed`.
        """
        if self._closed:
            raise RuntimeError("the parser pool is closed")
        worker = await self._free.get()
        try:
            if worker is not None and not worker.alive:
                await self._discard(worker, kill=True)
                worker = None
            if worker is None:
                worker = await self._start()
            answer = await self._ask(worker, job, body, arguments)
            worker.jobs += 1
            result = _read(answer, kind)
            worker.peak = result.memory or worker.peak
        except BaseException:
            # Also when the caller was cancelled: the worker may be in the middle of a job, so it cannot be used again.
            if worker is not None:
                await asyncio.shield(self._discard(worker, kill=True))
                worker = None
            raise
        else:
            if worker.jobs >= self._jobs_per_worker or worker.peak > self._memory_limit * 0.75:
                await self._discard(worker, kill=False)
                worker = None
        finally:
            self._free.put_nowait(worker)
        if result.kind is not None:
            raise _failure(result.kind, result.error, self._time_limit_s)
        assert result.result is not None
        return result.result

    async def close(self) -> None:
        """Stop all workers; jobs that are running are killed."""
        self._closed = True
        for worker in list(self._running):
            await self._discard(worker, kill=True)

    async def _start(self) -> _Worker:
        limits = json.dumps({"time_limit_s": self._time_limit_s, "memory_bytes": self._memory_limit})
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.feeds.worker",
            limits,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Nothing of our environment: it holds secrets. Nothing of our files and sockets (close_fds is the default).
            env={"PYTHONPATH": _ROOT, "PYTHONUTF8": "1"},
            start_new_session=True,
        )
        worker = _Worker(process)
        self._running.add(worker)
        return worker

    async def _discard(self, worker: _Worker, *, kill: bool) -> None:
        self._running.discard(worker)
        await worker.stop(kill=kill)

    async def _ask(self, worker: _Worker, job: str, body: bytes, arguments: dict[str, Any]) -> bytes:
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                await worker.send({"job": job, "arguments": arguments}, body)
                await worker.receive()
            async with asyncio.timeout(self._time_limit_s):
                return await worker.receive()
        except TimeoutError:
            self.killed += 1
            raise _failure("too_slow", "", self._time_limit_s) from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.killed += 1
            if self._closed:
                raise ParseError("The bot is stopping.", kind="too_slow") from None
            raise _failure("too_big", "", self._time_limit_s) from error


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    """What a worker says: a result, or the kind of a failure."""

    result: T | None = None
    error: str = ""
    kind: str | None = None
    memory: int = 0


@cache
def _form(kind: Any) -> TypeAdapter[_Answer[Any]]:  # noqa: ANN401 - a class, made at run time
    return TypeAdapter(_Answer[kind])


def _read(answer: bytes, kind: type[T]) -> _Answer[T]:
    try:
        read: _Answer[T] = _form(cast("Hashable", kind)).validate_json(answer)
    except ValidationError:
        return _Answer(kind="crashed")
    return read


def _failure(kind: str, text: str, limit_s: float) -> ParseError:
    if kind == "too_slow":
        return ParseError(
            f"Reading what came back took longer than {limit_s:g} seconds, so it was stopped. It may be hostile.",
            kind=kind,
        )
    if kind == "too_big":
        return ParseError(
            "Reading what came back took too much memory, so it was stopped. It may be hostile.", kind=kind
        )
    if kind in {"too_deep", "crashed"}:
        return ParseError("What came back is too broken to be read. Ask the publisher to mend it.", kind="malformed")
    return ParseError(text, kind=kind)
