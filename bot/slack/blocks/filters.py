"""A channel's filters: the list with its buttons, what each change answers, the form for a new one. Pure."""

from __future__ import annotations

from bot.choices import ChannelFilters, FeedFilter, FilterAdded
from bot.models import Channel
from bot.slack.blocks.lists import channel_name
from bot.slack.blocks.message import (
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    count,
    modal,
    option,
    plain,
    room,
    section,
    text_input,
)
from bot.slack.escape import bold, clip, fit, line, prose

ADD_FILTER = "add_filter"
FILTER_MOST = 500
KEPT_OUT_SHOWN = 4
OPTIONS_MOST = 100
ALL = "all"
"""The menu's value, and the word to type, for every feed of the channel."""
EXAMPLES = (
    '`"HBM" AND (Samsung OR Micron)` · `not gaming` · `/gpt-?\\d/` · `title: /outage/` · `about inference cost` · '
    "`author: Jane Doe` · `category: hardware` · `language: en, de` · `substance: 0.3`"
)


def filters(known: ChannelFilters, *, is_admin: bool, command: str = "/tapeout") -> Message:
    """The answer to `/tapeout filter`: numbered, so that `/tapeout filter remove 2` needs no typing of rules."""
    where = known.channel
    blocks: list[Block] = [section(f"*Filters of {channel_name(where)}*: {_many(known)}")]
    words = [f"Filters of #{clip(line(where.name), 80)}: {_many(known)}"]
    for number, each in enumerate(known.filters, start=1):
        gone = button("Remove", "filter_remove", f"{where.channel_id}:{each.id}", label=f"Remove filter {number}")
        entry = section(f"{number}. {_line(each)}", gone if is_admin else None)
        blocks.append(entry | {"block_id": f"filter:{number}"})
        words.append(f"{number}. {_line(each)}")
    tail: list[Block] = []
    if is_admin:
        add = button("Add a filter", "filter_add", where.channel_id, style="primary")
        tail = [
            actions(add, block_id="filter_add"),
            context(f"By typing: `{command} filter add 2 …` for feed 2, `add all …` for every feed. {EXAMPLES}"),
        ]
    text = fit(words, TEXT_MOST)
    return Message(text=text, blocks=room(blocks, more="There are more than fit here; their numbers go on.", tail=tail))


def _many(known: ChannelFilters) -> str:
    if not known.filters:
        return "none yet; every article of its feeds counts."
    return "an article counts when it passes every filter that is for its feed."


def _line(each: FeedFilter) -> str:
    whose = bold(each.feed, 150) if each.feed else "*every feed*"
    said = prose(each.understood, 600) or f"⚠ not understood any more: {prose(each.text, 300)}"
    return f"{whose}: {said}"


def filter_added(added: FilterAdded, *, command: str = "/tapeout") -> Message:
    """What a new filter answers: how it was understood, and which of the newest articles it would have kept out."""
    where = channel_name(added.channel)
    whose = bold(added.filter.feed, 200) if added.filter.feed else "every feed"
    begin = "has that filter already" if added.existed else "has a new filter"
    lines = [f"{where} {begin} for {whose}: {prose(added.filter.understood, 600)}."]
    if added.of:
        shown = [f"• {prose(title, 150)}" for title in added.kept_out[:KEPT_OUT_SHOWN]]
        out, of = len(added.kept_out), count(added.of, "newest article")
        said = f"It would have kept {out:,} of its {of} out"
        if out == added.of:
            said = f"⚠ {said}: all of them. Is it too narrow?"
        lines += [f"{said}{', such as:' if shown and out < added.of else '' if out == added.of else '.'}", *shown]
    lines.append(f"`{command} filter` shows them all and takes them back.")
    return _said(fit(lines, SECTION_MOST))


def filter_added_view(added: FilterAdded) -> View:
    """The form's answer, in its place."""
    return modal("Add a filter", list(filter_added(added).blocks))


def filter_removed(gone: FeedFilter, channel: Channel, *, command: str = "/tapeout") -> Message:
    """What removing a filter answers, with the way back."""
    whose = "all" if not gone.feed else "FEED"
    back = f"`{command} filter add {whose} {clip(line(gone.text).replace('`', ''), 600)}` brings it back."
    return _said(f"{channel_name(channel)} lost the filter for {bold(gone.feed, 200) or 'every feed'}: "
                 f"{prose(gone.understood or gone.text, 600)}. {back}")  # fmt: skip


def add_filter_modal(known: ChannelFilters, *, feed: str = ALL, text: str = "", problem: str | None = None) -> View:
    """The form for a new filter, with a picker for the feed; `feed`, `text` and `problem` where it comes back."""
    every = option("Every feed of this channel", ALL)
    feeds = [option(line(each.feed.title) or each.feed.url, str(each.id)) for each in known.subscriptions]
    options = [every, *feeds[: OPTIONS_MOST - 1]]
    chosen = next((one for one in options if one["value"] == feed), every)
    select: Block = {"type": "static_select", "action_id": "feed", "options": options, "initial_option": chosen}
    blocks: list[Block] = [
        *([section(f"⚠ {prose(problem, 600)}")] if problem else []),
        {"type": "input", "block_id": "feed", "label": plain("Whose articles?"), "element": select},
        text_input(
            "rule",
            "Which of them count?",
            placeholder='"HBM" AND (Samsung OR Micron) NOT gaming',
            hint="Keywords, a /pattern/, or: about …, author: …, category: …, language: …, substance: …, not …",
            initial=text,
            most=FILTER_MOST,
        ),
        context(EXAMPLES),
    ]
    metadata = {"channel": known.channel.channel_id}
    return modal("Add a filter", blocks, callback_id=ADD_FILTER, submit="Add", close="Cancel", metadata=metadata)


def _said(text: str) -> Message:
    return Message(text=text, blocks=(section(text),))
