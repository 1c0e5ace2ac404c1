"""Slack's events over HTTP: signed requests are served, all others are refused."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.app import Service
from bot.settings import load
from bot.workspace import Workspace

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
SECRET = "a-signing-secret-of-the-tests"


class Http(NamedTuple):
    """The bot behind its web server, and somebody who may ask it."""

    service: Service
    user_id: str


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    """The bot in HTTP mode on a free port, without its loops."""
    workspace = Workspace(MANIFEST)
    workspace.timing.wait_longer(30)
    await workspace.start()
    settings = load(
        {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "TAPEOUT_SLACK_API_URL": workspace.api_url,
            "TAPEOUT_DATA_DIR": str(tmp_path),
            "PORT": "0",
        }
    )
    made = Service(settings, work=False)
    await made.start()
    yield Http(made, workspace.user_id("ada"))
    await made.stop()
    await workspace.stop()


@pytest.fixture
async def answers() -> AsyncIterator[tuple[str, asyncio.Queue[str]]]:
    """A response_url, and what was sent to it."""
    got: asyncio.Queue[str] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        got.put_nowait(await request.text())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/answer", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/answer", got
    await runner.cleanup()


def _command(http: Http, response_url: str = "http://127.0.0.1:9/never") -> str:
    return urlencode(
        {
            "command": "/tapeout",
            "text": "help",
            "team_id": http.service.team.id,
            "channel_id": "C1",
            "channel_name": "ai-infrastructure",
            "user_id": http.user_id,
            "user_name": "ada",
            "response_url": response_url,
            "trigger_id": "1.2",
        }
    )


async def _post(http: Http, body: str, *, at: float, secret: str = SECRET) -> tuple[int, str]:
    headers = SignatureVerifier(secret).generate_signature(timestamp=str(int(at)), body=body)
    assert headers is not None
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{http.service.url}/slack/events",
            data=body,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": str(int(at)),
                "X-Slack-Signature": headers,
            },
        ) as response,
    ):
        return response.status, await response.text()


async def test_a_signed_command_is_answered(http: Http, answers: tuple[str, asyncio.Queue[str]]) -> None:
    """It is acknowledged at once, and the help comes to its response_url, for the person alone."""
    url, got = answers
    status, _ = await _post(http, _command(http, url), at=time.time())
    assert status == 200
    async with asyncio.timeout(90):
        answer = json.loads(await got.get())
    assert "/tapeout add" in answer["text"]
    assert answer.get("response_type", "ephemeral") == "ephemeral"


async def test_a_request_signed_with_another_secret_is_refused(http: Http) -> None:
    """It does not come from Slack."""
    status, text = await _post(http, _command(http), at=time.time(), secret="guessed")
    assert status == 401
    assert "/tapeout" not in text


async def test_a_replayed_request_is_refused(http: Http) -> None:
    """A request that was signed ten minutes ago is not served again."""
    status, _ = await _post(http, _command(http), at=time.time() - 600)
    assert status == 401
