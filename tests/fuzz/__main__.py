"""The long run: `make fuzz`. A failing feed is saved and named; `python -m tests.fuzz --only NUMBER` makes it again."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .reading import GROWTH_MB, Report, read_all, save

FOLDER = Path(__file__).resolve().parent.parent.parent / "var" / "fuzz"


def main() -> int:
    """Read the feeds, show a summary; 1 when something happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="how many broken feeds (5,000)")
    parser.add_argument("--seed", type=int, default=1, help="another number, other feeds (1)")
    parser.add_argument("--only", type=int, help="the one feed of this number")
    given = parser.parse_args()
    first = given.seed * 1_000_000
    numbers = [given.only] if given.only is not None else range(first, first + given.count)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("broken feeds", total=len(numbers))

        def after(report: Report) -> None:
            progress.update(task, advance=1, description=f"broken feeds ({len(report.failures)} failed)")

        report = asyncio.run(read_all(numbers, after=after))
    show(console, report)
    return 0 if report.ok else 1


def show(console: Console, report: Report) -> None:
    """Print the summary and save what failed."""
    table = Table("outcome", "feeds", title="Broken feeds", title_justify="left")
    for kind, count in report.outcomes.most_common():
        table.add_row(kind, f"{count:,}")
    table.add_row("[red]failed[/red]" if report.failures else "failed", f"{len(report.failures):,}")
    console.print(table)
    slowest, number = report.slowest
    console.print(
        f"{report.agreed:,} read on the fast path, as feedparser reads them; {report.items:,} items decided about; "
        f"{report.killed} workers killed at a limit; slowest {slowest:.2f} s "
        f"(number {number}); this process grew by {report.grown_mb:.0f} MB (at most {GROWTH_MB:.0f}).",
        highlight=False,
    )
    if report.repeating:
        console.print(f"Something new when read again: {report.repeating} (at most 1 in 1,000).", highlight=False)
    for failure in report.failures:
        path = save(failure, FOLDER)
        last = failure.why.strip().splitlines()[-1]
        console.print(f"[red]{failure.broken.number}[/red] {path}: {last}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
