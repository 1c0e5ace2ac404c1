"""Checks for each kind of block, and which surface takes it.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterator, Mapping

from bot.workspace.blocks.elements import IMAGE, IN_ACTIONS, IN_CARD, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION, OVERFLOW
from bot.workspace.blocks.objects import SLACK_FILE, URL, URL_SOURCE, plain, text
from bot.workspace.blocks.richtext import RICH_TEXT
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

MARKDOWN_MOST = 12_000
_TYPE: Mapping[str, Check] = {"type": anything}
_BLOCK: Mapping[str, Check] = {"block_id": string(255)}


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return record({**_TYPE, **required}, {**_BLOCK, **(optional or {})})


def _unless(condition: str, forbidden: str) -> Check:
    """A field that may not be set together with a condition that holds."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and value.get(condition) is True and value.get(forbidden) is True:
            yield Problem(at, f"{forbidden} cannot be set when {condition} is true")

    return check


SECTION = both(
    _block(
        {},
        {
            "text": text(3000),
            "fields": array(text(2000), 10),
            "accessory": by_type(IN_SECTION),
            "expand": boolean,
        },
    ),
    needs_any("text", "fields"),
)
HEADER = _block({"text": plain(150)}, {"level": number(1, 4)})
DIVIDER = _block({})
IMAGE_BLOCK = both(
    _block(
        {"alt_text": string(2000, least=1)},
        {
            "image_url": URL,
            "slack_file": SLACK_FILE,
            "title": plain(2000),
            "image_width": number(),
            "image_height": number(),
            "is_animated": boolean,
        },
    ),
    needs_any("image_url", "slack_file"),
    only_one("image_url", "slack_file"),
)
ACTIONS = _block({"elements": array(by_type(IN_ACTIONS), 25)})
_CONTEXT_TEXT = text(3000)


def _context_element(value: object, at: str) -> Iterator[Problem]:
    is_image = isinstance(value, dict) and value.get("type") == "image"
    yield from (IMAGE if is_image else _CONTEXT_TEXT)(value, at)


CONTEXT = _block({"elements": array(_context_element, 10)})
CONTEXT_ACTIONS = _block({"elements": array(by_type(IN_CONTEXT_ACTIONS), 5)})
INPUT = _block(
    {"label": plain(2000), "element": by_type(IN_INPUT)},
    {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
)
MARKDOWN = _block({"text": string(MARKDOWN_MOST, least=1)})
FILE = _block({"external_id": string(255, least=1), "source": one_of("remote")})
CALL = _block({"call_id": string(255, least=1)}, {"api_decoration_available": boolean, "call": anything})
VIDEO = _block(
    {"alt_text": string(2000, least=1), "video_url": URL, "thumbnail_url": URL, "title": plain(199)},
    {
        "title_url": URL,
        "description": plain(199),
        "provider_icon_url": URL,
        "provider_name": string(49),
        "author_name": string(49),
    },
)
_CELL = by_type(
    {
        "raw_text": record({**_TYPE, "text": string()}),
        "raw_number": record({**_TYPE, "value": number()}, {"text": string()}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _column(value: object, at: str) -> Iterator[Problem]:
    """A column's settings; null leaves the column as it is."""
    if value is not None:
        yield from _COLUMN(value, at)


TABLE = _block({"rows": array(array(_CELL, 20), 100)}, {"column_settings": array(_column, 20, least=0)})
TASK_CARD = _block(
    {
        "task_id": string(255, least=1),
        "title": string(least=1),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": array(URL_SOURCE, least=0)},
)
PLAN = _block(
    {"title": string(least=1)},
    {"tasks": array(by_type({"task_card": TASK_CARD}), 50, least=0)},
)
ALERT = _block({"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")})
CARD = both(
    _block(
        {},
        {
            "hero_image": IMAGE,
            "icon": IMAGE,
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "subtext": text(200),
            "actions": array(by_type(IN_CARD), 3),
        },
    ),
    needs_any("hero_image", "title", "actions", "body"),
)
CAROUSEL = _block({"elements": array(by_type({"card": CARD}), 10)})

_INSIDE: Mapping[str, Check] = {
    "section": SECTION,
    "header": HEADER,
    "divider": DIVIDER,
    "image": IMAGE_BLOCK,
    "actions": ACTIONS,
    "context": CONTEXT,
    "context_actions": CONTEXT_ACTIONS,
    "rich_text": RICH_TEXT,
    "markdown": MARKDOWN,
    "table": TABLE,
    "card": CARD,
    "carousel": CAROUSEL,
    "video": VIDEO,
    "task_card": TASK_CARD,
    "plan": PLAN,
    "input": INPUT,
}
CONTAINER = both(
    _block(
        {"child_blocks": array(by_type(_INSIDE), 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
    needs_any("title", "rich_text_title"),
    _unless("is_collapsible", "has_header_divider"),
)
_AUTH_OPTIONAL: Mapping[str, Check] = {
    "description": plain(150),
    "icon_url": URL,
    "auth_url": URL,
    "disconnect_url": URL,
    "connected_identity": plain(75),
    "connected_context": plain(75),
    "accessory": by_type({"overflow": OVERFLOW}),
    "fallback": array(by_type(_INSIDE), least=0),
}
AUTH_PROVIDER = _block(
    {"value": string(150, least=1), "name": plain(75), "is_connected": boolean},
    _AUTH_OPTIONAL,
)

_EVERYWHERE: Mapping[str, Check] = {
    "section": SECTION,
    "header": HEADER,
    "divider": DIVIDER,
    "image": IMAGE_BLOCK,
    "actions": ACTIONS,
    "context": CONTEXT,
    "input": INPUT,
    "rich_text": RICH_TEXT,
    "video": VIDEO,
    "card": CARD,
    "carousel": CAROUSEL,
    "container": CONTAINER,
    "auth_provider": AUTH_PROVIDER,
}
SURFACES: Mapping[str, Mapping[str, Check]] = {
    "message": {
        **_EVERYWHERE,
        "call": CALL,
        "context_actions": CONTEXT_ACTIONS,
        "file": FILE,
        "markdown": MARKDOWN,
        "plan": PLAN,
        "table": TABLE,
        "task_card": TASK_CARD,
    },
    "modal": {**_EVERYWHERE, "alert": ALERT},
    "home": _EVERYWHERE,
}
"""The kinds of block that each surface takes. Slack answers any other with `unsupported type`."""
