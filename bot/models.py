"""The nouns that cross module borders. All frozen; all times are aware UTC datetimes.

**feed**, **article** (one item of one feed), **story** (the articles that tell one event), **brief** (what we write
about a story), **subscription** (a feed in a channel), **delivery** (a brief on its way to one channel),
**question**, **answer**.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FeedState(StrEnum):
    """How a feed is doing, in words that people understand."""

    NEW = "new"  # never polled
    FRESH = "fresh"  # polled, and its rhythm holds
    QUIET = "quiet"  # polled without error, nothing new for longer than its rhythm
    SLOW = "slow"  # answers, but takes very long
    FAILING = "failing"  # the last polls failed; see failing_since
    BLOCKED = "blocked"  # the publisher refuses us (401, 403, 429 for long)
    MOVED = "moved"  # permanently elsewhere; followed
    GONE = "gone"  # 410: polling has stopped
    NOT_A_FEED = "not a feed"  # answers with something else


@dataclass(frozen=True, slots=True)
class Validators:
    """What to echo in a conditional GET, byte for byte as the server sent it; None: not sent."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is watched; fetched once however many channels subscribe."""

    id: int
    url: str
    title: str
    publisher: str
    site_url: str | None = None
    state: FeedState = FeedState.NEW
    validators: Validators = Validators()
    body_hash: str | None = None
    next_poll_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    failing_since: datetime | None = None
    error_count: int = 0
    last_error: str | None = None
    moved_to: str | None = None
    moved_seen_at: datetime | None = None
    hints_json: str = "{}"  # cadence hints of the last good poll, in feeds.cadence's own form
    first_limit: int | None = None  # how many of its first articles are told; None: as many as of any new feed


@dataclass(frozen=True, slots=True)
class Article:
    """One item of one feed, as far as it has been read.

    Attributes:
        identity: the key under which the feed's item is known, stable across polls.
        text: plain text, paragraphs parted by a blank line; the title is not in it.
        text_source: where `text` came from: `page`, `feed` (the feed's own content was longer or the page could
            not be read) or `teaser` (a paywall or robots.txt left only the summary).
        publisher: whose article it is; syndicated copies keep their own publisher here.
    """

    id: int
    feed_id: int
    identity: str
    url: str
    title: str
    publisher: str
    text: str = ""
    text_source: str = "feed"
    text_note: str | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 1

    @property
    def when(self) -> datetime:
        """When it was published, or first seen where the feed gives no date."""
        moment = self.published_at or self.first_seen_at
        if moment is None:
            raise ValueError("an article that was never seen has no time")
        return moment


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of one article's text (after Unicode and white space normalisation)."""

    article_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of ours and the quotes that back it. Nothing is posted with no quotes."""

    text: str
    quotes: tuple[Quote, ...]


class Standing(StrEnum):
    """Who confirms a fact: independent publishers, not copies of one wire text."""

    CONFIRMED = "confirmed"
    SINGLE = "single source"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what it measures, as one article states it.

    Attributes:
        kind: `money`, `power`, `energy`, `count`, `percent`, `ratio`, `time`, `data`, `rate`, `date` …
        value: in the kind's base unit (USD or the named currency, watts, watt-hours, items, seconds, bytes …).
        unit: the base unit (`USD`, `EUR`, `W`, `Wh`, `items`, `%`, `s`, `B` …).
        shown: as people read it, e.g. `$8 billion`, `1.2 GW`.
        subject: the content words around the figure that say what it is a figure of.
        quote: the sentence that states it.
        hedged: the sentence says "about", "up to", "could", "reportedly" …
    """

    kind: str
    value: float
    unit: str
    shown: str
    subject: tuple[str, ...]
    quote: Quote
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as a brief shows it: one line, with its sources' numbers and its standing.

    Attributes:
        others: for a disputed fact, the other figures, each with the numbers of its sources.
        publishers: how many independent publishers give this figure.
        was: earlier figures that this one replaces, each with the numbers of the sources that gave them.
    """

    sentence: Sentence
    shown: str
    sources: tuple[int, ...]
    standing: Standing
    publishers: int = 1
    others: tuple[tuple[str, tuple[int, ...]], ...] = ()
    was: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered source of a brief or an answer; `url` comes from the article, never from a model."""

    number: int
    article_id: int
    publisher: str
    title: str
    url: str
    published_at: datetime | None = None
    note: str | None = None  # e.g. "paywalled: read as a teaser", "same wire text as 1"


@dataclass(frozen=True, slots=True)
class Brief:
    """What we write about a story. Its sentences have passed the grounding checker.

    Attributes:
        why: why it matters to people who build or buy AI infrastructure; None when nothing in the sources says so.
        unknown: what is not known, each a short sentence of ours about gaps in the sources (no new claims).
        reported_by: independent publishers.
        note: something a reader should know about how this was written (e.g. "the model's draft failed the checks").
    """

    headline: str
    headline_quotes: tuple[Quote, ...]
    what: tuple[Sentence, ...]
    why: Sentence | None
    facts: tuple[FactLine, ...]
    unknown: tuple[str, ...]
    sources: tuple[Source, ...]
    reported_by: int
    writer: str = "extractive"  # or the model's name
    language: str = "en"
    style: str = "standard"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article in a story, with why it was joined."""

    article: Article
    score: float
    reasons: tuple[str, ...]
    joined_at: datetime
    wire_of: int | None = None  # id of the article whose text this one copies


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that tell one event; `articles[0]` is the lead."""

    id: int
    title: str
    articles: tuple[StoryArticle, ...]
    created_at: datetime
    updated_at: datetime
    version: int = 1  # grows when an article joins, changes or takes the lead


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much a story is worth to a channel, with reasons a person can read.

    Attributes:
        score: 0–1, against the channel's threshold.
        substance: 0–1, how much of it can be checked.
        topics: matched topics, best first.
        held: why it must not be posted (an advert, a listicle …); None: it may.
    """

    score: float
    substance: float
    topics: tuple[str, ...]
    reasons: tuple[str, ...]
    held: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article that can be found and quoted."""

    id: int
    article_id: int
    story_id: int | None
    position: int  # 0 for the first of its article
    text: str
    title: str
    publisher: str
    url: str
    published_at: datetime
    score: float = 0.0  # the word index's score (BM25, higher is better), 0 if it was not asked


class AnswerState(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"  # not in what was read
    DECLINED = "declined"  # a prediction, an opinion, private data, another subject


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose sentences have passed the grounding checker, or an honest "not in what I have read"."""

    state: AnswerState
    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    nearest: tuple[Source, ...] = ()
    message: str = ""  # ours, for UNKNOWN and DECLINED: what was searched, what to do
    searched: int = 0  # articles looked at
    writer: str = "extractive"
    note: str | None = None


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
    WITHHELD = "withheld"  # ranked below the channel's threshold, or an advert …


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something on its way to one channel: at most one message for each (team, channel, key).

    Attributes:
        key: what it is: `story:12` (the brief), `line:12:3` (what changed, in its thread), `intro`.
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


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone in a workspace, with what they may do."""

    team_id: str
    user_id: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class IncomingQuestion:
    """A question as it came in, before anything is decided about it.

    Attributes:
        root_ts: the thread to answer in (the message's own ts where it starts one).
        surface: `thread`, `mention`, `dm`, `command` or `shortcut`.
        event_id: Slack's id of the event, so that a redelivery is not answered again.
        story_id: the story it is about, where the surface says so.
    """

    team_id: str
    channel_id: str
    user_id: str
    ts: str
    root_ts: str
    text: str
    surface: str
    event_id: str | None = None
    story_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class HomeData:
    """What App Home shows to one person."""

    actor: Actor
    channels: tuple[ChannelFeeds, ...]
    stories_today: int
    articles_today: int
    writer: str  # "extractive" or the model's name
    problems: tuple[str, ...] = ()
