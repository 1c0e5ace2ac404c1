from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.stories.filters import DEEPEST, LONGEST, document, is_filter, parse
from bot.stories.tokens import MOST_TERMS

HBM = "Samsung ships HBM4 stacks; SK hynix follows. High-bandwidth memory (HBM) for AI, not for games."


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("HBM", True),
        ("hbm", True),
        ("HB", False),
        ("hb*", None),
        ("hbm*", True),
        ("sam*", True),
        ('"SK hynix"', True),
        ('"hynix SK"', False),
        ('"HBM" AND (Samsung OR "SK hynix") NOT gaming', True),
        ("“HBM” AND (Samsung OR “SK hynix”) NOT games", False),
        ("Micron OR Samsung", True),
        ("Micron, Samsung", True),
        ("Micron Samsung", False),
        ("NOT Micron AND Samsung", True),
        ("Samsung AND NOT (games OR gaming)", False),
        ("high-bandwidth", True),
        ("bandwidth-high", False),
        ("Micron OR Samsung AND HBM4", True),
        ("(Micron OR Samsung) AND HBM5", False),
        ("ai and games", True),
        ('"SK hynix" or Micron', True),
        ("Samsung not games", False),
        ("Samsung -games", False),
        ("+Samsung +HBM4", True),
        ("Samsung | Micron", True),
        ("Samsung && Micron", False),
        ("Micron; Samsung", True),
        ("Micron / Samsung", True),
        ("Micron OR Samsung, NOT games", False),
        ("Micron OR Samsung, NOT gaming", True),
        ("Samsung,, Micron,", True),
        ("Samsung UND HBM4 NICHT Micron", True),
        ('anything about "SK hynix" in the news', True),
    ],
)
def test_a_filter_matches_what_it_says(expression: str, matches: bool | None) -> None:  # noqa: FBT001  # an expected value
    """Words at their boundaries, phrases in a row, operators with NOT before AND before OR, typographic quotes too."""
    if matches is None:
        with pytest.raises(UserError, match="3 letters"):
            parse(expression)
    else:
        assert parse(expression).matches(document(HBM)) is matches


def test_small_words_ask_for_nothing() -> None:
    """A sentence's "the" and "about" are not looked for, unless they stand in quotes; alone they are refused."""
    assert str(parse('the price of "state of the grid"')) == 'price AND "state of the grid"'
    with pytest.raises(UserError, match="nearly every text"):
        parse("about the")


def test_text_without_spaces_is_matched_character_by_character() -> None:
    """A Chinese or Japanese keyword is found inside a running text."""
    assert parse("半導体").matches(document("新しい半導体工場"))
    assert not parse("半体").matches(document("新しい半導体工場"))


def test_it_says_which_words_it_found() -> None:
    """The reason under a post names what was wanted and is there, once each."""
    assert parse('"SK hynix" OR Samsung OR Micron NOT gaming').found(document(HBM)) == ('"SK hynix"', "Samsung")


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "Which words?"),
        ("HBM AND", "missing after `AND`"),
        ("OR HBM", "missing before `OR`"),
        ("(HBM", "without its `)`"),
        ("HBM)", "without its `(`"),
        ("()", "nothing in the brackets"),
        ("(HBM OR)", "missing after `OR`"),
        ('"SK hynix', "has no end"),
        ("NOT gaming", "only what you do not want"),
        ("HBM OR NOT gaming", "only what you do not want"),
        ("---", "no letters or digits"),
        ("*cooling", "at the end of a word alone"),
        ("data*center", "at the end of a word alone"),
        ("title:HBM", "`/tapeout filter` asks for titles"),
        (r"/HBM\d/", "`/tapeout filter` takes patterns"),
        ("(HBM NEAR memory)", "don't know `NEAR`"),
        ("nicht Gaming", "only what you do not want"),
        ("-gaming", "only what you do not want"),
        ('""', "no letters or digits"),
        ("x" * (LONGEST + 1), "too long"),
        (" ".join(["x"] * (MOST_TERMS + 1)), "too many words"),
        ("(" * (DEEPEST + 2) + "x" + ")" * (DEEPEST + 2), "too many brackets"),
        ("NOT " * (DEEPEST + 2) + "x", "too many brackets"),
    ],
)
def test_what_cannot_be_understood_is_said_in_words(expression: str, says: str) -> None:
    """Each mistake has a sentence that says what is missing."""
    with pytest.raises(UserError) as raised:
        parse(expression)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("inference latency on custom chips", False),
        ("power & cooling of large racks", False),
        ("nuclear power -weapons", True),
        ("HBM || DRAM from Korea", True),
        ("HBM4 stacks; DRAM prices", True),
        ("Inference latency, and what it costs, on custom chips", False),
        ("HBM", True),
        ("SK hynix", True),
        ("HBM, DRAM, SK hynix", True),
        ("HBM OR DRAM stacks from Korea", True),
        ('anything about "SK hynix" in Korea', True),
        ("the price of accelerat* in clouds", True),
    ],
)
def test_sentences_and_keywords_are_told_apart(text: str, meant: bool) -> None:  # noqa: FBT001  # an expected value
    """Operators, quotes, brackets, stars, short lists and one or two words are keywords; else it is a sentence."""
    assert is_filter(text) is meant


_pieces = st.sampled_from(["HBM", "Samsung", '"SK hynix"', "gam*", "AND", "OR", "NOT", "(", ")", ",", '"', "a-b", "…"])


@settings(max_examples=300, deadline=None)
@given(st.lists(_pieces, max_size=14).map(" ".join))
def test_anything_is_understood_or_refused_and_written_back_the_same(text: str) -> None:
    """Whatever is typed is a filter or a sentence of ours; a filter as we write it means the same again."""
    try:
        read = parse(text)
    except UserError:
        return
    assert str(parse(str(read))) == str(read)
    for other in (HBM, "a b", "gaming", ""):
        assert parse(str(read)).matches(document(other)) is read.matches(document(other))


def test_a_hostile_filter_is_not_slow() -> None:
    """The longest filter on a long repetitive text takes milliseconds: nothing backtracks."""
    text = document("a " * 20_000)
    phrase = " ".join(["a"] * 40)
    began = time.thread_time()  # the processor's: a busy machine changes nothing
    parse(f'"{phrase} b" OR ' + " OR ".join(f'"a a a b{n}"' for n in range(9))).matches(text)
    assert time.thread_time() - began < 5
