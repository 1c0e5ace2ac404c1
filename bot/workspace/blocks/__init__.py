"""Block Kit as Slack checks it: pure functions from blocks or a view to a list of faults.

The words and JSON pointers follow Slack's `response_metadata.messages`; each limit is Slack's, from the
page named in the module that holds it.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.workspace.blocks.kinds import MARKDOWN_MOST, SURFACES
from bot.workspace.blocks.schema import Problem, array, by_type
from bot.workspace.blocks.views import check_view
from bot.workspace.blocks.walk import action_element, all_blocks, elements_of, text_length, with_ids
from bot.workspace.shapes import ApiError

__all__ = [
    "Problem",
    "action_element",
    "all_blocks",
    "blocks_error",
    "check_blocks",
    "check_view",
    "elements_of",
    "with_ids",
]

MESSAGE_MOST = 50
TEXT_MOST = 13_200
"""About where Slack answers `msg_blocks_too_long`: all text of a message's blocks together."""
TABLES_MOST = 10_000
"""Characters in a message's tables together (Slack's table block reference)."""


def check_blocks(
    blocks: object, *, surface: str = "message", at: str = "/blocks", most: int = MESSAGE_MOST
) -> list[Problem]:
    """Everything that is wrong with an array of blocks.

    Args:
        blocks: The parsed JSON.
        surface: `message`, `modal` or `home`: each takes other kinds of block.
        at: The JSON pointer of the array.
        most: How many blocks are allowed.
    """
    problems = list(array(by_type(SURFACES[surface]), most, least=0)(blocks, at))
    if not problems and isinstance(blocks, list):
        problems += _together(blocks, at)
    return problems


def blocks_error(blocks: object) -> ApiError | None:
    """The error that Slack answers a message with these blocks with, or None where it takes them."""
    problems = check_blocks(blocks)
    if problems:
        lines = [str(problem) for problem in problems]
        return ApiError(
            "invalid_blocks", errors=lines, response_metadata={"messages": [f"[ERROR] {line}" for line in lines]}
        )
    if isinstance(blocks, list) and sum(text_length(block) for block in blocks) > TEXT_MOST:
        return ApiError("msg_blocks_too_long")
    return None


def _together(blocks: Sequence[Mapping[str, object]], at: str) -> Iterator[Problem]:
    """What is wrong between blocks that are each right."""
    seen: set[object] = set()
    for block in blocks:
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            yield Problem(at, f"block_id must be unique: {block_id}")
        seen.add(block_id)
    markdown = sum(text_length(block) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_MOST:
        yield Problem(at, f"all markdown blocks together must be less than {MARKDOWN_MOST + 1} characters")
    tables = [block for block in blocks if block.get("type") == "table"]
    if len(tables) > 1:
        yield Problem(at, "only_one_table_allowed")
    if sum(text_length(block) for block in tables) > TABLES_MOST:
        yield Problem(at, f"all tables together must be less than {TABLES_MOST + 1} characters")
