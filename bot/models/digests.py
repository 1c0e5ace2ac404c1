"""A channel's rhythm, and its digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.models.briefs import Standing

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a channel hears its news. As it stands here: each story as it happens, and nothing else.

    Attributes:
        zone: an IANA time zone; all times of day below are local to it.
        posts: stories are posted as they happen; False: they all wait for the digest.
        at: times of day (whole minutes) of the digests, in order; none: there are none of their own.
        days: weekdays of the digests, Monday is 0.
        quiet: from when until when nothing is posted; it may go over midnight.
        rests_weekends: nothing comes on Saturdays and Sundays.
        hourly, daily: at most so many stories are posted in an hour, in a local day; None: any number.
        tells_empty: a digest with nothing in it says so; False: it does not come.
    """

    zone: str = "UTC"
    posts: bool = True
    at: tuple[time, ...] = ()
    days: tuple[int, ...] = EVERY_DAY
    quiet: tuple[time, time] | None = None
    rests_weekends: bool = False
    hourly: int | None = None
    daily: int | None = None
    tells_empty: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One digest's place in time: a local day and time of day, once each, and the moment that is."""

    day: date
    at: time
    due: datetime

    @property
    def key(self) -> str:
        """Under which the ledger of deliveries knows its digest."""
        return f"digest:{self.day:%Y-%m-%d}:{self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class ChannelRhythm:
    """A channel's rhythm as its admins see it.

    Attributes:
        is_set: somebody chose it; False: the channel never had any but the default.
        next_slot: when its next digest, or what was rolled up, comes.
        waiting: so many stories and changes wait for it.
        zone_from: whose zone it is where nobody named one, such as "your Slack profile".
    """

    team_id: str
    channel_id: str
    name: str
    rhythm: Rhythm
    is_set: bool
    next_slot: Slot
    waiting: int = 0
    zone_from: str | None = None


@dataclass(frozen=True, slots=True)
class DigestFigure:
    """A figure of a story, as its checked brief has it.

    Attributes:
        standing: who confirms it; None: the brief says it in its text, and compares it with no other source's.
        said: the checked clause that says what it is a figure of; empty where it is too long for a line.
    """

    shown: str
    standing: Standing | None
    publishers: int = 1
    others: tuple[str, ...] = ()  # for a disputed one: what other sources give
    was: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A story in a digest, from its checked brief.

    Attributes:
        url: its first source's.
        topic: what the channel ranked it under; None: nothing in particular.
        publishers: who reports it, in the order of the sources; who only copied a wire text is not among them.
        reported_by: how many of them are independent.
        rank: 0 and up, the higher the further to the top.
        was_posted: the channel had it as a post of its own already.
    """

    story_id: int
    headline: str
    url: str
    topic: str | None
    figures: tuple[DigestFigure, ...]
    publishers: tuple[str, ...]
    reported_by: int
    rank: float
    was_posted: bool = False


@dataclass(frozen=True, slots=True)
class DigestChange:
    """What is new in a story that the channel knows already: the lines of its thread, or what would be in them."""

    story_id: int
    headline: str
    url: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a channel hears at one of its hours, kept as it was sent.

    Attributes:
        since, until: it tells what came up between these.
        items: ranked, best first.
        changes: what is new in stories told before.
        below, unfit: stories held back for the channel's bars, and for what they are (adverts, muted topics …).
        writer: who wrote the briefs that it is made of.
    """

    slot: Slot
    zone: str
    since: datetime
    until: datetime
    items: tuple[DigestItem, ...]
    changes: tuple[DigestChange, ...]
    below: int = 0
    unfit: int = 0
    writer: str = "extractive"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to tell."""
        return not self.items and not self.changes
