"""What a channel should be like. None: left as it is; a list, also an empty one, is all that should be there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.choices import TopicChoice
from bot.models.digests import Rhythm


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A feed in a channel, with its filters as typed."""

    url: str
    title: str = ""
    paused: bool = False
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedChannel:
    """A channel by its name, without "#".

    Attributes:
        filters: for every feed.
        topics: those that ship where something is changed about them, and the channel's own.
    """

    name: str
    style: str | None = None
    language: str | None = None
    threshold: float | None = None
    least_substance: float | None = None
    paused: bool | None = None
    filters: tuple[str, ...] | None = None
    feeds: tuple[WantedFeed, ...] | None = None
    topics: tuple[TopicChoice, ...] | None = None
    rhythm: Rhythm | None = None
