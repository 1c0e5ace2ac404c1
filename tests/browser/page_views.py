"""Views for the fake server: a modal, one with every kind of input, and a Home."""

from __future__ import annotations

from typing import Any

from .page_blocks import ME, NEWS, button, mrkdwn, option, plain

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
        {
            "type": "section",
            "block_id": "lead",
            "text": mrkdwn("Paste a site's address. *Tapeout* looks for its feed."),
        },
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
            "element": {
                "type": "static_select",
                "action_id": "value",
                "options": SELECT_OPTIONS,
                "initial_option": SELECT_OPTIONS[0],
            },
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
        {
            "type": "section",
            "block_id": "s",
            "text": mrkdwn("*12 feeds* in *3 channels* · 41 stories this week · every sentence has a quote"),
        },
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                button("Follow a feed", "open_modal", style="primary"),
                button("Import OPML", "import"),
                button("Digest times", "digest"),
            ],
        },
        {"type": "divider", "block_id": "d"},
        {"type": "header", "block_id": "h2", "text": plain("Feeds")},
        {
            "type": "section",
            "block_id": "f1",
            "text": mrkdwn(":large_green_circle: *Grid Monitor*\n<#C0NEWS> · 6 stories this week · checked 4 min ago"),
            "accessory": {
                "type": "overflow",
                "action_id": "feed",
                "options": [option("Pause", "pause"), option("Remove", "remove")],
            },
        },
        {
            "type": "section",
            "block_id": "f2",
            "text": mrkdwn(
                ":large_yellow_circle: *Foundry Weekly*\n<#C0NEWS> · has not answered since 09:40; next try at 14:10"
            ),
            "accessory": {
                "type": "overflow",
                "action_id": "feed",
                "options": [option("Pause", "pause"), option("Remove", "remove")],
            },
        },
        {
            "type": "section",
            "block_id": "pace",
            "text": mrkdwn("*What to post in <#C0NEWS>*"),
            "accessory": {
                "type": "static_select",
                "action_id": "pace",
                "options": SELECT_OPTIONS,
                "initial_option": SELECT_OPTIONS[1],
            },
        },
        {"type": "context", "block_id": "c", "elements": [mrkdwn("Written by the extractive writer; no key is set.")]},
    ],
}
