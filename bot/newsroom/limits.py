"""How much may be asked, and the kind words where it was more. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Longer questions are not read: Slack's own limit for a section, and more than anybody asks.
MOST_CHARACTERS = 3_000
#: The same words in the same thread within this time are one question: two people, or a client that sends twice.
SAME_WITHIN = timedelta(seconds=15)
USER_WINDOW = timedelta(minutes=10)
TEAM_WINDOW = timedelta(hours=1)

TOO_LONG = f"That is longer than the {MOST_CHARACTERS:,} characters that I read: please ask it in fewer words."


@dataclass(frozen=True, slots=True)
class Limits:
    """How many questions are answered.

    Attributes:
        user: of one person within `USER_WINDOW`.
        team: of one workspace within `TEAM_WINDOW`.
        at_once: of everybody at the same time.
    """

    user: int = 20
    team: int = 300
    at_once: int = 4


def refusal(limits: Limits, own: Sequence[datetime], everybodys: Sequence[datetime], asked_at: datetime) -> str | None:
    """Why a question has to wait, in a sentence that says until when; None: it has not.

    Args:
        limits: what is allowed.
        own: when the person asked before, newest first …
        everybodys: … and when anybody of the workspace did.
        asked_at: when this question came in.
    """
    if free_at := _full_until(own, limits.user, asked_at, USER_WINDOW):
        return (
            f"You have asked me {_count(limits.user)} within ten minutes, and others want answers too. "
            f"Please ask this again {_in(free_at - asked_at)}."
        )
    if free_at := _full_until(everybodys, limits.team, asked_at, TEAM_WINDOW):
        return (
            f"This workspace has asked me {_count(limits.team)} within an hour, which is as many as I may answer. "
            f"Please ask this again {_in(free_at - asked_at)}."
        )
    return None


def _full_until(before: Sequence[datetime], most: int, asked_at: datetime, window: timedelta) -> datetime | None:
    """When there is room again; None: there is."""
    counted = [moment for moment in before if moment > asked_at - window]
    return counted[most - 1] + window if len(counted) >= most else None


def _count(number: int) -> str:
    return f"{number:,} question{'' if number == 1 else 's'}"


def _in(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    return "in a minute" if minutes <= 1 else f"in {minutes} minutes"


def same_words(one: str, other: str) -> bool:
    """Whether two questions are the same but for case, spaces and punctuation."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
