"""What a person filled into a view: its state in Slack's form, and what Slack's client would complain about. Pure."""

import re
from collections.abc import Iterator, Mapping

from bot.workspace.blocks import all_blocks, elements_of
from bot.workspace.shapes import JsonObject

_VALUE_FIELD = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
"""The field of a state value for each kind of element, and the element's field for its first value."""
_LISTS = frozenset({"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
Values = Mapping[str, Mapping[str, object]]


def full_state(blocks: list[JsonObject], given: Values) -> JsonObject:
    """The `state.values` of a view or message: what was given, first values, and empty ones for the rest.

    Args:
        blocks: Blocks with ids.
        given: By block_id and action_id: a value in Slack's form, or the bare value of its one field.
    """
    values: dict[str, dict[str, JsonObject]] = {}
    for block in all_blocks(blocks):
        for element in elements_of(block):
            fields = _VALUE_FIELD.get(element["type"])
            if fields is None:
                continue
            action_id = element["action_id"]
            entry = given.get(block["block_id"], {}).get(action_id)
            values.setdefault(block["block_id"], {})[action_id] = _entry(element, fields, entry)
    return {"values": values}


def complaints(blocks: list[JsonObject], state: JsonObject) -> dict[str, str]:
    """What Slack's client says before it submits a view, by block_id; empty where it would submit."""
    found: dict[str, str] = {}
    for block in all_blocks(blocks):
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = state["values"].get(block["block_id"], {}).get(element["action_id"], {})
        name = _VALUE_FIELD[element["type"]][0]
        value = entry.get(name)
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif complaint := next(_value_complaints(element, value), None):
            found[block["block_id"]] = complaint
    return found


def _entry(element: JsonObject, fields: tuple[str, str], given: object) -> JsonObject:
    name, initial = fields
    empty: object = [] if name in _LISTS else None
    if isinstance(given, Mapping) and (name in given or given.get("type") == element["type"]):
        value = given.get(name, empty)
    elif given is not None:
        value = _by_value(element, given)
    else:
        value = element.get(initial, empty)
    return {"type": element["type"], name: None if value == "" else value}


def _by_value(element: JsonObject, given: object) -> object:
    """A bare value; for selects, the option whose `value` it is."""
    options = {option["value"]: option for option in options_of(element)}
    if isinstance(given, str) and options:
        return options.get(given)
    if isinstance(given, list) and options:
        return [options[value] if isinstance(value, str) else value for value in given]
    return given


def options_of(element: JsonObject) -> Iterator[JsonObject]:
    """All options of a select, radio or checkbox element, groups included."""
    yield from element.get("options") or ()
    for group in element.get("option_groups") or ():
        yield from group["options"]


def _value_complaints(element: JsonObject, value: object) -> Iterator[str]:
    kind = element["type"]
    text = value if isinstance(value, str) else ""
    if kind == "plain_text_input":
        least, most = int(element.get("min_length") or 0), int(element.get("max_length") or 3000)
        if len(text) < least:
            yield f"Please enter at least {least} characters."
        if len(text) > most:
            yield f"Please enter at most {most} characters."
    elif kind == "email_text_input" and not _EMAIL.fullmatch(text):
        yield "Please enter a valid email address."
    elif kind == "url_text_input" and not _URL.fullmatch(text):
        yield "Please enter a valid URL."
    elif kind == "number_input":
        yield from _number_complaints(element, text)
    elif kind == "file_input" and isinstance(value, list) and len(value) > int(element.get("max_files") or 10):
        yield f"Please choose at most {element.get('max_files') or 10} files."
    elif isinstance(value, list) and len(value) > int(element.get("max_selected_items") or len(value)):
        yield f"Please select at most {element['max_selected_items']} items."


def _number_complaints(element: JsonObject, text: str) -> Iterator[str]:
    if not _NUMBER.fullmatch(text):
        yield "Please enter a number."
        return
    if not element["is_decimal_allowed"] and "." in text:
        yield "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(text) < float(least):
        yield f"Please enter a number of at least {least}."
    if most is not None and float(text) > float(most):
        yield f"Please enter a number of at most {most}."
