"""A thousand made-up feeds: what each holds in each edition."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from bench.texts import Desk, Piece

#: Shares of the feeds in a steady round: unchanged and answered with 304, unchanged and sent again (no validators),
#: only a stamp changed, new items. Nine of ten feeds are unchanged, as in the target.
ROUND = (("not modified", 0.80), ("sent again", 0.10), ("stamp", 0.08), ("new", 0.02))
KINDS = ("rss", "rss", "rss", "rss", "rss", "rss", "rss", "atom", "atom", "json")
MEAN_BYTES = 47_000
_ITEMS = (10, 40)
_STOCK = 400


@dataclass(frozen=True, slots=True)
class Made:
    """A feed's body, and what it is known by; no tag: it is always sent."""

    body: bytes
    content_type: str
    etag: str | None


def role(number: int) -> str:
    """What becomes of this feed in a steady round; every hundred feeds have the same mix."""
    place, low = (number * 37) % 100 / 100, 0.0
    for name, share in ROUND:
        low += share
        if place < low - 1e-9:
            return name
    return ROUND[-1][0]


class Press:
    """Prints feeds from a stock of made-up articles, about `MEAN_BYTES` each."""

    def __init__(self, seed: int, *, now: datetime) -> None:
        desk = Desk(seed)
        self._seed = seed
        self._now = now
        self._stock = [desk.write(4, 12) for _ in range(_STOCK)]

    def feed(self, number: int, edition: int) -> Made:
        """Feed `number` as it is in an edition, counted from 0."""
        draw = random.Random(self._seed * 1_000_003 + number)
        kind, what = KINDS[number % len(KINDS)], role(number)
        wanted = min(4 * MEAN_BYTES, MEAN_BYTES * draw.lognormvariate(-0.125, 0.5))
        # Long feeds are long by their items' texts or by their number.
        count = draw.randint(*_ITEMS)
        first = draw.randrange(_STOCK)
        fresh = edition if what == "new" else 0
        hours = draw.randint(2, 30)
        items = [self._item(number, at, first, wanted / count, hours) for at in range(-fresh, count)]
        stamped = self._now + timedelta(minutes=edition if what in {"stamp", "new"} else 0)
        body = _PRINTERS[kind](number, items, stamped)
        tag = f'"{number}-{edition if what in {"stamp", "new"} else 0}"' if what != "sent again" else None
        return Made(body, _TYPES[kind], tag)

    def _item(self, number: int, at: int, first: int, size: float, hours: int) -> _Item:
        when = self._now - timedelta(hours=max(0, at) * hours, minutes=number % 60)
        piece = self._stock[(first + at) % _STOCK]
        filler = self._stock[(first + at * 7 + 3) % _STOCK]
        paragraphs = list(piece.paragraphs)
        while sum(map(len, paragraphs)) * 1.12 < size - 700:
            paragraphs += filler.paragraphs
        return _Item(f"f{number}i{at}", Piece(f"{piece.title} ({number}.{at})", tuple(paragraphs), "", ""), when, size)


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    piece: Piece
    when: datetime
    size: float

    @property
    def html(self) -> str:
        """As blogs write it: paragraphs, links, emphasis and a picture, cut to size."""
        text, left = [], max(200.0, self.size - 780)
        for number, one in enumerate(self.piece.paragraphs):
            if left <= 0:
                break
            piece = escape(one[: int(left)], quote=False)
            left -= len(piece)
            tail = f' <a href="https://example.com/{self.key}/{number}"><em>more</em></a>' if number % 3 == 0 else ""
            text.append(f'<p class="body">{piece}{tail}</p>')
        return "".join(text)


def _rss(number: int, items: list[_Item], stamped: datetime) -> bytes:
    rows = "".join(
        f"<item><title>{escape(item.piece.title)}</title><link>https://example.com/{item.key}</link>"
        f'<guid isPermaLink="false">{item.key}</guid><pubDate>{format_datetime(item.when)}</pubDate>'
        f"<dc:creator>A. Writer</dc:creator><category>chips</category>"
        f"<description><![CDATA[{item.piece.paragraphs[0][:200]}]]></description>"
        f"<content:encoded><![CDATA[{item.html}]]></content:encoded></item>\n"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Feed {number}</title><link>https://example.com/{number}/</link><description>Made up</description>"
        f"<lastBuildDate>{format_datetime(stamped)}</lastBuildDate>\n{rows}</channel></rss>\n"
    ).encode()


def _atom(number: int, items: list[_Item], stamped: datetime) -> bytes:
    rows = "".join(
        f"<entry><title>{escape(item.piece.title)}</title><id>tag:example.com,2026:{item.key}</id>"
        f'<link rel="alternate" href="https://example.com/{item.key}"/><published>{item.when.isoformat()}</published>'
        f"<updated>{item.when.isoformat()}</updated><author><name>A. Writer</name></author>"
        f'<content type="html">{escape(item.html)}</content></entry>\n'
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Feed {number}</title><id>tag:example.com,2026:feed{number}</id>"
        f'<link href="https://example.com/{number}/"/><updated>{stamped.isoformat()}</updated>\n{rows}</feed>\n'
    ).encode()


def _json(number: int, items: list[_Item], stamped: datetime) -> bytes:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"Feed {number}",
            "home_page_url": f"https://example.com/{number}/",
            "_stamp": stamped.isoformat(),
            "items": [
                {
                    "id": item.key,
                    "url": f"https://example.com/{item.key}",
                    "title": item.piece.title,
                    "content_html": item.html,
                    "date_published": item.when.isoformat(),
                    "authors": [{"name": "A. Writer"}],
                }
                for item in items
            ],
        },
        ensure_ascii=False,
    ).encode()


_PRINTERS = {"rss": _rss, "atom": _atom, "json": _json}
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
