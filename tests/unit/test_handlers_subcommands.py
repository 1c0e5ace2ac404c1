from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from handlers.subcommands import TOPIC_VERBS, FilterCommand, TopicsCommand, parse_filter, parse_style, parse_topics


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", TopicsCommand("")),
        ("list", TopicsCommand("")),
        ('add "HBM" AND (Samsung OR "SK hynix")', TopicsCommand("add", '"HBM" AND (Samsung OR "SK hynix")')),
        ("follow Money and deals", TopicsCommand("add", "Money and deals")),
        ("REM 3", TopicsCommand("remove", "3")),
        ("mute Money and deals", TopicsCommand("mute", "Money and deals")),
        ("mute Money and deals 14", TopicsCommand("mute", "Money and deals", 14)),
        ("mute Money and deals for 3 days", TopicsCommand("mute", "Money and deals", 3)),
        ("mute 7", TopicsCommand("mute", "7")),
        ("mute 7 30d", TopicsCommand("mute", "7", 30)),
        ("threshold", TopicsCommand("threshold")),
        ("threshold 0.4", TopicsCommand("threshold", number=0.4)),
        ("threshold 0,4", TopicsCommand("threshold", number=0.4)),
        ("substance .3", TopicsCommand("substance", number=0.3)),
        ("substance 40 %", TopicsCommand("substance", number=0.4)),
        ("reset", TopicsCommand("reset")),
    ],
)
def test_topics_are_read_as_they_are_meant(text: str, meant: TopicsCommand) -> None:
    """Verbs, their beginnings and aliases; days only after a topic; numbers as people write them."""
    assert parse_topics(text) == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mtue 3", "Did you mean `mute`?"),
        ("blabla", "comes one of `add`"),
        ("re 3", "comes one of"),
        ("threshold high", "no number"),
        ("threshold .", "no number"),
        ("threshold -1", "no number"),
    ],
)
def test_what_is_not_understood_is_said(text: str, says: str) -> None:
    """With the nearest word, or what to type."""
    with pytest.raises(UserError) as raised:
        parse_topics(text)
    assert says in str(raised.value)


@given(st.text(max_size=60))
def test_anything_typed_is_read_or_refused_in_words(text: str) -> None:
    """Nothing else is ever raised."""
    try:
        read = parse_topics(text)
    except UserError:
        return
    assert read.verb in {*TOPIC_VERBS, ""}


def test_style_and_language_are_told_apart() -> None:
    """`language` and what follows it is the language; anything else a style."""
    assert parse_style("") == ("", "")
    assert parse_style("one line") == ("style", "one line")
    assert parse_style("language  de") == ("language", "de")
    assert parse_style("LANG German") == ("language", "German")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", FilterCommand("")),
        ("list", FilterCommand("")),
        ("add 2 about inference cost", FilterCommand("add", "2", "about inference cost")),
        ("add all not gaming", FilterCommand("add", "all", "not gaming")),
        ('add "Rack Post" "HBM" AND Samsung', FilterCommand("add", "Rack Post", '"HBM" AND Samsung')),
        ("add 2", FilterCommand("add", "2")),
        ("rem 3", FilterCommand("remove", text="3")),
    ],
)
def test_filter_words_are_read(rest: str, expected: FilterCommand) -> None:
    """Whose articles, by number, `all` or a quoted name, and the rule as typed."""
    assert parse_filter(rest) == expected
