"""Questions that are watched for: the answer to `/tapeout watch`, and their place on App Home. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models import OpenWatch
from bot.slack.blocks.message import TEXT_MOST, Block, Message, button, context, room, section, when
from bot.slack.escape import bold, clip, fit, line

TEXT_SHOWN = 300


def watching(question: str, *, already: bool) -> Message:
    """What `/tapeout watch QUESTION` answers."""
    begin = "I was already watching for" if already else "I watch for"
    told = f"{begin} {bold(question, 400)} and answer in the question's thread when something is read."
    return Message(text=told, blocks=(section(told),))


def watches(found: Sequence[OpenWatch], *, command: str = "/tapeout") -> Message:
    """The answer to `/tapeout watch`: what is still looked for, each with a button that ends it."""
    if not found:
        told = f"Nothing is watched for here. `{command} watch who supplies the turbines at Harrow Flats?` begins it."
        return Message(text=told, blocks=(section(told),))
    blocks = [section("*I still look for*"), *watch_rows(found, numbered=True)]
    words = [f"{number}. {clip(line(each.text), 200)}" for number, each in enumerate(found, start=1)]
    tail = [context(f"Answered in their threads, once. `{command} watch end 2` ends number 2.")]
    return Message(
        text=fit(["I still look for", *words], TEXT_MOST), blocks=room(blocks, more="There are more.", tail=tail)
    )


def watch_rows(found: Sequence[OpenWatch], *, numbered: bool = False) -> Iterator[Block]:
    """A section for each watch, with a button where the person may end it."""
    for number, each in enumerate(found, start=1):
        begin = f"{number}. " if numbered else "• "
        where = "in direct messages" if each.channel_id.startswith("D") else f"in {_place(each.channel_id)}"
        text = f"{begin}{bold(each.text, TEXT_SHOWN)}\n{where}, until {when(each.until)}"
        end = button("End", "watch_end", str(each.id), label="End this watch") if each.may_end else None
        yield section(text, end)


def _place(channel_id: str) -> str:
    return f"<#{channel_id}>" if channel_id.isalnum() else "a channel"
