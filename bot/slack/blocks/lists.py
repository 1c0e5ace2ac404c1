"""Lists of feeds, and the words about feeds and channels that other surfaces share. Pure."""

from __future__ import annotations

from bot.choices import Writing
from bot.models import Channel, ChannelFeeds, Feed, FeedState, Subscription
from bot.slack.blocks.message import (
    TEXT_MOST,
    Block,
    Message,
    context,
    count,
    paragraphs,
    room,
    section,
    when,
)
from bot.slack.escape import address, bold, clip, fit, line, link, prose

STATE_WORDS = {
    FeedState.NEW: "waiting for its first reading",
    FeedState.FRESH: "fine",
    FeedState.QUIET: "fine, but quieter than usual",
    FeedState.SLOW: "slow to answer",
    FeedState.FAILING: "⚠ cannot be read",
    FeedState.BLOCKED: "⚠ the publisher refuses us",
    FeedState.MOVED: "moved; followed to its new address",
    FeedState.GONE: "⚠ gone; no longer asked",
    FeedState.NOT_A_FEED: "⚠ no longer a feed",
}
"""A feed's state as lists say it."""
BAR = 10
IN_TROUBLE = {FeedState.FAILING, FeedState.BLOCKED, FeedState.GONE, FeedState.NOT_A_FEED}


def channel_name(channel: Channel) -> str:
    """A channel as a link where Slack can show one, else its name."""
    if channel.channel_id[:1] in {"C", "G"} and channel.channel_id.isalnum():
        return f"<#{channel.channel_id}>"
    return f"#{clip(line(channel.name), 80)}"


def channel_name_of(channel_id: str) -> str:
    """A channel by its id, as a link."""
    return f"<#{channel_id}>" if channel_id.isalnum() else "this channel"


def feed_line(feed: Feed) -> str:
    """A feed's title as a link to where people read it, or to the feed."""
    return link(feed.site_url or feed.url, feed.title or feed.url, 150) or "a feed without a name"


def health(subscription: Subscription) -> str:
    """How a feed is doing here, in a few words."""
    feed = subscription.feed
    if subscription.paused_at or subscription.channel.paused_at:
        return "paused"
    parts = [STATE_WORDS[feed.state]]
    if feed.state in IN_TROUBLE:
        if feed.failing_since:
            parts.append(f"since {when(feed.failing_since)}")
        if feed.last_error:
            parts.append(prose(feed.last_error, 160))
    elif feed.last_new_at:
        parts.append(f"last new item {when(feed.last_new_at)}")
    return " · ".join(parts)


def subscriptions(feeds: tuple[ChannelFeeds, ...], *, is_admin: bool) -> Message:
    """The answer to `/tapeout list`: numbered, so that `/tapeout remove 2` needs no typing of addresses."""
    blocks: list[Block] = []
    words: list[str] = []
    for each in feeds:
        lines = [f"{number}. {feed_line(s.feed)} — {health(s)}" for number, s in enumerate(each.subscriptions, start=1)]
        blocks += paragraphs([channel_line(each), *(lines or ["No feeds yet."])])
        words.append(f"#{clip(line(each.channel.name), 80)}: {count(len(each.subscriptions), 'feed')}.")
        words += [f"{n}. {clip(line(s.feed.title), 150)}" for n, s in enumerate(each.subscriptions, start=1)]
    if not feeds:
        blocks.append(section("No feeds here yet."))
        words.append("No feeds here yet.")
    how = "`/tapeout add example.com` adds one, `/tapeout remove 2` removes number 2, `pause` rests."
    more = "There are more; `/tapeout list` in a channel shows its own, and App Home all."
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more=more, tail=[context(how)] if is_admin else []))


def channel_line(each: ChannelFeeds) -> str:
    """A channel with how many feeds it has and what goes on there."""
    parts = [f"*{channel_name(each.channel)}*", count(len(each.subscriptions), "feed")]
    if each.posted_today:
        parts.append(f"{each.posted_today:,} posted today")
    if each.waiting:
        parts.append(f"{each.waiting:,} waiting")
    if each.channel.paused_at:
        parts.append(f"paused since {when(each.channel.paused_at)}")
    if each.channel.state != "active":
        parts.append(f"⚠ {_channel_state(each.channel.state)}")
    return " · ".join(parts)


def _channel_state(state: str) -> str:
    return {
        "archived": "the channel is archived",
        "not a member": "I am not a member: `/invite` me there",
        "gone": "the channel is gone",
        "shared": "shared with another organisation: nothing is posted",
    }.get(state, clip(line(state), 80))


def writing_lines(writing: Writing) -> list[str]:
    """The model's tokens and money today, and the last week's votes; a bar of ten says at a glance how much is left."""
    lines = []
    if writing.has_model:
        full = round(writing.share * BAR)
        bar = "■" * full + "□" * (BAR - full)
        spent = f"*Model* `{prose(writing.writer, 60).replace('`', '')}` today: {bar} "
        spent += f"{writing.spent} ({writing.share:.0%})"
        if writing.is_used_up:
            at = f", since {when(writing.stopped_at)}" if writing.stopped_at is not None else ""
            spent += f". The limit is reached{at}: briefs and answers quote the articles until midnight UTC."
        lines.append(spent)
    else:
        lines.append("*Writer*: sentences of the articles themselves; no language model is set up, nothing is spent.")
    if writing.up or writing.down:
        lines.append(
            f"*Readers*, last 7 days: {writing.up:,} 👍 and {writing.down:,} 👎; `/tapeout feedback` shows the answers"
        )
    return lines


def feed_title(feed: Feed) -> str:
    """A feed's name in bold, or its address where it has none."""
    return bold(feed.title or feed.url, 200) or (address(feed.url) or "*a feed*")
