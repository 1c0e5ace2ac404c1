"""What Tapeout says about itself: help, hello, the first message in a channel, a thread's update lines. Pure."""

from __future__ import annotations

import json

from bot.models import Added, Subscription
from bot.slack.blocks.lists import channel_name, feed_title
from bot.slack.blocks.message import (
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    button,
    count,
    section,
    sentence_list,
)
from bot.slack.blocks.modals import CHOICES_MOST, added_text
from bot.slack.escape import clip, fit, length, line, link, prose

BUTTON_VALUE_MOST = 2_000


def said(text: str) -> Message:
    """A short message of ready-made mrkdwn."""
    return Message(text=text, blocks=(section(text),))


def sentence(text: str) -> Message:
    """A short message of plain words, escaped."""
    return said(clip(text, SECTION_MOST) or "…")


def web_link(url: str, *, minutes: int) -> Message:
    """A link into the web view, for one person."""
    told = f"{link(url, 'Open the archive in a browser')} (the link is yours, and good for {count(minutes, 'minute')})"
    return Message(text="Open the archive in a browser.", blocks=(section(told),))


def asked(question: str, user_id: str) -> Message:
    """A question that was asked with the command, shown to the channel so that its answer has a thread."""
    who = f"<@{user_id}> asks" if user_id.isalnum() else "Asked"
    return said(f"{who}: {clip(line(question), 1_000)}")


def hello(*, command: str = "/tapeout") -> Message:
    """When somebody invites the bot to a channel."""
    return said(
        "Hello! I tell AI-infrastructure news here, each event once, with its sources. An admin chooses what I read: "
        f"`{command} add example.com`. `{command} help` says more."
    )


def intro(subscription: Subscription, *, command: str = "/tapeout") -> Message:
    """The one message in a channel when it is first configured: who did it, and how to change it."""
    who = f"<@{subscription.created_by}>" if subscription.created_by.isalnum() else "An admin"
    text = (
        f"{who} set me up here to follow {feed_title(subscription.feed)}. I post each event once, with its sources. "
        f"Reply in a thread to ask. `{command} list` shows the feeds, `{command} pause` rests them all, "
        f"`{command} help` tells the rest."
    )
    return said(text)


def added_message(result: Added, channel_id: str, channel_name_: str) -> Message:
    """What `/tapeout add` answers: done, or buttons to choose one of several feeds."""
    if result.subscription is not None:
        lines = [added_text(result), *(f"• {prose(title, 200)}" for title in result.latest[:5] if line(title))]
        return Message(text=fit(lines, TEXT_MOST), blocks=(section(fit(lines, SECTION_MOST)),))
    blocks: list[Block] = [section("That site has several feeds. Which one?")]
    for index, (url, title, latest) in enumerate(result.choices[:CHOICES_MOST]):
        value = json.dumps({"address": url, "channel": channel_id, "name": channel_name_})
        if length(value) > BUTTON_VALUE_MOST:
            continue
        lines = [link(url, title or url, 150), *(f"• {prose(item, 150)}" for item in latest[:2] if line(item))]
        choice = button("Add this", f"choose_feed:{index}", value, label=f"Add {line(title) or 'this feed'}"[:75])
        blocks.append(section(fit(lines, SECTION_MOST) or "…", choice))
    names = sentence_list(clip(line(title or url), 150) for url, title, _ in result.choices[:CHOICES_MOST])
    return Message(text=fit([f"That site has several feeds: {names}."], TEXT_MOST), blocks=tuple(blocks))


def removed(subscription: Subscription, *, command: str = "/tapeout") -> Message:
    """What `/tapeout remove` answers, with the way back."""
    where = channel_name(subscription.channel)
    back = f"`{command} add {clip(line(subscription.feed.url).replace('`', ''), 1_000)}`"
    return said(f"Removed {feed_title(subscription.feed)} from {where}. {back} brings it back.")


def paused(subscriptions: tuple[Subscription, ...], *, resumed: bool) -> Message:
    """What `/tapeout pause` and `resume` answer."""
    verb = "Going on with" if resumed else "Paused"
    if not subscriptions:
        return said("There was nothing to resume." if resumed else "There was nothing to pause.")
    names = sentence_list(feed_title(each.feed) for each in subscriptions[:10])
    more = f" and {len(subscriptions) - 10} more" if len(subscriptions) > 10 else ""  # noqa: PLR2004 as in the slice
    return said(f"{verb} {names}{more} in {channel_name(subscriptions[0].channel)}.")
