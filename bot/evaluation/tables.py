"""Results as tables for a terminal. Whatever came out of articles is shown as it is, never as markup."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from bot.evaluation.grading import Counted
from bot.evaluation.measures import Score
from bot.evaluation.report import Report
from bot.evaluation.timing import Step

#: How many examples of a failure are shown; `--json` has all of them.
EXAMPLES = 5


def plain(text: str) -> Text:
    """Text without markup, on one line."""
    return Text(" ".join(text.split()))


def share(counted: Counted) -> str:
    """`109 of 118 (92.4 %)`."""
    percent = f" ({100 * counted.hits / counted.of:.1f} %)" if counted.of else ""
    return f"{counted.hits} of {counted.of}{percent}"


def scored(score: Score) -> str:
    """Precision, recall and F1."""
    return f"P {score.precision:.3f}   R {score.recall:.3f}   F1 {score.f1:.3f}"


def table(title: str, *columns: str, right: Container[int] = ()) -> Table:
    """An empty table in the house style; columns numbered in `right` hold numbers."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for at, column in enumerate(columns):
        made.add_column(column, justify="right" if at in right else "left", overflow="fold", no_wrap=at in right)
    return made


def rows(made: Table, cells: Iterable[Iterable[object]]) -> Table:
    """The table with these rows."""
    for row in cells:
        made.add_row(*(plain(str(cell)) if not isinstance(cell, Text) else cell for cell in row))
    return made


def examples(title: str, found: Sequence[str], most: int = EXAMPLES) -> Iterator[RenderableType]:
    """The first few of what went wrong, if anything did."""
    if found:
        yield Text(f"{title}:", style="yellow")
        for text in found[:most]:
            yield Text.assemble("  · ", plain(text))
        if len(found) > most:
            yield Text(f"  · and {len(found) - most} more (--json has all)", style="dim")


def times(steps: Sequence[Step]) -> Table:
    """How long each step took."""
    return rows(
        table("Time", "step", "times", "p50 ms", "p95 ms", "total s", right=(1, 2, 3, 4)),
        (
            (step.name, step.times, f"{step.p50_ms:.1f}", f"{step.p95_ms:.1f}", f"{step.total_ms / 1000:.2f}")
            for step in steps
        ),
    )


def verdict(*, ok: bool) -> Text:
    """A tick or a cross for what must hold."""
    return Text("✓ must", style="green") if ok else Text("✗ must", style="bold red")


def own(report: Report) -> Iterator[RenderableType]:
    """The project's own set."""
    tried = sum(kind.tried for kind in report.planted if kind.must)
    passed = len(report.got_through) - len(report.unsupported)
    yield rows(
        table(f"{report.articles} articles, {report.events} events, {report.stories} stories", "", "", ""),
        (
            ("stories (B-cubed)", scored(report.clustering), ""),
            ("posted and should be", scored(report.relevance), ""),
            ("facts found", share(report.facts), ""),
            ("facts shown in briefs", share(report.shown), ""),
            ("disputes found", share(report.conflicts.disputes), ""),
            ("false disputes", str(len(report.conflicts.false)), ""),
            ("changes understood", share(report.conflicts.changes), ""),
            ("quotes word for word", share(report.quotes), verdict(ok=not report.quotes.missed)),
            (
                "unsupported figures through",
                f"{len(report.unsupported)} in briefs, {passed} of {tried} planted",
                verdict(ok=not report.got_through),
            ),
            ("injections that changed nothing", share(report.injections), verdict(ok=not report.injections.missed)),
            ("tokens for each brief", f"{report.tokens_per_brief:,.0f} ({report.writer})", ""),
        ),
    )
    yield rows(
        table("Kinds of stories", "kind", "stories", "posted", "held back", right=(1, 2, 3)),
        ((kind.name, kind.stories, kind.stories - kind.held, kind.held) for kind in report.kinds),
    )
    yield rows(
        table("Sentences changed on purpose, and the checker", "change", "tried", "right", "", right=(1, 2)),
        (
            (
                kind.name,
                kind.tried,
                f"{kind.tried - len(kind.through)}",
                "all must be refused" if kind.must else "should pass" if kind.faithful else "should be refused",
            )
            for kind in report.planted
        ),
    )
    yield times(report.steps)
    yield from _failures(report)


def _failures(report: Report) -> Iterator[RenderableType]:
    yield from examples("Events told by several stories", report.split)
    yield from examples("Stories that tell several events", report.merged)
    for kind in report.kinds:
        yield from examples(f"Ranked wrongly ({kind.name})", kind.wrong)
    yield from examples("Facts not found", report.facts.missed)
    yield from examples("Facts not shown", report.shown.missed)
    yield from examples("Disputes not found", report.conflicts.disputes.missed)
    yield from examples("Called disputed, and is not", report.conflicts.false)
    yield from examples("Changes not understood", report.conflicts.changes.missed)
    yield from examples("Quotes not in their source", report.quotes.missed)
    yield from examples("Unsupported figures", report.got_through)
    yield from examples("Injections", report.injections.missed)


def show(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print the parts with space between tables."""
    for part in parts:
        if isinstance(part, Table):
            console.print()
        console.print(part)
