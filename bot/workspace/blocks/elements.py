"""Checks for Slack's block elements, and which block may hold which.

Limits: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping

from bot.workspace.blocks.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DATE,
    DISPATCH,
    FEEDBACK_BUTTON,
    ID,
    MOMENT,
    OPTION,
    OPTION_GROUP,
    SLACK_FILE,
    TIME,
    URL,
    plain,
)
from bot.workspace.blocks.schema import (
    Check,
    anything,
    array,
    boolean,
    both,
    needs_any,
    number,
    one_of,
    only_one,
    record,
    string,
)

_STYLE = one_of("primary", "danger")
_TYPE: Mapping[str, Check] = {"type": anything}
_ACTION: Mapping[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}
_PICKER: Mapping[str, Check] = {**_ACTION, "placeholder": plain(150)}
_TYPED: Mapping[str, Check] = {
    "action_id": ID,
    "focus_on_load": boolean,
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
}
_MANY: Mapping[str, Check] = {"max_selected_items": number(1)}
_SOME_IDS = array(string(255, least=1), least=0)

IMAGE = both(
    record(
        {**_TYPE, "alt_text": string(2000, least=1)},
        {"image_url": URL, "slack_file": SLACK_FILE, "image_width": number(), "image_height": number()},
    ),
    needs_any("image_url", "slack_file"),
    only_one("image_url", "slack_file"),
)

BUTTON = record(
    {**_TYPE, "text": plain(75)},
    {
        "action_id": ID,
        "url": URL,
        "value": string(2000),
        "style": _STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "agent_prompt_display": string(4000),
        "visible_to_user_ids": _SOME_IDS,
    },
)
ICON_BUTTON = record(
    {**_TYPE, "icon": string(255, least=1), "text": plain(75)},
    {
        "action_id": ID,
        "accessibility_label": string(75),
        "value": string(2000),
        "visible_to_user_ids": _SOME_IDS,
        "confirm": CONFIRM,
    },
)
FEEDBACK_BUTTONS = record(
    {**_TYPE, "positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}, {"action_id": ID}
)
WORKFLOW_BUTTON = record(
    {**_TYPE, "text": plain(75), "workflow": anything},
    {"action_id": ID, "style": _STYLE, "accessibility_label": string(75)},
)
OVERFLOW = record({**_TYPE, "options": array(OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM})


def _static(initial: Mapping[str, Check]) -> Check:
    options: Mapping[str, Check] = {"options": array(OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
    return both(
        record(_TYPE, {**_PICKER, **options, **initial}),
        needs_any("options", "option_groups"),
        only_one("options", "option_groups"),
    )


STATIC_SELECT = _static({"initial_option": OPTION})
MULTI_STATIC_SELECT = _static({"initial_options": array(OPTION, 100), **_MANY})
_QUERY: Mapping[str, Check] = {"min_query_length": number(0)}
EXTERNAL_SELECT = record(_TYPE, {**_PICKER, **_QUERY, "initial_option": OPTION})
MULTI_EXTERNAL_SELECT = record(_TYPE, {**_PICKER, **_QUERY, "initial_options": array(OPTION, 100), **_MANY})
USERS_SELECT = record(_TYPE, {**_PICKER, "initial_user": ID})
MULTI_USERS_SELECT = record(_TYPE, {**_PICKER, "initial_users": _SOME_IDS, **_MANY})
_CONVERSATION: Mapping[str, Check] = {"default_to_current_conversation": boolean, "filter": CONVERSATION_FILTER}
CONVERSATIONS_SELECT = record(
    _TYPE, {**_PICKER, **_CONVERSATION, "initial_conversation": ID, "response_url_enabled": boolean}
)
MULTI_CONVERSATIONS_SELECT = record(_TYPE, {**_PICKER, **_CONVERSATION, "initial_conversations": _SOME_IDS, **_MANY})
CHANNELS_SELECT = record(_TYPE, {**_PICKER, "initial_channel": ID, "response_url_enabled": boolean})
MULTI_CHANNELS_SELECT = record(_TYPE, {**_PICKER, "initial_channels": _SOME_IDS, **_MANY})

DATEPICKER = record(_TYPE, {**_PICKER, "initial_date": DATE})
TIMEPICKER = record(_TYPE, {**_PICKER, "initial_time": TIME, "timezone": string(255)})
DATETIMEPICKER = record(_TYPE, {**_ACTION, "initial_date_time": MOMENT})
RADIO_BUTTONS = record({**_TYPE, "options": array(OPTION, 10)}, {**_ACTION, "initial_option": OPTION})
CHECKBOXES = record({**_TYPE, "options": array(OPTION, 10)}, {**_ACTION, "initial_options": array(OPTION, 10)})

PLAIN_TEXT_INPUT = record(
    _TYPE,
    {
        **_TYPED,
        "initial_value": string(3000),
        "multiline": boolean,
        "min_length": number(0, 3000),
        "max_length": number(1, 3000),
    },
)
EMAIL_INPUT = record(_TYPE, {**_TYPED, "initial_value": string(255)})
URL_INPUT = record(_TYPE, {**_TYPED, "initial_value": string(3000)})
NUMBER_INPUT = record(
    {**_TYPE, "is_decimal_allowed": boolean},
    {**_TYPED, "initial_value": string(255), "min_value": string(255), "max_value": string(255)},
)
RICH_TEXT_INPUT = record(_TYPE, {**_TYPED, "initial_value": anything, "min_lines": number(1), "max_lines": number(1)})
FILE_INPUT = record(_TYPE, {"action_id": ID, "filetypes": array(string(32), 100), "max_files": number(1, 10)})

_SELECTS: Mapping[str, Check] = {
    "static_select": STATIC_SELECT,
    "external_select": EXTERNAL_SELECT,
    "users_select": USERS_SELECT,
    "conversations_select": CONVERSATIONS_SELECT,
    "channels_select": CHANNELS_SELECT,
    "multi_static_select": MULTI_STATIC_SELECT,
    "multi_external_select": MULTI_EXTERNAL_SELECT,
    "multi_users_select": MULTI_USERS_SELECT,
    "multi_conversations_select": MULTI_CONVERSATIONS_SELECT,
    "multi_channels_select": MULTI_CHANNELS_SELECT,
}
_PICKERS: Mapping[str, Check] = {
    "datepicker": DATEPICKER,
    "timepicker": TIMEPICKER,
    "datetimepicker": DATETIMEPICKER,
    "radio_buttons": RADIO_BUTTONS,
    "checkboxes": CHECKBOXES,
}

IN_ACTIONS: Mapping[str, Check] = {
    **_SELECTS,
    **_PICKERS,
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": WORKFLOW_BUTTON,
    "rich_text_input": RICH_TEXT_INPUT,
}
"""What an actions block may hold."""

IN_SECTION: Mapping[str, Check] = {
    **_SELECTS,
    **_PICKERS,
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": WORKFLOW_BUTTON,
    "image": IMAGE,
}
"""What may stand beside a section's text."""

IN_INPUT: Mapping[str, Check] = {
    **_SELECTS,
    **_PICKERS,
    "plain_text_input": PLAIN_TEXT_INPUT,
    "email_text_input": EMAIL_INPUT,
    "url_text_input": URL_INPUT,
    "number_input": NUMBER_INPUT,
    "rich_text_input": RICH_TEXT_INPUT,
    "file_input": FILE_INPUT,
}
"""What an input block may hold."""

IN_CONTEXT_ACTIONS: Mapping[str, Check] = {"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}
"""What a context_actions block may hold."""

IN_CARD: Mapping[str, Check] = {"button": BUTTON, "icon_button": ICON_BUTTON, "overflow": OVERFLOW}
"""What a card's actions may be."""
