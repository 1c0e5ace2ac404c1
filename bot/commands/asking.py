"""`tapeout ask` and `tapeout search`: what the archive says, and where it says it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.commands.place import AsJson, err, open_newsroom, out, plain, reader, safe, start
from bot.errors import UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Answer, Source
    from bot.writing.retrieve import Scored

#: `ask` had no answer; errors are 1, and settings 2.
UNKNOWN = 3
SHOWN_MOST = 240


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know; a link in it is read.")],
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Ask the archive a question, as one would in Slack. The exit code is 3 when there is no answer.

    For example: tapeout ask "Who disputes the size of Harrow Flats?"
    """
    if not asyncio.run(_ask(start(), question, as_json=as_json)):
        raise typer.Exit(UNKNOWN)


async def _ask(settings: Settings, question: str, *, as_json: bool) -> bool:
    from bot.models import AnswerState  # noqa: PLC0415  # what the work needs is imported when a command runs

    _check(question)
    async with open_newsroom(settings) as (db, newsroom):
        team_id = await reader(db)
        with err.status("Looking through the archive …"):
            answer = await newsroom.compose(question, team_id=team_id)
    if as_json:
        out.print_json(json.dumps(plain(answer)))
    else:
        _show(answer)
    return answer.state is AnswerState.ANSWERED


def _check(question: str) -> None:
    from bot.newsroom import limits  # noqa: PLC0415  # the same

    if not question.strip():
        raise UserError("What would you like to know? Put the question in quotes.")
    if len(question) > limits.MOST_CHARACTERS:
        raise UserError(limits.TOO_LONG)


def _show(answer: Answer) -> None:
    if not answer.sentences:
        out.print(safe(answer.message), highlight=False)
        _sources("Nearest", answer.nearest)
        return
    numbers = {source.article_id: source.number for source in answer.sources}
    for sentence in answer.sentences:
        cited = sorted({numbers[quote.article_id] for quote in sentence.quotes if quote.article_id in numbers})
        marks = "".join(f" [{number}]" for number in cited)
        out.print(safe(f"{sentence.text}{marks}"), highlight=False)
    if answer.note:
        out.print(safe(answer.note), style="italic", highlight=False)
    _sources("Source", answer.sources)


def _sources(title: str, sources: tuple[Source, ...]) -> None:
    if not sources:
        return
    table = Table("", title, "Published", "Title", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for source in sources:
        # A line of its own: a cell would break the address.
        table.add_row(str(source.number), safe(source.publisher), _day(source.published_at), safe(source.title))
    out.print(table)
    for source in sources:
        out.print(safe(f"[{source.number}] {source.url}"), style="dim", highlight=False, soft_wrap=True)


def search(
    words: Annotated[str, typer.Argument(help="Words, a question, names, a time such as “last week”.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="So many passages at most.")] = 10,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Find passages as an answer would be looked for, best first. The exit code is 3 when there is none.

    For example: tapeout search "liquid cooling" --limit 5
    """
    if not asyncio.run(_search(start(), words, limit, as_json=as_json)):
        raise typer.Exit(UNKNOWN)


async def _search(settings: Settings, words: str, limit: int, *, as_json: bool) -> bool:
    _check(words)
    async with open_newsroom(settings) as (db, newsroom):
        team_id = await reader(db)
        with err.status("Looking through the archive …"):
            found = (await newsroom.search(words, team_id=team_id))[:limit]
    if as_json:
        out.print_json(json.dumps([_plain(one) for one in found]))
    elif found:
        _list(found)
    else:
        out.print("Nothing that was read has these words.")
    return bool(found)


def _plain(one: Scored) -> dict[str, object]:
    passage = one.passage
    return {
        "score": round(one.score, 3),
        "publisher": passage.publisher,
        "published_at": passage.published_at.isoformat(timespec="seconds"),
        "title": passage.title,
        "text": passage.text,
        "url": passage.url,
        "article": passage.article_id,
        "story": passage.story_id,
    }


def _list(found: tuple[Scored, ...]) -> None:
    table = Table("Score", "Publisher", "Published", "Passage", header_style="dim", show_lines=True)
    for one in found:
        passage = one.passage
        text = passage.text if len(passage.text) <= SHOWN_MOST else f"{passage.text[:SHOWN_MOST].rstrip()} …"
        where = f"[bold]{safe(passage.title)}[/bold]\n{safe(text)}"
        table.add_row(f"{one.score:.2f}", safe(passage.publisher), _day(passage.published_at), where)
    out.print(table)


def _day(moment: datetime | None) -> str:
    return f"{moment:%d %b %Y}" if moment is not None else ""
