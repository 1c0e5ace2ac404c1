"""What can be typed: the whole help, one command's, and what was probably meant by a mistype. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.slack.blocks.message import SECTION_MOST, TEXT_MOST, Block, Message, context, section
from bot.slack.blocks.notices import said
from bot.slack.escape import clip, fit, line

COMMANDS = (
    (
        "add",
        "ADDRESS [#channel] [now]",
        "shows what a site's feed would bring, then adds it; `now`: at once; `add pack chips`",
    ),
    ("preview", "ADDRESS", "what a feed would have brought here, and what not and why: `preview example.com`"),
    ("ask", "QUESTION", "ask in this channel; anybody may"),
    ("list", "", "the feeds of this channel, numbered"),
    ("remove", "NUMBER or NAME", "stop following one"),
    ("pause", "[NUMBER or NAME]", "rest one feed, or the whole channel"),
    ("resume", "[NUMBER or NAME]", "go on"),
    ("topics", "[add|remove|mute|unmute|threshold|substance|reset …]", "what this channel hears of, and how sure"),
    (
        "filter",
        "[add FEED RULE|remove NUMBER]",
        "which of a feed's articles count: `filter add 2 about HBM supply`",
    ),
    ("style", "[one line|standard|deep|language de]", "how its briefs are written"),
    (
        "digest",
        "[daily 8:30|weekdays|now|off|posts|quiet|limit|weekend|zone|empty …]",
        "when this channel's news comes",
    ),
    ("health", "", "how its feeds are doing, and what to do"),
    ("why", "ADDRESS", "what became of an article here, and why"),
    ("watch", "[QUESTION|end NUMBER]", "answer in its thread once something is read; alone: what is watched for"),
    ("import", "[ADDRESS]", "take in a list of feeds: a file, pasted, or behind an address"),
    ("export", "", "this channel's feeds (OPML) and settings as files, in our direct messages"),
    ("refresh", "[NUMBER or NAME]", "read the feeds now"),
    ("budget", "", "what the writing costs today, and what readers say"),
    ("admins", "[add|remove @PERSON [#channel]]", "who may change what: `admins add @ana #chips`"),
    ("audit", "", "who changed what, with buttons that take it back"),
    ("feedback", "", "what 👍 and 👎 say of my answers (for admins)"),
    ("web", "[WORDS]", "the archive, the stories and the feeds' health in a browser"),
    ("help", "[COMMAND]", "this, or examples of one: `help topics`"),
)


EXAMPLES: Mapping[str, Sequence[str]] = {
    "add": ("add servethehome.com", "add https://example.com/feed.xml #chips", "add pack chips", "add example.com now"),
    "preview": ("preview example.com",),
    "ask": ("ask who is building gigawatt data centres?",),
    "remove": ("remove 2", "remove Data Center Dynamics"),
    "pause": ("pause", "pause 2"),
    "resume": ("resume", "resume 2"),
    "topics": (
        "topics", "topics add inference latency on custom chips", 'topics add "HBM" AND (Samsung OR Micron)',
        "topics remove 3", "topics mute 3 14", "topics unmute 3", "topics threshold 0.4", "topics substance 0.3",
        "topics reset",
    ),
    "filter": (
        "filter", "filter add 2 about inference cost", "filter add all not gaming", r"filter add 2 /gpt-?\d/",
        "filter add 2 title: /outage/", "filter add 2 author: Jane Doe", "filter add 2 category: hardware",
        "filter add all language: en, de", "filter add 2 substance: 0.3", "filter remove 3",
    ),
    "style": ("style", "style one line", "style deep", "style language de"),
    "digest": (
        "digest", "digest weekdays 8:30 Europe/Berlin", "digest daily 9:00 17:00 plus posts", "digest quiet 22-7",
        "digest weekend rest", "digest limit 3/h", "digest now", "digest empty on", "digest zone Asia/Tokyo",
        "digest off",
    ),
    "why": ("why https://example.com/article",),
    "watch": ("watch who supplies the turbines at Harrow Flats?", "watch", "watch end 2"),
    "import": ("import", "import example.com/feeds.opml"),
    "refresh": ("refresh", "refresh 2"),
    "admins": ("admins", "admins add @ana", "admins add @ana #chips", "admins remove @ana"),
    "web": ("web", "web liquid cooling"),
    "help": ("help", "help topics"),
}  # fmt: skip
"""What one may type, by verb; the others are typed as they are."""


def usage(verb: str, command: str) -> str:
    """A command's line of the help."""
    arguments, what = next((arguments, what) for each, arguments, what in COMMANDS if each == verb)
    return f"`{' '.join(part for part in (command, verb, arguments) if part)}` — {what}"


def help_for(verb: str, *, command: str = "/tapeout") -> Message:
    """One command's help, with all that may follow it as examples."""
    lines = [f"• `{command} {example}`" for example in EXAMPLES.get(verb, (verb,))]
    text = fit([usage(verb, command), *lines], SECTION_MOST)
    return Message(text=text, blocks=(section(text), context(f"`{command} help` lists the others.")))


def unknown(typed: str, rest: str, near: Sequence[str], *, command: str = "/tapeout") -> Message:
    """What a word that is no command is answered with.

    Args:
        typed: the word.
        rest: what followed it: the likeliest command is shown whole, to be copied.
        near: the commands that may have been meant, the likeliest first.
        command: as it is called here.
    """
    word = clip(line(typed).replace("`", ""), 60)
    if not near:
        return said(f"I don't know `{word}`. `{command} help` lists what I can do; `{command} ask …` asks a question.")
    after = clip(line(rest).replace("`", ""), 200)
    meant = [f"`{command} {verb}`" for verb in near]
    meant[0] = f"`{' '.join(part for part in (command, near[0], after) if part)}`"
    return said(f"I don't know `{word}`. Did you mean {' or '.join(meant)}?")


def help_message(*, command: str = "/tapeout", bot_id: str | None = None) -> Message:
    """How to use the bot, all of it."""
    me = f"<@{bot_id}>" if bot_id and bot_id.isalnum() else "me"
    asking = (
        "*Ask* by replying in a story's thread, by mentioning "
        f"{me} in a channel, or here in a direct message. Answers come only from articles that I have read, "
        "with numbered sources; when it is not in them, I say so."
    )
    usages = [usage(verb, command) for verb, _, _ in COMMANDS]
    blocks: list[Block] = [
        section("*Tapeout* reads AI-infrastructure news and tells each event once, every sentence backed by a quote."),
        section(asking),
        section(fit(["*Commands* (feeds are changed by workspace admins and those they name)", *usages], SECTION_MOST)),
        context("✓ confirmed by several publishers · ○ a single source · ⚠ disputed, with who says what"),
    ]
    words = [str(block["text"]["text"]) for block in blocks if "text" in block]
    return Message(text=fit(words, TEXT_MOST), blocks=tuple(blocks))


def short_help(*, command: str = "/tapeout") -> Message:
    """For a mention with nothing in it."""
    return said(
        "Ask me something about AI infrastructure, for example _who is building gigawatt data centres?_ "
        f"Replies in a story's thread are answered too. `{command} help` lists the rest."
    )
