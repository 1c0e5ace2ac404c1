"""Who may speak to the workspace: this machine only, and for the page's own calls this page only. Pure."""

import ipaddress
from urllib.parse import urlsplit

CSP = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
"""The page runs and loads its own files only. A picture from the web would tell its owner who reads (Slack fetches
pictures itself for that reason): the page shows its alternative text."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_host(host_header: str) -> str | None:
    """Why a request with this `Host` is refused; None where it is not.

    A foreign name here means that some site's name was pointed at this machine (DNS rebinding).
    """
    host = urlsplit(f"//{host_header}").hostname or ""
    if is_loopback(host):
        return None
    return f"This workspace answers on this machine only; the request asked for {host or 'no host'}."


def refuse_origin(origin: str | None, host_header: str) -> str | None:
    """Why a request that a page of this `Origin` makes is refused; None where it is not."""
    if origin is None or origin == f"http://{host_header}":
        return None
    return f"This workspace takes requests from its own page only, not from {origin}."


def refuse_post(origin: str | None, content_type: str, marker: str | None) -> str | None:
    """Why a POST of the page is refused; None where it carries all that only our own page can send."""
    if origin is None:
        return "This request has no Origin."
    if content_type != "application/json":
        return "This request is not JSON."
    if marker != "1":
        return "This request lacks the header X-Workspace: 1."
    return None
