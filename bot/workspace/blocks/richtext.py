"""Checks for rich text: sections, lists, quotes and preformatted text.

Form: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Mapping

from bot.workspace.blocks.objects import URL
from bot.workspace.blocks.schema import Check, anything, array, boolean, by_type, number, one_of, record, string

_TYPE: Mapping[str, Check] = {"type": anything}
_STYLE: Mapping[str, Check] = {
    "style": record(
        {},
        {
            "bold": boolean,
            "italic": boolean,
            "strike": boolean,
            "underline": boolean,
            "highlight": boolean,
            "client_highlight": boolean,
            "unlink": boolean,
            "code": boolean,
        },
    )
}
_ID = string(255, least=1)

_INLINE = by_type(
    {
        "text": record({**_TYPE, "text": string(least=1)}, _STYLE),
        "link": record({**_TYPE, "url": URL}, {**_STYLE, "text": string(), "unsafe": boolean}),
        "user": record({**_TYPE, "user_id": _ID}, _STYLE),
        "channel": record({**_TYPE, "channel_id": _ID}, _STYLE),
        "usergroup": record({**_TYPE, "usergroup_id": _ID}, _STYLE),
        "team": record({**_TYPE, "team_id": _ID}, _STYLE),
        "emoji": record({**_TYPE, "name": _ID}, {**_STYLE, "unicode": string(), "skin_tone": number(), "url": URL}),
        "date": record({**_TYPE, "timestamp": number(), "format": _ID}, {**_STYLE, "url": URL, "fallback": string()}),
        "broadcast": record({**_TYPE, "range": one_of("here", "channel", "everyone")}, _STYLE),
        "color": record({**_TYPE, "value": _ID}, _STYLE),
    }
)
_BORDER: Mapping[str, Check] = {"border": number(0, 1)}
_SECTION = record({**_TYPE, "elements": array(_INLINE, least=0)})

RICH_TEXT = record(
    {
        **_TYPE,
        "elements": array(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": record(
                        {
                            **_TYPE,
                            "elements": array(by_type({"rich_text_section": _SECTION})),
                            "style": one_of("bullet", "ordered"),
                        },
                        {**_BORDER, "indent": number(0, 8), "offset": number(0)},
                    ),
                    "rich_text_quote": record({**_TYPE, "elements": array(_INLINE, least=0)}, _BORDER),
                    "rich_text_preformatted": record(
                        {**_TYPE, "elements": array(_INLINE, least=0)}, {**_BORDER, "language": string(255)}
                    ),
                }
            )
        ),
    },
    {"block_id": string(255)},
)
"""A whole rich_text block."""
