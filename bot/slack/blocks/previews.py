"""What a feed would have brought, and packs of feeds: each looked at before it is done. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.choices import Writing
from bot.models import Imported, Preview, PreviewItem, Refreshed
from bot.slack.blocks.brief import brief
from bot.slack.blocks.importing import counted
from bot.slack.blocks.lists import channel_name_of, feed_line, writing_lines
from bot.slack.blocks.message import (
    METADATA_MOST,
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    count,
    divider,
    modal,
    paragraphs,
    room,
    section,
    when,
)
from bot.slack.blocks.notices import said
from bot.slack.escape import bold, clip, fit, length, line, link, prose

CONFIRM_FEED = "confirm_feed"
VALUE_MOST = 2_000


def preview(seen: Preview, channel_id: str, channel_name: str) -> Message:
    """The answer to `/tapeout preview` and `add`, with a button that adds the feed."""
    blocks = list(_preview(seen, channel_id))
    value = json.dumps({"address": seen.url, "channel": channel_id, "name": channel_name})
    tail: list[Block] = []
    if not seen.is_there and length(value) <= VALUE_MOST:
        add = button("Add to this channel", "preview_add", value, style="primary")
        tail = [actions(add, button("Cancel", "preview_cancel", "cancel"), block_id="preview_add")]
    words = [f"Preview of {clip(line(seen.title), 150)}", *(_words(item) for item in seen.items)]
    more = "The other items are left out."
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more=more, tail=tail))


def preview_view(seen: Preview, channel_id: str) -> View:
    """The form's second step: look, then confirm."""
    metadata = {"channel": channel_id, "address": seen.url}
    fits = sum(len(key) + len(value) + 8 for key, value in metadata.items()) <= METADATA_MOST
    can = fits and not seen.is_there
    return modal(
        "Add a feed",
        list(_preview(seen, channel_id)),
        callback_id=CONFIRM_FEED if can else None,
        submit="Add it" if can else None,
        close="Cancel" if can else "Close",
        metadata=metadata if can else None,
    )


def _preview(seen: Preview, channel_id: str) -> Iterator[Block]:
    where = channel_name_of(channel_id)
    passed = sum(item.held is None for item in seen.items)
    begin = f"{bold(seen.title or seen.url, 200)} in {where}: "
    if seen.is_there:
        begin += "it is there already. "
    if not seen.items:
        yield section(begin + "the feed holds nothing yet.")
        return
    yield section(begin + f"of its {count(len(seen.items), 'newest item')}, {passed:,} would have been posted.")
    yield context("Made of what the feed itself carries; once it is added, whole pages are read.")
    shown = False
    for item in seen.items:
        yield divider()
        if item.brief is not None and not shown:
            shown = True
            yield from (block for block in brief(item.brief, item.relevance, story_id=0).blocks if _is_text(block))
        else:
            yield section(fit(list(_item(item)), SECTION_MOST))


def _is_text(block: Block) -> bool:
    """Whether it only shows something: a post's buttons and hints belong to a post."""
    return block["type"] in {"section", "header"} and "accessory" not in block


def _item(item: PreviewItem) -> Iterator[str]:
    at = f" · {when(item.published_at)}" if item.published_at else ""
    mark = "✓ *would have been posted*" if item.held is None else "○ *held back*"
    yield f"{mark}: {link(item.url, item.title, 200)}{at}"
    if item.held is not None:
        yield f">{prose(item.held, 400)}"
    elif item.brief is not None and item.brief.what:
        yield f">{prose(item.brief.what[0].text, 500)}"
    judged = item.relevance
    yield f">_Relevance {judged.score:.2f}, substance {judged.substance:.2f}_"


def _words(item: PreviewItem) -> str:
    title = clip(line(item.title), 200)
    return f"{title}: would have been posted." if item.held is None else f"{title}: held back. {prose(item.held, 300)}"


def packs(known: Sequence[tuple[str, int]], channel_id: str, channel_name: str) -> Message:
    """The packs that ship, each with a button.

    Args:
        known: (name, how many feeds), in their order.
        channel_id: where the buttons put them.
        channel_name: its name.
    """
    blocks: list[Block] = [section(f"*Packs of feeds* for {channel_name_of(channel_id)}: each adds all of its feeds.")]
    words = []
    for number, (name, many) in enumerate(known, start=1):
        value = json.dumps({"pack": name, "channel": channel_id, "name": channel_name})
        add = button("Add", f"pack_add:{number}", value, label=f"Add the pack {name}"[:75])
        blocks.append(section(f"{number}. {bold(name, 150)} · {count(many, 'feed')}", add))
        words.append(f"{number}. {line(name)}, {count(many, 'feed')}")
    return Message(text=fit(["Packs of feeds", *words], TEXT_MOST), blocks=tuple(blocks))


def pack_added(name: str, done: Imported, channel_id: str) -> Message:
    """What adding a pack answers."""
    return said(f"The pack {bold(name, 150)} in {channel_name_of(channel_id)}: {counted(done)}")


def budget(writing: Writing) -> Message:
    """The answer to `/tapeout budget`: what the writing costs, and what readers say of it."""
    text = "\n".join(writing_lines(writing))
    how = context(
        "Whoever runs me sets the day's limits with `TAPEOUT_DAILY_TOKENS` and `TAPEOUT_DAILY_DOLLARS`; at a limit, "
        "briefs quote."
    )
    return Message(text=text, blocks=(section(text), *([how] if writing.has_model else [])))


def refreshed(done: Sequence[Refreshed]) -> Message:
    """What became of feeds that were read at once."""
    lines = [f"• {feed_line(each.subscription.feed)}: {prose(each.said, 300)}" for each in done]
    words = [f"{clip(line(each.subscription.feed.title), 150)}: {prose(each.said, 300)}" for each in done]
    blocks = room(paragraphs(lines), more="`/tapeout health` shows the others.")
    return Message(text=fit(words, TEXT_MOST), blocks=blocks)
