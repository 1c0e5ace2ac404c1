"""Blocks and views for the fake server: a brief, one block of every type, hostile ones, modals and a Home."""

from __future__ import annotations

from typing import Any

PIXEL = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='96' height='96'%3E%3Crect width='96' height='96' fill='%23b86a3d'/%3E%3Cpath d='M20 70 40 44l14 16 12-14 16 24z' fill='%23fff8f0'/%3E%3C/svg%3E"  # noqa: E501 - an address has no line breaks

ME = "U0ANA"
NEWS = "C0NEWS"


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

ANSWER = """Three publishers report it independently.

1. *Grid Monitor*: “1.2 GW of firm power” [1]
2. *Nordic Power*: “roughly 1,200 MW” [2]

The operator's own filing says **1.15 GW** [3], so the figure is *disputed*.
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
            [
                {"type": "raw_text", "text": "Site"},
                {"type": "raw_text", "text": "MW"},
                {"type": "raw_text", "text": "State"},
            ],
            [
                {"type": "raw_text", "text": "Luleå"},
                {"type": "raw_number", "value": 700, "text": "700"},
                rich({"type": "emoji", "name": "white_check_mark"}),
            ],
            [
                {"type": "raw_text", "text": "Boden"},
                {"type": "raw_number", "value": 500, "text": "500"},
                rich({"type": "text", "text": "planned"}),
            ],
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
    {
        "type": "alert",
        "block_id": "alert",
        "level": "warning",
        "text": mrkdwn("*Foundry Weekly* has not answered since 09:40."),
    },
    {
        "type": "image",
        "block_id": "img",
        "image_url": PIXEL,
        "alt_text": "A chart of capacity",
        "title": plain("Capacity"),
    },
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
    {
        "type": "call",
        "block_id": "call",
        "call_id": "R1",
        "call": {"v1": {"name": "Desk meeting", "join_url": "https://example.com/j"}},
    },
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
    '<script>window.hurt = 1</script> &lt;img src=x onerror="window.hurt = 1"&gt; <javascript:alert(1)|click me> '
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
    rich(
        {"type": "link", "url": "javascript:window.hurt=1", "text": "rich"}, {"type": "text", "text": "<b>not bold</b>"}
    ),
    {"type": "image", "block_id": "h3", "image_url": "javascript:window.hurt=1", "alt_text": "<i>alt</i>"},
    {"type": "actions", "block_id": "h4", "elements": [button("<u>press</u>", "p", url="javascript:window.hurt=1")]},
]
