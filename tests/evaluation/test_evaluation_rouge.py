"""The stemmer against the examples of its paper, ROUGE against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.porter import stem
from bot.evaluation.rouge import common, rouge, tokens

# Porter's own examples, taken through all steps.
STEMS = {
    "caresses": "caress", "ponies": "poni", "ties": "ti", "cats": "cat", "feed": "feed", "agreed": "agre",
    "plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing", "conflated": "conflat",
    "troubled": "troubl", "sized": "size", "hopping": "hop", "tanned": "tan", "falling": "fall", "hissing": "hiss",
    "fizzed": "fizz", "failing": "fail", "filing": "file", "happy": "happi", "sky": "sky", "relational": "relat",
    "conditional": "condit", "rational": "ration", "valenci": "valenc", "digitizer": "digit", "radically": "radic",
    "differently": "differ", "vileness": "vile", "analogously": "analog", "vietnamization": "vietnam",
    "predication": "predic", "operator": "oper", "feudalism": "feudal", "decisiveness": "decis",
    "hopefulness": "hope", "callousness": "callous", "formality": "formal", "sensitivity": "sensit",
    "triplicate": "triplic", "formative": "form", "electrical": "electr", "goodness": "good", "revival": "reviv",
    "allowance": "allow", "inference": "infer", "airliner": "airlin", "adjustable": "adjust", "irritant": "irrit",
    "replacement": "replac", "adoption": "adopt", "communism": "commun", "activate": "activ", "homologous": "homolog",
    "effective": "effect", "probate": "probat", "rate": "rate", "cease": "ceas", "controlling": "control",
    "roll": "roll", "generalizations": "gener", "oscillators": "oscil", "at": "at", "h200": "h200",
}  # fmt: skip


@pytest.mark.parametrize(("word", "stemmed"), STEMS.items())
def test_porter(word: str, stemmed: str) -> None:
    """Each example of the paper comes out as it says."""
    assert stem(word) == stemmed


def test_rouge_of_a_worked_example() -> None:
    """One word of three differs: two of three words, one of two pairs, and two in a row are common."""
    score = rouge(["police killed gunmen"], ["police kill the gunman"], stems=False)
    assert score.r1 == pytest.approx(2 * (1 / 3) * (1 / 4) / (1 / 3 + 1 / 4))
    score = rouge(["the cat sat"], ["the cat ran"], stems=False)
    assert score.r1 == pytest.approx(2 / 3)
    assert score.r2 == pytest.approx(1 / 2)
    assert score.l == pytest.approx(2 / 3)
    assert score.lsum == pytest.approx(2 / 3)


def test_words_count_as_often_as_they_stand() -> None:
    """Saying a word four times finds it as often as the reference has it, no more."""
    score = rouge(["the the the the"], ["the cat the mat"], stems=False)
    assert score.r1 == pytest.approx(2 / 4)


def test_order_matters_to_the_longest_common_subsequence() -> None:
    """Turned round, all words are there, but only one in order."""
    score = rouge(["c b a"], ["a b c"], stems=False)
    assert score.r1 == 1.0
    assert score.l == pytest.approx(1 / 3)
    assert common(["x", "b", "c"], ["b", "x", "c"]) in ([0, 2], [1, 2])


def test_sentences_in_another_order_cost_nothing_by_sentences() -> None:
    """The union over sentences doesn't see their order, the whole text does."""
    score = rouge(["d e f", "a b c"], ["a b c", "d e f"], stems=False)
    assert score.lsum == 1.0
    assert score.l == pytest.approx(1 / 2)


def test_by_sentences_a_worked_example() -> None:
    """Lin's example: of the reference w1 w2 w3 w4 w5, two sentences of the summary cover w1 w2 and w1 w3 w5: four."""
    score = rouge(["w1 w2 w6 w7 w8", "w1 w3 w8 w9 w5"], ["w1 w2 w3 w4 w5"], stems=False)
    precision, recall = 4 / 10, 4 / 5
    assert score.lsum == pytest.approx(2 * precision * recall / (precision + recall))


def test_by_sentences_a_word_is_found_once() -> None:
    """A word that the summary has once meets one sentence of the reference, not each."""
    score = rouge(["a"], ["a b", "a c"], stems=False)
    assert score.lsum == pytest.approx(2 * 1 * (1 / 4) / (1 + 1 / 4))


def test_stems_are_for_longer_words() -> None:
    """Of four letters and more the stem counts; shorter ones and other scripts stay."""
    assert tokens("Prices ran: 1,200 MW für Modelle") == ["price", "ran", "1", "200", "mw", "für", "model"]
    assert tokens("Prices", stems=False) == ["prices"]


@given(st.lists(st.sampled_from(["a b", "b c d", "e", "a a", ""]), max_size=5))
def test_a_text_is_its_own_best_summary(sentences: list[str]) -> None:
    """Everything scores 1 against itself, unless there is nothing; and no score leaves 0–1 against another text."""
    score = rouge(sentences, sentences, stems=False)
    assert score.r1 == (1.0 if any(sentences) else 0.0)
    other = rouge(sentences, ["a c b e"], stems=False)
    assert all(0.0 <= value <= 1.0 for value in (other.r1, other.r2, other.l, other.lsum))
    assert other.l <= other.r1 + 1e-12
