"""A small chart of dated figures, as a PNG. Pure: the same points give the same bytes.

A line from point to point, each with its figure as the articles write it, and the days below: enough to see whether a
thing rises or falls. Its words are in the table beside it and in the alternative text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from bot.models import Point

WIDTH, HEIGHT = 960, 420
"""Twice the size that Slack shows in a thread, so that it is sharp."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 90, 70, 70
_BACK, _GRID, _INK, _DIM, _LINE = "#ffffff", "#e6e4df", "#1d1c1d", "#616061", "#b4501e"
_SIZE = 24
_DOT = 7
_SHOWN_MOST = 16


def draw(points: Sequence[Point]) -> bytes:
    """The chart of two or more points, oldest first, in one unit."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACK)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=_SIZE)
    for share in (0.0, 0.5, 1.0):
        level = _TOP + share * (HEIGHT - _TOP - _BOTTOM)
        pen.line((_LEFT / 2, level, WIDTH - _RIGHT / 2, level), fill=_GRID, width=2)
    places = _places(points)
    pen.line(places, fill=_LINE, width=5, joint="curve")
    every = -(-len(points) // 6)  # six labels side by side can be read
    for index, (point, (x, y)) in enumerate(zip(points, places, strict=True)):
        pen.ellipse((x - _DOT, y - _DOT, x + _DOT, y + _DOT), fill=_LINE, outline=_BACK, width=2)
        if index % every == 0 or index == len(points) - 1:
            label = (x, y - 2 * _DOT)
            pen.text(label, _plain(point.shown), fill=_INK, font=font, anchor="mb", stroke_width=4, stroke_fill=_BACK)
            pen.text((x, HEIGHT - _BOTTOM + 20), f"{point.at:%d %b}", fill=_DIM, font=font, anchor="mt")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _places(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Where each point is: days to scale from left to right, values between the grid's lowest and highest line."""
    first, last = points[0].at, points[-1].at
    span = (last - first).total_seconds() or 1.0
    low, high = min(point.value for point in points), max(point.value for point in points)
    rise = (high - low) or 1.0
    width, height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    return [
        (
            _LEFT + width * (point.at - first).total_seconds() / span,
            _TOP + height * (1.0 - (point.value - low) / rise if high > low else 0.5),
        )
        for point in points
    ]


def _plain(shown: str) -> str:
    """A figure in letters that the font has."""
    text = shown.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return text if len(text) <= _SHOWN_MOST else f"{text[: _SHOWN_MOST - 1]}…"


def words(points: Sequence[Point]) -> str:
    """The chart for who can't see it."""
    told = "; ".join(f"{point.at:%d %B %Y}: {point.shown}" for point in points)
    return f"A line chart of {len(points)} figures. {told}."[:1_900]
