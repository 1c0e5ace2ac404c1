"""The table of what was tried."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from .reaper import LEASED, MOMENTS
from .trial import Result

_FAULTS = {
    "rate_limited": "429",
    "server_error": "500, 502, 503",
    "reset_before": "reset before it was taken",
    "reset_after": "reset after it was taken",
    "slow": "slow answers",
    "drop_socket": "dropped sockets",
    "duplicate_event": "events twice",
    "reorder_events": "events reversed",
    "lost_ack": "acknowledgements lost",
}


def table(results: Sequence[Result]) -> Table:
    """What was tried, a column for each trial, and what came of it."""
    shown = Table(title="Kill -9 under Slack's faults")
    shown.add_column("")
    for result in results:
        shown.add_column(result.setup.name, justify="right")

    def line(name: str, values: Sequence[object], style: str = "") -> None:
        shown.add_row(name, *(str(value) for value in values), style=style)

    line("kills", [result.kills.total() for result in results], "bold")
    for moment in MOMENTS:
        line(f"  {moment}", [result.kills[moment] for result in results])
    line("  with work in hand", [result.busy for result in results])
    for name in LEASED:
        line(f"    {name}", [result.held[name] for result in results])
    line("processes asleep for half a minute", [result.slept for result in results])
    line("faults", [result.faults.total() for result in results], "bold")
    for kind, name in _FAULTS.items():
        line(f"  {name}", [result.faults[kind] for result in results])
    line("posts", [result.verdict.posts for result in results], "bold")
    line("lines in threads", [result.verdict.lines for result in results])
    line("digests; stories in them", [f"{r.verdict.digests}; {r.verdict.in_digests}" for r in results])
    line("updates sent", [result.updates for result in results])
    line("questions asked", [result.asked for result in results])
    line("  answered", [result.verdict.answers for result in results])
    line("  answered with an apology", [result.verdict.apologies for result in results])
    line("  given up by Slack before they came in", [result.verdict.given_up for result in results])
    line("watches begun; told", [f"{r.verdict.watches}; {r.verdict.told}" for r in results])
    line("processes that ended by themselves", [len(result.ended) for result in results])
    line("parsers left behind", [result.orphans for result in results])
    line("seconds in all", [round(result.seconds) for result in results])
    line("seconds to settle at the end", [round(result.settled_s) for result in results])
    for name, found in (
        ("lost", [len(result.verdict.lost) for result in results]),
        ("doubled", [len(result.verdict.doubled) for result in results]),
    ):
        line(name, found, "bold green" if not any(found) else "bold red")
    return shown


def complaints(results: Sequence[Result]) -> list[str]:
    """A sentence for each loss and each double."""
    return [
        f"{result.setup.name}: {kind}: {sentence}"
        for result in results
        for kind, sentences in (("lost", result.verdict.lost), ("doubled", result.verdict.doubled))
        for sentence in sentences
    ]
