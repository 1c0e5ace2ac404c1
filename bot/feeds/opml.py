"""Lists of feeds in and out, as OPML. Pure; thousands of lines are fine, and each bad one is named by its line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.sax import SAXException, SAXParseException  # the parsing itself is defused
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import quoteattr
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import sax as defused_sax
from defusedxml.common import DefusedXmlException

from bot.feeds.plain import one_line
from bot.feeds.repair import repair
from bot.feeds.urls import canonical_url, resolve

MAX_ENTRIES = 20_000
_MAX_PROBLEMS = 500
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class OpmlEntry:
    """A feed in a list; `folder` is its folders' names joined by ` / `, empty at the top."""

    url: str
    title: str = ""
    folder: str = ""
    site_url: str | None = None


@dataclass(frozen=True, slots=True)
class OpmlProblem:
    """A line that could not be used, and why (a sentence)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class OpmlResult:
    """What a list holds: its feeds, each once, and its problems, by line."""

    entries: tuple[OpmlEntry, ...]
    problems: tuple[OpmlProblem, ...]


def read(body: bytes) -> OpmlResult:
    """Read a list. Whatever is wrong with it is among the problems; nothing is raised."""
    handler = _parsed(body)
    if handler.broken is not None:
        again = _parsed(repair(body))
        if again.broken is None or len(again.entries) > len(handler.entries):
            handler = again
    problems = handler.problems
    if handler.broken is not None:
        problems = [*problems, handler.broken]
    elif not handler.entries and not problems:
        problems = [OpmlProblem(1, "The file holds no feeds.")]
    return OpmlResult(tuple(handler.entries.values()), tuple(problems[:_MAX_PROBLEMS]))


def _parsed(body: bytes) -> _Handler:
    handler = _Handler()
    try:
        defused_sax.parse(io.BytesIO(body), handler, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except _FullError:
        handler.problem(f"Only the first {MAX_ENTRIES:,} feeds were read.")
    except DefusedXmlException:
        handler.broken = OpmlProblem(handler.line, "The file defines entities, which is not allowed. Export it again.")
    except SAXParseException as error:
        line = error.getLineNumber() or handler.line
        handler.broken = OpmlProblem(line, "The file is broken from here on; what came before was read.")
    except (SAXException, ValueError, LookupError):
        handler.broken = OpmlProblem(handler.line, "The file is not OPML. Export it again from your reader.")
    return handler


class _FullError(Exception):
    """There are more feeds than are read."""


class _Handler(ContentHandler):
    """Collects outlines; a stack of folders, None for an outline that is no folder."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, OpmlEntry] = {}
        self.problems: list[OpmlProblem] = []
        self.broken: OpmlProblem | None = None
        self.line = 1
        self._where: Locator | None = None
        self._lines: dict[str, int] = {}
        self._folders: list[str] = []
        self._empty: list[tuple[int, str] | None] = []  # outlines without a feed that had no child yet

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX's name
        """Keep what knows the line."""
        self._where = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        """An outline is a feed when it has an address, else a folder."""
        self.line = (self._where.getLineNumber() if self._where is not None else None) or self.line
        if name.lower() != "outline":
            return
        if self._empty:
            self._empty[-1] = None
        values = {str(key).lower(): str(value) for key, value in attrs.items()}
        title = one_line(values.get("title") or values.get("text") or "")[:500]
        if "xmlurl" in values:
            self._feed(values, title)
            self._folders.append("")
            self._empty.append(None)
        else:
            self._folders.append(title)
            self._empty.append(
                (self.line, title) if values.get("type", "").lower() in {"rss", "atom", "feed"} else None
            )
        if len(self._folders) > _MAX_DEPTH:
            raise SAXException("nested too deeply")

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """Leave an outline; one that says it is a feed but has no address is a problem."""
        if name.lower() == "outline" and self._folders:
            self._folders.pop()
            empty = self._empty.pop()
            if empty is not None:
                self._note(empty[0], f"“{empty[1] or 'An outline'}” has no xmlUrl, so it is no feed.")

    def problem(self, text: str) -> None:
        """Note a problem at the line that is being read."""
        self._note(self.line, text)

    def _note(self, line: int, text: str) -> None:
        self.problems.append(OpmlProblem(line, text))

    def _feed(self, values: dict[str, str], title: str) -> None:
        written = values["xmlurl"].strip()
        # "feed:https://…" and "feed://…" are how some readers write addresses.
        url = resolve(None, re.sub(r"^feed:(?=https?:)", "", re.sub(r"^feed://", "https://", written)))
        if url is None:
            shown = one_line(written)[:100]
            self.problem(
                f"“{shown}” is not an address that can be read." if shown else f"“{title}” has an empty xmlUrl."
            )
            return
        key = canonical_url(url)
        if key in self.entries:
            self.problem(f"{one_line(url)[:200]} is in the list already, in line {self._lines[key]}.")
            return
        if len(self.entries) >= MAX_ENTRIES:
            raise _FullError
        folder = " / ".join(name for name in self._folders if name) or _category(values.get("category", ""))
        self._lines[key] = self.line
        self.entries[key] = OpmlEntry(url, title, folder, resolve(None, values.get("htmlurl")))


def _category(text: str) -> str:
    """OPML 2.0's category: slash-delimited paths parted by commas; the first is taken."""
    return " / ".join(part for part in one_line(text).partition(",")[0].split("/") if part.strip())


def write(entries: Iterable[OpmlEntry], *, title: str = "Tapeout's feeds") -> bytes:
    """Write a list as OPML 2.0, in folders; `read` gives the same entries back (ordered by folder)."""
    return ("\n".join(_lines(entries, title)) + "\n").encode("utf-8")


def _lines(entries: Iterable[OpmlEntry], title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield f"  <head><title>{_text(title)}</title></head>"
    yield "  <body>"
    for folder, members in groupby(sorted(entries, key=lambda entry: entry.folder), key=lambda entry: entry.folder):
        names = folder.split(" / ") if folder else []
        for depth, name in enumerate(names):
            yield f"{'  ' * (depth + 2)}<outline text={quoteattr(one_line(name))}>"
        for entry in members:
            yield "  " * (len(names) + 2) + _outline(entry)
        for depth in reversed(range(len(names))):
            yield f"{'  ' * (depth + 2)}</outline>"
    yield "  </body>"
    yield "</opml>"


def _outline(entry: OpmlEntry) -> str:
    name = quoteattr(one_line(entry.title) or entry.url)
    site = f" htmlUrl={quoteattr(entry.site_url)}" if entry.site_url else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(entry.url)}{site}/>'


def _text(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;")
