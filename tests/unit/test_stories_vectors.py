"""Word vectors and TF-IDF tell texts apart."""

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.stories.vectors import BUCKETS, DIMENSIONS, TermStats, WordVectors, word_vectors


def test_vectors_are_unit_and_near_in_meaning() -> None:
    """Texts of one subject lie nearer to each other than to another subject's; a text of nothing is zeros."""
    chips, accelerators, soup, nothing = word_vectors().embed(
        ["A new graphics chip for training", "Faster accelerators for neural networks", "Fish soup with leeks", ""]
    )
    assert chips.shape == (DIMENSIONS,)
    assert np.linalg.norm(chips) == pytest.approx(1.0, abs=1e-5)
    assert chips @ accelerators > chips @ soup + 0.1
    assert not nothing.any()


def test_vectors_do_not_depend_on_company() -> None:
    """A text has the same vector alone and among others of another length."""
    vectors = word_vectors()
    alone = vectors.embed(["A short text"])[0]
    among = vectors.embed(["A short text", "A much longer text that would force padding onto the shorter one"])[0]
    assert np.allclose(alone, among)


def test_wordllama_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's own loader and this reading of its files agree."""
    monkeypatch.setattr("logging.basicConfig", lambda **_: None)
    wordllama = pytest.importorskip("wordllama")
    folder = Path(wordllama.__file__).parent
    theirs = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    text = "Ostara Compute will build a 1.2 GW campus at Harrow Flats."
    assert np.allclose(theirs.embed([text], norm=True)[0], word_vectors().embed([text])[0], atol=2e-3)


def test_missing_files_say_what_to_do(tmp_path: Path) -> None:
    """A broken installation is a settings error, not a stack trace."""
    with pytest.raises(SettingsError, match="Reinstall"):
        WordVectors(tmp_path)


def test_neighbours_are_plain_words_of_like_meaning() -> None:
    """What an answer may say instead: near words only, never the word itself, nothing for what is no word."""
    found = word_vectors().neighbours("workers")
    assert {"labour", "employees"} & set(found)
    assert "workers" not in found
    assert "cost" in word_vectors().neighbours("fees")
    for invented in ("qzxwv", "blarghify", "flibbertigibbet"):
        assert word_vectors().neighbours(invented) == ()


def test_rare_words_weigh_more() -> None:
    """A word that few articles hold is rarer than one that all hold, and counts grow as articles arrive."""
    stats = TermStats()
    before = stats.rarity("reactor")
    for number in range(200):
        stats.add(["reactor", f"name{number}"])
    assert stats.rarity("reactor") < before
    assert stats.rarity("name7") > stats.rarity("reactor")
    assert stats.rarity("company") < stats.rarity("chowder")


def test_terms_are_unit_vectors() -> None:
    """Cosine of a text with itself is one, with another's words zero."""
    stats = TermStats()
    here, there = stats.weigh({"reactor": 2, "restart": 1}), stats.weigh({"soup": 1, "leek": 3})
    assert here.dot(here) == pytest.approx(1.0, abs=1e-6)
    assert here.dot(there) == 0.0
    assert stats.weigh({}).ids.size == 0


def test_what_is_usual_follows_the_articles() -> None:
    """The primer's likeness at first; with articles coming in, theirs; the mean survives storage."""
    primer, common = (np.eye(DIMENSIONS, dtype=np.float32)[at] for at in (0, 1))
    stats = TermStats()
    assert stats.usual(primer, primer) == pytest.approx(1.0)
    assert stats.usual(common, primer) == 0.0
    for _ in range(300):
        stats.add(["word"], common)
    assert stats.usual(common, primer) == pytest.approx(0.75)
    assert TermStats.from_bytes(stats.to_bytes()).usual(common, primer) == pytest.approx(0.75)


def test_stats_survive_storage() -> None:
    """Bytes and back: the same weights."""
    stats = TermStats()
    stats.add(["reactor", "restart"])
    again = TermStats.from_bytes(stats.to_bytes())
    everything = np.arange(BUCKETS, dtype=np.uint32)
    assert again.articles == stats.articles
    assert np.array_equal(again.idf(everything), stats.idf(everything))
