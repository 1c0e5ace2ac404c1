"""Checks for Slack's composition objects: text, option, confirmation and the like.

Limits: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from collections.abc import Iterator

from bot.workspace.blocks.schema import (
    Check,
    Problem,
    anything,
    array,
    boolean,
    both,
    by_type,
    needs_any,
    number,
    one_of,
    only_one,
    record,
    string,
)

ID = string(255, least=1)
"""A block_id, action_id, callback_id or external_id."""

URL = string(3000, least=1)
LINK = string(3000, least=1, pattern=r"(?s)[A-Za-z][A-Za-z0-9+.-]*:.+")


def _kind(*, mrkdwn: bool, most: int, least: int) -> dict[str, Check]:
    content = {"type": anything, "text": string(most, least=least)}
    table = {"plain_text": record(content, {"emoji": boolean})}
    if mrkdwn:
        table["mrkdwn"] = record(content, {"verbatim": boolean})
    return table


def text(most: int, *, least: int = 1) -> Check:
    """A `plain_text` or `mrkdwn` object of at most `most` characters."""
    return _matched(by_type(_kind(mrkdwn=True, most=most, least=least)))


def plain(most: int, *, least: int = 1) -> Check:
    """A `plain_text` object of at most `most` characters."""
    return _matched(by_type(_kind(mrkdwn=False, most=most, least=least)))


def _matched(inner: Check) -> Check:
    """Adds the line that Slack puts before the fault of a text object."""

    def check(value: object, at: str) -> Iterator[Problem]:
        problems = list(inner(value, at))
        if problems:
            yield Problem(at, "failed to match all allowed schemas")
        yield from problems

    return check


OPTION = record(
    {"text": text(75), "value": string(150, least=1)},
    {"description": text(75), "url": URL},
)
OPTION_GROUP = record({"label": plain(75), "options": array(OPTION, 100)})

CONFIRM = record(
    {"title": plain(100), "text": text(300)},
    {"confirm": plain(30), "deny": plain(30), "style": one_of("primary", "danger")},
)

DISPATCH = record(
    {},
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)},
)

CONVERSATION_FILTER = both(
    record(
        {},
        {
            "include": array(one_of("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
    needs_any("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

SLACK_FILE = both(record({}, {"id": string(255), "url": URL}), needs_any("id", "url"), only_one("id", "url"))

FEEDBACK_BUTTON = record({"text": plain(75), "value": string(2000, least=1)}, {"accessibility_label": string(75)})

URL_SOURCE = record({"type": one_of("url"), "url": URL, "text": string(3000)})

DATE = string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
MOMENT = number(0, 9_999_999_999)
