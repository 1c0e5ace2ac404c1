"""The Web API's client, made so that nothing is ever sent twice behind our back.

`AsyncWebClient`'s own default repeats a request when the connection is lost, also a `chat.postMessage` that Slack has
already accepted: that posts twice. So no retry handlers at all: who asked decides what to do again, from a
`DeliveryError` that says what is known.
"""

from __future__ import annotations

from http import HTTPStatus

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT_S = 20.0
"""The most that one request takes; leases on deliveries must be longer."""
CONNECT_TIMEOUT_S = 5.0
CONNECTIONS = 20
UPLOADS = "/upload/"
"""How the path of an address begins that takes a file's bytes: `https://files.slack.com/upload/v1/…`."""
DOWNLOADS = "/files-pri/"
"""How the path of an address begins that gives a file's bytes."""


class NotSlackError(aiohttp.ClientError):
    """Something on the way answered in Slack's place: a network's sign-in page, a proxy's notice. Slack got nothing."""


async def only_slack(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Let only Slack's own successes through: they are JSON. The SDK takes plain text for a file's upload, and fails.

    A real upload is answered in plain text; `files.completeUploadExternal` says then whether it arrived. A file's bytes
    have any type but a page's: Slack answers with its sign-in page where a token may not read files.

    Raises:
        NotSlackError: it is a success in another form.
    """
    response = await handler(request)
    if response.status == HTTPStatus.OK and not _is_slacks(request.url.path, response.content_type):
        response.close()
        raise NotSlackError("something that is not Slack answered")
    return response


def _is_slacks(path: str, content_type: str) -> bool:
    if path.startswith(DOWNLOADS):
        return content_type != "text/html"
    return content_type == "application/json" or (path.startswith(UPLOADS) and content_type == "text/plain")


def open_session(*, timeout_s: float = TIMEOUT_S) -> aiohttp.ClientSession:
    """The session that all clients share; without one, each call opens its own. Close it at the end."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        middlewares=(only_slack,),
    )


def make_client(
    token: str | None, base_url: str, session: aiohttp.ClientSession, *, team_id: str | None = None
) -> AsyncWebClient:
    """A client for one bot token.

    Args:
        token: `xoxb-…`; None where each request brings its own (several workspaces).
        base_url: where Slack's Web API is, `https://slack.com/api/` or the local workspace.
        session: from `open_session`; its time-outs hold (the client's own do not apply to a shared session).
        team_id: the workspace that is meant, where the token is good for all of an organisation's.
    """
    return AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[], team_id=team_id)
