"""What the elements of channels and of items have in common: texts, types, languages, links, ids. Pure.

Part of the fast path (`wellformed.py`): each is read as feedparser reads it, or is an `UnusualError`.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any, Final

from lxml import etree  # type: ignore[import-untyped]  # it has no types

from bot.feeds.vocabulary import UnusualError, attributes

UNREAD: Final = object()
"""Stands for a date as feedparser would read it: whoever needs it must ask feedparser."""

_Values = dict[str, Any]
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}
# Texts in Windows-1252 that were declared as Latin-1.
_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(128, 160) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_C1 = re.compile("[\x80-\x9f]")
_AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
#: What persons have.
PEOPLE = frozenset({"name", "uri", "url", "email"})
_IGNORED_WORDS = (
    "comments rights copyright dc_contributor dc_coverage dc_format dc_identifier dc_language dc_relation dc_rights "
    "dc_source dc_type itunes_block itunes_duration itunes_episode itunes_episodetype itunes_explicit itunes_order "
    "itunes_season itunes_subtitle itunes_title media_copyright media_credit media_hash media_license media_player "
    "media_rating media_restriction media_starrating media_statistics media_tags media_text admin_errorreportsto "
    "admin_generatoragent"
)
#: Elements that mean nothing to us wherever they stand, and the beginnings of such names.
IGNORED = frozenset(_IGNORED_WORDS.split())
IGNORED_PREFIXES = ("feedburner_", "foaf_", "geo_", "prism_", "slash_", "taxo_", "thr_", "trackback_", "wfw_")


def mended(text: str) -> str:
    """A text as feedparser gives it out: stripped, and UTF-8 that was read as Latin-1 read again."""
    text = text.strip()
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252) if _C1.search(text) else text


def leaf(element: etree._Element) -> str:
    """The text of an element that has no elements in it."""
    if len(element):
        raise UnusualError(element.tag)
    return element.text or ""


def address(text: str) -> str:
    """An address, unless it is one that feedparser would rewrite."""
    if ":///" in text:
        raise UnusualError("address")
    return text


def type_of(given: dict[str, str], default: str) -> str:
    """The media type of a text; neither base64 nor markup that is not escaped."""
    kind = given.get("type", default)
    kind = _TYPES.get(kind, kind)
    if kind not in {"text/plain", "text/html"} or "mode" in given or "src" in given:
        raise UnusualError(kind)
    return kind


def language_of(given: dict[str, str], outer: str | None) -> str | None:
    """The language by xml:lang, which elements hand on to those in them."""
    if "lang" in given:
        raise UnusualError("lang")
    return given.get("xml:lang", outer) or None


def read_link(values: _Values, element: etree._Element, *, is_item: bool) -> None:
    """A link of either kind: Atom's with `href`, RSS's with a text."""
    text = leaf(element)
    link: _Values = {"rel": "alternate", **attributes(element)}
    link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
    if href := link.get("url", link.get("uri", link.get("href"))):
        link.pop("url", None)
        link.pop("uri", None)
        link["href"] = href
    values.setdefault("links", []).append(link)
    if "href" in link:
        link["href"] = address(link["href"])
        if link["rel"] == "alternate" and _TYPES.get(link["type"], link["type"]) in _HTML:
            values["link"] = link["href"]
        return
    written = mended(address(text.strip()))
    if is_item:
        written = written.replace("&amp;", "&")
    values["link"] = written = _AMPERSAND.sub(r"&\1", written)
    if written or not is_item:
        link["href"] = written


def id_of(values: _Values, element: etree._Element) -> str:
    """A guid or id; it is the link, too, where no link came before."""
    text = leaf(element)
    is_link = attributes(element).get("ispermalink", "true") == "true"
    value = mended(address(text.strip()) if is_link else text)
    if is_link:
        values.setdefault("link", value)
    return value
