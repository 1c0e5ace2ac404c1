"""How the feeds are doing, and what became of one article: the answers to `/tapeout health` and `why`. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models import ChannelFeeds, ChannelTrail, DeliveryState, FeedState, Subscription, Trail
from bot.slack.blocks.lists import IN_TROUBLE, STATE_WORDS, channel_line, feed_line
from bot.slack.blocks.message import (
    SECTION_MOST,
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
from bot.slack.escape import clip, fit, line, link, prose

TO_DO = {
    FeedState.NEW: "It is read shortly.",
    FeedState.QUIET: "It answers, but brings nothing new: look on the site whether it was given up.",
    FeedState.SLOW: "It answers, but very slowly. Nothing needs to be done.",
    FeedState.FAILING: "I keep trying, and tell who added it when it stays away.",
    FeedState.BLOCKED: "Ask the publisher to let us in, or remove it.",
    FeedState.GONE: "The publisher has ended it: remove it, or add its successor.",
    FeedState.NOT_A_FEED: "Its address brings something else now: add the site's address anew.",
}
"""What to do about a feed in each state; what its last error says comes first."""


def health(feeds: tuple[ChannelFeeds, ...]) -> Message:
    """Every feed with its state, its last success and, where something is wrong, what to do; troubled ones first."""
    blocks: list[Block] = []
    words: list[str] = []
    for each in feeds:
        bad = [entry for entry in each.subscriptions if _troubled(entry)]
        good = [entry for entry in each.subscriptions if not _troubled(entry)]
        blocks.append(section(f"{channel_line(each)} · {_sum(len(bad), len(each.subscriptions))}"))
        blocks += paragraphs("\n".join(_feed(entry)) for entry in (*bad, *good))
        words.append(f"#{clip(line(each.channel.name), 80)}: {_sum(len(bad), len(each.subscriptions))}.")
        words += [f"{clip(line(entry.feed.title), 150)}: {_state(entry)}." for entry in (*bad, *good)]
    if not feeds:
        blocks.append(section("No feeds here yet. `/tapeout add` followed by an address adds one."))
        words.append("No feeds here yet.")
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more="There are more; App Home shows them all."))


def _sum(bad: int, of: int) -> str:
    if not of:
        return "`/tapeout add` followed by an address adds one"
    return f"⚠ {count(bad, 'feed needs', 'feeds need')} a look" if bad else "all well"


def _troubled(entry: Subscription) -> bool:
    return entry.paused_at is None and entry.feed.state in IN_TROUBLE


def _state(entry: Subscription) -> str:
    return "paused" if entry.paused_at or entry.channel.paused_at else STATE_WORDS[entry.feed.state]


def _feed(entry: Subscription) -> Iterator[str]:
    feed = entry.feed
    parts = [feed_line(feed), _state(entry)]
    if feed.last_success_at is not None:
        parts.append(f"last read {when(feed.last_success_at)}")
    if feed.next_poll_at is not None and not entry.paused_at:
        parts.append(f"next {when(feed.next_poll_at)}")
    yield " · ".join(parts)
    if entry.paused_at or entry.channel.paused_at:
        return
    # An error's own sentence says what to do already.
    advice = prose(feed.last_error, 300) if feed.last_error else TO_DO.get(feed.state)
    told = [advice] if advice else []
    if feed.failing_since is not None:
        told.append(f"Since {when(feed.failing_since)}.")
    if told:
        yield f">{' '.join(told)}"


def why(trails: tuple[Trail, ...], channel_id: str) -> Message:
    """What became of an article here: each decision with its reason.

    Args:
        trails: one for each feed that carries it.
        channel_id: where it was asked; other channels, which may be private, are only counted.
    """
    blocks: list[Block] = []
    words: list[str] = ["What became of it:"]
    for trail in trails[:10]:
        lines = list(_trail(trail, channel_id))
        blocks.append(section(fit(lines, SECTION_MOST)))
        words += [prose(trail.article.title, 300), *lines[1:]]
    tail = context("`/tapeout topics` shows what this channel follows, and its bars.")
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more="More feeds carry it.", tail=(tail,)))


def _trail(trail: Trail, channel_id: str) -> Iterator[str]:
    article = trail.article
    yield f"*{link(article.url, article.title, 200)}*"
    seen = f", first seen {when(article.first_seen_at)}" if article.first_seen_at else ""
    yield f"• From {prose(trail.feed_title, 100)}{seen}. {prose(trail.verdict_reason, 300)}"
    if trail.story_title and trail.join_reasons:
        story = f"• In the story “{prose(trail.story_title, 150)}”: {prose('; '.join(trail.join_reasons[:2]), 300)}."
        yield story + (" A copy of a text that is there already." if trail.wire_of is not None else "")
    here = [each for each in trail.channels if each.channel.channel_id == channel_id]
    for each in here:
        yield from _in_channel(each)
    if not here and channel_id.startswith(("C", "G")):
        yield "• This channel does not follow that feed."
    others = [each for each in trail.channels if each.channel.channel_id != channel_id]
    if others:
        posted = sum(each.state is DeliveryState.SENT for each in others)
        yield f"• {'Elsewhere' if here else 'In all'}: posted in {posted:,} of {count(len(others), 'channel')}."


def _in_channel(each: ChannelTrail) -> Iterator[str]:
    sent = f" {when(each.sent_at)}" if each.sent_at else ""
    if each.state is DeliveryState.SENT:
        yield f"• *Posted here{sent}.*"
    elif each.state is DeliveryState.FOR_DIGEST:
        yield f"• *Held for the digest.* {prose(each.reason, 400)}"
    elif each.state is DeliveryState.IN_DIGEST:
        yield f"• *Told in a digest.* {prose(each.reason, 400)}"
    else:
        yield f"• *Not posted here.* {prose(each.reason, 400)}"
    if each.relevance is not None:
        judged = each.relevance
        reasons = f": {prose('; '.join(judged.reasons[:4]), 500)}" if judged.reasons else ""
        bar = f"posted from {each.threshold:.2f}"
        yield f"• Relevance {judged.score:.2f} ({bar}), substance {judged.substance:.2f}{reasons}."
