"""`python -m bench [NAME …]`: measure, and print tables with medians, 95th percentiles and ratios."""

from __future__ import annotations

import importlib
import json
import os
import platform
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table as Grid

from bench.measure import Benchmark, Sizes, Table

NAMES = ("feeds", "stories", "answers", "store", "workers", "start", "load")
EVERY_DAY = tuple(name for name in NAMES if name != "load")
"""What is measured when no name is given: an hour's load takes a quarter of one."""
out = Console()
err = Console(stderr=True)


def measure(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Which: {', '.join(NAMES)}. All but load, if none.")
    ] = None,
    *,
    quick: Annotated[
        bool, typer.Option(help="Small sizes: see that everything runs; its numbers mean nothing.")
    ] = False,
    feeds: Annotated[int | None, typer.Option(min=10, help="Feeds that are polled.")] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="Steady polls of all of them.")] = None,
    articles: Annotated[int | None, typer.Option(min=100, help="Articles in the archive.")] = None,
    samples: Annotated[
        int | None, typer.Option(min=5, help="Articles joined, briefs written, questions asked.")
    ] = None,
    rows: Annotated[int | None, typer.Option(min=10, help="Feeds claimed and settled; posts sent.")] = None,
    news: Annotated[int | None, typer.Option(min=10, help="Articles that go through all stages.")] = None,
    channels: Annotated[int | None, typer.Option(min=4, help="Channels that they go to.")] = None,
    teams: Annotated[int | None, typer.Option(min=1, help="Workspaces that get an hour's news.")] = None,
    load_feeds: Annotated[int | None, typer.Option(min=2, help="The hour's feeds.")] = None,
    load_articles: Annotated[int | None, typer.Option(min=5, help="The hour's articles.")] = None,
    load_workers: Annotated[int | None, typer.Option(min=1, help="Processes that work on it.")] = None,
    pace: Annotated[float | None, typer.Option(min=1, help="How many times as fast the hour goes by.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the results to this file, too.")] = None,
) -> None:
    """Measure speed and memory, side by side in one run."""
    unknown = set(names or ()) - set(NAMES)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there is only {', '.join(NAMES)}")
    given: dict[str, Any] = {
        "feeds": feeds,
        "rounds": rounds,
        "articles": articles,
        "samples": samples,
        "rows": rows,
    }
    given |= {"news": news, "channels": channels}
    given |= {"teams": teams, "load_feeds": load_feeds, "load_articles": load_articles}
    given |= {"load_workers": load_workers, "pace": pace}
    sizes = replace(Sizes.quick() if quick else Sizes(), **{k: v for k, v in given.items() if v is not None})
    out.print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n", style="dim"
    )
    tables = []
    for name in names or (NAMES if quick else EVERY_DAY):
        started = time.perf_counter()
        module = cast("Benchmark", importlib.import_module(f"bench.{name}"))
        with err.status(f"{name} …") as status:
            table = module.run(sizes, status.update)
        tables.append(table)
        show(table, time.perf_counter() - started)
    if as_json is not None:
        plain = [asdict(table) for table in tables]
        as_json.write_text(json.dumps({"sizes": asdict(sizes), "tables": plain}, indent=1), encoding="utf-8")


def show(table: Table, took: float) -> None:
    """Print a table, its targets and its notes."""
    grid = Grid(*table.columns, title=f"{table.title} [dim]({took:.0f} s)[/dim]", title_justify="left")
    for column in grid.columns[1:]:
        column.justify = "right"
    for row in table.rows:
        grid.add_row(*row)
    out.print(grid)
    for target in table.targets:
        mark = "[green]met[/green]" if target.met else "[red]missed[/red]"
        bound = "at most" if target.at_most else "at least"
        out.print(
            f"  {mark}: {target.what} {target.measured:.3g} {target.unit} ({bound} {target.limit:g})", highlight=False
        )
    for note in table.notes:
        out.print(f"  {note}", style="dim", highlight=False)
    out.print()


if __name__ == "__main__":
    typer.run(measure)
