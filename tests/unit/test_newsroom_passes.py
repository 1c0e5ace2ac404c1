"""Signed passes: only ours, only for what they were made for, only for as long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAllowedError
from bot.models import Pass
from bot.newsroom import passes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = b"k" * passes.KEY_BYTES
MADE = Pass("T1", "U1", NOW + passes.LINK_LIFE, "link")


def test_a_pass_comes_back_as_it_was() -> None:
    """Until it expires, and not a second longer."""
    text = passes.sign(KEY, MADE)
    assert passes.read(KEY, text, use="link", now=NOW) == MADE
    with pytest.raises(NotAllowedError, match="expired"):
        passes.read(KEY, text, use="link", now=MADE.until)


def test_a_link_is_no_visit() -> None:
    """A pass of minutes cannot be put into the cookie of hours."""
    with pytest.raises(NotAllowedError, match="not one of ours"):
        passes.read(KEY, passes.sign(KEY, MADE), use="visit", now=NOW)


def test_another_key_makes_no_pass() -> None:
    """Not of another store, nor without the key."""
    with pytest.raises(NotAllowedError, match="not one of ours"):
        passes.read(b"x" * passes.KEY_BYTES, passes.sign(KEY, MADE), use="link", now=NOW)


@given(place=st.integers(min_value=0), character=st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_pass_is_none(place: int, character: str) -> None:
    """Whatever character is changed, it is refused, or means exactly the same."""
    text = passes.sign(KEY, MADE)
    place %= len(text)
    changed = text[:place] + character + text[place + 1 :]
    try:
        found = passes.read(KEY, changed, use="link", now=NOW)
    except NotAllowedError:
        return
    assert found == MADE


@given(st.text(max_size=80))
def test_anything_else_is_none(text: str) -> None:
    """No text makes it fail in another way."""
    with pytest.raises(NotAllowedError):
        passes.read(KEY, text, use="link", now=NOW - timedelta(days=1))
