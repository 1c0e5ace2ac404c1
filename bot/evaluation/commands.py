"""`tapeout eval …` and `tapeout replay`: only names and options here; the work is imported when it is asked for."""

from __future__ import annotations

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


@evaluation.callback()
def own(context: typer.Context, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """Measure how well it works.

    Without a further command: on the project's own labelled set, from articles to briefs. The exit code is 1 when
    a promise is broken: a quote that is not in its source, an unsupported figure, an injection that worked.
    """
    if context.invoked_subcommand is None:
        from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

        running.own(as_json=as_json)
