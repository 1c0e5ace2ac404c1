"""The four feed formats, and the faults that real feeds have. Pure: text out of what is on the shelf.

Nothing here escapes twice or too little by accident: the one feed with broken markup breaks it in `_broken` alone.
"""

import html
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from bot.shelf.items import Publisher
from bot.shelf.text import as_html, plain
from bot.shelf.timeline import Out

MAX_ITEMS = 25

CONTENT_TYPES = {
    "rss2": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}

_RSS_NAMESPACES = (
    'version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
_RDF_NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def render_feed(publisher: Publisher, items: Sequence[Out], base: str, now: datetime) -> bytes:
    """The publisher's feed in its own encoding.

    Args:
        publisher: whose feed.
        items: what is out of this publisher's, newest first; the newest `MAX_ITEMS` are shown.
        base: the server's address without a slash at its end.
        now: only feeds with the quirk `stamp` show it.
    """
    shown = list(items[:MAX_ITEMS])
    text = _RENDERERS[publisher.format](publisher, shown, base, now)
    return text.encode(publisher.encoding, "xmlcharrefreplace")


def body_html(out: Out, base: str) -> str:
    """An article's text as HTML with absolute links, and the text that its page hides."""
    text = as_html(out.edition.body, lambda target: base + target if target.startswith("/") else target)
    if out.article.hidden is not None:
        text += f'\n<div style="display:none" aria-hidden="true">{html.escape(out.article.hidden)}</div>'
    return text


def _text(words: str) -> str:
    return html.escape(words, quote=False)


def _local(publisher: Publisher, moment: datetime) -> datetime:
    return moment.astimezone(timezone(timedelta(hours=publisher.utc_offset)))


def _rfc822(publisher: Publisher, moment: datetime) -> str:
    return format_datetime(_local(publisher, moment)).replace("-0000", "+0000")


def _iso(publisher: Publisher, moment: datetime) -> str:
    return _local(publisher, moment).isoformat().replace("+00:00", "Z")


def _newest(items: Sequence[Out]) -> datetime:
    return max((item.updated for item in items), default=datetime(2026, 1, 1, tzinfo=UTC))


def _rss2(publisher: Publisher, items: Sequence[Out], base: str, now: datetime) -> str:
    built = now if "stamp" in publisher.quirks else _newest(items)
    render = _broken if "broken" in publisher.quirks else _rss2_item
    lines = [
        f'<?xml version="1.0" encoding="{publisher.encoding}"?>',
        f"<rss {_RSS_NAMESPACES}>",
        "<channel>",
        f"<title>{_text(publisher.name)}</title>",
        f"<link>{base}{publisher.home_path}</link>",
        f"<description>{_text(publisher.tagline)}</description>",
        "<language>en</language>",
        f'<atom:link href="{base}{publisher.feed_path}" rel="self" type="application/rss+xml"/>',
        f"<lastBuildDate>{_rfc822(publisher, built)}</lastBuildDate>",
        "<ttl>1</ttl>",
        *(render(publisher, item, base) for item in items),
        "</channel>",
        "</rss>",
    ]
    return "\n".join(lines) + "\n"


def _rss2_item(publisher: Publisher, item: Out, base: str) -> str:
    article = item.article
    lines = [
        "<item>",
        f"<title>{_text(item.edition.title)}</title>",
        f"<link>{base}{article.path}</link>",
        f'<guid isPermaLink="false">{_text(article.item_id)}</guid>',
        *(f"<dc:creator>{_text(author)}</dc:creator>" for author in article.authors),
        f"<category>{_text(article.section)}</category>",
        f"<description>{_text(_text(item.edition.summary))}</description>",
    ]
    if item.stated is not None:
        lines.append(f"<pubDate>{_rfc822(publisher, item.stated)}</pubDate>")
    if item.is_update:
        lines.append(f"<atom:updated>{_iso(publisher, item.updated)}</atom:updated>")
    if article.language != "en":
        lines.append(f"<dc:language>{article.language}</dc:language>")
    if publisher.content == "full":
        lines.append(f"<content:encoded><![CDATA[{body_html(item, base)}]]></content:encoded>")
    return "\n".join([*lines, "</item>"])


def _broken(publisher: Publisher, item: Out, base: str) -> str:
    """An item as a home-made template writes it: bare ampersands, HTML's entities, a tag that nobody closes."""
    bare = item.edition.title.replace("<", "&lt;")
    summary = item.edition.summary.replace("<", "&lt;").replace(" – ", "&nbsp;&ndash; ")
    date = "" if item.stated is None else f"<pubDate>{_rfc822(publisher, item.stated)}</pubDate>\n"
    return (
        f"<item>\n<title>{bare}</title>\n"
        f"<link>{base}{item.article.path}?utm_source=rss&utm_medium=feed</link>\n"
        f'<guid isPermaLink="false">{_text(item.article.item_id)}</guid>\n'
        f"<category>{item.article.section} & more</category>\n{date}"
        f"<description><p>{summary}<br>&nbsp;&hellip; <a href={base}{publisher.home_path}>More</a></description>\n"
        "</item>"
    )


def _atom(publisher: Publisher, items: Sequence[Out], base: str, now: datetime) -> str:
    del now
    host = f"tag:{publisher.key}.example,2019:feed"
    lines = [
        f'<?xml version="1.0" encoding="{publisher.encoding}"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{_text(publisher.name)}</title>",
        f"<subtitle>{_text(publisher.tagline)}</subtitle>",
        f"<id>{host}</id>",
        f'<link rel="alternate" type="text/html" href="{base}{publisher.home_path}"/>',
        f'<link rel="self" type="application/atom+xml" href="{base}{publisher.feed_path}"/>',
        f"<updated>{_iso(publisher, _newest(items))}</updated>",
        *(_atom_entry(publisher, item, base) for item in items),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _atom_entry(publisher: Publisher, item: Out, base: str) -> str:
    article = item.article
    names = article.authors or (publisher.name,)
    updated = item.updated if item.is_update else (item.stated or item.published)
    lines = [
        "<entry>",
        f'<title type="text">{_text(item.edition.title)}</title>',
        f"<id>{_text(article.item_id)}</id>",
        f'<link rel="alternate" type="text/html" href="{base}{article.path}"/>',
        f"<updated>{_iso(publisher, updated)}</updated>",
        *(f"<author><name>{_text(name)}</name></author>" for name in names),
        f'<category term="{html.escape(article.section)}"/>',
        f"<summary>{_text(item.edition.summary)}</summary>",
    ]
    if item.stated is not None:
        lines.append(f"<published>{_iso(publisher, item.stated)}</published>")
    if publisher.content == "full":
        lines.append(f'<content type="html">{_text(body_html(item, base))}</content>')
    return "\n".join([*lines, "</entry>"])


def _rdf(publisher: Publisher, items: Sequence[Out], base: str, now: datetime) -> str:
    del now
    names = [_text(item.article.item_id) for item in items]
    lines = [
        f'<?xml version="1.0" encoding="{publisher.encoding}"?>',
        f"<rdf:RDF {_RDF_NAMESPACES}>",
        f'<channel rdf:about="urn:{publisher.key}:feed">',
        f"<title>{_text(publisher.name)}</title>",
        f"<link>{base}{publisher.home_path}</link>",
        f"<description>{_text(publisher.tagline)}</description>",
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>60</sy:updateFrequency>",
        "<items><rdf:Seq>",
        *(f'<rdf:li rdf:resource="{name}"/>' for name in names),
        "</rdf:Seq></items>",
        "</channel>",
        *(_rdf_item(publisher, item, base) for item in items),
        "</rdf:RDF>",
    ]
    return "\n".join(lines) + "\n"


def _rdf_item(publisher: Publisher, item: Out, base: str) -> str:
    article = item.article
    lines = [
        f'<item rdf:about="{_text(article.item_id)}">',
        f"<title>{_text(item.edition.title)}</title>",
        f"<link>{base}{article.path}</link>",
        f"<description>{_text(_text(item.edition.summary))}</description>",
        *(f"<dc:creator>{_text(author)}</dc:creator>" for author in article.authors),
        f"<dc:subject>{_text(article.section)}</dc:subject>",
    ]
    if item.stated is not None:
        lines.append(f"<dc:date>{_iso(publisher, item.stated)}</dc:date>")
    return "\n".join([*lines, "</item>"])


def _json(publisher: Publisher, items: Sequence[Out], base: str, now: datetime) -> str:
    del now
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "description": publisher.tagline,
        "home_page_url": f"{base}{publisher.home_path}",
        "feed_url": f"{base}{publisher.feed_path}",
        "language": "en",
        "items": [_json_item(publisher, item, base) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(publisher: Publisher, item: Out, base: str) -> dict[str, object]:
    article = item.article
    # The specification wants a string; feeds with numbers are common, and readers must cope.
    fields: dict[str, object] = {
        "id": int(article.item_id) if article.item_id.isdigit() else article.item_id,
        "url": f"{base}{article.path}",
        "title": item.edition.title,
        "summary": plain(item.edition.summary),
        "authors": [{"name": name} for name in article.authors],
        "tags": [article.section],
    }
    if item.stated is not None:
        fields["date_published"] = _iso(publisher, item.stated)
    if item.is_update:
        fields["date_modified"] = _iso(publisher, item.updated)
    if publisher.content == "full":
        fields["content_html"] = body_html(item, base)
    else:
        fields["content_text"] = plain(item.edition.summary)
    return fields


_RENDERERS: dict[str, Callable[[Publisher, Sequence[Out], str, datetime], str]] = {
    "rss2": _rss2,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}
