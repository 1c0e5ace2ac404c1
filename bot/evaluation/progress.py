"""What is said while an evaluation runs: a bar once it takes longer than a person waits gladly, and faulty lines."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PATIENCE_S = 2.0
NAMED_MOST = 20
"""Faulty lines that are told one by one; where a whole file is of another form, a thousand would say no more."""


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


@contextlib.contextmanager
def passing_over(console: Console | None = None) -> Iterator[Callable[[str], None]]:
    """Yield a function to call with the fault of each line that is passed over.

    They are told on standard error, the first twenty one by one, at the end how many there were.
    """
    err = console or Console(stderr=True)
    many = 0

    def fault(said: str) -> None:
        nonlocal many
        many += 1
        if many <= NAMED_MOST:
            err.print(f"Passed over: {said}", markup=False, highlight=False, soft_wrap=True)

    try:
        yield fault
    finally:
        if many > NAMED_MOST:
            told = f"Passed over: {many:,} lines in all; {many - NAMED_MOST:,} of them are not named."
            err.print(told, highlight=False, soft_wrap=True)
