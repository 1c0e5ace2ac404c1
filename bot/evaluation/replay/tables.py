"""A replay as tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from bot.evaluation.replay.run import FeedResult, Replayed
from bot.evaluation.tables import plain, rows, table

#: More feeds than this are summed up; `--json` has them all.
MOST_FEEDS = 60
MOST_REPEATS = 10


def replayed(made: Replayed, examples: int) -> Iterator[RenderableType]:
    """What would have come of a history.

    Args:
        made: the result.
        examples: so many items are named for each reason.
    """
    feeds = sorted(made.feeds, key=lambda one: -one.versions)[:MOST_FEEDS]
    left = len(made.feeds) - len(feeds)
    columns = ("feed", "versions", "same", "failed", "items", "posted", "twice", "edited", "backlog", "withheld")
    sums = table(f"{len(made.feeds)} feeds{_period(made)}", *columns, right=range(1, len(columns)))
    sums.padding = (0, 1, 0, 0)  # so that names have room in 80 columns
    yield rows(sums, [*(_cells(one) for one in feeds), *([_cells(made.total)] if len(made.feeds) > 1 else [])])
    if left:
        yield Text(f"and {left} feeds more, counted in the total (--json has all)", style="dim")
    yield rows(
        table("Why", "", "reason", "times", right=(2,)),
        ((group.kind, group.reason, f"{group.count:,}") for group in made.groups),
    )
    if examples:
        yield from _examples(made)
    for repeat in made.repeats[:MOST_REPEATS]:
        yield Text.assemble(
            ("posted twice, by ", "bold red"), repeat.by, ": ", plain(repeat.post.title), f" ({repeat.post.version}, "
            f"{repeat.post.posted_at:%d %b %Y}) after ", plain(repeat.before.title),
            f" ({repeat.before.version}, {repeat.before.posted_at:%d %b %Y})",
        )  # fmt: skip


def _period(made: Replayed) -> str:
    first = min((one.first for one in made.feeds if one.first is not None), default=None)
    last = max((one.last for one in made.feeds if one.last is not None), default=None)
    return f", {first:%d %B %Y} to {last:%d %B %Y}" if first is not None and last is not None else ""


def _cells(one: FeedResult) -> tuple[object, ...]:
    twice = Text(f"{one.repeated:,}", style="bold red" if one.repeated else "")
    before = (one.versions, one.unchanged, one.failed, one.items, one.posted)
    after = (one.edited, one.backlog, one.withheld)
    return (one.feed, *(f"{count:,}" for count in before), twice, *(f"{count:,}" for count in after))


def _examples(made: Replayed) -> Iterator[RenderableType]:
    for group in made.groups:
        if group.kind in {"posted", "edited"}:
            continue
        yield Text.assemble((f"{group.kind}: ", "yellow"), group.reason)
        for one in group.examples:
            date = f", dated {one.date:%d %b %Y}" if one.date is not None else ""
            yield Text.assemble("  · ", plain(one.title or one.reason), (f"  {one.feed}, {one.version}{date}", "dim"))
