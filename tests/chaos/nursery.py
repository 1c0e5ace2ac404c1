"""Starts the bot's processes quickly: each is a fork of one that has loaded the program and opened nothing.

Loading the program takes two seconds of a processor, the same ones each time; a run with hundreds of starts would
spend most of its time there. All else of a start (settings, store, Slack, loops) is a process's own.

```
harness ──{"start": 3, "command": "run", …}──► nursery ──fork──► tapeout run
        ◄──{"started": 3, "pid": 4711}────────
        ◄──{"ended": 4711, "code": -9}────────
```
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
START_S = 120.0
"""So long loading the program may take on a busy machine."""


class Nursery:
    """The harness's side; an async context manager."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._numbers = itertools.count()
        self._starting: dict[int, asyncio.Future[int]] = {}
        self._ends: dict[int, asyncio.Future[int]] = {}

    async def __aenter__(self) -> Self:
        """Load the program."""
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, cwd=ROOT, stdin=pipe, stdout=pipe,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert self._process.stdout is not None
        async with asyncio.timeout(START_S):
            assert await self._process.stdout.readline() == b"ready\n"
        self._reading = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it, and whatever still runs with it."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reading is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.wait_closed()

    async def start(self, command: str, *, environ: Mapping[str, str], folder: Path, output: Path) -> int:
        """Start `tapeout COMMAND` with this environment, in this folder, its output added to a file; its process id."""
        assert self._process is not None
        assert self._process.stdin is not None
        number = next(self._numbers)
        started = self._starting[number] = asyncio.get_running_loop().create_future()
        order = {"start": number, "command": command, "environ": dict(environ)}
        order |= {"folder": str(folder), "output": str(output)}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        pid: int = await started
        return pid

    async def ended(self, pid: int) -> int:
        """Its exit code, once it ended; below 0, the signal that ended it."""
        return await asyncio.shield(self._ends[pid])

    async def _read(self, answers: asyncio.StreamReader) -> None:
        while said := await answers.readline():
            answer: dict[str, int] = json.loads(said)
            if "started" in answer:
                self._ends[answer["pid"]] = asyncio.get_running_loop().create_future()
                self._starting.pop(answer["started"]).set_result(answer["pid"])
            else:
                self._ends[answer["ended"]].set_result(answer["code"])


def main() -> None:
    """The nursery's side: fork whatever is ordered, tell of what has ended, until the orders end."""
    import bot.app  # loaded here alone, not by the harness that imports this module
    from bot.cli import main as run  # the same
    from bot.stories.vectors import word_vectors  # the same

    del bot
    word_vectors()
    gc.collect()
    gc.freeze()
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)  # its only parameter
    os.set_inheritable(1, False)  # noqa: FBT003  # the same
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes)
    living: set[int] = set()
    _say(b"ready\n")
    orders = b""
    while True:
        readable, _, _ = select.select([0, woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            _bury(living)
        if 0 in readable:
            said = os.read(0, 65536)
            if not said:
                break
            *lines, orders = (orders + said).split(b"\n")
            for line in lines:
                living.add(_fork(json.loads(line), run))
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _fork(order: Mapping[str, Any], run: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(order, run)
    _say(json.dumps({"started": order["start"], "pid": pid}).encode() + b"\n")
    return pid


def _bury(living: set[int]) -> None:
    for pid in sorted(living):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            living.remove(pid)
            _say(json.dumps({"ended": pid, "code": os.waitstatus_to_exitcode(status)}).encode() + b"\n")


def _say(words: bytes) -> None:
    os.write(1, words)


def _become(order: Mapping[str, Any], run: Callable[[], None]) -> None:
    """In the fork: take the process's own place, environment and output, and run the bot."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(order["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for target, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, target)
    os.closerange(3, 64)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv = ["tapeout", order["command"]]
    code = 1
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # whatever it was is told, as the interpreter would
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
