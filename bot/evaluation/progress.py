"""A progress bar that only shows itself when the work takes longer than a person waits gladly."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PATIENCE_S = 2.0


@contextlib.contextmanager
def progress(what: str, console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to call with how much is done and how much there is (0: not known).

    The bar goes to standard error, appears after two seconds, and leaves nothing behind.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console or Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(what, total=None)
    began = time.monotonic()
    started = False

    def tell(done: int, total: int) -> None:
        nonlocal started
        if not started and time.monotonic() - began > PATIENCE_S:
            bar.start()
            started = True
        bar.update(task, completed=done, total=total or None)

    try:
        yield tell
    finally:
        if started:
            bar.stop()
