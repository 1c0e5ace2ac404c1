"""A feed's bytes, read: RSS 0.9x–2.0, Atom and RDF as feedparser reads them, JSON Feed through our own code. Pure.

What is plainly well-formed takes the fast path (`wellformed.py`), which finds the same; the rest goes to feedparser.
Runs in the worker process (`parser.ParserPool`), never on the event loop: hostile markup costs seconds.
"""

from __future__ import annotations

import io
import re
import warnings
from calendar import timegm
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException

from bot.errors import ParseError
from bot.feeds import wellformed
from bot.feeds.dates import parse_date
from bot.feeds.elements import UNREAD
from bot.feeds.fingerprint import fingerprint
from bot.feeds.items import FeedHints, ParsedFeed, ParsedItem
from bot.feeds.jsonfeed import parse_json
from bot.feeds.plain import clean, one_line, title_text
from bot.feeds.repair import head_and_tail, looks_like_html, repair
from bot.feeds.urls import host_of, resolve
from bot.feeds.vocabulary import UnusualError
from bot.feeds.words import words

MAX_ITEMS = 1000
MAX_CONTENT = 500_000  # characters of HTML kept for an item
MAX_CONTENTS = 3_000_000  # and for all items of a feed

_Entry = dict[str, Any]
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def parse(body: bytes, *, content_type: str | None = None, url: str) -> ParsedFeed:
    """Read a feed.

    Args:
        body: as it was sent, undecoded.
        content_type: the media type and charset the server named.
        url: where it came from; relative addresses are resolved against it.

    Raises:
        ParseError: of kind `html` (a web page), `not_a_feed` or `malformed`.
    """
    feed = _parse(body, content_type, url)
    return replace(feed, items=tuple(_trimmed(feed.items)))


def _trimmed(items: Iterable[ParsedItem]) -> Iterator[ParsedItem]:
    """The items; once much has been handed over, those further down come without their full text.

    What is handed over is read on the event loop: a megabyte costs it some milliseconds.
    """
    left = MAX_CONTENTS
    for item in items:
        left -= item.written
        yield item if left >= 0 else replace(item, content="", summary=item.summary[:2000])


def _parse(body: bytes, content_type: str | None, url: str) -> ParsedFeed:
    if not body or body.isspace():
        raise ParseError("The address answers with nothing at all. It is asked again later.", kind="malformed")
    if is_json(body, content_type):
        return parse_json(body, url=url, max_items=MAX_ITEMS)
    return read_fast(body, content_type, url) or read_slowly(body, content_type, url)


def is_json(body: bytes, content_type: str | None) -> bool:
    """Whether a body is to be read as a JSON Feed."""
    start = body[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    return start.startswith(b"{") or bool(content_type and "json" in content_type and not start.startswith(b"<"))


def read_fast(body: bytes, content_type: str | None, url: str) -> ParsedFeed | None:
    """Read a feed that is plainly well-formed to what `read_slowly` would make of it; None: it is not."""
    result = wellformed.read(body, content_type)
    if result is None:
        return None
    try:
        return _feed(result, body, url, [])
    except UnusualError:
        return None


def read_slowly(body: bytes, content_type: str | None, url: str) -> ParsedFeed:
    """Read any feed, with feedparser.

    Raises:
        ParseError: it is none.
    """
    result, problems = _read(body, content_type)
    if not result["entries"] and not result.get("version"):
        if looks_like_html(body):
            raise ParseError(
                "The address answers with a web page, not a feed. Give the page's address to find its feed.",
                kind="html",
            )
        raise ParseError(
            "The address answers with something that is not a feed. Look for the feed's own address.", kind="not_a_feed"
        )
    return _feed(result, body, url, problems)


def _read(body: bytes, content_type: str | None) -> tuple[dict[str, Any], list[str]]:
    """Run feedparser, a second time over a repaired body when the XML is broken."""
    result = _tried(body, content_type)
    if result is not None and not result.get("bozo"):
        return result, []
    problems = ["The feed's XML is broken; what could be read was read."]
    if result is not None and not isinstance(result.get("bozo_exception"), SAXException):
        problems = []  # it only says that the charset was declared wrongly
    repaired = repair(body)
    again = _tried(repaired, content_type) if repaired != body else None
    if again is not None and (result is None or len(again["entries"]) >= len(result["entries"])):
        result = again
    if result is None:
        raise ParseError("What came back is too broken to be read. Ask the publisher to mend it.", kind="malformed")
    return result, problems


def _tried(body: bytes, content_type: str | None) -> dict[str, Any] | None:
    """What feedparser makes of a body; None where it falls over it (`&#xD800;` is enough)."""
    try:
        return _feedparser(body, content_type)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError):
        return None


def _feedparser(body: bytes, content_type: str | None) -> dict[str, Any]:
    import feedparser  # noqa: PLC0415  # 9 MB that a process which reads well-formed feeds never needs

    headers = {"content-type": content_type or "application/xml"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its own old names
        # Bytes in a file, always: given a text, feedparser opens paths and addresses.
        result: dict[str, Any] = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=headers
        )
    return result


def _feed(result: dict[str, Any], body: bytes, url: str, problems: list[str]) -> ParsedFeed:
    feed: _Entry = result["feed"]
    entries: list[_Entry] = result["entries"]
    if not entries:
        problems.append("The feed has no items.")
    if len(entries) > MAX_ITEMS:
        problems.append(f"Only the first {MAX_ITEMS:,} of its {len(entries):,} items are read.")
    site = resolve(url, _get(feed, "link"))
    language = _language(_get(feed, "language"))
    title = title_text(_get(feed, "title"))
    return ParsedFeed(
        title=title or host_of(site or url),
        site_url=site,
        publisher=one_line(_get(feed, "publisher")) or title or host_of(site or url),
        format=str(result.get("version") or "unknown"),
        language=language,
        items=tuple(_item(entry, url, language) for entry in entries[:MAX_ITEMS]),
        hints=_hints(feed, body),
        problems=tuple(problems),
    )


def _item(entry: _Entry, base: str, language: str | None) -> ParsedItem:
    guid = clean(_get(entry, "id")).strip()
    own_language = _language(_detail(entry, "title_detail", "language")) or language
    summary, content = _get(entry, "summary"), _content(entry)
    own = words("" if summary == content else clean(summary[:MAX_CONTENT]), clean(content[:MAX_CONTENT]))
    return ParsedItem(
        guid=guid or None,
        url=_link(entry, guid, base),
        title=title_text(_get(entry, "title")),
        summary=own.summary,
        content=own.content,
        written=own.written,
        content_hash=own.content_hash,
        authors=_authors(entry),
        categories=_categories(entry),
        published_at=_date(entry, own_language, "published", "created"),
        updated_at=_date(entry, own_language, "updated"),
        language=own_language,
        image_url=_image(entry, base),
        external_url=_related(entry, base),
    )


def _get(entry: _Entry, name: str) -> str:
    """A text field without feedparser's substitutes of one field for another."""
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _detail(entry: _Entry, name: str, part: str) -> str:
    detail = dict.get(entry, name)
    return _get(detail, part) if isinstance(detail, dict) else ""


def _links(entry: _Entry) -> Iterator[_Entry]:
    listed = dict.get(entry, "links")
    yield from (link for link in listed or () if isinstance(link, dict))


def _link(entry: _Entry, guid: str, base: str) -> str | None:
    """The item's page: its link, else a guid that is an address. A guid "1" is no link."""
    for link in _links(entry):
        if link.get("rel") == "alternate" and (found := resolve(base, link.get("href"))):
            return found
    written = _get(entry, "link")
    if written and written != guid:
        return resolve(base, written)
    return resolve(None, guid)


def _related(entry: _Entry, base: str) -> str | None:
    for link in _links(entry):
        if link.get("rel") in {"related", "via"} and (found := resolve(base, link.get("href"))):
            return found
    return None


def _image(entry: _Entry, base: str) -> str | None:
    for name in ("media_content", "media_thumbnail"):
        for media in dict.get(entry, name) or ():
            kind = str(media.get("type") or media.get("medium") or "image")
            if kind.startswith("image") and (found := resolve(base, media.get("url"))):
                return found
    for link in _links(entry):
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            return resolve(base, link.get("href"))
    image = dict.get(entry, "image")
    return resolve(base, image.get("href")) if isinstance(image, dict) else None


def _content(entry: _Entry) -> str:
    """The longest of the contents, HTML before plain text."""
    found = ""
    for content in dict.get(entry, "content") or ():
        value = content.get("value") if isinstance(content, dict) else None
        if isinstance(value, str) and len(value) > len(found):
            found = value
    return found


def _authors(entry: _Entry) -> tuple[str, ...]:
    people = dict.get(entry, "authors") or ()
    names = [one_line(_get(person, "name")) for person in people if isinstance(person, dict)]
    if not any(names):
        names = [one_line(_get(entry, "author"))]
    return tuple(dict.fromkeys(name[:200] for name in names if name))[:20]


def _categories(entry: _Entry) -> tuple[str, ...]:
    tags = dict.get(entry, "tags") or ()
    names = (title_text(_get(tag, "label") or _get(tag, "term")) for tag in tags if isinstance(tag, dict))
    return tuple(dict.fromkeys(name[:200] for name in names if name))[:50]


def _date(entry: _Entry, language: str | None, *names: str) -> datetime | None:
    for name in names:
        raw = _get(entry, name)
        found = parse_date(raw, language)
        if found is None and raw:
            found = _struct(dict.get(entry, f"{name}_parsed"))
        if found is not None:
            return found
    return None


def _struct(value: Any) -> datetime | None:  # noqa: ANN401 - a struct_time, or whatever is there
    """What feedparser itself made of a date, where it is a sensible one.

    Raises:
        UnusualError: feedparser was not asked.
    """
    if value is UNREAD:
        raise UnusualError("date")
    try:
        moment = datetime.fromtimestamp(timegm(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment if 1990 <= moment.year <= 2200 else None  # noqa: PLR2004 - see parse_date


def _language(value: str) -> str | None:
    match = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", value.strip())
    return match.group().replace("_", "-") if match else None


def _hints(feed: _Entry, body: bytes) -> FeedHints:
    ttl = _get(feed, "ttl").strip()
    period = _PERIODS.get(_get(feed, "sy_updateperiod").strip().lower())
    frequency = _get(feed, "sy_updatefrequency").strip()
    if period is None and frequency:
        period = _PERIODS["daily"]  # the module's default
    often = int(frequency) if frequency.isdigit() and len(frequency) < 6 else 1  # noqa: PLR2004 - more is nonsense
    around = head_and_tail(body)
    return FeedHints(
        ttl_s=float(ttl) * 60 if ttl.isdigit() and len(ttl) < 7 and int(ttl) else None,  # noqa: PLR2004
        skip_hours=tuple(sorted({int(hour) % 24 for hour in _inside(around, "skipHours", "hour") if hour.isdigit()})),
        skip_days=tuple(
            sorted({_DAYS[day[:3].lower()] for day in _inside(around, "skipDays", "day") if day[:3].lower() in _DAYS})
        ),
        update_period_s=None if period is None else period / max(1, often),
    )


def _inside(text: str, outer: str, inner: str) -> list[str]:
    """The texts of `<inner>` inside the first `<outer>`; feedparser loses all but the last."""
    block = re.search(rf"<{outer}\s*>(.{{0,4000}}?)</{outer}\s*>", text, re.IGNORECASE | re.DOTALL)
    return re.findall(rf"<{inner}\s*>\s*(\w{{1,12}})\s*</{inner}", block.group(1), re.IGNORECASE) if block else []


__all__ = ["MAX_ITEMS", "FeedHints", "ParseError", "ParsedFeed", "ParsedItem", "fingerprint", "parse"]
