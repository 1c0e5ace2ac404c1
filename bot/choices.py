"""What a channel has chosen, as it crosses module borders: topics, bars, style, and what its votes say. All frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.models import Channel, Relevance, Subscription


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic in one channel.

    Attributes:
        text: a channel's own: the sentence or keywords, as typed; None: it ships.
        is_followed: False: stories are not judged by it.
        muted_until: until then no story whose main topic it is gets posted; None: it is not muted.
    """

    name: str
    text: str | None = None
    is_followed: bool = True
    muted_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        """Whether it is muted at this moment."""
        return self.muted_until is not None and now < self.muted_until

    @property
    def is_default(self) -> bool:
        """Whether it is as it ships: nothing of it needs to be kept."""
        return self.text is None and self.is_followed and self.muted_until is None


@dataclass(frozen=True, slots=True)
class Recent:
    """How a channel's last stories were judged, newest first: for saying what another bar would have let through."""

    judged: tuple[Relevance, ...]

    def passing(self, threshold: float, least_substance: float) -> int:
        """How many would be posted with these bars; what is held for what it is counts for none."""
        return sum(
            one.held is None and one.score >= threshold and one.substance >= least_substance for one in self.judged
        )


@dataclass(frozen=True, slots=True)
class ChannelChoices:
    """All that a channel has chosen.

    Attributes:
        topics: those that ship, then its own.
        up, down: 👍 and 👎 on stories that count for its taste.
        weight: the votes' share of a story's score, 0 to below 1.
        as_of: when it was read.
    """

    channel: Channel
    topics: tuple[TopicChoice, ...]
    up: int
    down: int
    weight: float
    recent: Recent
    as_of: datetime


@dataclass(frozen=True, slots=True)
class TopicAdded:
    """What became of a topic that someone gave a channel.

    Attributes:
        understood: for keywords, how they were understood; None: it was taken as a sentence, or is one that ships.
        hits: titles of the channel's last stories that it alone would have let through, newest first …
        of: … of so many.
        existed: the channel had it already.
        without: what a sentence leaves out.
    """

    choice: TopicChoice
    understood: str | None
    hits: tuple[str, ...]
    of: int
    existed: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """A filter of a subscription, or of all of a channel's.

    Attributes:
        subscription_id: whose; None: every feed of the channel.
        feed: that feed's title; empty where it is for all.
        text: the rule, as typed.
        understood: the way it was understood; empty: an older edition did, this one does not, and it is passed over.
    """

    id: int
    subscription_id: int | None
    feed: str
    text: str
    understood: str = ""


@dataclass(frozen=True, slots=True)
class ChannelFilters:
    """A channel's filters, in the order they came, with the feeds that they may be for."""

    channel: Channel
    filters: tuple[FeedFilter, ...]
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class FilterAdded:
    """What became of a new filter.

    Attributes:
        kept_out: titles of the newest articles that it would have kept out, newest first …
        of: … of so many.
        existed: it was there already.
    """

    channel: Channel
    filter: FeedFilter
    kept_out: tuple[str, ...]
    of: int
    existed: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """The two bars after a change, with what they would have let through.

    Attributes:
        passed: so many of the last stories …
        of: … of so many.
        before: and so many with the bars before.
    """

    channel: Channel
    passed: int
    of: int
    before: int


@dataclass(frozen=True, slots=True)
class Writing:
    """What admins see of the writing: who writes, what it costs, and what readers said of it in the last week.

    Attributes:
        used, limit: the model's tokens today (UTC) in this workspace; meaningless without a model.
        dollars: what they cost, in US dollars; 0 where no price is set.
        most_dollars: the day's limit of that; None: only tokens are limited.
        stopped_at: when a limit refused a call first today.
        up, down: 👍 and 👎 on stories and answers.
    """

    writer: str
    used: int
    limit: int
    up: int
    down: int
    dollars: float = 0.0
    most_dollars: float | None = None
    stopped_at: datetime | None = None

    @property
    def share(self) -> float:
        """How much of the day is used up, 0-1, by the limit that is nearer."""
        tokens = self.used / self.limit if self.limit else 1.0
        if self.most_dollars is None:
            return min(1.0, tokens)
        return min(1.0, max(tokens, self.dollars / self.most_dollars if self.most_dollars else 1.0))

    @property
    def is_used_up(self) -> bool:
        """Whether the day holds no further call."""
        return self.stopped_at is not None or self.share >= 1.0

    @property
    def spent(self) -> str:
        """The same in words: `12,345 of 500,000 tokens, $0.04 of $2.00`."""
        told = f"{self.used:,} of {self.limit:,} tokens"
        if self.most_dollars is not None:
            return f"{told}, ${self.dollars:,.2f} of ${self.most_dollars:,.2f}"
        return f"{told}, ${self.dollars:,.2f}" if self.dollars else told

    @property
    def has_model(self) -> bool:
        """Whether a language model writes."""
        return self.writer != "extractive"
