"""A link that is shared with a question: read through the guard, answered about, never kept for others."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.models import Answer, AnswerState
from bot.newsroom import Newsroom
from bot.opening import open_newsroom, open_store
from bot.settings import load
from bot.store import Database
from bot.store.tables import article, passage

if TYPE_CHECKING:
    from tests.scenario.asking.conftest import Desk

TEXT = [
    "Quillon Grid will build a 640 MW campus at Marrow Bend, the company said on Friday.",
    "The campus will cost $7.2 billion and open in March 2028, Quillon's chief Ada Penhale said.",
    "It has signed a lease with two cloud companies, which it did not name. Cooling will use no drinking water.",
    "The county voted for the site plan in October after eleven hours of debate, with two votes against it.",
]
PAGE = (
    "<html><head><title>Quillon picks Marrow Bend</title></head><body>"
    "<article><h1>Quillon picks Marrow Bend</h1>{}</article></body></html>"
)


@dataclass(frozen=True)
class Site:
    """A small web site that is allowed, and the newsroom that reads it."""

    url: str
    newsroom: Newsroom
    db: Database
    asked: list[str]

    async def ask(self, text: str, *before: str) -> Answer:
        """The answer, after those to what was asked before."""
        history: list[tuple[str, str]] = []
        for question in (*before, text):
            answer = await self.newsroom.compose(question, team_id="T1", history=tuple(history))
            history.append((question, answer.sentences[0].text if answer.sentences else answer.message))
        return answer


def _app(asked: list[str]) -> web.Application:
    article_page = PAGE.format("".join(f"<p>{paragraph}</p>" for paragraph in TEXT))

    async def page(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text=article_page, content_type="text/html")

    async def wall(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format("<p>Subscribe to continue reading.</p>"), content_type="text/html")

    async def report(_request: web.Request) -> web.Response:
        return web.Response(body=b"%PDF-1.7", content_type="application/pdf")

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                await response.write(b"x" * 65_536)
        return response

    async def inside(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:9/secret")

    app = web.Application()
    for path, handler in (("/a", page), ("/wall", wall), ("/pdf", report), ("/big", endless), ("/in", inside)):
        app.router.add_get(path, handler)
    return app


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """The site on a free port, and a newsroom with an empty archive that may read it."""
    asked: list[str] = []
    runner = web.AppRunner(_app(asked))
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    host = listening.name.removeprefix("http://")
    settings = load({"TAPEOUT_DATA_DIR": str(tmp_path), "TAPEOUT_ALLOWED_HOSTS": host, "TAPEOUT_HOST_SPACING_S": "0"})
    async with open_store(settings, migrate=True) as db, open_newsroom(settings, db) as newsroom:
        yield Site(f"http://{host}", newsroom, db, asked)
    await runner.cleanup()


async def test_a_page_that_was_never_read_is_answered_about(site: Site) -> None:
    """What it says in short, what is asked of it, and what is asked next in the conversation, read once."""
    link = f"{site.url}/a"
    told = await site.ask(f"what about this one? {link}")
    assert told.state is AnswerState.ANSWERED
    assert "640 MW" in told.sentences[0].text
    assert told.sources[0].url == link
    cost = await site.ask("what does it cost?", f"what about this one? {link}")
    assert "$7.2 billion" in cost.sentences[0].text
    when = await site.ask(f"When will the campus open? {link}")
    assert "March 2028" in when.sentences[0].text
    assert site.asked == ["/a"]


async def test_what_a_page_does_not_say_is_not_said(site: Site) -> None:
    """Asked for something else, the answer is that the page does not say."""
    answer = await site.ask(f"How many GPUs will it have? {site.url}/a")
    assert answer.state is AnswerState.UNKNOWN
    assert "That page does not say" in answer.message


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/wall", "next to nothing of that page. Paywalled"),
        ("/pdf", "file of another kind"),
        ("/big", "too large"),
        ("/none", "no page at that address"),
        ("/in", "public internet, and that address is not"),
    ],
)
async def test_what_is_not_read_is_refused_in_plain_words(site: Site, path: str, words: str) -> None:
    """A paywall, a file, a flood, nothing, and a redirect into the private network."""
    answer = await site.ask(f"what about this one? {site.url}{path}")
    assert answer.state is AnswerState.DECLINED
    assert words in answer.message
    assert answer.sentences == ()


@pytest.mark.parametrize("link", ["http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://10.0.0.1/x"])
async def test_private_addresses_are_refused(site: Site, link: str) -> None:
    """Nothing inside is asked, whoever shares the link."""
    answer = await site.ask(f"summarise {link}")
    assert answer.state is AnswerState.DECLINED
    assert "public internet" in answer.message


async def test_a_shared_page_is_not_kept_for_others(site: Site) -> None:
    """No article, no passage: another workspace's question knows nothing of it."""
    await site.ask(f"what about this one? {site.url}/a")
    async with site.db.read() as connection:
        for table in (article, passage):
            assert (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() == 0
    assert (await site.ask("How much will Quillon's campus at Marrow Bend cost?")).state is AnswerState.UNKNOWN


def test_a_link_to_what_was_read_is_answered_from_the_archive(desk: Desk) -> None:
    """Nothing is fetched: the story is told with its other articles, whatever tracking hangs on the link."""
    number = desk.archive.ids["rackpost/harrow-flats-campus"]
    url = desk.archive.texts[number].url
    answer = desk.ask(f"what about this one? {url}?utm_source=chat")
    assert answer.state is AnswerState.ANSWERED
    assert "1.2" in answer.sentences[0].text
    asked = desk.ask(f"How much power will the campus have? {url}")
    assert asked.note is not None
    assert "Sources disagree" in asked.note
