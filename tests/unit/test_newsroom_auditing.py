"""The audit trail: what offers an Undo button is what can be undone, and each line says what was done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.models import UNDOABLE, Change
from bot.newsroom.auditing import Auditing
from bot.slack.blocks.audit import change_line, with_undo
from bot.slack.blocks.notices import said

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_buttons_are_offered_for_what_can_be_undone() -> None:
    """Neither a button that fails nor a change without its button."""
    assert set(object.__new__(Auditing)._ways_back) == UNDOABLE


@pytest.mark.parametrize(
    ("action", "detail", "part"),
    [
        ("remove", {"title": "Rack <Post>"}, "<@U1> removed *Rack &lt;Post&gt;*"),
        ("pause", {"feeds": ["x"], "channel": False, "title": "Rack"}, "paused *Rack*"),
        ("pause", {"feeds": ["x"], "channel": True, "title": "Rack"}, "paused the whole channel"),
        ("threshold", {"from": 0.35, "to": 0.5}, "set the threshold from 0.35 to 0.5"),
        ("filter", {"filter": "not `x`", "title": ""}, "filtered *every feed* by `not x`"),
        ("appoint", {"subject": "S123"}, "named <!subteam^S123>"),
        ("undo", {"what": "remove", "title": "Rack"}, "took back “remove” *Rack*"),
        ("import", {"feeds": 12}, "imported 12 feeds"),
        ("something new", {}, "something new"),
    ],
)
def test_a_line_says_who_did_what(action: str, detail: dict[str, Any], part: str) -> None:
    """In a sentence, with what came from outside escaped."""
    assert part in change_line(Change(1, "U1", action, "C1", detail, NOW))


def test_an_answer_gets_its_undo_button_once() -> None:
    """Not for what was taken back, nor for what has no way back."""
    message = said("Removed.")
    change = Change(1, "U1", "remove", "C1", {}, NOW)
    assert len(with_undo(message, change).blocks) == 2
    assert with_undo(message, Change(1, "U1", "remove", "C1", {}, NOW, NOW)) is message
    assert with_undo(message, Change(1, "U1", "seed", "C1", {}, NOW)) is message
    assert with_undo(message, None) is message
