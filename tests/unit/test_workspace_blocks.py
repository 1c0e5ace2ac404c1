"""Block Kit is checked as Slack checks it: what passes, what is refused, and in which words."""

from typing import Any

import pytest
from slack_sdk.models import blocks as sdk

from bot.workspace.blocks import action_element, all_blocks, blocks_error, check_blocks, check_view, with_ids

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    """A section with mrkdwn text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**fields: object) -> Json:
    """A button."""
    return {"type": "button", "text": plain("Go"), "action_id": "go", **fields}


def option(value: str, label: str = "Label") -> Json:
    """An option of a select."""
    return {"text": plain(label), "value": value}


IMAGE: Json = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A chart"}
CARD: Json = {"type": "card", "title": plain("Title"), "body": plain("Body"), "actions": [button()]}
RICH: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "link", "url": "https://example.org", "text": "there"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}], "border": 0},
    ],
}
FEEDBACK: Json = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}
GOOD_MESSAGE_BLOCKS: list[Json] = [
    section("hello"),
    {"type": "section", "fields": [plain("a"), plain("b")], "accessory": IMAGE},
    {"type": "header", "text": plain("Head")},
    {"type": "divider"},
    IMAGE | {"title": plain("Title")},
    {"type": "context", "elements": [IMAGE, {"type": "mrkdwn", "text": "small"}]},
    {"type": "actions", "elements": [button(), {"type": "overflow", "options": [option("a")], "action_id": "o"}]},
    {"type": "context_actions", "elements": [FEEDBACK, {"type": "icon_button", "icon": "trash", "text": plain("Del")}]},
    {"type": "markdown", "text": "**bold**"},
    RICH,
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 3, "text": "3"}], [RICH, RICH]],
        "column_settings": [{"align": "right"}, None],
    },
    CARD,
    {"type": "carousel", "elements": [CARD, CARD]},
    {"type": "container", "title": plain("Box"), "child_blocks": [section("inside")], "width": "wide"},
    {
        "type": "plan",
        "title": "Plan",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "T", "status": "pending"}],
    },
    {"type": "task_card", "task_id": "1", "title": "Read", "status": "complete", "output": RICH},
    {"type": "file", "external_id": "x", "source": "remote"},
    {
        "type": "video",
        "alt_text": "v",
        "video_url": "https://example.org/v",
        "thumbnail_url": "https://example.org/t",
        "title": plain("V"),
    },
    {
        "type": "input",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "name", "max_length": 10},
    },
]


@pytest.mark.parametrize("block", GOOD_MESSAGE_BLOCKS, ids=lambda block: block["type"])
def test_each_kind_of_message_block_passes(block: Json) -> None:
    """Slack takes each of these in a message, and so do we."""
    assert check_blocks([block]) == []
    assert blocks_error([block]) is None


INPUT_ELEMENTS: list[Json] = [
    {"type": "plain_text_input", "multiline": True, "min_length": 1, "initial_value": "x"},
    {"type": "url_text_input", "placeholder": plain("https://")},
    {"type": "email_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
    {"type": "datepicker", "initial_date": "2026-11-22"},
    {"type": "timepicker", "initial_time": "09:30"},
    {"type": "datetimepicker", "initial_date_time": 1795382876},
    {"type": "static_select", "options": [option("a")], "initial_option": option("a")},
    {"type": "static_select", "option_groups": [{"label": plain("G"), "options": [option("a")]}]},
    {"type": "multi_static_select", "options": [option("a"), option("b")], "max_selected_items": 2},
    {"type": "external_select", "min_query_length": 1},
    {"type": "multi_external_select"},
    {"type": "users_select"},
    {"type": "multi_users_select"},
    {"type": "conversations_select", "response_url_enabled": True, "filter": {"include": ["public"]}},
    {"type": "multi_conversations_select"},
    {"type": "channels_select"},
    {"type": "multi_channels_select"},
    {"type": "radio_buttons", "options": [option("a")]},
    {"type": "checkboxes", "options": [option("a")]},
    {"type": "rich_text_input"},
    {"type": "file_input", "filetypes": ["opml"], "max_files": 1},
]


@pytest.mark.parametrize("element", INPUT_ELEMENTS, ids=lambda element: element["type"])
def test_each_kind_of_input_passes_in_a_modal(element: Json) -> None:
    """Every element that the SDK knows for input blocks is taken."""
    view = modal([{"type": "input", "label": plain("L"), "element": {"action_id": "a", **element}}])
    assert check_view(view, surface="modal") == []


def modal(blocks: list[Json], **fields: object) -> Json:
    """A modal with a submit button."""
    return {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": blocks, **fields}


BAD: list[tuple[str, Json, str]] = [
    ("section text", section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty section text", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        "section without text",
        {"type": "section"},
        "missing required field: one of text, fields [json-pointer:/blocks/0]",
    ),
    (
        "eleven fields",
        {"type": "section", "fields": [plain("f")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        "long header",
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "mrkdwn header",
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        "eleven context elements",
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "twenty-six buttons",
        {"type": "actions", "elements": [button()] * 26},
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "no buttons",
        {"type": "actions", "elements": []},
        "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "long button",
        {"type": "actions", "elements": [button(text=plain("x" * 76))]},
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        "long value",
        {"type": "actions", "elements": [button(value="x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        "long action_id",
        {"type": "actions", "elements": [button(action_id="x" * 256)]},
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        "long block_id",
        section("x") | {"block_id": "b" * 256},
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    ("strange style", {"type": "actions", "elements": [button(style="loud")]}, "must be one of: primary, danger"),
    (
        "text input among actions",
        {"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "x"}]},
        "unsupported type: plain_text_input",
    ),
    ("six feedback elements", {"type": "context_actions", "elements": [FEEDBACK] * 6}, "no more than 5 items allowed"),
    (
        "101 options",
        {
            "type": "actions",
            "elements": [{"type": "static_select", "action_id": "s", "options": [option(str(n)) for n in range(101)]}],
        },
        "no more than 100 items allowed",
    ),
    (
        "long option value",
        {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": [option("x" * 151)]}]},
        "must be less than 151 characters",
    ),
    (
        "options and groups",
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select",
                    "options": [option("a")],
                    "option_groups": [{"label": plain("G"), "options": [option("a")]}],
                }
            ],
        },
        "only one of options, option_groups is allowed",
    ),
    ("long card body", CARD | {"body": plain("x" * 201)}, "must be less than 201 characters"),
    ("empty card", {"type": "card", "subtitle": plain("x")}, "missing required field: one of hero_image"),
    ("eleven cards", {"type": "carousel", "elements": [CARD] * 11}, "no more than 10 items allowed"),
    ("no cards", {"type": "carousel", "elements": []}, "no fewer than 1 items allowed"),
    (
        "collapsible with a divider",
        {
            "type": "container",
            "title": plain("x"),
            "child_blocks": [section("x")],
            "is_collapsible": True,
            "has_header_divider": True,
        },
        "has_header_divider cannot be set",
    ),
    (
        "wide table",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
        "no more than 20 items allowed",
    ),
    ("long table", {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}, "no more than 100 items"),
    ("long markdown", {"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    (
        "unknown status",
        {"type": "task_card", "task_id": "1", "title": "T", "status": "done"},
        "must be one of: pending",
    ),
    ("image without alt_text", {"type": "image", "image_url": "https://x.org/a"}, "missing required field: alt_text"),
    ("image without source", {"type": "image", "alt_text": "x"}, "missing required field: one of image_url"),
    ("unknown type", {"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ("no type", {"text": "x"}, "missing required field: type [json-pointer:/blocks/0]"),
    ("unknown field", section("x") | {"colour": "red"}, "invalid additional property: colour [json-pointer:/blocks/0]"),
    ("alert in a message", {"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    ("no object", "text", "must provide an object [json-pointer:/blocks/0]"),  # type: ignore[list-item]
    ("bad date", {"type": "actions", "elements": [{"type": "datepicker", "initial_date": "soon"}]}, "failed to match"),
    (
        "seven words of rich text",
        {"type": "rich_text", "elements": [{"type": "rich_text_poem", "elements": []}]},
        "unsupported type: rich_text_poem",
    ),
]


@pytest.mark.parametrize(("block", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_block_is_refused_in_slacks_words(block: Json, message: str) -> None:
    """Each limit and form is enforced, and the fault names its place."""
    found = [str(problem) for problem in check_blocks([block])]
    assert any(line.startswith(message) for line in found), found


def test_the_error_has_slacks_form() -> None:
    """`invalid_blocks` carries the faults twice, with the line about schemas first, as Slack does."""
    error = blocks_error([section("x" * 3001)])
    assert error is not None
    assert error.body() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [
            "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ],
        "response_metadata": {
            "messages": [
                "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
                "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
            ]
        },
    }


def test_a_message_holds_fifty_blocks_and_a_modal_a_hundred() -> None:
    """The number of blocks is limited by surface."""
    divider = {"type": "divider"}
    assert check_blocks([divider] * 50) == []
    assert "no more than 50 items" in str(check_blocks([divider] * 51)[0])
    assert check_view(modal([divider] * 100), surface="modal") == []
    assert "no more than 100 items" in str(check_view(modal([divider] * 101), surface="modal")[0])


def test_all_text_of_a_message_together_is_limited() -> None:
    """Blocks that are each fine can be too much together: `msg_blocks_too_long`."""
    assert blocks_error([section("x" * 3000)] * 4) is None
    error = blocks_error([section("x" * 3000)] * 5)
    assert error is not None
    assert error.error == "msg_blocks_too_long"


def test_what_is_wrong_only_between_blocks_is_found() -> None:
    """Ids repeat, two tables, too much markdown: each block alone would pass."""
    twice = section("x") | {"block_id": "same"}
    assert "block_id must be unique" in str(check_blocks([twice, twice])[0])
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "only_one_table_allowed" in str(check_blocks([table, table])[0])
    markdown = {"type": "markdown", "text": "x" * 7000}
    assert "all markdown blocks together" in str(check_blocks([markdown, markdown])[0])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": plain("x" * 25)}, "/view/title/text"),
        ({"submit": plain("x" * 25)}, "/view/submit/text"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"external_id": "x" * 256}, "/view/external_id"),
        ({"title": None}, "/view"),
        ({"type": "home"}, "/view/type"),
        ({"shape": "round"}, "/view"),
    ],
)
def test_a_modal_has_limits_of_its_own(change: Json, pointer: str) -> None:
    """Title 24, private_metadata 3,000, ids 255; a title is needed."""
    problems = check_view(modal([section("x")], **change), surface="modal")
    assert pointer in [problem.pointer for problem in problems]


def test_inputs_need_a_submit_button() -> None:
    """Slack refuses a modal with inputs that nobody could submit."""
    view = modal([{"type": "input", "label": plain("L"), "element": {"type": "email_text_input"}}])
    del view["submit"]
    assert "missing required field: submit" in str(check_view(view, surface="modal")[0])


def test_a_home_tab_has_no_title_and_no_alert() -> None:
    """Home tabs take other fields and blocks than modals."""
    assert check_view({"type": "home", "blocks": [section("x")]}, surface="home") == []
    assert check_view({"type": "home", "title": plain("x"), "blocks": []}, surface="home")
    assert check_view({"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, surface="home")
    assert check_view(modal([{"type": "alert", "text": plain("x"), "level": "warning"}]), surface="modal") == []


def test_what_the_sdk_builds_passes() -> None:
    """Blocks built by slack_sdk's own classes, as apps send them, are taken."""
    built = [
        sdk.SectionBlock(
            text="*hi*", accessory=sdk.ButtonElement(text="Go", action_id="go", value="1", style="primary")
        ),
        sdk.ContextBlock(
            elements=[sdk.MarkdownTextObject(text="x"), sdk.ImageElement(image_url="https://x.org", alt_text="x")]
        ),
        sdk.CardBlock(title="Title", body="Body", actions=[sdk.ButtonElement(text="Go", action_id="c")]),
        sdk.ContextActionsBlock(
            elements=[
                sdk.FeedbackButtonsElement(
                    action_id="f",
                    positive_button=sdk.FeedbackButtonObject(text="Good", value="1"),
                    negative_button=sdk.FeedbackButtonObject(text="Bad", value="0"),
                ),
                sdk.IconButtonElement(action_id="i", icon="trash", text="Delete"),
            ]
        ),
        sdk.MarkdownBlock(text="**x**"),
        sdk.PlanBlock(title="Plan", tasks=[sdk.TaskCardBlock(task_id="1", title="T", status="pending").to_dict()]),
        sdk.ContainerBlock(title="Box", child_blocks=[sdk.DividerBlock()], width="narrow"),
        sdk.TableBlock(rows=[[{"type": "raw_text", "text": "x"}]]),
    ]
    assert check_blocks([block.to_dict() for block in built]) == []


def test_missing_ids_are_filled_in_everywhere() -> None:
    """Blocks and elements without ids get them, nested ones too; ids that are there stay."""
    ids = iter(f"id{n}" for n in range(100))
    blocks: list[Json] = [
        {"type": "actions", "elements": [{"type": "button", "text": plain("x")}, button(action_id="mine")]},
        {"type": "container", "title": plain("x"), "child_blocks": [{"type": "carousel", "elements": [CARD]}]},
    ]
    filled = with_ids(blocks, lambda: next(ids))
    assert "block_id" not in blocks[0]
    assert all(block["block_id"] for block in all_blocks(filled))
    assert filled[0]["elements"][0]["action_id"].startswith("id")
    assert filled[0]["elements"][1]["action_id"] == "mine"
    assert len({block["block_id"] for block in all_blocks(filled)}) == 4


def test_an_action_is_found_where_it_stands() -> None:
    """An element is found by its action_id, inside a carousel's card too, and by block_id where two share one."""
    blocks = [
        {"type": "actions", "block_id": "one", "elements": [button(value="1")]},
        {"type": "actions", "block_id": "two", "elements": [button(value="2")]},
        {"type": "carousel", "elements": [CARD | {"block_id": "card", "actions": [button(action_id="deep")]}]},
    ]
    found = action_element(blocks, "go", "two")
    assert found is not None
    assert found[1]["value"] == "2"
    deep = action_element(blocks, "deep")
    assert deep is not None
    assert deep[0]["block_id"] == "card"
    assert action_element(blocks, "gone") is None
