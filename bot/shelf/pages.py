"""Article pages, front pages and the index: HTML as news sites write it, noise included. Pure."""

import html
import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from string import Template

from bot.shelf.catalog import HERE
from bot.shelf.feeds import CONTENT_TYPES, body_html
from bot.shelf.items import Publisher
from bot.shelf.text import MONTHS, MONTHS_FR, as_html
from bot.shelf.timeline import Out

DISCLAIMER = "Sample article: companies, people and figures are made up."
RELATED = 4
ON_CARD = 4


class Templates:
    """The page templates, read once.

    Raises:
        OSError: a template is missing.
    """

    def __init__(self, folder: Path = HERE / "templates") -> None:
        names = ("paper", "blog", "corporate", "front", "index")
        self._by_name = {name: Template((folder / f"{name}.html").read_text("utf-8")) for name in names}
        self.style = (folder / "style.css").read_text("utf-8")

    def fill(self, name: str, **values: object) -> str:
        """Fill a template; every value must be HTML already."""
        return self._by_name[name].substitute({key: str(value) for key, value in values.items()})


def article_page(templates: Templates, out: Out, siblings: Sequence[Out], base: str) -> str:
    """The page of an article; a paywalled one holds its open blocks and the wall alone."""
    publisher, article = out.article.publisher, out.article
    if article.open_blocks is None:
        body, wall = body_html(out, base), ""
    else:
        body = as_html(out.edition.body[: article.open_blocks], lambda target: target)
        wall = _wall(publisher)
    related = [other for other in siblings if other.article.id != article.id][:RELATED]
    return templates.fill(
        publisher.layout,
        **_head(publisher, out.edition.title, base),
        language=article.language,
        meta=_meta(out, base),
        number=article.number,
        section=html.escape(article.section),
        byline=_byline(out),
        body=body,
        wall=wall,
        related=_related(related),
    )


def front_page(templates: Templates, publisher: Publisher, items: Sequence[Out], base: str) -> str:
    """A publisher's front page: what is out, and a pointer to the feed."""
    lines = [
        f'<li><a href="{item.article.path}">{html.escape(item.edition.title)}</a> '
        f'<span class="label">{_printed(item)}</span><p>{html.escape(item.edition.summary)}</p></li>'
        for item in items
    ]
    return templates.fill(
        "front",
        **_head(publisher, publisher.tagline, base),
        language="en",
        meta=f'<meta name="description" content="{html.escape(publisher.tagline)}">',
        feed=publisher.feed_path,
        items="\n".join(lines) or "<li>Nothing yet.</li>",
    )


def index_page(
    templates: Templates,
    publishers: Sequence[Publisher],
    items: Sequence[Out],
    total: int,
    next_in: timedelta | None,
) -> str:
    """The shelf's own page: every publisher, its feed, and what is out."""
    if next_in is None:
        coming, refresh = "Everything is out.", ""
    else:
        coming = f"The next comes out in about {round(next_in.total_seconds())} s."
        refresh = '<meta http-equiv="refresh" content="12">'
    cards = [_card(p, [item for item in items if item.article.publisher.key == p.key]) for p in publishers]
    return templates.fill(
        "index",
        publishers=len(publishers),
        out=len(items),
        total=total,
        percent=round(100 * len(items) / total),
        next=coming,
        refresh=refresh,
        cards="\n".join(cards),
    )


def icon(colour: str, letters: str) -> str:
    """A square mark with one or two letters."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{colour}"/><text x="32" y="43" text-anchor="middle" '
        f'font-family="system-ui,sans-serif" font-size="30" font-weight="700" fill="#fff">{letters}</text></svg>'
    )


def initials(publisher: Publisher) -> str:
    """The first letters of a publisher's first two words."""
    return "".join(word[0] for word in publisher.name.replace("&", "").split()[:2]).upper()


def _head(publisher: Publisher, title: str, base: str) -> dict[str, str]:
    kind = CONTENT_TYPES[publisher.format]
    href = publisher.feed if publisher.discovery == "relative" else base + publisher.subscribe_path
    link = f'<link rel="alternate" type="{kind}" title="{html.escape(publisher.name)}" href="{href}">'
    return {
        "title": html.escape(title),
        "publisher": html.escape(publisher.name),
        "tagline": html.escape(publisher.tagline),
        "colour": publisher.colour,
        "home": publisher.home_path,
        "icon": f"{publisher.home_path}icon.svg",
        "feed_link": "" if publisher.discovery == "header" else link,
        "nav": "".join(
            f'<a href="{publisher.home_path}#{section.lower()}">{html.escape(section)}</a>'
            for section in publisher.sections
        ),
        "footer": _footer(publisher),
    }


def _footer(publisher: Publisher) -> str:
    name = html.escape(publisher.name)
    return (
        f'<footer class="site" role="contentinfo"><p>{DISCLAIMER}</p>'
        f'<p>&copy; {name} &middot; <a href="#terms">Terms</a> &middot; <a href="#privacy">Privacy</a> &middot; '
        '<a href="/">All sample publishers</a></p></footer>'
        f'<div class="cookie" role="dialog" aria-label="Cookies">{name} would like to store cookies. '
        '<button type="button" onclick="this.parentNode.remove()">Accept all</button> '
        '<button type="button" onclick="this.parentNode.remove()">Only what is needed</button></div>'
    )


def _meta(out: Out, base: str) -> str:
    article, edition = out.article, out.edition
    url = base + article.path
    described = html.escape(edition.summary)
    tags = [
        f'<link rel="canonical" href="{url}">',
        f'<meta name="description" content="{described}">',
        f'<meta property="og:type" content="article"><meta property="og:url" content="{url}">',
        f'<meta property="og:title" content="{html.escape(edition.title)}">',
        f'<meta property="og:description" content="{described}">',
        f'<meta property="og:site_name" content="{html.escape(article.publisher.name)}">',
        *(f'<meta name="author" content="{html.escape(author)}">' for author in article.authors),
    ]
    if out.stated is not None:
        tags.append(f'<meta property="article:published_time" content="{out.stated.isoformat()}">')
    if out.is_update:
        tags.append(f'<meta property="article:modified_time" content="{out.updated.isoformat()}">')
    # A "<" inside a script element could end it, so JSON-LD carries it escaped.
    linked = json.dumps(_linked_data(out, url), ensure_ascii=False).replace("<", "\\u003c")
    return "\n".join([*tags, f'<script type="application/ld+json">{linked}</script>'])


def _linked_data(out: Out, url: str) -> dict[str, object]:
    article = out.article
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": out.edition.title,
        "mainEntityOfPage": url,
        "inLanguage": article.language,
        "author": [{"@type": "Person", "name": author} for author in article.authors],
        "publisher": {"@type": "Organization", "name": article.publisher.name},
        "isAccessibleForFree": article.open_blocks is None,
    }
    if out.stated is not None:
        data["datePublished"] = out.stated.isoformat()
        data["dateModified"] = (out.updated if out.is_update else out.stated).isoformat()
    if article.open_blocks is not None:
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".wall"}
    return data


def _byline(out: Out) -> str:
    by = f"By {html.escape(', '.join(out.article.authors))}" if out.article.authors else ""
    stamp = "" if out.stated is None else f'<time datetime="{out.stated.isoformat()}">{_printed(out)}</time>'
    changed = ""
    if out.edition.note is not None:
        when = _in_words(out.updated, out.article.publisher, out.article.language)
        changed = f"Updated {when}. {html.escape(out.edition.note)}"
    return " &middot; ".join(part for part in (by, stamp, changed) if part)


def _printed(out: Out) -> str:
    return "" if out.stated is None else _in_words(out.stated, out.article.publisher, out.article.language)


def _in_words(moment: datetime, publisher: Publisher, language: str) -> str:
    local = moment.astimezone(timezone(timedelta(hours=publisher.utc_offset)))
    months = MONTHS_FR if language == "fr" else MONTHS
    return f"{local.day} {months[local.month - 1]} {local.year}, {local:%H:%M}"


def _related(items: Sequence[Out]) -> str:
    lines = [f'<li><a href="{item.article.path}">{html.escape(item.edition.title)}</a></li>' for item in items]
    return "<ul>\n" + "\n".join(lines) + "\n</ul>" if lines else ""


def _wall(publisher: Publisher) -> str:
    return (
        '<div class="wall paywall" data-metered="true"><strong>Subscribe to read on</strong>'
        f"<p>You have reached the end of your free articles on {html.escape(publisher.name)}.</p>"
        '<button type="button">See our offers</button></div>'
    )


def _card(publisher: Publisher, items: Sequence[Out]) -> str:
    lines = [
        f'<li><a href="{item.article.path}">{html.escape(item.edition.title)}</a> '
        f'<span class="label">{"updated" if item.is_update else f"{item.published:%d %b %H:%M}"}</span></li>'
        for item in items[:ON_CARD]
    ]
    more = f'<li class="label">and {len(items) - ON_CARD} more</li>' if len(items) > ON_CARD else ""
    formats = {"rss2": "RSS 2.0", "atom": "Atom", "rdf": "RSS 1.0", "json": "JSON Feed"}
    return (
        f'<section class="card" style="--brand: {publisher.colour}">'
        f'<h2><a href="{publisher.home_path}">{html.escape(publisher.name)}</a></h2>'
        f"<p>{html.escape(publisher.tagline)}</p><ul>{''.join(lines)}{more}</ul>"
        f'<p class="tags"><a href="{publisher.subscribe_path}">{formats[publisher.format]}</a></p></section>'
    )
