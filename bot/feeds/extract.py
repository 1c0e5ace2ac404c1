"""An article out of its page, and the feeds that a page names. Runs in the worker process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura
from lxml import etree  # type: ignore[import-untyped]  # it has no types
from lxml import html as lxml_html

from bot.errors import ParseError
from bot.feeds.dates import parse_date
from bot.feeds.pages import FeedLink, PageLinks, PageText
from bot.feeds.paywall import note_for
from bot.feeds.plain import clean, drop_hidden, one_line, title_text
from bot.feeds.urls import resolve
from bot.feeds.witness import title_key

_FEED_TYPES = {
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml",
    "text/xml", "application/json",
}  # fmt: skip
_MAX_LINKS = 40


@dataclass(frozen=True, slots=True)
class _Meta:
    """What a page says about itself outside its text."""

    canonical: str | None = None
    language: str | None = None
    image: str | None = None
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    title: str = ""
    is_free: bool | None = None


def extract_page(body: bytes, *, url: str, charset: str | None = None) -> PageText:
    """Read the article of a page: main text only, no comments, no tables, nothing that a browser hides.

    Raises:
        ParseError: of kind `malformed`: this is no HTML.
    """
    tree = _tree(body, charset)
    meta = _meta(tree, url)
    marked = _markup_says_hidden_paywall(tree)
    drop_hidden(tree)
    document = trafilatura.bare_extraction(
        tree,
        url=url,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        deduplicate=False,
    )
    assert not isinstance(document, dict)  # as_dict is off
    title = title_text((document.title if document is not None else None) or meta.title)
    text = _paragraphs(document.text if document is not None else None, title)
    note = note_for(text=text, is_free=meta.is_free, markup=marked, visible=_visible_start(tree))
    return PageText(
        text=text,
        title=title,
        canonical_url=meta.canonical,
        language=meta.language,
        authors=meta.authors or _split(document.author if document is not None else None),
        image_url=meta.image,
        published_at=meta.published or parse_date(document.date if document is not None else None),
        note=note,
    )


def page_links(body: bytes, *, url: str, charset: str | None = None) -> PageLinks:
    """The feeds that a page names, in its own order: `<link rel="alternate">` first, then links that look like feeds.

    Raises:
        ParseError: of kind `malformed`.
    """
    tree = _tree(body, charset)
    base = url
    for element in tree.iter("base"):
        if resolved := resolve(url, element.get("href")):
            base = resolved
            break
    found: dict[str, FeedLink] = {}
    for link in (*_declared(tree, base), *_guessed(tree, base)):
        found.setdefault(link.url, link)
    title = tree.findtext(".//title")
    return PageLinks(title=title_text(title or ""), feeds=tuple(found.values())[:_MAX_LINKS])


def _declared(tree: etree._Element, base: str) -> Iterator[FeedLink]:
    for element in tree.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        is_feed = ("alternate" in rel and kind in _FEED_TYPES) or "feed" in rel
        if is_feed and "stylesheet" not in rel and (address := resolve(base, element.get("href"))):
            yield FeedLink(address, title_text(element.get("title") or ""))


def _guessed(tree: etree._Element, base: str) -> Iterator[FeedLink]:
    for element in tree.iter("a"):
        address = resolve(base, element.get("href"))
        path = re.sub(r"[?#].*", "", address or "")
        if address and re.search(
            r"/(?:rss|feed|atom|feeds?|rss2)(?:\.xml|\.json|/|$)|\.(?:rss|atom|rdf)$|/index\.xml$", path
        ):
            yield FeedLink(address, one_line(" ".join(element.itertext()))[:200])


def _tree(body: bytes, charset: str | None) -> lxml_html.HtmlElement:
    tree = trafilatura.load_html(_decoded(body, charset))
    if tree is None:
        raise ParseError("The page could not be read: it is not HTML.", kind="malformed")
    return tree


def _decoded(body: bytes, charset: str | None) -> bytes | str:
    """Text, where the server named the charset and it fits; else trafilatura looks at the page itself."""
    if charset:
        try:
            return clean(body.decode(charset))
        except (LookupError, UnicodeDecodeError):
            return body
    return body


def _meta(tree: etree._Element, url: str) -> _Meta:
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = element.get("content")
        if name and content:
            values.setdefault(name, content)
    canonical = next(
        (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()), None
    )
    data = list(_linked_data(tree))
    published = values.get("article:published_time") or values.get("datepublished") or _first(data, "datePublished")
    language = tree.get("lang") or values.get("og:locale") or values.get("language") or ""
    match = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?", language.strip())
    return _Meta(
        canonical=resolve(url, canonical) or resolve(url, values.get("og:url")),
        language=match.group().replace("_", "-") if match else None,
        image=resolve(url, values.get("og:image") or values.get("twitter:image")),
        published=parse_date(published),
        authors=_authors(data) or _split(values.get("author")),
        title=values.get("og:title", ""),
        is_free=_is_free(data),
    )


def _linked_data(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of a page, nested graphs included."""
    for element in tree.iter("script"):
        if (element.get("type") or "").lower().startswith("application/ld+json"):
            try:
                todo = [json.loads(element.text or "null")]
            except (ValueError, RecursionError):
                continue
            for _ in range(200):
                if not todo:
                    break
                value = todo.pop()
                if isinstance(value, list):
                    todo.extend(value[:50])
                elif isinstance(value, dict):
                    yield value
                    todo.append(value.get("@graph"))
                    todo.append(value.get("hasPart"))


def _first(data: list[dict[str, Any]], name: str) -> str | None:
    return next((value for one in data if isinstance(value := one.get(name), str)), None)


def _authors(data: list[dict[str, Any]]) -> tuple[str, ...]:
    for one in data:
        listed = one.get("author")
        people = listed if isinstance(listed, list) else [listed]
        names = [one_line(str(person.get("name") or "")) for person in people if isinstance(person, dict)]
        names = [name for name in names if name and len(name) < 100]  # noqa: PLR2004 - longer is no name
        if names:
            return tuple(dict.fromkeys(names))[:20]
    return ()


def _is_free(data: list[dict[str, Any]]) -> bool | None:
    """schema.org's isAccessibleForFree; False anywhere wins."""
    said = [str(one["isAccessibleForFree"]).strip().lower() for one in data if "isAccessibleForFree" in one]
    if any(word in {"false", "http://schema.org/false", "https://schema.org/false", "no"} for word in said):
        return False
    return True if said else None


def _split(names: str | None) -> tuple[str, ...]:
    parts = (one_line(part) for part in re.split(r";|\band\b|,", names or ""))
    return tuple(dict.fromkeys(part for part in parts if part and len(part) < 100))[:20]  # noqa: PLR2004 - longer is no name


_PAYWALL_MARK = re.compile(
    r"(?:^|[\s_-])(?:paywall|pay-wall|piano-offer|tp-modal|meteredContent|metered-content|subscriber-only|subscribers-only"
    r"|premium-content|regwall|reg-wall|gated-content|article-gate)(?:[\s_-]|$)",
    re.IGNORECASE,
)


def _markup_says_hidden_paywall(tree: etree._Element) -> bool:
    return any(
        _PAYWALL_MARK.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:1000])
        for element in tree.iter("div", "section", "aside", "article", "form")
    )


def _visible_start(tree: etree._Element) -> str:
    """The first words of what the page shows, for the marks of cookie walls and bot checks."""
    body = tree.find(".//body")
    parts: list[str] = []
    size = 0
    for element in (body if body is not None else tree).iter(etree.Element):
        if element.tag in {"script", "style", "noscript", "template"}:
            continue
        for text in (element.text, element.tail):
            if text and text.strip():
                parts.append(text.strip())
                size += len(text)
        if size > 20_000:  # noqa: PLR2004 - a wall says what it is at once
            break
    return " ".join(" ".join(parts).split())


def _paragraphs(text: str | None, title: str) -> str:
    """The text with its paragraphs parted by a blank line, without the title at its head."""
    lines = [line for line in (" ".join(clean(line).split()) for line in (text or "").splitlines()) if line]
    if lines and title_key(lines[0]) == title_key(title):
        del lines[0]
    return "\n\n".join(lines)
