"""Files that people hand over: in a message, or in a form's file field."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError, UserError
from bot.slack.refusals import refusals
from bot.slack.sender import Document

FILE_MOST = 10_000_000
"""Bytes: what Slack's file field takes. A list of 20,000 feeds has about 4 million."""
_CHUNK = 65_536
_OLD_INSTALLATION = (
    "I may not read files here: the app must be installed again with the current manifest (`files:read`). "
    "Until then, give me the list's address: `/tapeout import example.com/feeds.opml`."
)


async def read_file(client: AsyncWebClient, file_id: str) -> Document:
    """A file's name and bytes, read with the bot's token, which goes to Slack alone.

    Raises:
        UserError: it cannot be read, with what to do.
        DeliveryError: Slack cannot be reached now.
    """
    try:
        async with refusals(repeatable=True):
            file = (await client.files_info(file=file_id))["file"]
    except DeliveryError as error:
        if error.state == "held":
            raise UserError(_OLD_INSTALLATION) from error
        if error.state == "failed":
            raise UserError("Slack no longer has that file. Hand it over once more.") from error
        raise
    address = str(file.get("url_private_download") or "")
    if file.get("is_external") or not _is_slacks(address, client.base_url):
        raise UserError("That file lies outside Slack. Upload the file itself, or give me its public address.")
    if int(file.get("size") or 0) > FILE_MOST:
        raise UserError(_too_large())
    return Document(str(file.get("name") or "file"), await _bytes(client, address))


async def _bytes(client: AsyncWebClient, address: str) -> bytes:
    session = client.session
    if session is None:  # all clients of ours are made with one
        raise UserError(_OLD_INSTALLATION)
    body = bytearray()
    async with refusals(repeatable=True):
        headers = {"Authorization": f"Bearer {client.token}"}
        async with session.get(address, headers=headers, allow_redirects=False) as response:
            if response.status != HTTPStatus.OK:
                raise aiohttp.ClientResponseError(response.request_info, (), status=response.status)
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                if len(body) > FILE_MOST:
                    raise UserError(_too_large())
    return bytes(body)


def _is_slacks(address: str, api: str) -> bool:
    """Whether an address is Slack's own: where its files are, or (the local workspace) where its Web API is."""
    there, ours = urlsplit(address), urlsplit(api)
    if (there.scheme, there.netloc) == (ours.scheme, ours.netloc):
        return True
    return there.scheme == "https" and there.port is None and (there.hostname or "").endswith(".slack.com")


def _too_large() -> str:
    return f"That file is too large: I read lists of up to {FILE_MOST // 1_000_000} MB. Cut it into two."
