"""The names of a feed's elements, as feedparser knows them: `dc_creator`, `media_content`, `title`. Pure.

Part of the fast path (`wellformed.py`). Whatever could be named otherwise by feedparser is an `UnusualError`.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree  # type: ignore[import-untyped]  # it has no types

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
UNKNOWN = "?"
"""The name of every element that means nothing to us."""

_XML = "{http://www.w3.org/XML/1998/namespace}"
# Keys in lower case, as feedparser compares them.
_PREFIXES = {
    ATOM.lower(): "",
    RSS1: "",
    RDF: "rdf",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://purl.org/rss/1.0/modules/taxonomy/": "taxo",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://webns.net/mvcb/": "admin",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://backend.userland.com/creativecommonsrssmodule": "creativeCommons",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
}
# Elements of these do things that we leave to feedparser.
_LEFT_ALONE = frozenset({"cc", "creativeCommons", "georss", "gml", "psc", "xhtml"})
# feedparser goes by prefixes too: one of these that is bound to another namespace is read as if it were its own. The
# last line's would make keys that we read: `title:detail` is kept as `title_detail`.
_RESERVED_WORDS = (
    "admin cc content creativecommons dc dcterms feedburner georss gml itunes media psc rdf sy xhtml xml copyright "
    "created date description issued modified published title updated"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())
_NAMES_WORDS = (
    "ag annotate audio blogchannel co cp email ev fm foaf geo icbm image l pingback prism rdfs ref reqv search "
    "slash soap ss str sub szf taxo thr ti trackback wfw wiki xlink"
)
_NAMES = frozenset(_NAMES_WORDS.split())
# Other spellings of RSS and Atom, which change a feed's version.
_OLD = (
    "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss", "http://my.netscape.com/rdf/",
    "http://example.com/ne", "http://purl.org/echo/", "uri/of/echo/namespace#", "http://purl.org/pie/",
    "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/modules/rss091#", "http://example.com/dtds/",
)  # fmt: skip


class UnusualError(Exception):
    """This feed is to be read by feedparser."""


def check_namespaces(declared: Mapping[str | None, str]) -> None:
    """Refuse a root whose prefixes mean to feedparser what they do not mean in XML.

    Raises:
        UnusualError: a prefix has another namespace's name, or one is an old spelling.
    """
    for prefix, uri in declared.items():
        if _is_old(uri.lower()):
            raise UnusualError(uri)
        name = _PREFIXES.get(uri.lower())
        if prefix is None or name == prefix:
            continue
        # feedparser renames this prefix wherever it stands; where that is another namespace's own name, both are mixed.
        if prefix.lower() in _RESERVED or (name is not None and prefix.lower() in _NAMES):
            raise UnusualError(prefix)


def _is_old(uri: str) -> bool:
    return any(old in uri for old in _OLD)


class Names:
    """Gives elements their names; one for each feed."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, element: etree._Element) -> str:
        """`title`, `dc_creator`, or `UNKNOWN`.

        Raises:
            UnusualError: it belongs to a namespace that is left to feedparser.
        """
        tag = element.tag
        name = self._known.get(tag)
        if name is not None:
            return name
        if not isinstance(tag, str) or not tag.isascii():
            raise UnusualError("not a plain element")
        uri, _, local = tag.rpartition("}")
        uri = uri[1:].lower()
        prefix = _PREFIXES.get(uri) if uri else ""
        if prefix is None:
            given = element.prefix
            if given is None or given.lower() in _RESERVED or _is_old(uri):
                raise UnusualError(uri)
            return UNKNOWN
        if prefix in _LEFT_ALONE:
            raise UnusualError(tag)
        name = self._known[tag] = f"{prefix}_{local.lower()}" if prefix else local.lower()
        return name


def attributes(element: etree._Element) -> dict[str, str]:
    """An element's attributes by their names in lower case, `rel` and `type` with their values in lower case.

    Raises:
        UnusualError: two have the same name, or one is of a namespace that feedparser would take for none.
    """
    items = element.items()
    if not items:
        return {}
    found: dict[str, str] = {}
    for key, value in items:
        name = key.lower()
        if key[0] == "{":
            if key.startswith(_XML):
                name = f"xml:{name[len(_XML) :]}"
            elif key.startswith(f"{{{RDF}}}"):
                name = f"rdf:{name[len(RDF) + 2 :]}"
            else:
                raise UnusualError(key)
        if name in found:
            raise UnusualError(key)
        found[name] = value.lower() if name in {"rel", "type"} else value
    return found
