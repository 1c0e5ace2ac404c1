"""How a channel's briefs are written: the answer to `/tapeout style`. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.models import Channel
from bot.slack.blocks.lists import channel_name
from bot.slack.blocks.message import Block, Message, actions, button, context, section
from bot.slack.escape import clip, line

STYLES: Mapping[str, str] = {
    "one line": "what happened in a sentence, what is disputed, and the sources",
    "standard": "two sentences, why it matters, up to five figures",
    "deep": "four sentences, why it matters, up to eight figures, and what is not known",
}


def style(channel: Channel, *, is_admin: bool, changed: bool = False, command: str = "/tapeout") -> Message:
    """The style and language of a channel's briefs, with buttons for admins.

    Args:
        channel: as it is now.
        is_admin: show the buttons.
        changed: say that it was changed just now.
        command: as it is called here.
    """
    language = "" if channel.language == "en" else f", in the language `{clip(line(channel.language), 20)}`"
    verb = "From now on, briefs" if changed else "Briefs"
    what = STYLES.get(channel.style, "")
    text = f"{verb} in {channel_name(channel)} are *{clip(line(channel.style), 40)}*{language}: {what}."
    blocks: list[Block] = [section(text)]
    if is_admin:
        where = channel.channel_id
        choices = [
            button(name.capitalize(), f"style_set:{number}", f"{where}:{name}", label=f"{name}: {said}"[:75])
            for number, (name, said) in enumerate(STYLES.items())
            if name != channel.style
        ]
        blocks += [actions(*choices, block_id="style"), context(f"`{command} style language de` chooses a language.")]
    return Message(text=text, blocks=tuple(blocks))
