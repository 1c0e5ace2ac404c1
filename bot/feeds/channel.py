"""What a feed says of itself, kept under feedparser's keys, and its items. Pure; part of the fast path."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it has no types

from bot.feeds.elements import IGNORED, IGNORED_PREFIXES, PEOPLE, id_of, language_of, leaf, mended, read_link, type_of
from bot.feeds.item import Item
from bot.feeds.vocabulary import UNKNOWN, Names, UnusualError, attributes

_Values = dict[str, Any]
_IGNORED_HERE_WORDS = (
    "author category cloud dc_creator dc_date dc_subject docs generator icon itunes_author itunes_complete "
    "itunes_image itunes_keywords itunes_new-feed-url itunes_type keywords lastbuilddate logo managingeditor "
    "media_category media_content media_keywords media_thumbnail modified pubdate published rating subtitle "
    "sy_updatebase tagline updated"
)
_IGNORED_HERE = frozenset(_IGNORED_HERE_WORDS.split())
# Elements of a channel with elements in them, and which.
# Elements with elements in them, and which.
_PARTS = {
    "image": frozenset({"url", "title", "link", "width", "height", "description"}),
    "textinput": frozenset({"title", "description", "name", "link"}),
    "skiphours": frozenset({"hour"}),
    "skipdays": frozenset({"day"}),
    "itunes_category": frozenset({"itunes_category"}),
    "itunes_owner": frozenset({"itunes_name", "itunes_email"}),
    "author": PEOPLE,
    "contributor": PEOPLE,
}


class Channel:
    """What a feed says of itself, and its items."""

    def __init__(self, *, language: str | None) -> None:
        self.values: _Values = {}
        self.items: list[_Values] = []
        self._language = language or None
        self._names = Names()
        self._titles = 0
        self._described = False

    def read(self, element: etree._Element, *, depth: int) -> None:
        """Read a channel with its items in it; `depth` is that of its elements, the root's is 1.

        Raises:
            UnusualError: it is to be read by feedparser.
        """
        self._open(element)
        for child in element:
            name = self._names.of(child)
            if name in {"item", "entry"}:
                self._item(child, depth)
            else:
                self._take(name, child)

    def read_rdf(self, root: etree._Element) -> None:
        """Read RDF, where items stand beside their channel.

        Raises:
            UnusualError: it is to be read by feedparser.
        """
        for number, child in enumerate(root):
            name = self._names.of(child)
            if (name == "channel") is not (number == 0):
                raise UnusualError("channel")
            if name == "channel":
                self._open(child)
                for part in child:
                    self._take(self._names.of(part), part)
            elif name == "item":
                self._item(child, 2)
            elif name in {"image", "textinput"}:
                self._part(name, child)
            else:
                raise UnusualError(name)

    def _open(self, element: etree._Element) -> None:
        given = attributes(element)
        if "lastmod" in given or "href" in given:
            raise UnusualError("cdf")
        self._language = language_of(given, self._language)

    def _item(self, element: etree._Element, depth: int) -> None:
        self.items.append(Item(element, self._names, depth=depth + 1, language=self._language).values)

    def _take(self, name: str, element: etree._Element) -> None:
        values = self.values
        if name == "title":
            self._titles += 1
            if self._titles > 1:
                raise UnusualError("titles")
            type_of(attributes(element), "text/plain")
            values["title"] = mended(leaf(element))
        elif name == "link":
            read_link(values, element, is_item=False)
        elif name == "id":
            values["id"] = id_of(values, element)
        elif name in {"language", "dc_language"}:
            values["language"] = mended(leaf(element))
        elif name in {"webmaster", "dc_publisher"}:
            values["publisher"] = mended(leaf(element))
        elif name in {"ttl", "sy_updateperiod", "sy_updatefrequency"}:
            values[name] = attributes(element) or mended(leaf(element))
        elif name in {"description", "itunes_summary"}:
            self._describe(name, element)
        else:
            self._pass_over(name, element)

    def _describe(self, name: str, element: etree._Element) -> None:
        """Not kept; but after a summary, the next description would be a content to feedparser."""
        if self._described:
            raise UnusualError(name)
        self._described = name == "itunes_summary"
        type_of(attributes(element), "text/html")
        leaf(element)

    def _pass_over(self, name: str, element: etree._Element) -> None:
        if name in _PARTS and len(element):
            self._part(name, element)
        elif name == "items":
            for inner in element.iterdescendants():
                if not self._names.of(inner).startswith("rdf_"):
                    raise UnusualError(name)
        elif (
            name == UNKNOWN
            or name in IGNORED
            or name in _IGNORED_HERE
            or name in _PARTS
            or name.startswith(IGNORED_PREFIXES)
        ):
            leaf(element)
        else:
            raise UnusualError(name)

    def _part(self, name: str, element: etree._Element) -> None:
        for child in element:
            leaf(child)
            if self._names.of(child) not in _PARTS[name]:
                raise UnusualError(name)
