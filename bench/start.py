"""From `tapeout run` in an empty folder to the first post in the channel, and the memory that it takes."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Sizes, Table, Tell, children, median, memory_mb, quantile, shown

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 90.0
_SETTLED_S = 10.0
_STARTS = 3


def run(sizes: Sizes, tell: Tell) -> Table:
    """Start it some times (once when it is only a trial)."""
    starts = 1 if sizes == Sizes.quick() else _STARTS
    found: list[tuple[float, float, float, float]] = []
    for number in range(starts):
        tell(f"start: {number + 1} of {starts}")
        with tempfile.TemporaryDirectory(prefix="tapeout-bench-") as folder:
            found.append(_start(Path(folder), wait_s=_SETTLED_S if starts > 1 else 0.0))
    ready, posted, own, parsers = map(list, zip(*found, strict=True))
    rows = [
        ("until it listens", shown(median(ready)), shown(max(ready))),
        ("until the first post", shown(median(posted)), shown(max(posted))),
        ("memory of the bot with the local workspace", f"{median(own):.0f} MB", f"{quantile(own, 1.0):.0f} MB"),
        ("memory of its parser processes", f"{median(parsers):.0f} MB", f"{quantile(parsers, 1.0):.0f} MB"),
    ]
    return Table(
        name="start",
        title="`tapeout run` in an empty folder",
        columns=("", "median", "worst"),
        rows=tuple(rows),
        notes=(
            "A story waits two seconds for other publishers before its post; that is in the time.",
            f"Memory {_SETTLED_S:.0f} seconds after the first post, with the sample feeds' stories told.",
        ),
    )


def _start(folder: Path, *, wait_s: float) -> tuple[float, float, float, float]:
    """Seconds until it listens and until it has posted; MB of the process and of its children."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environ |= {
        "TAPEOUT_DATA_DIR": str(folder / "var"),
        "TAPEOUT_WORKSPACE_PORT": "0",
        "TAPEOUT_SHELF_PORT": "0",
        "PORT": "0",
        "PYTHONPATH": str(_ROOT),
    }
    with (folder / "log").open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=folder, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            database = folder / "var" / "tapeout.db"
            ready = _until(process, started, lambda: _count(database, "SELECT count(*) FROM subscription"), folder)
            sent = "SELECT count(*) FROM delivery WHERE state = 'sent' AND key LIKE 'story:%'"
            posted = _until(process, started, lambda: _count(database, sent), folder)
            time.sleep(wait_s)
            parsers = sum(memory_mb(pid) for pid in children(process.pid))
            return ready, posted, memory_mb(process.pid), parsers
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            finally:
                process.kill()


def _until(process: subprocess.Popen[bytes], started: float, is_so: object, folder: Path) -> float:
    assert callable(is_so)
    while not is_so():
        waited = time.perf_counter() - started
        if process.poll() is not None or waited > _PATIENCE_S:
            raise RuntimeError(f"tapeout run: nothing after {waited:.0f} s\n{(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.02)
    return time.perf_counter() - started


def _count(path: Path, query: str) -> int:
    """A number out of the bot's database; 0 as long as there are no tables."""
    if not path.exists():
        return 0
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as connection,
    ):
        return int(connection.execute(query).fetchone()[0])
    return 0
