"""A saved version of a feed, and when it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.errors import TapeoutError
from bot.feeds.dates import parse_date

#: As the bot's own fetcher has it: a longer body is not read.
MAX_BODY = 15_000_000
#: How far into a body one looks for what it is.
_HEAD = 4096


class HistoryError(TapeoutError):
    """There is no history to replay at this path; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version.

    Attributes:
        feed: which feed it is of: a folder's or a file's name.
        name: where it was found, for people: a file or a commit.
        body: its bytes; None where they are more than the bot would read.
    """

    feed: str
    at: datetime
    name: str
    body: bytes | None


class History(Protocol):
    """Versions in the order in which they were saved; those of different feeds may take turns.

    Attributes:
        done: how many steps are taken, of `size`.
    """

    done: int

    def versions(self) -> Iterator[Version]:
        """Every version, read when it is asked for."""
        ...

    def size(self) -> int:
        """About how many steps `versions` takes, for a progress bar; 0: not known."""
        ...


_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_.]?(?P<month>0[1-9]|1[0-2])[-_.]?(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:[T_ .-]?(?P<hour>[01]\d|2[0-3])[-:h_.]?(?P<minute>[0-5]\d)(?:[-:m_.]?(?P<second>[0-5]\d))?"
    r"(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
_EPOCH = re.compile(r"(?<!\d)(?P<seconds>1[0-9]{9})(?:\d{3})?(?!\d)")


def stamp(name: str) -> tuple[datetime, str] | None:
    """The time that a name holds (`2026-11-22T0930`, `20261122093000`, seconds since 1970), and the rest of the name.

    A zone in the name is read as UTC: versions of one feed are only compared with each other and with its dates.
    """
    match = _STAMP.search(name)
    if match is not None:
        parts = [int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")]
        try:
            return datetime(*parts, tzinfo=UTC), (name[: match.start()] + name[match.end() :]).strip(" ._-T")  # type: ignore[arg-type, misc]  # six numbers
        except ValueError:
            return None
    epoch = _EPOCH.search(name)
    if epoch is not None:
        moment = datetime.fromtimestamp(int(epoch["seconds"]), UTC)
        return moment, (name[: epoch.start()] + name[epoch.end() :]).strip(" ._-")
    return None


_MARKS = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]|jsonfeed\.org/version", re.IGNORECASE)


def is_feed(body: bytes) -> bool:
    """Whether a body says near its start that it is a feed."""
    head = body[:_HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    return _MARKS.search(head) is not None


def could_be_feed(body: bytes) -> bool:
    """Whether a body may be what a feed's address once answered: markup, JSON, or nothing."""
    start = body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\xff \r\n\t\x00")
    return not start or start[:1] in {b"<", b"{"}


_DATES = re.compile(
    rb"<(?:\w+:)?(?:pubDate|published|updated|lastBuildDate|date|modified|issued)(?:\s[^<>]{0,200})?>\s*"
    rb"(?:<!\[CDATA\[)?([^<\]]{6,60})|\"date_(?:published|modified)\"\s*:\s*\"([^\"]{6,60})\"",
    re.IGNORECASE,
)
_MOST_DATES = 2000


def newest_date(body: bytes) -> datetime | None:
    """The newest date that a feed's body holds: it was saved soon after. None where it holds none."""
    found = []
    for match in _DATES.finditer(body):
        moment = parse_date((match[1] or match[2]).decode("utf-8", "replace").strip())
        if moment is not None:
            found.append(moment)
        if len(found) >= _MOST_DATES:
            break
    return max(found, default=None)
