"""Validators and 304 answers, as RFC 9110 has them. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime


def make_etag(body: bytes, *, weak: bool = False, suffix: str = "") -> str:
    """An entity tag for the body; `suffix` tells encodings apart, as servers that compress do."""
    quoted = f'"{hashlib.sha256(body).hexdigest()[:20]}{suffix}"'
    return f"W/{quoted}" if weak else quoted


def http_date(moment: datetime) -> str:
    """A UTC datetime as HTTP writes it."""
    return format_datetime(moment, usegmt=True)


def not_modified(headers: Mapping[str, str], etag: str | None, last_modified: datetime | None) -> bool:
    """Whether the client's copy is the current one.

    If-None-Match is compared weakly and, where it is sent and there is a tag, decides alone (RFC 9110, 13.1.3).
    A date that can't be read counts as absent.
    """
    sent = headers.get("If-None-Match")
    if sent is not None:
        if etag is None:
            return False
        tags = {tag.strip().removeprefix("W/") for tag in sent.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags
    since = headers.get("If-Modified-Since")
    if since is None or last_modified is None:
        return False
    try:
        return last_modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
