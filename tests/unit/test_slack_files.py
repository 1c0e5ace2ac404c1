"""Files are fetched with the bot's token from Slack alone."""

from __future__ import annotations

from typing import Any, cast
from unittest.mock import AsyncMock, MagicMock

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.slack.files import FILE_MOST, read_file


def a_client(**file: Any) -> AsyncWebClient:
    """A client that knows one file, and must not fetch anything."""
    client = MagicMock(base_url="https://slack.com/api/", token="xoxb-1")
    client.files_info = AsyncMock(return_value={"file": {"id": "F1", "name": "a.opml", **file}})
    client.session.get.side_effect = AssertionError("the token would go there")
    return cast("AsyncWebClient", client)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.opml",
        "https://files.slack.com.evil.example/a.opml",
        "http://files.slack.com/a.opml",
        "https://files.slack.com:8443/a.opml",
        "",
    ],
)
async def test_the_token_goes_to_slack_alone(address: str) -> None:
    """A file that lies elsewhere is refused in words, before anything is asked for."""
    with pytest.raises(UserError, match="outside Slack"):
        await read_file(a_client(url_private_download=address), "F1")


async def test_external_and_huge_files_are_refused() -> None:
    """Files of other services, by Slack's own word, and what no list needs."""
    slacks = "https://files.slack.com/files-pri/T1-F1/download/a.opml"
    with pytest.raises(UserError, match="outside Slack"):
        await read_file(a_client(url_private_download=slacks, is_external=True), "F1")
    with pytest.raises(UserError, match="too large"):
        await read_file(a_client(url_private_download=slacks, size=FILE_MOST + 1), "F1")
