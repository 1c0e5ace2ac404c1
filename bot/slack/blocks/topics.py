"""A channel's topics: the list with its buttons, what each change answers, the form for a new one. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.choices import Bars, ChannelChoices, TopicAdded, TopicChoice
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
    room,
    section,
    text_input,
    when,
)
from bot.slack.escape import bold, clip, fit, line, prose

ADD_TOPIC = "add_topic"
TOPIC_MOST = 500
HITS_SHOWN = 3
EXAMPLE = '"HBM" AND (Samsung OR "SK hynix") NOT gaming'
"""The example of a filter that help, form and errors share."""


def topics(choices: ChannelChoices, *, is_admin: bool, command: str = "/tapeout") -> Message:
    """The answer to `/tapeout topics`: what the channel follows, its bars and what its votes have taught."""
    channel_id = choices.channel.channel_id
    intro = [f"*Topics of {channel_name(choices.channel)}*", *_bars(choices)]
    blocks: list[Block] = [section(fit(intro, SECTION_MOST))]
    taught = _taught(choices)
    reset = _reset(channel_id) if is_admin and (choices.up or choices.down) else None
    blocks.append(section(taught, reset))
    for number, choice in enumerate(choices.topics, start=1):
        menu = _menu(choice, channel_id, choices) if is_admin else None
        blocks.append(section(f"{number}. {_topic_line(choice, choices)}", menu) | {"block_id": f"topic:{number}"})
    tail: list[Block] = []
    if is_admin:
        tail.append(actions(button("Add a topic", "topic_add", channel_id, style="primary"), block_id="topic_add"))
        tail.append(context(f"By typing: `{command} topics add …`, `remove 3`, `mute 3 14`, `threshold 0.4`, `reset`."))
    words = [f"{number}. {_topic_words(choice, choices)}" for number, choice in enumerate(choices.topics, start=1)]
    text = fit([f"Topics of #{clip(line(choices.channel.name), 80)}", *words], TEXT_MOST)
    more = "There are more than fit here; their numbers go on."
    return Message(text=text, blocks=room(blocks, more=more, tail=tail))


def _bars(choices: ChannelChoices) -> Iterator[str]:
    channel, recent = choices.channel, choices.recent
    of = len(recent.judged)
    passed = recent.passing(channel.threshold, channel.least_substance)
    told = f": {passed:,} of the last {count(of, 'story', 'stories')} did" if of else ""
    yield f"A story is posted when its relevance reaches *{channel.threshold:.2f}*{told}."
    if channel.least_substance:
        yield f"It must also reach a substance of *{channel.least_substance:.2f}*: so much of it can be checked."


def _taught(choices: ChannelChoices) -> str:
    if not (choices.up or choices.down):
        return "No 👍 or 👎 yet: they teach me what is wanted here, slowly."
    return (
        f"{choices.up:,} 👍 and {choices.down:,} 👎 so far: they make up {choices.weight:.0%} of a story's relevance "
        "here, the topics the rest."
    )


def _reset(channel_id: str) -> Block:
    element = button("Reset", "topics_reset", channel_id, label="Forget what votes have taught")
    text = "Votes given so far will not count any more. The topics stay."
    return element | {
        "confirm": {
            "title": {"type": "plain_text", "text": "Forget the votes?"},
            "text": {"type": "plain_text", "text": text},
            "confirm": {"type": "plain_text", "text": "Forget"},
            "deny": {"type": "plain_text", "text": "Keep"},
        }
    }


def _topic_line(choice: TopicChoice, choices: ChannelChoices) -> str:
    name = bold(choice.name, 200) if choice.is_followed else prose(choice.name, 200)
    return " · ".join([name, *_standing(choice, choices)])


def _topic_words(choice: TopicChoice, choices: ChannelChoices) -> str:
    return ", ".join([prose(choice.name, 200), *_standing(choice, choices)])


def _standing(choice: TopicChoice, choices: ChannelChoices) -> Iterator[str]:
    if choice.text is not None:
        yield "this channel's own"
    if not choice.is_followed:
        yield "not followed"
    elif choice.muted_until is not None and choice.is_muted(choices.as_of):
        yield f"muted until {when(choice.muted_until)}"


def _menu(choice: TopicChoice, channel_id: str, choices: ChannelChoices) -> Block:
    def entry(label: str, verb: str) -> Block:
        return option(label, f"{verb}:{channel_id}:{choice.name}")

    if not choice.is_followed:
        options = [entry("Follow again", "add")]
    else:
        muted = choice.is_muted(choices.as_of)
        options = [entry("Unmute", "unmute") if muted else entry("Mute for a week", "mute")]
        options.append(entry("Stop following" if choice.text is None else "Remove", "remove"))
    return {"type": "overflow", "action_id": "topic_menu", "options": options}


def topic_added(added: TopicAdded, channel: str, *, command: str = "/tapeout") -> Message:
    """What adding a topic answers: how it was understood, and what it would have let through.

    Args:
        added: the topic.
        channel: the channel's id.
        command: as it is called here.
    """
    name, where = bold(added.choice.name, 200), f"<#{channel}>"
    if added.existed:
        return _said(f"{where} follows {name} already.")
    if added.choice.text is None:
        return _said(f"{where} follows {name} again.")
    lines = [f"{where} follows {name} now.", _understood(added)]
    if added.of:
        hits = [f"• {prose(title, 150)}" for title in added.hits[:HITS_SHOWN]]
        many = (
            f"{len(added.hits):,} of the last {count(added.of, 'story', 'stories')} here would have passed for it alone"
        )
        lines += [f"{many}, such as:" if hits else f"{many}. Is it too narrow?", *hits]
    lines.append(f"`{command} topics remove {prose(added.choice.name, 80).replace('`', '')}` takes it back.")
    return _said(fit(lines, SECTION_MOST))


def _understood(added: TopicAdded) -> str:
    if added.understood is None and added.without:
        left_out = " or ".join(prose(phrase, 80) for phrase in added.without[:HITS_SHOWN])
        return f"It is a sentence: stories near it in meaning or words count, but none that open with {left_out}."
    if added.understood is None:
        return "It is a sentence, so stories near it in meaning or words count. Quotes or `AND`, `OR` make it keywords."
    told = f"It is a filter of keywords: {prose(added.understood, 600)}"
    words = (added.choice.text or "").split()
    if len(words) == 2 and added.understood == " AND ".join(words):  # noqa: PLR2004  # "Together AI"
        told += f'. Is that one name? Then put it in quotes: `"{line(" ".join(words)).replace("`", "")}"`'
    return told


def topic_removed(choice: TopicChoice, channel: str, *, command: str = "/tapeout") -> Message:
    """What removing a topic answers, with the way back."""
    back = f"`{command} topics add {clip(line(choice.text or choice.name).replace('`', ''), 600)}` brings it back."
    return _said(f"<#{channel}> does not follow {bold(choice.name, 200)} any more. {back}")


def topic_muted(choice: TopicChoice, channel: str) -> Message:
    """A topic was muted, with a button that undoes it."""
    assert choice.muted_until is not None, "a muted topic has an end"
    text = (
        f"Muted {bold(choice.name, 200)} in <#{channel}> until {when(choice.muted_until)}: "
        "until then, no story whose main topic it is gets posted."
    )
    undo = actions(button("Undo", "topic_unmute", f"{channel}:{choice.name}", label="Unmute this topic"))
    return Message(
        text=f"Muted {prose(choice.name, 200)} until {choice.muted_until:%d %B %Y}.", blocks=(section(text), undo)
    )


def topic_unmuted(choice: TopicChoice, channel: str) -> Message:
    """A topic is posted again."""
    return _said(f"{bold(choice.name, 200)} is posted in <#{channel}> again.")


def bars(changed: Bars) -> Message:
    """What a new threshold or substance answers, in stories instead of numbers."""
    channel = changed.channel
    lines = [
        f"In {channel_name(channel)} a story is posted from a relevance of *{channel.threshold:.2f}*"
        + (f" and a substance of *{channel.least_substance:.2f}*." if channel.least_substance else "."),
    ]
    if changed.of:
        last = count(changed.of, "story", "stories")
        lines.append(f"{changed.passed:,} of the last {last} here would have passed; before, {changed.before:,} did.")
        if not changed.passed:
            lines.append("⚠ None would have: that is probably too much.")
    else:
        lines.append("No story has come up here yet, so I can't say what that lets through.")
    return _said(" ".join(lines))


def with_told(message: Message, told: int) -> Message:
    """An answer to a change with how many stories are told because of it, where there are any."""
    if not told:
        return message
    many = f"{count(told, 'story', 'stories')} of the last day {'passes' if told == 1 else 'pass'} now"
    line_ = f"{many} and {'is' if told == 1 else 'are'} told when this channel's news comes."
    return Message(text=f"{message.text} {line_}", blocks=(*message.blocks, context(line_)))


def add_topic_modal(*, channel_id: str, text: str = "", problem: str | None = None, command: str = "/tapeout") -> View:
    """The form for a topic of the channel's own; `text` and `problem` where it comes back."""
    field = text_input(
        "topic",
        "What should be posted?",
        placeholder="inference latency on custom chips",
        hint=f"A sentence, or keywords: {EXAMPLE}",
        initial=text,
        multiline=True,
        most=TOPIC_MOST,
    )
    blocks = [
        *([section(f"⚠ {prose(problem, 600)}")] if problem else []),
        field,
        context(
            "Keywords match whole words; `accelerat*` matches beginnings, quotes match words in a row. "
            f"`{command} topics` shows them all."
        ),
    ]
    metadata = {"channel": channel_id}
    return modal("Add a topic", blocks, callback_id=ADD_TOPIC, submit="Add", close="Cancel", metadata=metadata)


def topic_added_view(added: TopicAdded, channel: str, told: int = 0) -> View:
    """The form's answer, in its place; `told` as in `with_told`."""
    return modal("Add a topic", list(with_told(topic_added(added, channel), told).blocks))


def _said(text: str) -> Message:
    return Message(text=text, blocks=(section(text),))
