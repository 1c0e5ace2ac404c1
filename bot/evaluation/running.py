"""What the evaluation commands do: read the settings, run, print, and fail when a promise was broken."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console

from bot import logs, opening
from bot import settings as settings_module
from bot.errors import TapeoutError, UserError
from bot.evaluation import (
    clustering,
    exporting,
    faithfulness,
    interests,
    questions,
    report,
    retrieval,
    sample,
    sets,
    summaries,
    tables,
)
from bot.evaluation.archive import Listening
from bot.evaluation.lines import FormatError
from bot.evaluation.progress import passing_over, progress
from bot.evaluation.replay import run as replaying
from bot.evaluation.replay.folder import Clock, FolderHistory
from bot.evaluation.replay.repository import GLOBS, RepositoryHistory, is_repository
from bot.evaluation.replay.tables import replayed
from bot.evaluation.replay.versions import History, HistoryError
from bot.feeds.parser import ParserPool
from bot.settings import Settings
from bot.store import channels
from bot.stories import encoder as encoders
from bot.stories.vectors import word_vectors
from bot.writing.brief import BriefWriter
from bot.writing.llm import ModelClient
from bot.writing.purse import MemoryBudget
from bot.writing.summary import ABOUT_WORDS

#: More than any run can use; the budget only counts here.
NO_LIMIT = 10**12
#: Parsing is what takes the time in a replay.
PARSERS = 2


class BrokenPromiseError(TapeoutError):
    """Something that must hold did not; the message says what, and the exit code is 1."""


def _start() -> Settings:
    settings = settings_module.load()
    logs.configure(level="warning" if settings.log_level == "info" else settings.log_level, style=settings.log_format)
    return settings


@contextlib.asynccontextmanager
async def _model(settings: Settings) -> AsyncIterator[ModelClient | None]:
    if not settings.has_model:
        yield None
        return
    model = ModelClient(
        model=settings.model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        silence_s=settings.model_patience_s,
    )
    try:
        yield model
    finally:
        await model.close()


def _json(shape: type[object], value: object, broken: Sequence[str]) -> None:
    plain = json.loads(TypeAdapter(shape).dump_json(value))  # what is not a number becomes null
    Console().print_json(json.dumps({**plain, "broken": list(broken)}))


def _fail(broken: Sequence[str]) -> None:
    if broken:
        raise BrokenPromiseError(" ".join(broken))


def own(*, as_json: bool) -> None:
    """Run the project's own set.

    Raises:
        BrokenPromiseError: something that must hold did not.
    """
    made = asyncio.run(_own(_start()))
    if as_json:
        _json(report.Report, made, made.broken)
    else:
        tables.show(Console(), tables.own(made))
    _fail(made.broken)


async def _own(settings: Settings) -> report.Report:
    budget = MemoryBudget(NO_LIMIT)
    async with _model(settings) as model:
        with progress("Writing briefs") as tell:
            return await report.run(sample.load(), word_vectors(), BriefWriter(model, budget), budget, tell)


def clustered(file: Path | None, *, encoder: str | None, sweep: bool, as_json: bool) -> None:
    """Join the articles of a set, or the project's own headlines.

    Args:
        file: the set.
        encoder: its name; that of the settings where None.
        sweep: whether to try other bars, too.
        as_json: print JSON instead of a table.

    Raises:
        FormatError: the file is not in the documented form.
        SettingsError: the encoder is not installed.
    """
    settings = _start()
    beside = encoders.named(encoder or settings.encoder)
    with passing_over() as fault:
        labelled = clustering.read(file or clustering.HEADLINES, fault)
    with progress("Joining articles") as tell:
        bars = clustering.SWEEP if sweep else ()
        made = clustering.run(labelled, word_vectors(), sweep=bars, encoder=beside, tell=tell)
    if as_json:
        _json(clustering.Clustered, made, ())
    else:
        tables.show(Console(), sets.clustered(made))


def ranked(file: Path, *, as_json: bool) -> None:
    """Rank the articles of a set for its topics.

    Raises:
        FormatError: the file is not in the documented form.
    """
    _start()
    with passing_over() as fault:
        labelled = interests.read(file, fault)
    with progress("Ranking for each topic") as tell:
        made = interests.run(labelled, word_vectors(), tell)
    if as_json:
        _json(interests.Interests, made, ())
    else:
        tables.show(Console(), sets.ranked(made))


def summarised(file: Path, *, words: int | None, sentences: int | None, stems: bool, as_json: bool) -> None:
    """Sum up the texts of a set.

    Raises:
        FormatError: the file is not in the documented form.
    """
    _start()
    with passing_over() as fault:
        pairs = summaries.read(file, fault)
    with progress("Summing up") as tell:
        made = summaries.run(pairs, words=words or ABOUT_WORDS, sentences=sentences, stems=stems, tell=tell)
    if as_json:
        _json(summaries.Summarised, made, ())
    else:
        tables.show(Console(), sets.summarised(made))


def judged(file: Path, *, as_json: bool) -> None:
    """Judge the sentences of a set.

    Raises:
        FormatError: the file is not in the documented form.
    """
    _start()
    with passing_over() as fault:
        claims = faithfulness.read(file, fault)
    with progress("Checking sentences") as tell:
        made = faithfulness.run(claims, tell)
    if as_json:
        _json(faithfulness.Faithful, made, ())
    else:
        tables.show(Console(), sets.judged(made))


def answered(files: Sequence[Path], *, as_json: bool) -> None:
    """Ask the project's own questions, or another set's.

    Raises:
        FormatError: the files are not in the documented form.
        BrokenPromiseError: something that must hold did not.
    """
    settings = _start()
    if not files:
        own = asyncio.run(_own_questions(settings))
        if as_json:
            _json(questions.Answered, own, own.broken)
        else:
            tables.show(Console(), sets.answered(own))
        _fail(own.broken)
        return
    if len(files) != 2:  # noqa: PLR2004  # the two that are named
        raise FormatError("Give two files: the passages, then the questions.")
    with passing_over() as fault:
        wanted = retrieval.read(files[0], files[1], fault)
    made = asyncio.run(_questions(settings, wanted))
    if as_json:
        _json(retrieval.Retrieved, made, made.broken)
    else:
        tables.show(Console(), sets.retrieved(made))
    _fail(made.broken)


async def _own_questions(settings: Settings) -> questions.Answered:
    vectors = word_vectors()
    async with _model(settings) as model:
        answerer = Listening(model, MemoryBudget(NO_LIMIT), vectors=vectors)
        writer = model.name if model is not None else "extractive"
        with progress("Asking") as tell:
            return await questions.run(questions.load(), sample.load(), vectors, answerer, writer=writer, tell=tell)


async def _questions(settings: Settings, wanted: retrieval.Questions) -> retrieval.Retrieved:
    vectors = word_vectors()
    async with _model(settings) as model:
        answerer = Listening(model, MemoryBudget(NO_LIMIT), vectors=vectors)
        with progress("Asking") as tell:
            return await retrieval.run(wanted, vectors, answerer, tell)


def replay(path: Path, *, examples: int, clock: Clock, files: Sequence[str], as_json: bool) -> None:
    """Take a history of feeds in again.

    Raises:
        HistoryError: there is none at this path.
        BrokenPromiseError: something would have been posted twice.
    """
    _start()
    made = asyncio.run(_replay(_history(path, clock, files), examples))
    if as_json:
        _json(replaying.Replayed, made, made.broken)
    else:
        tables.show(Console(), replayed(made, examples))
    _fail(made.broken)


def _history(path: Path, clock: Clock, files: Sequence[str]) -> History:
    if not path.is_dir():
        raise HistoryError(f"{path} is no folder. Give a folder with saved versions of feeds, or a git repository.")
    if is_repository(path):
        return RepositoryHistory(path, files or GLOBS)
    if files:
        raise HistoryError(f"{path} is no git repository: --files is for repositories.")
    return FolderHistory(path, clock)


async def _replay(history: History, examples: int) -> replaying.Replayed:
    async with ParserPool(workers=PARSERS) as pool:
        with progress("Replaying") as tell:
            return await replaying.Replay(pool, examples=max(examples, 1)).run(history, tell)


def exported(folder: Path, team: str | None) -> None:
    """Write the answers that people voted on as a set.

    Raises:
        UserError: there are several workspaces or none, or the folder can't be written to.
    """
    settings = _start()

    async def work() -> exporting.Gathered:
        async with (
            opening.open_store(settings, migrate=settings.database_url is None) as db,
            opening.open_newsroom(settings, db) as newsroom,
        ):
            async with db.read() as connection:
                known = await channels.teams(connection)
            if team is None and len(known) != 1:
                raise UserError(f"Which workspace? Choose one with --team: {', '.join(known) or 'none is known yet'}.")
            return await exporting.gather(newsroom, db, team or known[0])

    made = asyncio.run(work())
    exporting.write(made, folder)
    console = Console()
    counts = f"{len(made.questions)} questions, {len(made.passages)} passages, {len(made.review)} lines to review"
    console.print(f"{counts}, in {folder}.", highlight=False, soft_wrap=True)
    files = f"{folder / 'passages.jsonl'} {folder / 'questions.jsonl'}"
    console.print(f"tapeout eval answers {files}", highlight=False, soft_wrap=True)
