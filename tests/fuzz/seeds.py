"""Feeds to break: those of the sample shelf in all their formats and encodings, and small ones with odd parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from bot.shelf.catalog import load_catalog
from bot.shelf.feeds import CONTENT_TYPES, render_feed
from bot.shelf.timeline import Out

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

SMALL = (
    (
        "application/rss+xml",
        (
            b'<?xml version="1.0"?><rss version="0.91"><channel><title>Old</title><ttl>60</ttl><skipHours>'
            b"<hour>3</hour></skipHours><item><title>AT&T &amp; co</title><link>http://a.example/1</link><guid>1</guid>"
            b"<pubDate>Sat, 21 Nov 2026 08:00:00 EST</pubDate></item><item><title/><guid></guid></item></channel></rss>"
        ),
    ),
    (
        "application/atom+xml",
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="http://a.example/x/">'
            b'<title type="html">&lt;b&gt;Un&lt;/b&gt;</title><entry><id>urn:1</id><title type="xhtml">'
            b'<div xmlns="http://www.w3.org/1999/xhtml">Deux</div></title><link href="../2"/>'
            b'<link rel="related" href="javascript:alert(1)"/><published>2026-11-20</published><content type="xhtml">'
            b'<div xmlns="http://www.w3.org/1999/xhtml"><p>Texte</p></div></content></entry></feed>'
        ),
    ),
    (
        "application/rdf+xml",
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://a.example/"><title>R</title>'
            b'</channel><item rdf:about="http://a.example/3"><title>Three</title>'
            b"<dc:date>2026-11-19T10:00+01:00</dc:date></item></rdf:RDF>"
        ),
    ),
    (
        "application/feed+json",
        (
            b'{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":4,"url":"http://a.example/4",'
            b'"title":"Four","content_html":"<p>x</p>","date_published":"2026-11-18T09:00:00Z",'
            b'"authors":[{"name":"N"}]},{"id":"5","content_text":"only text","tags":["a",null,1]}]}'
        ),
    ),
    ("text/html", b"<!doctype html><html><head><title>Page</title></head><body><p>No feed</p></body></html>"),
    (
        "application/xml",
        b'<?xml version="1.0" encoding="utf-16"?><rss><channel><item><title>x</title></item></channel></rss>',
    ),
)


@cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    """(content type, body) of each feed."""
    catalog = load_catalog()
    found = list(SMALL)
    for publisher in catalog.publishers:
        items = []
        for number, article in enumerate(one for one in catalog.articles if one.publisher == publisher):
            when = NOW - timedelta(hours=7 * number)
            edition = article.editions[-1].dated(when.date())
            items.append(Out(article=article, edition=edition, published=when, updated=when, stated=when))
        body = render_feed(publisher, items, "http://shelf.example", NOW)
        found.append((CONTENT_TYPES[publisher.format], body))
    return tuple(found)
