"""What response headers say: validators to keep, when to come back, links. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.models import Validators

_MAX_SECONDS = 400 * 86_400.0  # more than a year ahead is nonsense


@dataclass(frozen=True, slots=True)
class HeaderHints:
    """What the headers say about when to come back.

    Attributes:
        max_age_s: Cache-Control's max-age, less the response's Age; 0 for no-cache and no-store.
        expires_at: Expires, corrected by the difference between the server's clock (Date) and ours.
        retry_after_s: Retry-After in seconds, from either of its forms.
        date: the server's clock.
    """

    max_age_s: float | None = None
    expires_at: datetime | None = None
    retry_after_s: float | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a Link header, as written (the address is not resolved)."""

    href: str
    rel: tuple[str, ...]
    type: str | None = None
    title: str | None = None


def http_date(value: str | None) -> datetime | None:
    """Read an HTTP date; None when it isn't one."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def hints(headers: Mapping[str, str], now: datetime) -> HeaderHints:
    """Read the cadence hints out of a response's headers (a case-insensitive mapping)."""
    date = http_date(headers.get("Date"))
    expires = http_date(headers.get("Expires"))
    if expires is not None and date is not None:
        expires = now + (expires - date)
    if expires is not None and expires - now > timedelta(seconds=_MAX_SECONDS):
        expires = None
    return HeaderHints(
        max_age_s=_max_age(headers.get("Cache-Control"), headers.get("Age")),
        expires_at=expires,
        retry_after_s=_retry_after(headers.get("Retry-After"), now),
        date=date,
    )


def _max_age(cache_control: str | None, age: str | None) -> float | None:
    if not cache_control:
        return None
    found: float | None = None
    for part in cache_control.lower().split(","):
        name, _, value = part.strip().partition("=")
        if name in {"no-cache", "no-store"} and not value:
            return 0.0
        if name == "max-age":
            found = _seconds(value.strip('" '))
    spent = _seconds(age or "") or 0.0
    return None if found is None else max(0.0, found - spent)


def _seconds(text: str) -> float | None:
    if not re.fullmatch(r"\d{1,12}", text.strip()):
        return None
    return min(float(text), _MAX_SECONDS)


def _retry_after(value: str | None, now: datetime) -> float | None:
    if not value:
        return None
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    moment = http_date(value)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), _MAX_SECONDS)


def validators(status: int, headers: Mapping[str, str], asked: Validators) -> Validators:
    """What to store after a response.

    A 200 replaces both, and one without validators clears them; a 304 replaces those that it carries.
    """
    etag = _echoable(headers.get("ETag"))
    modified = _echoable(headers.get("Last-Modified"))
    if status == 304:  # noqa: PLR2004 - Not Modified
        return Validators(etag or asked.etag, modified or asked.last_modified)
    return Validators(etag, modified)


def conditional(asked: Validators) -> dict[str, str]:
    """The request headers that echo the validators byte for byte."""
    headers = {}
    if asked.etag:
        headers["If-None-Match"] = asked.etag
    if asked.last_modified:
        headers["If-Modified-Since"] = asked.last_modified
    return headers


def _echoable(value: str | None) -> str | None:
    """A value that can be sent back as it came; bytes that aren't UTF-8 cannot be."""
    if not value or len(value) > 4096:  # noqa: PLR2004 - longer than any honest validator
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value


_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,40}\s*(?:=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{1,500}))?){0,20})")
_PARAM = re.compile(r";\s*([\w*-]{1,40})\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")


def links(values: Iterable[str]) -> tuple[Link, ...]:
    """Read Link headers (RFC 8288)."""
    found = []
    for value in values:
        for match in _LINK.finditer(value[:20_000]):
            params = {name.lower(): quoted or bare for name, quoted, bare in _PARAM.findall(match.group(2))}
            rel = tuple(params.get("rel", "").lower().split())
            found.append(Link(match.group(1).strip(), rel, params.get("type"), params.get("title")))
    return tuple(found)
