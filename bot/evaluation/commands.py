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


class Encoder(StrEnum):
    """What articles are compared by."""

    WORDS = "words"
    MINILM = "minilm"


@evaluation.command()
def clustering(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="JSON lines: text, story (and time, title, publisher, url); without, the project's headlines."
        ),
    ] = None,
    encoder: Annotated[
        Encoder | None, typer.Option("--encoder", help="What compares articles; without, TAPEOUT_ENCODER.")
    ] = None,
    sweep: Annotated[bool, typer.Option(help="Try other bars, too; takes eight times as long.")] = True,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Join the articles of a labelled set into stories: B-cubed, and what other bars would give.

    For example: tapeout eval clustering stories.jsonl
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.clustered(file, encoder=encoder.value if encoder else None, sweep=sweep, as_json=as_json)


@evaluation.command()
def relevance(
    file: Annotated[Path, typer.Argument(help="JSON lines: text, topic (and title); topic, profile, keywords.")],
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Rank a set's articles for each of its topics: by keywords, by the topic's sentence, and with simulated votes.

    For example: tapeout eval relevance topics.jsonl
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.ranked(file, as_json=as_json)


@evaluation.command()
def summaries(
    file: Annotated[Path, typer.Argument(help="JSON lines: text, reference (and title).")],
    words: Annotated[int | None, typer.Option("--words", min=1, help="Words that a summary comes near to.")] = None,
    sentences: Annotated[int | None, typer.Option("--sentences", min=1, help="Its sentences, instead.")] = None,
    stems: Annotated[bool, typer.Option(help="Compare stems (Porter) rather than words.")] = True,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Sum up the texts of a set and compare with its references: ROUGE-1, -2 and -L, beside the first sentences.

    For example: tapeout eval summaries articles.jsonl
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.summarised(file, sentences=sentences, words=words, stems=stems, as_json=as_json)


@evaluation.command()
def faithfulness(
    file: Annotated[Path, typer.Argument(help="JSON lines: source, sentence, label.")],
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Let the checker judge the sentences of a labelled set: AUROC of its score, accuracy of its veto.

    For example: tapeout eval faithfulness claims.jsonl
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.judged(file, as_json=as_json)


@evaluation.command()
def answers(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Passages and questions as JSON lines; without, the project's own questions."),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Ask the project's own questions, or those of another set over its passages.

    The exit code is 1 when a quote is not in its source or a hostile question got something through.

    For example: tapeout eval answers passages.jsonl questions.jsonl
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.answered(files or (), as_json=as_json)


@evaluation.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where passages.jsonl, questions.jsonl and review.jsonl go.")],
    team: Annotated[str | None, typer.Option("--team", help="The workspace's id, where there are several.")] = None,
) -> None:
    """Make cases of the answers that people voted on, for `tapeout eval answers FOLDER/passages.jsonl …`.

    For example: tapeout eval export cases
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.exported(folder, team)


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

    For example: tapeout replay saved-feeds
    """
    from bot.evaluation import running  # noqa: PLC0415  # nobody else should pay for it

    running.replay(path, examples=show, clock=time.value, files=tuple(files or ()), as_json=as_json)
