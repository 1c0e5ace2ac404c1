"""The long run: `python -m tests.chaos --kills 240`."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from . import report, trial
from .nursery import Nursery
from .servers import database, postgres
from .stage import SETUPS, Setup

out = Console()


async def _trials(setups: list[Setup], folder: Path, *, kills: int, seed: int, within_s: float) -> list[trial.Result]:
    results = []
    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    async with contextlib.AsyncExitStack() as stack:
        server = stack.enter_context(postgres())
        progress = stack.enter_context(Progress(*columns, console=out))
        nursery = await stack.enter_async_context(Nursery())
        for number, setup in enumerate(setups):
            if setup.postgres and server is None:
                out.print(f"{setup.name}: skipped, PostgreSQL is not installed.")
                continue
            address = database(server, f"chaos_{number}") if setup.postgres and server else None
            task = progress.add_task(setup.name, total=kills)
            place = folder / f"{number}"
            place.mkdir()
            results.append(
                await trial.run(
                    setup,
                    place,
                    address,
                    kills=kills,
                    seed=seed + number,
                    within_s=within_s,
                    struck=functools.partial(progress.advance, task),
                    nursery=nursery,
                )
            )
            out.print(report.table(results[-1:]))
    return results


def main(
    kills: Annotated[int, typer.Option(help="How often a process is killed, in all trials together.")] = 240,
    seed: Annotated[int | None, typer.Option(help="The same seed rolls the same dice.")] = None,
    minutes: Annotated[
        float, typer.Option(help="Each trial kills for so long at most: a busy machine starts processes slowly.")
    ] = math.inf,
    only: Annotated[str, typer.Option(help="Of the trials only those whose name has this in it.")] = "",
    keep: Annotated[Path | None, typer.Option(help="A new folder for logs and databases, which is kept.")] = None,
) -> None:
    """Kill the bot's processes at random moments, under Slack's faults, and look for losses and doubles."""
    seed = seed if seed is not None else random.randrange(1_000_000)
    setups = [setup for setup in SETUPS if only.lower() in setup.name.lower()]
    folder = keep or Path(tempfile.mkdtemp(prefix="tapeout-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    out.print(f"seed {seed}, {kills} kills")
    results = asyncio.run(
        _trials(setups, folder, kills=-(-kills // max(1, len(setups))), seed=seed, within_s=60 * minutes)
    )
    out.print(report.table(results))
    for sentence in report.complaints(results):
        out.print(sentence, style="red", markup=False, highlight=False)
    held = bool(results) and all(result.verdict.holds and not result.orphans for result in results)
    if held and keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        out.print(f"Logs and databases are in {folder}")
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    typer.run(main)
