"""Text is cut into sentences, words and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.sentences import names, normalise, split, words


def test_normalise_folds_writing_not_words() -> None:
    """Quotes, dashes, spaces, ligatures and invisible characters fold; case and words stay."""
    assert normalise("“It’s\u00a0 a ﬁrst”\u200b — he\n said…") == '"It\'s a first" - he said...'


@given(st.text())
def test_normalise_is_stable(text: str) -> None:
    """Folding twice changes nothing, whatever the text."""
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia Corp. said Mr. Huang met J. Smith of Acme Inc. in the U.S. on Monday.",
        "It cost $1.5 billion, or 3.2 percent of sales, vs. 2.9 percent before.",
        '"Really?" asked Dr. Lee of the St. Louis lab.',
        "It ships in Nov. 2026, i.e. next week.",
        "Yahoo! said so.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    """Abbreviations, initials, decimals and quoted questions end no sentence."""
    assert [span.text for span in split(text)] == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is in the U.S. The deal closed.", 2),
        ("He works at Acme Inc. The firm declined to comment.", 2),
        ('"We are ready." He left.', 2),
        ("It works! Does it? Yes.", 3),
        ("台積電今天宣布。新工廠將建成。", 2),
        ("Two things:\n- First item\n- Second item", 3),
        ("A title\n\nA paragraph. Another sentence", 3),
    ],
)
def test_sentences_part(text: str, count: int) -> None:
    """Sentences end where a reader would end them."""
    assert len(split(text)) == count


@given(st.text(alphabet="ab AB.!?\n\"'-1,$。"))
def test_spans_cut_out_their_text(text: str) -> None:
    """Each span's offsets cut out its text, in order and without overlap; paragraphs never go back."""
    last, paragraph = 0, 0
    for span in split(text):
        assert text[span.start : span.end] == span.text
        assert span.start >= last
        assert span.paragraph >= paragraph
        last, paragraph = span.end, span.paragraph


def test_paragraphs_are_counted() -> None:
    """A blank line starts a paragraph."""
    assert [span.paragraph for span in split("One. Two.\n\nThree.\n\n\n\nFour.")] == [0, 0, 1, 2]


def test_words_meet_across_forms() -> None:
    """Plurals, endings, case, quotes and hyphens don't keep words apart; stop words go."""
    assert words("The chips’ facilities were delayed") == words("chip facility delay")
    assert "rack" in words("a rack-scale system")
    assert words("the of and") == ()


def test_names() -> None:
    """Names are found by capitals, without openers, weekdays, legal forms and possessives."""
    text = "On Monday Nvidia Corp. and Microsoft's Azure met Bank of America. The firm runs vLLM on TPU-7."
    assert names(text) == ("Nvidia", "Microsoft", "Azure", "Bank of America", "vLLM", "TPU-7")


def test_names_in_title_case() -> None:
    """In a Title Case headline only words that can't be ordinary ones are names."""
    assert names("Nvidia Unveils New Rack-Scale System for AI Training With NVLink 6") == ("AI", "NVLink")


def test_a_sentence_opener_is_a_name_unless_seen_in_lower_case() -> None:
    """The first word of a sentence counts only if it isn't an ordinary word elsewhere in the text."""
    assert names("Halden buys turbines. Turbines are scarce.") == ("Halden",)
