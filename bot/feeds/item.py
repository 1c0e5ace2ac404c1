"""An item's elements, kept under the keys that feedparser would keep them under. Pure.

Part of the fast path (`wellformed.py`). The order of elements matters as it does to feedparser: the second description
is a content, a guid is a link where none came before, the second text replaces the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it has no types

from bot.feeds.elements import (
    IGNORED,
    IGNORED_PREFIXES,
    PEOPLE,
    UNREAD,
    id_of,
    language_of,
    leaf,
    mended,
    read_link,
    type_of,
)
from bot.feeds.vocabulary import UNKNOWN, Names, UnusualError, attributes

_Values = dict[str, Any]
_DATES = {
    "pubdate": "published", "published": "published", "issued": "published", "dcterms_issued": "published",
    "updated": "updated", "modified": "updated", "dc_date": "updated", "dcterms_modified": "updated",
    "created": "created", "dcterms_created": "created",
}  # fmt: skip
# Names that mean nothing to us wherever they stand. Those that feedparser does not know either may hold what they like
# as text; none may hold elements.
_IGNORED_IN_ITEM = frozenset({"dc_publisher", "sy_updateperiod", "sy_updatefrequency", "sy_updatebase"})
_GROUPS = frozenset({"media_group", "media_community", "media_content"})


class Item:
    """One item; `values` holds what feedparser's entry would."""

    def __init__(self, element: etree._Element, names: Names, *, depth: int, language: str | None) -> None:
        """Read it.

        Args:
            element: the item.
            names: the feed's.
            depth: how deep the item's own elements lie; the root's depth is 1.
            language: what the channel is written in, by xml:lang.

        Raises:
            UnusualError: it is to be read by feedparser.
        """
        given = attributes(element)
        if "lastmod" in given or "href" in given:
            raise UnusualError("cdf")
        self.values: _Values = {}
        if about := given.get("rdf:about"):
            self.values["id"] = about
        self._names = names
        self._language = language_of(given, language)
        self._depths: dict[str, int] = {}
        self._has_content = False
        self._titles = 0
        self._second_title = False
        self._has_source = False
        self._has_bare_author = False
        for child in element:
            self._take(child, depth)
        if self._second_title and (not self.values.get("title") or not self._titles or self._has_source):
            raise UnusualError("which title")

    def _take(self, element: etree._Element, depth: int) -> None:
        name = self._names.of(element)
        reader = _READERS.get(name)
        if reader is not None:
            reader(self, element, depth)
        elif name in _DATES:
            self._keep(_DATES[name], mended(leaf(element)), depth)
            self.values[f"{_DATES[name]}_parsed"] = UNREAD
        elif name in _GROUPS:
            if name == "media_content":
                self.values.setdefault("media_content", []).append(attributes(element))
            for child in element:
                if not self._names.of(child).startswith("media_"):
                    raise UnusualError(child.tag)
                self._take(child, depth + 1)
        elif name == UNKNOWN or name in IGNORED or name in _IGNORED_IN_ITEM or name.startswith(IGNORED_PREFIXES):
            leaf(element)
        else:
            raise UnusualError(name)

    def _keep(self, key: str, value: str, depth: int) -> None:
        """A later text replaces an earlier one, unless it lies deeper."""
        if depth <= self._depths.get(key, depth):
            self._depths[key] = depth
            self.values[key] = value

    def title(self, element: etree._Element, depth: int) -> None:
        """The title; a second one is too much."""
        self._titles += 1
        if self._titles > 1:
            raise UnusualError("titles")
        text, given = leaf(element), attributes(element)
        type_of(given, "text/plain")
        self._keep("title", mended(text), depth)
        self.values["title_detail"] = {"language": language_of(given, self._language)}

    def media_title(self, element: etree._Element, _depth: int) -> None:
        """It gives way to the title."""
        type_of(attributes(element), "text/plain")
        leaf(element)
        self._second_title = True

    def link(self, element: etree._Element, _depth: int) -> None:
        """A link."""
        read_link(self.values, element, is_item=True)

    def guid(self, element: etree._Element, depth: int) -> None:
        """A guid or id."""
        self._keep("id", id_of(self.values, element), depth)

    def description(self, element: etree._Element, depth: int) -> None:
        """RSS's description: a content where there is a summary and no content yet."""
        self._summary(element, depth, "text/html")

    def summary(self, element: etree._Element, depth: int) -> None:
        """Atom's summary, alike."""
        self._summary(element, depth, "text/plain")

    def _summary(self, element: etree._Element, depth: int, default: str) -> None:
        if "summary" in self.values and not self._has_content:
            self.content(element, depth)
            return
        text = leaf(element)
        type_of(attributes(element), default)
        self._keep("summary", mended(text), depth)

    def content(self, element: etree._Element, _depth: int) -> None:
        """A full text; it is the summary, too, where there is none."""
        text = leaf(element)
        type_of(attributes(element), "text/plain")
        value = mended(text)
        self._has_content = True
        self.values.setdefault("content", []).append({"value": value})
        self.values.setdefault("summary", value)

    def author(self, element: etree._Element, depth: int) -> None:
        """A person, as a text or with a name in it."""
        people = self.values.setdefault("authors", [])
        if not len(element):
            name = mended(element.text or "")
            if "@" in name:
                raise UnusualError("address in a name")  # feedparser parts them
            self._keep("author", name, depth)
            self._has_bare_author = True
            people.append({"name": name} if name else {})
            return
        parts = [(self._names.of(child), leaf(child)) for child in element]
        named = [text.strip() for name, text in parts if name == "name"]
        if self._has_bare_author:
            raise UnusualError("author")  # feedparser gives the first one the other's name
        if (
            len(named) != 1
            or not named[0]
            or not named[0].isprintable()
            or not PEOPLE.issuperset(name for name, _ in parts)
        ):
            raise UnusualError("author")
        people.append({"name": named[0]})

    def contributor(self, element: etree._Element, _depth: int) -> None:
        """Nobody that we name."""
        for child in element:
            leaf(child)
            if self._names.of(child) not in PEOPLE:
                raise UnusualError("contributor")

    def category(self, element: etree._Element, _depth: int) -> None:
        """A category: its term, label and scheme, or its text."""
        text, given = mended(leaf(element)), attributes(element)
        scheme = given.get("scheme", given.get("domain"))
        if self._names.of(element) == "media_category":
            scheme = given.get("scheme", "http://search.yahoo.com/mrss/category_schema")
        self._tag(given.get("term"), scheme, given.get("label"))
        if not text:
            return
        tags = self.values["tags"]
        if tags and not tags[-1]["term"]:
            tags[-1]["term"] = text
        else:
            self._tag(text, None, None)

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tags = self.values.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if (term or scheme or label) and tag not in tags:
            tags.append(tag)

    def keywords(self, element: etree._Element, _depth: int) -> None:
        """Several in one text, parted by commas."""
        if element.items():
            raise UnusualError("keywords")
        for term in mended(leaf(element)).split(","):
            if term.strip():
                scheme = "http://www.itunes.com/" if self._names.of(element).startswith("itunes") else None
                self._tag(term.strip(), scheme, None)

    def enclosure(self, element: etree._Element, _depth: int) -> None:
        """A file that comes with it."""
        leaf(element)
        link: _Values = attributes(element)
        if href := link.get("url", link.get("uri", link.get("href"))):
            link["href"] = href
        self.values.setdefault("links", []).append({**link, "rel": "enclosure"})

    def thumbnail(self, element: etree._Element, _depth: int) -> None:
        """A picture."""
        if leaf(element).strip():
            raise UnusualError("thumbnail")
        self.values.setdefault("media_thumbnail", []).append(attributes(element))

    def itunes_image(self, element: etree._Element, _depth: int) -> None:
        """A picture, alike."""
        leaf(element)
        given = attributes(element)
        if href := given.get("href") or given.get("url"):
            self.values["image"] = {"href": href}

    def source(self, element: etree._Element, _depth: int) -> None:
        """Where it was taken from; Atom's, with elements in it, is left to feedparser."""
        leaf(element)
        self._has_source = True


_READERS: dict[str, Callable[[Item, etree._Element, int], None]] = {
    "title": Item.title,
    "media_title": Item.media_title,
    "link": Item.link,
    "guid": Item.guid,
    "id": Item.guid,
    "description": Item.description,
    "dc_description": Item.description,
    "media_description": Item.description,
    "summary": Item.summary,
    "itunes_summary": Item.summary,
    "content": Item.content,
    "content_encoded": Item.content,
    "author": Item.author,
    "dc_creator": Item.author,
    "dc_author": Item.author,
    "itunes_author": Item.author,
    "contributor": Item.contributor,
    "category": Item.category,
    "dc_subject": Item.category,
    "media_category": Item.category,
    "media_keywords": Item.keywords,
    "itunes_keywords": Item.keywords,
    "enclosure": Item.enclosure,
    "media_thumbnail": Item.thumbnail,
    "itunes_image": Item.itunes_image,
    "source": Item.source,
}
