"""`tapeout eval …` and `tapeout replay`: only names and options here; the work is imported when it is asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

evaluation = typer.Typer(
    help="Measure how well it works, on the project's own labelled set or on yours (docs/evaluation.md).",
    invoke_without_command=True,
)


def register(cli: typer.Typer) -> None:
    """Add the commands to the command line."""
    cli.add_typer(evaluation, name="eval")
    cli.command()(replay)


@evaluation.callback()
def own(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """Measure how well it works.

    Without a further command: on the project's own labelled set, from articles to briefs. The exit code is 1 when
    a promise is broken: a quote that is not in its source, an unsupported figure, an injection that worked.
    """
    if context.invoked_subcommand is None:
        from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

        running.own(as_json=as_json)


class Clock(StrEnum):
    """Where a saved version's time comes from."""

    AUTO = "auto"
    NAME = "name"
    MTIME = "mtime"
    CONTENT = "content"


def replay(
    path: Annotated[Path, typer.Argument(help="A folder with saved versions of feeds, or a git repository.")],
    show: Annotated[int, typer.Option("--show", min=0, help="So many examples of each reason.")] = 0,
    time: Annotated[Clock, typer.Option("--time", help="Where a saved file's time comes from.")] = Clock.AUTO,
    files: Annotated[
        list[str] | None, typer.Option("--files", help="In a repository: which files to look at, e.g. 'feeds/*.xml'.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Take years of saved feeds in again: what would have been posted, repeated and withheld, and why.

    The exit code is 1 when anything would have been posted twice.
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.replay(path, examples=show, clock=time.value, files=tuple(files or ()), as_json=as_json)
