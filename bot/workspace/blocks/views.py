"""Checks for views: modals and App Home tabs.

Limits: https://docs.slack.dev/reference/views
"""

from collections.abc import Iterator, Mapping

from bot.workspace.blocks.kinds import SURFACES
from bot.workspace.blocks.objects import plain
from bot.workspace.blocks.schema import Check, Problem, anything, array, boolean, both, by_type, one_of, record, string

VIEW_BLOCKS_MOST = 100
_SHARED: Mapping[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_IGNORED: Mapping[str, Check] = dict.fromkeys(
    (
        "id",
        "team_id",
        "app_id",
        "bot_id",
        "app_installed_team_id",
        "hash",
        "root_view_id",
        "previous_view_id",
        "state",
        "clear_on_close",
        "notify_on_close",
    ),
    anything,
)
"""What a view that came from Slack carries, and Slack takes back without looking."""


def _submit_where_inputs(value: object, at: str) -> Iterator[Problem]:
    """A modal with inputs needs a submit button."""
    if not isinstance(value, dict) or value.get("submit"):
        return
    blocks = value.get("blocks")
    if isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks):
        yield Problem(at, "missing required field: submit")


_MODAL = both(
    record(
        {
            "type": one_of("modal"),
            "title": plain(24),
            "blocks": array(by_type(SURFACES["modal"]), VIEW_BLOCKS_MOST, least=0),
        },
        {
            **_SHARED,
            **_IGNORED,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    _submit_where_inputs,
)
_HOME = record(
    {"type": one_of("home"), "blocks": array(by_type(SURFACES["home"]), VIEW_BLOCKS_MOST, least=0)},
    {**_SHARED, **_IGNORED},
)


def check_view(view: object, *, surface: str) -> list[Problem]:
    """Everything that is wrong with a view; `surface` is `modal` or `home`."""
    problems = list((_MODAL if surface == "modal" else _HOME)(view, "/view"))
    if not problems and isinstance(view, dict):
        problems += _unique_ids(view["blocks"])
    return problems


def _unique_ids(blocks: list[Mapping[str, object]]) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            yield Problem(f"/view/blocks/{index}/block_id", f"block_id must be unique: {block_id}")
        seen.add(block_id)
