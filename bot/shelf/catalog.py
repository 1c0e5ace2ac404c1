"""What is on the shelf: publishers, articles and their editions, read from data files and checked.

A publisher is a table of `publishers.toml`. An article is `articles/<publisher>/<slug>.md`: TOML between two `+++`
lines, then the body (see `bot.shelf.text`). A later edition of an article is a file of its own whose front matter says
`revises = "<publisher>/<slug>"`.
"""

import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.shelf.items import Article, Edition, Publisher
from bot.shelf.text import Block, blocks, links, plain

HERE = Path(__file__).parent

FORMATS = frozenset({"rss2", "atom", "rdf", "json"})
CONTENTS = frozenset({"full", "summary"})
VALIDATORS = frozenset({"etag", "weak-etag", "last-modified"})
QUIRKS = frozenset({"gzip", "broken", "stamp"})
LAYOUTS = frozenset({"paper", "blog", "corporate"})
DISCOVERIES = frozenset({"absolute", "relative", "header"})

_OFFSET = re.compile(r"([+-])(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPACES = re.compile(r"\s+")


class CatalogError(ValueError):
    """A data file of the shelf is wrong; the message names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that can come out, articles ordered by when they first do."""

    publishers: tuple[Publisher, ...]
    articles: tuple[Article, ...]

    def article(self, article_id: str) -> Article:
        """The article of that id.

        Raises:
            KeyError: there is none.
        """
        for article in self.articles:
            if article.id == article_id:
                return article
        raise KeyError(article_id)


def load_catalog(root: Path = HERE) -> Catalog:
    """Read and check every data file under `root`.

    Raises:
        CatalogError: a file is malformed, a field is missing, unknown or out of range, or two articles collide.
    """
    publishers = _load_publishers(root / "publishers.toml")
    originals: dict[str, Article] = {}
    revisions: list[tuple[Path, str, Edition]] = []
    for path in sorted((root / "articles").glob("*/*.md")):
        meta, body = _front_matter(path)
        if "revises" in meta:
            revisions.append((path, str(meta["revises"]), _revision(path, meta, body)))
        else:
            article = _article(path, meta, body, publishers)
            originals[article.id] = article
    for path, revised, edition in sorted(revisions, key=lambda item: item[2].offset):
        if revised not in originals:
            raise CatalogError(f"{path.name}: it revises {revised!r}, which is no article")
        original = originals[revised]
        if edition.offset <= original.editions[-1].offset:
            raise CatalogError(f"{path.name}: it comes out before what it revises")
        originals[revised] = replace(original, editions=(*original.editions, edition))
    articles = tuple(sorted(originals.values(), key=lambda a: (a.editions[0].offset, a.id)))
    _check_numbers(articles)
    return Catalog(tuple(publishers.values()), tuple(_with_paths(article, originals) for article in articles))


def _load_publishers(path: Path) -> dict[str, Publisher]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path.name}: {error}") from error
    return {key: _publisher(f"{path.name} [{key}]", key, table) for key, table in tables.items()}


def _publisher(where: str, key: str, table: Mapping[str, Any]) -> Publisher:
    fields = dict(table)
    for name in ("validators", "quirks"):
        fields[name] = frozenset(fields.get(name, ()))
    fields["sections"] = tuple(fields.get("sections", ()))
    try:
        publisher = Publisher(key=key, **fields)
    except TypeError as error:
        raise CatalogError(f"{where}: {error}") from error
    for name, allowed in (
        ("format", FORMATS),
        ("content", CONTENTS),
        ("layout", LAYOUTS),
        ("discovery", DISCOVERIES),
    ):
        if getattr(publisher, name) not in allowed:
            raise CatalogError(f"{where}: {name} must be one of {', '.join(sorted(allowed))}")
    for name, allowed in (("validators", VALIDATORS), ("quirks", QUIRKS)):
        if unknown := getattr(publisher, name) - allowed:
            raise CatalogError(f"{where}: {name} has no {', '.join(sorted(unknown))}")
    return publisher


def _front_matter(path: Path) -> tuple[dict[str, Any], str]:
    where = f"{path.parent.name}/{path.name}"
    try:
        parts = path.read_text("utf-8").split("+++\n", 2)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"{where}: {error}") from error
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004  before, between and after the two fences
        raise CatalogError(f"{where}: it must begin with front matter between two lines of +++")
    try:
        return tomllib.loads(parts[1]), parts[2].strip()
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{where}: {error}") from error


_ARTICLE_KEYS = frozenset(
    {"offset", "title", "summary", "authors", "section", "language", "stated", "open_blocks", "members", "hidden"}
)
_REVISION_KEYS = frozenset({"revises", "offset", "title", "summary", "note"})


def _article(path: Path, meta: Mapping[str, Any], body: str, publishers: Mapping[str, Publisher]) -> Article:
    key, slug = path.parent.name, path.stem
    where = f"{key}/{path.name}"
    _check_keys(where, meta, _ARTICLE_KEYS)
    if key not in publishers:
        raise CatalogError(f"{where}: publishers.toml has no [{key}]")
    if not _SLUG.fullmatch(slug):
        raise CatalogError(f"{where}: a file's name is lower-case words joined by hyphens")
    publisher = publishers[key]
    section = str(meta.get("section", publisher.sections[0]))
    stated = meta.get("stated", "+0s")
    edition = _edition(where, meta, body)
    open_blocks = meta.get("open_blocks")
    if open_blocks is not None and not 0 < open_blocks < len(edition.body):
        raise CatalogError(f"{where}: open_blocks must leave some of the {len(edition.body)} blocks behind the wall")
    article_id = f"{key}/{slug}"
    return Article(
        id=article_id,
        publisher=publisher,
        slug=slug,
        number=100_000 + zlib.crc32(article_id.encode()) % 900_000,
        authors=tuple(meta.get("authors", ())),
        section=section,
        language=str(meta.get("language", "en")),
        editions=(edition,),
        stated=None if stated == "none" else parse_offset(where, str(stated)),
        open_blocks=open_blocks,
        members=bool(meta.get("members", False)),
        hidden=meta.get("hidden"),
    )


def _revision(path: Path, meta: Mapping[str, Any], body: str) -> Edition:
    where = f"{path.parent.name}/{path.name}"
    _check_keys(where, meta, _REVISION_KEYS)
    edition = _edition(where, meta, body)
    return replace(edition, note=str(meta["note"]) if "note" in meta else "Updated with new information.")


def _edition(where: str, meta: Mapping[str, Any], body: str) -> Edition:
    title = str(meta.get("title", ""))
    if not title or not body:
        raise CatalogError(f"{where}: it needs a title and a body")
    if "offset" not in meta:
        raise CatalogError(f"{where}: it needs an offset, such as '-3h 20m' or '+24s'")
    parsed = blocks(body)
    lead = next((plain(b.lines[0]) for b in parsed if b.kind == "paragraph"), "")
    summary = _SPACES.sub(" ", str(meta.get("summary") or lead)).strip()
    edition = Edition(parse_offset(where, str(meta["offset"])), title, summary, parsed)
    try:
        edition.dated(date(2026, 11, 22))  # any day will do: a malformed date fails on all of them
    except ValueError as error:
        raise CatalogError(f"{where}: {error}") from error
    return edition


def _check_keys(where: str, meta: Mapping[str, Any], allowed: Iterable[str]) -> None:
    if unknown := set(meta) - set(allowed):
        raise CatalogError(f"{where}: it has no field named {', '.join(sorted(unknown))}")


def parse_offset(where: str, text: str) -> timedelta:
    """Read '-3h 20m', '+24s' or '+2d'.

    Raises:
        CatalogError: the text is not an offset; the message begins with `where`.
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise CatalogError(f"{where}: {text!r} is no offset; write '-3h 20m' or '+24s'")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if match.group(1) == "-" else length


def _check_numbers(articles: tuple[Article, ...]) -> None:
    if not articles:
        raise CatalogError("there are no articles")
    numbers: dict[int, str] = {}
    for article in articles:
        if article.number in numbers:
            raise CatalogError(f"{article.id} and {numbers[article.number]} have the same number; rename one")
        numbers[article.number] = article.id


def _with_paths(article: Article, known: Mapping[str, Article]) -> Article:
    """Turn links to `article:<id>` into paths on the shelf's server."""
    editions = tuple(_linked(edition, article.id, known) for edition in article.editions)
    return replace(article, editions=editions)


def _linked(edition: Edition, article_id: str, known: Mapping[str, Article]) -> Edition:
    body: list[Block] = []
    for block in edition.body:
        lines: list[str] = []
        for line in block.lines:
            linked = line
            for target in links(line):
                if not target.startswith("article:"):
                    continue
                other = known.get(target.removeprefix("article:"))
                if other is None:
                    raise CatalogError(f"{article_id}: it links to {target}, which is no article")
                if other.editions[0].offset >= edition.offset:
                    raise CatalogError(f"{article_id}: it links to {target}, which isn't out by then")
                linked = linked.replace(f"({target})", f"({other.path})")
            lines.append(linked)
        body.append(replace(block, lines=tuple(lines)))
    return replace(edition, body=tuple(body))
