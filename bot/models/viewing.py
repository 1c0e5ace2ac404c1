"""What the web view shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.models.briefs import Brief
from bot.models.feeds import Feed
from bot.models.stories import Story


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in a list.

    Attributes:
        headline: of its latest brief, or its lead's title while it has none.
        told: the brief's first sentence; empty while it has none.
        figures: the brief's first figures, as people read them.
        publishers: how many independent ones report it.
        excerpt: for a search, the passage that was found; empty otherwise.
    """

    id: int
    headline: str
    told: str
    figures: tuple[str, ...]
    publishers: int
    articles: int
    updated_at: datetime
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with all that is known of it; no brief: it is not written yet."""

    story: Story
    brief: Brief | None


@dataclass(frozen=True, slots=True)
class FeedDay:
    """One day of a feed, in UTC: polls that were answered, polls that failed, and new articles."""

    day: date
    answered: int
    failed: int
    new: int


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed with its last days, the oldest first, and the channels that follow it (those that one may see)."""

    feed: Feed
    channels: tuple[str, ...]
    days: tuple[FeedDay, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may look at the web view, and until when.

    Attributes:
        use: `link` from Slack, good for minutes; `visit` in a browser, good for hours.
    """

    team_id: str
    user_id: str
    until: datetime
    use: str
