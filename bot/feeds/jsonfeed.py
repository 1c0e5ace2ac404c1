"""JSON Feed 1.0 and 1.1 (jsonfeed.org). Pure; every field may be missing or of the wrong type."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from bot.errors import ParseError
from bot.feeds.dates import parse_date
from bot.feeds.items import ParsedFeed, ParsedItem
from bot.feeds.plain import clean, one_line, title_text
from bot.feeds.urls import host_of, resolve
from bot.feeds.words import words

_Object = Mapping[str, Any]


def parse_json(body: bytes, *, url: str, max_items: int) -> ParsedFeed:
    """Read a JSON Feed.

    Raises:
        ParseError: of kind `malformed` (no JSON) or `not_a_feed`.
    """
    try:
        data = json.loads(body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \r\n\t"))
    except (ValueError, RecursionError) as error:
        raise ParseError(
            "The address answers with broken JSON. Ask the publisher to mend it.", kind="malformed"
        ) from error
    items = data.get("items") if isinstance(data, dict) else None
    version = _text(data.get("version")) if isinstance(data, dict) else ""
    if not isinstance(data, dict) or not isinstance(items, list) or "jsonfeed.org/version/" not in version:
        raise ParseError(
            "The address answers with JSON that is not a feed. Look for the feed's own address.", kind="not_a_feed"
        )
    problems = []
    if data.get("expired") is True:
        problems.append("The feed says that it has ended.")
    if len(items) > max_items:
        problems.append(f"Only the first {max_items:,} of its {len(items):,} items are read.")
    base = resolve(url, _text(data.get("feed_url"))) or url
    site = resolve(base, _text(data.get("home_page_url")))
    title = title_text(_text(data.get("title")))
    language = _text(data.get("language")) or None
    authors = _authors(data)
    return ParsedFeed(
        title=title or host_of(url),
        site_url=site,
        publisher=authors[0] if len(authors) == 1 and not title else title or host_of(site or url),
        format="json11" if version.rstrip("/").endswith("1.1") else "json1",
        language=language,
        items=tuple(_item(item, base, language) for item in items[:max_items] if isinstance(item, dict)),
        problems=tuple(problems),
    )


def _item(item: _Object, base: str, language: str | None) -> ParsedItem:
    guid = item.get("id")
    content = _text(item.get("content_html")) or _escaped(_text(item.get("content_text")))
    link = resolve(base, _text(item.get("url")))
    external = resolve(base, _text(item.get("external_url")))
    tags = item.get("tags")
    own = words(_escaped(_text(item.get("summary"))), content)
    own_language = _text(item.get("language")) or language
    return ParsedItem(
        guid=_guid(guid),
        url=link or external or (resolve(None, guid) if isinstance(guid, str) else None),
        title=title_text(_text(item.get("title"))),
        summary=own.summary,
        content=own.content,
        written=own.written,
        content_hash=own.content_hash,
        authors=_authors(item),
        categories=tuple(one_line(tag) for tag in tags if isinstance(tag, str) and tag.strip())
        if isinstance(tags, list)
        else (),
        published_at=parse_date(_text(item.get("date_published")), own_language),
        updated_at=parse_date(_text(item.get("date_modified")), own_language),
        language=own_language,
        image_url=resolve(base, _text(item.get("image"))) or resolve(base, _text(item.get("banner_image"))),
        external_url=external,
    )


def _guid(value: object) -> str | None:
    """Ids may be numbers (1.0 allowed it); 7 and 7.0 are the same."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (str, int, float)):
        return clean(str(value)).strip() or None
    return None


def _authors(data: _Object) -> tuple[str, ...]:
    listed = data.get("authors")
    people = listed if isinstance(listed, list) else [data.get("author")]
    names = (one_line(_text(person.get("name"))) for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _escaped(text: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n")) if text else ""
