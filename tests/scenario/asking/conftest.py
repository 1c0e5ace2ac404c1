"""An archive of the sample articles behind the real store, joining and answering, and questions with what they want."""

from __future__ import annotations

import asyncio
import contextlib
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.sample import Labelled, load
from bot.models import Answer, Article, Passage
from bot.newsroom import Newsroom
from bot.opening import open_newsroom, open_store
from bot.settings import load as load_settings
from bot.shelf.catalog import load_catalog
from bot.store import Database, articles, feeds, stories
from bot.writing.candidates import source_of
from bot.writing.grounding import check_answer
from bot.writing.pieces import cut

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """A question with what a right answer holds; see questions.toml."""

    text: str
    first: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    thread: str = ""
    asked: tuple[str, ...] = ()
    unknown: bool = False


def questions() -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """The half that thresholds are fitted on, and the half that is held out."""
    rows = tomllib.loads((HERE / "questions.toml").read_text("utf-8"))["question"]
    every = [
        Asked(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})  # type: ignore[arg-type]  # as the file is documented
        for row in rows
    ]
    return tuple(every[::2]), tuple(every[1::2])


@dataclass
class Archive:
    """A newsroom that has read the sample articles."""

    newsroom: Newsroom
    db: Database
    ids: Mapping[str, int]
    events: Mapping[str, int]
    texts: Mapping[int, Article]
    keys: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        """Know the articles' keys by their ids."""
        self.keys = {number: key for key, number in self.ids.items()}

    async def ask(self, question: Asked) -> Answer:
        """The answer, after those to what was asked before."""
        story_id = self.events[question.thread] if question.thread else None
        history: list[tuple[str, str]] = []
        for text in (*question.asked, question.text):
            answer = await self.newsroom.compose(text, team_id="T1", story_id=story_id, history=tuple(history))
            history.append((text, answer.sentences[0].text if answer.sentences else answer.message))
        return answer


def mistakes(archive: Archive, question: Asked, answer: Answer) -> list[str]:
    """What is wrong with an answer; nothing for a right one."""
    if question.unknown:
        return [f"answered: {answer.sentences[0].text}"] if answer.sentences else []
    if not answer.sentences:
        return [f"not answered ({answer.state.value})"]
    first = answer.sentences[0].text
    every = " ".join([*(sentence.text for sentence in answer.sentences), answer.note or ""])
    wrong = []
    if question.first and not any(words in first for words in question.first):
        elsewhere = " (later)" if any(words in every for words in question.first) else ""
        wrong.append(f"first{elsewhere}: {first}")
    cited = {archive.keys[source.article_id] for source in answer.sources}
    if question.articles and not cited & set(question.articles):
        wrong.append(f"cites {sorted(cited)}")
    wrong += [f"lacks {words}" for words in question.shown if not any(part in every for part in words.split("|"))]
    wrong += [f"shows {words}" for words in question.hidden if words in every]
    return wrong


async def _read(db: Database, found: Sequence[Labelled]) -> dict[str, int]:
    """Write the articles down as they are after reading, in their newest edition; their ids by key."""
    newest = {one.key.partition("#")[0]: one for one in found}
    ids: dict[str, int] = {}
    async with db.write() as connection:
        for key, one in newest.items():
            article = one.article
            feed = await feeds.add(
                connection, url=f"https://{key.partition('/')[0]}.example/feed", title=article.publisher,
                publisher=article.publisher, site_url=None, now=NOW,
            )  # fmt: skip
            values: dict[str, Any] = {
                "feed_id": feed.id, "identity": article.identity, "url": article.url, "canonical_url": article.url,
                "title": article.title, "title_key": article.title.lower(), "publisher": article.publisher,
                "summary": article.summary, "text": article.text, "text_source": article.text_source, "authors": [],
                "categories": [], "published_at": article.published_at, "first_seen_at": article.when,
                "content_hash": key, "verdict": "new", "reason": "new", "stage": "join", "due_at": article.when,
            }  # fmt: skip
            ids[key] = (await articles.add(connection, [values]))[article.identity]
    return ids


@contextlib.asynccontextmanager
async def archive_in(folder: Path) -> AsyncIterator[Archive]:
    """The archive, built in a folder."""
    settings = load_settings({"TAPEOUT_DATA_DIR": str(folder)})
    now = NOW
    async with open_store(settings, migrate=True) as db, open_newsroom(settings, db, clock=lambda: now) as newsroom:
        shelf = {article.id for article in load_catalog().articles}
        sample = [one for one in load().articles if one.key.partition("#")[0] in shelf]
        ids = await _read(db, sample)
        while await newsroom.join_due(64):
            pass
        now = NOW + timedelta(minutes=2)  # so that the words' frequencies are written down
        await newsroom.join_due()
        events: dict[str, int] = {}
        async with db.read() as connection:
            for one in sample:
                story_id = await stories.story_of_article(connection, ids[one.key.partition("#")[0]])
                if story_id is not None:
                    events.setdefault(one.event, story_id)
        yield Archive(newsroom, db, ids, events, {ids[one.key.partition("#")[0]]: one.article for one in sample})


@dataclass(frozen=True)
class General:
    """A question on another subject."""

    text: str
    wanted: str
    gold: int
    topic: str


@dataclass(frozen=True)
class Desk:
    """What the tests work with: an archive, the loop that it lives in, and both sets of questions."""

    runner: asyncio.Runner
    archive: Archive

    def ask(self, question: Asked | str, *, thread: str = "") -> Answer:
        """The answer to a question."""
        one = Asked(question, thread=thread) if isinstance(question, str) else question
        return self.runner.run(self.archive.ask(one))

    def mistakes(self, question: Asked) -> list[str]:
        """What is wrong with the answer to a question, the checker's complaints too."""
        answer = self.ask(question)
        verdict = check_answer(answer, {number: source_of(one) for number, one in self.archive.texts.items()})
        return mistakes(self.archive, question, answer) + [f"unchecked: {problem}" for problem in verdict.problems]

    @staticmethod
    def halves() -> dict[str, tuple[Asked, ...]]:
        """The questions that thresholds were fitted on, and those that were held out."""
        fitted, held_out = questions()
        return {"fitted": fitted, "held out": held_out}

    def passages(self) -> tuple[Passage, ...]:
        """Passages on other subjects, numbered from 1, then those of the sample articles."""
        rows = tomllib.loads((HERE / "general.toml").read_text("utf-8"))["passage"]
        made = [
            Passage(number, number, None, 0, row["text"], row["topic"], "General", f"https://g.example/{number}", NOW)
            for number, row in enumerate(rows, 1)
        ]
        for article in self.archive.texts.values():
            made += [
                Passage(len(made) + 1 + at, 1000 + article.id, article.id, draft.position, draft.text, article.title,
                        article.publisher, article.url, article.when)
                for at, draft in enumerate(cut(article))
            ]  # fmt: skip
        return tuple(made)

    @staticmethod
    def general() -> tuple[General, ...]:
        """Questions on the passages on other subjects."""
        rows = tomllib.loads((HERE / "general.toml").read_text("utf-8"))["passage"]
        return tuple(
            General(text, wanted, number, row["topic"])
            for number, row in enumerate(rows, 1)
            for text, wanted in row["questions"]
        )


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The archive of the sample articles, read and joined once."""
    stack = contextlib.AsyncExitStack()
    with asyncio.Runner() as runner:
        archive = runner.run(stack.enter_async_context(archive_in(tmp_path_factory.mktemp("archive"))))
        try:
            yield Desk(runner, archive)
        finally:
            runner.run(stack.aclose())


@pytest.fixture(scope="session")
def build() -> Callable[[Path], contextlib.AbstractAsyncContextManager[Archive]]:
    """Builds an archive of a test's own in a folder."""
    return archive_in
