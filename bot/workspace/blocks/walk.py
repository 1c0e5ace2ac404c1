"""Walking through blocks: the nested ones, their interactive elements, their text, their ids."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.workspace.shapes import JsonObject

_NESTED = {"container": "child_blocks", "carousel": "elements", "plan": "tasks", "auth_provider": "fallback"}
_ELEMENTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}
_ELEMENT = {"section": "accessory", "input": "element", "auth_provider": "accessory"}
_TEXT_FIELDS = frozenset({"text", "title", "details", "output"})
_PASSIVE = frozenset({"image"})


def all_blocks(blocks: Sequence[JsonObject]) -> Iterator[JsonObject]:
    """The blocks, and those inside containers, carousels and plans."""
    for block in blocks:
        yield block
        nested = block.get(_NESTED.get(str(block.get("type")), ""))
        if nested:
            yield from all_blocks(nested)


def elements_of(block: JsonObject) -> Iterator[JsonObject]:
    """The elements of one block that a person can act on."""
    kind = str(block.get("type"))
    found = list(block.get(_ELEMENTS.get(kind, "")) or ())
    single = block.get(_ELEMENT.get(kind, ""))
    if single:
        found.append(single)
    yield from (element for element in found if element.get("type") not in _PASSIVE)


def action_element(
    blocks: Sequence[JsonObject], action_id: str, block_id: str | None = None
) -> tuple[JsonObject, JsonObject] | None:
    """The block and the element of an action, or None where these blocks have none like it."""
    for block in all_blocks(blocks):
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    return None


def with_ids(blocks: Sequence[JsonObject], new_id: Callable[[], str]) -> list[JsonObject]:
    """A copy in which each block has a block_id and each interactive element an action_id, as Slack adds them."""
    filled = copy.deepcopy(list(blocks))
    for block in all_blocks(filled):
        if not block.get("block_id"):
            block["block_id"] = new_id()
        for element in elements_of(block):
            if not element.get("action_id"):
                element["action_id"] = new_id()
    return filled


def text_length(value: object) -> int:
    """The characters of text in a block, wherever in it they stand."""
    if isinstance(value, Mapping):
        own = sum(len(v) for k, v in value.items() if k in _TEXT_FIELDS and isinstance(v, str))
        return own + sum(text_length(v) for v in value.values() if not isinstance(v, str))
    if isinstance(value, list):
        return sum(text_length(entry) for entry in value)
    return 0
