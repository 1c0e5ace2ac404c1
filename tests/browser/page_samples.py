"""What the fake server shows: one message for every block type, and a workspace around them."""

from __future__ import annotations

import time
from typing import Any

PIXEL = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='96' height='96'%3E%3Crect width='96' height='96' fill='%23b86a3d'/%3E%3Cpath d='M20 70 40 44l14 16 12-14 16 24z' fill='%23fff8f0'/%3E%3C/svg%3E"  # noqa: E501 - an address has no line breaks

ME = "U0ANA"
BOT = "U0BOT"
APP = "A0TAPEOUT"
NEWS = "C0NEWS"
DM = "D0ANA"


def ts_at(minutes_ago: float, serial: int = 100) -> str:
    """A Slack timestamp so many minutes before now."""
    return f"{int(time.time() - minutes_ago * 60)}.{serial:06d}"


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(label: str, value: str) -> dict[str, Any]:
    """An option of a select."""
    return {"text": plain(label), "value": value}


def rich(*runs: dict[str, Any]) -> dict[str, Any]:
    """A rich_text block of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def button(label: str, action_id: str, **more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": label, **more}


BRIEF: list[dict[str, Any]] = [
    {"type": "header", "block_id": "head", "text": plain("Norrland Grid signs 1.2 GW for two AI campuses near Luleå")},
    {
        "type": "section",
        "block_id": "what",
        "text": mrkdwn(
            "*What happened* Norrland Grid will supply *1.2 GW* of firm power to two campuses from 2028, the company "
            "said on Sunday. <https://example.com/norrland|Read the announcement>\n"
            "*Why it matters* It is the largest single connection in the region, and it moves the queue for others.",
        ),
        "accessory": {"type": "image", "image_url": PIXEL, "alt_text": "Transmission lines in snow"},
    },
    {
        "type": "section",
        "block_id": "facts",
        "fields": [
            mrkdwn("*Capacity*\n1.2 GW · _confirmed by 3_"),
            mrkdwn("*Value*\n€4.1 billion · _single source_"),
            mrkdwn("*Chips*\n220,000 accelerators · _disputed_"),
            mrkdwn("*First power*\nQ2 2028"),
        ],
    },
    {
        "type": "context",
        "block_id": "by",
        "elements": [
            {"type": "image", "image_url": PIXEL, "alt_text": "Grid Monitor"},
            mrkdwn("Reported by *Grid Monitor*, *Nordic Power*, *The Register of Racks* · 3 independent publishers"),
        ],
    },
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            button("Open the story", "open", url="https://example.com/norrland", style="primary"),
            button("Ask about this", "ask_about"),
            button(
                "Mute the source",
                "mute",
                style="danger",
                confirm={
                    "title": plain("Mute Grid Monitor?"),
                    "text": mrkdwn("Nothing from *Grid Monitor* will be posted here."),
                    "confirm": plain("Mute"),
                    "deny": plain("Keep"),
                },
            ),
            {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Save for the digest", "save"), option("Not relevant here", "off")],
            },
        ],
    },
    {
        "type": "context_actions",
        "block_id": "judge",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Useful"), "value": "up", "accessibility_label": "This was useful"},
                "negative_button": {"text": plain("Not useful"), "value": "down"},
            },
            {"type": "icon_button", "action_id": "drop", "icon": "trash", "text": plain("Remove")},
        ],
    },
]

CARD: dict[str, Any] = {
    "type": "card",
    "block_id": "card",
    "hero_image": {"type": "image", "image_url": PIXEL, "alt_text": "A data hall"},
    "icon": {"type": "image", "image_url": PIXEL, "alt_text": "Foundry Weekly"},
    "title": mrkdwn("*N2 capacity* is sold out through 2028"),
    "subtitle": mrkdwn("Foundry Weekly · 2 h ago"),
    "body": mrkdwn("Three customers hold most of it; advanced packaging is the next limit."),
    "actions": [button("Open", "card_open")],
}

RICH: dict[str, Any] = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Bold ", "style": {"bold": True}},
                {"type": "text", "text": "and code", "style": {"code": True}},
                {"type": "text", "text": " by "},
                {"type": "user", "user_id": ME},
                {"type": "text", "text": " in "},
                {"type": "channel", "channel_id": NEWS},
                {"type": "text", "text": " "},
                {"type": "emoji", "name": "zap"},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://example.com/a", "text": "a link"},
                {"type": "text", "text": " "},
                {"type": "date", "timestamp": 1795305600, "format": "{date_short} at {time}", "fallback": "then"},
                {"type": "text", "text": " "},
                {"type": "broadcast", "range": "here"},
                {"type": "text", "text": " "},
                {"type": "color", "value": "#b4532a"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "First"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Second"}]},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "A quotation"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "racks = 42\npower = 1.2  # GW"}]},
    ],
}

MARKDOWN = """## What the sources agree on
1. **1.2 GW** of firm power, from 2028 [1]
2. Two campuses, *one* operator
   - Luleå, 700 MW
   - Boden, 500 MW

> “The connection was approved in September.”

| Source | Capacity | Date |
| :--- | ---: | :---: |
| Grid Monitor | 1.2 GW | 2028 |
| Nordic Power | 1.15 GW | 2027 |

```python
print("1.2 GW")
```
See [the filing](https://example.com/filing) or `docket 42`. - [x] is not a list here.
"""

GALLERY: list[dict[str, Any]] = [
    {"type": "markdown", "block_id": "md", "text": MARKDOWN},
    {"type": "divider", "block_id": "div"},
    RICH,
    {
        "type": "table",
        "block_id": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
        "rows": [
            [{"type": "raw_text", "text": "Site"}, {"type": "raw_text", "text": "MW"}, {"type": "raw_text", "text": "State"}],
            [{"type": "raw_text", "text": "Luleå"}, {"type": "raw_number", "value": 700, "text": "700"}, rich({"type": "emoji", "name": "white_check_mark"})],
            [{"type": "raw_text", "text": "Boden"}, {"type": "raw_number", "value": 500, "text": "500"}, rich({"type": "text", "text": "planned"})],
        ],
    },
    CARD,
    {"type": "carousel", "block_id": "cards", "elements": [{**CARD, "block_id": f"c{n}"} for n in range(4)]},
    {
        "type": "container",
        "block_id": "box",
        "title": plain("How this brief was written"),
        "subtitle": mrkdwn("3 articles, 9 quotes"),
        "is_collapsible": True,
        "child_blocks": [{"type": "section", "block_id": "inner", "text": mrkdwn("Every sentence has a quote.")}],
    },
    {
        "type": "plan",
        "block_id": "plan",
        "title": "Finding an answer",
        "tasks": [
            {"type": "task_card", "task_id": "1", "title": "Read 14 articles", "status": "complete"},
            {
                "type": "task_card",
                "task_id": "2",
                "title": "Check the quotes",
                "status": "in_progress",
                "details": rich({"type": "text", "text": "8 of 9 found word for word"}),
                "sources": [{"type": "url", "url": "https://example.com/1", "text": "Grid Monitor"}],
            },
            {"type": "task_card", "task_id": "3", "title": "Write the answer", "status": "pending"},
        ],
    },
    {"type": "task_card", "block_id": "task", "task_id": "4", "title": "Read the filing", "status": "error"},
    {"type": "alert", "block_id": "alert", "level": "warning", "text": mrkdwn("*Foundry Weekly* has not answered since 09:40.")},
    {"type": "image", "block_id": "img", "image_url": PIXEL, "alt_text": "A chart of capacity", "title": plain("Capacity")},
    {
        "type": "video",
        "block_id": "video",
        "title": plain("Inside the hall"),
        "title_url": "https://example.com/v",
        "video_url": "https://example.com/v.mp4",
        "thumbnail_url": PIXEL,
        "alt_text": "Hall",
        "provider_name": "Example TV",
    },
    {"type": "file", "block_id": "file", "external_id": "F1", "source": "remote"},
    {"type": "call", "block_id": "call", "call_id": "R1", "call": {"v1": {"name": "Desk meeting", "join_url": "https://example.com/j"}}},
    {
        "type": "auth_provider",
        "block_id": "auth",
        "value": "grid",
        "name": plain("Grid Monitor"),
        "is_connected": False,
        "description": plain("Read full texts"),
        "auth_url": "https://example.com/auth",
    },
    {"type": "hologram", "block_id": "odd"},
]

HOSTILE = (
    "<script>window.hurt = 1</script> &lt;img src=x onerror=\"window.hurt = 1\"&gt; <javascript:alert(1)|click me> "
    "<https://example.com/?q=%22%3E<b>|safe> *<img src=x onerror=window.hurt=1>*"
)

HOSTILE_BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "block_id": "h1", "text": mrkdwn(HOSTILE)},
    {
        "type": "markdown",
        "block_id": "h2",
        "text": "# <script>window.hurt=1</script>\n[x](javascript:window.hurt=1) ![y](javascript:window.hurt=1) "
        "<img src=x onerror=window.hurt=1> [data](data:text/html,<script>window.hurt=1</script>)",
    },
    rich({"type": "link", "url": "javascript:window.hurt=1", "text": "rich"}, {"type": "text", "text": "<b>not bold</b>"}),
    {"type": "image", "block_id": "h3", "image_url": "javascript:window.hurt=1", "alt_text": "<i>alt</i>"},
    {"type": "actions", "block_id": "h4", "elements": [button("<u>press</u>", "p", url="javascript:window.hurt=1")]},
]

SELECT_OPTIONS = [option("Every story", "all"), option("Important only", "top"), option("Daily digest", "digest")]

MODAL: dict[str, Any] = {
    "id": "V0ADD",
    "type": "modal",
    "hash": "1",
    "callback_id": "add_feed",
    "title": plain("Follow a feed"),
    "submit": plain("Follow"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "section", "block_id": "lead", "text": mrkdwn("Paste a site's address. *Tapeout* looks for its feed.")},
        {
            "type": "input",
            "block_id": "url",
            "label": plain("Address"),
            "hint": plain("A site or a feed; both work."),
            "element": {"type": "url_text_input", "action_id": "value", "placeholder": plain("https://…")},
        },
        {
            "type": "input",
            "block_id": "how",
            "label": plain("What to post"),
            "element": {"type": "static_select", "action_id": "value", "options": SELECT_OPTIONS, "initial_option": SELECT_OPTIONS[0]},
        },
        {
            "type": "input",
            "block_id": "where",
            "label": plain("Channel"),
            "element": {"type": "conversations_select", "action_id": "value", "initial_conversation": NEWS},
        },
        {
            "type": "input",
            "block_id": "words",
            "optional": True,
            "label": plain("Only stories that mention"),
            "element": {"type": "plain_text_input", "action_id": "value", "multiline": True},
        },
    ],
}


def every_input() -> dict[str, Any]:
    """A modal with one input of each kind."""
    elements: list[dict[str, Any]] = [
        {"type": "plain_text_input"},
        {"type": "plain_text_input", "multiline": True},
        {"type": "email_text_input"},
        {"type": "url_text_input"},
        {"type": "number_input", "is_decimal_allowed": False, "initial_value": "5"},
        {"type": "rich_text_input"},
        {"type": "datepicker", "initial_date": "2026-11-22"},
        {"type": "timepicker", "initial_time": "08:30"},
        {"type": "datetimepicker", "initial_date_time": 1795305600},
        {"type": "checkboxes", "options": SELECT_OPTIONS, "initial_options": SELECT_OPTIONS[:1]},
        {"type": "radio_buttons", "options": SELECT_OPTIONS},
        {"type": "static_select", "option_groups": [{"label": plain("Pace"), "options": SELECT_OPTIONS}]},
        {"type": "multi_static_select", "options": SELECT_OPTIONS, "initial_options": SELECT_OPTIONS[:2]},
        {"type": "external_select", "min_query_length": 0},
        {"type": "multi_external_select", "min_query_length": 0},
        {"type": "users_select", "initial_user": ME},
        {"type": "multi_users_select"},
        {"type": "conversations_select"},
        {"type": "multi_conversations_select", "initial_conversations": [NEWS]},
        {"type": "channels_select", "initial_channel": NEWS},
        {"type": "multi_channels_select"},
        {"type": "file_input"},
    ]
    blocks = [
        {
            "type": "input",
            "block_id": f"in{at}",
            "optional": True,
            "label": plain(f"{element['type']} {at}"),
            "element": {"action_id": "value", **element},
        }
        for at, element in enumerate(elements)
    ]
    return {"id": "V0ALL", "type": "modal", "title": plain("Every input"), "submit": plain("Save"), "blocks": blocks}


HOME: dict[str, Any] = {
    "id": "V0HOME",
    "type": "home",
    "blocks": [
        {"type": "header", "block_id": "h", "text": plain("Your news desk")},
        {"type": "section", "block_id": "s", "text": mrkdwn("*12 feeds* in *3 channels* · 41 stories this week · every sentence has a quote")},
        {
            "type": "actions",
            "block_id": "a",
            "elements": [button("Follow a feed", "open_modal", style="primary"), button("Import OPML", "import"), button("Digest times", "digest")],
        },
        {"type": "divider", "block_id": "d"},
        {"type": "header", "block_id": "h2", "text": plain("Feeds")},
        {
            "type": "section",
            "block_id": "f1",
            "text": mrkdwn(":large_green_circle: *Grid Monitor*\n<#C0NEWS> · 6 stories this week · checked 4 min ago"),
            "accessory": {"type": "overflow", "action_id": "feed", "options": [option("Pause", "pause"), option("Remove", "remove")]},
        },
        {
            "type": "section",
            "block_id": "f2",
            "text": mrkdwn(":large_yellow_circle: *Foundry Weekly*\n<#C0NEWS> · has not answered since 09:40; next try at 14:10"),
            "accessory": {"type": "overflow", "action_id": "feed", "options": [option("Pause", "pause"), option("Remove", "remove")]},
        },
        {
            "type": "section",
            "block_id": "pace",
            "text": mrkdwn("*What to post in <#C0NEWS>*"),
            "accessory": {"type": "static_select", "action_id": "pace", "options": SELECT_OPTIONS, "initial_option": SELECT_OPTIONS[1]},
        },
        {"type": "context", "block_id": "c", "elements": [mrkdwn("Written by the extractive writer; no key is set.")]},
    ],
}


def state() -> dict[str, Any]:
    """The whole state for `ME`."""
    people = [
        {"id": ME, "name": "ana", "real_name": "Ana Ruiz", "is_bot": False, "is_admin": True, "color": "4b7f52"},
        {"id": "U0KOFI", "name": "kofi", "real_name": "Kofi Mensah", "is_bot": False, "is_admin": False, "color": "7a4b8f"},
        {"id": "U0MEI", "name": "mei", "real_name": "Mei Tanaka", "is_bot": False, "is_admin": False, "color": "2f6f9f"},
        {"id": BOT, "name": "tapeout", "real_name": "Tapeout", "is_bot": True, "is_admin": False, "app_id": APP},
    ]
    room = {"is_im": False, "is_private": False, "members": [ME, BOT], "unread": 0, "mentions": 0, "is_archived": False}
    return {
        "team": {"id": "T0LOCAL", "name": "Halden Compute"},
        "me": ME,
        "users": people,
        "channels": [
            {**room, "id": NEWS, "name": "infra-news", "topic": "What moves AI infrastructure, once per event", "last_ts": ts_at(0), "last_read": ts_at(60), "unread": 3},
            {**room, "id": "C0CHIPS", "name": "chips", "topic": "", "last_ts": ts_at(500), "last_read": None, "unread": 4, "mentions": 2},
            {**room, "id": "C0EMPTY", "name": "general", "topic": "Everything else", "last_ts": None, "last_read": None},
            {**room, "id": "C0SECRET", "name": "power-deals", "is_private": True, "topic": "", "last_ts": None, "last_read": None},
            {"id": DM, "is_im": True, "user": BOT, "last_ts": None, "last_read": None, "unread": 0, "mentions": 0},
        ],
        "apps": [
            {
                "app_id": APP,
                "name": "Tapeout",
                "bot_user_id": BOT,
                "home_enabled": True,
                "messages_enabled": True,
                "connected": True,
                "commands": [
                    {"command": "/tapeout", "description": "Follow feeds, ask about stories", "usage_hint": "add <address> | list | ask <question>"},
                ],
                "shortcuts": [
                    {"name": "Ask about this", "type": "message", "callback_id": "ask_message", "description": ""},
                    {"name": "Follow a feed", "type": "global", "callback_id": "follow", "description": "Paste an address"},
                ],
            },
        ],
        "drafts": None,
    }


def timelines() -> dict[str, list[dict[str, Any]]]:
    """The messages of each channel, oldest first; replies carry their root's ts."""
    root = ts_at(50)
    talk = [
        {"type": "message", "ts": ts_at(3000 - n * 4, n), "user": ["U0KOFI", "U0MEI"][n // 3 % 2], "text": f"Earlier message {n}"}
        for n in range(70)
    ]
    return {
        NEWS: [
            *talk,
            {"type": "message", "ts": ts_at(62), "user": "U0KOFI", "text": "Anything new on the *Luleå* connection? <@U0BOT> had it yesterday :eyes:"},
            {"type": "message", "ts": ts_at(61), "user": "U0KOFI", "text": "> It moves the queue for others\nthat line is what I need for `capacity.md`", "edited": {"ts": ts_at(60)}},
            {
                "type": "message",
                "ts": root,
                "user": BOT,
                "bot_id": "B0",
                "text": "Norrland Grid signs 1.2 GW",
                "blocks": BRIEF,
                "reply_count": 3,
                "reply_users": [ME, BOT, "U0MEI"],
                "latest_reply": ts_at(2),
                "reactions": [{"name": "eyes", "users": ["U0KOFI", "U0MEI"], "count": 2}, {"name": "+1", "users": [ME], "count": 1}],
            },
            {"type": "message", "ts": ts_at(48), "thread_ts": root, "user": ME, "text": "Who else confirms the *1.2 GW*?"},
            {
                "type": "message",
                "ts": ts_at(47),
                "thread_ts": root,
                "user": BOT,
                "bot_id": "B0",
                "text": "Three publishers report it",
                "blocks": [{"type": "markdown", "block_id": "m", "text": "Three publishers report it independently.\n\n1. *Grid Monitor*: “1.2 GW of firm power” [1]\n2. *Nordic Power*: “roughly 1,200 MW” [2]\n\nThe operator's own filing says **1.15 GW** [3], so the figure is *disputed*."}, BRIEF[-1]],
            },
            {"type": "message", "ts": ts_at(2), "thread_ts": root, "user": "U0MEI", "text": "Thanks! :tada:"},
            {"type": "message", "ts": ts_at(1), "user": "U0MEI", "text": "Good. I'll bring it to Monday's review, <@U0ANA>: see <https://example.com/plan|the plan>."},
        ],
        "C0CHIPS": [{"type": "message", "ts": ts_at(500), "user": BOT, "bot_id": "B0", "text": "Every kind of block", "blocks": GALLERY}],
        "C0EMPTY": [],
        "C0SECRET": [{"type": "message", "ts": ts_at(5), "user": "U0MEI", "text": HOSTILE, "blocks": HOSTILE_BLOCKS}, {"type": "message", "ts": ts_at(4), "user": "U0MEI", "text": HOSTILE}],
        DM: [],
    }
