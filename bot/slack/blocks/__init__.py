"""What Tapeout shows in Slack, from plain data. Pure: no async, clock, randomness or I/O.

Every builder stays within Slack's limits whatever it is given, and escapes all that it did not write itself.
"""

from bot.slack.blocks.answer import answer, reply
from bot.slack.blocks.audit import admins, audit, dismissed, named, taken_back, with_undo
from bot.slack.blocks.brief import brief
from bot.slack.blocks.digest import brief_modal, digest
from bot.slack.blocks.evidence import answer_sources_modal, sources_modal
from bot.slack.blocks.filters import (
    add_filter_modal,
    filter_added,
    filter_added_view,
    filter_removed,
    filters,
)
from bot.slack.blocks.health import health, why
from bot.slack.blocks.help import COMMANDS, help_for, help_message, short_help, unknown
from bot.slack.blocks.home import OPENS, home
from bot.slack.blocks.importing import (
    exported,
    exported_text,
    import_here,
    import_modal,
    import_where,
    imported,
    imported_view,
    importing,
    importing_view,
)
from bot.slack.blocks.lists import subscriptions
from bot.slack.blocks.message import Block, Message, View, image
from bot.slack.blocks.modals import (
    add_modal,
    added,
    ask_modal,
    busy,
    notice,
    remove_confirm,
    shown,
)
from bot.slack.blocks.notices import (
    added_message,
    asked,
    hello,
    intro,
    paused,
    removed,
    said,
    sentence,
    web_link,
)
from bot.slack.blocks.previews import (
    budget,
    pack_added,
    packs,
    preview,
    preview_view,
    refreshed,
)
from bot.slack.blocks.rhythm import rhythm, rhythm_modal, rhythm_saved
from bot.slack.blocks.style import style
from bot.slack.blocks.topics import (
    add_topic_modal,
    bars,
    topic_added,
    topic_added_view,
    topic_muted,
    topic_removed,
    topic_unmuted,
    topics,
    with_told,
)
from bot.slack.blocks.votes import votes
from bot.slack.blocks.watches import watches, watching

__all__ = [
    "COMMANDS",
    "OPENS",
    "Block",
    "Message",
    "View",
    "add_filter_modal",
    "add_modal",
    "add_topic_modal",
    "added",
    "added_message",
    "admins",
    "answer",
    "answer_sources_modal",
    "ask_modal",
    "asked",
    "audit",
    "bars",
    "brief",
    "brief_modal",
    "budget",
    "busy",
    "digest",
    "dismissed",
    "exported",
    "exported_text",
    "filter_added",
    "filter_added_view",
    "filter_removed",
    "filters",
    "health",
    "hello",
    "help_for",
    "help_message",
    "home",
    "image",
    "import_here",
    "import_modal",
    "import_where",
    "imported",
    "imported_view",
    "importing",
    "importing_view",
    "intro",
    "named",
    "notice",
    "pack_added",
    "packs",
    "paused",
    "preview",
    "preview_view",
    "refreshed",
    "remove_confirm",
    "removed",
    "reply",
    "rhythm",
    "rhythm_modal",
    "rhythm_saved",
    "said",
    "sentence",
    "short_help",
    "shown",
    "sources_modal",
    "style",
    "subscriptions",
    "taken_back",
    "topic_added",
    "topic_added_view",
    "topic_muted",
    "topic_removed",
    "topic_unmuted",
    "topics",
    "unknown",
    "votes",
    "watches",
    "watching",
    "web_link",
    "why",
    "with_told",
    "with_undo",
]
