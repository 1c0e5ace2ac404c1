"""A model's lines against the sources that it was given: quotes found, mended or looked for, none taken on trust."""

from __future__ import annotations

import pytest

from bot.models import Quote
from bot.writing.drafts import CitedQuote, DraftLine
from bot.writing.lines import Checker
from bot.writing.quotes import source_text

FIRST = "Verdance Energy seeks to restart its 835 MW plant at Elk Narrows, and will sell its electricity to Norrland."
SECOND = "The restart costs $1.6 billion, the company said on Friday."
OTHER = "Elk Narrows was shut in 2019. Residents oppose the restart."
TEXTS = {70: source_text("Elk Narrows to restart", f"{FIRST} {SECOND}"), 80: source_text("A second look", OTHER)}
NUMBERS = {70: 1, 80: 2}


def _line(text: str, quote: str, source: int = 1) -> DraftLine:
    return DraftLine(quotes=[CitedQuote(source=source, quote=quote)], text=text)


@pytest.fixture
def checker() -> Checker:
    """Two sources, whose ids are not their numbers."""
    return Checker(NUMBERS, TEXTS, language="en", finds=True)


def test_problems_name_sources_by_the_numbers_that_the_model_knows(checker: Checker) -> None:
    """Ids are ours; told of source 70, a model looks for one of that number."""
    looked = checker.look("what 1", _line("Residents sued Verdance.", "Residents sued the company.", 2))
    assert looked.sentence is None
    assert "is not in source 2" in looked.problems[0]


def test_a_quote_belongs_to_the_source_that_holds_it(checker: Checker) -> None:
    """A wrong number, one that there is not, or none."""
    for source in (2, 9, 0):
        looked = checker.look("what 1", _line(FIRST, FIRST, source))
        assert looked.sentence is not None
        assert looked.sentence.quotes == (Quote(70, FIRST),)


@pytest.mark.parametrize("quote", ["2026-11-21", "The plant will be restarted, Verdance said.", SECOND, ""])
def test_evidence_that_was_not_found_is_looked_for(checker: Checker, quote: str) -> None:
    """The words are near to a sentence of a source: that one is its quote, and the checker is content with it."""
    text = "Verdance Energy seeks to restart its 835 MW plant at Elk Narrows."
    looked = checker.look("what 1", _line(text, quote))
    assert looked.sentence is not None
    assert looked.sentence.quotes == (Quote(70, FIRST),)
    strict = Checker(NUMBERS, TEXTS, language="en")
    assert strict.look("sentence 1", _line(text, quote)).sentence is None


@pytest.mark.parametrize(
    "text",
    [
        "Verdance Energy will restart its 835 MW plant at Elk Narrows.",
        "Verdance Energy has restarted its 835 MW plant at Elk Narrows.",
        "Verdance Energy seeks to restart its 935 MW plant at Elk Narrows.",
        "Norrland seeks to restart its 835 MW plant at Elk Narrows.",
        "Verdance built a plant.",
        "The restart costs $1.6 billion.",
    ],
)
def test_what_is_looked_for_must_back_it(checker: Checker, text: str) -> None:
    """A hedge dropped, a figure or a name changed, a deed that nobody tells: no quote is found for it."""
    assert checker.look("what 1", _line(text, "nothing of the kind")).sentence is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{SECOND} It will be paid by Norrland.", SECOND),
        (f"{SECOND} Norrland pays $9 billion. {FIRST}", SECOND),
        (f"Norrland pays $9 billion. {SECOND}", None),
    ],
)
def test_of_several_sentences_those_at_the_beginning_count(checker: Checker, text: str, kept: str | None) -> None:
    """One bad sentence costs itself and what leans on it; nothing stands that began with it."""
    looked = checker.look("what 1", _line(text, SECOND))
    assert (looked.sentence.text if looked.sentence is not None else None) == kept


def test_headlines_are_short(checker: Checker) -> None:
    """A true sentence may be too long for its place."""
    looked = checker.look("headline", _line(FIRST, FIRST), headline=True, longest=60)
    assert looked.sentence is None
    assert looked.problems == ("longer than 60 characters",)


def test_a_sources_we_is_not_ours() -> None:
    """A sentence that is word for word the source's own may still not say "we" in our voice, but in its publisher's."""
    own = "We lost 512 cards at Port Ellery."
    checker = Checker({70: 1}, {70: own}, language="en", publishers={70: "Warm Cache"}, finds=True)
    refused = checker.look("what 1", _line(own, own))
    assert refused.sentence is None
    assert 'Warm Cache writes: "…"' in refused.problems[0]
    assert checker.look("what 1", _line(f'Warm Cache writes: "{own}"', own)).sentence is not None
    assert checker.look("headline", _line(own, own), headline=True).sentence is not None
