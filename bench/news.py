"""An hour's news of many feeds: which article comes out when, and where. Pure; the same seed makes the same hour."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from bench.texts import Desk, Piece

HOUR_S = 3600.0
OLD_ITEMS = 3
"""What each feed has held for days."""
_RETOLD = 0.4
"""So large a share of the events is told by other publishers, too."""
_MOST_RETELLINGS = 3
_LATER_S = 600.0
"""A retelling comes so much later on average."""
_LAST_S = 3300.0
"""No event begins later, so that the hour's end is like the rest of it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One article of one feed; `at`: seconds of the hour at which it comes out."""

    key: str
    feed: int
    at: float
    piece: Piece

    @property
    def is_whole(self) -> bool:
        """Whether the feed itself holds the whole text; else it is on the article's page."""
        return int(self.key[1:]) % 2 == 0


def hour(feeds: int, articles: int, seed: int) -> tuple[Printed, ...]:
    """The hour's articles, in the order in which they come out."""
    desk, draw = Desk(seed), random.Random(seed)
    made: list[Printed] = []

    def add(feed: int, at: float, piece: Piece) -> None:
        made.append(Printed(f"n{len(made)}", feed, at, piece))

    while len(made) < articles:
        feed, at, piece = draw.randrange(feeds), draw.uniform(0.0, _LAST_S), desk.write(8, 14)
        add(feed, at, piece)
        told = draw.randint(1, _MOST_RETELLINGS) if draw.random() < _RETOLD else 0
        for number in range(min(told, articles - len(made))):
            later = min(HOUR_S, at + draw.expovariate(1 / _LATER_S))
            add((feed + 1 + draw.randrange(feeds - 1)) % feeds, later, retold(piece, number))
    return tuple(sorted(made, key=lambda printed: printed.at))


def retold(piece: Piece, number: int) -> Piece:
    """Another publisher's words for the same event."""
    first, *others = piece.paragraphs
    tails = (", company says", ": what is known", " - report")
    return replace(piece, title=piece.title + tails[number % len(tails)], paragraphs=(first, *reversed(others)))


def old(feed: int, seed: int) -> tuple[Printed, ...]:
    """What a feed has held for days."""
    desk = Desk(seed * 1_000_003 + feed)
    return tuple(
        Printed(f"o{feed * OLD_ITEMS + at}", feed, -86_400.0 * (at + 2), desk.write(4, 6)) for at in range(OLD_ITEMS)
    )


def rss(feed: int, printed: list[Printed], base: str, began: datetime, pace: float) -> bytes:
    """A feed with these articles; an hour's seconds go by `pace` times as fast as the clock's."""
    rows = "".join(_item(one, base, began + timedelta(seconds=one.at / pace)) for one in printed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper {feed}</title><link>{base}/{feed}/</link><description>Made up</description>\n{rows}"
        "</channel></rss>\n"
    ).encode()


def page(piece: Piece) -> bytes:
    """An article's page."""
    body = "".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(piece.title)}</title></head>'
        f"<body><article><h1>{escape(piece.title)}</h1>{body}</article></body></html>"
    ).encode()


def _item(one: Printed, base: str, when: datetime) -> str:
    whole = "".join(f"<p>{escape(text)}</p>" for text in one.piece.paragraphs) if one.is_whole else ""
    content = f"<content:encoded><![CDATA[{whole}]]></content:encoded>" if whole else ""
    return (
        f"<item><title>{escape(one.piece.title)}</title><link>{base}/a/{one.key}</link>"
        f'<guid isPermaLink="false">{one.key}</guid><pubDate>{format_datetime(when)}</pubDate>'
        f"<description>{escape(one.piece.paragraphs[0])}</description>{content}</item>\n"
    )
