"""Answering from a large archive without a model: from the question to the first words, which are the whole answer."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import archive
from bench.archive import NEWEST, Made
from bench.measure import Heart, Sizes, Table, Target, Tell, peak_mb, quantile, spread
from bench.newsdesk import newsdesk
from bench.texts import names
from bot import logs
from bot.models import AnswerState
from bot.newsroom import Newsroom
from bot.store import passages
from bot.writing import retrieve

NOW = NEWEST + timedelta(minutes=5)
_LIMIT_MS = 300
#: From so many articles on a second is allowed; such an archive takes a quarter of an hour to make, and 7 GB.
_LARGE, _LARGE_LIMIT_MS = 1_000_000, 1000


@dataclass(slots=True)
class _Timed:
    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    search: list[float] = field(default_factory=list)
    count: list[float] = field(default_factory=list)
    rank: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


def run(sizes: Sizes, tell: Tell) -> Table:
    """Ask `sizes.samples` questions: of names and figures, of plain words, with times, and about unknown things."""
    logs.configure(level="warning", style="json")
    with tempfile.TemporaryDirectory(prefix="tapeout-bench-") as folder:
        path = archive.copy_of(sizes.articles, sizes.seed, Path(folder), tell)
        megabytes = path.stat().st_size / 1e6
        timed = asyncio.run(_ask(path, _questions(sizes), tell))
    limit = _LARGE_LIMIT_MS if sizes.articles >= _LARGE else _LIMIT_MS
    parts = {
        "first words (the whole answer)": timed.whole,
        "  on the processor, all threads": timed.processor,
        "  of it: word search": timed.search,
        "  of it: counting what was searched": timed.count,
        "  of it: ranking": timed.rank,
        "event loop held": timed.held,
    }
    states = ", ".join(f"{count} {state}" for state, count in timed.states.most_common())
    return Table(
        name="answers",
        title=f"Answering from {sizes.articles:,} articles without a model",
        columns=("", "median", "p95", "worst"),
        rows=tuple((what, *spread(values)) for what, values in parts.items() if values),
        targets=(Target("first words, p95", quantile(timed.whole, 0.95) * 1000, limit, "ms"),),
        notes=(f"{states}. The database has {megabytes:,.0f} MB; peak memory {peak_mb():.0f} MB.",),
    )


def _questions(sizes: Sizes) -> list[str]:
    draw = random.Random(sizes.seed + 2)
    known: Sequence[Made] = list(islice(archive.pieces(sizes.articles, sizes.seed), min(sizes.articles, 5000)))
    forms = (
        "What did {company} agree on?",
        "How many megawatts does the campus of {company} have?",
        "Who signed a deal with {company} last week?",
        "What is known about {figure} accelerators and {company}?",
        "Which companies delay liquid cooling because of the power grid?",
        "What did {company} and {other} say about memory stacks since Tuesday?",
        "How large is the fab order of {unknown}?",
        "Does {unknown} grow tulips in Atlantis?",
    )
    asked = []
    for at in range(sizes.samples):
        piece = draw.choice(known).piece
        asked.append(
            forms[at % len(forms)].format(
                company=piece.company, figure=piece.figure, other=draw.choice(names()), unknown=f"Quorvex{at}"
            )
        )
    return asked


async def _ask(path: Path, asked: list[str], tell: Tell) -> _Timed:
    timed = _Timed()
    async with newsdesk(path, NOW) as (newsroom, _), Heart.beating() as heart:
        await newsroom.compose(asked[0], team_id="bench")  # opens the vectors and the file
        heart.busy.clear()
        with (
            _watched(passages, "search", timed.search),
            _watched(passages, "count", timed.count),
            _watched(retrieve, "rank", timed.rank),
        ):
            for number, text in enumerate(asked):
                if number % 20 == 0:
                    tell(f"answers: {number:,} of {len(asked):,} questions")
                await _one(newsroom, text, timed)
        timed.held = heart.busy.copy()
    return timed


@contextlib.contextmanager
def _watched(module: ModuleType, name: str, kept: list[float]) -> Iterator[None]:
    """Time each call of a module's function, by whomever."""
    original: Callable[..., Any] = getattr(module, name)

    async def waited(*args: Any, **options: Any) -> Any:  # noqa: ANN401  # the function's own
        started = time.perf_counter()
        try:
            return await original(*args, **options)
        finally:
            kept.append(time.perf_counter() - started)

    def called(*args: Any, **options: Any) -> Any:  # noqa: ANN401  # the function's own
        started = time.perf_counter()
        try:
            return original(*args, **options)
        finally:
            kept.append(time.perf_counter() - started)

    setattr(module, name, waited if inspect.iscoroutinefunction(original) else called)
    try:
        yield
    finally:
        setattr(module, name, original)


async def _one(newsroom: Newsroom, text: str, timed: _Timed) -> None:
    started, used = time.perf_counter(), time.process_time()
    answer = await newsroom.compose(text, team_id="bench")
    timed.whole.append(time.perf_counter() - started)
    timed.processor.append(time.process_time() - used)
    timed.states[answer.state.value if answer.state is not AnswerState.UNKNOWN else "honestly unknown"] += 1
