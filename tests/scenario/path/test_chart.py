"""A question how something changed: its table at once, its chart a moment later, through Slack's own upload."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.models import Answer, AnswerState, Quote, Sentence, Source
from bot.stories.timeline import points

from .conftest import Path1

CHANNEL = "ai-infrastructure"
PRICES = ("1.84", "1.92", "2.05", "2.40", "2.65")


def _answer() -> Answer:
    now = datetime.now(UTC)
    sentences = tuple(
        Sentence(f"A T700 rents for ${price} an hour.", (Quote(number, f"${price} an hour"),))
        for number, price in enumerate(PRICES, 1)
    )
    sources = tuple(
        Source(number, number, "Spotline", "Rents", f"https://s.example/{number}", now - timedelta(days=20 * number))
        for number in range(1, len(PRICES) + 1)
    )
    made = Answer(AnswerState.ANSWERED, sentences, sources)
    return Answer(AnswerState.ANSWERED, sentences, sources, timeline=points(made))


async def test_a_timeline_gets_its_chart(path: Path1, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is changed when Slack has the picture, which can be seen on the page."""

    async def compose(*_args: Any, **_options: Any) -> Answer:
        return _answer()

    monkeypatch.setattr(path.service.newsroom, "compose", compose)
    ts = await path.workspace.mention("ada", CHANNEL, "How has the rent of a T700 changed?")

    def picture() -> dict[str, Any]:
        blocks = [block for reply in path.replies(ts) for block in reply["blocks"]]
        return next((block for block in blocks if block["type"] == "image"), {})

    shown = await path.wait(picture)
    assert "$2.65" in shown["alt_text"]
    assert [block["type"] for block in path.replies(ts)[0]["blocks"]].count("table") == 1
    address = f"{path.workspace.url}/files/{shown['slack_file']['id']}"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert response.status == 200
        assert response.content_type == "image/png"


async def test_where_slack_takes_no_picture_the_table_stays(path: Path1, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app without the scope answers all the same."""

    async def compose(*_args: Any, **_options: Any) -> Answer:
        return _answer()

    monkeypatch.setattr(path.service.newsroom, "compose", compose)
    path.workspace.faults.fail("files.getUploadURLExternal", "missing_scope")
    ts = await path.workspace.mention("ada", CHANNEL, "How has the rent of a T700 changed?")
    (reply,) = await path.wait(lambda: path.replies(ts))
    await path.answered()
    assert [block["type"] for block in path.replies(ts)[0]["blocks"]].count("table") == 1
    assert "image" not in [block["type"] for block in reply["blocks"]]
