"""What the grounding checker makes of true sentences bent a little, and of true ones said in other words.

`distortions.toml` has them by their source. Each refused one was let through, or could have been, by a checker that
looks at figures, names and negations alone; each other was, or could have been, refused by a stricter one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.models import Quote, Sentence
from bot.writing.grounding import check

_SOURCES = tomllib.loads(Path(__file__).with_name("distortions.toml").read_text("utf-8"))["source"]


def _all(kind: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text, tuple(source["quotes"])) for source in _SOURCES for text in source.get(kind, ())]


def _problems(text: str, quotes: tuple[str, ...]) -> tuple[str, ...]:
    return check(Sentence(text, tuple(Quote(1, quote) for quote in quotes)), {1: " ".join(quotes)}).problems


@pytest.mark.parametrize(("text", "quotes"), _all("refused"))
def test_a_bent_sentence_is_refused(text: str, quotes: tuple[str, ...]) -> None:
    """Another unit, bound, time, speaker, part or side than the source's is never shown, whatever else is right."""
    assert _problems(text, quotes)


@pytest.mark.parametrize(("text", "quotes"), _all("passes"))
def test_a_true_sentence_in_other_words_passes(text: str, quotes: tuple[str, ...]) -> None:
    """The checker refuses what is false, not what is worded otherwise."""
    assert _problems(text, quotes) == ()


def test_the_problem_names_what_is_wrong() -> None:
    """A writer that is told can write it right."""
    source = "Norrland has 400 MW and Halden has 300 MW."
    assert _problems("Halden has 400 MW.", (source,)) == ("gives 400 MW to what its source says 300 MW of",)
    assert _problems("Prices fell to $4.", ("Prices fell by $4.",)) == ('says "to $4" where its source says "by"',)
    order = "It is the second largest campus in the region."
    assert _problems("It is the largest campus in the region.", (order,)) == ('drops "second" before "largest"',)
