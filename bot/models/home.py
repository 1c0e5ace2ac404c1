"""What App Home shows, and the watches that people have open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.models.managing import Actor, ChannelFeeds
from bot.models.viewing import FeedDay


@dataclass(frozen=True, slots=True)
class OpenWatch:
    """A question without an answer that is still looked for.

    Attributes:
        channel_id: where its thread is; a direct message is its author's alone.
        until: when nobody looks any more.
        may_end: the person who looks at it may end it.
    """

    id: int
    channel_id: str
    user_id: str
    text: str
    until: datetime
    may_end: bool


@dataclass(frozen=True, slots=True)
class HomeData:
    """What App Home shows to one person.

    Attributes:
        channels: all that they may see; as many are drawn as fit on `page`.
        days: the last days of the feeds on that page, by feed, the oldest first.
        rhythms: when channels hear their news, in words, by channel; none: as it happens.
        failed_copies: by channel, why copies of its digests did not arrive elsewhere.
        watches: what they may know of the questions that are watched for.
        has_web: there is a web view that can be opened.
    """

    actor: Actor
    channels: tuple[ChannelFeeds, ...]
    stories_today: int
    articles_today: int
    writer: str  # "extractive" or the model's name
    problems: tuple[str, ...] = ()
    page: int = 0
    days: Mapping[int, tuple[FeedDay, ...]] = field(default_factory=dict)
    rhythms: Mapping[str, str] = field(default_factory=dict)
    failed_copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    watches: tuple[OpenWatch, ...] = ()
    has_web: bool = False
