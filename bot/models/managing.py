"""What admins ask for and are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.models.briefs import Brief
from bot.models.channels import Channel, DeliveryState, Subscription
from bot.models.feeds import Article
from bot.models.stories import Relevance


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone in a workspace, with what they may do and see.

    Attributes:
        is_admin: they may change every channel: workspace admins, and those whom they name for all of it.
        is_named: … but are no workspace admin themselves: they name nobody for the whole workspace.
        manages: ids of the channels that they may change besides.
        here: the channel in which they act, and of which they are therefore a member.
        sees_all: an operator at the command line, who can read the database anyway.
    """

    team_id: str
    user_id: str
    is_admin: bool
    is_named: bool = False
    manages: frozenset[str] = frozenset()
    here: str | None = None
    sees_all: bool = False

    def may(self, channel_id: str | None) -> bool:
        """Whether they may change what a channel gets; None: things of the whole workspace."""
        return self.is_admin or channel_id in self.manages


@dataclass(frozen=True, slots=True)
class Manager:
    """Someone, or a group, that an admin has named.

    Attributes:
        subject: a person's id (U…, W…) or a user group's (S…).
        channel_id: where they may change things; None: everywhere in the workspace.
    """

    subject: str
    channel_id: str | None
    created_by: str

    @property
    def is_group(self) -> bool:
        """Whether it is a user group."""
        return self.subject.startswith("S")


#: What can be taken back by itself.
UNDOABLE = frozenset(
    {
        "add", "add pack", "import", "remove", "pause", "resume", "filter", "unfilter", "follow", "unfollow", "mute",
        "unmute",
        "threshold", "least_substance", "style", "language", "reset taste", "appoint", "dismiss", "digest",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the audit trail: who changed what.

    Attributes:
        actor: who; a person's id, or `command line`.
        action: a word, such as `remove`.
        detail: what it was about, and what it was before, as far as it takes to undo it.
        undone_at: when somebody took it back.
    """

    id: int
    actor: str
    action: str
    channel_id: str | None
    detail: Mapping[str, Any]
    at: datetime
    undone_at: datetime | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether a button may offer to take it back."""
        return self.undone_at is None and self.action in UNDOABLE


@dataclass(frozen=True, slots=True)
class Added:
    """What became of `/tapeout add`: subscribed, or several feeds to choose from.

    Attributes:
        subscription: the new (or already existing) subscription; None when there is something to choose.
        existed: the channel had it already.
        latest: titles of the feed's newest items.
        choices: (address, title, latest titles) of each feed found, when there are several.
    """

    subscription: Subscription | None
    existed: bool = False
    latest: tuple[str, ...] = ()
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """An item of a feed as it would have come to a channel.

    Attributes:
        brief: how it would have looked; None: it would have been held back …
        held: … for this reason.
    """

    title: str
    url: str
    published_at: datetime | None
    brief: Brief | None
    held: str | None
    relevance: Relevance


@dataclass(frozen=True, slots=True)
class Preview:
    """What a feed would have brought to a channel.

    Attributes:
        url, title: the feed; empty where there is something to choose.
        items: its newest, newest first.
        choices: as in `Added`.
        is_there: the channel follows it already.
    """

    url: str
    title: str
    items: tuple[PreviewItem, ...] = ()
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class ChannelFeeds:
    """A channel with its subscriptions, as lists and App Home show it."""

    channel: Channel
    subscriptions: tuple[Subscription, ...]
    posted_today: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found behind an address and read, but not added.

    Attributes:
        latest: the titles of its newest items, newest first.
    """

    url: str
    title: str
    publisher: str
    latest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a feed that someone asked to be read at once.

    Attributes:
        outcome: `new`, `unchanged`, `not_modified`, `busy` (another process has it in hand) or an error's kind.
        said: in plain words what came of it, and what to do.
    """

    subscription: Subscription
    outcome: str
    new: int
    edited: int
    said: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds.

    Attributes:
        added: feeds that the channel did not have.
        existed: feeds that it had.
        problems: (line of the file, what is wrong with it), in the file's order.
        done_by: when the last of the new ones will have had its first turn; None: none is new.
    """

    added: int
    existed: int
    problems: tuple[tuple[int, str], ...]
    done_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelTrail:
    """What became of an article's story in one channel.

    Attributes:
        state: the delivery's state; None: nothing was ever written down for this channel.
        reason: why it was, or was not, posted.
        threshold: what a story's relevance must reach here.
    """

    channel: Channel
    state: DeliveryState | None
    reason: str
    threshold: float
    relevance: Relevance | None = None
    ts: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that was decided about one article, so that "why was it not posted?" has an answer.

    Attributes:
        verdict: identity's: `new`, `backlog` or `withheld`; `verdict_reason` says why.
        stage: how far it has come: `read`, `join` or `done`.
        story_id: the story it is in; None: in none.
        join_score: how close it was to that story, 0 where it began it.
        wire_of: the article whose text this one copies.
    """

    article: Article
    feed_title: str
    feed_url: str
    verdict: str
    verdict_reason: str
    stage: str
    story_id: int | None = None
    story_title: str | None = None
    join_score: float | None = None
    join_reasons: tuple[str, ...] = ()
    wire_of: int | None = None
    channels: tuple[ChannelTrail, ...] = ()
