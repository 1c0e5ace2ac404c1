"""The second look at what is shown: it must see what the first one should have stopped, and nothing else."""

import pytest

from bot.evaluation.checks import bad_quotes, mentions, reaches, unsupported_numbers
from bot.evaluation.values import states, value
from bot.models import Article, Quote, Sentence
from bot.stories.facts import extract

SOURCE = "The plant will cost $1.9 billion. Fourteen turbines give 420\u00a0MW, said the “Brandt” board – at last."


def sentence(text: str, *quotes: str) -> Sentence:
    """A sentence citing pieces of article 1."""
    return Sentence(text, tuple(Quote(1, quote) for quote in quotes))


def test_quotes_are_word_for_word() -> None:
    """Typography may differ, words may not; an article that isn't there holds no quote."""
    good = sentence("x", 'said the "Brandt" board - at last.', "Fourteen turbines give 420 MW")
    assert bad_quotes([good], {1: SOURCE}) == ()
    assert len(bad_quotes([sentence("x", "Fifteen turbines give 420 MW")], {1: SOURCE})) == 1
    assert len(bad_quotes([good], {2: SOURCE})) == 2
    assert "cites nothing" in bad_quotes([sentence("x")], {1: SOURCE})[0]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It costs $1.9bn.", "The plant will cost $1.9 billion."),
        ("The campus has 1,200 MW.", "a 1.2-gigawatt campus"),
        ("14 turbines.", "Fourteen turbines"),
        ("About $8 billion.", "a price of $8.2 billion"),
        ("480 MW of 1,900 MW", "480 MW … 1\u00a0900 MW"),
        ("A reactor restarts.", "The reactor restarts."),
    ],
)
def test_figures_in_other_writing_are_supported(text: str, quote: str) -> None:
    """Scales, words and rounding don't make another figure."""
    assert unsupported_numbers(sentence(text, quote)) == ()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It costs $2.9 billion.", "The plant will cost $1.9 billion."),
        ("It has 1.2 MW.", "a 1.2-gigawatt campus"),
        ("15 turbines.", "Fourteen turbines"),
        ("9 of them.", "a price of $8.2 billion"),
        ("Corvid 4 is out.", "Corvid 3 is out."),
    ],
)
def test_other_figures_are_not_supported(text: str, quote: str) -> None:
    """Another value, another scale, or a number from nowhere is seen."""
    assert len(unsupported_numbers(sentence(text, quote))) == 1


def test_links_and_mentions_are_seen() -> None:
    """Anything that would reach out of a message: links, mentions, images, scripts."""
    for text in ("see https://x.example", "<!channel> hi", "<@U123>", "[a](b)", "@here now", "![x](y)", "javascript:x"):
        assert reaches(text), text
    assert not reaches("Prices rose 5 % (a record) at example.com, e-mail a@b.")


def test_labelled_values_are_found_in_text() -> None:
    """A label in base units meets the ways in which people write it."""
    assert mentions("a $1.9 billion bill", "1900000000 USD")
    assert mentions("Fourteen machines", "14 turbines")
    assert mentions("2 GW of capacity", "2000 MW")
    assert not mentions("$1.9 million", "1900000000 USD")


def test_labels_against_facts() -> None:
    """A fact states a label by value and kind; a wrong unit is another value."""
    article = Article(1, 1, "x", "https://x.example", "T", "P", text="It will take 900 MW and $340 million by 2030.")
    facts = extract(article)
    assert any(states(fact, "900 MW") for fact in facts)
    assert any(states(fact, "0.9 GW") for fact in facts)
    assert any(states(fact, "340000000 USD") for fact in facts)
    assert not any(states(fact, "900 GW") for fact in facts)
    assert not any(states(fact, "340000000 EUR") for fact in facts)
    assert value("several") is None
    clock = value("04:12")
    assert clock is not None
    assert (clock.number, clock.kinds) == (252.0, frozenset({"clock"}))
