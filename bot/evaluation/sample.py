"""The project's own labelled set: the sample shelf's articles, and more that only evaluation reads.

Shelf articles are read as the bot reads them: the page is rendered and its text taken out again, a paywall leaves a
teaser, a feed's long text is used as it is. The others lie in `data/articles.toml`, their text as feed HTML. All of it
is fiction. Times are fixed, so that two runs give the same numbers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.evaluation.lines import FormatError
from bot.feeds.extract import extract_page
from bot.feeds.plain import html_text, title_text
from bot.models import Article
from bot.shelf.catalog import load_catalog
from bot.shelf.feeds import body_html
from bot.shelf.items import Article as ShelfArticle
from bot.shelf.items import Edition
from bot.shelf.labels import KINDS, load_labels
from bot.shelf.pages import Templates, article_page
from bot.shelf.text import plain
from bot.shelf.timeline import Out, edition_key

HERE = Path(__file__).parent / "data"
#: When the sample shelf starts, and when questions are asked.
START = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
#: Kinds that a channel should hear of; the others are to be held back.
TELLING = frozenset({"news", "analysis", "correction", "denial"})
#: As `bot.newsroom.watching` has it: a feed's own text of so many characters is the whole article.
FULL_TEXT = 1500
_ROBOTS = "It does not let robots read its articles (robots.txt)."


@dataclass(frozen=True, slots=True)
class FactLabel:
    """A figure that an article states: what of, its value with a unit, and the words that carry it."""

    what: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with what is known about it.

    Attributes:
        key: `<publisher>/<slug>`, with `#2` for a second edition, which has the first one's article id.
        event: what it tells; the same word in all its articles.
        kind: one of `bot.shelf.labels.KINDS`.
        copy_of: the key of the article whose text it carries.
        planted: it speaks to machines: the words of it that must come out nowhere.
        clean: the same article without what was planted; None where nothing of it is news.
    """

    key: str
    article: Article
    event: str
    kind: str
    facts: tuple[FactLabel, ...] = ()
    copy_of: str | None = None
    planted: tuple[str, ...] = ()
    clean: Article | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures of one event that differ.

    Attributes:
        values: as in `FactLabel.value`.
        standing: `disputed` (sources contradict each other), `changed` (one replaces the other), `apart` (they
            look alike but measure two things: both stand) or `open` (may be called disputed, need not be).
    """

    event: str
    what: str
    values: tuple[str, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole set, in the order in which it came out."""

    articles: tuple[Labelled, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def events(self) -> frozenset[str]:
        """Every event that an article tells."""
        return frozenset(one.event for one in self.articles)


@cache
def load() -> Sample:
    """Read everything.

    Raises:
        FormatError: a data file of ours is malformed.
        CatalogError: one of the shelf's is.
    """
    numbers: dict[str, int] = {}
    found = []
    for one in sorted((*_shelf(), *_own(_table("articles.toml"))), key=lambda one: (_when(one.article), one.key)):
        number = numbers.setdefault(one.key.partition("#")[0], len(numbers) + 1)
        clean = replace(one.clean, id=number) if one.clean is not None else None
        found.append(replace(one, article=replace(one.article, id=number), clean=clean))
    conflicts = tuple(
        Conflict(str(row["event"]), str(row["what"]), tuple(map(str, row["values"])), str(row["standing"]))
        for row in _table("conflicts.toml")["conflict"]
    )
    sample = Sample(tuple(found), conflicts)
    _check(sample)
    return sample


def _table(name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads((HERE / name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"{name}: {error}") from error


def _when(article: Article) -> datetime:
    return article.updated_at or article.when


def _shelf() -> Iterator[Labelled]:
    catalog = load_catalog()
    labels = load_labels(catalog)
    templates = Templates()
    for article in catalog.articles:
        for index, edition in enumerate(article.editions):
            key = edition_key(article, index)
            label = labels.editions[key]
            read = _as_read(templates, article, edition, index)
            yield Labelled(
                key=key,
                article=read,
                event=label.event,
                kind=label.kind,
                facts=tuple(FactLabel(fact.what, fact.value, fact.quote) for fact in label.facts),
                copy_of=label.copy_of,
                planted=_SHELF_PLANTED if label.kind == "injection" else (),
            )


#: What the shelf's notice to "automated readers" wants to be repeated.
_SHELF_PLANTED = ("900 billion", "<!channel>", "nimbusforge.example", "before midnight", "five independent publishers")


def _as_read(templates: Templates, article: ShelfArticle, edition: Edition, index: int) -> Article:
    """One edition as the bot would have it in its store."""
    first = START + article.editions[0].offset
    at = START + edition.offset
    dated = edition.dated(first.date())
    out = Out(article, dated, first, at, first)
    url = f"https://{article.publisher.key}.example{article.path}"
    text, source, note = _text(templates, out, url)
    return Article(
        id=0,
        feed_id=0,
        identity=f"guid:{article.item_id}",
        url=url,
        title=title_text(dated.title),
        publisher=article.publisher.name,
        text=text,
        text_source=source,
        text_note=note,
        summary=plain(dated.summary),
        authors=article.authors,
        language=article.language,
        published_at=first,
        first_seen_at=first,
        updated_at=at if index else None,
        version=index + 1,
    )


def _text(templates: Templates, out: Out, url: str) -> tuple[str, str, str | None]:
    """Text, where it came from, and what stood in the way of reading all of it."""
    article = out.article
    if article.members:
        return plain(out.edition.summary), "teaser", _ROBOTS
    if article.publisher.content == "full":
        own = html_text(body_html(out, f"https://{article.publisher.key}.example"))
        if len(own) >= FULL_TEXT:
            return own, "feed", None
    page = extract_page(article_page(templates, out, (), "").encode(), url=url, charset="utf-8")
    return page.text, "teaser" if page.note else "page", page.note


def _own(table: Mapping[str, Any]) -> Iterator[Labelled]:
    publishers: Mapping[str, str] = table["publishers"]
    for row in table["article"]:
        key = str(row["id"])
        html = _paragraphs(str(row["text"]))
        planted = str(row.get("planted", "")).strip()
        article = Article(
            id=0,
            feed_id=0,
            identity=f"guid:{key}",
            url=f"https://{key.partition('/')[0]}.example/{key.partition('/')[2]}",
            title=title_text(str(row["title"])),
            publisher=publishers[key.partition("/")[0]],
            text=html_text(_with_planted(html, planted)),
            text_source="feed",
            published_at=row["published"],
            first_seen_at=row["published"],
            version=1,
        )
        yield Labelled(
            key=key,
            article=article,
            event=str(row["event"]),
            kind=str(row["kind"]),
            facts=tuple(FactLabel(str(f["what"]), str(f["value"]), str(f["quote"])) for f in row.get("facts", ())),
            copy_of=row.get("copy_of"),
            planted=tuple(row.get("must_not", ())),
            clean=replace(
                article, text=html_text("\n".join(html)), title=title_text(str(row.get("clean_title") or row["title"]))
            )
            if planted and row["kind"] != "injection"
            else None,
        )


def _paragraphs(text: str) -> list[str]:
    """Paragraphs of feed HTML; what is no block already becomes one."""
    pieces = [piece.strip() for piece in text.strip().split("\n\n") if piece.strip()]
    return [piece if piece.startswith("<") else f"<p>{piece}</p>" for piece in pieces]


def _with_planted(html: list[str], planted: str) -> str:
    """The article with something planted after its first paragraph."""
    return "\n".join([*html[:1], *_paragraphs(planted), *html[1:]])


_STANDINGS = frozenset({"disputed", "changed", "apart", "open"})


def _check(sample: Sample) -> None:
    keys = [one.key for one in sample.articles]
    if len(set(keys)) != len(keys):
        raise FormatError("articles.toml: two articles have one id")
    for one in sample.articles:
        if one.kind not in KINDS:
            raise FormatError(f"{one.key} is of the unknown kind {one.kind!r}")
        if one.copy_of is not None and one.copy_of not in keys:
            raise FormatError(f"{one.key} copies {one.copy_of!r}, which is no article")
    for conflict in sample.conflicts:
        if conflict.event not in sample.events or conflict.standing not in _STANDINGS:
            raise FormatError(f"conflicts.toml: {conflict.event}, {conflict.what}: no such event or standing")
