"""Modals: add a feed, choose one of several, remove, ask. Pure.

Ids are named once here; the handlers and the manifest use the same words.
"""

from __future__ import annotations

from bot.models import Added, Subscription
from bot.slack.blocks.lists import channel_name, feed_title
from bot.slack.blocks.message import (
    METADATA_MOST,
    SECTION_MOST,
    Block,
    Message,
    View,
    context,
    modal,
    option,
    plain,
    section,
    text_input,
)
from bot.slack.escape import bold, clip, fit, line, prose

ADD_FEED = "add_feed"
CHOOSE_FEED = "choose_feed"
REMOVE_FEED = "remove_feed"
ASK_STORY = "ask_story"
QUESTION_MOST = 3_000
CHOICES_MOST = 10


def add_modal(*, address: str = "", channel_id: str | None = None, problem: str | None = None) -> View:
    """The form for a new feed.

    Args:
        address: what was typed before, where the form comes back.
        channel_id: the channel chosen to begin with; None: the one the person is looking at.
        problem: why the form comes back, a sentence.
    """
    select: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    select |= {"initial_conversation": channel_id} if channel_id else {"default_to_current_conversation": True}
    blocks = [section(f"⚠ {prose(problem, 600)}")] if problem else []
    blocks += [
        text_input(
            "address",
            "Address",
            placeholder="example.com or https://example.com/feed.xml",
            hint="Any page of the site will do: the feed is looked for.",
            initial=address,
            most=2_000,
        ),
        {"type": "input", "block_id": "channel", "label": plain("Channel"), "element": select},
    ]
    return modal("Add a feed", blocks, callback_id=ADD_FEED, submit="Add", close="Cancel")


def busy(address: str) -> View:
    """What the form turns into while the address is read: that may take longer than Slack waits."""
    return modal("Add a feed", [section(f"Looking for a feed at {bold(address, 300)} …")])


def added(result: Added, channel_id: str) -> View:
    """What became of the form: done, or several feeds to choose from."""
    if result.subscription is None:
        return choose(result, channel_id)
    return modal("Add a feed", [section(added_text(result)), *_latest(result.latest)], close="Done")


def added_text(result: Added) -> str:
    """`Added *X* to #channel.`; only for a result with a subscription."""
    assert result.subscription is not None
    where = channel_name(result.subscription.channel)
    title = feed_title(result.subscription.feed)
    if result.existed:
        return f"{where} has {title} already."
    return f"Added {title} to {where}. What is news there will be told here, each event once."


def _latest(titles: tuple[str, ...]) -> list[Block]:
    shown = [f"• {prose(title, 200)}" for title in titles[:5] if line(title)]
    return [section(fit(["*Its newest items*", *shown], SECTION_MOST))] if shown else []


def choose(result: Added, channel_id: str) -> View:
    """Several feeds were found: which one? Their addresses travel in the view, a menu's values are too short."""
    options, metadata = [], {"channel": channel_id}
    for index, (url, title, latest) in enumerate(result.choices[:CHOICES_MOST]):
        wider = metadata | {str(index): url}
        if sum(len(key) + len(value) + 8 for key, value in wider.items()) > METADATA_MOST:
            break
        metadata = wider
        options.append(option(title or url, str(index), line(latest[0]) if latest else None))
    if not options:
        return modal("Add a feed", [section("I found no feed there that can be added.")])
    radio: Block = {"type": "radio_buttons", "action_id": "choice", "options": options, "initial_option": options[0]}
    blocks = [
        section("That site has several feeds."),
        {"type": "input", "block_id": "choice", "label": plain("Which one?"), "element": radio},
    ]
    return modal("Add a feed", blocks, callback_id=CHOOSE_FEED, submit="Add", close="Cancel", metadata=metadata)


def remove_confirm(subscription: Subscription) -> View:
    """Are you sure?"""
    text = f"Stop following {feed_title(subscription.feed)} in {channel_name(subscription.channel)}?"
    blocks = [section(text), context("What was posted stays. `/tapeout add` brings the feed back.")]
    metadata = {"channel": subscription.channel.channel_id, "subscription": str(subscription.id)}
    return modal("Remove a feed", blocks, callback_id=REMOVE_FEED, submit="Remove", close="Keep it", metadata=metadata)


def ask_modal(
    *, channel_id: str, root_ts: str, click_ts: str, story_id: int | None = None, link: str | None = None
) -> View:
    """The form for a question about a story.

    Args:
        channel_id: where the answer goes …
        root_ts: … and the thread there.
        click_ts: Slack's time of the click that opened it: this question's own name.
        story_id: what it is about, where that is known …
        link: … or the page that the message shares.
    """
    metadata = {"channel": channel_id, "root": root_ts, "click": click_ts}
    if story_id is not None:
        metadata["story"] = str(story_id)
    if link is not None:
        metadata["link"] = link
    field = text_input("question", "Your question", placeholder="How much power?", multiline=True, most=QUESTION_MOST)
    blocks = [field, context("The answer comes in the thread, for everybody there, with its sources.")]
    return modal("Ask", blocks, callback_id=ASK_STORY, submit="Ask", close="Cancel", metadata=metadata)


def notice(title: str, text: str) -> View:
    """A modal that only says something; `text` is a sentence of ours."""
    return modal(title, [section(clip(text, SECTION_MOST) or "…")])


def shown(title: str, message: Message) -> View:
    """What a command would have answered, in a modal; its buttons work there as they do under a message."""
    return modal(title, list(message.blocks))
