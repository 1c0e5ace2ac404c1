"""What went wrong with a request, as a sentence that says what to do. Pure."""

from __future__ import annotations

import ssl

import aiohttp
from aiohttp.client_exceptions import ClientConnectorDNSError, InvalidURL

from bot.errors import FetchError
from bot.feeds.headers import HeaderHints


class ResponseError(FetchError):
    """The server answered with an error.

    Attributes:
        status: the HTTP status.
        headers: when the server says to come back; max-age counts here too.
        permanent_url: where the leading permanent redirects ended, if there were any.
    """

    def __init__(
        self, message: str, *, kind: str, status: int, headers: HeaderHints, permanent_url: str | None = None
    ) -> None:
        super().__init__(message, kind=kind, retry_after=headers.retry_after_s)
        self.status = status
        self.headers = headers
        self.permanent_url = permanent_url


_STATUS = {
    304: "{host} says that nothing changed although it was asked for everything. It is asked again later.",
    401: "{host} wants a login (401). Use an address that needs none.",
    402: "{host} wants a payment (402). Use an address that needs none.",
    403: "{host} refuses the bot (403). Ask the publisher to let it in, or use another address.",
    404: "{host} has nothing at this address (404). Look for the feed's new address on the site.",
    406: "{host} does not offer a feed at this address (406). Look for the feed's address on the site.",
    408: "{host} took too long (408). It is asked again later.",
    410: "{host} says that this address is gone for good (410). It is not asked any more.",
    429: "{host} says that it is asked too often (429). It is asked again later and less often.",
    451: "{host} may not show this here for legal reasons (451). Use another address.",
    503: "{host} is down or busy (503). It is asked again later.",
}


def http_failure(status: int, host: str, headers: HeaderHints, permanent_url: str | None) -> ResponseError:
    """The error for an answer that isn't a success."""
    if status >= 500:  # noqa: PLR2004 - the server's fault, by the standard
        default = "{host} has a fault of its own ({status}). It is asked again later."
    else:
        default = "{host} answered with an error ({status}). Check the address in a browser."
    message = _STATUS.get(status, default).format(host=host, status=status)
    kind = "gone" if status == 410 else f"http_{status}"  # noqa: PLR2004 - Gone
    return ResponseError(message, kind=kind, status=status, headers=headers, permanent_url=permanent_url)


def connection_failure(error: BaseException, host: str) -> FetchError:  # noqa: PLR0911 - one sentence a line
    """The error for a request that got no usable answer."""
    if isinstance(error, ClientConnectorDNSError):
        return FetchError(f"There is no host named {host}, or its name server is down. Check the address.", kind="dns")
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return FetchError(f"{host} has a broken certificate. Ask the publisher to mend it.", kind="tls")
    if isinstance(error, (aiohttp.ServerTimeoutError, TimeoutError)):
        return FetchError(f"{host} did not answer in time. It is asked again later.", kind="timeout")
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(f"{host} cannot be reached. It is asked again later.", kind="connect")
    if isinstance(error, InvalidURL):
        return FetchError("That is not an address that can be read. Paste it from the browser.", kind="bad_address")
    if isinstance(error, (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError, OSError)):
        return FetchError(f"{host} hung up before it answered. It is asked again later.", kind="reset")
    return FetchError(
        f"{host} answered with something that is not HTTP. Check the address in a browser.", kind="malformed"
    )
