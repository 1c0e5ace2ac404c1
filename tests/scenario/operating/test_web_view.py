"""The web view over real sockets: entered by a link from Slack, read by those who may, and by nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import aiohttp
import pytest

from bot.app import Service
from bot.models import Actor
from bot.settings import load
from bot.store import articles, feeds, stories
from bot.workspace import Workspace

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
NOW = datetime.now(UTC)


@dataclass
class House:
    """The bot with its web server, somebody of its workspace, and a clock that tests move."""

    service: Service
    workspace: Workspace
    session: aiohttp.ClientSession
    now: datetime = NOW

    @property
    def ada(self) -> Actor:
        """Somebody who may look."""
        return Actor(self.service.team.id, self.workspace.user_id("ada"), is_admin=True)

    async def enter(self, to: str = "/") -> aiohttp.ClientResponse:
        """Follow a new link."""
        url, _ = await self.service.newsroom.web_link(self.ada, to)
        return await self.session.get(url, allow_redirects=False)

    async def read(self, path: str) -> tuple[int, str]:
        """A page, as its status and its words."""
        async with self.session.get(f"{self.service.url}{path}") as response:
            text = await response.text()
            return response.status, unescape(re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The bot without its loops, and one story in its archive."""
    workspace = Workspace(MANIFEST)
    workspace.timing.wait_longer(30)
    await workspace.start()
    settings = load(
        {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "TAPEOUT_SLACK_API_URL": workspace.api_url,
            "TAPEOUT_DATA_DIR": str(tmp_path),
            "PORT": "0",
        }
    )
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of 127.0.0.1, too
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        made = House(Service(settings, work=False, clock=lambda: made.now), workspace, session)
        await made.service.start()
        await _one_story(made)
        yield made
        await made.service.stop()
    await workspace.stop()


async def _one_story(house: House) -> None:
    text = "Sunhae Memory sold all HBM4 that it will make next year, it said on Tuesday."
    async with house.service.db.write() as connection:
        feed = await feeds.add(
            connection, url="https://a.example/feed", title="A", publisher="A Daily", site_url=None, now=NOW
        )
        row = {
            "feed_id": feed.id, "identity": "1", "url": "https://a.example/1", "canonical_url": "https://a.example/1",
            "title": "HBM4 is sold out", "title_key": "hbm4", "publisher": "A Daily", "text": text, "authors": [],
            "categories": [], "first_seen_at": NOW, "content_hash": "h", "verdict": "new", "reason": "new",
            "stage": "done",
        }  # fmt: skip
        article_id = (await articles.add(connection, [row]))["1"]
        await articles.replace_passages(connection, article_id, "HBM4 is sold out", [(0, text)], NOW)
        story_id = await stories.create(
            connection, title="HBM4 is sold out", lead_article_id=article_id, features=b"", related=(), now=NOW
        )
        await stories.join(
            connection, story_id=story_id, article_id=article_id, score=1, reasons=(), wire_of=None, now=NOW
        )


@pytest.mark.parametrize("path", ["/", "/stories/1", "/feeds", "/?q=HBM4"])
async def test_without_a_visit_nothing_is_shown(house: House, path: str) -> None:
    """Who comes without a link is told where to get one."""
    status, words = await house.read(path)
    assert status == 403
    assert "/tapeout web" in words
    assert "Sunhae" not in words


async def test_a_link_opens_everything_for_hours(house: House) -> None:
    """Search, story and feeds; then the visit is over."""
    assert (await house.enter()).status == 303
    status, words = await house.read("/?q=sunhae+hbm4")
    assert (status, "Sunhae" in words, "HBM4 is sold out" in words) == (200, True, True)
    assert "Nothing that was read" in (await house.read("/?q=zeppelin"))[1]
    status, words = await house.read("/stories/1")
    assert (status, "A Daily" in words) == (200, True)
    assert (await house.read("/feeds"))[0] == 200
    assert (await house.read("/stories/999"))[0] == 404
    assert (await house.read("/?before=yesterday"))[0] == 400
    house.now += timedelta(hours=9)
    assert (await house.read("/"))[0] == 403


async def test_a_link_expires(house: House) -> None:
    """Ten minutes later it says so, and a made-up one is refused."""
    url, life = await house.service.newsroom.web_link(house.ada)
    house.now += life
    async with house.session.get(url) as response:
        assert response.status == 403
        assert "expired" in await response.text()
    assert (await house.read("/enter?pass=abc.def"))[0] == 403


@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("/stories/1", "/stories/1"),
        ("/?q=HBM", "/?q=HBM"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_a_link_leads_only_inside(house: House, to: str, place: str) -> None:
    """Whatever somebody writes into the address, it ends on a page of ours."""
    answer = await house.enter(to)
    assert answer.headers["Location"] == place
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_pages_run_no_scripts_and_are_kept_by_nobody(house: House) -> None:
    """The headers say so to every browser and proxy."""
    await house.enter()
    async with house.session.get(f"{house.service.url}/stories/1") as response:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "script" not in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_the_command_answers_with_a_link(house: House) -> None:
    """`/tapeout web` whispers a link that works; with words, it leads to their search."""
    await house.workspace.command("ada", "general", "/tapeout web hbm4")
    (said,) = await house.workspace.wait_for(lambda: house.workspace.ephemerals("ada"), 20)
    found = re.search(r"<(http[^|>]+)\|", str(said["blocks"]))
    assert found is not None
    async with house.session.get(unescape(found[1])) as response:
        assert response.status == 200
        assert "Sunhae" in await response.text()
