"""What the fake server shows: people, channels, an app and their messages."""

from __future__ import annotations

import time
from typing import Any

from .page_blocks import ANSWER, BRIEF, GALLERY, HOSTILE, HOSTILE_BLOCKS, ME, NEWS

BOT = "U0BOT"
APP = "A0TAPEOUT"
DM = "D0ANA"


def ts_at(minutes_ago: float, serial: int = 100) -> str:
    """A Slack timestamp so many minutes before now."""
    return f"{int(time.time() - minutes_ago * 60)}.{serial:06d}"


def state() -> dict[str, Any]:
    """The whole state for `ME`."""
    people = [
        {"id": ME, "name": "ana", "real_name": "Ana Ruiz", "is_bot": False, "is_admin": True, "color": "4b7f52"},
        {
            "id": "U0KOFI",
            "name": "kofi",
            "real_name": "Kofi Mensah",
            "is_bot": False,
            "is_admin": False,
            "color": "7a4b8f",
        },
        {
            "id": "U0MEI",
            "name": "mei",
            "real_name": "Mei Tanaka",
            "is_bot": False,
            "is_admin": False,
            "color": "2f6f9f",
        },
        {"id": BOT, "name": "tapeout", "real_name": "Tapeout", "is_bot": True, "is_admin": False, "app_id": APP},
    ]
    room = {"is_im": False, "is_private": False, "members": [ME, BOT], "unread": 0, "mentions": 0, "is_archived": False}
    return {
        "team": {"id": "T0LOCAL", "name": "Halden Compute"},
        "me": ME,
        "users": people,
        "channels": [
            {
                **room,
                "id": NEWS,
                "name": "infra-news",
                "topic": "What moves AI infrastructure, once per event",
                "last_ts": ts_at(0),
                "last_read": ts_at(60),
                "unread": 3,
            },
            {
                **room,
                "id": "C0CHIPS",
                "name": "chips",
                "topic": "",
                "last_ts": ts_at(500),
                "last_read": None,
                "unread": 4,
                "mentions": 2,
            },
            {
                **room,
                "id": "C0EMPTY",
                "name": "general",
                "topic": "Everything else",
                "last_ts": None,
                "last_read": None,
            },
            {
                **room,
                "id": "C0SECRET",
                "name": "power-deals",
                "is_private": True,
                "topic": "",
                "last_ts": None,
                "last_read": None,
            },
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
                    {
                        "command": "/tapeout",
                        "description": "Follow feeds, ask about stories",
                        "usage_hint": "add <address> | list | ask <question>",
                    },
                ],
                "shortcuts": [
                    {"name": "Ask about this", "type": "message", "callback_id": "ask_message", "description": ""},
                    {
                        "name": "Follow a feed",
                        "type": "global",
                        "callback_id": "follow",
                        "description": "Paste an address",
                    },
                ],
            },
        ],
        "drafts": None,
    }


def timelines() -> dict[str, list[dict[str, Any]]]:
    """The messages of each channel, oldest first; replies carry their root's ts."""
    root = ts_at(50)
    talk = [
        {
            "type": "message",
            "ts": ts_at(3000 - n * 4, n),
            "user": ["U0KOFI", "U0MEI"][n // 3 % 2],
            "text": f"Earlier message {n}",
        }
        for n in range(70)
    ]
    return {
        NEWS: [
            *talk,
            {
                "type": "message",
                "ts": ts_at(62),
                "user": "U0KOFI",
                "text": "Anything new on the *Luleå* connection? <@U0BOT> had it yesterday :eyes:",
            },
            {
                "type": "message",
                "ts": ts_at(61),
                "user": "U0KOFI",
                "text": "> It moves the queue for others\nthat line is what I need for `capacity.md`",
                "edited": {"ts": ts_at(60)},
            },
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
                "reactions": [
                    {"name": "eyes", "users": ["U0KOFI", "U0MEI"], "count": 2},
                    {"name": "+1", "users": [ME], "count": 1},
                ],
            },
            {
                "type": "message",
                "ts": ts_at(48),
                "thread_ts": root,
                "user": ME,
                "text": "Who else confirms the *1.2 GW*?",
            },
            {
                "type": "message",
                "ts": ts_at(47),
                "thread_ts": root,
                "user": BOT,
                "bot_id": "B0",
                "text": "Three publishers report it",
                "blocks": [
                    {
                        "type": "markdown",
                        "block_id": "m",
                        "text": ANSWER,
                    },
                    BRIEF[-1],
                ],
            },
            {"type": "message", "ts": ts_at(2), "thread_ts": root, "user": "U0MEI", "text": "Thanks! :tada:"},
            {
                "type": "message",
                "ts": ts_at(1),
                "user": "U0MEI",
                "text": "Good. I'll bring it to Monday's review, <@U0ANA>: see <https://example.com/plan|the plan>.",
            },
        ],
        "C0CHIPS": [
            {
                "type": "message",
                "ts": ts_at(500),
                "user": BOT,
                "bot_id": "B0",
                "text": "Every kind of block",
                "blocks": GALLERY,
            }
        ],
        "C0EMPTY": [],
        "C0SECRET": [
            {"type": "message", "ts": ts_at(5), "user": "U0MEI", "text": HOSTILE, "blocks": HOSTILE_BLOCKS},
            {"type": "message", "ts": ts_at(4), "user": "U0MEI", "text": HOSTILE},
        ],
        DM: [],
    }
