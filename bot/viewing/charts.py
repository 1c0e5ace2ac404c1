"""Small pictures for the web view, as numbers that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models import FeedDay, StoryArticle

BAR_HEIGHT = 26.0
LANE_HEIGHT = 24
TIMELINE_WIDTH = 640
_LABELS = 190
_LEAST_SPAN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a feed: how high its column of new articles is, and how the polls went."""

    x: int
    height: float
    state: str  # good, mixed, failed, idle
    title: str


def bars(days: Sequence[FeedDay], *, width: int = 5, gap: int = 2) -> tuple[Bar, ...]:
    """A column for each day; heights go by the square root, so that 1 shows beside 50."""
    most = max((day.new for day in days), default=0)
    made = []
    for number, day in enumerate(days):
        height = 3.0 + (BAR_HEIGHT - 3.0) * (day.new / most) ** 0.5 if day.new else 3.0
        made.append(Bar(number * (width + gap), round(height, 1), _state(day), _words(day)))
    return tuple(made)


def _state(day: FeedDay) -> str:
    if day.failed and day.answered:
        return "mixed"
    if day.failed:
        return "failed"
    return "good" if day.answered else "idle"


def _words(day: FeedDay) -> str:
    if not day.answered and not day.failed:
        return f"{day.day:%d %b}: not asked"
    failed = f", {day.failed} failed" if day.failed else ""
    return f"{day.day:%d %b}: {day.answered + day.failed} polls{failed}, {day.new} new"


@dataclass(frozen=True, slots=True)
class Dot:
    """An article on the timeline of a story."""

    number: int
    x: float
    y: int
    publisher: str
    title: str
    is_copy: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who reported a story when: a lane for each publisher, time from left to right."""

    width: int
    height: int
    left: int
    lanes: tuple[tuple[int, str], ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]


def timeline(members: Sequence[StoryArticle]) -> Timeline | None:
    """The timeline of a story's articles, by when they came out; None where there is but one."""
    ordered = sorted(members, key=lambda member: member.article.when)
    if len(ordered) < 2:  # noqa: PLR2004  # one dot says nothing
        return None
    first, last = ordered[0].article.when, ordered[-1].article.when
    span = max(last - first, _LEAST_SPAN)
    lanes = {name: place for place, name in enumerate(dict.fromkeys(one.article.publisher for one in ordered))}
    room = TIMELINE_WIDTH - _LABELS - 24
    dots = tuple(
        Dot(
            number=number,
            x=round(_LABELS + 12 + room * ((one.article.when - first) / span), 1),
            y=lanes[one.article.publisher] * LANE_HEIGHT + LANE_HEIGHT // 2,
            publisher=one.article.publisher,
            title=f"{_moment(one.article.when)}: {one.article.title}",
            is_copy=one.wire_of is not None,
        )
        for number, one in enumerate(ordered, start=1)
    )
    ticks = tuple((round(_LABELS + 12 + room * share, 1), _moment(first + span * share)) for share in (0.0, 0.5, 1.0))
    return Timeline(
        width=TIMELINE_WIDTH,
        height=len(lanes) * LANE_HEIGHT + 22,
        left=_LABELS,
        lanes=tuple((place * LANE_HEIGHT + LANE_HEIGHT // 2, name) for name, place in lanes.items()),
        dots=dots,
        ticks=ticks,
    )


def _moment(at: datetime) -> str:
    return f"{at:%d %b %H:%M}"
