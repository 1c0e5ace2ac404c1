"""Channels, what they follow, and what is on its way to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.models.feeds import Feed


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that gets posts."""

    team_id: str
    channel_id: str
    name: str
    language: str = "en"
    style: str = "standard"
    threshold: float = 0.35
    least_substance: float = 0.0
    taste_since: datetime | None = None  # votes before this do not count
    paused_at: datetime | None = None
    is_private: bool | None = None  # None: Slack was not asked yet
    state: str = "active"  # or `archived`, `not a member`, `gone`


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed in a channel."""

    id: int
    channel: Channel
    feed: Feed
    created_by: str
    created_at: datetime
    paused_at: datetime | None = None


class DeliveryState(StrEnum):
    """Where a delivery is. Only PENDING and AMBIGUOUS are ever picked up again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"  # Slack may or may not have it: history decides
    HELD = "held"  # cannot be sent now; the reason says what to do
    FAILED = "failed"  # set aside for good, with its reason
    GONE = "gone"  # it was there, and somebody deleted it in Slack: nothing more is said of it
    WITHHELD = "withheld"  # ranked below the channel's threshold, or an advert …
    FOR_DIGEST = "for digest"  # the channel's rhythm keeps it for the next digest
    IN_DIGEST = "in digest"  # a digest told it; it has no post of its own


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something on its way to one channel: at most one message for each (team, channel, key).

    Attributes:
        key: what it is: `story:12` (the brief), `line:12:3` (what changed, in its thread), `digest:2026-11-23:08:30`,
            `intro`.
        want_version: the story version that the post should show; greater than `sent_version`: update it.
        relevance: a `Relevance` as JSON.
        body: the text to send, where it is not a brief.
    """

    id: int
    team_id: str
    channel_id: str
    key: str
    story_id: int | None
    state: DeliveryState
    attempts: int
    first_try_at: datetime | None
    ts: str | None
    want_version: int
    sent_version: int | None
    reason: str | None
    relevance: str | None
    body: str | None
