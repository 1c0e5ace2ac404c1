"""How much may be asked: counted within windows, refused with the time at which there is room again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.newsroom.limits import Limits, refusal, same_words

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMITS = Limits(user=2, team=3)


def ago(*minutes: float) -> list[datetime]:
    """Moments so many minutes before now."""
    return [NOW - timedelta(minutes=number) for number in minutes]


def test_up_to_the_limit_nobody_waits() -> None:
    """One question less than allowed, and those before the window, change nothing."""
    assert refusal(LIMITS, ago(1), ago(1, 2), NOW) is None
    assert refusal(LIMITS, ago(1, 10, 11), ago(1, 10, 60, 61), NOW) is None


def test_a_person_hears_when_to_ask_again() -> None:
    """The oldest that fills the window says when there is room: asked eight minutes ago, in two minutes."""
    said = refusal(LIMITS, ago(1, 8), ago(1, 8), NOW)
    assert said is not None
    assert said.startswith("You have asked me 2 questions within ten minutes")
    assert said.endswith("in 2 minutes.")
    almost = refusal(LIMITS, ago(1, 9.9), ago(1, 9.9), NOW)
    assert almost is not None
    assert almost.endswith("in a minute.")


def test_a_workspace_hears_it_too() -> None:
    """Many people together reach the workspace's limit, none of them their own."""
    said = refusal(LIMITS, ago(1), ago(1, 5, 50), NOW)
    assert said is not None
    assert "This workspace has asked me 3 questions within an hour" in said
    assert said.endswith("in 10 minutes.")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("How much  POWER does it draw", True),
        ("How much power does it draw??", True),
        ("How much does it cost?", False),
    ],
)
def test_the_same_question_is_known_by_its_words(other: str, *, same: bool) -> None:
    """Case, spaces and punctuation make no other question."""
    assert same_words("How much power does it draw?", other) is same
